use super::super::{
    talk::{Talk, choices, hold_of, says, value},
    world::{kind_id, nights},
};
use crate::{
    dialogue::{Choice, State, Value},
    mode::Mode,
    nights::Weekdays,
    rates::Pets,
};

#[test]
fn full_shows_the_nearest_dates_and_one_of_them_can_be_taken() {
    let mut talk = Talk::new();
    talk.world.fill_all("2027-01-10", "2027-01-15");
    let decision = talk.says("del 10 al 15 de enero para 2");
    assert!(says(&decision, "refused-for") && says(&decision, "instead"));
    let alternative = choices(&decision)[0].clone();
    assert!(matches!(alternative, Choice::Option { .. }));
    let decision = talk.taps(&alternative);
    assert!(says(&decision, "price"));
    let decision = talk.taps(&hold_of(&decision));
    assert!(says(&decision, "held"));
    assert_eq!(talk.world.bookings.len(), 1);
}

#[test]
fn an_alternative_can_be_named_too() {
    let mut talk = Talk::new();
    talk.world.fill_all("2027-01-10", "2027-01-15");
    talk.says("del 10 al 15 de enero para 2");
    assert!(says(&talk.says("la primera"), "price"));
}

#[test]
fn full_is_said_before_anybody_is_asked_who_comes() {
    let mut talk = Talk::new();
    talk.world.fill_all("2027-01-10", "2027-01-15");
    let decision = talk.says("tenes lugar del 10 al 15 de enero?");
    assert!(says(&decision, "refused-for") && !says(&decision, "ask-guests"));
    let decision = talk.taps(&choices(&decision)[0]);
    assert!(says(&decision, "ask-guests"), "{decision:#?}");
    assert!(says(&talk.says("2"), "price"));
}

#[test]
fn a_cabin_that_is_taken_gives_way_to_the_others() {
    let mut talk = Talk::new();
    talk.world.fill(1, "2027-01-10", "2027-01-15");
    let decision = talk.says("está libre Lago del 10 al 15 de enero? somos 2");
    assert!(says(&decision, "instead"), "{decision:#?}");
    let first: Vec<_> = talk.chat.slots.offered.iter().take(2).collect();
    assert!(
        first
            .iter()
            .all(|it| it.check_in.to_string() == "2027-01-10")
    );
    assert_eq!(
        [&first[0].kinds, &first[1].kinds],
        [&[kind_id(3)], &[kind_id(2)]]
    );
}

#[test]
fn with_nothing_near_other_dates_are_asked_for_and_a_person_is_one_tap_away() {
    let mut talk = Talk::new();
    talk.world.fill_all("2026-11-21", "2027-03-01");
    let decision = talk.says("del 10 al 15 de enero para 2");
    assert!(says(&decision, "ask-other-dates"));
    assert_eq!(choices(&decision), [Choice::Human]);
    assert_eq!(talk.chat.state, State::Dates);
    assert!(says(&talk.says("del 10 al 15 de marzo"), "options-for"));
}

#[test]
fn too_short_a_stay_gets_the_longer_ones() {
    let mut talk = Talk::new();
    for kind in [1, 2, 3] {
        talk.world.rates(kind).min_nights = 4;
    }
    let decision = talk.says("del 10 al 12 de enero para 2");
    assert!(says(&decision, "instead"));
    let longer = talk
        .chat
        .slots
        .offered
        .iter()
        .all(|it| (it.check_out - it.check_in).num_days() >= 4);
    assert!(longer || talk.chat.slots.offered.len() > 1);
}

#[test]
fn a_day_on_which_nobody_arrives_gets_the_days_beside_it() {
    let mut talk = Talk::new();
    let saturdays = Weekdays::from_bits(0b0010_0000).unwrap();
    for kind in [1, 2, 3] {
        talk.world.rates(kind).arrival_days = Some(saturdays);
    }
    let decision = talk.says("del 10 al 15 de enero para 2");
    assert!(says(&decision, "instead"));
    let arrivals = talk.chat.slots.offered.iter().map(|it| it.check_in);
    assert!(arrivals.into_iter().all(|day| saturdays.contains_date(day)));
}

#[test]
fn too_many_for_one_cabin_are_offered_two_together_and_book_both() {
    let mut talk = Talk::new();
    let decision = talk.says("del 10 al 15 de enero para 9");
    assert!(says(&decision, "instead-together"), "{decision:#?}");
    let pair = choices(&decision)
        .into_iter()
        .find(|choice| matches!(choice, Choice::Option { kinds, .. } if kinds.len() == 2));
    let decision = talk.taps(&pair.unwrap());
    assert!(says(&decision, "price"), "{decision:#?}");
    talk.taps(&hold_of(&decision));
    let booked = &talk.world.bookings[0];
    assert_eq!(booked.stays.len(), 2);
    let guests: u32 = booked.stays.iter().map(|stay| stay.party.guests()).sum();
    assert_eq!(guests, 9);
    assert_ne!(booked.stays[0].cabin, booked.stays[1].cabin);
}

#[test]
fn too_many_for_any_two_cabins_are_a_persons() {
    let mut talk = Talk::new();
    let decision = talk.says("del 10 al 15 de enero para 30");
    assert!(says(&decision, "refused-for"));
    assert_eq!(talk.chat.mode, Mode::Waiting);
    assert!(!decision.attention.is_empty());
}

#[test]
fn two_cabins_that_are_wanted_are_offered_in_pairs() {
    let mut talk = Talk::new();
    let decision = talk.says("necesito dos cabañas del 10 al 15 de enero, somos 6");
    assert!(says(&decision, "options-for"), "{decision:#?}");
    assert!(talk.chat.slots.offered.iter().all(|it| it.kinds.len() == 2));
    let decision = talk.taps(&choices(&decision)[0]);
    talk.taps(&hold_of(&decision));
    assert_eq!(talk.world.bookings[0].stays.len(), 2);
}

#[test]
fn who_wants_two_cabins_wants_two_on_other_dates_as_well() {
    let mut talk = Talk::new();
    let decision = talk.says("necesito dos cabañas del 10 al 15 de enero, somos 6");
    talk.taps(&choices(&decision)[0]);
    let decision = talk.says("y del 20 al 25 de enero?");
    assert!(says(&decision, "options-for"), "{decision:#?}");
    assert!(talk.chat.slots.offered.iter().all(|it| it.kinds.len() == 2));
}

#[test]
fn one_person_cannot_fill_two_cabins() {
    let mut talk = Talk::new();
    let decision = talk.says("quiero dos cabañas del 10 al 15 de enero para 1 persona");
    assert!(says(&decision, "two-cabins-two-adults"), "{decision:#?}");
}

/// A chat in which a dog was refused.
fn no_dogs() -> Talk {
    let mut talk = Talk::new();
    for kind in [1, 2, 3] {
        talk.world.rates(kind).pets = Pets::No;
    }
    let decision = talk.says("hola! somos 2 con un perrito, del 10 al 15 de enero se puede?");
    assert!(says(&decision, "ask-fewer-pets"), "{decision:#?}");
    assert_eq!(choices(&decision), [Choice::Pets(0), Choice::Human]);
    talk
}

#[test]
fn dogs_where_none_are_taken_are_refused_with_a_way_on() {
    for said in [
        "ok, sin el perro entonces",
        "bueno, sin mascotas",
        "sin el perro",
        "dale",
    ] {
        let mut talk = no_dogs();
        let decision = talk.says(said);
        assert!(says(&decision, "options-for"), "{said}: {decision:#?}");
        assert!(!says(&decision, "words"), "{said}");
        assert_eq!(talk.chat.slots.pets, Some(0), "{said}");
    }
    let mut talk = no_dogs();
    assert!(says(&talk.taps(&Choice::Pets(0)), "options-for"));
}

#[test]
fn a_dog_that_was_refused_is_not_forgotten() {
    let mut talk = no_dogs();
    let decision = talk.says("y del 20 al 25 de enero?");
    assert!(says(&decision, "ask-fewer-pets"), "{decision:#?}");
}

#[test]
fn a_date_beyond_what_is_sold_is_said_so_and_another_asked_for() {
    let mut talk = Talk::new();
    let decision = talk.says("del 10 al 15 de marzo de 2028 para 2");
    assert!(says(&decision, "refused-for"), "{decision:#?}");
    assert_eq!(talk.chat.state, State::Dates);
    assert_eq!(talk.chat.slots.check_in, None);
}

#[test]
fn an_option_of_the_past_is_refused_and_dates_are_asked_for() {
    let mut talk = Talk::new();
    talk.says("somos 2");
    let past = nights("2026-10-01", "2026-10-05");
    let decision = talk.taps(&Choice::Dates {
        check_in: past.check_in(),
        check_out: Some(past.check_out()),
    });
    assert!(says(&decision, "refused-for"));
    assert_eq!(talk.chat.state, State::Dates);
    assert!(matches!(
        value(&decision, "refused-for", "why"),
        Some(Value::Refusal(_))
    ));
}
