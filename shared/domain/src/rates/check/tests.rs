use crate::{
    money::{BasisPoints, Currency},
    rates::{
        AgeBand, LongStay, MOST_AMOUNT, Pets, Rates, RatesProblem, Season, SeasonPrices,
        SeasonProblem,
    },
};

fn rates() -> Rates {
    Rates {
        night: 1,
        ..Rates::by_hand(Currency::ARS, 4)
    }
}

fn band(up_to: u8, extra_night: i64) -> AgeBand {
    AgeBand {
        up_to,
        extra_night,
        takes_place: true,
    }
}

fn tier(nights: u32, discount: u16) -> LongStay {
    LongStay {
        nights,
        discount: BasisPoints::new(discount).unwrap(),
    }
}

#[test]
fn every_problem_of_a_price_table_is_said() {
    let wrong = Rates {
        night: 0,
        weekend_night: Some(-1),
        holiday_night: Some(MOST_AMOUNT + 1),
        min_nights: 0,
        included_guests: 0,
        extra_guest_night: -1,
        age_bands: vec![band(12, -1), band(2, 0)],
        pets: Pets::Fee {
            most: 1,
            per_stay: -1,
            per_night: i64::MAX,
        },
        cleaning_fee: i64::MIN,
        long_stay: vec![tier(14, 2_000), tier(7, 1_000)],
        ..rates()
    };
    assert_eq!(
        wrong.problems(),
        [
            RatesProblem::Night("night"),
            RatesProblem::Night("weekend_night"),
            RatesProblem::Night("holiday_night"),
            RatesProblem::Amount("extra_guest_night"),
            RatesProblem::Amount("cleaning_fee"),
            RatesProblem::Amount("pets.per_stay"),
            RatesProblem::Amount("pets.per_night"),
            RatesProblem::MinNights,
            RatesProblem::IncludedGuests,
            RatesProblem::AgeBands,
            RatesProblem::Amount("age_bands.extra_night"),
            RatesProblem::LongStay,
        ]
    );
    assert_eq!(wrong.check(), Err(RatesProblem::Night("night")));
    assert_eq!(rates().check(), Ok(()));
}

#[test]
fn bands_and_tiers_go_up() {
    let of = |age_bands: &[AgeBand], long_stay: &[LongStay]| {
        Rates {
            age_bands: age_bands.to_vec(),
            long_stay: long_stay.to_vec(),
            ..rates()
        }
        .check()
    };
    assert_eq!(of(&[band(2, 0), band(17, 5)], &[]), Ok(()));
    assert_eq!(
        of(&[band(2, 0), band(2, 5)], &[]),
        Err(RatesProblem::AgeBands)
    );
    assert_eq!(of(&[band(18, 0)], &[]), Err(RatesProblem::AgeBands));
    assert_eq!(of(&[], &[tier(7, 1_000), tier(14, 2_000)]), Ok(()));
    for wrong in [
        [tier(7, 1_000), tier(7, 2_000)],
        [tier(7, 2_000), tier(14, 1_000)],
        [tier(1, 1_000), tier(7, 2_000)],
        [tier(7, 1_000), tier(400, 2_000)],
    ] {
        assert_eq!(of(&[], &wrong), Err(RatesProblem::LongStay));
    }
}

#[test]
fn a_price_table_written_by_hand_says_what_it_does_not_know() {
    let minimal: Rates =
        serde_json::from_str(r#"{"currency":"ARS","night":8000000,"included_guests":2}"#).unwrap();
    assert_eq!(minimal.check(), Ok(()));
    assert_eq!(minimal.pets, Pets::No);
    let misspelt = r#"{"currency":"ARS","night":1,"included_guests":2,"cleaning":5}"#;
    assert!(serde_json::from_str::<Rates>(misspelt).is_err());
    let pets: Pets =
        serde_json::from_str(r#"{"policy":"fee","most":2,"per_stay":1,"per_night":0}"#).unwrap();
    assert!(matches!(pets, Pets::Fee { most: 2, .. }));
}

#[test]
fn every_problem_of_a_season_is_said() {
    let season = Season {
        id: uuid::Uuid::nil().into(),
        name: " ".to_owned(),
        first_night: "2027-02-01".parse().unwrap(),
        last_night: "2027-01-31".parse().unwrap(),
        priority: 0,
        prices: Some(SeasonPrices {
            night: 0,
            weekend_night: Some(1),
            holiday_night: Some(0),
        }),
        min_nights: Some(366),
        arrival_days: None,
        booking_mode: None,
    };
    assert_eq!(
        season.problems(),
        [
            SeasonProblem::Name,
            SeasonProblem::Nights,
            SeasonProblem::MinNights,
            SeasonProblem::Night("night"),
            SeasonProblem::Night("holiday_night"),
        ]
    );
    let right = Season {
        name: "Semana Santa".to_owned(),
        last_night: "2027-02-01".parse().unwrap(),
        prices: None,
        min_nights: Some(1),
        ..season
    };
    assert_eq!(right.check(), Ok(()));
    let unclean = Season {
        name: "Semana\0Santa".to_owned(),
        ..right
    };
    assert_eq!(unclean.check(), Err(SeasonProblem::Name));
}
