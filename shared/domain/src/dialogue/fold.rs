//! Who has the chat after these entries, and which of them the bot still has to answer. Every entry is one of: a person's
//! or the desk's own doing, an event, open, hers, or taken back.

use crate::mode::Mode;

use super::{Chat, Choice, Content, Entry, Rules, Slots, State, Verdict};

/// What these entries mean for the chat.
pub(super) struct Folded<'a> {
    /// The chat as it stands now.
    pub(super) chat: Chat,
    /// Muted or private: nothing is said, whatever happens.
    pub(super) closed: bool,
    /// What the bot still has to answer, oldest first.
    pub(super) open: Vec<&'a Entry>,
    /// What a person has: the guest's, unanswered by the bot.
    pub(super) hers: Vec<&'a Entry>,
    /// Of bookings; said also in a chat that a person has.
    pub(super) events: Vec<&'a Entry>,
    /// What the turn comes to if nothing is said.
    pub(super) verdict: Verdict,
}

/// Runs through the entries in order.
pub(super) fn fold<'a>(before: &Chat, entries: &[&'a Entry], rules: &Rules) -> Folded<'a> {
    let mut chat = before.clone();
    let mut open: Vec<&Entry> = Vec::new();
    let mut hers: Vec<&Entry> = Vec::new();
    let mut events: Vec<&Entry> = Vec::new();
    let mut verdict = Verdict::Nothing;
    for entry in entries {
        if entry.content == Content::Person {
            person_spoke(&mut chat, entry, entries, rules);
            if !open.is_empty() {
                hers.append(&mut open);
                verdict = Verdict::AnsweredByPerson;
            }
            continue;
        }
        match entry.content {
            Content::Released => {
                release(&mut chat);
                continue;
            }
            Content::Muted { muted: true } => {
                chat.mode = Mode::Muted;
                continue;
            }
            Content::Muted { muted: false } => {
                if chat.mode == Mode::Muted {
                    chat.mode = Mode::Bot;
                }
                continue;
            }
            Content::Event { .. } => {
                events.push(*entry);
                continue;
            }
            _ => {}
        }
        if chat.last_person_at.is_some_and(|person| person >= entry.at) {
            // She wrote after this: whatever it was, she has seen it.
            verdict = Verdict::AnsweredByPerson;
            hers.push(*entry);
            continue;
        }
        if chat.mode == Mode::Human && !accepts_an_offer(&chat, entry) {
            if chat
                .last_person_at
                .is_none_or(|person| entry.at - person < rules.hand_back_after)
            {
                verdict = Verdict::SilentHuman;
                hers.push(*entry);
                continue;
            }
            release(&mut chat);
        }
        open.push(*entry);
    }
    let closed = chat.private || chat.mode == Mode::Muted;
    if closed {
        verdict = Verdict::SilentPrivate;
    }
    withdraw(&mut open);
    Folded {
        chat,
        closed,
        open,
        hers,
        events,
        verdict,
    }
}

/// A tap on the price that the bot showed since the person's last word: she made an offer through it. The chat stays
/// hers.
fn accepts_an_offer(chat: &Chat, entry: &Entry) -> bool {
    match &entry.content {
        Content::Tap { id, .. } => match Choice::of_id(id) {
            Some(Choice::Hold(quote)) => chat.slots.quote == Some(quote),
            _ => false,
        },
        _ => false,
    }
}

/// The chat is the bot's again. A muted one stays muted: nobody had it.
fn release(chat: &mut Chat) {
    if chat.mode == Mode::Muted {
        return;
    }
    chat.mode = Mode::Bot;
    // Not a new acquaintance: an "ok" to what she said three hours ago needs no menu.
    chat.state = State::Menu;
    chat.slots = Slots::default();
    chat.misunderstandings = 0;
}

/// A person's message takes the chat into her hands; except one that comes so late that the guest wrote again long
/// after it and has been answered: that chat has been handed back already.
fn person_spoke(chat: &mut Chat, entry: &Entry, entries: &[&Entry], rules: &Rules) {
    chat.last_person_at = chat.last_person_at.max(Some(entry.at));
    let long_after = |at| at - entry.at >= rules.hand_back_after;
    let still_waits = entries
        .iter()
        .any(|other| !other.content.is_ours() && long_after(other.at));
    if chat.last_guest_at.is_some_and(long_after) && !still_waits {
        return;
    }
    chat.epoch = chat.epoch.saturating_add(1);
    if chat.mode != Mode::Muted {
        chat.mode = Mode::Human;
    }
    chat.misunderstandings = 0;
    chat.slots = Slots::default();
}

/// Messages taken back or corrected before we answered count as they stand now.
fn withdraw(open: &mut Vec<&Entry>) {
    let gone: Vec<String> = open
        .iter()
        .filter_map(|entry| match &entry.content {
            Content::Revoke { original } | Content::Edit { original, .. } => Some(original.clone()),
            _ => None,
        })
        .collect();
    open.retain(|entry| {
        !matches!(entry.content, Content::Revoke { .. })
            && !entry
                .provider_id
                .as_ref()
                .is_some_and(|id| gone.contains(id))
    });
}
