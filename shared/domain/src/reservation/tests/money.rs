//! What becomes of every payment.

use proptest::prelude::*;

use super::super::{
    Awaiting, Changed, End, Paid, Reason, Reservation, Settlement, Status, Step, View, on_change,
    on_end, settle,
};
use super::{everywhere, held};
use crate::{
    cancellation::{Outcome, Rule},
    money::{Currency, Money},
};

const fn ars(minor: i64) -> Money {
    Money::new(minor, Currency::ARS)
}

/// 100 in all, 30 to confirm.
const fn view(state: Reservation, paid: i64) -> View {
    View {
        state,
        paid: ars(paid),
        deposit: ars(30),
        total: ars(100),
        can_hold_again: true,
    }
}

fn pay(view: &View, amount: i64) -> Settlement {
    settle(
        view,
        Paid {
            amount: ars(amount),
        },
    )
}

const fn settled(step: Step, applied: i64, refund: Option<(i64, Reason)>) -> Settlement {
    Settlement {
        step,
        applied: ars(applied),
        refund: match refund {
            Some((minor, reason)) => Some((ars(minor), reason)),
            None => None,
        },
    }
}

#[test]
fn the_deposit_confirms_a_living_hold_whatever_it_waits_for() {
    for awaiting in [Awaiting::Payment, Awaiting::Verification, Awaiting::Owner] {
        let hold = view(held(awaiting), 0);
        assert_eq!(pay(&hold, 29), settled(Step::Stay, 29, None));
        assert_eq!(pay(&hold, 30), settled(Step::Confirm, 30, None));
        assert_eq!(pay(&hold, 100), settled(Step::Confirm, 100, None));
    }
}

#[test]
fn two_payments_reach_the_deposit_together() {
    let hold = view(held(Awaiting::Payment), 20);
    assert_eq!(pay(&hold, 9), settled(Step::Stay, 9, None));
    assert_eq!(pay(&hold, 10), settled(Step::Confirm, 10, None));
}

#[test]
fn what_is_beyond_the_total_is_owed_back() {
    let over = Some((1, Reason::Overpaid));
    assert_eq!(
        pay(&view(held(Awaiting::Payment), 0), 101),
        settled(Step::Confirm, 100, over)
    );
    for sold in [
        Reservation::Confirmed,
        Reservation::CheckedIn,
        Reservation::Completed,
    ] {
        assert_eq!(pay(&view(sold, 30), 71), settled(Step::Stay, 70, over));
        assert_eq!(pay(&view(sold, 100), 1), settled(Step::Stay, 0, over));
    }
}

#[test]
fn late_money_brings_a_hold_back_when_its_nights_are_free_and_it_is_enough() {
    let expired = view(Reservation::Expired, 0);
    assert_eq!(pay(&expired, 30), settled(Step::HoldAgain, 30, None));
    assert_eq!(
        pay(&expired, 120),
        settled(Step::HoldAgain, 100, Some((20, Reason::Overpaid)))
    );
    assert_eq!(
        pay(&expired, 29),
        settled(Step::Stay, 0, Some((29, Reason::TooLittle)))
    );
    let gone = View {
        can_hold_again: false,
        ..expired
    };
    assert_eq!(
        pay(&gone, 100),
        settled(Step::Stay, 0, Some((100, Reason::NightsGone)))
    );
}

#[test]
fn money_for_what_has_ended_is_owed_back() {
    for ended in [
        Reservation::Cancelled,
        Reservation::Yielded,
        Reservation::NoShow,
    ] {
        assert_eq!(
            pay(&view(ended, 0), 30),
            settled(Step::Stay, 0, Some((30, Reason::AfterEnd)))
        );
    }
}

#[test]
fn another_currency_is_owed_back_in_that_currency() {
    let dollars = Money::new(100, Currency::USD);
    let settlement = settle(&view(held(Awaiting::Payment), 0), Paid { amount: dollars });
    assert_eq!(settlement.step, Step::Stay);
    assert_eq!(settlement.applied, Money::zero(Currency::USD));
    assert_eq!(settlement.refund, Some((dollars, Reason::WrongCurrency)));
}

#[test]
fn an_amount_not_above_zero_changes_nothing() {
    for state in everywhere() {
        for amount in [0, -1, i64::MIN] {
            assert_eq!(pay(&view(state, 0), amount), settled(Step::Stay, 0, None));
        }
    }
}

#[test]
fn a_deposit_above_the_total_is_reached_by_the_total() {
    let hold = View {
        deposit: ars(150),
        ..view(held(Awaiting::Payment), 0)
    };
    assert_eq!(pay(&hold, 100), settled(Step::Confirm, 100, None));
}

#[test]
fn a_hold_that_ends_owes_everything_back() {
    for (end, reason) in [
        (End::Expired, Reason::Expired),
        (End::Yielded, Reason::Yielded),
    ] {
        let ended = on_end(end, ars(20));
        assert_eq!(ended.refund, Some((ars(20), reason)));
        assert_eq!(ended.retained, ars(0));
        assert_eq!(on_end(end, ars(0)).refund, None);
    }
}

#[test]
fn who_does_not_come_gets_nothing_back() {
    let ended = on_end(End::NoShow, ars(30));
    assert_eq!((ended.refund, ended.retained), (None, ars(30)));
}

#[test]
fn a_cancellation_divides_as_the_policy_says() {
    let outcome = |rule| {
        End::Cancelled(Outcome {
            refund: ars(15),
            retained: ars(15),
            rule,
        })
    };
    let tier = on_end(outcome(Rule::Tier { days_before: 7 }), ars(30));
    assert_eq!(tier.refund, Some((ars(15), Reason::Cancelled)));
    assert_eq!(tier.retained, ars(15));
    let law = on_end(outcome(Rule::Withdrawal), ars(30));
    assert_eq!(law.refund, Some((ars(15), Reason::Withdrawal)));
    let less = on_end(outcome(Rule::ByOwner), ars(10));
    assert_eq!(
        less.refund,
        Some((ars(10), Reason::Cancelled)),
        "no more than is there"
    );
    assert_eq!(less.retained, ars(0));
}

#[test]
fn a_change_owes_back_what_is_beyond_the_new_total() {
    let changed = on_change(Reservation::Confirmed, ars(100), ars(24), ars(80)).unwrap();
    assert_eq!(
        changed,
        Changed {
            step: Step::Stay,
            refund: Some((ars(20), Reason::Changed)),
            open: ars(0)
        }
    );
    let dearer = on_change(Reservation::Confirmed, ars(30), ars(60), ars(200)).unwrap();
    assert_eq!(
        dearer,
        Changed {
            step: Step::Stay,
            refund: None,
            open: ars(170)
        }
    );
}

#[test]
fn a_hold_whose_money_covers_the_new_deposit_is_confirmed() {
    let step = |paid| {
        let changed = on_change(held(Awaiting::Payment), ars(paid), ars(20), ars(60));
        changed.unwrap().step
    };
    assert_eq!(step(19), Step::Stay);
    assert_eq!(step(20), Step::Confirm);
    let free = on_change(held(Awaiting::Owner), ars(0), ars(0), ars(60)).unwrap();
    assert_eq!(
        free.step,
        Step::Stay,
        "nobody paid: the owner has not said yes"
    );
}

#[test]
fn a_change_into_another_currency_is_refused() {
    let dollars = Money::new(100, Currency::USD);
    assert!(on_change(Reservation::Confirmed, ars(10), dollars, dollars).is_err());
}

fn anywhere() -> impl Strategy<Value = Reservation> {
    prop::sample::select(everywhere().to_vec())
}

proptest! {
    /// `applied + refund` is the amount, and never more is applied than was open.
    #[test]
    fn no_payment_is_lost(
        state in anywhere(),
        total in 0..10_000_i64,
        deposit in 0..12_000_i64,
        paid in 0..12_000_i64,
        amount in 1..30_000_i64,
        can_hold_again: bool,
    ) {
        let before = View { state, paid: ars(paid), deposit: ars(deposit), total: ars(total), can_hold_again };
        let after = pay(&before, amount);
        let refund = after.refund.map_or(0, |(money, _)| money.minor);
        prop_assert_eq!(after.applied.minor + refund, amount);
        prop_assert!(after.applied.minor >= 0 && refund >= 0);
        prop_assert!(after.applied.minor <= (total - paid).max(0));
        // What is not living after the step keeps nothing.
        let lives = state.takes_nights() || after.step == Step::HoldAgain;
        prop_assert!(lives || after.applied.minor == 0);
        // Only a hold is confirmed, only an expired one is held again, and only with the deposit.
        match after.step {
            Step::Stay => {}
            Step::Confirm => prop_assert_eq!(state.status(), Status::Held),
            Step::HoldAgain => prop_assert!(state.status() == Status::Expired && can_hold_again),
        }
        if after.step != Step::Stay {
            prop_assert!(paid + after.applied.minor >= deposit.min(total));
        }
    }

    /// `refund + retained` is what was held.
    #[test]
    fn no_ending_loses_money(paid in 0..i64::MAX, refund in 0..i64::MAX, how in 0..4_u8) {
        let outcome = Outcome { refund: ars(refund), retained: ars(0), rule: Rule::TooLate };
        let end = [End::Expired, End::Yielded, End::Cancelled(outcome), End::NoShow][usize::from(how)];
        let ended = on_end(end, ars(paid));
        let back = ended.refund.map_or(0, |(money, _)| money.minor);
        prop_assert_eq!(back + ended.retained.minor, paid);
        prop_assert!(back >= 0 && ended.retained.minor >= 0);
        prop_assert!(ended.refund.is_none_or(|(money, _)| money.minor > 0));
    }

    /// What is kept, owed back and open fit together.
    #[test]
    fn no_change_loses_money(state in anywhere(), paid in 0..10_000_i64, deposit in 0..10_000_i64, total in 0..10_000_i64) {
        let changed = on_change(state, ars(paid), ars(deposit), ars(total)).unwrap();
        let back = changed.refund.map_or(0, |(money, _)| money.minor);
        prop_assert_eq!(paid - back + changed.open.minor, total.max(paid - back));
        prop_assert_eq!(changed.open.minor, (total - paid).max(0));
        prop_assert_eq!(back, (paid - total).max(0));
    }
}
