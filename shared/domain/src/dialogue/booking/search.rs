//! From what is known of a stay to what can be had: asks for what is missing, then shows options, the price of the only
//! one, or what comes nearest.

use super::{instead, missing, price, readings, shown, together};
use crate::{
    availability::{Among, Offers, Search},
    dialogue::{Button, Choice, Phrase, World, turn::Turn},
    ids::UnitTypeId,
    nights::Period,
    party::Party,
};

/// Looks for the stay in the slots. `price_first`: the guest asked what it costs before saying who comes.
pub(in crate::dialogue) async fn search<W: World>(
    turn: &mut Turn<'_, W>,
    price_first: bool,
) -> Result<(), W::Error> {
    turn.clear_menu();
    turn.chat.slots.pets_most = None;
    let Some(period) = missing::period(turn) else {
        if price_first && turn.chat.slots.check_in.is_none() {
            turn.say(Phrase::new("price-depends"));
        }
        return Ok(());
    };
    let party = match missing::party(turn) {
        missing::Party::Known(party) => party,
        missing::Party::Unknown => return glance(turn, period, price_first).await,
        missing::Party::Impossible => return Ok(()),
    };
    match turn.chat.slots.kinds.clone().as_slice() {
        [first, second] => return together::of_two(turn, [*first, *second], period, &party).await,
        [kind] => return of_kind(turn, *kind, period, party).await,
        _ => {}
    }
    if let Some(cabins) = turn.chat.slots.cabins.filter(|cabins| *cabins > 1) {
        return together::options(turn, cabins, period, &party).await;
    }
    let Some(offers) = offers(turn, Among::All, period, &party).await? else {
        return Ok(());
    };
    match offers.offers.as_slice() {
        [] => {
            instead::show(turn, period, &party, &offers);
            Ok(())
        }
        [only] => {
            price::of(
                turn,
                &[only.unit_type],
                period,
                std::slice::from_ref(&party),
            )
            .await
        }
        several => {
            turn.say(
                Phrase::new("options-for")
                    .with("period", period)
                    .with("nights", period.len())
                    .with("party", party.clone()),
            );
            let items = several.iter().map(shown::Item::from).collect();
            let extra = other_readings(turn);
            shown::show(turn, period, items, extra);
            Ok(())
        }
    }
}

/// The price in a kind of cabin that was chosen, or what comes nearest.
pub(super) async fn of_kind<W: World>(
    turn: &mut Turn<'_, W>,
    kind: UnitTypeId,
    period: Period,
    party: Party,
) -> Result<(), W::Error> {
    let Some(offers) = offers(turn, Among::Type(kind), period, &party).await? else {
        return Ok(());
    };
    if offers.offers.is_empty() {
        instead::show(turn, period, &party, &offers);
        Ok(())
    } else {
        price::of(turn, &[kind], period, &[party]).await
    }
}

/// What is free; none when the children's ages have to be asked first, because they make a difference.
async fn offers<W: World>(
    turn: &mut Turn<'_, W>,
    among: Among,
    period: Period,
    party: &Party,
) -> Result<Option<Offers>, W::Error> {
    let search = Search {
        period,
        party: party.clone(),
        among,
    };
    let offers = turn.world.offers(&search).await?;
    let unknown = super::party::unknown_ages(party);
    if unknown == 0 || turn.chat.slots.ages_asked {
        return Ok(Some(offers));
    }
    let as_babies = party.children().iter().map(|age| age.or(Some(0))).collect();
    let Ok(young) = Party::new(party.adults(), as_babies, party.pets()) else {
        return Ok(Some(offers));
    };
    let search = Search {
        party: young,
        ..search
    };
    let for_babies = turn.world.offers(&search).await?;
    let prices = |offers: &Offers| -> Vec<_> {
        let offers = offers.offers.iter();
        offers.map(|it| (it.unit_type, it.price.charge)).collect()
    };
    if prices(&for_babies) == prices(&offers) {
        return Ok(Some(offers));
    }
    missing::ask_ages(turn, unknown);
    Ok(None)
}

/// The dates are known, who comes is not: whether there is room at all, and from what price on; then who comes.
async fn glance<W: World>(
    turn: &mut Turn<'_, W>,
    period: Period,
    price_first: bool,
) -> Result<(), W::Error> {
    let Ok(two) = Party::new(2, Vec::new(), 0) else {
        return Ok(());
    };
    let among = match turn.chat.slots.kinds.as_slice() {
        [kind] => Among::Type(*kind),
        _ => Among::All,
    };
    let search = Search {
        period,
        party: two.clone(),
        among,
    };
    let offers = turn.world.offers(&search).await?;
    let Some(cheapest) = offers.offers.first() else {
        instead::show(turn, period, &two, &offers);
        return Ok(());
    };
    let said = if price_first {
        Phrase::new("free-from-price")
            .with("price", cheapest.price.charge)
            .with("party", two)
    } else {
        Phrase::new("free")
    };
    turn.say(said.with("period", period).with("nights", period.len()));
    missing::ask_party(turn);
    Ok(())
}

/// Buttons for the other ways to read the dates.
fn other_readings<W: World>(turn: &Turn<'_, W>) -> Vec<Button> {
    readings::others(turn)
        .into_iter()
        .take(1)
        .map(|reading| Button {
            choice: readings::choice(reading),
            title: readings::title(reading),
        })
        .collect()
}

/// The last of the three buttons under a price: the other reading, the other cabins, or a person.
pub(super) fn third_button<W: World>(turn: &Turn<'_, W>, period: Option<Period>) -> Button {
    if let Some(button) = other_readings(turn).into_iter().next() {
        return button;
    }
    match period {
        Some(period) if turn.desk.kinds.len() > 1 => Button {
            choice: Choice::Dates {
                check_in: period.check_in(),
                check_out: Some(period.check_out()),
            },
            title: Phrase::new("button-other-cabins"),
        },
        _ => Button {
            choice: Choice::Human,
            title: Phrase::new("button-person"),
        },
    }
}
