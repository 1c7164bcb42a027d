//! Two cabins in one booking: because one is too small, or because the guests want two.

use super::{instead, missing, price, shown};
use crate::{
    availability::{Among, Offer, Offers, Search},
    dialogue::{Offered, Phrase, World, person, turn::Turn},
    ids::UnitTypeId,
    money::Money,
    nights::Period,
    party::Party,
};

/// Pairs that are shown.
const MOST_PAIRS: usize = 3;

/// The guests want several cabins: pairs for two, a person for more.
pub(super) async fn options<W: World>(
    turn: &mut Turn<'_, W>,
    cabins: u32,
    period: Period,
    party: &Party,
) -> Result<(), W::Error> {
    if cabins > 2 {
        turn.say(Phrase::new("many-cabins").with("cabins", cabins));
        person::hand_over(turn, person::Reason::Unanswerable);
        return Ok(());
    }
    let Some([one, other]) = halves(party, None) else {
        turn.say(Phrase::new("two-cabins-two-adults"));
        missing::ask_party(turn);
        return Ok(());
    };
    let first = ask(turn, Among::All, period, &one).await?;
    let second = ask(turn, Among::All, period, &other).await?;
    let pairs = pairs(&first.offers, &second.offers);
    if pairs.is_empty() {
        let whole = ask(turn, Among::All, period, party).await?;
        if !whole.offers.is_empty() {
            // One cabin could take them all.
            turn.say(Phrase::new("no-two-cabins").with("period", period));
            turn.chat.slots.cabins = None;
            let items = whole.offers.iter().map(shown::Item::from).collect();
            shown::show(turn, period, items, Vec::new());
            return Ok(());
        }
        instead::show(turn, period, party, &whole);
        return Ok(());
    }
    turn.say(
        Phrase::new("options-for")
            .with("period", period)
            .with("nights", period.len())
            .with("party", party.clone()),
    );
    shown::show(turn, period, pairs, Vec::new());
    Ok(())
}

/// The price of these two kinds together, with everybody shared out between them.
pub(super) async fn of_two<W: World>(
    turn: &mut Turn<'_, W>,
    kinds: [UnitTypeId; 2],
    period: Period,
    party: &Party,
) -> Result<(), W::Error> {
    let offers = ask(turn, Among::All, period, party).await?;
    // As it was offered, if it was; else by what the cabins hold.
    let offered = offers.alternatives.together.iter().find_map(|together| {
        let [a, b] = &together.halves;
        let straight = [a.unit_type, b.unit_type] == kinds;
        let crossed = [b.unit_type, a.unit_type] == kinds;
        match (straight, crossed) {
            (true, _) => Some([a.party.clone(), b.party.clone()]),
            (false, true) => Some([b.party.clone(), a.party.clone()]),
            (false, false) => None,
        }
    });
    let capacity = |id| turn.kind(id).map(|kind| kind.capacity);
    let capacities = match kinds.map(capacity) {
        [Some(a), Some(b)] => Some([a, b]),
        _ => None,
    };
    let ways = [offered, halves(party, None), halves(party, capacities)];
    let Some(parties) = as_shown(turn, kinds, period, ways).await? else {
        turn.say(Phrase::new("two-cabins-two-adults"));
        missing::ask_party(turn);
        return Ok(());
    };
    // Each by itself must be free; the same kind twice needs two of it.
    let mut free = Vec::new();
    for (kind, party) in kinds.iter().zip(&parties) {
        let offers = ask(turn, Among::Type(*kind), period, party).await?;
        let Some(offer) = offers.offers.first() else {
            turn.chat.slots.kinds.clear();
            instead::show(turn, period, party, &offers);
            return Ok(());
        };
        free.push(offer.free.len());
    }
    if kinds[0] == kinds[1] && free.iter().any(|free| *free < 2) {
        turn.chat.slots.kinds.clear();
        return Box::pin(options(turn, 2, period, party)).await;
    }
    price::of(turn, &kinds, period, &parties).await
}

/// The way to share everybody out that costs what was shown for these kinds; else the first that can be had; else the
/// last, to say why it cannot.
async fn as_shown<W: World>(
    turn: &mut Turn<'_, W>,
    kinds: [UnitTypeId; 2],
    period: Period,
    ways: [Option<[Party; 2]>; 3],
) -> Result<Option<[Party; 2]>, W::Error> {
    let nights = (period.check_in(), period.check_out());
    let offered = turn.chat.slots.offered.iter();
    let shown = offered
        .filter(|one| one.kinds == kinds && (one.check_in, one.check_out) == nights)
        .map(|one| one.charge)
        .next();
    let mut best = None;
    let mut last = None;
    for way in ways.into_iter().flatten() {
        let mut costs: Option<Money> = None;
        for (kind, party) in kinds.iter().zip(&way) {
            let offers = ask(turn, Among::Type(*kind), period, party).await?;
            let charge = offers.offers.first().map(|offer| offer.price.charge);
            costs = match (costs, charge) {
                (_, None) => {
                    costs = None;
                    break;
                }
                (None, Some(charge)) => Some(charge),
                (Some(sum), Some(charge)) => sum.plus(charge).ok(),
            };
        }
        if costs.is_some() && costs == shown {
            return Ok(Some(way));
        }
        if costs.is_some() && best.is_none() {
            best = Some(way.clone());
        }
        last = Some(way);
    }
    Ok(best.or(last))
}

async fn ask<W: World>(
    turn: &mut Turn<'_, W>,
    among: Among,
    period: Period,
    party: &Party,
) -> Result<Offers, W::Error> {
    let search = Search {
        period,
        party: party.clone(),
        among,
    };
    turn.world.offers(&search).await
}

/// Pairs of kinds, the cheapest first.
fn pairs(first: &[Offer], second: &[Offer]) -> Vec<shown::Item> {
    let mut pairs: Vec<shown::Item> = Vec::new();
    for a in first {
        for b in second {
            let enough = a.unit_type != b.unit_type || a.free.len() > 1;
            let Ok(charge) = a.price.charge.plus(b.price.charge) else {
                continue;
            };
            if enough && !known(&pairs, a, b) {
                pairs.push(item(a, b, charge));
            }
        }
    }
    pairs.sort_by_key(|pair| pair.offered.charge.minor);
    pairs.truncate(MOST_PAIRS);
    pairs
}

fn known(pairs: &[shown::Item], a: &Offer, b: &Offer) -> bool {
    pairs
        .iter()
        .any(|pair| pair.offered.kinds == [b.unit_type, a.unit_type])
}

fn item(a: &Offer, b: &Offer, charge: Money) -> shown::Item {
    shown::Item {
        offered: Offered {
            kinds: vec![a.unit_type, b.unit_type],
            check_in: a.period.check_in(),
            check_out: a.period.check_out(),
            charge,
        },
        names: vec![a.unit_type_name.clone(), b.unit_type_name.clone()],
        capacity: None,
    }
}

/// The party in two, an adult in each, filled alike (by what the cabins hold, where that is known); none if there are
/// not two adults, or they do not fit.
fn halves(party: &Party, capacities: Option<[u32; 2]>) -> Option<[Party; 2]> {
    let [room_a, room_b] = capacities.unwrap_or([u32::MAX, u32::MAX]);
    let (weight_a, weight_b) = capacities.map_or((1, 1), |[a, b]| (u64::from(a), u64::from(b)));
    let mut children = party.children().to_vec();
    children.sort_by(|a, b| b.cmp(a));
    let splits = (1..party.adults()).flat_map(|here| {
        let children = &children;
        (0..=children.len()).filter_map(move |elder| {
            let (with_us, with_them) = children.split_at(elder);
            let ours = Party::new(here, with_us.to_vec(), party.pets()).ok()?;
            let theirs = Party::new(party.adults() - here, with_them.to_vec(), 0).ok()?;
            Some([ours, theirs])
        })
    });
    splits
        .filter(|[a, b]| a.guests() <= room_a && b.guests() <= room_b)
        .min_by_key(|[a, b]| {
            let filled = u64::from(a.guests()) * weight_b;
            filled.abs_diff(u64::from(b.guests()) * weight_a)
        })
}
