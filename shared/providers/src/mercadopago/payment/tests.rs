use posta_domain::{
    money::Money,
    payment::{Dispute, Given, Standing},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::mercadopago::AmountError;

/// The least that a payment says.
fn bare() -> Value {
    json!({
        "id": 140233071955_u64, "status": "approved", "status_detail": "accredited", "currency_id": "ARS",
        "transaction_amount": 84000, "collector_id": 418820117, "external_reference": "K7M2QP-1",
        "operation_type": "regular_payment", "payment_method_id": "visa", "payment_type_id": "credit_card",
        "date_created": "2026-01-14T15:22:40.000-04:00", "date_approved": "2026-01-14T15:22:41.000-04:00",
        "date_last_updated": "2026-01-14T15:22:41.000-04:00",
    })
}

fn with(changes: &Value) -> Payment {
    let mut payment = bare();
    for (name, value) in changes.as_object().unwrap() {
        payment[name] = value.clone();
    }
    Payment::parse(&payment.to_string()).unwrap()
}

fn given(id: &str, amount: i64, state: GivenState) -> Given {
    Given {
        id: id.to_owned(),
        amount,
        state,
    }
}

#[test]
fn ids_and_amounts_are_numbers_or_texts() {
    let written = with(&json!({
        "id": "140233071955", "collector_id": "418820117", "transaction_amount": "84000.00",
    }));
    assert_eq!(written, with(&json!({})));
    let raw = bare().to_string().replace("84000", "8.4e4");
    assert_eq!(Payment::parse(&raw).unwrap(), written);
    let elsewhere = with(&json!({"collector_id": null, "collector": {"id": 418820117}}));
    assert_eq!(elsewhere, written);
}

#[test]
fn what_is_not_needed_may_be_null_absent_or_anything() {
    let odd = with(&json!({
        "order": [], "card": 7, "payer": null, "metadata": [1], "fee_details": null, "refunds": null,
        "transaction_details": "none", "transaction_amount_refunded": null, "status_detail": null,
        "payment_method": [], "point_of_interaction": {"type": {}}, "date_approved": null,
        "operation_type": null, "external_reference": "",
    }));
    let snapshot = odd.snapshot().unwrap();
    assert_eq!(
        (snapshot.fee, snapshot.net, snapshot.refunded),
        (0, None, 0)
    );
    assert_eq!(snapshot.external_reference, None);
    assert_eq!(odd.order(), None);
}

#[test]
fn an_order_is_nothing_an_object_or_a_list_of_them() {
    let of = |order: Value| {
        let payment = with(&json!({ "order": order }));
        payment.order().map(|order| order.as_str().to_owned())
    };
    assert_eq!(of(json!({})), None);
    assert_eq!(of(json!([])), None);
    assert_eq!(
        of(json!({"id": 371, "type": "mercadopago"})).as_deref(),
        Some("371")
    );
    assert_eq!(of(json!({"id": "371"})).as_deref(), Some("371"));
    assert_eq!(
        of(json!([{"id": "371"}, {"id": "372"}])).as_deref(),
        Some("371")
    );
}

#[test]
fn what_money_is_compared_by_must_be_there() {
    for name in [
        "status",
        "currency_id",
        "transaction_amount",
        "collector_id",
        "date_created",
        "date_last_updated",
    ] {
        let lacking = with(&json!({ name: null }));
        assert_eq!(lacking.snapshot(), Err(Unfit::Missing(name)));
    }
    for (name, value) in [
        ("currency_id", json!("peso")),
        ("transaction_amount", json!({"value": 1})),
        ("transaction_amount", json!(-1)),
        ("transaction_amount_refunded", json!([])),
        ("collector_id", json!("me")),
        ("date_last_updated", json!("yesterday")),
        ("date_approved", json!("2022-07-23T23:03:5704:00")),
    ] {
        let wrong = with(&json!({ name: value }));
        assert!(
            matches!(wrong.snapshot(), Err(Unfit::Malformed(_))),
            "{name}"
        );
    }
    let fine = with(&json!({"transaction_amount": 84000.005}));
    let source = AmountError::TooFine(posta_domain::money::Currency::ARS);
    let field = "transaction_amount";
    assert_eq!(fine.snapshot(), Err(Unfit::Amount { field, source }));
    for body in [
        "",
        "[]",
        "null",
        "{}",
        r#"{"id":null}"#,
        r#"{"id":"../1"}"#,
        r#"{"id":1.5}"#,
        "<html>",
    ] {
        assert!(Payment::parse(body).is_err(), "{body}");
    }
}

#[test]
fn fees_are_those_we_pay_and_computed_figures_are_rounded() {
    let payment = with(&json!({
        "fee_details": [
            {"type": "mercadopago_fee", "amount": 5560.799999999999, "fee_payer": "collector"},
            {"type": "coupon_fee", "amount": "100.00", "fee_payer": "collector"},
            {"type": "financing_fee", "amount": 9000, "fee_payer": "payer"},
            {"type": "odd", "amount": null, "fee_payer": "collector"},
        ],
        "transaction_details": {"net_received_amount": 76759.2, "total_paid_amount": 93000},
    }));
    let snapshot = payment.snapshot().unwrap();
    assert_eq!((snapshot.fee, snapshot.net), (566_080, Some(7_675_920)));
    assert_eq!(snapshot.withholdings(), 158_000);
    assert_eq!(
        snapshot.amount.minor, 8_400_000,
        "financing is not what was asked for"
    );
}

#[test]
fn what_is_received_is_unknown_until_it_came() {
    for status in ["pending", "in_process", "rejected", "cancelled"] {
        let details = json!({"net_received_amount": 0});
        let payment = with(&json!({"status": status, "transaction_details": details}));
        let snapshot = payment.snapshot().unwrap();
        assert_eq!(
            (snapshot.net, snapshot.withholdings()),
            (None, 0),
            "{status}"
        );
    }
}

#[test]
fn refunds_are_listed_oldest_first_with_how_far_they_are() {
    let refund = |id: u64, amount: Value, status: Value| json!({"id": id, "payment_id": 140233071955_u64, "amount": amount, "status": status});
    let payment = with(&json!({
        "transaction_amount_refunded": 100,
        "refunds": [
            refund(1002, json!(50.25), json!("approved")),
            refund(999, json!("49.75"), json!("approved")),
            refund(1003, json!(10), json!("in_process")),
            refund(1004, json!(10), json!("rejected")),
            refund(1005, json!(10), json!("cancelled")),
            refund(1006, json!(10), json!("a new word")),
            refund(1007, json!(25), Value::Null),
            refund(1002, json!(50.25), json!("approved")),
            refund(1008, json!(0), json!("approved")),
        ],
    }));
    let snapshot = payment.snapshot().unwrap();
    assert_eq!(
        snapshot.given,
        [
            given("999", 4_975, GivenState::Done),
            given("1002", 5_025, GivenState::Done),
            given("1003", 1_000, GivenState::Pending),
            given("1004", 1_000, GivenState::Failed),
            given("1005", 1_000, GivenState::Failed),
            given("1006", 1_000, GivenState::Pending),
            given("1007", 2_500, GivenState::Done),
        ]
    );
    assert_eq!(
        snapshot.refunded, 12_500,
        "what the refunds sum up to is more"
    );
    assert!(!payment.lacks_refunds());
}

#[test]
fn refunds_that_a_payment_does_not_list_are_added_from_their_own_list() {
    let payment = with(&json!({"status": "refunded", "status_detail": "refunded"}));
    assert_eq!(
        payment.snapshot().unwrap().refunded,
        8_400_000,
        "all of it, by its state"
    );
    assert!(payment.lacks_refunds());
    let list = json!([
        {"id": 2, "payment_id": 140233071955_u64, "amount": 42000, "status": "approved"},
        {"id": 1, "payment_id": 140233071955_u64, "amount": 42000, "status": "approved"},
    ]);
    let refunds = Refund::parse_all(&list.to_string()).unwrap();
    let whole = payment.with_refunds(&refunds).unwrap();
    assert!(!whole.lacks_refunds());
    let expected = [
        given("1", 4_200_000, GivenState::Done),
        given("2", 4_200_000, GivenState::Done),
    ];
    assert_eq!(whole.snapshot().unwrap().given, expected);
    // Read once more, it is still the same.
    let again = whole.clone().with_refunds(&refunds).unwrap();
    assert_eq!(again, whole);
}

#[test]
fn words_nobody_knows_are_kept() {
    let payment = with(&json!({"status": "vaporised", "status_detail": "x".repeat(1000)}));
    let snapshot = payment.snapshot().unwrap();
    assert_eq!(
        (snapshot.status.as_str(), snapshot.standing()),
        ("vaporised", Standing::Unknown)
    );
    assert_eq!(
        (snapshot.status_detail.len(), snapshot.dispute()),
        (256, Dispute::None)
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "-?[0-9]{1,30}(\\.[0-9]{1,12})?(e[0-9]{1,5})?".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(
                "id|amount|status|fee_payer|net_received_amount|[a-z]{1,4}",
                inner,
                0..4
            )
            .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_in_any_field_is_read_or_refused(
        changes in prop::collection::btree_map(
            "id|status|status_detail|currency_id|transaction_amount|transaction_amount_refunded|refunds|collector_id|\
             collector|fee_details|transaction_details|order|date_created|date_approved|date_last_updated|payment_method",
            any_json(),
            0..4,
        ),
    ) {
        let mut payment = bare();
        for (name, value) in changes {
            payment[name] = value;
        }
        let json = payment.to_string();
        if let Ok(payment) = Payment::parse(&json) {
            if let Ok(snapshot) = payment.snapshot() {
                prop_assert!(snapshot.amount.minor >= 0 && snapshot.refunded >= 0);
                prop_assert!(snapshot.given.iter().all(|given| given.amount > 0));
            }
            drop(payment.with_refunds(&[]));
        }
    }

    #[test]
    fn no_text_panics(json in prop_oneof![any_json().prop_map(|json| json.to_string()), ".{0,80}".prop_map(String::from)]) {
        drop((Payment::parse(&json), Refund::parse(&json), Refund::parse_all(&json)));
        drop(crate::mercadopago::MerchantOrder::parse(&json));
        drop(crate::mercadopago::Chargeback::parse(&json));
        drop(crate::mercadopago::Preference::parse(&json));
    }

    #[test]
    fn an_amount_is_the_same_in_a_payment_as_it_was_asked_for(minor in 1..=i64::MAX) {
        let asked = Money::new(minor, posta_domain::money::Currency::ARS);
        let json = bare().to_string().replace("84000", &crate::mercadopago::plain(asked));
        prop_assert_eq!(Payment::parse(&json).unwrap().snapshot().unwrap().amount, asked);
    }
}
