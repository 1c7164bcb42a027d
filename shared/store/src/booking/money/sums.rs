//! What came in and where it went.

use posta_domain::money::{Currency, Money};
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::ReservationId,
};

/// One booking's money, in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// Came in.
    pub paid_in: Money,
    /// Kept by policy.
    pub retained: Money,
    /// Kept for another stay of the guest.
    pub credited: Money,
    /// Owed back, given back or not.
    pub owed: Money,
    /// Of what is owed, what has been given back.
    pub back: Money,
    /// What is left: applied to this stay.
    pub net: Money,
}

/// Reads them. Money of another currency than the booking's is owed back whole and counts for nothing else.
pub async fn sums(
    conn: &mut PgConnection,
    reservation: ReservationId,
    currency: Currency,
) -> Result<Sums, StoreError> {
    let row = sqlx::query!(
        r#"SELECT l.paid_in AS "paid_in!", l.retained AS "retained!", l.credited AS "credited!",
                  r.owed AS "owed!", r.back AS "back!"
           FROM (SELECT coalesce(sum(amount) FILTER (WHERE kind IN ('payment', 'credit_used')), 0)::bigint AS paid_in,
                        coalesce(sum(amount) FILTER (WHERE kind = 'retention'), 0)::bigint                 AS retained,
                        coalesce(sum(amount) FILTER (WHERE kind IN ('credit', 'chargeback')), 0)::bigint   AS credited
                 FROM ledger_entries WHERE reservation_id = $1 AND currency = $2) AS l,
                (SELECT coalesce(sum(amount), 0)::bigint                                                   AS owed,
                        coalesce(sum(amount) FILTER (WHERE state = 'done'), 0)::bigint                     AS back
                 FROM refunds WHERE reservation_id = $1 AND currency = $2) AS r"#,
        reservation.uuid(),
        currency.as_str(),
    )
    .fetch_one(conn)
    .await
    .doing("add up the booking's money")?;
    let money = |minor| Money::new(minor, currency);
    Ok(Sums {
        paid_in: money(row.paid_in),
        retained: money(row.retained),
        credited: money(row.credited),
        owed: money(row.owed),
        back: money(row.back),
        net: money(row.paid_in - row.retained - row.credited - row.owed),
    })
}
