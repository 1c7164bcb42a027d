//! Who reads what, and how it went.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::ReadKind;
use crate::{
    attention::{self, NewAttention},
    error::{Doing as _, StoreError},
    ids::{AccountId, TenantId},
    outbox::claim::interval,
    payments::reconcile,
    pool::Store,
};

/// As matters of what cannot be had are called.
const UNKNOWN: &str = "payment_unknown";

/// A thing in the caller's hands until its lease runs out.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Whose.
    pub tenant: TenantId,
    /// With which account it is read.
    pub account: AccountId,
    /// The provider's name of that account.
    pub account_external: String,
    /// Names the account's secret; never the secret.
    pub secret_ref: String,
    /// What it is.
    pub kind: ReadKind,
    /// Its id.
    pub resource: String,
    /// Failures so far.
    pub attempts: i32,
    /// The database's clock when it was claimed: before the provider is asked.
    pub read_from: DateTime<Utc>,
    /// Proof of the lease.
    lease: DateTime<Utc>,
}

/// Claims up to `limit` things that are due, but for accounts that cannot be asked at the moment. The oldest hints first,
/// and before what was only found in a list.
pub async fn claim(
    store: &Store,
    limit: i64,
    lease: Duration,
    except: &[AccountId],
) -> Result<Vec<Claimed>, StoreError> {
    let except: Vec<Uuid> = except.iter().map(|account| account.uuid()).collect();
    let kinds = ReadKind::ALL.map(|kind| kind.as_str().to_owned());
    let rows = sqlx::query!(
        r#"WITH due AS MATERIALIZED (
               SELECT account_id, kind, resource FROM payment_reads
               WHERE done_at IS NULL AND not_before <= clock_timestamp()
                 AND (lease_until IS NULL OR lease_until <= clock_timestamp())
                 AND NOT account_id = ANY ($3)
                 -- What a newer version wants is left to that version.
                 AND kind = ANY ($4)
               -- A day that was listed may name hundreds, of which nobody waits for one.
               ORDER BY kind = 'payment' AND cause_key IS NULL, not_before
               LIMIT $1
               FOR UPDATE SKIP LOCKED),
           read AS MATERIALIZED (SELECT clock_timestamp() AS now)
           UPDATE payment_reads r
           SET lease_until = read.now + $2
           FROM due, read, channel_accounts a
           WHERE (r.account_id, r.kind, r.resource) = (due.account_id, due.kind, due.resource)
             AND a.id = r.account_id
           RETURNING r.tenant_id, r.account_id, a.external_id, a.secret_ref, r.kind, r.resource, r.attempts,
                     r.lease_until AS "lease_until!", read.now AS "read_from!""#,
        limit,
        interval(lease),
        &except,
        &kinds,
    )
    .fetch_all(store.pool())
    .await
    .doing("claim what is to be read")?;
    rows.into_iter()
        .map(|row| {
            Ok(Claimed {
                tenant: row.tenant_id.into(),
                account: row.account_id.into(),
                account_external: row.external_id,
                secret_ref: row.secret_ref,
                kind: ReadKind::read(&row.kind)?,
                resource: row.resource,
                attempts: row.attempts,
                read_from: row.read_from,
                lease: row.lease_until,
            })
        })
        .collect()
}

/// It was read and everything that follows from it is committed. What was hinted at meanwhile is read again.
pub async fn done(store: &Store, claimed: &Claimed, outcome: &str) -> Result<(), StoreError> {
    let mut conn = store.acquire().await?;
    finish(&mut conn, claimed, outcome, None).await?;
    if let Some(matter) = matter(claimed) {
        attention::close(&mut conn, claimed.tenant, matter.0, &matter.1).await?;
    }
    Ok(())
}

/// What a person hears of a thing that cannot be had: kind and subject. A day that was compared settles its own.
fn matter(claimed: &Claimed) -> Option<(&'static str, String)> {
    let (kind, resource) = (claimed.kind, &claimed.resource);
    let subject = format!("mercadopago:{}:{resource}", kind.as_str());
    matches!(kind, ReadKind::Payment | ReadKind::Chargeback).then_some((UNKNOWN, subject))
}

async fn finish(
    conn: &mut sqlx::PgConnection,
    claimed: &Claimed,
    outcome: &str,
    error: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE payment_reads
         SET done_at     = CASE WHEN wanted_at <= $5 THEN clock_timestamp() END,
             outcome     = CASE WHEN wanted_at <= $5 THEN $6 END,
             lease_until = NULL,
             attempts    = 0,
             error       = $7,
             not_before  = clock_timestamp()
         WHERE account_id = $1 AND kind = $2 AND resource = $3 AND lease_until = $4",
        claimed.account.uuid(),
        claimed.kind.as_str(),
        claimed.resource,
        claimed.lease,
        claimed.read_from,
        outcome,
        error,
    )
    .execute(conn)
    .await
    .doing("note that it was read")
    .map(|_| ())
}

/// It could not be read now. `counts`: it is the thing's own failure, and not that nobody could be asked.
pub async fn retry(
    store: &Store,
    claimed: &Claimed,
    after: Duration,
    error: &str,
    counts: bool,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE payment_reads
         SET lease_until = NULL,
             attempts    = attempts + $6::integer,
             error       = $7,
             not_before  = clock_timestamp() + $5
         WHERE account_id = $1 AND kind = $2 AND resource = $3 AND lease_until = $4 AND done_at IS NULL",
        claimed.account.uuid(),
        claimed.kind.as_str(),
        claimed.resource,
        claimed.lease,
        interval(after),
        i32::from(counts),
        error,
    )
    .execute(store.pool())
    .await
    .doing("put off what could not be read")
    .map(|_| ())
}

/// The provider knows no such thing, or it cannot be understood. The owner is told of a payment, unless it is another
/// account's that we read, and of a day that cannot be compared.
pub async fn unknown(store: &Store, claimed: &Claimed, error: &str) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    finish(&mut tx, claimed, "unknown", Some(error)).await?;
    let known = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM channel_accounts a
                          JOIN payments p ON p.account_id = a.id AND p.provider_id = $1
                          WHERE a.provider = 'mercadopago') AS "known!""#,
        claimed.resource,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("look whose the payment is")?;
    let matter = match claimed.kind {
        ReadKind::Day => Some((
            reconcile::DIFFERS,
            reconcile::subject(claimed.account, &claimed.resource, "ARS"),
        )),
        _ => matter(claimed).filter(|_| !known),
    };
    if let Some((kind, subject)) = matter {
        let what = match claimed.kind {
            ReadKind::Day => "day",
            _ => "provider_id",
        };
        let matter = NewAttention {
            tenant: claimed.tenant,
            kind,
            subject: &subject,
            detail: serde_json::json!({ what: claimed.resource, "error": error }),
            deadline: None,
        };
        attention::raise(&mut tx, &matter).await?;
    }
    tx.commit().await.doing("commit that nobody knows it")
}
