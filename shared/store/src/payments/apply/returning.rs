//! Money that a dispute had taken comes back.

use posta_domain::{
    money::{Currency, Money},
    reservation::Reservation,
};
use sqlx::PgConnection;

use super::{Case, Home, orphaned};
use crate::{
    audit,
    booking::{
        BookingError,
        ledger::{self, NewLine},
        money::{self, NewRefund},
        view,
    },
    error::{Doing as _, StoreError},
    ids::{RefundId, ReservationId},
};

/// Where a booking's money of a currency is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Balance {
    /// Neither retained nor credited nor owed back: applied to the stay.
    pub(super) net: i64,
    /// Kept by policy.
    pub(super) retained: i64,
}

/// Enters it. What was owed back out of it is owed again; the rest is applied where the booking lives, and retained where
/// it has ended or has all it costs.
pub(super) async fn returned(
    tx: &mut PgConnection,
    case: &Case<'_>,
    home: Home,
    n: u32,
    amount: i64,
) -> Result<(), BookingError> {
    let currency = case.snapshot.amount.currency;
    let detail = n.to_string();
    let line = NewLine {
        kind: "chargeback_reversed",
        ..case.line(&detail, case.of(tx, home).await?)
    };
    ledger::enter(tx, &case.by, Money::new(amount, currency), &line).await?;
    let rest = amount - owed_again(tx, case, home).await?;
    let won = format!("won:{n}");
    match home {
        Home::Booking(id) => {
            let booking = view::view(tx, case.by.tenant, id)
                .await?
                .ok_or(BookingError::NotFound("booking of the payment"))?;
            let applies = booking.charge.currency == currency && lives(booking.state);
            let most = if applies { booking.total().minor } else { 0 };
            let beyond = balance(tx, id, currency).await?.net.saturating_sub(most);
            let line = NewLine {
                kind: "retention",
                provider: "internal",
                ..case.line(&won, Some((&booking).into()))
            };
            let retained = Money::new(beyond.clamp(0, amount), currency);
            ledger::enter(tx, &case.by, retained, &line).await?;
            let detail = serde_json::json!({
                "payment": case.id, "amount": Money::new(amount, currency), "retained": retained,
            });
            audit::record(tx, &case.by, &booking.subject(), "chargeback_won", detail).await?;
        }
        Home::Orphan => {
            let line = NewLine {
                kind: "orphan",
                ..case.line(&won, None)
            };
            ledger::enter(tx, &case.by, Money::new(rest, currency), &line).await?;
            orphaned::tell(tx, case, "won").await?;
        }
        Home::Nowhere => {}
    }
    Ok(())
}

const fn lives(state: Reservation) -> bool {
    state.takes_nights()
}

/// What the dispute took instead of being given back is to be given back again; answers how much.
async fn owed_again(tx: &mut PgConnection, case: &Case<'_>, home: Home) -> Result<i64, StoreError> {
    let rows = sqlx::query!(
        "UPDATE refunds
         SET state = 'due', attempts = 0, error = NULL, not_before = clock_timestamp(), requested_at = NULL
         WHERE payment_id = $1 AND state = 'charged_back'
         RETURNING id, amount, reason",
        case.id.uuid(),
    )
    .fetch_all(&mut *tx)
    .await
    .doing("owe back again what a dispute had taken")?;
    let mut sum = 0;
    for row in rows {
        sum += row.amount;
        let new = NewRefund {
            tenant: case.by.tenant,
            reservation: match home {
                Home::Booking(id) => Some(id),
                _ => None,
            },
            payment: Some(case.id),
            amount: Money::new(row.amount, case.snapshot.amount.currency),
            reason: &row.reason,
        };
        money::tell(tx, &new, RefundId::from(row.id), None).await?;
    }
    Ok(sum)
}

/// As the booking's view counts it, of any currency.
pub(super) async fn balance(
    tx: &mut PgConnection,
    booking: ReservationId,
    currency: Currency,
) -> Result<Balance, StoreError> {
    sqlx::query_as!(
        Balance,
        r#"SELECT (l.net - f.owed)::bigint AS "net!", l.retained AS "retained!"
           FROM (SELECT coalesce(sum(CASE WHEN kind IN ('payment', 'credit_used', 'chargeback_reversed',
                                                        'retention_released', 'loss') THEN amount
                                          WHEN kind IN ('retention', 'credit', 'chargeback') THEN -amount END), 0) AS net,
                        coalesce(sum(CASE kind WHEN 'retention' THEN amount
                                               WHEN 'retention_released' THEN -amount END), 0)::bigint AS retained
                 FROM ledger_entries WHERE reservation_id = $1 AND currency = $2) AS l,
                (SELECT coalesce(sum(amount), 0) AS owed FROM refunds
                 WHERE reservation_id = $1 AND currency = $2 AND state NOT IN ('credited', 'charged_back')) AS f"#,
        booking.uuid(),
        currency.as_str(),
    )
    .fetch_one(tx)
    .await
    .doing("read where the booking's money is")
}
