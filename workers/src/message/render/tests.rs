use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::America::Argentina::Buenos_Aires;
use posta_domain::{
    dialogue::{Button, Choice, Menu, Part, Phrase, Reply, Row, Template, Value},
    ids::{QuoteId, ReservationId, UnitTypeId},
    money::{Currency, Money},
    nights::Period,
    party::Party,
    refusal::Refusal,
    understand::Topic,
};
use posta_providers::whatsapp::{
    limits::{
        BUTTON_TITLE, BUTTONS, LONG_BODY, ROW_DESCRIPTION, ROW_ID, ROW_TITLE, ROWS, SHORT_BODY,
        units,
    },
    outgoing::{Outgoing, ReplyButton, fit},
};
use posta_texts::{Renderer, Texts};
use proptest::prelude::*;

use super::{Rendered, render};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_262_400, 0).unwrap()
}

fn words(words: &str) -> Part {
    Part::Words(words.to_owned())
}

/// A phrase that reads as these words.
fn phrase(words: &str) -> Phrase {
    Phrase::new("moment-today").with("at", words)
}

fn button(title: Phrase) -> Button {
    Button {
        choice: Choice::Hold(QuoteId::fresh()),
        title,
    }
}

fn rendered(reply: &Reply) -> Rendered {
    let texts = Texts::es_ar().unwrap();
    render(reply, &Renderer::new(&texts, Buenos_Aires, now())).unwrap()
}

fn with_buttons(parts: Vec<Part>, titles: &[&str]) -> Reply {
    Reply {
        parts,
        menu: Menu::Buttons(titles.iter().map(|title| button(phrase(title))).collect()),
        ..Reply::default()
    }
}

#[test]
fn a_long_text_of_the_owner_stands_above_a_list_instead_of_buttons_and_nothing_is_lost() {
    let long = "ábc ".repeat(400);
    let said = rendered(&with_buttons(vec![words(&long)], &["uno", "dos"]));
    let Outgoing::List(list) = said.message else {
        panic!("not a list");
    };
    assert_eq!(list.body(), long.trim());
    let titles: Vec<_> = list.rows().map(|row| row.title().to_owned()).collect();
    assert_eq!(titles, ["hoy uno", "hoy dos"]);
    assert!(!said.shortened);
}

#[test]
fn only_the_owners_words_are_cut_and_it_is_told() {
    let reply = with_buttons(
        vec![
            words(&"largo ".repeat(900)),
            Part::Say(phrase("la pregunta")),
            words("corto"),
        ],
        &["uno"],
    );
    let said = rendered(&reply);
    let body = said.message.plain_text();
    assert!(units(body) <= LONG_BODY && said.shortened);
    assert!(
        body.ends_with("…\n\nhoy la pregunta\n\ncorto"),
        "{}",
        &body[body.len() - 60..]
    );
}

#[test]
fn more_than_three_buttons_become_a_list() {
    let said = rendered(&with_buttons(vec![words("?")], &["1", "2", "3", "4"]));
    assert!(matches!(said.message, Outgoing::List(_)));
    assert_eq!(said.thread, "?\n\n• hoy 1\n• hoy 2\n• hoy 3\n• hoy 4");
}

#[test]
fn buttons_that_read_the_same_are_numbered_and_the_same_choice_is_offered_once() {
    let twice = button(phrase("x"));
    let long = "una cabaña con un nombre largo";
    let reply = Reply {
        parts: vec![words("?")],
        menu: Menu::Buttons(vec![
            twice.clone(),
            twice,
            button(phrase(long)),
            button(phrase(&long.to_uppercase())),
        ]),
        ..Reply::default()
    };
    let Outgoing::Buttons(buttons) = rendered(&reply).message else {
        panic!("no buttons");
    };
    let titles: Vec<_> = buttons.buttons().iter().map(ReplyButton::title).collect();
    assert_eq!(
        titles,
        ["hoy x", "hoy una cabaña con…", "hoy UNA CABAÑA… 2"]
    );
}

#[test]
fn what_has_nothing_to_read_in_it_is_given_something() {
    let invisible = "\u{200b}\u{2060}\0 \n";
    let reply = Reply {
        parts: vec![words(invisible)],
        menu: Menu::Buttons(vec![Button {
            choice: Choice::Book,
            title: Phrase::new("party-adults").with("count", 1),
        }]),
        ..Reply::default()
    };
    let said = rendered(&reply);
    assert_eq!(said.message.plain_text(), "¿En qué te puedo ayudar?");
    assert_eq!(said.kind, "interactive");
    let empty = Reply {
        parts: vec![],
        menu: Menu::List {
            open: phrase("ver"),
            rows: vec![],
        },
        ..Reply::default()
    };
    assert!(matches!(rendered(&empty).message, Outgoing::Text(_)));
}

#[test]
fn a_template_has_one_line_in_each_gap_and_the_thread_reads_what_it_means() {
    let reply = Reply {
        parts: vec![words("Te guardamos las noches.")],
        menu: Menu::Buttons(vec![button(phrase("pagar"))]),
        template: Some(Template {
            name: "hold_ending",
            parameters: vec![
                Value::from("K7\n\tM2    QP"),
                Value::from(""),
                Value::from("x".repeat(5000).as_str()),
            ],
            choices: vec![Choice::Human],
        }),
        ..Reply::default()
    };
    let said = rendered(&reply);
    assert_eq!(said.kind, "template");
    assert_eq!(said.thread, "Te guardamos las noches.\n\n[hoy pagar]");
    let json = serde_json::to_value(&said.message).unwrap();
    assert_eq!(json["body"][0], "K7 M2 QP");
    assert_eq!(json["body"][1], "-");
    assert_eq!(json["body"][2].as_str().map(units), Some(200));
    assert_eq!(json["quick_replies"][0]["payload"], "menu:human");
}

/// Text as bad as it gets: any characters, very long, invisible, written from the right.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zá-ú ]{0,30}",
        "(á🏡 ){0,2000}",
        "[\u{200b}\u{202e}\u{feff}\u{0}\n\t ]{0,40}",
        "(👩‍👩‍👧‍👦){0,300}",
        "[א-ת]{200}",
        "a[\u{300}-\u{36f}]{500}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let day = || {
        (0..900_i32).prop_map(|days| NaiveDate::from_num_days_from_ce_opt(739_900 + days).unwrap())
    };
    prop_oneof![
        text().prop_map(Value::from),
        any::<u32>().prop_map(Value::from),
        any::<i64>().prop_map(|minor| Money::new(minor, Currency::ARS).into()),
        day().prop_map(Value::from),
        (day(), 1..60_i64).prop_map(|(from, nights)| Period::new(
            from,
            from + chrono::TimeDelta::days(nights)
        )
        .unwrap()
        .into()),
        any::<i32>()
            .prop_map(|seconds| (now() + chrono::TimeDelta::seconds(seconds.into())).into()),
        (1..50_u8, any::<u8>())
            .prop_map(|(adults, pets)| Party::new(adults, vec![], pets % 50).unwrap().into()),
        text().prop_map(|text| Refusal::NotADate { text }.into()),
        prop::collection::vec(text(), 0..6).prop_map(|texts| Value::List(
            texts
                .iter()
                .map(|text| Value::from(text.as_str()))
                .collect()
        )),
        prop::collection::vec(text(), 0..40)
            .prop_map(|texts| Value::Lines(texts.iter().map(|text| phrase(text)).collect())),
    ]
}

fn filled() -> impl Strategy<Value = Phrase> {
    (any::<bool>(), value()).prop_map(|(words, value)| {
        if words {
            Phrase::new("moment-today").with("at", value)
        } else {
            Phrase::new("list-and-before-i")
                .with("first", "\u{200b}")
                .with("last", value)
        }
    })
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        Just(Choice::Human),
        Just(Choice::Topic(Topic::Location)),
        Just(()).prop_map(|()| Choice::Hold(QuoteId::fresh())),
        Just(()).prop_map(|()| Choice::ChangeYes(ReservationId::fresh(), QuoteId::fresh())),
        (0..900_i32).prop_map(|days| {
            let check_in = NaiveDate::from_num_days_from_ce_opt(739_900 + days).unwrap();
            Choice::Option {
                kinds: vec![UnitTypeId::fresh(), UnitTypeId::fresh()],
                check_in,
                check_out: check_in.succ_opt().unwrap(),
            }
        }),
    ]
}

fn menu() -> impl Strategy<Value = Menu> {
    let buttons = (choice(), filled()).prop_map(|(choice, title)| Button { choice, title });
    let rows = (choice(), filled(), prop::option::of(filled())).prop_map(
        |(choice, title, description)| Row {
            choice,
            title,
            description,
        },
    );
    prop_oneof![
        Just(Menu::None),
        prop::collection::vec(buttons, 0..6).prop_map(Menu::Buttons),
        (filled(), prop::collection::vec(rows, 0..41))
            .prop_map(|(open, rows)| Menu::List { open, rows }),
    ]
}

fn reply() -> impl Strategy<Value = Reply> {
    let part = prop_oneof![filled().prop_map(Part::Say), text().prop_map(Part::Words)];
    let template = (
        prop::collection::vec(value(), 0..6),
        prop::collection::vec(choice(), 0..3),
    )
        .prop_map(|(parameters, choices)| Template {
            name: "hold_ending",
            parameters,
            choices,
        });
    (
        prop::collection::vec(part, 0..8),
        menu(),
        prop::option::weighted(0.2, template),
    )
        .prop_map(|(parts, menu, template)| Reply {
            parts,
            menu,
            template,
            ..Reply::default()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_data_breaks_a_limit_and_every_option_comes_back_as_what_it_means(reply in reply()) {
        let said = rendered(&reply);
        // Reading it back checks every limit again.
        let json = serde_json::to_string(&said.message).unwrap();
        prop_assert!(!json.contains("\\u0000"));
        let read: Outgoing = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&read, &said.message);
        prop_assert!(super::body::visible(said.message.plain_text()));
        prop_assert!(super::body::visible(&said.thread));
        let offered = match &reply.menu {
            Menu::None => vec![],
            Menu::Buttons(buttons) => buttons.iter().map(|button| button.choice.id()).collect(),
            Menu::List { rows, .. } => rows.iter().map(|row| row.choice.id()).collect(),
        };
        match &said.message {
            Outgoing::Buttons(buttons) => {
                prop_assert!(units(buttons.body()) <= SHORT_BODY && buttons.buttons().len() <= BUTTONS);
                for button in buttons.buttons() {
                    prop_assert!(units(button.title()) <= BUTTON_TITLE && offered.iter().any(|id| id == button.id()));
                    prop_assert!(Choice::of_id(button.id()).is_some());
                }
            }
            Outgoing::List(list) => {
                prop_assert!(units(list.body()) <= LONG_BODY && list.rows().count() <= ROWS);
                for row in list.rows() {
                    prop_assert!(units(row.title()) <= ROW_TITLE && units(row.id()) <= ROW_ID);
                    prop_assert!(row.description().is_none_or(|text| units(text) <= ROW_DESCRIPTION));
                    prop_assert!(Choice::of_id(row.id()).is_some());
                }
            }
            Outgoing::Text(_) => prop_assert!(offered.is_empty() && units(said.message.plain_text()) <= LONG_BODY),
            _ => prop_assert!(reply.template.is_some()),
        }
        // The owner's words are all there, unless it was told that they are not.
        if reply.template.is_none() && !said.shortened {
            for part in &reply.parts {
                if let Part::Words(words) = part {
                    let words = fit(words, usize::MAX);
                    prop_assert!(!super::body::visible(&words) || said.message.plain_text().contains(&words));
                }
            }
        }
    }
}
