//! Asking a guest for money beside the deposit, taking that back, and paying another way.
//!
//! Guaranteed: of the stay's price no more is asked for than is open; an extra is on top of it, and is paid only with
//! what comes beyond the price; the guest hears of each once, by the link where there is one; what is asked for has one
//! way of paying at a time, and another way takes its place with what is left of it. Money that came for something that
//! is no longer asked for stays with the booking as far as anything is open, and is owed back beyond that.

mod ask;
mod end;
mod switch;

use posta_domain::money::Money;
use sqlx::PgConnection;

use super::{
    BookingError,
    money::{Method, Purpose},
    view::{Booking, PaymentRequestRow},
};
use crate::{
    error::{Doing as _, StoreError},
    ids::{PaymentRequestId, TenantId},
};

pub(crate) use ask::ask_in;
pub use ask::{NewAsk, ask};
pub use end::{expire_due, withdraw};
pub use switch::switch;
pub(crate) use switch::switch_in;

/// What is asked for and not paid.
pub(crate) fn open_rows(booking: &Booking) -> impl Iterator<Item = &PaymentRequestRow> {
    booking.requests.iter().filter(|row| row.state == "open")
}

/// What came for a request so far, minor units of its currency.
pub(super) async fn paid_for(
    conn: &mut PgConnection,
    request: PaymentRequestId,
) -> Result<i64, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(sum(l.amount), 0)::bigint AS "sum!"
           FROM payment_requests q
           JOIN ledger_entries l ON l.payment_request_id = q.id AND l.kind IN ('payment', 'credit_used')
           WHERE q.id = $1 AND l.currency = q.currency AND l.reservation_id = q.reservation_id"#,
        request.uuid(),
    )
    .fetch_one(conn)
    .await
    .doing("read what came for a request")
}

/// What is open of the open extras, minor units: it is not part of the price.
pub(crate) async fn extras_open(
    conn: &mut PgConnection,
    booking: &Booking,
) -> Result<i64, StoreError> {
    let mut open = 0;
    for row in open_rows(booking).filter(|row| row.purpose == Purpose::Extra) {
        open += (row.amount.minor - paid_for(conn, row.id).await?).max(0);
    }
    Ok(open)
}

/// Refuses a way of paying that the tenant does not have.
pub(crate) async fn possible(
    conn: &mut PgConnection,
    tenant: TenantId,
    method: Method,
) -> Result<(), BookingError> {
    if method != Method::MercadoPago {
        return Ok(());
    }
    let exists = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM channel_accounts
                          WHERE tenant_id = $1 AND provider = 'mercadopago') AS "exists!""#,
        tenant.uuid(),
    )
    .fetch_one(conn)
    .await
    .doing("look for a Mercado Pago account")?;
    if exists {
        Ok(())
    } else {
        Err(BookingError::NotFound("Mercado Pago account"))
    }
}

fn money(minor: i64, booking: &Booking) -> Money {
    Money::new(minor, booking.charge.currency)
}
