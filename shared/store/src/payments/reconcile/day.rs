//! The sums of a day.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use posta_domain::payment::{Dispute, Snapshot};
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    payments::Reading,
};

/// The provider's clock.
const THERE: i32 = -4 * 3600;

/// What came on a day, in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sums {
    /// Approved that day.
    pub(super) came: i64,
    /// So many payments.
    pub(super) count: i32,
    /// Of that, gone by now: given back, or taken by a dispute.
    pub(super) back: i64,
}

impl Sums {
    fn add(&mut self, came: i64, back: i64) {
        self.came = self.came.saturating_add(came);
        self.count = self.count.saturating_add(1);
        self.back = self.back.saturating_add(back);
    }
}

/// Which of the listed are not known as they are listed. A list may be older than a reading.
pub(super) async fn unknown(
    tx: &mut PgConnection,
    reading: &Reading,
    listed: &[Snapshot],
) -> Result<Vec<String>, StoreError> {
    let ids: Vec<String> = listed.iter().map(|it| it.provider_id.clone()).collect();
    let rows = sqlx::query!(
        "SELECT provider_id, status, status_detail, refunded, updated_at FROM payments
         WHERE account_id = $1 AND provider_id = ANY ($2)",
        reading.account.uuid(),
        &ids,
    )
    .fetch_all(tx)
    .await
    .doing("read which of the day's payments are known")?;
    let known: HashMap<&str, _> = rows
        .iter()
        .map(|row| (row.provider_id.as_str(), row))
        .collect();
    let differs = |it: &&Snapshot| {
        known.get(it.provider_id.as_str()).is_none_or(|row| {
            it.updated_at > row.updated_at
                || it.updated_at == row.updated_at
                    && (&it.status, &it.status_detail, it.back())
                        != (&row.status, &row.status_detail, row.refunded)
        })
    };
    let mut wanted: Vec<String> = listed
        .iter()
        .filter(differs)
        .map(|it| it.provider_id.clone())
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    Ok(wanted)
}

/// What the provider says: as it lists them; what it has not listed, or we have read later, as it was read.
pub(super) async fn theirs(
    tx: &mut PgConnection,
    reading: &Reading,
    day: NaiveDate,
    listed: &[Snapshot],
) -> Result<BTreeMap<String, Sums>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT provider_id, currency, amount, updated_at,
                  -- What it said last of what is gone.
                  CASE WHEN status = 'charged_back' AND status_detail <> 'reimbursed' THEN amount ELSE refunded END AS "back!",
                  (approved_at AT TIME ZONE INTERVAL '-04:00')::date = $2
                      AND standing IN ('paid', 'disputed', 'charged_back', 'refunded') AS "here!"
           FROM payments
           WHERE account_id = $1 AND amount > 0 AND verdict <> 'foreign' AND approved_at IS NOT NULL
             AND approved_at >= ($2::date)::timestamp AT TIME ZONE INTERVAL '-04:00' - interval '1 day'
             AND approved_at < ($2::date)::timestamp AT TIME ZONE INTERVAL '-04:00' + interval '2 days'"#,
        reading.account.uuid(),
        day,
    )
    .fetch_all(tx)
    .await
    .doing("read the day's payments")?;
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    let read: HashMap<&str, DateTime<Utc>> = rows
        .iter()
        .map(|row| (row.provider_id.as_str(), row.updated_at))
        .collect();
    let mut counted = HashSet::new();
    for it in listed.iter().filter(|it| counts(it, reading, day)) {
        let id = it.provider_id.as_str();
        let newer = read.get(id).is_none_or(|at| *at <= it.updated_at);
        if newer && counted.insert(id) {
            let currency = it.amount.currency.to_string();
            sums.entry(currency)
                .or_default()
                .add(it.amount.minor, back(it));
        }
    }
    for row in rows.iter().filter(|row| row.here) {
        if !counted.contains(row.provider_id.as_str()) {
            sums.entry(row.currency.clone())
                .or_default()
                .add(row.amount, row.back);
        }
    }
    Ok(sums)
}

/// Whether its money came to this account on this day.
fn counts(it: &Snapshot, reading: &Reading, day: NaiveDate) -> bool {
    let there = FixedOffset::east_opt(THERE);
    let on = it
        .approved_at
        .zip(there)
        .map(|(at, there)| at.with_timezone(&there).date_naive());
    it.came() && it.amount.minor > 0 && it.collector == reading.account_external && on == Some(day)
}

fn back(it: &Snapshot) -> i64 {
    match it.dispute() {
        Dispute::Withheld | Dispute::Lost => it.amount.minor,
        Dispute::None | Dispute::Claim | Dispute::Won => it.back(),
    }
}

/// What the ledger has of the payments that were approved that day.
pub(super) async fn ours(
    tx: &mut PgConnection,
    reading: &Reading,
    day: NaiveDate,
) -> Result<BTreeMap<String, Sums>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT l.currency, sum(l.came)::bigint AS "came!", count(*)::integer AS "count!", sum(l.back)::bigint AS "back!"
           FROM payments p
           JOIN LATERAL (
               -- An orphan came as a whole; what of it found a booking is a part of that.
               SELECT currency,
                      coalesce(sum(amount) FILTER (WHERE kind = 'orphan' AND detail = ''),
                               sum(amount) FILTER (WHERE kind = 'payment'), 0)                              AS came,
                      coalesce(sum(amount) FILTER (WHERE kind IN ('refund', 'chargeback')), 0)
                          - coalesce(sum(amount) FILTER (WHERE kind = 'chargeback_reversed'), 0)            AS back
               FROM ledger_entries WHERE payment_id = p.id AND provider = 'mercadopago'
               GROUP BY currency) AS l ON true
           WHERE p.account_id = $1
             AND p.approved_at >= ($2::date)::timestamp AT TIME ZONE INTERVAL '-04:00'
             AND p.approved_at < ($2::date + 1)::timestamp AT TIME ZONE INTERVAL '-04:00'
           GROUP BY l.currency"#,
        reading.account.uuid(),
        day,
    )
    .fetch_all(tx)
    .await
    .doing("read what the ledger has of the day")?;
    let sums = rows.into_iter().map(|row| {
        let sums = Sums {
            came: row.came,
            count: row.count,
            back: row.back,
        };
        (row.currency, sums)
    });
    Ok(sums.collect())
}
