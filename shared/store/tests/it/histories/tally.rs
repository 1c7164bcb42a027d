//! What the histories have seen, so that nobody takes an empty one for a proof.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeMap;

use sqlx::PgPool;

/// How many of each.
pub(super) type Tally = BTreeMap<String, i64>;

/// What even a few of them must have seen.
pub(super) const WANTED: &[&str] = &[
    "line chargeback",
    "line chargeback_reversed",
    "line credit",
    "line credit_expired",
    "line credit_used",
    "line orphan",
    "line orphan_out",
    "line payment",
    "line refund",
    "line retention",
    "payment assigned",
    "payment dismissed",
    "payment entered",
    "payment foreign",
    "payment nothing",
    "refund by_hand",
    "refund credited",
    "refund done",
    "refund done outside",
    "rate frozen",
];

/// Of one database.
pub(super) async fn of(pool: &PgPool) -> Tally {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT 'line ' || kind, count(*) FROM ledger_entries GROUP BY kind
         UNION ALL SELECT 'payment ' || verdict, count(*) FROM payments GROUP BY verdict
         UNION ALL SELECT 'standing ' || standing, count(*) FROM payments GROUP BY standing
         UNION ALL SELECT 'refund ' || state, count(*) FROM refunds GROUP BY state
         UNION ALL SELECT 'refund done outside', count(*) FROM refunds WHERE reason = 'outside' HAVING count(*) > 0
         UNION ALL SELECT 'rate frozen', count(*) FROM ledger_entries WHERE rate_micros IS NOT NULL HAVING count(*) > 0
         UNION ALL SELECT 'booking ' || status, count(*) FROM reservations GROUP BY status
         UNION ALL SELECT 'prolonged ' || reason, count(*) FROM hold_prolongations GROUP BY reason",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    rows.into_iter().collect()
}

pub(super) fn add(tally: &mut Tally, more: Tally) {
    for (what, count) in more {
        *tally.entry(what).or_default() += count;
    }
}

pub(super) fn told(tally: &Tally) -> String {
    let lines = tally
        .iter()
        .map(|(what, count)| format!("  {count:>7} {what}"));
    lines.collect::<Vec<_>>().join("\n")
}
