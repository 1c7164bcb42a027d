//! Small talk.

use chrono::TimeDelta;

use super::{
    talk::{Talk, choices, keys, says},
    world::nights,
};
use crate::{
    dialogue::{Choice, Content, FileFate, FileKind, State, Verdict},
    mode::Mode,
    understand::Topic,
};

#[test]
fn a_greeting_gets_a_welcome_and_the_ways_on() {
    let mut talk = Talk::new();
    talk.desk
        .texts
        .insert("welcome".to_owned(), "A metros del lago.".to_owned());
    let decision = talk.says("hola");
    assert_eq!(keys(&decision), ["welcome", "words", "menu-hint"]);
    assert_eq!(
        choices(&decision),
        [Choice::Book, Choice::Topic(Topic::Services), Choice::Human]
    );
    assert_eq!(
        (decision.chat.state, decision.chat.mode),
        (State::Menu, Mode::Bot)
    );
    assert!(decision.attention.is_empty());
}

#[test]
fn the_menu_of_a_guest_with_a_booking_leads_to_it() {
    let mut talk = Talk::new();
    talk.world.confirmed(1, nights("2027-01-10", "2027-01-15"));
    let decision = talk.turn(vec![Content::Welcome]);
    assert_eq!(
        choices(&decision),
        [Choice::Book, Choice::MyBookings, Choice::Human]
    );
}

#[test]
fn a_greeting_in_the_middle_of_a_booking_does_not_end_it() {
    let mut talk = Talk::new();
    talk.says("tenés lugar?");
    talk.later(TimeDelta::hours(1));
    let decision = talk.says("hola");
    assert_eq!(keys(&decision)[0], "hello-again");
    assert_eq!(decision.chat.state, State::Dates);
}

#[test]
fn thanks_are_answered_once_and_an_ok_never() {
    let mut talk = Talk::new();
    talk.says("hola");
    let nod = talk.says("ok");
    assert_eq!((nod.verdict, nod.reply), (Verdict::NoAnswerNeeded, None));
    let thanked = talk.says("muchas gracias!");
    assert_eq!(keys(&thanked), ["courtesy"]);
    assert_eq!(choices(&thanked), []);
    assert_eq!(talk.says("gracias").reply, None);
    assert_eq!(talk.says("👍").reply, None);
}

#[test]
fn a_no_thank_you_is_fine_and_said_once() {
    let mut talk = Talk::new();
    talk.says("hola");
    assert_eq!(
        talk.says("no, gracias")
            .reply
            .map(|reply| reply.parts.len()),
        Some(1)
    );
    assert_eq!(talk.says("no, gracias").reply, None);
}

#[test]
fn thanks_close_what_a_bare_yes_would_have_meant() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero, 2 adultos, en la Lago");
    talk.says("gracias");
    talk.says("dale");
    assert!(talk.world.bookings.is_empty());
}

#[test]
fn a_machine_that_greets_and_thanks_ours_is_left_to_silence() {
    let mut talk = Talk::new();
    let mut replies = 0;
    for _ in 0..50 {
        let decision = talk.says("Hola! Gracias por comunicarte");
        replies += usize::from(decision.reply.is_some());
    }
    assert_eq!(replies, 2, "menu, courtesy");
}

#[test]
fn a_machine_that_only_greets_gets_the_menu_a_question_and_a_promise() {
    let mut talk = Talk::new();
    let mut replies = 0;
    for _ in 0..50 {
        replies += usize::from(talk.says("Hola, buenas tardes").reply.is_some());
    }
    assert_eq!(replies, 3);
}

#[test]
fn a_machine_that_thanks_ours_is_answered_once() {
    let mut talk = Talk::new();
    talk.says("hola");
    let mut replies = 0;
    for _ in 0..20 {
        replies += usize::from(talk.says("gracias").reply.is_some());
    }
    assert_eq!(replies, 1);
}

#[test]
fn what_is_not_understood_is_said_so_with_the_ways_on() {
    let mut talk = Talk::new();
    let decision = talk.says("asdf qwer zxcv");
    assert_eq!(keys(&decision), ["not-understood"]);
    assert!(choices(&decision).contains(&Choice::Human));
    let mut marks = Talk::new();
    assert_eq!(keys(&marks.says("???")), ["what-do-you-need"]);
}

#[test]
fn a_file_nobody_could_open_is_said_so() {
    let mut talk = Talk::new();
    let mut entry = talk.entry(Content::File {
        file: FileKind::Video,
        caption: None,
    });
    entry.file = FileFate::Refused;
    let decision = talk.decide(&[entry]);
    assert_eq!(keys(&decision), ["file-refused"]);
    assert_eq!(decision.chat.mode, Mode::Bot);
}

#[test]
fn a_hello_stands_before_an_answer_once_a_day() {
    let mut talk = Talk::new();
    assert_eq!(keys(&talk.says("hola, dónde queda?")), ["hello", "words"]);
    assert_eq!(keys(&talk.says("hola, qué servicios tienen?")), ["words"]);
}

#[test]
fn who_wants_no_messages_is_remembered_and_still_answered() {
    let mut talk = Talk::new();
    assert_eq!(keys(&talk.says("baja")), ["opted-out"]);
    assert!(talk.world.opted_out && talk.chat.opted_out);
    assert_eq!(keys(&talk.says("dónde queda?")), ["words"]);
    assert!(says(&talk.says("alta"), "opted-in"));
    assert!(!talk.world.opted_out && !talk.chat.opted_out);
}
