//! Bookings in the states that tests need.

use chrono::TimeDelta;

use super::{talk::Talk, world::nights};
use crate::{
    dialogue::Booked,
    money::Money,
    reservation::{Awaiting, Hold, Reservation},
    understand::PayBy,
};

/// A confirmed booking of the only "Lago", 10 to 15 January, its deposit paid.
pub(in crate::dialogue) fn confirmed(talk: &mut Talk) -> Booked {
    talk.world.confirmed(1, nights("2027-01-10", "2027-01-15"))
}

/// The same, held for thirty minutes and unpaid.
pub(in crate::dialogue) fn held(talk: &mut Talk) -> Booked {
    held_for(talk, Awaiting::Payment, nights("2027-01-10", "2027-01-15"))
}

/// A hold of those nights that waits for this.
pub(in crate::dialogue) fn held_for(
    talk: &mut Talk,
    awaiting: Awaiting,
    period: crate::nights::Period,
) -> Booked {
    talk.world.confirmed(1, period);
    let now = talk.now;
    let last = talk.world.bookings.last_mut().unwrap();
    last.state = Reservation::Held(Hold {
        expires_at: now + TimeDelta::minutes(30),
        awaiting,
    });
    last.paid = Money::zero(last.charge.currency);
    last.to_pay = (awaiting == Awaiting::Payment).then_some(last.deposit);
    last.pay_by = last.to_pay.map(|_| PayBy::Transfer);
    last.receipt_waits = awaiting == Awaiting::Verification;
    last.created_at = now;
    last.clone()
}

/// Its state, whatever led there.
pub(in crate::dialogue) fn becomes(talk: &mut Talk, booked: &Booked, state: Reservation) {
    let found = talk.world.bookings.iter_mut().find(|it| it.id == booked.id);
    let found = found.unwrap();
    found.state = state;
    found.to_pay = None;
    found.pay_by = None;
    found.receipt_waits = false;
}
