//! Other dates, another cabin, another party: all at once or not at all.
//!
//! Guaranteed: the booking keeps its old nights until the new ones are its own, in one transaction; a new quote takes the
//! place of the old one and its price is what is charged; what was paid beyond it is owed back, what it is dearer by is
//! asked for. A guest changes a sold booking by herself only as long as cancelling it would give everything back: moving
//! or shortening a stay is no way around the policy. The owner may always. Not guaranteed: that a hold's time is
//! prolonged; it is not.

mod cabins;
mod price;
mod rows;

use chrono::{DateTime, Duration, Utc};
use posta_domain::{
    conditions::{Checks, check_arrival},
    dialogue::Event,
    money::Money,
    quote::Adjustment,
    rates::BookingMode,
    refusal::Refusal,
    reservation::{Awaiting, Hold, Reservation, Status, Step, on_change},
};
use sqlx::PgConnection;

use super::{
    BookingError, asking, cancel,
    claims::{self, Kind},
    lock::{self, Locked},
    money,
    quotes::{self, Asked, Quote, QuoteRequest},
    requests,
    rules::{Rules, rules_of, until},
    view::{self, Booking},
};
use crate::{
    audit::{self, By},
    catalog::Place,
    elsewhere,
    error::{Doing as _, StoreError},
    events,
    ids::{QuoteId, ReservationId, StayId},
    pool::Store,
};

pub(super) use rows::quote_taken;

/// What is wanted instead.
#[derive(Debug, Clone)]
pub enum To {
    /// These stays, at what they cost now.
    Stays(Vec<Asked>),
    /// What was quoted.
    Quote(QuoteId),
}

/// Who wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changer {
    /// The guest: under all conditions of sale.
    Guest,
    /// The owner, or the desk for her.
    Owner,
}

/// A change.
#[derive(Debug, Clone)]
pub struct ChangeRequest {
    /// To what.
    pub to: To,
    /// By whom.
    pub by: Changer,
    /// The owner's, on top of the prices; for stays only, a quote has its own.
    pub adjustments: Vec<Adjustment>,
    /// Decided on this version of the booking.
    pub expected_version: Option<i32>,
}

/// Carries it out.
pub async fn change(
    store: &Store,
    by: &By,
    id: ReservationId,
    request: &ChangeRequest,
) -> Result<Booking, BookingError> {
    let quote = quote(store, by, id, request).await?;
    let mut tx = store.begin().await?;
    let after = change_in(&mut tx, by, id, &quote, request).await?;
    tx.commit().await.doing("commit the change")?;
    Ok(after)
}

/// The same as part of a transaction, to a quote that is there already. The guest hears of it when it was the owner.
pub(crate) async fn change_in(
    tx: &mut PgConnection,
    by: &By,
    id: ReservationId,
    quote: &Quote,
    request: &ChangeRequest,
) -> Result<Booking, BookingError> {
    let place = cabins::place(tx, quote).await?;
    let more: Vec<_> = cabins::candidates(&place, quote)
        .into_iter()
        .flatten()
        .collect();
    let Locked { booking, now, .. } = lock::whole(tx, by.tenant, id, &more).await?;
    // Read again: what was taken off the market while we waited is not given. What came is not locked.
    let place = cabins::place(tx, quote).await?;
    let mut candidates = cabins::candidates(&place, quote);
    for cabins in &mut candidates {
        cabins.retain(|cabin| more.contains(cabin));
    }
    lock::current(&booking, request.expected_version)?;
    booking.state.change(now)?;
    let rules = rules_of(tx, &booking).await?;
    may(&booking, quote, request.by, &rules, now)?;
    sellable(&place, quote, request.by, now)?;
    usable(tx, &booking, quote, now).await?;

    let cabins = cabins::choose(tx, &booking, quote, candidates, now).await?;
    claims::release(tx, &booking).await?;
    let stays = rows::replace(tx, &booking, quote, &cabins).await?;

    let new = &quote.breakdown;
    // Extras are beside the price: they stay.
    let total = new.charge.plus(booking.extras).unwrap_or(new.charge);
    let changed = on_change(booking.state, booking.paid, new.deposit, total).map_err(|_| {
        BookingError::Refused(Refusal::WrongCurrency {
            asked: new.charge.currency,
            possible: vec![booking.charge.currency],
        })
    })?;
    let to = next(&booking, quote, request.by, changed.step, &rules, now)?;
    rows::put_quote(tx, &booking, quote).await?;
    view::step(tx, &booking, to).await?;
    if let Some(until) = asking::waits(to) {
        asking::ask(tx, by.tenant, id, &booking.code, until).await?;
    }
    let kind = match to {
        Reservation::Held(hold) => Kind::Hold {
            until: hold.expires_at,
        },
        _ => Kind::Stay,
    };
    for stay in &stays {
        claims::take(tx, by.tenant, stay.id, stay.cabin, stay.period, kind).await?;
    }
    if let Some((amount, reason)) = changed.refund {
        money::owe(tx, by.tenant, id, amount, reason).await?;
    }
    let extras = requests::extras_open(tx, &booking).await?;
    let open = Money::new((changed.open.minor - extras).max(0), changed.open.currency);
    let covered = changed.open.minor == 0;
    price::ask(tx, by.tenant, &booking, quote, to, (open, covered)).await?;
    note(tx, by, &booking, quote).await?;
    let after = lock::read(tx, by.tenant, id).await?;
    if request.by == Changer::Owner {
        let event = Event::ChangedByOwner { reservation: id };
        let key = format!("changed:{id}:{}", after.version);
        events::tell(tx, by.tenant, after.guest, &event, &key).await?;
    }
    Ok(after)
}

/// The quote to change to: the one that is named, or a new one for the stays. It locks nothing; one that is not used in
/// the end is only a price that was given.
async fn quote(
    store: &Store,
    by: &By,
    id: ReservationId,
    request: &ChangeRequest,
) -> Result<Quote, BookingError> {
    let mut conn = store.acquire().await?;
    let booking = lock::read(&mut conn, by.tenant, id).await?;
    match &request.to {
        To::Quote(quote) => {
            let found = quotes::get(&mut conn, Some(by.tenant), *quote).await?;
            found
                .filter(|quote| quote.property == booking.property)
                .ok_or(BookingError::NotFound("quote"))
        }
        To::Stays(stays) => {
            drop(conn);
            let wanted = QuoteRequest {
                property: booking.property,
                stays: stays.clone(),
                charge_currency: Some(booking.charge.currency),
                adjustments: request.adjustments.clone(),
                guest: Some(booking.guest),
                checks: match request.by {
                    Changer::Guest => Checks::Guest,
                    Changer::Owner => Checks::Owner,
                },
            };
            quotes::make(store, by, &wanted).await
        }
    }
}

/// Whether the guest may do it without the owner.
fn may(
    booking: &Booking,
    quote: &Quote,
    by: Changer,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<(), BookingError> {
    if by == Changer::Owner {
        return Ok(());
    }
    let asks = quote.breakdown.booking_mode == BookingMode::Request;
    let needs_owner = if let Reservation::Held(hold) = booking.state {
        asks && hold.awaiting == Awaiting::Verification
    } else {
        let outcome = cancel::outcome(booking, rules, cancel::CancelBy::Guest, now)?;
        asks || outcome.retained.minor > 0
    };
    if needs_owner {
        return Err(Refusal::NeedsOwner.into());
    }
    Ok(())
}

/// A quote may be older than today, and than the owner's last word on what is let. Nobody moves a booking into the past:
/// yesterday is for guests who come to the door.
fn sellable(place: &Place, quote: &Quote, by: Changer, now: DateTime<Utc>) -> Result<(), Refusal> {
    let today = now.with_timezone(&place.property.zone).date_naive();
    for stay in &quote.inputs.stays {
        check_arrival(stay.period, today, Checks::Guest)?;
        let let_now = place
            .unit_type(stay.unit_type)
            .is_some_and(|kind| kind.active);
        if by == Changer::Guest && !(place.property.active && let_now) {
            return Err(Refusal::Inactive);
        }
    }
    Ok(())
}

/// Whether the quote can still become this booking's.
async fn usable(
    tx: &mut PgConnection,
    booking: &Booking,
    quote: &Quote,
    now: DateTime<Utc>,
) -> Result<(), BookingError> {
    if quote.id == booking.quote {
        return Err(Refusal::QuoteUsed.into());
    }
    if quote.valid_until <= now {
        return Err(Refusal::StaleQuote {
            valid_until: quote.valid_until,
        }
        .into());
    }
    if quote_taken(tx, quote.id).await? {
        return Err(Refusal::QuoteUsed.into());
    }
    Ok(())
}

/// Where the booking stands afterwards.
fn next(
    booking: &Booking,
    quote: &Quote,
    by: Changer,
    step: Step,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Reservation, BookingError> {
    let Reservation::Held(hold) = booking.state else {
        return Ok(booking.state);
    };
    let arrivals = quote.inputs.stays.iter().map(|stay| stay.period.check_in());
    let first = arrivals.min().ok_or(Refusal::StaysImpossible)?;
    let asks = by == Changer::Guest && quote.breakdown.booking_mode == BookingMode::Request;
    if asks && hold.awaiting == Awaiting::Payment {
        let hold = Hold {
            expires_at: until(rules, now, rules.request, first),
            awaiting: Awaiting::Owner,
        };
        return Ok(booking.state.await_now(now, hold)?);
    }
    // Nothing is left to pay before it is sold.
    let free = quote.breakdown.deposit.minor == 0 && hold.awaiting == Awaiting::Payment;
    if (step == Step::Confirm || free) && hold.awaiting != Awaiting::Owner {
        return Ok(booking.state.confirm(now)?);
    }
    // The same time, if the new arrival leaves it.
    Ok(Reservation::Held(Hold {
        expires_at: hold.expires_at.min(until(rules, now, Duration::MAX, first)),
        awaiting: hold.awaiting,
    }))
}

async fn note(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
    quote: &Quote,
) -> Result<(), StoreError> {
    let stays: Vec<StayId> = booking.stays.iter().map(|stay| stay.id).collect();
    elsewhere::resolve(tx, by.tenant, &stays, "changed").await?;
    let periods: Vec<_> = quote.inputs.stays.iter().map(|stay| stay.period).collect();
    let before: Vec<_> = booking.stays.iter().map(|stay| stay.period).collect();
    audit::record(
        tx,
        by,
        &booking.subject(),
        "changed",
        serde_json::json!({
            "from": { "quote": booking.quote, "charge": booking.charge, "periods": before },
            "to": { "quote": quote.id, "charge": quote.breakdown.charge, "periods": periods },
            "held": booking.state.status() == Status::Held,
        }),
    )
    .await
}
