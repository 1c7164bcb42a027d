//! One reading, or a few, and the lines that follow.

use super::{
    super::{GivenState, Known, Movement, Order, Snapshot, order, plan},
    entered, given, read,
};

fn lines(known: &Known, snapshot: &Snapshot) -> Vec<Movement> {
    plan(known, snapshot).movements
}

fn back(id: &str, amount: i64) -> Movement {
    let id = id.into();
    Movement::Refunded { id, amount }
}

fn refunded(status: &str, detail: &str, parts: &[(&str, i64)]) -> Snapshot {
    let parts = parts
        .iter()
        .map(|(id, amount)| given(id, *amount, GivenState::Done));
    Snapshot {
        given: parts.clone().collect(),
        refunded: parts.fold(0, |sum, part| sum.saturating_add(part.amount)),
        ..read(status, detail)
    }
}

const IN: Movement = Movement::In { amount: 100 };
const TAKEN: Movement = Movement::ChargedBack { n: 1, amount: 100 };
const RETURNED: Movement = Movement::Returned { n: 1, amount: 100 };

#[test]
fn nothing_is_entered_before_the_money_came() {
    for (status, detail) in [
        ("pending", "pending_waiting_transfer"),
        ("authorized", "pending_capture"),
        ("in_process", "pending_review_manual"),
        ("rejected", "cc_rejected_high_risk"),
        ("cancelled", "expired"),
        ("a_word_of_tomorrow", ""),
    ] {
        assert_eq!(
            lines(&Known::nothing(), &read(status, detail)),
            [],
            "{status}"
        );
    }
    let mut validation = read("approved", "accredited");
    validation.amount.minor = 0;
    assert_eq!(lines(&Known::nothing(), &validation), []);
}

#[test]
fn what_is_read_twice_is_entered_once() {
    for snapshot in [
        read("approved", "accredited"),
        refunded("approved", "partially_refunded", &[("7", 30)]),
        refunded("refunded", "refunded", &[("7", 30), ("8", 70)]),
        read("in_mediation", "pending"),
        read("charged_back", "in_process"),
        read("charged_back", "settled"),
        read("charged_back", "reimbursed"),
    ] {
        let known = entered(&Known::nothing(), &snapshot);
        assert_eq!(lines(&known, &snapshot), [], "{snapshot:?}");
    }
}

#[test]
fn a_payment_first_seen_late_is_entered_as_if_it_had_been_watched() {
    let none = Known::nothing();
    let gone = refunded("refunded", "refunded", &[("7", 30), ("8", 70)]);
    assert_eq!(lines(&none, &gone), [IN, back("7", 30), back("8", 70)]);
    assert_eq!(plan(&none, &gone).held, 0);
    assert_eq!(
        lines(&none, &read("charged_back", "in_process")),
        [IN, TAKEN]
    );
    assert_eq!(lines(&none, &read("charged_back", "settled")), [IN, TAKEN]);
    assert_eq!(
        lines(&none, &read("charged_back", "reimbursed")),
        [IN, TAKEN, RETURNED]
    );
    assert_eq!(lines(&none, &read("in_mediation", "pending")), [IN]);
}

#[test]
fn a_dispute_takes_what_has_not_gone_back() {
    let mut disputed = refunded("charged_back", "in_process", &[("7", 30)]);
    let known = entered(&Known::nothing(), &disputed);
    assert_eq!(known.held(), 0);
    // Won, or simply approved again.
    for (status, detail) in [("charged_back", "reimbursed"), ("approved", "accredited")] {
        disputed.status = status.into();
        disputed.status_detail = detail.into();
        let returned = Movement::Returned { n: 1, amount: 70 };
        assert_eq!(lines(&known, &disputed), [returned]);
    }
    // The provider gave it all back to end the dispute.
    let ended = refunded("refunded", "refunded", &[("7", 30), ("8", 70)]);
    let returned = Movement::Returned { n: 1, amount: 70 };
    assert_eq!(lines(&known, &ended), [returned, back("8", 70)]);
}

#[test]
fn the_second_dispute_of_a_payment_is_another() {
    let mut known = Known::nothing();
    for status in ["charged_back", "approved"] {
        known = entered(&known, &read(status, "in_process"));
    }
    let again = Movement::ChargedBack { n: 2, amount: 100 };
    assert_eq!(lines(&known, &read("charged_back", "in_process")), [again]);
    // Won once more than anybody saw: the money is where it was.
    assert_eq!(lines(&known, &read("charged_back", "reimbursed")), []);
}

#[test]
fn a_refund_on_its_way_is_not_counted_before_it_is_there_nor_when_it_failed() {
    let mut snapshot = read("approved", "partially_refunded");
    for (state, counted, expected) in [
        (GivenState::Pending, 0, vec![IN]),
        (GivenState::Pending, 30, vec![IN]),
        (GivenState::Failed, 0, vec![IN]),
        (GivenState::Done, 0, vec![IN, back("7", 30)]),
        (GivenState::Done, 30, vec![IN, back("7", 30)]),
    ] {
        snapshot.refunded = counted;
        snapshot.given = vec![given("7", 30, state)];
        assert_eq!(
            lines(&Known::nothing(), &snapshot),
            expected,
            "{state:?} {counted}"
        );
    }
}

#[test]
fn what_is_counted_before_it_is_listed_is_entered_once() {
    let mut counted = read("approved", "partially_refunded");
    counted.refunded = 30;
    let known = entered(&Known::nothing(), &counted);
    assert_eq!(
        known,
        Known::nothing()
            .with("payment", "", 100)
            .with("refund", "unlisted", 30)
    );
    // Listed, and another one with it.
    assert_eq!(
        lines(
            &known,
            &refunded("approved", "partially_refunded", &[("7", 30)])
        ),
        []
    );
    let both = refunded("approved", "partially_refunded", &[("7", 30), ("8", 20)]);
    let known = entered(&known, &both);
    assert_eq!(known.held(), 50);
    assert_eq!(lines(&known, &both), []);
    // All of it went back, and the list is silent about the rest.
    let mut all = both;
    all.status = "refunded".into();
    assert_eq!(lines(&known, &all), [back("unlisted-2", 50)]);
    // Listed in larger pieces than it was counted.
    let known = Known::nothing()
        .with("payment", "", 100)
        .with("refund", "unlisted", 30);
    let larger = refunded("approved", "partially_refunded", &[("7", 45)]);
    assert_eq!(lines(&known, &larger), [back("7", 15)]);
    let known = entered(&known, &larger);
    assert_eq!(lines(&known, &larger), []);
}

#[test]
fn never_more_goes_back_than_came() {
    let mad = refunded(
        "approved",
        "partially_refunded",
        &[("7", 80), ("8", i64::MAX), ("9", -5)],
    );
    assert_eq!(
        lines(&Known::nothing(), &mad),
        [IN, back("7", 80), back("8", 20)]
    );
}

#[test]
fn a_dispute_takes_no_more_than_the_ledger_has_though_a_refund_were_said_to_have_failed_after_all()
{
    let known = entered(
        &Known::nothing(),
        &refunded("approved", "partially_refunded", &[("7", 30)]),
    );
    let mut disputed = read("charged_back", "in_process");
    disputed.given = vec![given("7", 30, GivenState::Failed)];
    let taken = Movement::ChargedBack { n: 1, amount: 70 };
    assert_eq!(lines(&known, &disputed), [taken]);
    assert_eq!(plan(&known, &disputed).held, 0);
}

#[test]
fn the_parts_of_one_refund_and_the_two_lines_of_an_orphan_are_one() {
    let known = Known::nothing()
        .with("orphan", "", 100)
        .with("refund", "7", 10)
        .with("orphan_out", "out", 90)
        .with("payment", "", 90)
        .with("orphan", "won:1", 20)
        .with("refund", "7#2", 20)
        .with("retention", "won:1", 20)
        .with("loss", "1", 5);
    assert!(known.came());
    assert_eq!(known.held(), 70);
    let snapshot = refunded("approved", "partially_refunded", &[("7", 30)]);
    assert_eq!(lines(&known, &snapshot), []);
}

#[test]
fn the_provider_s_clock_orders_readings_and_ours_decides_ties() {
    let at = |second: i64| read("approved", "").updated_at + chrono::TimeDelta::seconds(second);
    assert_eq!(order(at(5), at(9), at(6), at(8)), Order::Newer);
    assert_eq!(order(at(5), at(9), at(4), at(20)), Order::Older);
    assert_eq!(order(at(5), at(9), at(5), at(10)), Order::Newer);
    assert_eq!(order(at(5), at(9), at(5), at(8)), Order::Older);
    assert_eq!(order(at(5), at(9), at(5), at(9)), Order::Same);
}
