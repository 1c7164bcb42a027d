use chrono::NaiveDate;
use uuid::Uuid;

use super::{Checks, Limits, MOST_STAYS, Wanted, check, check_together};
use crate::{
    money::Currency,
    nights::{Period, Weekdays},
    party::Party,
    rates::{AgeBand, Pets, Rates, Season},
    refusal::Refusal,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(check_in: &str, check_out: &str) -> Period {
    Period::new(day(check_in), day(check_out)).unwrap()
}

/// Friday.
fn limits() -> Limits {
    Limits {
        today: day("2026-11-20"),
        horizon_days: 365,
        max_nights: 30,
    }
}

fn rates() -> Rates {
    Rates {
        night: 8_000_000,
        min_nights: 2,
        pets: Pets::No,
        age_bands: vec![AgeBand {
            up_to: 2,
            extra_night: 0,
            takes_place: false,
        }],
        ..Rates::by_hand(Currency::ARS, 4)
    }
}

fn season(id: u128, first: &str, last: &str) -> Season {
    Season {
        id: Uuid::from_u128(id).into(),
        name: format!("{id}"),
        first_night: day(first),
        last_night: day(last),
        priority: 0,
        prices: None,
        min_nights: None,
        arrival_days: None,
        booking_mode: None,
    }
}

/// What the guest hears, and what the owner hears.
fn asked(
    nights: (&str, &str),
    party: &Party,
    rates: &Rates,
    seasons: &[Season],
) -> [Result<(), Refusal>; 2] {
    let wanted = Wanted {
        period: period(nights.0, nights.1),
        party,
        capacity: 4,
        active: true,
        rates: Some(rates),
        seasons,
    };
    [Checks::Guest, Checks::Owner].map(|checks| check(&wanted, &limits(), checks))
}

fn couple() -> Party {
    Party::new(2, vec![], 0).unwrap()
}

fn dates(check_in: &str, check_out: &str) -> [Result<(), Refusal>; 2] {
    asked((check_in, check_out), &couple(), &rates(), &[])
}

#[test]
fn today_can_be_sold_yesterday_by_the_owner_and_the_day_before_to_nobody() {
    assert_eq!(dates("2026-11-20", "2026-11-22"), [Ok(()), Ok(())]);
    let past = |check_in| {
        Err(Refusal::Past {
            check_in: day(check_in),
            today: day("2026-11-20"),
        })
    };
    // The guest who stands at the door after midnight.
    let yesterday = "2026-11-19";
    assert_eq!(dates(yesterday, "2026-11-22"), [past(yesterday), Ok(())]);
    let before = "2026-11-18";
    assert_eq!(dates(before, "2026-11-22"), [past(before), past(before)]);
}

#[test]
fn the_horizon_is_the_last_day_of_departure() {
    assert_eq!(dates("2027-11-18", "2027-11-20"), [Ok(()), Ok(())]);
    let beyond = Err(Refusal::BeyondHorizon {
        until: day("2027-11-20"),
    });
    assert_eq!(dates("2027-11-19", "2027-11-21"), [beyond, Ok(())]);
    // As far ahead as a calendar goes.
    let [guest, owner] = dates("9999-12-29", "9999-12-31");
    assert!(guest.is_err() && owner.is_ok());
}

#[test]
fn more_nights_than_are_sold_at_once_are_for_the_owner() {
    assert_eq!(dates("2027-01-01", "2027-01-31"), [Ok(()), Ok(())]);
    let long = Err(Refusal::TooLong { most: 30 });
    assert_eq!(dates("2027-01-01", "2027-02-01"), [long, Ok(())]);
}

#[test]
fn babies_without_a_place_are_not_too_many() {
    let party = |adults, ages: &[u8]| {
        Party::new(adults, ages.iter().copied().map(Some).collect(), 0).unwrap()
    };
    let of = |party: &Party| asked(("2026-12-01", "2026-12-03"), party, &rates(), &[]);
    assert_eq!(of(&party(3, &[3, 0, 1])), [Ok(()), Ok(())]);
    let too_many = Err(Refusal::TooManyGuests {
        guests: 6,
        capacity: Some(4),
    });
    // Not even the owner puts five into four places.
    assert_eq!(of(&party(4, &[3, 0])), [too_many.clone(), too_many]);
}

#[test]
fn the_strictest_minimum_of_what_the_nights_touch_counts() {
    let mut summer = season(1, "2027-01-01", "2027-02-28");
    summer.min_nights = Some(7);
    let mut relaxed = season(2, "2027-01-01", "2027-02-28");
    relaxed.min_nights = Some(1);
    relaxed.priority = 9;
    let seasons = [summer, relaxed];
    let of = |check_in, check_out| asked((check_in, check_out), &couple(), &rates(), &seasons);
    let below = |min_nights| [Err(Refusal::BelowMinimum { min_nights }), Ok(())];
    // The last night of it is in the season.
    assert_eq!(of("2026-12-30", "2027-01-02"), below(7));
    assert_eq!(of("2026-12-30", "2027-01-01"), [Ok(()), Ok(())]);
    assert_eq!(of("2026-12-31", "2027-01-01"), below(2));
    assert_eq!(of("2027-02-28", "2027-03-07"), [Ok(()), Ok(())]);
    assert_eq!(of("2027-03-01", "2027-03-03"), [Ok(()), Ok(())]);
}

#[test]
fn the_strongest_season_at_arrival_that_names_days_says_when_one_arrives() {
    let saturdays = Weekdays::from_bits(0b10_0000).unwrap();
    let sundays = Weekdays::from_bits(0b100_0000).unwrap();
    let mut summer = season(1, "2027-01-01", "2027-02-28");
    summer.arrival_days = Some(saturdays);
    let mut carnival = season(2, "2027-02-05", "2027-02-09");
    carnival.arrival_days = Some(sundays);
    carnival.priority = 5;
    let mut silent = season(3, "2027-01-01", "2027-02-28");
    silent.priority = 9;
    let seasons = [summer, carnival, silent];
    let of = |check_in, check_out| asked((check_in, check_out), &couple(), &rates(), &seasons);
    // Saturday 2 January; Friday 1 is not.
    assert_eq!(of("2027-01-02", "2027-01-09"), [Ok(()), Ok(())]);
    let refused = |check_in, allowed| {
        let check_in = day(check_in);
        [Err(Refusal::ArrivalDay { check_in, allowed }), Ok(())]
    };
    assert_eq!(
        of("2027-01-01", "2027-01-08"),
        refused("2027-01-01", saturdays)
    );
    // Within carnival its own day counts, on Saturday 6 too.
    assert_eq!(
        of("2027-02-06", "2027-02-13"),
        refused("2027-02-06", sundays)
    );
    assert_eq!(of("2027-02-07", "2027-02-14"), [Ok(()), Ok(())]);
    // Arriving before the season is free, whatever comes after.
    assert_eq!(of("2026-12-31", "2027-01-09"), [Ok(()), Ok(())]);
    // Outside of seasons the type's own days.
    let mut always = rates();
    always.arrival_days = Some(sundays);
    let party = couple();
    let march = asked(("2027-03-05", "2027-03-08"), &party, &always, &seasons);
    assert_eq!(march, refused("2027-03-05", sundays));
}

#[test]
fn pets_are_refused_taken_or_asked_about() {
    let of = |policy, pets| {
        let rates = Rates {
            pets: policy,
            ..rates()
        };
        let party = Party::new(2, vec![], pets).unwrap();
        asked(("2026-12-01", "2026-12-03"), &party, &rates, &[])
    };
    let fee = Pets::Fee {
        most: 1,
        per_stay: 0,
        per_night: 0,
    };
    let refused = |most| [Err(Refusal::Pets { most }), Ok(())];
    assert_eq!(of(Pets::No, 0), [Ok(()), Ok(())]);
    assert_eq!(of(Pets::No, 1), refused(0));
    assert_eq!(of(fee, 1), [Ok(()), Ok(())]);
    assert_eq!(of(fee, 2), refused(1));
    assert_eq!(of(Pets::Ask, 4), [Ok(()), Ok(())]);
}

#[test]
fn what_is_not_let_or_not_priced_is_the_owners_to_sell() {
    let party = couple();
    let (none, rates) = (None, rates());
    for (active, rates, refusal) in [
        (false, Some(&rates), Refusal::Inactive),
        (true, none, Refusal::NoPrice),
    ] {
        let wanted = Wanted {
            period: period("2026-12-01", "2026-12-03"),
            party: &party,
            capacity: 4,
            active,
            rates,
            seasons: &[],
        };
        assert_eq!(check(&wanted, &limits(), Checks::Guest), Err(refusal));
        assert_eq!(check(&wanted, &limits(), Checks::Owner), Ok(()));
        let crowded = Wanted {
            capacity: 1,
            ..wanted
        };
        assert!(check(&crowded, &limits(), Checks::Owner).is_err());
    }
}

#[test]
fn a_booking_has_a_few_stays_and_no_cabin_twice_for_a_night() {
    let cabin = |id| Some(Uuid::from_u128(id).into());
    let (first, second) = (
        period("2026-12-01", "2026-12-03"),
        period("2026-12-02", "2026-12-04"),
    );
    let after = period("2026-12-03", "2026-12-05");
    let refused = Err(Refusal::StaysImpossible);
    assert_eq!(check_together([]), refused);
    assert_eq!(
        check_together([(cabin(1), first, None), (cabin(1), second, None)]),
        refused
    );
    assert_eq!(
        check_together([(cabin(1), first, None), (cabin(1), after, None)]),
        Ok(())
    );
    assert_eq!(
        check_together([(cabin(1), first, None), (cabin(2), first, None)]),
        Ok(())
    );
    // Two of a type, ours to choose.
    assert_eq!(
        check_together([(None, first, None), (None, first, None)]),
        Ok(())
    );
    assert_eq!(
        check_together(vec![(None, first, None); MOST_STAYS]),
        Ok(())
    );
    assert_eq!(
        check_together(vec![(None, first, None); MOST_STAYS + 1]),
        refused
    );
    let (pesos, mut dollars) = (rates(), rates());
    dollars.currency = Currency::USD;
    assert_eq!(
        check_together([(None, first, Some(&pesos)), (None, first, Some(&dollars))]),
        Err(Refusal::WrongCurrency {
            asked: Currency::USD,
            possible: vec![Currency::ARS]
        })
    );
}
