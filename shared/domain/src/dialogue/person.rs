//! Handing the chat to a person: why, when she answers, and how often that is said.
//!
//! Guaranteed: the owner is told every time; the guest is promised somebody once, and after that hears one short line: at
//! most every ten minutes where we cannot answer, every twenty seconds where she asks for a person, and for each file she
//! sends. The chat waits, and the bot goes on answering what it can.

use chrono::TimeDelta;

use super::{Attention, Phrase, Value, World, turn::Turn};
use crate::{
    hours::{Day, When},
    mode::Mode,
};

/// What is said again within this time is a loop or impatience, not a new question.
pub(super) const AGAIN: TimeDelta = TimeDelta::minutes(10);
/// The same of a plea.
const AT_ONCE: TimeDelta = TimeDelta::seconds(20);
/// So many misunderstandings in a row hand the chat to a person.
const PATIENCE: i32 = 2;

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

/// Hands the chat to a person, and says when she answers.
pub(super) fn hand_over<W: World>(turn: &mut Turn<'_, W>, reason: Reason) {
    turn.chat.misunderstandings = 0;
    let told = |matter: &Attention| matter.kind == Attention::WAITING;
    if turn.attention.iter().any(told) {
        // In this very turn.
        return;
    }
    let desk = turn.desk;
    let promise = desk.hours.promise(turn.now);
    turn.attention.push(Attention {
        kind: Attention::WAITING,
        about: None,
        deadline: promise.deadline,
        detail: Vec::new(),
        actions: &[],
    });
    let slots = &turn.chat.slots;
    let waiting = turn.chat.mode == Mode::Waiting;
    let kept = waiting && slots.promise_ends.is_some_and(|ends| ends > turn.now);
    let quiet = match reason {
        Reason::Unanswerable => AGAIN,
        // A file that nobody acknowledges, or a plea that nobody hears, is sent again and again.
        Reason::Asked => AT_ONCE,
        Reason::File => TimeDelta::zero(),
    };
    let recent = slots.promised_at.is_some_and(|at| turn.now - at < quiet);
    turn.chat.mode = Mode::Waiting;
    if kept && recent {
        return;
    }
    turn.chat.slots.promised_at = Some(turn.now);
    turn.chat.slots.promise_ends = Some(promise.ends);
    if kept {
        return turn.say(timed(Phrase::new("person-told"), promise.when));
    }
    if matches!(promise.when, When::From(..))
        && let Some(words) = desk.text("after_hours")
    {
        turn.words(words);
    }
    let phrase = match reason {
        Reason::File => Phrase::new("person-will-look"),
        Reason::Asked | Reason::Unanswerable => Phrase::new("person-will-answer"),
    };
    turn.say(timed(phrase, promise.when));
}

/// Not understood: the first time in a row that is said, the second time a person sees to it. Whether it was said.
pub(super) fn confused<W: World>(turn: &mut Turn<'_, W>, phrase: Phrase) -> bool {
    turn.chat.misunderstandings = turn.chat.misunderstandings.saturating_add(1);
    if turn.chat.mode == Mode::Waiting || turn.chat.misunderstandings >= PATIENCE {
        hand_over(turn, Reason::Unanswerable);
        return false;
    }
    turn.say(phrase);
    true
}

fn timed(phrase: Phrase, when: When) -> Phrase {
    let (which, time) = match when {
        When::Soon => ("soon", Value::from("")),
        When::Until(Day::Today, time) => ("until-today", time.into()),
        When::Until(Day::Tomorrow, time) => ("until-tomorrow", time.into()),
        When::From(Day::Today, time) => ("from-today", time.into()),
        When::From(Day::Tomorrow, time) => ("from-tomorrow", time.into()),
    };
    phrase.with("when", Value::Which(which)).with("time", time)
}
