//! What the desk answers. One call of [`decide`] is one turn: everything that waited in a chat's mailbox goes in,
//! what to say and the chat's new standing come out.
//!
//! Guaranteed: at most one reply a turn; none in a chat that is muted, private or in a person's hands (but for what
//! happened to a booking), none to what a person has already answered, none outside the provider's 24 hours except as an
//! approved template; nights are held, changed or cancelled on a tap that says so and on nothing else; a chat that waits
//! for a person is told so once per promise; two machines thanking or greeting each other fall silent. Not decided here:
//! the words (the caller renders [`Reply`]) and whether the reply may still go out when its time comes (the
//! delivery-worker checks again).

mod chat;
mod choice;
mod entry;
mod fold;
mod phrase;
mod reply;
mod small;
mod turn;
mod world;

pub use chat::{CabinOfKind, Chat, Desk, KindOfCabin, Rules, Slots, State};
pub use choice::Choice;
pub use entry::{Content, Entry, Event, FileFate, FileKind};
pub use phrase::{Phrase, Value};
pub use reply::{
    Attention, Button, Decision, Menu, Part, Reply, Row, Template, Verdict,
};
pub use world::{Booked, BookedStay, Denied, Quoted, Wanted, World};

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
    let (chat, open) = fold::fold(chat, &entries, rules);
    let open = match open {
        fold::Open::Nothing(verdict) => return Ok(Decision::silent(chat, verdict)),
        fold::Open::Entries(open) => open,
    };
    let Some(newest) = open.last() else {
        return Ok(Decision::silent(chat, Verdict::Nothing));
    };
    if now.signed_duration_since(newest.at) >= rules.session {
        // The provider takes nothing but templates now. Only a person can help here.
        let mut decision = Decision::silent(chat, Verdict::TooLate);
        decision.attention.push(Attention {
            kind: Attention::UNANSWERED,
            about: None,
            deadline: desk.hours.promise(now).deadline,
            detail: Vec::new(),
            actions: &[],
        });
        return Ok(decision);
    }
    let mut turn = turn::Turn::new(chat, desk, rules, now, world);
    small::answer(&mut turn, &open).await?;
    Ok(turn.close(newest))
}
