//! Matters of a payment at Mercado Pago, or of money that is owed back.

use std::collections::HashMap;

use posta_domain::money::Money;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{About, amount, bookings::Booked};
use crate::{
    error::{Doing as _, StoreError},
    ids::{PaymentId, RefundId, TenantId},
};

/// A payment or a refund that matters.
pub(super) struct Moved {
    /// None: an orphan, or what goes back of one.
    pub(super) reservation: Option<Uuid>,
    amount: Option<Money>,
    payment: Option<PaymentId>,
    provider_payment: Option<String>,
    refund: Option<RefundId>,
}

impl Moved {
    /// With the booking it belongs to, if it does.
    pub(super) fn about(&self, bookings: &HashMap<Uuid, Booked>) -> About {
        let booking = self.reservation.and_then(|id| bookings.get(&id));
        About {
            amount: self.amount,
            payment: self.payment,
            provider_payment: self.provider_payment.clone(),
            refund: self.refund,
            ..booking.map(Booked::alone).unwrap_or_default()
        }
    }
}

/// Payments by their ids.
pub(super) async fn payments(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Moved>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        "SELECT id, reservation_id, provider_id, currency::text AS currency, amount
         FROM payments
         WHERE tenant_id = $1 AND id = ANY($2)",
        tenant.uuid(),
        ids,
    )
    .fetch_all(conn)
    .await
    .doing("read which payments matters are about")?;
    let moved = rows.into_iter().map(|row| {
        let moved = Moved {
            reservation: row.reservation_id,
            amount: amount(Some(row.amount), row.currency.as_deref()),
            payment: Some(row.id.into()),
            provider_payment: Some(row.provider_id),
            refund: None,
        };
        (row.id, moved)
    });
    Ok(moved.collect())
}

/// Refunds by their ids.
pub(super) async fn refunds(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Moved>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"SELECT f.id, f.reservation_id, f.payment_id, p.provider_id AS "provider_id?", f.currency::text AS currency,
                  f.amount
           FROM refunds f LEFT JOIN payments p ON p.id = f.payment_id
           WHERE f.tenant_id = $1 AND f.id = ANY($2)"#,
        tenant.uuid(),
        ids,
    )
    .fetch_all(conn)
    .await
    .doing("read which refunds matters are about")?;
    let moved = rows.into_iter().map(|row| {
        let moved = Moved {
            reservation: row.reservation_id,
            amount: amount(Some(row.amount), row.currency.as_deref()),
            payment: row.payment_id.map(PaymentId::from),
            provider_payment: row.provider_id,
            refund: Some(row.id.into()),
        };
        (row.id, moved)
    });
    Ok(moved.collect())
}
