//! Every sample of the provider's API is read as what it is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use posta_domain::{
    money::{Currency, Money},
    payment::{Dispute, GivenState, Snapshot, Standing},
};
use posta_providers::mercadopago::{
    ApiError, AuthProblem, Chargeback, Disposition, ExternalReference, Meaning, MercadoPagoError,
    MerchantOrder, Payment, PaymentNumber, Preference, Refund,
};
use serde_json::Value;

fn sample(name: &str) -> String {
    let path = format!(
        "{}/tests/data/mercadopago/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(path).unwrap()
}

fn payment(name: &str) -> Snapshot {
    Payment::parse(&sample(name)).unwrap().snapshot().unwrap()
}

fn pesos(minor: i64) -> Money {
    Money::new(minor, Currency::ARS)
}

#[test]
fn an_approved_payment_says_what_came_and_what_it_cost() {
    let read = payment("payment_approved");
    let expected = Snapshot {
        provider_id: "140233071955".to_owned(),
        status: "approved".to_owned(),
        status_detail: "accredited".to_owned(),
        amount: pesos(8_400_000),
        refunded: 0,
        given: Vec::new(),
        collector: "418820117".to_owned(),
        external_reference: Some("res_01JZ8Q4M7T".to_owned()),
        operation_type: "regular_payment".to_owned(),
        method: "visa".to_owned(),
        method_type: "credit_card".to_owned(),
        fee: 556_080,
        net: Some(7_843_920),
        created_at: "2026-01-14T19:22:40Z".parse().unwrap(),
        approved_at: Some("2026-01-14T19:22:41Z".parse().unwrap()),
        updated_at: "2026-01-14T19:22:41Z".parse().unwrap(),
    };
    assert_eq!(read, expected);
    assert_eq!((read.standing(), read.withholdings()), (Standing::Paid, 0));
    let order = Payment::parse(&sample("payment_approved")).unwrap();
    assert_eq!(order.order().unwrap().as_str(), "37120448213");
}

#[test]
fn every_payment_of_the_samples_stands_where_it_does() {
    for (name, standing, dispute, refunded) in [
        ("payment_approved", Standing::Paid, Dispute::None, 0),
        (
            "payment_partially_refunded",
            Standing::Paid,
            Dispute::None,
            2_100_050,
        ),
        (
            "payment_refunded",
            Standing::Refunded,
            Dispute::None,
            8_400_000,
        ),
        (
            "payment_charged_back",
            Standing::ChargedBack,
            Dispute::Withheld,
            0,
        ),
        (
            "payment_pending_rapipago",
            Standing::Pending,
            Dispute::None,
            0,
        ),
        (
            "payment_cancelled_expired",
            Standing::Cancelled,
            Dispute::None,
            0,
        ),
        (
            "payment_rejected_insufficient_amount",
            Standing::Rejected,
            Dispute::None,
            0,
        ),
    ] {
        let read = payment(name);
        assert_eq!(
            (read.standing(), read.dispute(), read.refunded),
            (standing, dispute, refunded),
            "{name}"
        );
        assert_eq!(read.amount, pesos(8_400_000), "{name}");
        let back: i64 = read.given.iter().map(|given| given.amount).sum();
        assert_eq!(back, refunded, "{name}");
        assert!(
            read.given
                .iter()
                .all(|given| given.state == GivenState::Done),
            "{name}"
        );
        assert_eq!(read.net.is_some(), read.came(), "{name}");
    }
}

#[test]
fn nothing_of_the_payer_is_kept() {
    let shown = format!("{:?}", Payment::parse(&sample("payment_approved")).unwrap());
    for secret in [
        "huesped@example.com",
        "30111222",
        "450995",
        "3704",
        "55190417",
    ] {
        assert!(
            sample("payment_approved").contains(secret) && !shown.contains(secret),
            "{secret}"
        );
    }
}

#[test]
fn the_results_of_a_search_suffice_for_a_summary() {
    let found: Value =
        serde_json::from_str(&sample("payments_search_by_external_reference")).unwrap();
    let read: Vec<Snapshot> = found["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            Payment::parse(&one.to_string())
                .unwrap()
                .snapshot()
                .unwrap()
        })
        .collect();
    let standing: Vec<Standing> = read.iter().map(Snapshot::standing).collect();
    assert_eq!(standing, [Standing::Rejected, Standing::Paid]);
    assert!(
        read.iter()
            .all(|read| read.amount == pesos(8_400_000) && read.fee == 0)
    );
}

#[test]
fn a_refund_a_chargeback_an_order_and_a_link_are_read() {
    let refund = Refund::parse(&sample("refund_create_201")).unwrap();
    assert_eq!(refund.payment.as_ref().unwrap().as_str(), "140240220617");
    assert_eq!(refund.given(Currency::ARS).unwrap().amount, 2_100_050);

    let chargeback = Chargeback::parse(&sample("chargeback_get")).unwrap();
    assert_eq!(chargeback.number.as_str(), "233000071554120193");
    assert_eq!(chargeback.payments[0].as_str(), "140251337046");
    assert_eq!(
        (chargeback.amount, chargeback.covered),
        (Some(pesos(8_400_000)), None)
    );
    assert_eq!(chargeback.reason.as_deref(), Some("Desconocimiento"));
    let deadline = chargeback.documentation_until.unwrap();
    assert_eq!(deadline.to_rfc3339(), "2026-03-03T03:59:59+00:00");

    let order = MerchantOrder::parse(&sample("merchant_order_closed")).unwrap();
    let payments: Vec<&str> = order.payments.iter().map(PaymentNumber::as_str).collect();
    assert_eq!(payments, ["140233102288", "140233071955"]);
    assert!(!order.cancelled);
    let american =
        sample("merchant_order_closed").replace("\"cancelled\": false", "\"canceled\": true");
    assert!(MerchantOrder::parse(&american).unwrap().cancelled);

    let link = Preference::parse(&sample("preference_create_response")).unwrap();
    let reference = ExternalReference::parse("res_01JZ8Q4M7T").unwrap();
    assert!(link.fits(&reference, pesos(8_400_000)));
    assert_eq!(
        link.url.host_str(),
        Some("www.mercadopago.com.ar"),
        "never the sandbox's"
    );
    assert_eq!(order.preference, Some(link.id));
}

#[test]
fn every_error_of_the_samples_is_sorted() {
    let refused = |code, meaning| Disposition::Refused { code, meaning };
    for (name, status, expected) in [
        (
            "error_400_preference_auto_return",
            400,
            refused(None, Meaning::BadRequest),
        ),
        (
            "error_400_refund_invalid_amount",
            400,
            refused(Some(2017), Meaning::Amount),
        ),
        (
            "error_400_refund_invalid_state",
            400,
            refused(Some(2063), Meaning::State),
        ),
        (
            "error_400_refund_missing_idempotency_key",
            400,
            refused(Some(4292), Meaning::BadRequest),
        ),
        (
            "error_401_invalid_token",
            401,
            Disposition::Auth(AuthProblem::Token),
        ),
        (
            "error_401_live_credentials",
            401,
            Disposition::Auth(AuthProblem::TestCredentials),
        ),
        ("error_404_payment_not_found", 404, Disposition::NotFound),
        (
            "error_429_too_many_requests",
            429,
            Disposition::Retry { after: None },
        ),
    ] {
        let error = MercadoPagoError::Refused {
            status,
            retry_after: None,
            error: ApiError::from_body(sample(name).as_bytes()).unwrap(),
        };
        assert_eq!(error.disposition(), expected, "{name}");
    }
}
