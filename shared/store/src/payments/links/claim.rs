//! Claiming what is to be done with links.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::money::{Currency, Money};
use uuid::Uuid;

use super::{ClaimedLink, LinkTask, LinkTitle};
use crate::{
    booking::money::Purpose,
    error::{Doing as _, StoreError},
    ids::AccountId,
    outbox::claim::interval,
    pool::Store,
};

/// Claims up to `limit` links with something to be done, but for accounts that cannot be asked at the moment. One that
/// somebody has just locked is left to him.
pub async fn claim(
    store: &Store,
    limit: i64,
    lease: Duration,
    except: &[AccountId],
) -> Result<Vec<ClaimedLink>, StoreError> {
    let except: Vec<Uuid> = except.iter().map(|account| account.uuid()).collect();
    let mut tx = store.begin().await?;
    let due = sqlx::query_scalar!(
        "SELECT l.id
         FROM payment_links l
         JOIN payment_requests q ON q.id = l.payment_request_id
         JOIN channel_accounts a ON a.id = l.account_id
         WHERE l.state IN ('wanted', 'live', 'closing')
           AND CASE l.state WHEN 'closing' THEN true
                            -- One that would end at once is of no use; the request's own end takes it away.
                            WHEN 'wanted' THEN q.expires_at IS NULL OR q.expires_at > clock_timestamp()
                            ELSE q.state = 'open' AND l.expires_at IS DISTINCT FROM q.expires_at END
           AND l.not_before <= clock_timestamp() AND (l.lease_until IS NULL OR l.lease_until <= clock_timestamp())
           AND a.stopped_at IS NULL AND NOT l.account_id = ANY ($1)
         ORDER BY l.not_before, l.id
         LIMIT $2
         FOR UPDATE OF l SKIP LOCKED",
        &except,
        limit,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("look for links with something to be done")?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        Row,
        r#"UPDATE payment_links AS l
           SET lease_until = clock_timestamp() + $2
           FROM payment_requests q, reservations r, properties p, channel_accounts a,
                LATERAL (SELECT min(check_in) AS check_in, max(check_out) AS check_out
                         FROM stays WHERE reservation_id = r.id) AS nights
           WHERE l.id = ANY ($1) AND q.id = l.payment_request_id AND r.id = q.reservation_id AND p.id = r.property_id
             AND a.id = l.account_id
           RETURNING l.id, l.tenant_id, l.account_id, a.external_id, a.secret_ref, l.state, l.tried_at IS NOT NULL AS "tried!",
                     l.preference_id, q.external_reference, q.currency, q.amount, q.expires_at, p.name AS property, r.code,
                     q.purpose, nights.check_in AS "check_in!", nights.check_out AS "check_out!", l.attempts,
                     l.lease_until AS "lease!""#,
        &due,
        interval(lease),
    )
    .fetch_all(&mut *tx)
    .await
    .doing("claim links with something to be done")?;
    tx.commit().await.doing("commit the claim of links")?;
    rows.into_iter().map(Row::read).collect()
}

struct Row {
    id: Uuid,
    tenant_id: Uuid,
    account_id: Uuid,
    external_id: String,
    secret_ref: String,
    state: String,
    tried: bool,
    preference_id: Option<String>,
    external_reference: String,
    currency: String,
    amount: i64,
    expires_at: Option<DateTime<Utc>>,
    property: String,
    code: String,
    purpose: String,
    check_in: NaiveDate,
    check_out: NaiveDate,
    attempts: i32,
    lease: DateTime<Utc>,
}

impl Row {
    fn read(self) -> Result<ClaimedLink, StoreError> {
        let currency: Currency = self
            .currency
            .parse()
            .map_err(|error| unreadable("payment_requests.currency", error))?;
        let purpose = Purpose::parse(&self.purpose)
            .ok_or_else(|| unreadable("payment_requests.purpose", "not one that is known"))?;
        Ok(ClaimedLink {
            id: self.id.into(),
            tenant: self.tenant_id.into(),
            account: self.account_id.into(),
            account_external: self.external_id,
            secret_ref: self.secret_ref,
            what: match self.state.as_str() {
                "wanted" => LinkTask::Make,
                "live" => LinkTask::Extend,
                _ => LinkTask::Close,
            },
            tried: self.tried,
            preference_id: self.preference_id,
            reference: self.external_reference,
            amount: Money::new(self.amount, currency),
            expires_at: self.expires_at,
            title: LinkTitle {
                property: self.property,
                code: self.code,
                purpose,
                check_in: self.check_in,
                check_out: self.check_out,
            },
            attempts: self.attempts,
            lease: self.lease,
        })
    }
}

fn unreadable<E>(what: &'static str, source: E) -> StoreError
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    StoreError::Unreadable {
        what,
        source: source.into(),
    }
}
