//! Words about a stay, in whatever state.

use super::{facts, forget_dates, hold, missing, option, point, says_yes, search, shown};
use crate::{
    dialogue::{Content, Phrase, State, World, said::Said, stay::payment, turn::Turn},
    ids::EntryId,
    mode::Mode,
    understand::{Asked, Context, Intent, Understanding, understand},
};

/// Words about a stay: dates, people, prices, cabins, a yes to a price. Whether they were that.
pub(in crate::dialogue) async fn heard<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
) -> Result<bool, W::Error> {
    let it = &said.understood;
    if says_yes(turn, said)
        && let (Some(quote), Some(entry)) = (turn.chat.slots.quote, typed(said))
    {
        let ways = turn.desk.ways();
        let way = it.pay_by.filter(|way| ways.has(*way));
        hold::hold(turn, quote, entry, way.unwrap_or(ways.first())).await?;
        if turn.chat.state == State::Held {
            payment::other_ways(turn, it.pay_by);
        }
        return Ok(true);
    }
    if speaks_of_a_booking(turn, it).await? {
        return Ok(false);
    }
    let fuller = ages_unasked(turn, said);
    let it = fuller.as_ref().unwrap_or(it);
    if only_who(turn, said, it) && crate::dialogue::stay::who_changes(turn, said).await? {
        return Ok(true);
    }
    let pointed = point::at(&turn.chat.slots.offered, it, &turn.desk.kinds).cloned();
    let facts = facts::take(&mut turn.chat.slots, it, &turn.desk.kinds);
    if facts.any() {
        turn.chat.slots.slots_at = Some(turn.now);
    }
    if let Some(offered) = pointed
        && !facts.dates
        && let Ok(period) = crate::nights::Period::new(offered.check_in, offered.check_out)
    {
        option(turn, &offered.kinds, period).await?;
        return Ok(true);
    }
    if facts.dates {
        turn.chat.slots.offered.clear();
    }
    turn.readings.clone_from(&facts.readings);
    let asks = [Intent::Availability, Intent::Price, Intent::Reserve];
    if !facts.any()
        && !it.topics.is_empty()
        && turn.has_spoken()
        && turn.chat.slots.check_in.is_none()
        && !is_searching(turn.chat.state)
        && turn
            .world
            .bookings()
            .await?
            .iter()
            .any(|it| it.state.takes_nights())
    {
        // "¿A qué hora entramos?" of somebody who has booked.
        return Ok(false);
    }
    if facts.any() || asks.iter().any(|intent| it.wants(*intent)) {
        sought(turn, it, facts.any()).await?;
        return Ok(true);
    }
    if changes_the_search(turn, said) {
        forget_dates(turn);
        missing::ask_dates(turn);
        return Ok(true);
    }
    yes_or_no(turn, said).await
}

/// "Cambio de planes, mejor del 22 al 25" before anything is booked: of the stay that is looked for, not of a booking.
pub(in crate::dialogue) fn changes_the_search<W: World>(
    turn: &Turn<'_, W>,
    said: &Said<'_>,
) -> bool {
    said.understood.intent == Intent::Change
        && is_searching(turn.chat.state)
        && turn.chat.slots.check_in.is_some()
        && !said.speaks_of("reserva")
        && !said.speaks_of("reservas")
}

const fn is_searching(state: State) -> bool {
    matches!(
        state,
        State::Dates | State::CheckOut | State::Guests | State::Options | State::Confirm
    )
}

/// "7 y 9" where options were shown for children of no known age: it is what they are.
fn ages_unasked<W: World>(turn: &Turn<'_, W>, said: &Said<'_>) -> Option<Understanding> {
    let it = &said.understood;
    let slots = &turn.chat.slots;
    let open = matches!(turn.chat.state, State::Options | State::Confirm);
    let unknown = super::party::of(slots)?.ok();
    let unknown = unknown.map_or(0, |party| super::party::unknown_ages(&party));
    if !open || unknown == 0 || it.intent != Intent::Unknown || it.pointer.is_some() {
        return None;
    }
    let context = Context {
        asked: Some(Asked::Ages),
        ..turn.context()
    };
    let it = understand(&said.text, &context);
    (it.ages.len() == unknown).then_some(it)
}

/// Only who comes was said, with no stay that is looked for: "somos 3 al final" of somebody who has booked.
fn only_who<W: World>(turn: &Turn<'_, W>, said: &Said<'_>, it: &Understanding) -> bool {
    let slots = &turn.chat.slots;
    let idle = matches!(
        turn.chat.state,
        State::Start | State::Menu | State::Thanked | State::Held
    );
    let who = it.adults.is_some()
        || it.children.is_some()
        || it.guests_total.is_some()
        || it.pets.is_some();
    let else_said = it.check_in.is_some()
        || it.check_out.is_some()
        || it.nights.is_some()
        || it.vague.is_some()
        || it.accommodation.is_some()
        || it.cabins.is_some()
        || it.wants(Intent::Reserve);
    let another = ["otra", "otro", "otras"];
    idle && who
        && !else_said
        && slots.check_in.is_none()
        && !another.iter().any(|word| said.speaks_of(word))
}

/// New facts, or a question after the stay.
async fn sought<W: World>(
    turn: &mut Turn<'_, W>,
    it: &Understanding,
    new: bool,
) -> Result<(), W::Error> {
    turn.chat.slots.slots_at = Some(turn.now);
    if !new
        && turn.chat.state == State::Held
        && let Some(id) = turn.chat.slots.booking
        && let Some(booked) = turn.world.booking(id).await?
        && booked.state.takes_nights()
        && it.intent == Intent::Reserve
    {
        // "Quiero reservar" right after it was held.
        hold::held(turn, &booked, "held-already");
        return Ok(());
    }
    if !new && turn.chat.state == State::Confirm && turn.chat.slots.quote.is_some() {
        let others = it.intent == Intent::Availability && turn.desk.kinds.len() > 1;
        if !others {
            return resume(turn).await;
        }
        // "¿Qué otras tenés?"
        turn.chat.slots.kinds.clear();
    }
    if !new && turn.chat.state == State::Options && it.intent == Intent::Reserve {
        // "Dale, reservala": which one? The list has just been read.
        return resume(turn).await;
    }
    let price_first = it.wants(Intent::Price);
    search::search(turn, price_first).await
}

/// A bare yes or no, where one was expected.
async fn yes_or_no<W: World>(turn: &mut Turn<'_, W>, said: &Said<'_>) -> Result<bool, W::Error> {
    let it = &said.understood;
    let state = turn.chat.state;
    if state == State::Menu
        && it.intent == Intent::Affirm
        && turn.chat.mode == Mode::Bot
        && let Some(quote) = turn.chat.slots.quote
    {
        // A yes after something else was said in between: to the price, perhaps. It is asked again.
        hold::again(turn, quote).await?;
        return Ok(turn.has_spoken());
    }
    if !is_searching(state) {
        return Ok(false);
    }
    if postpones(said) {
        // Nothing is forgotten: tomorrow she goes on from here.
        turn.say(Phrase::new("no-hurry"));
        return Ok(true);
    }
    if state == State::Guests
        && turn.chat.slots.asked == Some(Asked::YesOrNo)
        && let Some(most) = turn.chat.slots.pets_most
        && (it.affirms || said.speaks_of("sin"))
    {
        // "Dale", "sin el perro entonces": with as many as may come.
        turn.chat.slots.pets = Some(u32::from(most));
        search::search(turn, false).await?;
        return Ok(true);
    }
    if it.pointer.is_some() {
        resume(turn).await?;
        return Ok(turn.has_spoken());
    }
    let answered = !it.topics.is_empty();
    if answered && turn.has_spoken() && (it.denies || it.intent == Intent::Deny) {
        // The no was part of a question.
        resume(turn).await?;
        return Ok(true);
    }
    if it.denies || it.intent == Intent::Deny {
        if said.text.to_lowercase().contains("fecha") {
            // "No, otra fecha".
            forget_dates(turn);
            missing::ask_dates(turn);
        } else if state == State::Options {
            forget_dates(turn);
            missing::ask_other_dates(turn);
        } else {
            turn.chat.slots.quote = None;
            turn.stand(State::Menu, None);
            turn.say(Phrase::new("no-hurry"));
        }
        return Ok(true);
    }
    if !it.affirms {
        return Ok(false);
    }
    if state == State::Options
        && let [only] = turn.chat.slots.offered.clone().as_slice()
        && let Ok(period) = crate::nights::Period::new(only.check_in, only.check_out)
    {
        option(turn, &only.kinds, period).await?;
        return Ok(true);
    }
    resume(turn).await?;
    Ok(turn.has_spoken())
}

/// Whether she only wants to think it over, or to talk to somebody first.
fn postpones(said: &Said<'_>) -> bool {
    const LATER: [&str; 22] = [
        "hablo",
        "hablamos",
        "hablarlo",
        "charlo",
        "charlamos",
        "charlarlo",
        "consulto",
        "consultamos",
        "consultarlo",
        "aviso",
        "avisamos",
        "pienso",
        "pensamos",
        "pensarlo",
        "veo",
        "vemos",
        "verlo",
        "confirmo",
        "confirmamos",
        "decidimos",
        "sé",
        "se",
    ];
    let decides = said.understood.affirms && !said.understood.denies;
    let talks = LATER[..17].iter().any(|word| said.speaks_of(word));
    let tells = (said.speaks_of("te") || said.speaks_of("les") || said.speaks_of("mañana"))
        && LATER[17..20].iter().any(|word| said.speaks_of(word));
    let unsure = said.speaks_of("no") && LATER[20..].iter().any(|word| said.speaks_of(word));
    !said.text.contains('?') && (talks || tells || (unsure && !decides))
}

/// Says again, briefly, what is open.
pub(in crate::dialogue) async fn resume<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    match turn.chat.state {
        State::Dates | State::CheckOut => {
            missing::period(turn);
            Ok(())
        }
        // Only the pets, or the ages, may be open of who comes.
        State::Guests if super::party::of(&turn.chat.slots).is_some() => {
            search::search(turn, false).await
        }
        State::Guests => {
            missing::ask_party(turn);
            Ok(())
        }
        State::Options if stale(turn) => search::search(turn, false).await,
        State::Options => {
            shown::again(turn);
            Ok(())
        }
        State::Confirm => match turn.chat.slots.quote {
            Some(quote) => hold::again(turn, quote).await,
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Whether the options were shown so long ago that they have to be looked for, and read, again.
fn stale<W: World>(turn: &Turn<'_, W>) -> bool {
    let slots = &turn.chat.slots;
    let at = slots.slots_at;
    slots.check_in.is_some() && at.is_none_or(|at| turn.now - at >= super::READ_AGAIN)
}

/// Whether days without a question about room or price are those of a booking the guest has: "llegamos el 10 a las 15".
async fn speaks_of_a_booking<W: World>(
    turn: &mut Turn<'_, W>,
    it: &Understanding,
) -> Result<bool, W::Error> {
    let asks = [Intent::Availability, Intent::Price, Intent::Reserve];
    let searching = !matches!(
        turn.chat.state,
        State::Start | State::Menu | State::Thanked | State::Held
    );
    let Some(day) = it.check_in.or(it.check_out) else {
        return Ok(false);
    };
    if searching || asks.iter().any(|intent| it.wants(*intent)) {
        return Ok(false);
    }
    let bookings = turn.world.bookings().await?;
    Ok(bookings.iter().any(|booked| {
        booked.state.takes_nights()
            && booked
                .stays
                .iter()
                .any(|stay| (stay.period.check_in()..=stay.period.check_out()).contains(&day))
    }))
}

/// The message that said it.
fn typed(said: &Said<'_>) -> Option<EntryId> {
    let mut entries = said.entries.iter().rev();
    entries
        .find(|entry| matches!(entry.content, Content::Text { .. } | Content::Edit { .. }))
        .map(|entry| entry.id)
}
