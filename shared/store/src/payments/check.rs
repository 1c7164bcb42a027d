//! Whether the ledger is right: the sums of each day, and what contradicts itself.
//!
//! A payment of Mercado Pago's belongs to the day on which it was approved there, with all that became of it; what was
//! recorded by hand to the day on which that was done. Days are the provider's, four hours behind Greenwich. Guaranteed:
//! what [`check()`] finds nothing wrong with has each payment's money in the ledger once, in one final place, as the
//! newest reading says, and no booking holds more than it costs or less than nothing. Not guaranteed: that a reading is
//! still true; see [`super::reconcile`].

mod problems;

use chrono::NaiveDate;
use posta_domain::money::Currency;
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::TenantId,
    pool::Store,
};

/// A day's money in one currency, minor units.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LedgerDay {
    /// Which, as Mercado Pago counts days.
    pub day: NaiveDate,
    /// Of which currency.
    pub currency: Currency,
    /// Came through Mercado Pago, by the ledger.
    pub received: i64,
    /// So many payments.
    pub count: i64,
    /// Came by hand: transfers and cash.
    pub by_hand: i64,
    /// Went back through Mercado Pago.
    pub refunded: i64,
    /// Went back by hand.
    pub refunded_by_hand: i64,
    /// Taken by disputes, less what came back of it.
    pub charged_back: i64,
    /// What Mercado Pago kept.
    pub fees: i64,
    /// What taxes took.
    pub withholdings: i64,
    /// What is left of all that came, less all that went.
    pub net: i64,
    /// Came, by what was read of Mercado Pago's payments.
    pub theirs: i64,
    /// So many of them.
    pub theirs_count: i64,
    /// Of that, gone back or taken.
    pub theirs_back: i64,
    /// Whether the ledger agrees with the day's last list of Mercado Pago's; none where there was none.
    pub reconciled: Option<bool>,
}

impl LedgerDay {
    /// Whether the ledger says of this day what Mercado Pago says.
    #[must_use]
    pub const fn agrees(&self) -> bool {
        self.received == self.theirs
            && self.count == self.theirs_count
            && self.refunded + self.charged_back == self.theirs_back
            && !matches!(self.reconciled, Some(false))
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LedgerReport {
    /// Days with any money, oldest first.
    pub days: Vec<LedgerDay>,
    /// What is wrong, in words; empty where nothing is.
    pub problems: Vec<String>,
}

/// The days from one until another, both included; of one tenant, or of all. Oldest first.
pub async fn days(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<LedgerDay>, StoreError> {
    between(conn, tenant, Some(from), Some(until)).await
}

async fn between(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> Result<Vec<LedgerDay>, StoreError> {
    let rows = sqlx::query!(
        r#"WITH lines AS (
               SELECT l.kind, l.currency, l.amount, l.fee, l.withholdings, l.net,
                      l.provider = 'mercadopago' AND l.payment_id IS NOT NULL AS theirs,
                      (coalesce(p.approved_at, l.at) AT TIME ZONE INTERVAL '-04:00')::date AS day,
                      -- An orphan came as a whole; what of it found a booking is a part of that.
                      CASE l.kind WHEN 'orphan' THEN l.detail = ''
                                  WHEN 'payment' THEN NOT EXISTS (SELECT FROM ledger_entries o
                                                                  WHERE o.payment_id = l.payment_id AND o.kind = 'orphan')
                                  ELSE false END AS came
               FROM ledger_entries l
               LEFT JOIN payments p ON p.id = l.payment_id AND l.provider = 'mercadopago'
               WHERE $1::uuid IS NULL OR l.tenant_id = $1),
           ours AS (
               SELECT day, currency,
                      coalesce(sum(amount) FILTER (WHERE theirs AND came), 0)::bigint                    AS received,
                      count(*) FILTER (WHERE theirs AND came)                                            AS count,
                      coalesce(sum(amount) FILTER (WHERE NOT theirs AND kind = 'payment'), 0)::bigint    AS by_hand,
                      coalesce(sum(amount) FILTER (WHERE theirs AND kind = 'refund'), 0)::bigint         AS refunded,
                      coalesce(sum(amount) FILTER (WHERE NOT theirs AND kind = 'refund'), 0)::bigint     AS refunded_by_hand,
                      (coalesce(sum(amount) FILTER (WHERE theirs AND kind = 'chargeback'), 0)
                       - coalesce(sum(amount) FILTER (WHERE theirs AND kind = 'chargeback_reversed'), 0))::bigint
                                                                                                         AS charged_back,
                      coalesce(sum(fee) FILTER (WHERE theirs AND came), 0)::bigint                       AS fees,
                      coalesce(sum(withholdings) FILTER (WHERE theirs AND came), 0)::bigint              AS withholdings,
                      coalesce(sum(coalesce(net, amount)) FILTER (WHERE theirs AND came), 0)::bigint     AS net
               FROM lines
               WHERE day BETWEEN coalesce($2::date, '-infinity') AND coalesce($3::date, 'infinity')
               GROUP BY day, currency
               HAVING count(*) FILTER (WHERE theirs OR kind IN ('payment', 'refund')) > 0),
           theirs AS (
               SELECT (approved_at AT TIME ZONE INTERVAL '-04:00')::date AS day, currency,
                      sum(amount)::bigint AS came, count(*) AS count,
                      sum(CASE WHEN status = 'charged_back' AND status_detail <> 'reimbursed' THEN amount
                               ELSE refunded END)::bigint AS back
               FROM payments
               WHERE ($1::uuid IS NULL OR tenant_id = $1) AND verdict <> 'foreign' AND amount > 0
                 AND standing IN ('paid', 'disputed', 'charged_back', 'refunded')
                 AND (approved_at AT TIME ZONE INTERVAL '-04:00')::date BETWEEN coalesce($2::date, '-infinity') AND coalesce($3::date, 'infinity')
               GROUP BY 1, 2),
           compared AS (
               SELECT day, currency, sum(theirs)::bigint AS came, sum(theirs_count) AS count,
                      sum(theirs_back)::bigint AS back,
                      bool_and((theirs, theirs_count, theirs_back) = (ours, ours_count, ours_back)) AS agrees
               FROM reconciliations
               WHERE ($1::uuid IS NULL OR tenant_id = $1) AND day BETWEEN coalesce($2::date, '-infinity') AND coalesce($3::date, 'infinity')
               GROUP BY day, currency)
           SELECT day AS "day!", currency AS "currency!", coalesce(o.received, 0) AS "received!",
                  coalesce(o.count, 0) AS "count!", coalesce(o.by_hand, 0) AS "by_hand!",
                  coalesce(o.refunded, 0) AS "refunded!", coalesce(o.refunded_by_hand, 0) AS "refunded_by_hand!",
                  coalesce(o.charged_back, 0) AS "charged_back!", coalesce(o.fees, 0) AS "fees!",
                  coalesce(o.withholdings, 0) AS "withholdings!", coalesce(o.net, 0) AS "net!",
                  coalesce(t.came, 0) AS "theirs!", coalesce(t.count, 0) AS "theirs_count!",
                  coalesce(t.back, 0) AS "theirs_back!",
                  -- What was missing when they were compared may have been read since.
                  c.agrees OR (c.came, c.count) = (coalesce(o.received, 0), coalesce(o.count, 0))
                              AND c.back <= coalesce(o.refunded + o.charged_back, 0) AS "agrees?"
           FROM ours o FULL JOIN theirs t USING (day, currency) FULL JOIN compared c USING (day, currency)
           -- A day that was compared and is empty is none.
           WHERE o.currency IS NOT NULL OR t.currency IS NOT NULL OR c.came <> 0
           ORDER BY day, currency"#,
        tenant.map(TenantId::uuid),
        from,
        until,
    )
    .fetch_all(conn)
    .await
    .doing("sum up the ledger's days")?;
    let days = rows.into_iter().map(|row| {
        let currency = row
            .currency
            .parse()
            .map_err(|source| StoreError::Unreadable {
                what: "ledger_entries.currency",
                source: Box::new(source),
            })?;
        let gone = row.refunded + row.refunded_by_hand + row.charged_back;
        Ok(LedgerDay {
            day: row.day,
            currency,
            received: row.received,
            count: row.count,
            by_hand: row.by_hand,
            refunded: row.refunded,
            refunded_by_hand: row.refunded_by_hand,
            charged_back: row.charged_back,
            fees: row.fees,
            withholdings: row.withholdings,
            net: row.net + row.by_hand - gone,
            theirs: row.theirs,
            theirs_count: row.theirs_count,
            theirs_back: row.theirs_back,
            reconciled: row.agrees,
        })
    });
    days.collect()
}

/// A transaction in which all questions are answered at one moment, however much happens meanwhile.
pub async fn still(
    store: &Store,
) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, StoreError> {
    let mut tx = store.begin().await?;
    sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        .execute(&mut *tx)
        .await
        .doing("look at one moment of the ledger")?;
    Ok(tx)
}

/// Looks at everything there ever was; of one tenant, or of all. In a transaction of [`still`]: else what happens between
/// two questions looks like a contradiction.
pub async fn check(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
) -> Result<LedgerReport, StoreError> {
    let days = between(conn, tenant, None, None).await?;
    let mut problems: Vec<String> = days
        .iter()
        .filter(|day| !day.agrees())
        .map(|day| {
            format!(
                "{} {}: Mercado Pago has {} in {} payments and {} of it gone, the ledger {} in {} and {}{}",
                day.day,
                day.currency,
                day.theirs,
                day.theirs_count,
                day.theirs_back,
                day.received,
                day.count,
                day.refunded + day.charged_back,
                if day.reconciled == Some(false) {
                    "; the day's list differs"
                } else {
                    ""
                },
            )
        })
        .collect();
    problems.extend(problems::find(conn, tenant).await?);
    Ok(LedgerReport { days, problems })
}
