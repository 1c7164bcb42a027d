//! The transactions, one step each, made of the domain's own functions. `Err` is a rollback.

mod after;
mod elsewhere;
mod money;
mod nights;

use posta_domain::{
    cancellation::{Policy, Tier},
    money::{BasisPoints, MoneyError},
    reservation::Illegal,
};

use crate::{
    action::Action,
    bug::Bug,
    world::{Booking, HalfDone, Lost, World},
};

/// Nothing was changed.
#[derive(Debug)]
pub(crate) enum No {
    /// Some of the nights are taken.
    Taken,
    /// The domain refuses.
    Rules,
}

impl From<Illegal> for No {
    fn from(_: Illegal) -> Self {
        Self::Rules
    }
}

impl From<MoneyError> for No {
    fn from(_: MoneyError) -> Self {
        Self::Rules
    }
}

/// The transactions as they are written, or with one bug.
#[derive(Debug, Clone)]
pub(crate) struct Steps {
    pub(crate) bug: Bug,
    pub(crate) policy: Policy,
}

impl Steps {
    /// Everything back until two days before arrival, half until the day before, then nothing.
    pub(crate) fn new(bug: Bug) -> Self {
        let tier = |days_before, refund_bp| Tier {
            days_before,
            refund_bp,
        };
        let half = BasisPoints::new(5_000).expect("half is a part");
        Self {
            bug,
            policy: Policy {
                tiers: vec![tier(2, BasisPoints::WHOLE), tier(1, half)],
                withdrawal: None,
            },
        }
    }

    /// The world after a step; none where the step refuses and leaves everything as it was.
    pub(crate) fn after(&self, world: &World, action: Action) -> Option<World> {
        let mut next = *world;
        match self.run(&mut next, action) {
            Ok(()) => Some(next),
            Err(No::Taken) => refused(world, action),
            Err(No::Rules) => None,
        }
    }

    fn run(&self, world: &mut World, action: Action) -> Result<(), No> {
        match action {
            Action::Tick => world.now += 1,
            Action::Sweep { slot } => self.sweep(world, slot)?,
            Action::Hold { nights, lost } => self.hold(world, nights, lost)?,
            Action::Again { slot } => self.again(world, slot)?,
            Action::Pay { slot, amount, lost } => self.pay(world, slot, amount, lost)?,
            Action::Receipt { slot } => self.receipt(world, slot)?,
            Action::Decide { slot, accept } => self.decide(world, slot, accept)?,
            Action::Confirm { slot } => self.confirm(world, slot)?,
            Action::Cancel { slot, by_owner } => self.cancel(world, slot, by_owner)?,
            Action::Change { slot, to } => self.change(world, slot, to)?,
            Action::Reassign { slot } => self.reassign(world, slot)?,
            Action::Import { nights } => self.import(world, nights)?,
            Action::CheckIn { slot } => self.check_in(world, slot)?,
            Action::NoShow { slot } => self.no_show(world, slot)?,
            Action::LeaveEarly { slot } => self.leave_early(world, slot)?,
            Action::CheckOut { slot } => self.check_out(world, slot)?,
            Action::Finish => self.finish(world)?,
        }
        Ok(())
    }

    /// The client of a lost answer asks again. The key was committed with the step, so that the answer is repeated and
    /// nothing is done.
    fn again(&self, world: &mut World, slot: u8) -> Result<(), No> {
        let booking = booking(world, slot)?;
        let lost = booking.lost.take().ok_or(No::Rules)?;
        if self.bug != Bug::RetryForgetsKey {
            return Ok(());
        }
        match lost {
            Lost::Hold => {
                let nights = booking.nights();
                world.asked -= 1;
                self.hold(world, nights, false)
            }
            Lost::Payment(amount) => {
                booking.handed -= amount;
                self.pay(world, slot, amount, false)
            }
        }
    }

    fn finish(&self, world: &mut World) -> Result<(), No> {
        match world.half_done.take().ok_or(No::Rules)? {
            HalfDone::Change { slot, to } => self.change_to(world, slot, to),
            HalfDone::Sweep { slot } => self.free(world, slot),
        }
    }
}

/// The row, locked.
fn booking(world: &mut World, slot: u8) -> Result<&mut Booking, No> {
    world.bookings[usize::from(slot)].as_mut().ok_or(No::Rules)
}

/// Somebody is told that nights are taken. Whether that is true is asked of the world itself, not of the step.
fn refused(world: &World, action: Action) -> Option<World> {
    let (asked, own) = match action {
        Action::Hold { nights, .. } => (nights, None),
        Action::Change { slot, to } => (to, Some(slot)),
        _ => return None,
    };
    let free = asked.iter().flatten().all(|nights| {
        let elsewhere = world.elsewhere[usize::from(nights.cabin)] & nights.mask();
        let theirs = (0..)
            .zip(world.bookings)
            .filter(|(slot, _)| Some(*slot) != own);
        let mut living = theirs.filter_map(|(_, booking)| {
            booking.filter(|b| b.state.at(crate::world::at(world.now)).takes_nights())
        });
        elsewhere == 0
            && !living.any(|booking| {
                let mut wanted = booking.stays().filter_map(crate::world::Stay::wanted);
                wanted.any(|taken| taken.overlaps(*nights))
            })
    });
    free.then_some(World {
        wrongly_refused: true,
        ..*world
    })
}
