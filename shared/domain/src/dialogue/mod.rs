//! What the desk answers. One call of [`decide`] is one turn: everything that waited in a chat's mailbox goes in,
//! what to say and the chat's new standing come out.
//!
//! Guaranteed: at most one reply a turn; none in a chat that is muted, private or in a person's hands, none to what a
//! person has already answered, none outside the provider's 24 hours; a chat that waits for a person is told so once
//! per promise; two machines thanking or greeting each other fall silent. Not decided here: the words (the caller
//! renders [`Reply`]) and whether the reply may still go out when its time comes (the delivery-worker checks again).

mod answer;
mod chat;
mod entry;
mod fold;
mod reply;

pub use chat::{Chat, Desk, Rules, Slots, State};
pub use entry::{Content, Entry, FileFate, FileKind};
pub use reply::{Attention, Choice, Decision, Part, Reply, Verdict};

use chrono::{DateTime, Utc};

/// One turn: what follows from everything that waits. Entries may come in any order.
pub fn decide(
    chat: &Chat,
    entries: &[Entry],
    desk: &Desk,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Decision {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    // Stable: entries of the same second keep the order the caller read them in.
    entries.sort_by_key(|entry| entry.at);
    let (chat, open) = fold::fold(chat, &entries, rules);
    let open = match open {
        fold::Open::Nothing(verdict) => return Decision::silent(chat, verdict),
        fold::Open::Entries(open) => open,
    };
    let Some(newest) = open.last() else {
        return Decision::silent(chat, Verdict::Nothing);
    };
    if now.signed_duration_since(newest.at) >= rules.session {
        // The provider takes nothing but templates now. Only a person can help here.
        let mut decision = Decision::silent(chat, Verdict::TooLate);
        decision.attention = Some(Attention {
            kind: Attention::UNANSWERED,
            deadline: desk.hours.promise(now).deadline,
        });
        return decision;
    }
    let cause = newest.id;
    let sorry = now.signed_duration_since(newest.at) >= rules.sorry_after;
    let mut decision = answer::answer(chat, &open, desk, now);
    if let Some(reply) = &mut decision.reply {
        reply.cause = Some(cause);
        if sorry {
            reply.parts.insert(0, Part::SorryForTheWait);
        }
    }
    decision
}

#[cfg(test)]
mod tests;
