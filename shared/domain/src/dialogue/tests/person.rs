//! Handing over, and how often that is said.

use chrono::TimeDelta;

use super::talk::{Talk, keys, says, value};
use crate::{
    dialogue::{Attention, Choice, Content, Value, Verdict},
    mode::Mode,
};

fn waiting() -> Talk {
    let mut talk = Talk::new();
    talk.says("quiero hablar con alguien");
    talk
}

#[test]
fn who_asks_for_a_person_is_told_until_when_she_answers_and_the_owner_hears_of_it() {
    let mut talk = Talk::new();
    let decision = talk.says("quiero hablar con una persona");
    assert_eq!(keys(&decision), ["person-will-answer"]);
    assert_eq!(
        value(&decision, "person-will-answer", "when"),
        Some(Value::Which("until-today"))
    );
    assert_eq!(decision.chat.mode, Mode::Waiting);
    assert_eq!(decision.attention[0].kind, Attention::WAITING);
}

#[test]
fn after_hours_the_owners_words_come_first_and_from_when_on_somebody_answers() {
    let mut talk = Talk::new();
    talk.desk
        .texts
        .insert("after_hours".to_owned(), "A esta hora dormimos.".to_owned());
    talk.later(TimeDelta::hours(11));
    let decision = talk.taps(&Choice::Human);
    assert_eq!(keys(&decision), ["words", "person-will-answer"]);
    assert_eq!(
        value(&decision, "person-will-answer", "when"),
        Some(Value::Which("from-tomorrow"))
    );
}

#[test]
fn who_asks_again_at_once_hears_nothing_and_later_one_short_line() {
    let mut talk = waiting();
    let at_once = talk.taps(&Choice::Human);
    assert_eq!(
        (at_once.verdict, at_once.reply),
        (Verdict::NoAnswerNeeded, None)
    );
    assert!(
        !at_once.attention.is_empty(),
        "she is told that there is more"
    );
    talk.later(TimeDelta::minutes(11));
    assert_eq!(keys(&talk.taps(&Choice::Human)), ["person-told"]);
    talk.later(TimeDelta::minutes(11));
    assert_eq!(keys(&talk.says("hola?")), ["person-told"]);
}

#[test]
fn what_nobody_understands_in_a_waiting_chat_gets_one_line_in_ten_minutes() {
    let mut talk = waiting();
    assert_eq!(talk.says("asdf qwer zxcv").reply, None);
    talk.later(TimeDelta::minutes(11));
    assert_eq!(keys(&talk.says("asdf qwer zxcv")), ["person-told"]);
    assert_eq!(talk.says("zxcv qwer asdf").reply, None);
}

#[test]
fn a_promise_that_was_not_kept_is_made_again() {
    let mut talk = waiting();
    talk.later(TimeDelta::hours(22));
    assert!(says(&talk.says("hola?"), "person-will-answer"));
}

#[test]
fn while_waiting_known_questions_are_still_answered() {
    let mut talk = waiting();
    let decision = talk.says("dónde queda?");
    assert_eq!(keys(&decision), ["words"]);
    assert_eq!(decision.chat.mode, Mode::Waiting);
}

#[test]
fn the_second_misunderstanding_in_a_row_hands_over() {
    let mut talk = Talk::new();
    let first = talk.turn(vec![Content::Voice]);
    assert!(says(&first, "please-type"));
    assert_eq!(
        (first.chat.mode, first.chat.misunderstandings),
        (Mode::Bot, 1)
    );
    let second = talk.turn(vec![Content::Unreadable {
        what: "location".to_owned(),
    }]);
    assert!(says(&second, "person-will-answer"));
    assert_eq!(second.chat.mode, Mode::Waiting);
}

#[test]
fn what_was_understood_in_between_starts_the_count_again() {
    let mut talk = Talk::new();
    talk.turn(vec![Content::Voice]);
    assert_eq!(talk.says("dónde queda?").chat.misunderstandings, 0);
    assert!(says(&talk.turn(vec![Content::Voice]), "please-type"));
}
