use super::{party, rates};
use crate::{
    party::Party,
    quote::{
        guests::{Extra, extras},
        places,
    },
    rates::{AgeBand, Rates},
};

fn family() -> Rates {
    Rates {
        included_guests: 3,
        extra_guest_night: 900,
        age_bands: vec![
            AgeBand {
                up_to: 2,
                extra_night: 50,
                takes_place: false,
            },
            AgeBand {
                up_to: 6,
                extra_night: 200,
                takes_place: true,
            },
            AgeBand {
                up_to: 12,
                extra_night: 500,
                takes_place: true,
            },
        ],
        ..rates()
    }
}

fn extra(up_to_age: Option<u8>, guests: u32, night: i64) -> Extra {
    Extra {
        up_to_age,
        guests,
        night,
    }
}

#[test]
fn adults_fill_the_included_places_first_and_then_the_oldest_children() {
    // Included: two adults and the girl of 12. Extra: 6 and 4 years.
    assert_eq!(
        extras(&family(), &party(2, &[4, 12, 6], 0)),
        [extra(Some(6), 2, 200)]
    );
    // Included: three adults. Extra: an adult, one of 13 (beyond the bands, as an adult), one of 7.
    assert_eq!(
        extras(&family(), &party(4, &[7, 13], 0)),
        [extra(None, 2, 900), extra(Some(12), 1, 500)]
    );
}

#[test]
fn a_baby_uses_no_place_and_pays_its_own_price() {
    let with_baby = party(2, &[0], 0);
    assert_eq!(places(&family(), &with_baby), 2);
    // A place is left, but it is not the baby's.
    assert_eq!(extras(&family(), &with_baby), [extra(Some(2), 1, 50)]);
    assert_eq!(places(&family(), &party(2, &[0, 2, 3], 0)), 3);
}

#[test]
fn a_child_of_unknown_age_costs_as_much_as_any_could() {
    let unknown = Party::new(3, vec![None], 0).unwrap();
    // Beyond the last band it would be 13 to 17: as an adult.
    assert_eq!(extras(&family(), &unknown), [extra(None, 1, 900)]);
    assert_eq!(places(&family(), &unknown), 4);
    // With bands up to 17, the dearest band.
    let mut covered = family();
    covered.age_bands[2].up_to = 17;
    assert_eq!(extras(&covered, &unknown), [extra(Some(17), 1, 500)]);
    // Without bands, as an adult.
    assert_eq!(extras(&rates(), &unknown).last().unwrap().guests, 2);
}

#[test]
fn unsaid_ages_never_make_a_stay_cheaper_than_said_ones() {
    let mut rates = family();
    rates.age_bands[0].extra_night = 0;
    let night = |ages: &[Option<u8>]| -> i64 {
        let party = Party::new(2, ages.to_vec(), 0).unwrap();
        extras(&rates, &party)
            .iter()
            .map(|extra| extra.night * i64::from(extra.guests))
            .sum()
    };
    for age in 0..18 {
        for other in 0..18 {
            assert!(night(&[None, Some(other)]) >= night(&[Some(age), Some(other)]));
            assert!(night(&[Some(other), None, None]) >= night(&[Some(other), Some(age), None]));
        }
    }
}
