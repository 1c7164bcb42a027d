//! Ten thousand random stays and price tables.

use chrono::{Datelike as _, Days};
use proptest::prelude::*;

use super::arbitrary::quotes;
use crate::{
    money::Currency,
    party::{ADULT_FROM, Party},
    quote::{Inputs, StayInputs, price},
    rates::{BookingMode, Pets, Rates},
    refusal::Refusal,
};

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_charged_is_the_sum_of_the_lines_the_naive_sum_and_the_same_again_from_json(inputs in quotes()) {
        for stay in &inputs.stays {
            prop_assert_eq!(stay.rates.problems(), vec![]);
        }
        let naive: i128 = naive_total(&inputs);
        let breakdown = match price(&inputs) {
            Ok(breakdown) => breakdown,
            Err(refusal) => {
                prop_assert_eq!(refusal, Refusal::PriceImpossible);
                prop_assert!(naive < 0);
                return Ok(());
            }
        };
        // The lines are the total, and each says count × unit.
        let sum: i64 = breakdown.lines.iter().map(|line| line.amount).sum();
        prop_assert_eq!(breakdown.total.minor, sum);
        prop_assert!(breakdown.lines.iter().all(|line| line.count * line.unit == line.amount));
        // An independent reading of the rules, night by night, comes to the same.
        prop_assert_eq!(i128::from(breakdown.total.minor), naive);
        prop_assert_eq!(breakdown.booking_mode, naive_mode(&inputs));
        // Deposit and balance are the charge, to the centavo.
        prop_assert_eq!(breakdown.deposit.plus(breakdown.balance()).unwrap(), breakdown.charge);
        prop_assert!((0..=breakdown.charge.minor).contains(&breakdown.deposit.minor));
        let exact = i128::from(breakdown.charge.minor) * i128::from(inputs.deposit.get());
        prop_assert!((exact - i128::from(breakdown.deposit.minor) * 10_000).abs() <= 5_000);
        // The conversion is off by half a minor unit at most.
        match &inputs.exchange {
            None => prop_assert_eq!(breakdown.charge, breakdown.total),
            Some(exchange) => {
                prop_assert_eq!(breakdown.charge.currency, exchange.to);
                let decimals = if exchange.to == Currency::ARS { 100 } else { 1 };
                let exact = i128::from(breakdown.total.minor) * i128::from(exchange.rate.get()) * decimals;
                let unit = 1_000_000 * 100;
                prop_assert!((exact - i128::from(breakdown.charge.minor) * unit).abs() * 2 <= unit);
            }
        }
        // Stored and read again, it is priced the same.
        let stored = serde_json::to_string(&inputs).unwrap();
        let read: Inputs = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(&read, &inputs);
        prop_assert_eq!(price(&read), Ok(breakdown.clone()));
        let stored = serde_json::to_value(&breakdown).unwrap();
        prop_assert_eq!(serde_json::from_value::<super::super::Breakdown>(stored).unwrap(), breakdown);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn one_more_guest_or_pet_never_makes_it_cheaper(inputs in quotes(), age in prop::option::of(0..25_u8)) {
        let Ok(before) = price(&inputs) else { return Ok(()) };
        let with = |change: &dyn Fn(&Party) -> Party| {
            let mut more = inputs.clone();
            more.stays[0].party = change(&more.stays[0].party);
            price(&more).unwrap()
        };
        let and_guest = with(&|party| {
            let mut children = party.children().to_vec();
            children.push(age);
            Party::new(party.adults(), children, party.pets()).unwrap()
        });
        let and_pet = with(&|party| {
            Party::new(party.adults(), party.children().to_vec(), party.pets() + 1).unwrap()
        });
        prop_assert!(and_guest.total.minor >= before.total.minor);
        prop_assert!(and_guest.charge.minor >= before.charge.minor);
        prop_assert!(and_pet.total.minor >= before.total.minor);
    }

    #[test]
    fn the_order_in_which_seasons_are_listed_counts_for_nothing(inputs in quotes()) {
        let mut other = inputs.clone();
        for stay in &mut other.stays {
            stay.seasons.reverse();
        }
        prop_assert_eq!(price(&other), price(&inputs));
    }
}

/// The rules as an owner would work them out on paper: each night, each guest, no lines.
fn naive_total(inputs: &Inputs) -> i128 {
    let stays: i128 = inputs
        .stays
        .iter()
        .map(|stay| naive_stay(inputs, stay))
        .sum();
    let adjustments = inputs.adjustments.iter();
    stays + adjustments.map(|it| i128::from(it.amount)).sum::<i128>()
}

fn naive_stay(inputs: &Inputs, stay: &StayInputs) -> i128 {
    let rates = &stay.rates;
    let (mut nights, mut guests, mut pets) = (0_i128, 0_i128, 0_i128);
    let mut night = stay.period.check_in();
    let mut count = 0_u32;
    while night < stay.period.check_out() {
        count += 1;
        nights += i128::from(naive_night(inputs, stay, night));
        guests += naive_guests(rates, &stay.party);
        if let Pets::Fee {
            per_stay,
            per_night,
            ..
        } = rates.pets
        {
            let each = per_night + if count == 1 { per_stay } else { 0 };
            pets += i128::from(each) * i128::from(stay.party.pets());
        }
        night = night + Days::new(1);
    }
    let mut discount = 0;
    for tier in &rates.long_stay {
        if count >= tier.nights {
            discount = discount.max(i128::from(tier.discount.get()));
        }
    }
    // Half away from nothing, of a positive amount: add a half and cut.
    let off = (nights * discount * 2 + 10_000) / 20_000;
    nights - off + guests + pets + i128::from(rates.cleaning_fee)
}

fn naive_night(inputs: &Inputs, stay: &StayInputs, night: chrono::NaiveDate) -> i64 {
    let rates = &stay.rates;
    let mut best: Option<&crate::rates::Season> = None;
    for season in &stay.seasons {
        let inside = season.first_night <= night && night <= season.last_night;
        if !inside || season.prices.is_none() {
            continue;
        }
        let stronger = best.is_none_or(|best| {
            season.priority > best.priority
                || (season.priority == best.priority && season.id < best.id)
        });
        if stronger {
            best = Some(season);
        }
    }
    let (plain, weekend, holiday) = match best.and_then(|season| season.prices) {
        Some(prices) => (prices.night, prices.weekend_night, prices.holiday_night),
        None => (rates.night, rates.weekend_night, rates.holiday_night),
    };
    let is_weekend = rates.weekend.bits() >> night.weekday().num_days_from_monday() & 1 == 1;
    if inputs.holidays.contains(&(night + Days::new(1))) {
        holiday.or(weekend).unwrap_or(plain)
    } else if is_weekend {
        weekend.unwrap_or(plain)
    } else {
        plain
    }
}

/// Each guest of a night: everybody in order of age, each asked whether a place is left.
fn naive_guests(rates: &Rates, party: &Party) -> i128 {
    // (age as it counts, price, takes a place); adults are as old as can be.
    let adult = (u8::MAX, rates.extra_guest_night, true);
    let of_age = |age: u8| {
        let mut found = adult;
        for band in rates.age_bands.iter().rev() {
            if age <= band.up_to {
                found = (band.up_to, band.extra_night, band.takes_place);
            }
        }
        found
    };
    let mut everybody = vec![adult; usize::from(party.adults())];
    for child in party.children() {
        everybody.push(if let Some(age) = child {
            of_age(*age)
        } else {
            let ages = || (0..ADULT_FROM).map(of_age);
            let places = ages().any(|(.., places)| places);
            // Of equally dear ones, the one with a place, then the eldest.
            let (up_to, price, _) = ages().max_by_key(|it| (it.1, it.2, it.0)).unwrap();
            (up_to, price, places)
        });
    }
    everybody.sort_by_key(|(age, ..)| std::cmp::Reverse(*age));
    let mut left = rates.included_guests;
    let mut sum = 0;
    for (_, price, place) in everybody {
        if place && left > 0 {
            left -= 1;
        } else {
            sum += i128::from(price);
        }
    }
    sum
}

fn naive_mode(inputs: &Inputs) -> BookingMode {
    let asks = inputs.stays.iter().any(|stay| {
        let season = stay.period.nights().any(|night| {
            let seasons = stay.seasons.iter();
            let mut covering =
                seasons.filter(|it| it.first_night <= night && night <= it.last_night);
            covering.any(|it| it.booking_mode == Some(BookingMode::Request))
        });
        season
            || stay.rates.booking_mode == BookingMode::Request
            || (stay.rates.pets == Pets::Ask && stay.party.pets() > 0)
    });
    if asks {
        BookingMode::Request
    } else {
        BookingMode::Instant
    }
}
