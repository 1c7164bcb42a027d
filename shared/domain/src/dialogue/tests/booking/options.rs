use super::super::{
    talk::{Talk, choices, hold_of, in_full, keys, says, value},
    world::{kind_id, nights},
};
use crate::{
    dialogue::{Choice, State, Value},
    nights::Period,
};

fn january(from: &str, until: &str) -> Period {
    nights(&format!("2027-01-{from}"), &format!("2027-01-{until}"))
}

#[test]
fn everything_in_one_message_gets_the_priced_options_cheapest_first() {
    let mut talk = Talk::new();
    let decision = talk.says("hola! tenes lugar del 10 al 15 de enero para 2 personas?");
    assert_eq!(
        value(&decision, "options-for", "period"),
        Some(Value::Period(january("10", "15")))
    );
    let kinds = [3, 1, 2].map(|kind| vec![kind_id(kind)]);
    let offered = talk.chat.slots.offered.iter().map(|it| it.kinds.clone());
    assert_eq!(offered.collect::<Vec<_>>(), kinds);
    assert_eq!(choices(&decision).len(), 3);
    assert_eq!(talk.chat.state, State::Options);
    assert!(in_full(&decision).contains("https://example.org/Mirador"));
}

#[test]
fn nothing_at_all_is_asked_for_its_dates_with_an_example() {
    let mut talk = Talk::new();
    let decision = talk.says("hay lugar?");
    assert!(says(&decision, "ask-dates"));
    assert_eq!(talk.chat.state, State::Dates);
}

#[test]
fn one_thing_is_asked_at_a_time_dates_then_people() {
    let mut talk = Talk::new();
    assert_eq!(
        keys(&talk.says("quiero reservar")).last(),
        Some(&"ask-dates")
    );
    let decision = talk.says("del 10 al 15 de enero");
    assert!(says(&decision, "free"));
    assert_eq!(keys(&decision).last(), Some(&"ask-guests"));
    assert!(says(&talk.says("somos 2"), "options-for"));
}

#[test]
fn a_burst_is_one_answer() {
    let mut talk = Talk::new();
    let decision = talk.burst(&["hola", "tenes lugar", "del 10 al 15 de enero", "somos 4"]);
    assert!(says(&decision, "options-for"));
    assert_eq!(talk.chat.slots.offered.len(), 2, "Mirador is for two");
}

#[test]
fn a_vague_month_is_asked_about_by_its_name() {
    let mut talk = Talk::new();
    let decision = talk.says("tienen algo en enero?");
    assert_eq!(
        value(&decision, "ask-dates-in-month", "month"),
        Some(Value::Count(1))
    );
}

#[test]
fn days_without_a_month_are_of_the_month_that_was_asked_about() {
    for (said, from, until) in [
        ("la primera quincena", "01", "15"),
        ("del 10 al 15", "10", "15"),
    ] {
        let mut talk = Talk::new();
        talk.says("cuánto sale en enero?");
        talk.says(said);
        let slots = &talk.chat.slots;
        let stay = january(from, until);
        assert_eq!(
            (slots.check_in, slots.check_out),
            (Some(stay.check_in()), Some(stay.check_out())),
            "{said}"
        );
    }
    let mut talk = Talk::new();
    talk.says("cuánto sale en enero?");
    talk.says("mejor del 20 al 27 de diciembre");
    let slots = &talk.chat.slots;
    assert_eq!(
        slots.check_in,
        Some(nights("2026-12-20", "2026-12-27").check_in())
    );
}

#[test]
fn an_arrival_alone_is_asked_for_its_departure() {
    let mut talk = Talk::new();
    let decision = talk.says("hay lugar el 10 de enero?");
    assert!(says(&decision, "ask-check-out"), "{decision:#?}");
    let decision = talk.says("hasta el 15, somos 2");
    assert!(says(&decision, "options-for"), "{decision:#?}");
}

#[test]
fn a_number_of_nights_waits_for_its_arrival() {
    let mut talk = Talk::new();
    assert!(says(
        &talk.says("precio por 3 noches?"),
        "ask-dates-for-nights"
    ));
    talk.says("desde el 10 de enero");
    assert_eq!(
        talk.chat.slots.check_out,
        Some(january("10", "13").check_out())
    );
}

#[test]
fn asking_what_it_costs_gets_the_price_before_the_party() {
    let mut talk = Talk::new();
    let decision = talk.says("cuanto sale del 10 al 15 de enero?");
    assert!(says(&decision, "free-from-price"));
    assert_eq!(keys(&decision).last(), Some(&"ask-guests"));
}

#[test]
fn the_only_option_is_shown_as_its_price_with_the_button_that_books() {
    let mut talk = Talk::new();
    let decision = talk.says("del 10 al 15 de enero para 6");
    assert!(says(&decision, "price"));
    hold_of(&decision);
    assert_eq!(talk.chat.state, State::Confirm);
}

#[test]
fn options_are_pointed_at_by_number_price_name_or_tap() {
    for (said, kind) in [
        ("la 2", 1),
        ("la más barata", 3),
        ("la última", 2),
        ("Bosque", 2),
    ] {
        let mut talk = Talk::new();
        talk.says("del 10 al 15 de enero para 2 personas");
        let decision = talk.says(said);
        assert!(says(&decision, "price"), "{said}: {decision:#?}");
        assert_eq!(talk.chat.slots.kinds, [kind_id(kind)], "{said}");
    }
    let mut talk = Talk::new();
    let shown = talk.says("del 10 al 15 de enero para 2 personas");
    let decision = talk.taps(&choices(&shown)[0]);
    assert!(says(&decision, "price"));
}

#[test]
fn a_number_that_was_not_shown_is_asked_again() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero para 2 personas");
    let decision = talk.says("la 7");
    assert!(says(&decision, "ask-option"), "{decision:#?}");
    assert_eq!(choices(&decision).len(), 3);
}

#[test]
fn an_option_of_a_kind_that_somebody_made_up_is_a_question_about_the_others() {
    let mut talk = Talk::new();
    talk.says("somos 2");
    let decision = talk.taps(&Choice::Option {
        kinds: vec![kind_id(77)],
        check_in: january("10", "15").check_in(),
        check_out: january("10", "15").check_out(),
    });
    assert!(says(&decision, "instead"), "{decision:#?}");
    assert!(!choices(&decision).is_empty());
}

#[test]
fn many_kinds_are_a_list_of_ten_rows_at_most() {
    let mut talk = Talk::new();
    let lago = talk.world.market.kinds[0].clone();
    for id in 20..40 {
        let mut kind = lago.clone();
        kind.id = kind_id(id);
        kind.cabins[0].id = uuid::Uuid::from_u128(id * 10).into();
        talk.world.market.kinds.push(kind);
    }
    let decision = talk.says("del 10 al 15 de enero para 4");
    assert_eq!(choices(&decision).len(), 10);
    assert!(says(&decision, "options-more"));
}

#[test]
fn a_tap_on_other_dates_together_with_them_asks_for_nothing() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero para 2 personas");
    let decision = talk.turn(vec![
        super::super::talk::tap_of(&Choice::OtherDates),
        super::super::talk::text_of("del 20 al 25 de enero"),
    ]);
    assert!(!says(&decision, "ask-dates"));
    assert_eq!(
        value(&decision, "options-for", "period"),
        Some(Value::Period(january("20", "25")))
    );
}

#[test]
fn a_stay_is_forgotten_after_two_weeks_and_when_it_is_past() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero");
    talk.later(chrono::TimeDelta::days(15));
    assert!(says(&talk.says("somos 2"), "ask-dates"));
    let mut talk = Talk::new();
    talk.says("del 25 al 28 de noviembre");
    talk.later(chrono::TimeDelta::days(6));
    assert!(says(&talk.says("somos 2"), "ask-dates"));
}

#[test]
fn the_same_week_later_the_stay_is_still_known() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero");
    talk.later(chrono::TimeDelta::days(7));
    assert!(says(&talk.says("somos 2"), "options-for"));
}
