use super::Party;
use crate::refusal::Refusal;

#[test]
fn somebody_of_age_comes_along() {
    assert_eq!(Party::new(0, vec![Some(5), None], 0), Err(Refusal::NoAdult));
    assert_eq!(Party::new(0, vec![], 2), Err(Refusal::NoAdult));
    // Eighteen is of age, however it is written.
    let young = Party::new(0, vec![Some(18), Some(17)], 0).unwrap();
    assert_eq!((young.adults(), young.children()), (1, &[Some(17)][..]));
}

#[test]
fn babies_are_guests_and_pets_are_not() {
    let family = Party::new(2, vec![Some(0), None], 3).unwrap();
    assert_eq!((family.guests(), family.pets()), (4, 3));
}

#[test]
fn absurd_parties_are_refused() {
    assert!(Party::new(50, vec![], 50).is_ok());
    for (adults, children, pets) in [
        (51, 0, 0),
        (255, 0, 0),
        (1, 50, 0),
        (1, 0, 51),
        (1, 5_000, 0),
    ] {
        let party = Party::new(adults, vec![None; children], pets);
        assert!(matches!(party, Err(Refusal::TooManyGuests { .. })));
    }
}

#[test]
fn a_stored_party_is_checked_again() {
    let family = Party::new(2, vec![Some(4), None], 1).unwrap();
    let json = serde_json::to_string(&family).unwrap();
    assert_eq!(json, r#"{"adults":2,"children":[4,null],"pets":1}"#);
    assert_eq!(serde_json::from_str::<Party>(&json).unwrap(), family);
    for wrong in [
        r#"{"adults":0}"#,
        r#"{"adults":256}"#,
        r#"{"adults":1,"cats":1}"#,
    ] {
        assert!(serde_json::from_str::<Party>(wrong).is_err(), "{wrong}");
    }
}
