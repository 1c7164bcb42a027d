use super::super::talk::{Talk, says};
use crate::{dialogue::State, party::Party, rates::AgeBand, understand::Asked};

/// Who comes, after these messages.
fn party(messages: &[&str]) -> Party {
    let mut talk = Talk::new();
    for message in messages {
        talk.says(message);
    }
    known(&talk)
}

fn known(talk: &Talk) -> Party {
    let party = crate::dialogue::booking::party::of(&talk.chat.slots);
    party.expect("somebody comes").expect("a possible party")
}

fn of(adults: u8, children: &[Option<u8>], pets: u8) -> Party {
    Party::new(adults, children.to_vec(), pets).unwrap()
}

#[test]
fn a_bare_number_of_people_is_adults() {
    assert_eq!(party(&["para 4"]), of(4, &[], 0));
}

#[test]
fn children_babies_and_pets_are_told_apart() {
    assert_eq!(
        party(&["somos 2 adultos, un nene de 5 y un bebé, y llevamos el perro"]),
        of(2, &[Some(5), Some(0)], 1)
    );
}

#[test]
fn children_said_later_are_among_the_number_said_before() {
    assert_eq!(
        party(&["hay lugar? somos 4", "2 son chicos"]),
        of(2, &[None, None], 0)
    );
}

#[test]
fn one_more_in_reality_keeps_the_children() {
    assert_eq!(
        party(&["2 adultos y 2 chicos", "somos 5 en realidad"]),
        of(3, &[None, None], 0)
    );
}

#[test]
fn adults_said_again_replace_everybody() {
    assert_eq!(
        party(&["2 adultos y 2 chicos", "perdón, 3 adultos"]),
        of(3, &[], 0)
    );
}

#[test]
fn children_alone_are_asked_for_their_adults() {
    let mut talk = Talk::new();
    let decision = talk.says("del 10 al 15 de enero, vamos con 2 chicos");
    assert!(says(&decision, "ask-adults"), "{decision:#?}");
    assert!(says(&talk.says("2 adultos y 2 chicos"), "options-for"));
}

#[test]
fn ages_are_asked_for_once_and_only_where_they_make_a_difference() {
    let mut talk = Talk::new();
    for kind in [1, 2, 3] {
        let rates = talk.world.rates(kind);
        rates.included_guests = 2;
        rates.extra_guest_night = 10_000;
        rates.age_bands = vec![AgeBand {
            up_to: 2,
            extra_night: 0,
            takes_place: false,
        }];
    }
    let decision = talk.says("del 10 al 15 de enero 2 adultos y 1 nene");
    assert!(says(&decision, "ask-ages"), "{decision:#?}");
    assert_eq!(
        (talk.chat.state, talk.chat.slots.asked),
        (State::Guests, Some(Asked::Ages))
    );
    let decision = talk.says("tiene 8");
    assert!(says(&decision, "options-for"), "{decision:#?}");
    assert_eq!(known(&talk), of(2, &[Some(8)], 0));

    let mut unasked = Talk::new();
    assert!(says(
        &unasked.says("del 10 al 15 de enero 2 adultos y 1 nene"),
        "options-for"
    ));
}

#[test]
fn more_people_than_any_house_holds_are_refused_in_words() {
    let mut talk = Talk::new();
    let decision = talk.says("del 10 al 15 de enero somos 60 personas");
    assert!(says(&decision, "refused"), "{decision:#?}");
    assert_eq!(talk.chat.mode, crate::mode::Mode::Waiting);
}
