use proptest::prelude::*;

use super::{BasisPoints, Currency, Money, MoneyError, RateMicros};

const ARS: Currency = Currency::ARS;

fn ars(minor: i64) -> Money {
    Money::new(minor, ARS)
}

fn bp(value: u16) -> BasisPoints {
    BasisPoints::new(value).unwrap()
}

#[test]
fn a_half_goes_away_from_nothing_on_both_sides() {
    let half = bp(5_000);
    assert_eq!(ars(1).part(half), Ok(ars(1)));
    assert_eq!(ars(-1).part(half), Ok(ars(-1)));
    assert_eq!(ars(3).part(half), Ok(ars(2)));
    assert_eq!(ars(-3).part(half), Ok(ars(-2)));
    // Just below a half.
    assert_eq!(ars(1).part(bp(4_999)), Ok(ars(0)));
    assert_eq!(ars(-1).part(bp(4_999)), Ok(ars(0)));
}

#[test]
fn nothing_and_all_of_an_amount_are_exact_at_the_ends_of_64_bits() {
    for minor in [i64::MIN, -1, 0, 1, i64::MAX] {
        assert_eq!(ars(minor).part(BasisPoints::ZERO), Ok(ars(0)));
        assert_eq!(ars(minor).part(BasisPoints::WHOLE), Ok(ars(minor)));
        assert_eq!(ars(minor).converted(ARS, RateMicros::ONE), Ok(ars(minor)));
    }
    let most = RateMicros::new(1_000_000_000_000).unwrap();
    assert_eq!(
        ars(i64::MAX).converted(Currency::USD, most),
        Err(MoneyError::TooLarge)
    );
}

#[test]
fn conversion_knows_how_many_decimals_each_currency_has() {
    let clp: Currency = "CLP".parse().unwrap();
    let rate = |micros| RateMicros::new(micros).unwrap();
    // 1,00 at 1450,5 is 1450,50.
    let dollar = Money::new(100, Currency::USD);
    assert_eq!(dollar.converted(ARS, rate(1_450_500_000)), Ok(ars(145_050)));
    // 1,00 at 950,5 is 951 whole Chilean pesos.
    assert_eq!(
        dollar.converted(clp, rate(950_500_000)),
        Ok(Money::new(951, clp))
    );
    // And 951 of them at 1,5 are 1426,50.
    assert_eq!(
        Money::new(951, clp).converted(ARS, rate(1_500_000)),
        Ok(ars(142_650))
    );
}

#[test]
fn two_currencies_cannot_be_added_and_nothing_wraps_around() {
    let dollar = Money::new(100, Currency::USD);
    assert_eq!(
        ars(1).plus(dollar),
        Err(MoneyError::Mixed(ARS, Currency::USD))
    );
    assert_eq!(
        ars(1).minus(dollar),
        Err(MoneyError::Mixed(ARS, Currency::USD))
    );
    assert_eq!(ars(i64::MAX).plus(ars(1)), Err(MoneyError::TooLarge));
    assert_eq!(ars(i64::MIN).minus(ars(1)), Err(MoneyError::TooLarge));
    assert_eq!(ars(i64::MAX).times(2), Err(MoneyError::TooLarge));
    assert_eq!(ars(-7).times(3), Ok(ars(-21)));
}

#[test]
fn a_currency_is_three_capital_letters() {
    assert_eq!("ARS".parse(), Ok(ARS));
    for wrong in ["", "ars", "AR", "ARSS", "A1S", "ÑÑ", "$"] {
        assert!(wrong.parse::<Currency>().is_err(), "{wrong}");
    }
    assert_eq!(
        serde_json::to_string(&ars(5)).unwrap(),
        r#"{"minor":5,"currency":"ARS"}"#
    );
    assert!(serde_json::from_str::<Currency>(r#""peso""#).is_err());
}

#[test]
fn parts_and_rates_that_are_not_possible_are_refused_at_the_edge() {
    assert!(BasisPoints::new(10_001).is_none());
    assert!(serde_json::from_str::<BasisPoints>("10001").is_err());
    for wrong in [i64::MIN, -1, 0, 1_000_000_000_001] {
        assert!(RateMicros::new(wrong).is_none());
    }
    assert!(serde_json::from_str::<RateMicros>("0").is_err());
}

proptest! {
    #[test]
    fn a_part_is_off_by_half_a_minor_unit_at_most(minor: i64, part in 0..=10_000_u16) {
        let rounded = i128::from(ars(minor).part(bp(part)).unwrap().minor);
        let exact = i128::from(minor) * i128::from(part);
        prop_assert!((exact - rounded * 10_000).abs() * 2 <= 10_000);
    }

    #[test]
    fn a_larger_amount_never_converts_to_less(
        a in -1_000_000_000_000..1_000_000_000_000_i64,
        b in -1_000_000_000_000..1_000_000_000_000_i64,
        rate in 1..10_000_000_000_i64,
    ) {
        let rate = RateMicros::new(rate).unwrap();
        let converted = |minor| ars(minor).converted(Currency::USD, rate).unwrap().minor;
        prop_assert!(converted(a.min(b)) <= converted(a.max(b)));
        prop_assert_eq!(converted(-a), -converted(a));
    }
}
