use std::collections::BTreeMap;

use chrono::{NaiveTime, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    hours::{Day, Hours, When},
    ids::EntryId,
    mode::Mode,
    understand::Topic,
};

/// Saturday 21 November 2026, 12:00 in Buenos Aires: somebody answers until 21:00.
fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_273_200 + second, 0).unwrap()
}

const HOUR: i64 = 3600;

fn desk() -> Desk {
    Desk {
        hours: Hours {
            zone: chrono_tz::America::Argentina::Buenos_Aires,
            from: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
            until: NaiveTime::from_hms_opt(21, 0, 0).unwrap(),
        },
        welcome: None,
        topics: Topic::ALL
            .into_iter()
            .map(|topic| (topic, format!("text of {}", topic.key())))
            .collect(),
    }
}

fn entry(second: i64, content: Content) -> Entry {
    Entry {
        id: EntryId::from(Uuid::from_u128(u128::try_from(second + 1_000_000).unwrap())),
        at: at(second),
        provider_id: Some(format!("wamid.{second}")),
        content,
        file: FileFate::Kept,
    }
}

fn says(second: i64, text: &str) -> Entry {
    entry(
        second,
        Content::Text {
            text: text.to_owned(),
        },
    )
}

fn person(second: i64) -> Entry {
    entry(second, Content::Person)
}

fn tap(second: i64, id: &str) -> Entry {
    entry(
        second,
        Content::Tap {
            id: id.to_owned(),
            title: "algo".to_owned(),
        },
    )
}

fn turn(chat: &Chat, entries: &[Entry], second: i64) -> Decision {
    decide(chat, entries, &desk(), &Rules::default(), at(second))
}

fn parts(decision: &Decision) -> Vec<Part> {
    decision
        .reply
        .clone()
        .map(|reply| reply.parts)
        .unwrap_or_default()
}

fn until_nine() -> When {
    When::Until(Day::Today, NaiveTime::from_hms_opt(21, 0, 0).unwrap())
}

fn human(last_person: i64) -> Chat {
    Chat {
        mode: Mode::Human,
        last_person_at: Some(at(last_person)),
        ..Chat::default()
    }
}

#[test]
fn a_greeting_gets_the_menu_with_three_buttons() {
    let decision = turn(&Chat::default(), &[says(0, "hola")], 2);
    assert_eq!(parts(&decision), [Part::Welcome(None)]);
    assert_eq!(
        decision.reply.unwrap().choices,
        Topic::ALL.map(Choice::Topic)
    );
    assert_eq!(
        (decision.chat.state, decision.chat.mode),
        (State::Menu, Mode::Bot)
    );
    assert_eq!(decision.attention, None);
}

#[test]
fn a_tap_gets_the_owners_text_and_the_other_ways_on() {
    let decision = turn(&Chat::default(), &[tap(0, "menu:location")], 0);
    assert_eq!(
        parts(&decision),
        [Part::Owner(Topic::Location, "text of location".to_owned())]
    );
    assert_eq!(
        decision.reply.unwrap().choices,
        [
            Choice::Topic(Topic::Services),
            Choice::Topic(Topic::CheckIn),
            Choice::Human
        ]
    );
}

#[test]
fn a_tap_on_a_button_nobody_knows_is_read_as_its_words_and_orders_nothing() {
    let decision = turn(&Chat::default(), &[tap(0, "prereserve:7f3c:confirm")], 0);
    assert_eq!(decision.chat.mode, Mode::Waiting);
}

#[test]
fn three_messages_are_one_turn_and_one_reply_that_answers_all() {
    let decision = turn(
        &Chat::default(),
        &[
            says(2, "y qué servicios tienen"),
            says(0, "hola"),
            says(1, "donde queda?"),
        ],
        4,
    );
    assert_eq!(
        parts(&decision),
        [
            Part::Hello,
            Part::Owner(Topic::Location, "text of location".to_owned()),
            Part::Owner(Topic::Services, "text of services".to_owned())
        ]
    );
    assert_eq!(decision.reply.unwrap().cause, Some(says(2, "").id));
}

#[test]
fn everything_else_waits_for_a_person_who_is_promised_once() {
    let first = turn(&Chat::default(), &[says(0, "tenés lugar para 4?")], 2);
    assert_eq!(
        parts(&first),
        [Part::PersonWillAnswer(until_nine()), Part::Meanwhile]
    );
    assert_eq!(first.chat.mode, Mode::Waiting);
    assert_eq!(first.attention.unwrap().kind, Attention::WAITING);

    let second = turn(&first.chat, &[says(60, "del 10 al 15")], 62);
    assert_eq!(
        (second.verdict, second.reply.clone()),
        (Verdict::NoAnswerNeeded, None)
    );
    assert!(second.attention.is_some(), "she is told that there is more");

    let greeting = turn(&second.chat, &[says(120, "hola?")], 122);
    assert_eq!(greeting.reply, None);
}

#[test]
fn while_waiting_known_questions_are_still_answered() {
    let waiting = turn(&Chat::default(), &[says(0, "precio?")], 2).chat;
    let decision = turn(&waiting, &[says(10, "y donde queda?")], 10);
    assert_eq!(
        parts(&decision),
        [Part::Owner(Topic::Location, "text of location".to_owned())]
    );
    assert_eq!(decision.chat.mode, Mode::Waiting);
}

#[test]
fn a_promise_that_was_not_kept_is_made_again() {
    let waiting = turn(&Chat::default(), &[says(0, "precio?")], 2).chat;
    let next_day = turn(&waiting, &[says(22 * HOUR, "hola?")], 22 * HOUR + 2);
    assert!(matches!(
        parts(&next_day).as_slice(),
        [Part::PersonWillAnswer(_), ..]
    ));
}

#[test]
fn who_asks_for_a_person_again_hears_it_again_but_not_at_every_word() {
    let waiting = turn(&Chat::default(), &[says(0, "quiero hablar con alguien")], 2).chat;
    assert_eq!(waiting.mode, Mode::Waiting);
    assert_eq!(turn(&waiting, &[tap(30, "menu:human")], 30).reply, None);
    assert!(
        turn(&waiting, &[tap(HOUR, "menu:human")], HOUR)
            .reply
            .is_some()
    );
}

#[test]
fn a_greeting_of_somebody_who_was_promised_a_person_is_answered_with_the_promise_again() {
    let waiting = turn(&Chat::default(), &[says(0, "precio?")], 2).chat;
    let later = turn(&waiting, &[says(HOUR, "hola?")], HOUR + 2);
    assert_eq!(
        parts(&later),
        [Part::PersonWillAnswer(until_nine()), Part::Meanwhile]
    );
    let at_once = turn(&later.chat, &[says(HOUR + 60, "hola")], HOUR + 62);
    assert_eq!(at_once.reply, None, "not at every word");
}

#[test]
fn a_question_without_a_text_of_the_owners_goes_to_a_person() {
    let bare = Desk {
        topics: BTreeMap::new(),
        ..desk()
    };
    let decision = decide(
        &Chat::default(),
        &[says(0, "donde queda?")],
        &bare,
        &Rules::default(),
        at(1),
    );
    assert_eq!(decision.chat.mode, Mode::Waiting);
    assert_eq!(parts(&decision), [Part::PersonWillAnswer(until_nine())]);
    let greeting = decide(
        &Chat::default(),
        &[says(0, "hola")],
        &bare,
        &Rules::default(),
        at(1),
    );
    assert_eq!(
        greeting.reply.unwrap().choices,
        [Choice::Human],
        "there is always a way out"
    );
}

#[test]
fn the_second_misunderstanding_in_a_row_hands_over() {
    let first = turn(&Chat::default(), &[entry(0, Content::Voice)], 2);
    assert_eq!(parts(&first), [Part::PleaseType]);
    assert_eq!(
        (first.chat.mode, first.chat.misunderstandings),
        (Mode::Bot, 1)
    );
    let second = turn(
        &first.chat,
        &[entry(
            20,
            Content::Unreadable {
                what: "location".to_owned(),
            },
        )],
        22,
    );
    assert!(matches!(
        parts(&second).as_slice(),
        [Part::PersonWillAnswer(_), ..]
    ));
    assert_eq!(second.chat.mode, Mode::Waiting);
    let understood = turn(&first.chat, &[says(20, "donde queda?")], 22);
    assert_eq!(understood.chat.misunderstandings, 0);
}

#[test]
fn a_receipt_is_looked_at_by_a_person_and_a_refused_file_is_said_so() {
    let receipt = entry(
        0,
        Content::File {
            file: FileKind::Image,
            caption: Some("Comprobante de la seña".to_owned()),
        },
    );
    let decision = turn(&Chat::default(), std::slice::from_ref(&receipt), 2);
    assert!(matches!(
        parts(&decision).as_slice(),
        [Part::PersonWillLook(_), ..]
    ));
    assert_eq!(decision.chat.mode, Mode::Waiting);
    let refused = Entry {
        file: FileFate::Refused,
        ..receipt
    };
    assert_eq!(
        parts(&turn(&Chat::default(), &[refused], 2)),
        [Part::FileRefused]
    );
}

#[test]
fn thanks_are_answered_once_and_an_ok_never() {
    let greeted = turn(&Chat::default(), &[says(0, "hola")], 2).chat;
    assert_eq!(turn(&greeted, &[says(10, "ok")], 12).reply, None);
    let thanked = turn(&greeted, &[says(10, "muchas gracias!")], 12);
    assert_eq!(parts(&thanked), [Part::Courtesy]);
    assert_eq!(thanked.reply.unwrap().choices, []);
    assert_eq!(
        turn(&thanked.chat, &[says(20, "gracias a vos")], 22).reply,
        None
    );
}

#[test]
fn a_machine_that_greets_ours_is_answered_twice_and_then_left_to_a_person() {
    let mut chat = Chat::default();
    let mut replies = 0;
    for round in 0..50 {
        let decision = turn(
            &chat,
            &[says(round * 5, "Hola! Gracias por comunicarte")],
            round * 5 + 2,
        );
        replies += usize::from(decision.reply.is_some());
        chat = decision.chat;
    }
    assert_eq!(replies, 3, "menu, question, promise");
}

#[test]
fn a_persons_message_silences_the_bot_and_counts_as_the_answer() {
    let decision = turn(&Chat::default(), &[says(0, "precio?"), person(30)], 31);
    assert_eq!(
        (decision.verdict, decision.reply.clone()),
        (Verdict::AnsweredByPerson, None)
    );
    assert_eq!((decision.chat.mode, decision.chat.epoch), (Mode::Human, 1));
    let after = turn(&decision.chat, &[says(60, "y donde queda?")], 62);
    assert_eq!((after.verdict, after.reply), (Verdict::SilentHuman, None));
}

#[test]
fn a_message_written_before_her_answer_but_stored_after_it_is_not_answered() {
    let decision = turn(&human(100), &[says(50, "donde queda?")], 160);
    assert_eq!(decision.verdict, Verdict::AnsweredByPerson);
    assert_eq!(decision.reply, None);
}

#[test]
fn two_hours_after_her_last_word_the_guest_has_the_bot_again() {
    let silent = turn(&human(0), &[says(2 * HOUR - 1, "donde queda?")], 2 * HOUR);
    assert_eq!(silent.verdict, Verdict::SilentHuman);
    let back = turn(&human(0), &[says(2 * HOUR, "donde queda?")], 2 * HOUR);
    assert_eq!(
        (back.verdict, back.chat.mode),
        (Verdict::Replied, Mode::Bot)
    );
    let nod = turn(&human(0), &[says(3 * HOUR, "👍")], 3 * HOUR);
    assert_eq!(nod.reply, None, "an ok to her words needs no menu");
}

#[test]
fn five_hours_of_backlog_leave_only_what_nobody_answered() {
    // 12:00 a question, 12:30 her answer by phone, 16:00 another question; the worker comes back at 17:00.
    let backlog = [
        says(4 * HOUR, "a que hora es el check in?"),
        person(HOUR / 2),
        says(0, "precio?"),
    ];
    let decision = turn(
        &Chat {
            last_guest_at: Some(at(4 * HOUR)),
            ..Chat::default()
        },
        &backlog,
        5 * HOUR,
    );
    assert_eq!(
        parts(&decision),
        [
            Part::SorryForTheWait,
            Part::Owner(Topic::CheckIn, "text of check_in".to_owned())
        ]
    );
    assert_eq!((decision.chat.mode, decision.chat.epoch), (Mode::Bot, 1));
}

#[test]
fn an_echo_that_comes_hours_late_does_not_silence_a_chat_already_handed_back() {
    let chat = Chat {
        last_guest_at: Some(at(4 * HOUR)),
        ..Chat::default()
    };
    let decision = turn(&chat, &[person(0)], 4 * HOUR + 10);
    assert_eq!((decision.chat.mode, decision.chat.epoch), (Mode::Bot, 0));
    assert_eq!(decision.chat.last_person_at, Some(at(0)));
    let recent = Chat {
        last_guest_at: Some(at(600)),
        ..Chat::default()
    };
    assert_eq!(turn(&recent, &[person(0)], 700).chat.mode, Mode::Human);
}

#[test]
fn after_a_day_the_provider_takes_no_answer_and_a_person_is_told() {
    let decision = turn(&Chat::default(), &[says(0, "hola")], 24 * HOUR);
    assert_eq!((decision.verdict, decision.reply), (Verdict::TooLate, None));
    assert_eq!(decision.attention.unwrap().kind, Attention::UNANSWERED);
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
        let decision = turn(&chat, &[says(0, "hola"), person(1), says(2, "precio?")], 4);
        assert_eq!(
            (decision.verdict, decision.reply, decision.attention),
            (Verdict::SilentPrivate, None, None)
        );
    }
}

#[test]
fn a_corrected_message_counts_as_corrected_and_one_taken_back_not_at_all() {
    let edit = entry(
        5,
        Content::Edit {
            original: "wamid.0".to_owned(),
            text: "donde queda?".to_owned(),
        },
    );
    let decision = turn(&Chat::default(), &[says(0, "precio?"), edit], 8);
    assert_eq!(
        parts(&decision),
        [Part::Owner(Topic::Location, "text of location".to_owned())]
    );
    let revoke = entry(
        5,
        Content::Revoke {
            original: "wamid.0".to_owned(),
        },
    );
    let decision = turn(&Chat::default(), &[says(0, "precio?"), revoke], 8);
    assert_eq!((decision.verdict, decision.reply), (Verdict::Nothing, None));
}

fn any_content() -> impl Strategy<Value = Content> {
    let text = prop_oneof![
        any::<String>(),
        "[a-zA-Záéíóúñ ?!¿0-9]{0,60}",
        prop::sample::select(vec![
            "hola",
            "gracias",
            "ok",
            "precio?",
            "donde queda",
            "una persona",
            "?"
        ])
        .prop_map(str::to_owned)
    ];
    prop_oneof![
        6 => text.clone().prop_map(|text| Content::Text { text }),
        2 => (any::<String>(), text.clone()).prop_map(|(id, title)| Content::Tap { id, title }),
        1 => Just(Content::Voice),
        1 => Just(Content::Sticker),
        1 => Just(Content::Welcome),
        1 => proptest::option::of(text.clone()).prop_map(|caption| Content::File { file: FileKind::Video, caption }),
        1 => any::<String>().prop_map(|what| Content::Unreadable { what }),
        1 => (0..10_i64, text).prop_map(|(n, text)| Content::Edit { original: format!("wamid.{n}"), text }),
        1 => (0..10_i64).prop_map(|n| Content::Revoke { original: format!("wamid.{n}") }),
        2 => Just(Content::Person),
        1 => Just(Content::Released),
    ]
}

proptest! {
    #[test]
    fn no_conversation_makes_the_desk_fall_or_talk_too_much(
        script in prop::collection::vec(prop::collection::vec((0..100_000_i64, any_content()), 1..6), 1..8)
    ) {
        let mut chat = Chat::default();
        for entries in script {
            let entries: Vec<Entry> = entries.into_iter().map(|(second, content)| entry(second, content)).collect();
            let decision = turn(&chat, &entries, 100_000);
            prop_assert!(decision.chat.epoch >= chat.epoch);
            prop_assert!(decision.chat.last_person_at >= chat.last_person_at);
            prop_assert_eq!(decision.reply.is_some(), decision.verdict == Verdict::Replied);
            if let Some(reply) = &decision.reply {
                prop_assert!(decision.chat.mode == Mode::Bot || decision.chat.mode == Mode::Waiting);
                prop_assert!(!reply.parts.is_empty() && reply.choices.len() <= 3);
                prop_assert!(reply.cause.is_some());
            }
            chat = decision.chat;
        }
    }

    #[test]
    fn the_order_in_which_a_mailbox_is_read_does_not_matter(seconds in prop::collection::btree_set(0..5000_i64, 2..6)) {
        let entries: Vec<Entry> = seconds.iter().map(|s| says(*s, if s % 2 == 0 { "donde queda?" } else { "precio?" })).collect();
        let mut reversed = entries.clone();
        reversed.reverse();
        prop_assert_eq!(turn(&Chat::default(), &entries, 5000), turn(&Chat::default(), &reversed, 5000));
    }
}

#[test]
fn a_late_answer_says_sorry() {
    let decision = turn(
        &Chat::default(),
        &[says(0, "hola")],
        TimeDelta::minutes(31).num_seconds(),
    );
    assert_eq!(
        parts(&decision),
        [Part::SorryForTheWait, Part::Welcome(None)]
    );
}

fn released(second: i64) -> Entry {
    entry(second, Content::Released)
}

#[test]
fn a_chat_given_back_is_the_bots_at_once() {
    let decision = turn(&human(0), &[released(60), says(90, "donde queda?")], 95);
    assert_eq!(decision.chat.mode, Mode::Bot);
    assert!(decision.reply.is_some());
    let quiet = turn(&human(0), &[released(60)], 60);
    assert_eq!((quiet.chat.mode, quiet.reply), (Mode::Bot, None));
}

#[test]
fn of_taking_and_giving_back_the_later_counts() {
    let taken = turn(&Chat::default(), &[released(10), person(20)], 20);
    assert_eq!(taken.chat.mode, Mode::Human);
    let given_back = turn(&Chat::default(), &[person(10), released(20)], 20);
    assert_eq!(
        (given_back.chat.mode, given_back.chat.epoch),
        (Mode::Bot, 1)
    );
}

#[test]
fn giving_back_a_muted_chat_does_not_unmute_it() {
    let muted = Chat {
        mode: Mode::Muted,
        ..Chat::default()
    };
    assert_eq!(turn(&muted, &[released(10)], 10).chat.mode, Mode::Muted);
}
