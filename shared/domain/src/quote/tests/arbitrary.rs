//! Random stays and price tables, all of them such as an owner could set.

use chrono::{Days, NaiveDate};
use proptest::{collection::vec, option, prelude::*, sample::Index};
use uuid::Uuid;

use super::day;
use crate::{
    ids::SeasonId,
    money::{BasisPoints, Currency, RateMicros},
    nights::{Period, Weekdays},
    party::Party,
    quote::{Adjustment, Exchange, Inputs, StayInputs},
    rates::{AgeBand, BookingMode, LongStay, Pets, Rates, Season, SeasonPrices},
};

/// Whole quotes: one to three stays around the turn of the year.
pub(super) fn quotes() -> impl Strategy<Value = Inputs> {
    (
        vec((periods(), parties(), tables(), vec(seasons(), 0..4)), 1..4),
        vec(nights_from_december(), 0..6),
        vec(-50_000_00..50_000_00_i64, 0..3),
        option::of((1..3_000_000_000_i64, currencies())),
        0..=10_000_u16,
    )
        .prop_map(|(stays, holidays, adjustments, exchange, deposit)| Inputs {
            v: 1,
            priced_on: day("2026-11-20"),
            stays: stays.into_iter().map(stay).collect(),
            holidays: holidays.into_iter().collect(),
            adjustments: adjustments.into_iter().map(adjustment).collect(),
            exchange: exchange.map(|(rate, to)| Exchange {
                to,
                rate: RateMicros::new(rate).unwrap(),
                source: "owner".to_owned(),
                at: "2026-11-20T12:00:00Z".parse().unwrap(),
            }),
            deposit: BasisPoints::new(deposit).unwrap(),
            policy: None,
        })
}

fn currencies() -> impl Strategy<Value = Currency> {
    prop_oneof![
        Just(Currency::ARS),
        // No decimals: the conversion has to know.
        Just("CLP".parse().unwrap()),
    ]
}

fn stay((period, party, rates, mut seasons): (Period, Party, Rates, Vec<Season>)) -> StayInputs {
    for (id, season) in (1..).zip(&mut seasons) {
        season.id = SeasonId::from(Uuid::from_u128(id));
    }
    StayInputs {
        unit_type: Uuid::from_u128(7).into(),
        unit_type_name: "Cabaña".to_owned(),
        accommodation: None,
        capacity: 8,
        period,
        party,
        rates,
        seasons,
    }
}

fn adjustment(amount: i64) -> Adjustment {
    Adjustment {
        amount,
        reason: "ajuste".to_owned(),
        author: "user:1".to_owned(),
    }
}

pub(super) fn nights_from_december() -> impl Strategy<Value = NaiveDate> {
    (0..90_u64).prop_map(|days| day("2026-12-01") + Days::new(days))
}

pub(super) fn periods() -> impl Strategy<Value = Period> {
    (nights_from_december(), 1..30_u64)
        .prop_map(|(first, nights)| Period::new(first, first + Days::new(nights)).unwrap())
}

pub(super) fn parties() -> impl Strategy<Value = Party> {
    (1..7_u8, vec(option::weighted(0.9, 0..18_u8), 0..5), 0..4_u8)
        .prop_map(|(adults, children, pets)| Party::new(adults, children, pets).unwrap())
}

fn modes() -> impl Strategy<Value = BookingMode> {
    prop_oneof![Just(BookingMode::Instant), Just(BookingMode::Request)]
}

/// Up to $ 300.000,00, odd centavos included.
fn amounts() -> impl Strategy<Value = i64> {
    prop_oneof![0..300_000_00_i64, Just(0)]
}

pub(super) fn tables() -> impl Strategy<Value = Rates> {
    let nights = (
        1..300_000_00_i64,
        option::of(1..300_000_00_i64),
        option::of(1..300_000_00_i64),
        1..=127_u8,
    );
    let guests = (
        1..6_u32,
        amounts(),
        vec((0..18_u8, amounts(), any::<bool>()), 0..4),
    );
    let pets = prop_oneof![
        Just(Pets::No),
        Just(Pets::Ask),
        (0..3_u8, amounts(), amounts()).prop_map(|(most, per_stay, per_night)| Pets::Fee {
            most,
            per_stay,
            per_night
        })
    ];
    let long = vec((2..29_u32, 1..=10_000_u16), 0..3);
    (nights, guests, pets, amounts(), long, modes()).prop_map(
        |((night, weekend_night, holiday_night, weekend), guests, pets, cleaning, long, mode)| {
            let (included_guests, extra_guest_night, mut bands) = guests;
            bands.sort_unstable();
            bands.dedup_by_key(|(up_to, ..)| *up_to);
            let (mut nights, mut discounts): (Vec<_>, Vec<_>) = long.into_iter().unzip();
            nights.sort_unstable();
            nights.dedup();
            discounts.sort_unstable();
            discounts.dedup();
            Rates {
                currency: Currency::USD,
                night,
                weekend_night,
                holiday_night,
                weekend: Weekdays::from_bits(weekend).unwrap(),
                min_nights: 1,
                arrival_days: None,
                booking_mode: mode,
                included_guests,
                extra_guest_night,
                age_bands: bands
                    .into_iter()
                    .map(|(up_to, extra_night, takes_place)| AgeBand {
                        up_to,
                        extra_night,
                        takes_place,
                    })
                    .collect(),
                pets,
                cleaning_fee: cleaning,
                long_stay: nights
                    .into_iter()
                    .zip(discounts)
                    .map(|(nights, discount)| LongStay {
                        nights,
                        discount: BasisPoints::new(discount).unwrap(),
                    })
                    .collect(),
            }
        },
    )
}

pub(super) fn seasons() -> impl Strategy<Value = Season> {
    let prices = (
        1..500_000_00_i64,
        option::of(1..500_000_00_i64),
        option::of(1..500_000_00_i64),
    );
    (
        nights_from_december(),
        0..40_u64,
        // Few, so that ties happen.
        0..3_i32,
        option::weighted(0.8, prices),
        option::of(modes()),
        any::<Index>(),
    )
        .prop_map(
            |(first_night, nights, priority, prices, booking_mode, name)| Season {
                id: Uuid::nil().into(),
                name: ["Verano", "Fiestas", "Carnaval"][name.index(3)].to_owned(),
                first_night,
                last_night: first_night + Days::new(nights),
                priority,
                prices: prices.map(|(night, weekend_night, holiday_night)| SeasonPrices {
                    night,
                    weekend_night,
                    holiday_night,
                }),
                min_nights: None,
                arrival_days: None,
                booking_mode,
            },
        )
}
