//! What it costs, line by line, with the button that books it.

use super::{instead, party, search, shown};
use crate::{
    availability::{Among, Search},
    dialogue::{Choice, Phrase, Quoted, State, Value, Wanted, World, turn::Turn},
    ids::UnitTypeId,
    money::Money,
    nights::Period,
    party::Party,
    quote::LineKind,
    rates::BookingMode,
    understand::Asked,
};

/// Makes a quote for these kinds, one cabin each, and shows it.
pub(super) async fn of<W: World>(
    turn: &mut Turn<'_, W>,
    kinds: &[UnitTypeId],
    period: Period,
    parties: &[Party],
) -> Result<(), W::Error> {
    let stays: Vec<Wanted> = kinds
        .iter()
        .zip(parties)
        .map(|(kind, party)| Wanted {
            unit_type: *kind,
            cabin: None,
            period,
            party: party.clone(),
        })
        .collect();
    match turn.world.quote(&stays).await? {
        Ok(quoted) => {
            let slots = &mut turn.chat.slots;
            slots.kinds = kinds.to_vec();
            slots.check_in = Some(period.check_in());
            slots.check_out = Some(period.check_out());
            show(turn, &quoted);
            Ok(())
        }
        Err(why) => {
            let Some(everybody) = party::sum(parties.iter()) else {
                return Ok(());
            };
            let search = Search {
                period,
                party: everybody.clone(),
                among: Among::All,
            };
            let mut offers = turn.world.offers(&search).await?;
            if !offers.offers.is_empty() {
                offers.alternatives.cabins = std::mem::take(&mut offers.offers);
            }
            offers.refusal = Some(why);
            turn.chat.slots.kinds.clear();
            instead::show(turn, period, &everybody, &offers);
            Ok(())
        }
    }
}

/// Shows a quote with what can be done about it. From now on a yes books it.
pub(in crate::dialogue) fn show<W: World>(turn: &mut Turn<'_, W>, quoted: &Quoted) {
    let Some((first, _)) = quoted.stays.first() else {
        return;
    };
    let period = first.period;
    let names: Vec<String> = quoted.stays.iter().map(|(_, name)| name.clone()).collect();
    let Some(everybody) = party::sum(party::of_quote(quoted)) else {
        return;
    };
    turn.say(
        Phrase::new("price")
            .with("name", shown::name(&names))
            .with("period", period)
            .with("nights", period.len())
            .with("party", everybody)
            .with("lines", lines(quoted))
            .with("total", total(quoted)),
    );
    // Not again with every correction, nor after a list that had them.
    if turn.chat.slots.quote.is_none()
        && let [(wanted, _)] = quoted.stays.as_slice()
        && let Some(photo) = turn
            .kind(wanted.unit_type)
            .and_then(|kind| kind.photos.first())
        && !turn
            .chat
            .slots
            .offered
            .iter()
            .any(|it| it.kinds.contains(&wanted.unit_type))
    {
        turn.say(Phrase::new("photos").with("photos", photo.as_str()));
    }
    turn.say(terms(quoted));
    turn.chat.slots.quote = Some(quoted.id);
    turn.ask(State::Confirm, Asked::YesOrNo, Phrase::new("ask-confirm"));
    buttons(turn, quoted);
}

/// The buttons under a price.
pub(super) fn buttons<W: World>(turn: &mut Turn<'_, W>, quoted: &Quoted) {
    turn.clear_menu();
    turn.button(Choice::Hold(quoted.id), Phrase::new("button-book"));
    turn.button(Choice::OtherDates, Phrase::new("button-other-dates"));
    let period = quoted.stays.first().map(|(wanted, _)| wanted.period);
    let third = search::third_button(turn, period);
    turn.button(third.choice, third.title);
}

/// What is due now, and until when the price holds.
fn terms(quoted: &Quoted) -> Phrase {
    let price = &quoted.price;
    let due = if price.deposit.is_zero() {
        "nothing"
    } else if price.deposit == price.charge {
        "all"
    } else {
        "part"
    };
    let how = match price.booking_mode {
        BookingMode::Instant => "instant",
        BookingMode::Request => "request",
    };
    Phrase::new("price-terms")
        .with("due", Value::Which(due))
        .with("how", Value::Which(how))
        .with("deposit", price.deposit)
        .with("until", quoted.valid_until)
}

/// The total as it is charged, and in the currency of the prices where that is another.
fn total(quoted: &Quoted) -> Phrase {
    let price = &quoted.price;
    if price.total.currency == price.charge.currency {
        Phrase::new("price-total").with("total", price.charge)
    } else {
        Phrase::new("price-total-converted")
            .with("total", price.charge)
            .with("list", price.total)
    }
}

/// A line for each sort of thing; nights of all prices are one.
fn lines(quoted: &Quoted) -> Vec<Phrase> {
    let currency = quoted.price.total.currency;
    let mut sums: Vec<(&'static str, Option<&str>, i64)> = Vec::new();
    for line in &quoted.price.lines {
        let (key, reason) = match &line.kind {
            LineKind::Nights { .. } => ("line-nights", None),
            LineKind::ExtraGuests { .. } => ("line-extra-guests", None),
            LineKind::Pets => ("line-pets", None),
            LineKind::Cleaning => ("line-cleaning", None),
            LineKind::LongStay { .. } => ("line-long-stay", None),
            LineKind::Adjustment { reason } => ("line-adjustment", Some(reason.as_str())),
        };
        let known = sums
            .iter_mut()
            .find(|(other, why, _)| *other == key && *why == reason);
        match known {
            Some((_, _, sum)) => *sum = sum.saturating_add(line.amount),
            None => sums.push((key, reason, line.amount)),
        }
    }
    let nights = quoted
        .stays
        .iter()
        .map(|(wanted, _)| wanted.period.len())
        .max();
    sums.into_iter()
        .map(|(key, reason, amount)| {
            Phrase {
                key,
                values: Vec::new(),
            }
            .with("nights", nights.unwrap_or(0))
            .with("reason", reason.unwrap_or_default())
            .with("amount", Money::new(amount, currency))
        })
        .collect()
}
