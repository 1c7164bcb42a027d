//! The owner asks for something.

use chrono::{DateTime, Utc};
use posta_domain::{
    dialogue::Event,
    money::Money,
    refusal::Refusal,
    reservation::{Illegal, Reservation},
};
use sqlx::PgConnection;

use super::{extras_open, money, open_rows, possible};
use crate::{
    audit::{self, By},
    booking::{
        Answered, BookingError, Key, idempotency,
        lock::{self, Locked},
        money::{Method, NewRequest, Purpose, RequestEnd, close_request, request},
        view::Booking,
    },
    error::Doing as _,
    events,
    ids::{PaymentRequestId, ReservationId},
    pool::Store,
    text::first,
};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NewAsk {
    /// What for: anything but a deposit.
    pub purpose: Purpose,
    /// How it is to be paid.
    pub method: Method,
    /// How much; none: all that is open of the price.
    pub amount: Option<Money>,
    /// Until when, if it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// For whoever reads the audit.
    pub note: String,
}

/// Asks for it. Of a booking that is sold, since a hold has its deposit to pay first. A balance or a difference takes the
/// place of whatever is open of the price.
pub async fn ask(
    store: &Store,
    by: &By,
    id: ReservationId,
    new: &NewAsk,
    key: Option<Key>,
    answer: impl FnOnce(&Booking) -> serde_json::Value,
) -> Result<Answered, BookingError> {
    let mut tx = store.begin().await?;
    if let Some(key) = &key
        && let Some(before) = idempotency::begin(&mut tx, by.tenant, key).await?
    {
        return Ok(before);
    }
    let locked = lock::whole(&mut tx, by.tenant, id, &[]).await?;
    ask_in(&mut tx, by, &locked, new).await?;
    let booking = lock::read(&mut tx, by.tenant, id).await?;
    let answer = answer(&booking);
    if let Some(key) = &key {
        idempotency::answer(&mut tx, by.tenant, key, id, &answer).await?;
    }
    tx.commit().await.doing("commit what is asked for")?;
    Ok(Answered {
        reservation: Some(id),
        replayed: false,
        answer,
    })
}

/// The same as part of a transaction that has locked the booking.
pub(crate) async fn ask_in(
    tx: &mut PgConnection,
    by: &By,
    locked: &Locked,
    new: &NewAsk,
) -> Result<PaymentRequestId, BookingError> {
    let Locked { booking, now, .. } = locked;
    if !matches!(
        booking.state,
        Reservation::Confirmed | Reservation::CheckedIn
    ) || new.purpose == Purpose::Deposit
    {
        return Err(Illegal::From {
            from: booking.state.status(),
            step: "be asked for that",
        }
        .into());
    }
    possible(tx, by.tenant, new.method).await?;
    let amount = amount(tx, booking, new).await?;
    if new.expires_at.is_some_and(|at| at <= *now) {
        return Err(Refusal::Past {
            check_in: now.date_naive(),
            today: now.date_naive(),
        }
        .into());
    }
    if new.purpose != Purpose::Extra {
        let replaced: Vec<_> = open_rows(booking)
            .filter(|row| row.purpose != Purpose::Extra)
            .map(|row| row.id)
            .collect();
        for request in replaced {
            close_request(tx, request, RequestEnd::Withdrawn).await?;
        }
    }
    let asked = NewRequest {
        reservation: booking.id,
        code: &booking.code,
        purpose: new.purpose,
        method: new.method,
        amount,
        expires_at: new.expires_at,
    };
    let request = request(tx, by.tenant, &asked).await?;
    if new.method != Method::MercadoPago {
        tell(tx, by, booking, request).await?;
    }
    let detail = serde_json::json!({
        "request": request, "purpose": new.purpose, "method": new.method, "amount": amount,
        "expires_at": new.expires_at, "note": first(&new.note, 500),
    });
    audit::record(tx, by, &booking.subject(), "payment_asked", detail).await?;
    Ok(request)
}

/// Says that something is asked for that no link is for.
pub(super) async fn tell(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
    request: PaymentRequestId,
) -> Result<(), BookingError> {
    let event = Event::PaymentAsked {
        reservation: booking.id,
    };
    let key = format!("asked:{request}");
    events::tell(tx, by.tenant, booking.guest, &event, &key).await?;
    Ok(())
}

async fn amount(
    tx: &mut PgConnection,
    booking: &Booking,
    new: &NewAsk,
) -> Result<Money, BookingError> {
    let open = (booking.open().minor - extras_open(tx, booking).await?).max(0);
    let amount = match (new.amount, new.purpose) {
        (Some(amount), _) => amount,
        (None, Purpose::Extra) => money(0, booking),
        (None, _) => money(open, booking),
    };
    if amount.currency != booking.charge.currency {
        return Err(Refusal::WrongCurrency {
            asked: amount.currency,
            possible: vec![booking.charge.currency],
        }
        .into());
    }
    let most = match new.purpose {
        // All of them together, too, are an amount.
        Purpose::Extra => i64::MAX / 4 - booking.total().minor,
        _ => open,
    };
    if amount.minor <= 0 || amount.minor > most {
        return Err(Refusal::PriceImpossible.into());
    }
    Ok(amount)
}
