use std::collections::BTreeMap;

use chrono::DateTime;
use posta_domain::{
    dialogue::{Chat, Content, Desk, Entry, FileFate, Rules, decide},
    hours::Hours,
    ids::EntryId,
};
use proptest::prelude::*;

use super::*;

fn texts() -> Texts {
    Texts::es_ar().unwrap()
}

fn reply(parts: Vec<Part>, choices: Vec<Choice>) -> Reply {
    Reply {
        parts,
        choices,
        cause: None,
    }
}

fn clock_at(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
}

fn all_choices() -> Vec<Choice> {
    vec![
        Choice::Topic(Topic::Location),
        Choice::Topic(Topic::Services),
        Choice::Topic(Topic::CheckIn),
    ]
}

#[test]
fn every_sentence_exists_and_fits_with_its_buttons() {
    let texts = texts();
    let when = [
        When::Soon,
        When::Until(Day::Today, clock_at(21)),
        When::Until(Day::Tomorrow, clock_at(2)),
        When::From(Day::Today, clock_at(9)),
        When::From(Day::Tomorrow, clock_at(9)),
    ];
    let mut parts = vec![
        Part::SorryForTheWait,
        Part::Hello,
        Part::Welcome(None),
        Part::Meanwhile,
        Part::FileRefused,
        Part::PleaseType,
        Part::PleaseWrite,
        Part::WhatDoYouNeed,
        Part::Courtesy,
    ];
    parts.extend(when.map(Part::PersonWillAnswer));
    parts.extend(when.map(Part::PersonWillLook));
    for part in parts {
        let said = render(&reply(vec![part.clone()], all_choices()), &texts).unwrap();
        assert!(matches!(said, Outgoing::Buttons(_)), "{part:?}");
        let words = said.plain_text();
        assert!(
            words.contains(' ') || part == Part::Hello,
            "a key instead of a sentence: {words}"
        );
        assert!(!words.contains(['{', '}', '\u{2068}']), "{words}");
    }
    for choice in all_choices().into_iter().chain([Choice::Human]) {
        assert!(texts.has(title(choice)));
        assert!(units(&texts.say(title(choice))) <= 20);
    }
}

#[test]
fn a_promise_says_the_hour() {
    let said = render(
        &reply(
            vec![Part::PersonWillAnswer(When::From(
                Day::Tomorrow,
                clock_at(9),
            ))],
            vec![],
        ),
        &texts(),
    );
    assert!(
        said.unwrap()
            .plain_text()
            .contains("mañana a partir de las 09:00")
    );
}

#[test]
fn an_owners_text_too_long_for_buttons_goes_without_them() {
    let long = Part::Owner(Topic::Services, "á".repeat(1500));
    assert!(matches!(
        render(&reply(vec![long], all_choices()), &texts()).unwrap(),
        Outgoing::Text(_)
    ));
    let blank = Part::Owner(Topic::Services, " \n ".to_owned());
    assert!(render(&reply(vec![blank], vec![]), &texts()).is_ok());
}

proptest! {
    #[test]
    fn no_text_of_a_guest_or_of_the_owner_breaks_a_limit(
        said in any::<String>(),
        owners in prop::collection::vec(prop_oneof![any::<String>(), "(á🏡 ){0,2000}"], 4),
        seconds in 0..200_000_i64,
    ) {
        let at = DateTime::from_timestamp(1_795_262_400, 0).unwrap();
        let mut owners = owners.into_iter();
        let desk = Desk {
            hours: Hours { zone: chrono_tz::America::Argentina::Buenos_Aires, from: clock_at(9), until: clock_at(21) },
            welcome: owners.next(),
            topics: Topic::ALL.into_iter().zip(owners).collect::<BTreeMap<_, _>>(),
        };
        for text in [said, "hola, donde queda, que servicios hay y a que hora es el check in? quiero reservar".to_owned(), "hola".to_owned()] {
            let entry = Entry { id: EntryId::fresh(), at, provider_id: None, content: Content::Text { text }, file: FileFate::Kept };
            let decision = decide(&Chat::default(), &[entry], &desk, &Rules::default(), at + chrono::TimeDelta::seconds(seconds));
            if let Some(reply) = decision.reply {
                prop_assert!(render(&reply, &texts()).is_ok());
            }
        }
    }
}
