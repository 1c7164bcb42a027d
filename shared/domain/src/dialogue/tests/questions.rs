//! Known questions.

use chrono::TimeDelta;

use super::{
    talk::{Talk, choices, in_full, keys, says},
    world::nights,
};
use crate::{
    dialogue::{Attention, Booked, Choice, Part},
    mode::Mode,
    understand::Topic,
};

/// Only what the owner of the test has written.
fn talk(texts: &[(&str, &str)]) -> Talk {
    let mut talk = Talk::new();
    talk.desk.texts.clear();
    for (key, text) in texts {
        talk.desk
            .texts
            .insert((*key).to_owned(), (*text).to_owned());
    }
    talk
}

fn words(decision: &crate::dialogue::Decision) -> Vec<&str> {
    let parts = decision.reply.iter().flat_map(|reply| &reply.parts);
    parts
        .filter_map(|part| match part {
            Part::Words(words) => Some(words.as_str()),
            Part::Say(_) => None,
        })
        .collect()
}

#[test]
fn several_questions_of_one_message_are_all_answered() {
    let mut talk = talk(&[("location", "Ruta 40"), ("parking", "Techado")]);
    let decision = talk.says("dónde queda? y hay cochera?");
    assert_eq!(words(&decision), ["Ruta 40", "Techado"]);
}

#[test]
fn what_has_no_text_is_answered_with_that_about_services_and_a_way_to_a_person() {
    let mut talk = talk(&[("services", "Parrilla y wifi.")]);
    let decision = talk.says("tienen pileta? y cochera?");
    assert_eq!(keys(&decision), ["words", "more-detail"]);
    assert!(choices(&decision).contains(&Choice::Human));
    assert_eq!(decision.chat.mode, Mode::Bot);
}

#[test]
fn a_question_without_any_text_goes_to_a_person() {
    let mut talk = talk(&[]);
    let decision = talk.says("tienen pileta?");
    assert_eq!(keys(&decision), ["person-will-answer"]);
    assert_eq!(decision.attention[0].kind, Attention::WAITING);
}

#[test]
fn the_text_of_the_cabin_that_is_spoken_of_goes_before_the_propertys() {
    let mut talk = talk(&[("grill", "Hay parrillas compartidas.")]);
    talk.desk.kinds[0]
        .texts
        .insert("grill".to_owned(), "La Lago tiene la suya.".to_owned());
    assert_eq!(
        words(&talk.says("hay parrilla?")),
        ["Hay parrillas compartidas."]
    );
    assert_eq!(
        words(&talk.says("la Lago tiene parrilla?")),
        ["La Lago tiene la suya."]
    );
}

#[test]
fn a_guests_own_cabin_is_the_one_spoken_of() {
    let mut talk = talk(&[("grill", "Hay parrillas compartidas.")]);
    talk.world.confirmed(1, nights("2027-01-10", "2027-01-15"));
    talk.desk.kinds[0].cabins[0]
        .texts
        .insert("grill".to_owned(), "La suya, bajo techo.".to_owned());
    assert_eq!(words(&talk.says("hay parrilla?")), ["La suya, bajo techo."]);
}

#[test]
fn texts_of_kinds_only_are_told_with_their_names() {
    let mut talk = talk(&[]);
    talk.desk.kinds[1]
        .texts
        .insert("pool".to_owned(), "climatizada".to_owned());
    assert_eq!(words(&talk.says("tienen pileta?")), ["Bosque: climatizada"]);
}

#[test]
fn hours_and_capacity_are_known_without_a_text() {
    let mut talk = talk(&[]);
    assert_eq!(
        keys(&talk.taps(&Choice::Topic(Topic::CheckIn))),
        ["check-in-hours"]
    );
    assert_eq!(
        keys(&talk.taps(&Choice::Topic(Topic::Capacity))),
        ["capacity"]
    );
    assert_eq!(
        keys(&talk.taps(&Choice::Topic(Topic::MinimumStay))),
        ["minimum-depends"]
    );
}

const SECRET: &str = "la clave es 4711";

fn guest(paid: bool) -> (Talk, Booked) {
    let mut talk = talk(&[("check_in", "Desde las 14.")]);
    let booked = talk.world.confirmed(1, nights("2026-11-23", "2026-11-26"));
    if paid {
        talk.world.bookings[0].paid = booked.charge;
    }
    talk.desk.kinds[0].cabins[0]
        .texts
        .insert("access".to_owned(), SECRET.to_owned());
    (talk, booked)
}

#[test]
fn how_to_get_in_is_told_to_a_guest_who_has_paid_and_arrives_within_two_days() {
    // Saturday 12:00; arrival on Monday at 14:00 is 50 hours away.
    let (mut talk, _) = guest(true);
    let early = talk.says("a qué hora es el check in?");
    assert_eq!(keys(&early), ["words", "access-later"]);
    talk.later(TimeDelta::hours(3));
    let near = talk.says("a qué hora es el check in?");
    assert_eq!(keys(&near), ["words", "access", "words"]);
    assert!(in_full(&near).contains(SECRET));
}

#[test]
fn how_to_get_in_is_told_to_nobody_else() {
    let (mut unpaid, _) = guest(false);
    unpaid.later(TimeDelta::hours(3));
    let decision = unpaid.says("a qué hora es el check in? y el wifi?");
    assert!(says(&decision, "access-when-paid"));
    assert!(!in_full(&decision).contains(SECRET));

    let (mut nobody, _) = guest(true);
    nobody.world.bookings.clear();
    nobody
        .desk
        .texts
        .insert("access".to_owned(), SECRET.to_owned());
    nobody.later(TimeDelta::hours(3));
    for text in [
        "check in?",
        "access",
        "clave del wifi?",
        "código de la puerta?",
    ] {
        assert!(!in_full(&nobody.says(text)).contains(SECRET), "{text}");
    }
    let made_up = nobody.turn(vec![crate::dialogue::Content::Tap {
        id: "menu:access".to_owned(),
        title: "access".to_owned(),
    }]);
    assert!(!in_full(&made_up).contains(SECRET));

    let (mut gone, _) = guest(true);
    gone.later(TimeDelta::days(7));
    assert!(!in_full(&gone.says("a qué hora es el check in?")).contains(SECRET));
}

#[test]
fn where_to_send_money_is_told_to_who_has_something_to_pay_only() {
    let mut talk = talk(&[("transfer", "alias: los.aromos"), ("services", "Wifi.")]);
    let nobody = talk.says("me pasás el alias?");
    assert!(says(&nobody, "transfer-with-booking"));
    assert!(!in_full(&nobody).contains("los.aromos"));
    let tapped = talk.taps(&Choice::Topic(Topic::Transfer));
    assert!(!in_full(&tapped).contains("los.aromos"));
    talk.world.confirmed(1, nights("2027-01-10", "2027-01-15"));
    assert!(in_full(&talk.says("me pasás el alias?")).contains("los.aromos"));
}

#[test]
fn after_an_answer_the_open_question_is_asked_again() {
    let mut talk = Talk::new();
    talk.says("tenés lugar?");
    let decision = talk.says("hay cochera?");
    assert_eq!(words(&decision), ["text of parking"]);
    assert!(keys(&decision).len() > 1, "{:?}", keys(&decision));
}

#[test]
fn a_dog_that_comes_along_is_no_question_about_services() {
    let mut talk = talk(&[("services", "Parrilla y wifi.")]);
    let decision = talk.says("somos 2 con un perrito, del 12 al 15 de enero, se puede?");
    assert!(
        !in_full(&decision).contains("Parrilla"),
        "{:?}",
        keys(&decision)
    );
}
