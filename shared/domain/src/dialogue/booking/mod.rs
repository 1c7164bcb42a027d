//! From dates to a hold.
//!
//! The guest's words fill what is known of her stay (`facts`, `party`); `search` asks for what is missing, one thing at a
//! time, and shows options (`shown`), the price of one (`price`), or what comes nearest (`instead`); `hold` takes the
//! explicit yes. What was shown is remembered, so that "la 2" and "dale" mean something; nothing is held on words that
//! say anything else beside the yes.

mod facts;
mod hold;
mod instead;
mod missing;
pub(super) mod party;
mod point;
mod price;
mod readings;
mod search;
mod shown;
mod together;
mod words;

use chrono::TimeDelta;

use super::{Booked, Choice, Entry, Phrase, Quoted, State, World, said::Said, turn::Turn};
use crate::{ids::UnitTypeId, nights::Period};

pub(super) use words::{changes_the_search, heard, resume};

/// So long after it was last spoken of a stay is forgotten.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(14);

/// So long after a price was shown a typed yes still means it.
const YES_WITHIN: TimeDelta = TimeDelta::hours(24);

/// So long after options were shown they are shown again whole.
const READ_AGAIN: TimeDelta = TimeDelta::hours(6);

/// Forgets a stay that is past, or was last spoken of long ago.
pub(super) fn refresh<W: World>(turn: &mut Turn<'_, W>) {
    let today = turn.today();
    let slots = &turn.chat.slots;
    let past = slots.check_in.is_some_and(|day| day < today);
    let long_ago = slots
        .slots_at
        .is_some_and(|at| turn.now - at >= FORGOTTEN_AFTER);
    if past || long_ago {
        turn.chat.slots.forget_stay();
        if matches!(
            turn.chat.state,
            State::Dates | State::CheckOut | State::Guests | State::Options | State::Confirm
        ) {
            turn.stand(State::Menu, None);
        }
    }
}

/// A tap on a button of the search.
pub(super) async fn tap<W: World>(
    turn: &mut Turn<'_, W>,
    choice: &Choice,
    entry: &Entry,
) -> Result<(), W::Error> {
    turn.chat.slots.slots_at = Some(turn.now);
    match choice {
        Choice::Option {
            kinds,
            check_in,
            check_out,
        } => match Period::new(*check_in, *check_out) {
            Ok(period) => option(turn, kinds, period).await,
            Err(why) => {
                turn.say(Phrase::new("refused").with("why", why));
                missing::ask_dates(turn);
                Ok(())
            }
        },
        Choice::Dates {
            check_in,
            check_out,
        } => {
            let slots = &mut turn.chat.slots;
            slots.check_in = Some(*check_in);
            slots.check_out = *check_out;
            slots.kinds.clear();
            search(turn).await
        }
        Choice::Pets(pets) => {
            turn.chat.slots.pets = Some(u32::from(*pets));
            search(turn).await
        }
        Choice::Hold(quote) => {
            let way = turn.desk.ways().first();
            hold::tapped(turn, *quote, entry.id, way).await
        }
        Choice::OtherDates => {
            forget_dates(turn);
            search(turn).await
        }
        // Begins where the guest stands: what she has told already is not asked again.
        _ => search(turn).await,
    }
}

/// Looks for the stay in the slots: options, or the question for what is missing.
pub(super) async fn search<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    turn.chat.slots.slots_at = Some(turn.now);
    search::search(turn, false).await
}

/// The price of these nights in a cabin of each of these kinds, for the party the chat knows.
pub(super) async fn option<W: World>(
    turn: &mut Turn<'_, W>,
    kinds: &[UnitTypeId],
    period: Period,
) -> Result<(), W::Error> {
    let slots = &mut turn.chat.slots;
    slots.check_in = Some(period.check_in());
    slots.check_out = Some(period.check_out());
    slots.kinds = kinds.to_vec();
    // Who took two cabins wants two on other dates as well.
    slots.cabins = (kinds.len() > 1).then_some(2);
    search(turn).await
}

/// Shows a price; from now on a yes books it.
pub(super) fn price<W: World>(turn: &mut Turn<'_, W>, quoted: &Quoted) {
    turn.chat.slots.slots_at = Some(turn.now);
    if let Some((first, _)) = quoted.stays.first() {
        let slots = &mut turn.chat.slots;
        slots.check_in = Some(first.period.check_in());
        slots.check_out = Some(first.period.check_out());
        slots.kinds = quoted.stays.iter().map(|(it, _)| it.unit_type).collect();
        party::remember(slots, party::of_quote(quoted));
    }
    price::show(turn, quoted);
}

/// Dates, party and kinds of a booking, as if the guest had just said so.
pub(super) fn remember_stay<W: World>(turn: &mut Turn<'_, W>, booked: &Booked) {
    let slots = &mut turn.chat.slots;
    party::remember(slots, booked.stays.iter().map(|stay| &stay.party));
    if let Some(first) = booked.stays.first() {
        slots.check_in = Some(first.period.check_in());
        slots.check_out = Some(first.period.check_out());
    }
    slots.kinds = booked.stays.iter().map(|stay| stay.unit_type).collect();
    slots.cabins = None;
}

/// Forgets when, and what was shown for it.
fn forget_dates<W: World>(turn: &mut Turn<'_, W>) {
    let slots = &mut turn.chat.slots;
    slots.check_in = None;
    slots.check_out = None;
    slots.nights = None;
    slots.quote = None;
    slots.offered.clear();
}

/// Whether the words of this turn are a yes to the price that was shown, and to nothing else.
pub(super) fn says_yes<W: World>(turn: &Turn<'_, W>, said: &Said<'_>) -> bool {
    let recent = turn
        .chat
        .slots
        .slots_at
        .is_some_and(|at| turn.now - at < YES_WITHIN);
    turn.chat.state == State::Confirm && recent && !said.tapped && said.is_plain_yes()
}
