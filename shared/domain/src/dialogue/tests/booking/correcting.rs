use super::super::{
    talk::{Talk, choices, says, value},
    world::{kind_id, nights},
};
use crate::dialogue::{Choice, Value};

/// The stay after these messages, one turn each.
fn stay(messages: &[&str]) -> (Option<String>, Option<String>, Talk) {
    let mut talk = Talk::new();
    for message in messages {
        talk.says(message);
    }
    let text = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let slots = &talk.chat.slots;
    (text(slots.check_in), text(slots.check_out), talk)
}

#[track_caller]
fn assert_stay(messages: &[&str], check_in: &str, check_out: &str) -> Talk {
    let (from, until, talk) = stay(messages);
    assert_eq!(
        (from.as_deref(), until.as_deref()),
        (Some(check_in), Some(check_out)),
        "{messages:?}"
    );
    talk
}

#[test]
fn fewer_nights_keep_the_arrival() {
    assert_stay(
        &["del 10 al 15 de enero somos 2", "mejor 3 noches"],
        "2027-01-10",
        "2027-01-13",
    );
}

#[test]
fn other_dates_replace_the_stay() {
    assert_stay(
        &["del 10 al 15 de enero somos 2", "no, del 12 al 17 de enero"],
        "2027-01-12",
        "2027-01-17",
    );
}

#[test]
fn a_later_departure_keeps_the_arrival() {
    assert_stay(
        &[
            "del 10 al 15 de enero somos 2",
            "mejor hasta el 18 de enero",
        ],
        "2027-01-10",
        "2027-01-18",
    );
}

#[test]
fn a_later_arrival_keeps_the_departure_and_offers_the_shifted_stay() {
    let mut talk = assert_stay(
        &["del 10 al 15 de enero", "perdón, llegamos el 12 de enero"],
        "2027-01-12",
        "2027-01-15",
    );
    let decision = talk.says("llegamos el 13 de enero");
    let shifted = nights("2027-01-13", "2027-01-16");
    assert!(
        choices(&decision).contains(&Choice::Dates {
            check_in: shifted.check_in(),
            check_out: Some(shifted.check_out()),
        }),
        "{decision:#?}"
    );
}

#[test]
fn an_arrival_after_the_departure_moves_the_stay() {
    assert_stay(
        &["del 10 al 15 de enero somos 2", "y el 20 de enero?"],
        "2027-01-20",
        "2027-01-25",
    );
}

#[test]
fn another_number_of_people_keeps_the_dates() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero somos 2");
    let decision = talk.says("somos 5 en realidad");
    assert_eq!(
        value(&decision, "price", "period"),
        Some(Value::Period(nights("2027-01-10", "2027-01-15")))
    );
    assert_eq!(
        talk.chat.slots.kinds,
        [kind_id(2)],
        "only Bosque takes five"
    );
}

#[test]
fn a_correction_in_front_of_the_price_shows_a_new_price_and_books_nothing() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero para 6");
    let decision = talk.says("dale pero mejor 3 noches");
    assert_eq!(
        value(&decision, "price", "period"),
        Some(Value::Period(nights("2027-01-10", "2027-01-13")))
    );
    assert!(talk.world.bookings.is_empty());
}

#[test]
fn a_change_of_plans_before_anything_is_booked_is_of_the_search() {
    assert_stay(
        &[
            "del 20 al 27 de enero somos 4",
            "cambio de planes, mejor del 22 al 25",
        ],
        "2027-01-22",
        "2027-01-25",
    );
    let mut talk = Talk::new();
    talk.says("del 20 al 27 de enero somos 4");
    assert!(says(&talk.says("quiero cambiar la fecha"), "ask-dates"));
}

#[test]
fn another_reading_is_one_tap_away() {
    let mut talk = Talk::new();
    let decision = talk.says("tenes lugar el finde para 2?");
    let slots = talk.chat.slots.clone();
    let other = choices(&decision)
        .into_iter()
        .find(|choice| matches!(choice, Choice::Dates { .. }));
    if let Some(other) = other {
        talk.taps(&other);
        assert_ne!(
            (talk.chat.slots.check_in, talk.chat.slots.check_out),
            (slots.check_in, slots.check_out)
        );
    }
    assert!(slots.check_in.is_some());
}

#[test]
fn a_question_in_between_is_answered_and_the_open_one_asked_again() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero");
    let decision = talk.says("donde queda?");
    assert!(says(&decision, "words"));
    assert!(says(&decision, "ask-guests"));
    assert!(says(&talk.says("2 adultos"), "options-for"));
}

#[test]
fn a_question_in_front_of_the_price_is_answered_and_the_button_shown_again() {
    let mut talk = Talk::new();
    let shown = talk.says("del 10 al 15 de enero para 6");
    let book = super::super::talk::hold_of(&shown);
    let decision = talk.says("donde queda?");
    assert!(says(&decision, "ask-confirm-again"));
    assert!(choices(&decision).contains(&book));
}
