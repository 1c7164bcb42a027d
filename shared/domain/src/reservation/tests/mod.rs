//! The life of a booking, and its money.

mod money;
mod steps;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Awaiting, Hold, Reservation};

/// The moment at which the holds of these tests end.
fn end() -> DateTime<Utc> {
    "2027-01-05T15:40:00Z".parse().unwrap()
}

fn before() -> DateTime<Utc> {
    end() - TimeDelta::microseconds(1)
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, day).unwrap()
}

fn held(awaiting: Awaiting) -> Reservation {
    Reservation::Held(Hold {
        expires_at: end(),
        awaiting,
    })
}

/// One of each.
fn everywhere() -> [Reservation; 10] {
    [
        held(Awaiting::Payment),
        held(Awaiting::Verification),
        held(Awaiting::Owner),
        Reservation::Confirmed,
        Reservation::CheckedIn,
        Reservation::Completed,
        Reservation::Expired,
        Reservation::Cancelled,
        Reservation::Yielded,
        Reservation::NoShow,
    ]
}
