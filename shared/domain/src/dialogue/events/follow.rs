//! What comes after the paragraphs of a piece of news.

use crate::{
    dialogue::{
        Booked, Quoted, World, booking,
        stay::{payment, words},
        turn::Turn,
    },
    reservation::Status,
};

/// See the module.
pub(super) enum Follow {
    /// How to pay it.
    HowToPay(Box<Booked>),
    /// Other cabins and dates like this stay.
    Alternatives(Box<Booked>),
    /// A price to say yes to.
    Price(Box<Quoted>),
}

impl Follow {
    /// Others like a stay whose nights went to somebody else.
    pub(super) fn instead_of(booked: &Booked) -> Option<Self> {
        let lost = matches!(booked.state.status(), Status::Expired | Status::Yielded);
        lost.then(|| Self::Alternatives(Box::new(booked.clone())))
    }

    /// `taps`: whether a tap would be answered. `alone`: the guest wrote nothing in this turn.
    pub(super) async fn run<W: World>(
        self,
        turn: &mut Turn<'_, W>,
        taps: bool,
        alone: bool,
    ) -> Result<(), W::Error> {
        match self {
            Self::HowToPay(booked) => {
                // She may have called it off, or paid another way, in this very turn.
                let now = turn.world.booking(booked.id).await?;
                if let Some(booked) = now.filter(|it| words::owed(it).is_some()) {
                    payment::tell(turn, &booked);
                }
            }
            Self::Alternatives(booked) => {
                let ahead = words::period(&booked).is_some_and(|it| it.check_in() >= turn.today());
                if taps && alone && ahead {
                    turn.clear_menu();
                    booking::remember_stay(turn, &booked);
                    booking::search(turn).await?;
                }
            }
            Self::Price(quoted) => {
                let menu = std::mem::take(&mut turn.reply.menu);
                booking::price(turn, &quoted);
                if turn.reply.template.is_some() {
                    turn.reply.menu = menu;
                }
            }
        }
        Ok(())
    }
}
