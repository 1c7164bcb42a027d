//! Holding nights: the transaction that promise one rests on.
//!
//! All cabins that come into question are locked, in ascending order and in one statement; only then is it decided what
//! is free, what has expired and what time it is. So two holds that want one cabin take turns, and the second sees what
//! the first did. Guaranteed: the nights of all stays are claimed, with the guest, the booking, what is to be paid, the
//! audit row and the answer for the request's key, or nothing is written. The amount is the quote's, to the cent.
//! Not guaranteed: patience. Whoever waits for a lock longer than [`PATIENCE`] is told to try again.

mod choose;
mod plan;
mod write;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use posta_domain::{
    conditions::{Checks, check_arrival},
    rates::BookingMode,
    refusal::Refusal,
    reservation::{Awaiting, Hold, Reservation},
};
use sqlx::PgConnection;

use super::{
    Answered, BookingError, Key, claims,
    guest::{self, Who},
    idempotency,
    money::Method,
    quotes::{self, Quote},
    units,
    view::{self, Booking},
};
use crate::{
    access::links,
    audit::By,
    catalog::{self, Place, Property},
    error::{Doing as _, StoreError},
    ids::{AccommodationId, QuoteId},
    pool::Store,
};

pub(super) use choose::assign;
pub use write::Source;
pub(crate) use write::{NewBooking, write};

/// How long a lock is waited for.
pub const PATIENCE: &str = "3s";
/// A guest's link lasts so many days after she has left.
const LINK_DAYS: i32 = 30;

/// What is to be held.
#[derive(Debug, Clone)]
pub struct HoldRequest {
    /// At what price, which nights, which cabins.
    pub quote: QuoteId,
    /// Who books.
    pub who: Who,
    /// How it came.
    pub source: Source,
    /// How the deposit will be paid.
    pub method: Method,
    /// One cabin for each stay of the quote, in its order; empty: ours to choose.
    pub cabins: Vec<AccommodationId>,
    /// Whether to make the guest's link.
    pub link_until: bool,
    /// Remarks.
    pub notes: String,
    /// Confirmed at once, without money: the owner's.
    pub confirm_now: bool,
    /// What makes a second request the same one.
    pub key: Option<Key>,
}

/// Holds the nights, or confirms them at once where nothing is to be waited for. `answer` is what the caller will say,
/// and what a second request with the same key is told.
pub async fn hold(
    store: &Store,
    by: &By,
    request: &HoldRequest,
    answer: impl FnOnce(&Booking) -> serde_json::Value,
) -> Result<Answered, BookingError> {
    let mut tx = store.begin().await?;
    be_patient(&mut tx).await?;
    if let Some(key) = &request.key
        && let Some(before) = idempotency::begin(&mut tx, by.tenant, key).await?
    {
        return Ok(before);
    }
    let booking = hold_in(&mut tx, by, request).await?;
    let answer = answer(&booking);
    if let Some(key) = &request.key {
        idempotency::answer(&mut tx, by.tenant, key, booking.id, &answer).await?;
    }
    tx.commit().await.doing("commit the hold")?;
    Ok(Answered {
        reservation: Some(booking.id),
        replayed: false,
        answer,
    })
}

/// The same as part of a transaction: the request's key and how long a lock is waited for are the caller's.
pub(crate) async fn hold_in(
    tx: &mut PgConnection,
    by: &By,
    request: &HoldRequest,
) -> Result<Booking, BookingError> {
    let quote = quotes::get(tx, Some(by.tenant), request.quote).await?;
    let quote = quote.ok_or(BookingError::NotFound("quote"))?;
    let earlier = plan::earlier(tx, quote.id).await?;
    let locked = plan::candidates(tx, by.tenant, &quote, &request.cabins).await?;
    let all: Vec<_> = locked.iter().chain(&earlier.cabins).copied().collect();
    let now = units::lock(tx, by.tenant, &all).await?;
    // Read after the lock, so that a cabin that was just taken off the market is not sold.
    let place = catalog::place(tx, Some(by.tenant), quote.property).await?;
    let place = place.ok_or(BookingError::NotFound("property"))?;
    check(&place, &quote, request, now)?;
    let wants = plan::wants(&place, &quote, request, &locked)?;
    let window = plan::window(&quote)?;
    let wanted: Vec<_> = locked.iter().map(|cabin| (*cabin, window)).collect();
    claims::free_expired_and(tx, &wanted, earlier.overdue, now).await?;
    if view::quote_in_use(tx, quote.id).await? {
        return Err(Refusal::QuoteUsed.into());
    }
    let around = choose::around(window);
    let taken = claims::taken(tx, &locked, around, now).await?;
    let cabins = choose::choose(&wants, &taken)?;
    let guest = guest::of(tx, by.tenant, &request.who).await?;
    let new = NewBooking {
        quote: &quote,
        guest,
        source: request.source,
        cabins: &cabins,
        state: first_state(&place.property, &quote, request, now),
        deposit_by: Some(request.method),
        notes: &request.notes,
    };
    let id = write(tx, by, &new).await?;
    let link = if request.link_until {
        links::make(tx, by, id, LINK_DAYS).await?
    } else {
        None
    };
    let mut booking = view::view(tx, by.tenant, id)
        .await?
        .ok_or(BookingError::NotFound("reservation"))?;
    booking.link = link.map(|link| link.id);
    Ok(booking)
}

/// What may have changed since the quote was given.
fn check(
    place: &Place,
    quote: &Quote,
    request: &HoldRequest,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if now >= quote.valid_until {
        return Err(Refusal::StaleQuote {
            valid_until: quote.valid_until,
        });
    }
    let today = now.with_timezone(&place.property.zone).date_naive();
    let checks = if request.source.by_hand() {
        Checks::Owner
    } else {
        Checks::Guest
    };
    for stay in &quote.inputs.stays {
        check_arrival(stay.period, today, checks)?;
    }
    // Her own cabins the owner may let whenever she likes.
    if checks == Checks::Guest && !place.property.active {
        return Err(Refusal::Inactive);
    }
    Ok(())
}

/// Where the booking begins. Nothing is waited for when the owner says so, or when nothing is due.
fn first_state(
    property: &Property,
    quote: &Quote,
    request: &HoldRequest,
    now: DateTime<Utc>,
) -> Reservation {
    let needs_yes =
        quote.breakdown.booking_mode == BookingMode::Request && !request.source.by_hand();
    let nothing_due = quote.breakdown.deposit.is_zero();
    if request.confirm_now || (nothing_due && !needs_yes) {
        return Reservation::Confirmed;
    }
    let (awaiting, wait) = if needs_yes {
        let hours = i64::from(property.request_hours);
        (Awaiting::Owner, Duration::hours(hours))
    } else {
        let minutes = i64::from(property.hold_minutes);
        (Awaiting::Payment, Duration::minutes(minutes))
    };
    let check_in = quote.inputs.stays.iter().map(|stay| stay.period.check_in());
    let check_in = check_in.min().unwrap_or(NaiveDate::MAX);
    Reservation::Held(Hold {
        expires_at: (now + wait).min(latest(property.zone, check_in, now)),
        awaiting,
    })
}

/// No hold outlives the day of arrival: whoever has not paid by then does not come. (Of the guest who stands at the door
/// after midnight, and arrived yesterday: today.)
pub(super) fn latest(zone: Tz, check_in: NaiveDate, now: DateTime<Utc>) -> DateTime<Utc> {
    let last = check_in.max(now.with_timezone(&zone).date_naive());
    let ends = |next: NaiveDate| {
        // A zone that puts its clocks forward at midnight has no midnight that day.
        let mut hours = (0..=3).filter_map(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
        hours.find_map(|hour| next.and_time(hour).and_local_timezone(zone).earliest())
    };
    let midnight = last.succ_opt().and_then(ends);
    midnight.map_or(DateTime::<Utc>::MAX_UTC, |midnight| midnight.to_utc())
}

/// Whoever waits for a lock is not kept for long: behind a stuck transaction everybody would pile up.
async fn be_patient(tx: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query_scalar!("SELECT set_config('lock_timeout', $1, true)", PATIENCE)
        .fetch_one(tx)
        .await
        .doing("bound the wait for locks")
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, Utc};

    use super::latest;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn no_hold_outlives_the_day_of_arrival() {
        let zone = chrono_tz::America::Argentina::Buenos_Aires;
        let now = at("2027-01-01T12:00:00Z");
        let until = latest(zone, day("2027-01-10"), now);
        assert_eq!(until, at("2027-01-11T03:00:00Z"));
    }

    #[test]
    fn a_night_whose_midnight_the_clocks_skip_ends_a_hold_at_one() {
        // Chile puts its clocks forward on 5 September 2027, at midnight.
        let until = latest(
            chrono_tz::America::Santiago,
            day("2027-09-04"),
            at("2027-09-01T12:00:00Z"),
        );
        assert_eq!(until, at("2027-09-05T04:00:00Z"));
    }

    #[test]
    fn who_arrived_yesterday_has_today_to_pay() {
        let zone = chrono_tz::America::Argentina::Buenos_Aires;
        let now = at("2027-01-11T04:00:00Z");
        let until = latest(zone, day("2027-01-10"), now);
        assert_eq!(until, at("2027-01-12T03:00:00Z"));
    }
}
