use super::{day, inputs, party, period, rates, season, stay};
use crate::{
    money::{BasisPoints, Currency, Money, RateMicros},
    quote::{Adjustment, Breakdown, Exchange, Inputs, LineKind, NightRate, price},
    rates::{BookingMode, LongStay, Pets, Rates, SeasonPrices},
    refusal::Refusal,
};

/// What a guest would read: count × unit = amount.
fn lines(breakdown: &Breakdown) -> Vec<String> {
    breakdown
        .lines
        .iter()
        .map(|line| {
            let what = match &line.kind {
                LineKind::Nights { rate, season } => {
                    let rate = match rate {
                        NightRate::Plain => "plain",
                        NightRate::Weekend => "weekend",
                        NightRate::Holiday => "holiday",
                    };
                    format!("{rate} {}", season.as_deref().unwrap_or("-"))
                }
                LineKind::ExtraGuests { up_to_age } => format!("extra {up_to_age:?}"),
                LineKind::Pets => "pets".to_owned(),
                LineKind::Cleaning => "cleaning".to_owned(),
                LineKind::LongStay { discount } => format!("long stay {}", discount.get()),
                LineKind::Adjustment { reason } => reason.clone(),
            };
            format!("{what}: {} × {} = {}", line.count, line.unit, line.amount)
        })
        .collect()
}

fn priced(inputs: &Inputs) -> Breakdown {
    price(inputs).unwrap()
}

#[test]
fn a_week_has_five_nights_of_the_week_and_two_of_the_weekend() {
    // Monday 2 to Monday 9 November 2026.
    let week = period("2026-11-02", "2026-11-09");
    let breakdown = priced(&inputs(stay(week, party(2, &[], 0), rates())));
    assert_eq!(
        lines(&breakdown),
        [
            "plain -: 5 × 8000000 = 40000000",
            "weekend -: 2 × 10000000 = 20000000"
        ]
    );
    assert_eq!(breakdown.total, Money::new(600_000_00, Currency::ARS));
    assert_eq!(breakdown.charge, breakdown.total);
    assert_eq!(breakdown.deposit.minor, 300_000_00);
    assert_eq!(breakdown.balance().minor, 300_000_00);
    assert_eq!(breakdown.booking_mode, BookingMode::Instant);
}

#[test]
fn the_night_before_a_holiday_monday_is_the_holidays_and_the_holiday_night_itself_is_not() {
    // Friday 20 to Tuesday 24 November 2026; Monday 23 is a holiday. Friday and Saturday are the weekend, Sunday 22 is
    // the eve, Monday 23 is a night like any other.
    let mut long_weekend = inputs(stay(
        period("2026-11-20", "2026-11-24"),
        party(2, &[], 0),
        Rates {
            holiday_night: Some(120_000_00),
            ..rates()
        },
    ));
    long_weekend.holidays.insert(day("2026-11-23"));
    let breakdown = priced(&long_weekend);
    assert_eq!(
        lines(&breakdown),
        [
            "weekend -: 2 × 10000000 = 20000000",
            "holiday -: 1 × 12000000 = 12000000",
            "plain -: 1 × 8000000 = 8000000",
        ]
    );
    assert_eq!(breakdown.total.minor, 400_000_00);
}

#[test]
fn an_eve_without_a_price_of_its_own_costs_as_the_weekend_and_then_as_any_night() {
    let sunday = period("2026-11-22", "2026-11-23");
    let mut eve = inputs(stay(sunday, party(2, &[], 0), rates()));
    eve.holidays.insert(day("2026-11-23"));
    assert_eq!(lines(&priced(&eve)), ["weekend -: 1 × 10000000 = 10000000"]);
    eve.stays[0].rates.weekend_night = None;
    assert_eq!(lines(&priced(&eve)), ["plain -: 1 × 8000000 = 8000000"]);
}

#[test]
fn where_seasons_overlap_the_higher_priority_gives_the_price_and_ties_go_to_the_lower_id() {
    // Wednesday 30 December 2026 to Monday 4 January 2027.
    let mut around = inputs(stay(
        period("2026-12-30", "2027-01-04"),
        party(2, &[], 0),
        rates(),
    ));
    let summer = season("Verano", "2027-01-01", "2027-02-28", 1, 150_000_00);
    let mut turn = season("Fin de año", "2026-12-31", "2027-01-01", 5, 200_000_00);
    turn.id = uuid::Uuid::from_u128(2).into();
    // As strong as summer but with a higher id: counts for nothing.
    let mut tie = season("Otra", "2027-01-01", "2027-01-31", 1, 1);
    tie.id = uuid::Uuid::from_u128(3).into();
    // Strongest of all, but without prices: only its conditions count.
    let mut bare = season("Consultar", "2026-12-30", "2027-01-04", 9, 0);
    bare.prices = None;
    bare.booking_mode = Some(BookingMode::Request);
    around.stays[0].seasons = vec![tie, summer, bare, turn];
    let breakdown = priced(&around);
    assert_eq!(
        lines(&breakdown),
        [
            // Wednesday 30.
            "plain -: 1 × 8000000 = 8000000",
            // Thursday 31, Friday 1: the season has one price for all nights, whatever the weekday.
            "plain Fin de año: 2 × 20000000 = 40000000",
            // Saturday 2, Sunday 3.
            "plain Verano: 2 × 15000000 = 30000000",
        ]
    );
    assert_eq!(breakdown.booking_mode, BookingMode::Request);
}

#[test]
fn a_season_that_ends_the_night_before_arrival_does_not_count() {
    let mut after = inputs(stay(
        period("2027-03-01", "2027-03-02"),
        party(2, &[], 0),
        rates(),
    ));
    let mut summer = season("Verano", "2027-01-01", "2027-02-28", 1, 150_000_00);
    summer.booking_mode = Some(BookingMode::Request);
    after.stays[0].seasons = vec![summer];
    let breakdown = priced(&after);
    assert_eq!(breakdown.total.minor, 80_000_00);
    assert_eq!(breakdown.booking_mode, BookingMode::Instant);
}

#[test]
fn everything_together_is_the_sum_worked_out_by_hand() {
    // Saturday 6 to Sunday 14 February 2027: Carnival is Monday 8 and Tuesday 9, so Sunday 7 and Monday 8 are eves.
    let rates = Rates {
        extra_guest_night: 10_000_00,
        age_bands: vec![
            crate::rates::AgeBand {
                up_to: 2,
                extra_night: 0,
                takes_place: false,
            },
            crate::rates::AgeBand {
                up_to: 12,
                extra_night: 5_000_00,
                takes_place: true,
            },
        ],
        pets: Pets::Fee {
            most: 2,
            per_stay: 7_000_00,
            per_night: 1_000_00,
        },
        cleaning_fee: 20_000_00,
        long_stay: vec![
            LongStay {
                nights: 7,
                discount: BasisPoints::new(1_000).unwrap(),
            },
            LongStay {
                nights: 14,
                discount: BasisPoints::new(2_000).unwrap(),
            },
        ],
        ..rates()
    };
    // Two adults, a girl of 8, a boy of 15, a baby, a dog.
    let carnival = stay(
        period("2027-02-06", "2027-02-14"),
        party(2, &[1, 8, 15], 1),
        rates,
    );
    let mut inputs = inputs(carnival);
    inputs
        .holidays
        .extend([day("2027-02-08"), day("2027-02-09")]);
    let mut season = season("Carnaval", "2027-02-05", "2027-02-08", 3, 110_000_00);
    season.prices = Some(SeasonPrices {
        night: 110_000_00,
        weekend_night: Some(130_000_00),
        holiday_night: Some(140_000_05),
    });
    inputs.stays[0].seasons = vec![season];
    inputs.adjustments = vec![Adjustment {
        amount: -15_000_00,
        reason: "amigos de la casa".to_owned(),
        author: "user:1".to_owned(),
    }];
    let breakdown = priced(&inputs);
    assert_eq!(
        lines(&breakdown),
        [
            // Saturday 6.
            "weekend Carnaval: 1 × 13000000 = 13000000",
            // Sunday 7, Monday 8.
            "holiday Carnaval: 2 × 14000005 = 28000010",
            // Tuesday 9 to Thursday 11.
            "plain -: 3 × 8000000 = 24000000",
            // Friday 12, Saturday 13.
            "weekend -: 2 × 10000000 = 20000000",
            // 10 % of 85000010 is 8500001 exactly.
            "long stay 1000: 1 × -8500001 = -8500001",
            // The two included places are the adults'. The boy of 15 is beyond the bands.
            "extra None: 8 × 1000000 = 8000000",
            "extra Some(12): 8 × 500000 = 4000000",
            "pets: 1 × 700000 = 700000",
            "pets: 8 × 100000 = 800000",
            "cleaning: 1 × 2000000 = 2000000",
            "amigos de la casa: 1 × -1500000 = -1500000",
        ]
    );
    assert_eq!(breakdown.total.minor, 90_500_009);
    // Half a centavo goes away from nothing: the deposit gets it, the balance does not.
    assert_eq!(breakdown.deposit.minor, 45_250_005);
    assert_eq!(breakdown.balance().minor, 45_250_004);
}

#[test]
fn the_discount_is_rounded_once_for_all_nights_of_the_stay() {
    // Seven nights of 0,05 with 10 % off: rounded once a night it would be 0,07, once for all it is 0,04 (3,5 centavos,
    // half away from nothing).
    let mut cheap = rates();
    cheap.night = 5;
    cheap.weekend_night = None;
    cheap.long_stay = vec![LongStay {
        nights: 7,
        discount: BasisPoints::new(1_000).unwrap(),
    }];
    let week = period("2026-11-02", "2026-11-09");
    let breakdown = priced(&inputs(stay(week, party(2, &[], 0), cheap)));
    assert_eq!(breakdown.total.minor, 35 - 4);
}

#[test]
fn a_list_in_dollars_is_charged_in_pesos_at_the_frozen_rate_rounded_once() {
    let mut dollars = rates();
    dollars.currency = Currency::USD;
    dollars.night = 33_33;
    dollars.weekend_night = None;
    let mut inputs = inputs(stay(
        period("2026-11-02", "2026-11-05"),
        party(2, &[], 0),
        dollars,
    ));
    inputs.exchange = Some(Exchange {
        to: Currency::ARS,
        rate: RateMicros::new(1_415_555_500).unwrap(),
        source: "owner".to_owned(),
        at: "2026-11-20T12:00:00Z".parse().unwrap(),
    });
    let breakdown = priced(&inputs);
    assert_eq!(breakdown.total, Money::new(99_99, Currency::USD));
    // 99,99 × 1415,5555 = 141541,394445.
    assert_eq!(breakdown.charge, Money::new(141_541_39, Currency::ARS));
    assert_eq!(breakdown.deposit, Money::new(70_770_70, Currency::ARS));
    assert_eq!(breakdown.balance(), Money::new(70_770_69, Currency::ARS));
}

#[test]
fn two_cabins_are_one_total_and_the_strictest_mode() {
    let mut both = inputs(stay(
        period("2026-11-02", "2026-11-03"),
        party(2, &[], 0),
        rates(),
    ));
    let mut second = stay(
        period("2026-11-03", "2026-11-05"),
        party(2, &[], 1),
        rates(),
    );
    second.rates.pets = Pets::Ask;
    both.stays.push(second);
    let breakdown = priced(&both);
    let stays: Vec<_> = breakdown.lines.iter().map(|line| line.stay).collect();
    assert_eq!(stays, [Some(0), Some(1)]);
    assert_eq!(breakdown.total.minor, 240_000_00);
    assert_eq!(breakdown.booking_mode, BookingMode::Request);
}

#[test]
fn a_price_below_nothing_or_beyond_64_bits_is_refused() {
    let one = stay(
        period("2026-11-02", "2026-11-03"),
        party(2, &[], 0),
        rates(),
    );
    let mut inputs = inputs(one);
    let off = |amount| Adjustment {
        amount,
        reason: "rebaja".to_owned(),
        author: "user:1".to_owned(),
    };
    inputs.adjustments = vec![off(-80_000_00)];
    assert_eq!(priced(&inputs).total.minor, 0);
    inputs.adjustments = vec![off(-80_000_01)];
    assert_eq!(price(&inputs), Err(Refusal::PriceImpossible));
    inputs.adjustments = vec![off(i64::MAX)];
    assert_eq!(price(&inputs), Err(Refusal::PriceImpossible));
    inputs.adjustments = vec![];
    inputs.stays[0].rates.night = i64::MAX;
    inputs.stays[0].period = period("2026-11-02", "2026-11-04");
    assert_eq!(price(&inputs), Err(Refusal::PriceImpossible));
}

#[test]
fn two_currencies_or_no_stay_have_no_price() {
    let one = stay(
        period("2026-11-02", "2026-11-03"),
        party(2, &[], 0),
        rates(),
    );
    let mut inputs = inputs(one.clone());
    inputs.stays.push(one);
    inputs.stays[1].rates.currency = Currency::USD;
    assert_eq!(
        price(&inputs),
        Err(Refusal::WrongCurrency {
            asked: Currency::USD,
            possible: vec![Currency::ARS]
        })
    );
    inputs.stays.clear();
    assert_eq!(price(&inputs), Err(Refusal::StaysImpossible));
}
