//! Money: payments in time and late, receipts, and the sweep that frees what was not paid.

use posta_domain::reservation::{Awaiting, End, Paid, Reservation, Step, View, settle};

use super::{
    No, Steps, booking,
    nights::{claim, confirm, hold_from},
};
use crate::{
    bug::Bug,
    world::{HalfDone, Lost, World, at, money, today},
};

impl Steps {
    pub(super) fn pay(
        &self,
        world: &mut World,
        slot: u8,
        amount: i64,
        lost: bool,
    ) -> Result<(), No> {
        if lost {
            world.crashes = world.crashes.checked_sub(1).ok_or(No::Rules)?;
        }
        let (now, before) = (world.now, *booking(world, slot)?);
        let state = before.state.at(at(now));
        if state == Reservation::Expired && before.state != state {
            self.free(world, slot)?;
        }
        let nights = before.nights();
        let can_hold_again = state == Reservation::Expired
            && state
                .hold_again(today(now), crate::world::date(before.first()))
                .is_ok()
            && {
                self.free_expired(world, nights)?;
                self.look(world, nights, Some(slot)).is_ok()
            };
        let paying = booking(world, slot)?;
        let view = View {
            state,
            paid: money(paying.applied()),
            deposit: money(paying.deposit),
            total: money(paying.total),
            can_hold_again: can_hold_again || self.bug == Bug::LateMoneyIgnoresOthers,
        };
        let settled = settle(
            &view,
            Paid {
                amount: money(amount),
            },
        );
        paying.handed += amount;
        paying.paid += amount;
        paying.refund += settled.refund.map_or(0, |(back, _)| back.minor);
        paying.payments += 1;
        paying.lost = lost.then_some(Lost::Payment(amount)).or(paying.lost);
        match settled.step {
            Step::Stay => {}
            Step::Confirm => confirm(world, slot)?,
            Step::HoldAgain => {
                paying.state = Reservation::Confirmed;
                paying.sold_on = now;
                if self.bug != Bug::LateMoneyClaimsNothing {
                    claim(paying, None);
                }
            }
        }
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "a step like the others")]
    pub(super) fn receipt(&self, world: &mut World, slot: u8) -> Result<(), No> {
        wait_for(world, slot, Awaiting::Verification)
    }

    pub(super) fn decide(&self, world: &mut World, slot: u8, accept: bool) -> Result<(), No> {
        let looked_at = *booking(world, slot)?;
        let Reservation::Held(hold) = looked_at.state.at(at(world.now)) else {
            return Err(No::Rules);
        };
        if hold.awaiting != Awaiting::Verification {
            return Err(No::Rules);
        }
        if accept {
            let open = looked_at.deposit - looked_at.applied();
            self.pay(world, slot, open.max(1), false)
        } else {
            wait_for(world, slot, Awaiting::Payment)
        }
    }

    /// The sweep finds a hold that is over.
    pub(super) fn sweep(&self, world: &mut World, slot: u8) -> Result<(), No> {
        let now = at(world.now);
        booking(world, slot)?.state.expire(now)?;
        if self.bug == Bug::SweepDecidesBeforeLocking {
            world.half_done = Some(HalfDone::Sweep { slot });
            return Ok(());
        }
        self.free(world, slot)
    }

    /// Ends a hold whose time is over, and owes back what was in it.
    pub(super) fn free(&self, world: &mut World, slot: u8) -> Result<(), No> {
        let now = at(world.now);
        let over = booking(world, slot)?;
        let state = match over.state.expire(now) {
            // Read before it was locked, and believed.
            Err(_) if self.bug == Bug::SweepDecidesBeforeLocking => Reservation::Expired,
            decided => decided?,
        };
        self.end(over, state, End::Expired);
        Ok(())
    }
}

/// The hold waits for something else, from now on.
fn wait_for(world: &mut World, slot: u8, awaiting: Awaiting) -> Result<(), No> {
    let now = world.now;
    let waiting = booking(world, slot)?;
    let (hold, expires) = hold_from(now, awaiting, waiting.first());
    waiting.state = waiting.state.await_now(at(now), hold)?;
    let claims = waiting.stays.iter_mut().flatten();
    for claim in claims.filter_map(|stay| stay.claim.as_mut()) {
        claim.expires = Some(expires);
    }
    Ok(())
}
