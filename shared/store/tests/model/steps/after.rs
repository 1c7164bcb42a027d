//! What the owner and the guest do with a booking: confirm, call off, arrive, stay away, leave.

use posta_domain::{
    cancellation::{By, Facts},
    reservation::{End, Reservation},
};

use super::{No, Steps, booking, nights::confirm};
use crate::world::{Claim, Stay, World, at, date, money, today};

impl Steps {
    #[expect(clippy::unused_self, reason = "a step like the others")]
    pub(super) fn confirm(&self, world: &mut World, slot: u8) -> Result<(), No> {
        confirm(world, slot)
    }

    pub(super) fn cancel(&self, world: &mut World, slot: u8, by_owner: bool) -> Result<(), No> {
        let now = world.now;
        let cancelled = booking(world, slot)?;
        let was = cancelled.state.at(at(now));
        let state = was.cancel()?;
        let facts = Facts {
            paid: money(cancelled.applied()),
            sold: was == Reservation::Confirmed,
            booked_on: today(cancelled.sold_on),
            check_in: date(cancelled.first()),
            today: today(now),
            by: if by_owner { By::Owner } else { By::Guest },
        };
        let outcome = self.policy.outcome(&facts)?;
        self.end(cancelled, state, End::Cancelled(outcome));
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "a step like the others")]
    pub(super) fn check_in(&self, world: &mut World, slot: u8) -> Result<(), No> {
        let now = world.now;
        let arrived = booking(world, slot)?;
        let (first, end) = (date(arrived.first()), date(arrived.end()));
        arrived.state = arrived.state.check_in(today(now), first, end)?;
        Ok(())
    }

    pub(super) fn no_show(&self, world: &mut World, slot: u8) -> Result<(), No> {
        let now = world.now;
        let missing = booking(world, slot)?;
        let state = missing.state.no_show(today(now), date(missing.first()))?;
        self.end(missing, state, End::NoShow);
        Ok(())
    }

    /// Every stay of the booking is left today; the nights from tonight on are free.
    #[expect(clippy::unused_self, reason = "a step like the others")]
    pub(super) fn leave_early(&self, world: &mut World, slot: u8) -> Result<(), No> {
        let (now, tonight) = (world.now, world.tonight().ok_or(No::Rules)?);
        let leaving = booking(world, slot)?;
        let mut state = leaving.state;
        for stay in leaving.stays.iter_mut().flatten() {
            let (first, end) = (date(stay.nights.from), date(stay.nights.to));
            state = state.leave_early(today(now), first, end)?;
            leave(stay, tonight);
        }
        leaving.state = state.check_out()?;
        Ok(())
    }

    /// Nights that were still to come are free.
    #[expect(clippy::unused_self, reason = "a step like the others")]
    pub(super) fn check_out(&self, world: &mut World, slot: u8) -> Result<(), No> {
        let (now, tonight) = (world.now, world.tonight().ok_or(No::Rules)?);
        let leaving = booking(world, slot)?;
        for stay in leaving.stays.iter_mut().flatten() {
            if today(now) < date(stay.nights.to) {
                leave(stay, tonight.max(stay.nights.from));
            }
        }
        leaving.state = leaving.state.check_out()?;
        Ok(())
    }
}

/// The nights from then on are free.
fn leave(stay: &mut Stay, night: u8) {
    stay.left = Some(night);
    let wanted = stay.wanted();
    stay.claim = wanted.and_then(|nights| stay.claim.map(|claim| Claim { nights, ..claim }));
    if stay.claim.is_none() {
        stay.collision = 0;
    }
}
