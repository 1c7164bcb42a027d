//! What may happen next, in a world of a certain size.

use crate::world::{Booking, CABINS, Lost, NIGHTS, Nights, World};

/// One transaction, or the passing of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// A day passes.
    Tick,
    /// The scheduler frees one hold that is over.
    Sweep { slot: u8 },
    /// Somebody holds nights; the answer may be lost.
    Hold {
        nights: [Option<Nights>; CABINS],
        lost: bool,
    },
    /// The client of a lost answer asks again, with its key.
    Again { slot: u8 },
    /// Money is recorded; the answer may be lost.
    Pay { slot: u8, amount: i64, lost: bool },
    /// A receipt comes.
    Receipt { slot: u8 },
    /// The owner looks at it.
    Decide { slot: u8, accept: bool },
    /// The owner confirms without money.
    Confirm { slot: u8 },
    /// Called off.
    Cancel { slot: u8, by_owner: bool },
    /// Other dates or another cabin.
    Change {
        slot: u8,
        to: [Option<Nights>; CABINS],
    },
    /// Another unit of the type.
    Reassign { slot: u8 },
    /// A complete fetch of the other channel's calendar of cabin 0.
    Import { nights: u8 },
    /// The guest is there.
    CheckIn { slot: u8 },
    /// The guest is not.
    NoShow { slot: u8 },
    /// The guest goes before the end.
    LeaveEarly { slot: u8 },
    /// The guest goes.
    CheckOut { slot: u8 },
    /// Only with bugs: the second half of a step.
    Finish,
}

/// How large the world is.
#[derive(Debug, Clone)]
pub(crate) struct Size {
    /// How many bookings are made in all.
    pub(crate) bookings: usize,
    /// The last day.
    pub(crate) ticks: u8,
    /// What is held.
    pub(crate) holds: Vec<[Option<Nights>; CABINS]>,
    /// What bookings are changed to.
    pub(crate) changes: Vec<[Option<Nights>; CABINS]>,
    /// What the other channel may say about cabin 0.
    pub(crate) fetches: Vec<u8>,
    /// Payments of one booking.
    pub(crate) payments: u8,
    /// Answers that are lost.
    pub(crate) crashes: u8,
    /// Whether guests arrive and leave.
    pub(crate) presence: bool,
}

pub(crate) const fn one(cabin: u8, from: u8, to: u8) -> [Option<Nights>; CABINS] {
    [Some(Nights { cabin, from, to }), None]
}

pub(crate) const fn both(from: u8, to: u8) -> [Option<Nights>; CABINS] {
    let (first, second) = (Nights { cabin: 0, from, to }, Nights { cabin: 1, from, to });
    [Some(first), Some(second)]
}

impl Size {
    /// Every range of both cabins, alone and together.
    pub(crate) fn every_range() -> Vec<[Option<Nights>; CABINS]> {
        let ranges = (0..NIGHTS).flat_map(|from| (from + 1..=NIGHTS).map(move |to| (from, to)));
        ranges
            .flat_map(|(from, to)| [one(0, from, to), one(1, from, to), both(from, to)])
            .collect()
    }

    /// Everything that may be tried in this world; most of it is refused.
    pub(crate) fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        if world.half_done.is_some() {
            actions.push(Action::Finish);
        }
        if world.now < self.ticks {
            actions.push(Action::Tick);
        }
        let answers: &[bool] = if world.crashes > 0 {
            &[false, true]
        } else {
            &[false]
        };
        if world.bookings().count() < self.bookings {
            for &nights in &self.holds {
                actions.extend(answers.iter().map(|&lost| Action::Hold { nights, lost }));
            }
        }
        let fetches = self.fetches.iter();
        actions.extend(fetches.map(|&nights| Action::Import { nights }));
        for (slot, booking) in (0..).zip(world.bookings) {
            if let Some(booking) = booking {
                self.of(slot, &booking, answers, actions);
            }
        }
    }

    fn of(&self, slot: u8, booking: &Booking, answers: &[bool], actions: &mut Vec<Action>) {
        match booking.lost {
            Some(Lost::Hold | Lost::Payment(_)) => actions.push(Action::Again { slot }),
            None if booking.payments < self.payments => {
                // Too little, and everything: the second time, too much.
                for amount in [1, booking.total] {
                    let pays = answers
                        .iter()
                        .map(|&lost| Action::Pay { slot, amount, lost });
                    actions.extend(pays);
                }
            }
            None => {}
        }
        if booking.payments < self.payments {
            actions.extend([
                Action::Receipt { slot },
                Action::Decide { slot, accept: true },
                Action::Decide {
                    slot,
                    accept: false,
                },
            ]);
        }
        actions.extend([
            Action::Sweep { slot },
            Action::Confirm { slot },
            Action::Cancel {
                slot,
                by_owner: false,
            },
            Action::Cancel {
                slot,
                by_owner: true,
            },
            Action::Reassign { slot },
        ]);
        let changes = self.changes.iter();
        actions.extend(changes.map(|&to| Action::Change { slot, to }));
        if self.presence {
            actions.extend([
                Action::CheckIn { slot },
                Action::NoShow { slot },
                Action::LeaveEarly { slot },
                Action::CheckOut { slot },
            ]);
        }
    }
}
