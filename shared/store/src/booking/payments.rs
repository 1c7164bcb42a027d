//! Payments recorded by hand: cash, and transfers the owner has seen on her account.
//!
//! Guaranteed: one reference of one way of paying is one line of the ledger, however often it is sent; what the money
//! means for the booking commits with it.

use posta_domain::{money::Money, refusal::Refusal};
use sqlx::PgConnection;

use super::{
    Answered, BookingError, Key, idempotency, lock,
    money::Method,
    receipts,
    settling::{self, Arrived},
    view::Booking,
};
use crate::{
    audit::By,
    error::Doing as _,
    ids::{PaymentRequestId, ReservationId},
    pool::Store,
    text::first,
};

/// What was received.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// Cash or transfer.
    pub method: Method,
    /// More than nothing.
    pub amount: Money,
    /// The caller's or the bank's; unique with the method. Empty: ours.
    pub reference: String,
    /// For whoever reads the ledger.
    pub note: String,
    /// What it was asked for; none: what is open.
    pub request: Option<PaymentRequestId>,
}

/// Records it and does what follows from it.
pub async fn record(
    store: &Store,
    by: &By,
    id: ReservationId,
    new: &NewPayment,
    key: Option<Key>,
    answer: impl FnOnce(&Booking) -> serde_json::Value,
) -> Result<Answered, BookingError> {
    if new.amount.minor <= 0 {
        return Err(Refusal::PriceImpossible.into());
    }
    if new.method == Method::MercadoPago {
        return Err(BookingError::NotFound("way of paying by hand"));
    }
    let mut tx = store.begin().await?;
    if let Some(key) = &key
        && let Some(before) = idempotency::begin(&mut tx, by.tenant, key).await?
    {
        return Ok(before);
    }
    let locked = lock::for_money(&mut tx, by.tenant, id).await?;
    let reference = first(&new.reference, 200);
    let reference = if reference.is_empty() {
        uuid::Uuid::now_v7().to_string()
    } else {
        reference
    };
    let known = known(&mut tx, by, id, new, &reference).await?;
    if !known {
        let asked = |request| locked.booking.requests.iter().any(|row| row.id == request);
        if !new.request.is_none_or(asked) {
            return Err(BookingError::NotFound("payment request"));
        }
        let arrived = Arrived {
            method: new.method,
            payment: &reference,
            credit: None,
            payment_id: None,
            gone: 0,
            fees: None,
            amount: new.amount,
            request: new.request,
            by_itself: false,
            note: &first(&new.note, 500),
        };
        settling::arrive(&mut tx, by, &locked, &arrived).await?;
        if new.method == Method::Transfer {
            receipts::seen(&mut tx, by, id).await?;
        }
    }
    let booking = lock::read(&mut tx, by.tenant, id).await?;
    let answer = answer(&booking);
    if let Some(key) = &key {
        idempotency::answer(&mut tx, by.tenant, key, id, &answer).await?;
    }
    tx.commit().await.doing("commit the payment")?;
    Ok(Answered {
        reservation: Some(id),
        replayed: known,
        answer,
    })
}

/// Whether the ledger has it already. The same reference for something else is refused.
async fn known(
    tx: &mut PgConnection,
    by: &By,
    id: ReservationId,
    new: &NewPayment,
    reference: &str,
) -> Result<bool, BookingError> {
    let row = sqlx::query!(
        "SELECT reservation_id, amount, currency FROM ledger_entries
         WHERE tenant_id = $1 AND provider = $2 AND payment = $3 AND kind = 'payment' AND detail = ''",
        by.tenant.uuid(),
        new.method.as_str(),
        reference,
    )
    .fetch_optional(tx)
    .await
    .doing("look for the payment in the ledger")?;
    match row {
        None => Ok(false),
        Some(row)
            if row.reservation_id == Some(id.uuid())
                && row.amount == new.amount.minor
                && row.currency == new.amount.currency.as_str() =>
        {
            Ok(true)
        }
        Some(_) => Err(BookingError::KeyReused),
    }
}
