//! Taking nights: hold, hold again, change, re-assign.

use posta_domain::reservation::{Awaiting, End, Hold, Reservation, Step, on_change, on_end};

use super::{No, Steps, booking};
use crate::{
    bug::Bug,
    world::{Booking, CABINS, Claim, HalfDone, Lost, Nights, Stay, World, at, money, price},
};

/// How long a hold lasts that waits for money, and one whose receipt is looked at.
const PAYMENT_TICKS: u8 = 1;
const VERIFICATION_TICKS: u8 = 2;

/// A hold from now on, for an arrival on the day of that night.
pub(super) fn hold_from(now: u8, awaiting: Awaiting, first: u8) -> (Hold, u8) {
    let ticks = match awaiting {
        Awaiting::Verification => VERIFICATION_TICKS,
        Awaiting::Payment | Awaiting::Owner => PAYMENT_TICKS,
    };
    let end = latest(now + ticks, first);
    let expires_at = at(end);
    (
        Hold {
            expires_at,
            awaiting,
        },
        end,
    )
}

/// No hold outlasts the day of arrival.
fn latest(end: u8, first: u8) -> u8 {
    end.min(first + 2)
}

/// The tick of a hold's end.
fn tick(hold: Hold) -> u8 {
    let tick = (0..=u8::MAX).find(|tick| at(*tick) == hold.expires_at);
    tick.expect("holds end at a tick")
}

impl Steps {
    pub(super) fn hold(
        &self,
        world: &mut World,
        nights: [Option<Nights>; CABINS],
        lost: bool,
    ) -> Result<(), No> {
        ahead(world, nights)?;
        if self.bug != Bug::HoldLeavesOverdueHolds {
            self.free_expired(world, nights)?;
        }
        if self.bug != Bug::HoldForgetsToLook {
            self.look(world, nights, None)?;
        }
        let mut made = Booking::new(Reservation::Expired, nights);
        let (hold, expires) = hold_from(world.now, Awaiting::Payment, made.first());
        made.state = Reservation::Held(hold);
        claim(&mut made, Some(expires));
        if lost {
            world.crashes = world.crashes.checked_sub(1).ok_or(No::Rules)?;
            made.lost = Some(Lost::Hold);
        }
        world.asked += 1;
        let slot = world.bookings.iter_mut().find(|slot| slot.is_none());
        *slot.ok_or(No::Rules)? = Some(made);
        Ok(())
    }

    /// Ends the holds on these nights whose time is over.
    pub(super) fn free_expired(
        &self,
        world: &mut World,
        nights: [Option<Nights>; CABINS],
    ) -> Result<(), No> {
        for slot in 0..world.bookings.len() {
            let Some(other) = &mut world.bookings[slot] else {
                continue;
            };
            let over = other.stays().filter_map(|stay| stay.claim).any(|claim| {
                claim.expires.is_some_and(|end| end <= world.now)
                    && nights.iter().flatten().any(|n| n.overlaps(claim.nights))
            });
            if over {
                let state = other.state.expire(at(world.now))?;
                self.end(other, state, End::Expired);
            }
        }
        Ok(())
    }

    /// Refuses when any of the nights is claimed by somebody else, or sold elsewhere.
    pub(super) fn look(
        &self,
        world: &World,
        nights: [Option<Nights>; CABINS],
        own: Option<u8>,
    ) -> Result<(), No> {
        for wanted in nights.iter().flatten() {
            let elsewhere = world.elsewhere[usize::from(wanted.cabin)] & wanted.mask();
            if elsewhere != 0 && self.bug != Bug::HoldIgnoresElsewhere {
                return Err(No::Taken);
            }
            let theirs = (0..)
                .zip(&world.bookings)
                .filter(|(slot, _)| Some(*slot) != own);
            let stays = theirs.flat_map(|(_, booking)| booking.iter().flat_map(Booking::stays));
            let mut claims = stays.filter_map(|stay| stay.claim);
            if claims.any(|claim| claim.nights.overlaps(*wanted)) {
                return Err(No::Taken);
            }
        }
        Ok(())
    }

    /// A booking ends without the stay: its claims go, its money is divided.
    pub(super) fn end(&self, booking: &mut Booking, state: Reservation, how: End) {
        booking.state = state;
        for stay in booking.stays.iter_mut().flatten() {
            stay.claim = None;
            stay.collision = 0;
        }
        let ended = on_end(how, money(booking.applied()));
        let forgotten = match how {
            End::Expired => self.bug == Bug::ExpiryForgetsMoney,
            End::Cancelled(_) => self.bug == Bug::CancelForgetsRefund,
            End::Yielded | End::NoShow => false,
        };
        if !forgotten {
            booking.refund += ended.refund.map_or(0, |(back, _)| back.minor);
        }
        booking.retained += ended.retained.minor;
    }

    pub(super) fn change(
        &self,
        world: &mut World,
        slot: u8,
        to: [Option<Nights>; CABINS],
    ) -> Result<(), No> {
        let now = world.now;
        let changing = *booking(world, slot)?;
        changing.state.change(at(now))?;
        ahead(world, to)?;
        if self.bug == Bug::ChangeLetsGoFirst {
            for stay in booking(world, slot)?.stays.iter_mut().flatten() {
                stay.claim = None;
            }
            world.half_done = Some(HalfDone::Change { slot, to });
            return Ok(());
        }
        self.change_to(world, slot, to)
    }

    pub(super) fn change_to(
        &self,
        world: &mut World,
        slot: u8,
        to: [Option<Nights>; CABINS],
    ) -> Result<(), No> {
        self.free_expired(world, to)?;
        self.look(world, to, Some(slot))?;
        let changing = booking(world, slot)?;
        changing.stays = to.map(|nights| nights.map(Stay::new));
        (changing.total, changing.deposit) = price(to);
        let changed = on_change(
            changing.state,
            money(changing.applied()),
            money(changing.deposit),
            money(changing.total),
        )?;
        changing.refund += changed.refund.map_or(0, |(back, _)| back.minor);
        if let Reservation::Held(hold) = changing.state {
            // The same time, if the new arrival leaves it.
            let expires_at = at(latest(tick(hold), changing.first()));
            changing.state = Reservation::Held(Hold { expires_at, ..hold });
        }
        reclaim(changing);
        if changed.step == Step::Confirm {
            confirm(world, slot)?;
        }
        Ok(())
    }

    /// The other cabin, on the same nights.
    pub(super) fn reassign(&self, world: &mut World, slot: u8) -> Result<(), No> {
        let now = world.now;
        let moving = *booking(world, slot)?;
        moving.state.change(at(now))?;
        let [Some(stay), None] = moving.stays else {
            return Err(No::Rules);
        };
        let nights = Nights {
            cabin: 1 - stay.nights.cabin,
            ..stay.nights
        };
        self.free_expired(world, [Some(nights), None])?;
        self.look(world, [Some(nights), None], Some(slot))?;
        let moving = booking(world, slot)?;
        moving.stays = [Some(Stay::new(nights)), None];
        reclaim(moving);
        Ok(())
    }
}

/// Nobody arrives in the past.
fn ahead(world: &World, nights: [Option<Nights>; CABINS]) -> Result<(), No> {
    let mut nights = nights.iter().flatten();
    if nights.all(|nights| world.ahead(nights.from)) {
        Ok(())
    } else {
        Err(No::Rules)
    }
}

/// Sold: the state and every claim.
pub(super) fn confirm(world: &mut World, slot: u8) -> Result<(), No> {
    let now = world.now;
    let sold = booking(world, slot)?;
    sold.state = sold.state.confirm(at(now))?;
    sold.sold_on = now;
    for stay in sold.stays.iter_mut().flatten() {
        // As the SQL does: it updates the claim that is there, and counts.
        stay.claim.as_mut().ok_or(No::Rules)?.expires = None;
    }
    Ok(())
}

/// One claim for each stay.
pub(super) fn claim(booking: &mut Booking, expires: Option<u8>) {
    for stay in booking.stays.iter_mut().flatten() {
        stay.claim = stay.wanted().map(|nights| Claim { nights, expires });
    }
}

/// New claims of the kind its state has.
pub(super) fn reclaim(booking: &mut Booking) {
    let expires = match booking.state {
        Reservation::Held(hold) => Some(tick(hold)),
        _ => None,
    };
    claim(booking, expires);
}
