//! It cannot be sold as asked: why, and what comes nearest. Where nothing does, other dates or a person: no dead end.

use super::{forget_dates, missing, shown};
use crate::{
    availability::Offers,
    dialogue::{Part, Phrase, State, World, person, turn::Turn},
    nights::Period,
    party::Party,
    refusal::Refusal,
};

/// Says why not and shows the alternatives.
pub(in crate::dialogue) fn show<W: World>(
    turn: &mut Turn<'_, W>,
    period: Period,
    party: &Party,
    offers: &Offers,
) {
    let known = Part::Say(Phrase::new("just-taken"));
    if let Some(why) = &offers.refusal
        && !turn.reply.parts.contains(&known)
    {
        turn.say(
            Phrase::new("refused-for")
                .with("why", why.clone())
                .with("period", period),
        );
    }
    let items = items(offers);
    if items.is_empty() {
        nothing(turn, party, offers.refusal.as_ref());
    } else {
        let key = match (offers.alternatives.together.is_empty(), &offers.refusal) {
            (false, Some(Refusal::TooManyGuests { .. })) => "instead-together",
            _ => "instead",
        };
        turn.say(Phrase::new(key).with("party", party.clone()));
        shown::show(turn, period, items, Vec::new());
    }
}

/// The nearest first: the same nights elsewhere, in two cabins, longer, then other nights.
fn items(offers: &Offers) -> Vec<shown::Item> {
    let of = &offers.alternatives;
    let same = of.cabins.iter().map(shown::Item::from);
    let together = of.together.iter().map(shown::Item::from);
    let others = of.longer.iter().chain(&of.dates).map(shown::Item::from);
    let mut items: Vec<shown::Item> = Vec::new();
    for item in same.chain(together).chain(others) {
        if items.iter().all(|known| known.offered != item.offered) {
            items.push(item);
        }
    }
    items
}

fn nothing<W: World>(turn: &mut Turn<'_, W>, party: &Party, why: Option<&Refusal>) {
    match why {
        Some(
            Refusal::Past { .. }
            | Refusal::BeyondHorizon { .. }
            | Refusal::TooLong { .. }
            | Refusal::Inverted { .. },
        ) => {
            forget_dates(turn);
            missing::ask_dates(turn);
        }
        Some(Refusal::Taken { .. } | Refusal::BelowMinimum { .. } | Refusal::ArrivalDay { .. }) => {
            turn.say(Phrase::new("nothing-near"));
            forget_dates(turn);
            missing::ask_other_dates(turn);
        }
        Some(Refusal::Pets { most }) if party.pets() > *most => missing::ask_pets(turn, *most),
        Some(Refusal::NoAdult) => missing::ask_party(turn),
        // Too many for two cabins, no prices, nothing to let: a person knows more.
        _ => {
            turn.stand(State::Menu, None);
            person::hand_over(turn, person::Reason::Unanswerable);
        }
    }
}
