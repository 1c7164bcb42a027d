//! Handing the chat to a person.

use super::{Attention, Phrase, World, turn::Turn};
use crate::mode::Mode;

/// Why a person is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The guest asks for one.
    Asked,
    /// We cannot answer this.
    Unanswerable,
    /// A file to be looked at.
    File,
}

/// Hands the chat to a person, and says when she answers: once per promise.
pub(super) fn hand_over<W: World>(turn: &mut Turn<'_, W>, _reason: Reason) {
    let promise = turn.desk.hours.promise(turn.now);
    turn.attention.push(Attention {
        kind: Attention::WAITING,
        about: None,
        deadline: promise.deadline,
        detail: Vec::new(),
        actions: &[],
    });
    turn.chat.mode = Mode::Waiting;
    turn.chat.slots.promised_at = Some(turn.now);
    turn.chat.slots.promise_ends = Some(promise.ends);
    turn.say(Phrase::new("person-will-answer"));
}
