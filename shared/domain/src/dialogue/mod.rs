//! What the desk answers. One call of [`decide`] is one turn: everything that waited in a chat's mailbox goes in,
//! what to say and the chat's new standing come out.
//!
//! Guaranteed: at most one reply a turn; none in a chat that is muted, private or in a person's hands (but for what
//! happened to a booking), none to what a person has already answered, none outside the provider's 24 hours except as an
//! approved template; nights are held, changed or cancelled on a tap that says so or on a typed yes to exactly that
//! question, and on nothing else; a chat that waits for a person is promised her once and then reminded rarely; two machines thanking or
//! greeting each other fall silent. Not decided here: the words (the caller renders [`Reply`]) and whether the reply may
//! still go out when its time comes (the delivery-worker checks again).
//!
//! The order within a turn: who has the chat ([`fold`]), what happened to bookings, files, taps, words.

mod booking;
mod chat;
mod choice;
mod consent;
mod discount;
mod entry;
mod events;
mod fold;
mod listen;
mod person;
mod phrase;
mod questions;
mod reply;
mod said;
mod slots;
mod small;
mod stay;
#[cfg(test)]
mod tests;
mod turn;
mod world;
mod yes;

pub use chat::{CabinOfKind, Chat, Desk, KindOfCabin, Rules, Ways};
pub use choice::Choice;
pub use entry::{Content, Entry, Event, FileFate, FileKind};
pub use phrase::{Phrase, Value};
pub use reply::{Attention, Button, Decision, Menu, Part, Reply, Row, Template, Verdict};
pub use slots::{Offered, Slots, State};
pub use world::{Booked, BookedStay, Denied, Link, Quoted, Wanted, World};

use chrono::{DateTime, Utc};

/// One turn: what follows from everything that waits. Entries may come in any order.
pub async fn decide<W: World>(
    chat: &Chat,
    entries: &[Entry],
    desk: &Desk,
    rules: &Rules,
    now: DateTime<Utc>,
    world: &mut W,
) -> Result<Decision, W::Error> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    // Stable: entries of the same second keep the order the caller read them in.
    entries.sort_by_key(|entry| entry.at);
    let folded = fold::fold(chat, &entries, rules);
    if folded.closed {
        return Ok(Decision::silent(folded.chat, folded.verdict));
    }
    let names = names(desk);
    let mut turn = turn::Turn::new(folded.chat, desk, &names, rules, now, world);
    let told = events::tell(&mut turn, &folded.events).await?;
    stay::files_for_a_person(&mut turn, &folded.hers).await?;
    let Some(newest) = folded.open.last() else {
        told.settle(&mut turn, true).await?;
        return Ok(turn.close(None, folded.verdict));
    };
    if now - newest.at >= rules.session {
        // The provider takes nothing but templates now. Only a person can help here.
        turn.attention.push(Attention {
            kind: Attention::UNANSWERED,
            about: None,
            deadline: desk.hours.promise(now).deadline,
            detail: Vec::new(),
            actions: &[],
        });
        told.settle(&mut turn, true).await?;
        return Ok(turn.close(None, Verdict::TooLate));
    }
    listen::listen(&mut turn, &folded.open).await?;
    told.settle(&mut turn, false).await?;
    Ok(turn.close(Some(newest), Verdict::NoAnswerNeeded))
}

/// What cabins and their kinds are called.
fn names(desk: &Desk) -> Vec<String> {
    let kinds = desk.kinds.iter();
    kinds
        .flat_map(|kind| {
            let cabins = kind.cabins.iter().map(|cabin| cabin.name.clone());
            std::iter::once(kind.name.clone()).chain(cabins)
        })
        .collect()
}
