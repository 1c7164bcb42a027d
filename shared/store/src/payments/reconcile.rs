//! What Mercado Pago says of a day against what the ledger says of it.
//!
//! Notices get lost, and a ledger that is only told things would never know. Who acts: the scheduler wants the days that
//! are over ([`want_days`]), the payment-worker lists them and has them [`compare`]d. A day is the provider's, four hours
//! behind Greenwich; a payment belongs to the day on which it was approved. Guaranteed: what is listed and not known as it
//! is listed will be read by its id, and the day is compared again after that; a day that still differs then is the
//! owner's to look at. Not guaranteed: that a list is whole; what it leaves out counts as it was read last.

mod day;

use chrono::NaiveDate;
use posta_domain::payment::Snapshot;
use sqlx::PgConnection;

use super::{
    Reading,
    reads::{self, ReadKind},
};
use crate::{
    attention::{self, NewAttention},
    error::{Doing as _, StoreError},
    ids::AccountId,
    pool::Store,
};
use day::{Sums, ours, theirs};

/// How a day compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compared {
    /// Payments that are to be read, since they are not known as they were listed.
    pub wanted: usize,
    /// Currencies in which the two differ.
    pub differing: usize,
}

/// Wants the days to be listed that are over and have not been compared since, or differed an hour ago: the last seven,
/// from three in the morning on. Answers how many.
pub async fn want_days(store: &Store) -> Result<u64, StoreError> {
    let mut conn = store.acquire().await?;
    let due = sqlx::query!(
        r#"SELECT a.tenant_id, a.id, to_char(d.day, 'YYYY-MM-DD') AS "day!"
           FROM channel_accounts a
           CROSS JOIN LATERAL (SELECT clock_timestamp() AT TIME ZONE INTERVAL '-04:00' AS now) AS there
           CROSS JOIN LATERAL generate_series(date_trunc('day', there.now) - interval '7 days',
                                              date_trunc('day', there.now) - interval '1 day', interval '1 day') AS d (day)
           WHERE a.provider = 'mercadopago' AND a.stopped_at IS NULL
             AND there.now >= d.day + interval '27 hours'
             AND d.day >= date_trunc('day', a.created_at AT TIME ZONE INTERVAL '-04:00')
             AND NOT EXISTS (SELECT FROM payment_reads p
                             WHERE p.account_id = a.id AND p.kind = 'day' AND p.resource = to_char(d.day, 'YYYY-MM-DD')
                               AND p.done_at IS NULL)
             AND NOT EXISTS (SELECT FROM reconciliations c
                             WHERE c.account_id = a.id AND c.day = d.day::date
                               AND c.at >= (d.day + interval '27 hours') AT TIME ZONE INTERVAL '-04:00'
                             HAVING bool_and((c.theirs, c.theirs_count, c.theirs_back) = (c.ours, c.ours_count, c.ours_back)
                                             OR c.at > clock_timestamp() - interval '1 hour'))
           ORDER BY a.id, d.day
           LIMIT 500"#,
    )
    .fetch_all(&mut *conn)
    .await
    .doing("look for days to be compared")?;
    let mut wanted = 0;
    for row in due {
        let (tenant, account) = (row.tenant_id.into(), row.id.into());
        reads::want(&mut conn, tenant, account, ReadKind::Day, &row.day).await?;
        wanted += 1;
    }
    Ok(wanted)
}

/// Compares what was listed of a day with what the ledger has of it.
pub async fn compare(
    store: &Store,
    reading: &Reading,
    day: NaiveDate,
    listed: &[Snapshot],
) -> Result<Compared, StoreError> {
    let mut tx = store.begin().await?;
    let unknown = day::unknown(&mut tx, reading, listed).await?;
    for id in &unknown {
        reads::want(
            &mut tx,
            reading.tenant,
            reading.account,
            ReadKind::Payment,
            id,
        )
        .await?;
    }
    let theirs = theirs(&mut tx, reading, day, listed).await?;
    let ours = ours(&mut tx, reading, day).await?;
    let mut compared = Compared {
        wanted: unknown.len(),
        differing: 0,
    };
    // A day on which nothing happened has been compared, too.
    let mut currencies: Vec<&str> = theirs
        .keys()
        .chain(ours.keys())
        .map(String::as_str)
        .collect();
    currencies.push("ARS");
    currencies.sort_unstable();
    currencies.dedup();
    for currency in currencies {
        let pair = (
            theirs.get(currency).copied().unwrap_or_default(),
            ours.get(currency).copied().unwrap_or_default(),
        );
        let before = write(&mut tx, reading, day, currency, pair).await?;
        if pair.0 == pair.1 {
            let subject = subject(reading.account, &day.to_string(), currency);
            attention::close(&mut tx, reading.tenant, DIFFERS, &subject).await?;
        } else {
            compared.differing += 1;
            // What is still to be read may explain it: the owner hears of it when the next comparison differs as well.
            if before || unknown.is_empty() {
                tell(&mut tx, reading, day, currency, pair).await?;
            }
        }
    }
    tx.commit().await.doing("commit the day's comparison")?;
    Ok(compared)
}

pub(super) const DIFFERS: &str = "reconciliation_differs";

/// What a day's difference is called; `day` as in `2026-11-22`.
pub(super) fn subject(account: AccountId, day: &str, currency: &str) -> String {
    format!("reconciliation:{account}:{day}:{currency}")
}

/// Keeps the comparison; answers whether the one before it differed too.
async fn write(
    tx: &mut PgConnection,
    reading: &Reading,
    day: NaiveDate,
    currency: &str,
    (theirs, ours): (Sums, Sums),
) -> Result<bool, StoreError> {
    let before = sqlx::query_scalar!(
        r#"SELECT (theirs, theirs_count, theirs_back) <> (ours, ours_count, ours_back) AS "differed!"
           FROM reconciliations WHERE account_id = $1 AND day = $2 AND currency = $3
           FOR UPDATE"#,
        reading.account.uuid(),
        day,
        currency,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("read the day's last comparison")?;
    sqlx::query!(
        "INSERT INTO reconciliations (tenant_id, account_id, day, currency, theirs, theirs_count, theirs_back, ours,
                                      ours_count, ours_back)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT ON CONSTRAINT reconciliations_key DO UPDATE
         SET theirs = excluded.theirs, theirs_count = excluded.theirs_count, theirs_back = excluded.theirs_back,
             ours = excluded.ours, ours_count = excluded.ours_count, ours_back = excluded.ours_back,
             at = clock_timestamp()",
        reading.tenant.uuid(),
        reading.account.uuid(),
        day,
        currency,
        theirs.came,
        theirs.count,
        theirs.back,
        ours.came,
        ours.count,
        ours.back,
    )
    .execute(tx)
    .await
    .doing("keep the day's comparison")?;
    Ok(before.unwrap_or(false))
}

async fn tell(
    tx: &mut PgConnection,
    reading: &Reading,
    day: NaiveDate,
    currency: &str,
    (theirs, ours): (Sums, Sums),
) -> Result<(), StoreError> {
    let matter = NewAttention {
        tenant: reading.tenant,
        kind: DIFFERS,
        subject: &subject(reading.account, &day.to_string(), currency),
        detail: serde_json::json!({
            "day": day, "currency": currency, "theirs": theirs.came, "theirs_count": theirs.count,
            "theirs_back": theirs.back, "ours": ours.came, "ours_count": ours.count, "ours_back": ours.back,
        }),
        deadline: None,
    };
    attention::raise(tx, &matter).await
}
