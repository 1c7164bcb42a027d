//! The days on which a rule begins and ends, and that no centavo is lost.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::{By, Facts, Outcome, Policy, Rule, Tier, Withdrawal};
use crate::money::{BasisPoints, Currency, Money};

const fn ars(minor: i64) -> Money {
    Money::new(minor, Currency::ARS)
}

fn tier(days_before: u32, refund_bp: u16) -> Tier {
    Tier {
        days_before,
        refund_bp: BasisPoints::new(refund_bp).unwrap(),
    }
}

/// Everything until 15 days before, half until 7, then nothing.
fn usual() -> Policy {
    Policy {
        tiers: vec![tier(15, 10_000), tier(7, 5_000)],
        withdrawal: None,
    }
}

fn with_law(days: u32, notice_days: u32) -> Policy {
    Policy {
        withdrawal: Some(Withdrawal { days, notice_days }),
        ..usual()
    }
}

fn arrival() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 3, 1).unwrap()
}

/// Cancelled by the guest so many days before arrival, so many after booking.
fn facts(ahead: u64, since: u64) -> Facts {
    let today = arrival() - Days::new(ahead);
    Facts {
        paid: ars(10_001),
        sold: true,
        booked_on: today - Days::new(since),
        check_in: arrival(),
        today,
        by: By::Guest,
    }
}

fn outcome(policy: &Policy, facts: &Facts) -> (i64, Rule) {
    let Outcome { refund, rule, .. } = policy.outcome(facts).unwrap();
    (refund.minor, rule)
}

#[test]
fn a_tier_lasts_until_its_last_day_and_not_one_longer() {
    let policy = usual();
    let at = |ahead| outcome(&policy, &facts(ahead, 100));
    assert_eq!(at(16), (10_001, Rule::Tier { days_before: 15 }));
    assert_eq!(at(15), (10_001, Rule::Tier { days_before: 15 }));
    assert_eq!(at(14), (5_001, Rule::Tier { days_before: 7 }));
    assert_eq!(at(7), (5_001, Rule::Tier { days_before: 7 }));
    assert_eq!(at(6), (0, Rule::TooLate));
    assert_eq!(at(0), (0, Rule::TooLate), "on the day of arrival");
}

#[test]
fn after_arrival_nothing_comes_back() {
    let mut late = facts(0, 100);
    late.today = arrival() + Days::new(3);
    assert_eq!(outcome(&usual(), &late), (0, Rule::TooLate));
    assert_eq!(outcome(&with_law(10, 0), &late), (0, Rule::TooLate));
}

#[test]
fn a_tier_of_no_days_covers_the_day_of_arrival() {
    let policy = Policy {
        tiers: vec![tier(0, 1_000)],
        withdrawal: None,
    };
    assert_eq!(
        outcome(&policy, &facts(0, 100)),
        (1_000, Rule::Tier { days_before: 0 })
    );
}

#[test]
fn without_tiers_nothing_comes_back() {
    assert_eq!(
        outcome(&Policy::default(), &facts(300, 100)),
        (0, Rule::TooLate)
    );
}

#[test]
fn the_law_overrides_the_tiers_within_its_days() {
    let policy = with_law(10, 0);
    assert_eq!(
        outcome(&policy, &facts(3, 10)),
        (10_001, Rule::Withdrawal),
        "the tenth day still counts"
    );
    assert_eq!(outcome(&policy, &facts(3, 11)), (0, Rule::TooLate));
    assert_eq!(
        outcome(&policy, &facts(8, 11)),
        (5_001, Rule::Tier { days_before: 7 })
    );
}

#[test]
fn booked_today_for_tomorrow_can_be_withdrawn_but_not_on_the_day_of_arrival() {
    let policy = with_law(10, 0);
    assert_eq!(outcome(&policy, &facts(1, 0)), (10_001, Rule::Withdrawal));
    assert_eq!(outcome(&policy, &facts(0, 0)), (0, Rule::TooLate));
}

#[test]
fn the_law_s_notice_is_a_setting() {
    let policy = with_law(10, 5);
    assert_eq!(outcome(&policy, &facts(5, 1)), (10_001, Rule::Withdrawal));
    assert_eq!(outcome(&policy, &facts(4, 1)), (0, Rule::TooLate));
}

#[test]
fn when_the_owner_cancels_everything_goes_back_whenever_it_is() {
    let mut by_owner = facts(0, 100);
    by_owner.by = By::Owner;
    assert_eq!(outcome(&usual(), &by_owner), (10_001, Rule::ByOwner));
}

#[test]
fn what_was_only_held_goes_back_whole() {
    let mut held = facts(0, 100);
    held.sold = false;
    assert_eq!(outcome(&usual(), &held), (10_001, Rule::OnlyHeld));
}

#[test]
fn the_order_and_doubles_of_tiers_do_not_matter() {
    let mut policy = usual();
    policy.tiers.reverse();
    policy.tiers.push(tier(7, 2_000));
    assert_eq!(
        outcome(&policy, &facts(10, 100)),
        (5_001, Rule::Tier { days_before: 7 })
    );
}

#[test]
fn cancelling_earlier_never_gives_less_even_where_the_tiers_are_upside_down() {
    let policy = Policy {
        tiers: vec![tier(15, 2_000), tier(7, 5_000)],
        withdrawal: None,
    };
    assert_eq!(
        outcome(&policy, &facts(20, 100)),
        (5_001, Rule::Tier { days_before: 7 })
    );
}

#[test]
fn a_policy_is_written_and_read_as_the_database_keeps_it() {
    let policy = with_law(10, 0);
    // What the migration gives every property.
    let kept = r#"{"tiers": [{"days_before": 15, "refund_bp": 10000}, {"days_before": 7, "refund_bp": 5000}],
                   "withdrawal": {"days": 10, "notice_days": 0}}"#;
    assert_eq!(serde_json::from_str::<Policy>(kept).unwrap(), policy);
}

fn policies() -> impl Strategy<Value = Policy> {
    let tier = (0..60_u32, 0..=10_000_u16).prop_map(|(days, refund)| tier(days, refund));
    let law = prop::option::of((0..30_u32, 0..10_u32));
    (prop::collection::vec(tier, 0..5), law).prop_map(|(tiers, law)| Policy {
        tiers,
        withdrawal: law.map(|(days, notice_days)| Withdrawal { days, notice_days }),
    })
}

proptest! {
    #[test]
    fn refund_and_retained_are_what_was_paid(
        policy in policies(), paid in 0..i64::MAX, ahead in 0..90_u64, since in 0..90_u64, sold: bool,
    ) {
        let facts = Facts { paid: ars(paid), sold, ..facts(ahead, since) };
        let outcome = policy.outcome(&facts).unwrap();
        prop_assert_eq!(outcome.refund.plus(outcome.retained).unwrap(), ars(paid));
        prop_assert!(outcome.refund.minor >= 0 && outcome.retained.minor >= 0);
    }

    /// The same booking, cancelled on two days: the earlier never gives less.
    #[test]
    fn who_cancels_earlier_never_gets_less(
        policy in policies(), paid in 0..1_000_000_000_i64, booked in 0..90_u64, first in 0..90_u64, later in 0..90_u64,
    ) {
        let (first, later) = (first.min(later), first.max(later));
        let booked_on = arrival() - Days::new(booked);
        let on = |after: u64| {
            let today = booked_on + Days::new(after);
            let facts = Facts { paid: ars(paid), sold: true, booked_on, check_in: arrival(), today, by: By::Guest };
            policy.outcome(&facts).unwrap().refund.minor
        };
        prop_assert!(on(first) >= on(later));
    }
}
