use super::{
    super::{Among, Offers},
    cabin_id, kind, kind_id, limits, market, party, period, search, season, take,
};
use crate::{
    ids::AccommodationId,
    money::{Currency, RateMicros},
    quote::Exchange,
    rates::BookingMode,
    refusal::Refusal,
};

const WEEK: (&str, &str) = ("2026-12-07", "2026-12-14");

fn free(offers: &Offers) -> Vec<Vec<AccommodationId>> {
    offers.offers.iter().map(|it| it.free.clone()).collect()
}

#[test]
fn types_come_cheapest_first_with_the_units_that_are_free() {
    let mut small = kind(1, 2, 900, 3);
    take(&mut small, 1, "2026-12-13", "2026-12-14");
    // Leaving on the day of arrival takes nothing, nor does arriving on the day of departure.
    take(&mut small, 2, "2026-12-01", "2026-12-07");
    take(&mut small, 2, "2026-12-14", "2026-12-20");
    let market = market(vec![kind(2, 4, 1_000, 1), small]);
    let found = search(&market, WEEK, party(2, &[], 0), Among::All);
    assert_eq!(
        free(&found),
        [vec![cabin_id(10), cabin_id(12)], vec![cabin_id(20)]]
    );
    assert_eq!(found.offers[0].price.total.minor, 6_300);
    assert_eq!(found.offers[0].price.deposit.minor, 3_150);
    assert_eq!(found.refusal, None);
    assert!(found.alternatives.is_empty());
}

#[test]
fn a_cabin_or_type_that_is_not_let_is_never_offered() {
    let (mut one, mut other) = (kind(1, 2, 900, 2), kind(2, 2, 900, 1));
    one.cabins[0].active = false;
    other.active = false;
    let market = market(vec![one, other]);
    let found = search(&market, WEEK, party(2, &[], 0), Among::All);
    assert_eq!(free(&found), [vec![cabin_id(11)]]);
    for among in [Among::Cabin(cabin_id(10)), Among::Type(kind_id(2))] {
        let found = search(&market, WEEK, party(2, &[], 0), among);
        assert_eq!(found.refusal, Some(Refusal::Inactive));
        assert_eq!(found.alternatives.cabins.len(), 1);
    }
}

#[test]
fn a_cabin_that_does_not_exist_is_unknown() {
    let market = market(vec![kind(1, 2, 900, 1)]);
    for (among, what) in [
        (Among::Cabin(cabin_id(99)), "accommodation"),
        (Among::Type(kind_id(9)), "unit_type"),
    ] {
        let found = search(&market, WEEK, party(2, &[], 0), among);
        let what = what.to_owned();
        assert_eq!(found.refusal, Some(Refusal::Unknown { what }));
    }
}

#[test]
fn the_reason_is_the_one_that_comes_nearest_to_a_sale() {
    let mut full = kind(1, 4, 900, 2);
    take(&mut full, 0, "2026-12-08", "2026-12-11");
    take(&mut full, 1, "2026-12-10", "2026-12-12");
    let mut long = kind(2, 4, 900, 1);
    long.seasons = vec![season("2026-12-01", "2026-12-31")];
    long.seasons[0].min_nights = Some(10);
    let mut unpriced = kind(3, 4, 900, 1);
    unpriced.rates = None;
    let tiny = kind(4, 1, 900, 1);
    let why = |kinds| {
        let found = search(&market(kinds), WEEK, party(2, &[], 0), Among::All);
        found.refusal.unwrap()
    };
    // Nights that no unit has are named.
    let taken = Refusal::Taken {
        nights: vec!["2026-12-10".parse().unwrap()],
    };
    let all = vec![unpriced.clone(), tiny.clone(), long.clone(), full.clone()];
    assert_eq!(why(all), taken);
    let below = Refusal::BelowMinimum { min_nights: 10 };
    assert_eq!(why(vec![tiny.clone(), long, unpriced.clone()]), below);
    let too_many = Refusal::TooManyGuests {
        guests: 2,
        capacity: Some(1),
    };
    assert_eq!(why(vec![unpriced.clone(), tiny]), too_many);
    assert_eq!(why(vec![unpriced]), Refusal::NoPrice);
    assert!(matches!(why(vec![]), Refusal::Unknown { .. }));
}

#[test]
fn dates_that_nobody_sells_are_refused_for_all_cabins_at_once() {
    let market = market(vec![kind(1, 2, 900, 1)]);
    let past = search(
        &market,
        ("2026-11-19", "2026-11-21"),
        party(2, &[], 0),
        Among::All,
    );
    assert!(matches!(past.refusal, Some(Refusal::Past { .. })));
    // The nearest: from today on.
    assert_eq!(
        past.alternatives.dates[0].period,
        period("2026-11-20", "2026-11-22")
    );
    let far = search(
        &market,
        ("2029-01-01", "2029-01-05"),
        party(2, &[], 0),
        Among::All,
    );
    let until = limits().today + chrono::Days::new(365);
    assert_eq!(far.refusal, Some(Refusal::BeyondHorizon { until }));
    assert!(far.alternatives.is_empty());
}

#[test]
fn an_offer_says_when_the_owner_has_to_agree() {
    let mut asks = kind(1, 2, 900, 1);
    asks.seasons = vec![season("2026-12-13", "2026-12-31")];
    asks.seasons[0].booking_mode = Some(BookingMode::Request);
    let market = market(vec![asks]);
    let mode = |nights| {
        let found = search(&market, nights, party(2, &[], 0), Among::All);
        found.offers[0].price.booking_mode
    };
    assert_eq!(mode(WEEK), BookingMode::Request);
    assert_eq!(mode(("2026-12-07", "2026-12-13")), BookingMode::Instant);
}

#[test]
fn a_list_in_dollars_is_offered_in_pesos_if_there_is_a_rate() {
    let mut dollars = kind(1, 2, 50_00, 1);
    dollars.rates.as_mut().unwrap().currency = Currency::USD;
    let mut market = market(vec![dollars]);
    let found = search(&market, WEEK, party(2, &[], 0), Among::All);
    assert_eq!(
        found.refusal,
        Some(Refusal::WrongCurrency {
            asked: Currency::ARS,
            possible: vec![Currency::USD]
        })
    );
    market.exchange = Some(Exchange {
        to: Currency::ARS,
        rate: RateMicros::new(1_450_000_000).unwrap(),
        source: "owner".to_owned(),
        at: "2026-11-20T12:00:00Z".parse().unwrap(),
    });
    let found = search(&market, WEEK, party(2, &[], 0), Among::All);
    assert_eq!(found.offers[0].price.total.minor, 350_00);
    assert_eq!(found.offers[0].price.charge.minor, 507_500_00);
}
