//! Paying another way.

use posta_domain::{
    refusal::Refusal,
    reservation::{Illegal, Reservation},
};
use sqlx::PgConnection;

use super::{ask::tell, money, open_rows, paid_for, possible};
use crate::{
    audit::{self, By},
    booking::{
        BookingError,
        lock::{self, Locked},
        money::{Method, NewRequest, Purpose, RequestEnd, close_request, request},
        view::{Booking, PaymentRequestRow},
    },
    error::{Doing as _, StoreError},
    ids::{PaymentRequestId, ReservationId},
    pool::Store,
};

/// So often in a booking's life: each time may make a link at the provider's, and a thumb is quick.
const MOST: usize = 20;

/// What is open first is to be paid this way: the same purpose, what is left of it, the same end. The guest hears how,
/// by the link where there is one. The same way again changes nothing, but for a
/// link of which a part has come another way.
pub async fn switch(
    store: &Store,
    by: &By,
    id: ReservationId,
    method: Method,
) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let (booking, new) = anew(&mut tx, by, id, method).await?;
    if let Some(new) = new.filter(|_| method != Method::MercadoPago) {
        tell(&mut tx, by, &booking, new).await?;
    }
    tx.commit().await.doing("commit another way of paying")?;
    Ok(booking)
}

/// The same as part of a turn of her chat, whose reply says how.
pub(crate) async fn switch_in(
    tx: &mut PgConnection,
    by: &By,
    id: ReservationId,
    method: Method,
) -> Result<Booking, BookingError> {
    anew(tx, by, id, method).await.map(|(booking, _)| booking)
}

/// The booking, and the request that took the place of another.
async fn anew(
    tx: &mut PgConnection,
    by: &By,
    id: ReservationId,
    method: Method,
) -> Result<(Booking, Option<PaymentRequestId>), BookingError> {
    let Locked { booking, .. } = lock::whole(tx, by.tenant, id, &[]).await?;
    if !matches!(
        booking.state,
        Reservation::Held(_) | Reservation::Confirmed | Reservation::CheckedIn
    ) {
        return Err(Illegal::From {
            from: booking.state.status(),
            step: "be paid another way",
        }
        .into());
    }
    let row = open_rows(&booking)
        .next()
        .ok_or(BookingError::NotFound("payment request"))?;
    let before = paid_for(tx, row.id).await?;
    let rest = rest(&booking, row, before);
    // A link is for what was asked for: where a part of that has come it is asked for anew.
    let stale = method == Method::MercadoPago && rest != row.amount.minor;
    if row.method == method && !stale {
        return Ok((booking, None));
    }
    possible(tx, by.tenant, method).await?;
    let withdrawn = booking
        .requests
        .iter()
        .filter(|row| row.state == "withdrawn");
    if withdrawn.count() >= MOST {
        return Err(Illegal::From {
            from: booking.state.status(),
            step: "be paid another way once more",
        }
        .into());
    }
    if row.receipt.as_deref() == Some("waiting") {
        return Err(Refusal::ReceiptWaiting.into());
    }
    if rest <= 0 {
        return Ok((booking, None));
    }
    close_request(tx, row.id, RequestEnd::Withdrawn).await?;
    if row.purpose == Purpose::Extra && before > 0 {
        // What came of an extra was for it.
        kept(tx, row.id, before).await?;
    }
    let asked = NewRequest {
        reservation: id,
        code: &booking.code,
        purpose: row.purpose,
        method,
        amount: money(rest, &booking),
        expires_at: row.expires_at,
    };
    let new = request(tx, by.tenant, &asked).await?;
    let detail = serde_json::json!({
        "from": { "request": row.id, "method": row.method }, "to": { "request": new, "method": method },
        "amount": asked.amount,
    });
    audit::record(tx, by, &booking.subject(), "payment_switched", detail).await?;
    Ok((lock::read(tx, by.tenant, id).await?, Some(new)))
}

/// What is left to pay of a request. A deposit is paid by whatever the booking holds.
fn rest(booking: &Booking, row: &PaymentRequestRow, before: i64) -> i64 {
    let left = if row.purpose == Purpose::Deposit {
        let due = booking.deposit.minor.min(booking.charge.minor);
        row.amount.minor.min(due - booking.paid.minor)
    } else {
        row.amount.minor - before
    };
    left.min(booking.open().minor)
}

async fn kept(
    tx: &mut PgConnection,
    request: PaymentRequestId,
    paid: i64,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE payment_requests SET state = 'paid', amount = $2 WHERE id = $1",
        request.uuid(),
        paid,
    )
    .execute(tx)
    .await
    .doing("keep what came of a request")
    .map(|_| ())
}
