//! Who has the chat, and what is still the bot's to answer.

use super::talk::{Talk, at, in_full, says, text_of};
use crate::{
    dialogue::{Attention, Chat, Choice, Content, Decision, Entry, FileKind, State, Verdict},
    mode::Mode,
    understand::Topic,
};

const HOUR: i64 = 3600;

fn entry(talk: &mut Talk, second: i64, content: Content) -> Entry {
    Entry {
        at: at(second),
        ..talk.entry(content)
    }
}

/// One turn at `now` over entries of these seconds.
fn turn(talk: &mut Talk, now: i64, said: Vec<(i64, Content)>) -> Decision {
    let entries: Vec<Entry> = said
        .into_iter()
        .map(|(second, content)| entry(talk, second, content))
        .collect();
    talk.now = at(now);
    talk.decide(&entries)
}

fn question() -> Content {
    text_of("donde queda?")
}

/// A chat that a person of ours has since this second.
fn hers(last_person: i64) -> Talk {
    let mut talk = Talk::new();
    talk.chat = Chat {
        mode: Mode::Human,
        last_person_at: Some(at(last_person)),
        ..Chat::default()
    };
    talk
}

fn answers_where(decision: &Decision) -> bool {
    in_full(decision).contains("text of location")
}

#[test]
fn a_persons_message_silences_the_bot_and_counts_as_the_answer() {
    let mut talk = Talk::new();
    let decision = turn(&mut talk, 31, vec![(0, question()), (30, Content::Person)]);
    assert_eq!(
        (decision.verdict, &decision.reply),
        (Verdict::AnsweredByPerson, &None)
    );
    assert_eq!((decision.chat.mode, decision.chat.epoch), (Mode::Human, 1));
    let after = turn(&mut talk, 62, vec![(60, question())]);
    assert_eq!((after.verdict, after.reply), (Verdict::SilentHuman, None));
}

#[test]
fn a_message_written_before_her_answer_but_stored_after_it_is_not_answered() {
    let decision = turn(&mut hers(100), 160, vec![(50, question())]);
    assert_eq!(
        (decision.verdict, decision.reply),
        (Verdict::AnsweredByPerson, None)
    );
}

#[test]
fn two_hours_after_her_last_word_the_guest_has_the_bot_again() {
    let silent = turn(&mut hers(0), 2 * HOUR, vec![(2 * HOUR - 1, question())]);
    assert_eq!(silent.verdict, Verdict::SilentHuman);
    let back = turn(&mut hers(0), 2 * HOUR, vec![(2 * HOUR, question())]);
    assert_eq!(
        (back.verdict, back.chat.mode),
        (Verdict::Replied, Mode::Bot)
    );
}

#[test]
fn five_hours_of_backlog_leave_only_what_nobody_answered() {
    // 12:00 a question, 12:30 her answer by phone, 16:00 another question; the worker comes back at 17:00.
    let mut talk = Talk::new();
    let decision = turn(
        &mut talk,
        5 * HOUR,
        vec![
            (4 * HOUR, question()),
            (HOUR / 2, Content::Person),
            (0, text_of("qué servicios tienen?")),
        ],
    );
    assert!(says(&decision, "sorry-for-the-wait"));
    assert!(answers_where(&decision));
    assert!(!in_full(&decision).contains("text of services"));
    assert_eq!((decision.chat.mode, decision.chat.epoch), (Mode::Bot, 1));
}

#[test]
fn an_echo_that_comes_hours_late_does_not_silence_a_chat_already_handed_back() {
    let mut talk = Talk::new();
    talk.chat.last_guest_at = Some(at(4 * HOUR));
    let decision = turn(&mut talk, 4 * HOUR + 10, vec![(0, Content::Person)]);
    assert_eq!((decision.chat.mode, decision.chat.epoch), (Mode::Bot, 0));
    assert_eq!(decision.chat.last_person_at, Some(at(0)));
    let mut recent = Talk::new();
    recent.chat.last_guest_at = Some(at(600));
    let decision = turn(&mut recent, 700, vec![(0, Content::Person)]);
    assert_eq!(decision.chat.mode, Mode::Human);
}

#[test]
fn after_a_day_the_provider_takes_no_answer_and_a_person_is_told() {
    let decision = turn(&mut Talk::new(), 24 * HOUR, vec![(0, question())]);
    assert_eq!((decision.verdict, decision.reply), (Verdict::TooLate, None));
    assert_eq!(decision.attention[0].kind, Attention::UNANSWERED);
}

#[test]
fn private_and_muted_chats_are_never_answered() {
    for chat in [
        Chat {
            private: true,
            ..Chat::default()
        },
        Chat {
            mode: Mode::Muted,
            ..Chat::default()
        },
    ] {
        let mut talk = Talk::new();
        talk.chat = chat;
        let decision = turn(
            &mut talk,
            4,
            vec![(0, question()), (1, Content::Person), (2, text_of("hola"))],
        );
        assert_eq!(decision.verdict, Verdict::SilentPrivate);
        assert!(decision.reply.is_none() && decision.attention.is_empty());
    }
}

#[test]
fn a_corrected_message_counts_as_corrected_and_one_taken_back_not_at_all() {
    let mut talk = Talk::new();
    let edit = Content::Edit {
        original: "wamid.1".to_owned(),
        text: "donde queda?".to_owned(),
    };
    let decision = turn(
        &mut talk,
        8,
        vec![(0, text_of("qué servicios hay?")), (5, edit)],
    );
    assert!(answers_where(&decision) && !in_full(&decision).contains("text of services"));
    let mut talk = Talk::new();
    let revoke = Content::Revoke {
        original: "wamid.1".to_owned(),
    };
    let decision = turn(&mut talk, 8, vec![(0, question()), (5, revoke)]);
    assert_eq!((decision.verdict, decision.reply), (Verdict::Nothing, None));
}

#[test]
fn a_chat_given_back_is_the_bots_at_once() {
    let decision = turn(
        &mut hers(0),
        95,
        vec![(60, Content::Released), (90, question())],
    );
    assert_eq!(decision.chat.mode, Mode::Bot);
    assert!(answers_where(&decision));
    let quiet = turn(&mut hers(0), 60, vec![(60, Content::Released)]);
    assert_eq!((quiet.chat.mode, quiet.reply), (Mode::Bot, None));
}

#[test]
fn of_taking_and_giving_back_the_later_counts() {
    let taken = turn(
        &mut Talk::new(),
        20,
        vec![(10, Content::Released), (20, Content::Person)],
    );
    assert_eq!(taken.chat.mode, Mode::Human);
    let given_back = turn(
        &mut Talk::new(),
        20,
        vec![(10, Content::Person), (20, Content::Released)],
    );
    assert_eq!(
        (given_back.chat.mode, given_back.chat.epoch),
        (Mode::Bot, 1)
    );
}

#[test]
fn a_muted_chat_speaks_again_only_when_it_is_unmuted() {
    let mut talk = Talk::new();
    let muted = turn(&mut talk, 0, vec![(0, Content::Muted { muted: true })]);
    assert_eq!(muted.chat.mode, Mode::Muted);
    let released = turn(&mut talk, 10, vec![(10, Content::Released)]);
    assert_eq!(released.chat.mode, Mode::Muted);
    let unmuted = turn(
        &mut talk,
        30,
        vec![(20, Content::Muted { muted: false }), (30, question())],
    );
    assert!(answers_where(&unmuted));
}

#[test]
fn a_late_answer_says_sorry_first() {
    let decision = turn(&mut Talk::new(), 31 * 60, vec![(0, question())]);
    assert_eq!(super::talk::keys(&decision)[0], "sorry-for-the-wait");
}

#[test]
fn the_order_in_which_a_mailbox_is_read_does_not_matter() {
    let said = |talk: &mut Talk| {
        vec![
            entry(talk, 0, text_of("hay lugar del 10 al 15 de enero?")),
            entry(talk, 1, text_of("somos 4")),
            entry(talk, 2, question()),
        ]
    };
    let mut one = Talk::new();
    let mut other = Talk::new();
    let straight = said(&mut one);
    let mut reversed = said(&mut other);
    reversed.reverse();
    one.now = at(5);
    other.now = at(5);
    assert_eq!(one.decide(&straight), other.decide(&reversed));
}

#[test]
fn the_last_of_several_views_is_shown_and_questions_are_all_answered() {
    let mut talk = Talk::new();
    let taps = [
        Choice::Topic(Topic::Location),
        Choice::MyBookings,
        Choice::Topic(Topic::Services),
        Choice::Book,
    ];
    let decision = talk.turn(taps.iter().map(super::talk::tap_of).collect());
    assert!(in_full(&decision).contains("text of location"));
    assert!(in_full(&decision).contains("text of services"));
    assert_eq!(talk.chat.state, State::Dates);
}

#[test]
fn a_photo_in_a_chat_that_a_person_has_gets_no_word() {
    let mut talk = hers(0);
    let photo = Content::File {
        file: FileKind::Image,
        caption: None,
    };
    let decision = turn(&mut talk, 10, vec![(10, photo)]);
    assert_eq!(
        (decision.verdict, decision.reply),
        (Verdict::SilentHuman, None)
    );
}
