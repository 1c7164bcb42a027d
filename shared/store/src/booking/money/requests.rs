//! What a guest is asked to pay.

use chrono::{DateTime, Utc};
use posta_domain::money::Money;
use sqlx::PgConnection;

use super::{Method, Purpose};
use crate::{
    error::{Doing as _, StoreError},
    ids::{PaymentRequestId, ReservationId, TenantId},
    payments::links,
};

/// Something to be paid. `amount` is positive.
#[derive(Debug, Clone)]
pub struct NewRequest<'a> {
    /// For which booking.
    pub reservation: ReservationId,
    /// Its code: the reference is `code-n`.
    pub code: &'a str,
    /// What for.
    pub purpose: Purpose,
    /// How.
    pub method: Method,
    /// How much.
    pub amount: Money,
    /// Until when; nothing for what is due at the desk.
    pub expires_at: Option<DateTime<Utc>>,
}

/// How a request ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestEnd {
    /// The money came.
    Paid,
    /// Its time was over.
    Expired,
    /// It is no longer wanted: the booking changed or ended.
    Withdrawn,
}

impl RequestEnd {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Makes one, and wants its link where it is to be paid by one. The caller holds the booking, so that no two get the
/// same number.
pub async fn request(
    tx: &mut PgConnection,
    tenant: TenantId,
    new: &NewRequest<'_>,
) -> Result<PaymentRequestId, StoreError> {
    let id = PaymentRequestId::fresh();
    sqlx::query!(
        "INSERT INTO payment_requests (tenant_id, id, reservation_id, n, purpose, method, currency, amount,
                                       external_reference, expires_at)
         SELECT $1, $2, $3, next.n, $4, $5, $6, $7, $8 || '-' || next.n, $9
         FROM (SELECT coalesce(max(n), 0) + 1 AS n FROM payment_requests WHERE reservation_id = $3) AS next",
        tenant.uuid(),
        id.uuid(),
        new.reservation.uuid(),
        new.purpose.as_str(),
        new.method.as_str(),
        new.amount.currency.as_str(),
        new.amount.minor,
        new.code,
        new.expires_at,
    )
    .execute(&mut *tx)
    .await
    .doing("ask for a payment")?;
    links::sync(tx, new.reservation).await?;
    Ok(id)
}

/// Closes all that are open, and takes back their links.
pub async fn close_requests(
    tx: &mut PgConnection,
    reservation: ReservationId,
    end: RequestEnd,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE payment_requests SET state = $2, closed_at = clock_timestamp()
         WHERE reservation_id = $1 AND state = 'open'",
        reservation.uuid(),
        end.as_str(),
    )
    .execute(&mut *tx)
    .await
    .doing("close what was asked for")?;
    links::sync(tx, reservation).await
}

/// Closes one, if it is open, and takes back its link.
pub async fn close_request(
    tx: &mut PgConnection,
    request: PaymentRequestId,
    end: RequestEnd,
) -> Result<(), StoreError> {
    let reservation = sqlx::query_scalar!(
        "UPDATE payment_requests SET state = $2, closed_at = clock_timestamp() WHERE id = $1 AND state = 'open'
         RETURNING reservation_id",
        request.uuid(),
        end.as_str(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("close a request for payment")?;
    match reservation {
        Some(reservation) => links::sync(tx, reservation.into()).await,
        None => Ok(()),
    }
}
