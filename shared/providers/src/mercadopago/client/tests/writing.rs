//! Making links, giving back, cancelling: what cannot simply be done again.

use super::*;

fn link() -> NewPreference {
    let time = |text: &str| text.parse().unwrap();
    NewPreference::new(
        reference(),
        "Seña",
        pesos(8_400_000),
        time("2026-01-14T19:15:00Z"),
        time("2026-01-14T19:45:00Z"),
    )
    .unwrap()
}

fn link_id() -> PreferenceId {
    PreferenceId::parse("418820117-7b0e3c55-1d4f-4a0b-9a52-1f6f5cce9a10").unwrap()
}

async fn give_back(reply: Reply) -> (Result<RefundAnswer, MercadoPagoError>, Vec<Request>) {
    let provider = Provider::start(move |_| reply.clone()).await;
    let payment = PaymentNumber::parse("140240220617").unwrap();
    let answer = mercado_pago(&provider)
        .refund(&token(), &payment, pesos(2_100_050), Uuid::from_u128(7))
        .await;
    (answer, provider.requests())
}

#[tokio::test]
async fn a_link_is_made_and_read_back() {
    let provider = Provider::start(|_| text(201, MADE)).await;
    let client = mercado_pago(&provider);
    let made = client
        .create_preference(&token(), &link(), Uuid::from_u128(1))
        .await
        .unwrap();
    assert!(made.fits(&reference(), pesos(8_400_000)));
    assert_eq!(made.id, link_id());
    assert_eq!(made.collector.as_deref(), Some("418820117"));
    let read = client.preference(&token(), &link_id()).await.unwrap();
    assert_eq!(read, made);
    let requests = provider.requests();
    let (post, get) = (&requests[0], &requests[1]);
    assert_eq!(method(post), "POST");
    assert_eq!(post.target, "/mercadopago/checkout/preferences");
    assert_eq!(post.header("content-type"), Some("application/json"));
    let key = "00000000-0000-0000-0000-000000000001";
    assert_eq!(post.header("x-idempotency-key"), Some(key));
    assert_eq!(body(post)["external_reference"], "res_01JZ8Q4M7T");
    let expected = format!("/mercadopago/checkout/preferences/{}", link_id());
    assert_eq!(get.target, expected);
}

#[tokio::test]
async fn a_link_made_for_something_else_is_not_given_to_a_guest() {
    let other = MADE.replace("res_01JZ8Q4M7T", "another");
    let provider = Provider::start(move |_| text(201, &other)).await;
    let error = mercado_pago(&provider)
        .create_preference(&token(), &link(), Uuid::nil())
        .await
        .unwrap_err();
    assert_eq!(error.disposition(), Disposition::Ambiguous);
}

#[tokio::test]
async fn a_link_that_may_have_been_made_is_known_as_such() {
    let refusal =
        include_str!("../../../../tests/data/mercadopago/error_400_preference_auto_return.json");
    for (reply, perhaps) in [
        (Reply::HangUp, true),
        (Reply::Silence, true),
        (text(502, "<html>"), true),
        (text(201, "{}"), true),
        (text(400, refusal), false),
        (text(429, ""), false),
    ] {
        let words = format!("{reply:?}");
        let provider = Provider::start(move |_| reply.clone()).await;
        let error = mercado_pago(&provider)
            .create_preference(&token(), &link(), Uuid::nil())
            .await
            .unwrap_err();
        assert_eq!(error.may_have_happened(), perhaps, "{words}");
    }
}

#[tokio::test]
async fn a_link_is_ended_in_a_window_that_is_one() {
    let provider = Provider::start(|_| text(200, MADE)).await;
    let client = mercado_pago(&provider);
    let at = "2026-01-14T19:30:00Z".parse().unwrap();
    let ended = client.expire_preference(&token(), &link_id(), at).await;
    ended.unwrap();
    let extended = client.extend_preference(&token(), &link_id(), at).await;
    extended.unwrap();
    let requests = provider.requests();
    assert_eq!(method(&requests[0]), "PUT");
    assert_eq!(
        body(&requests[0]),
        json!({
            "expires": true, "expiration_date_from": "2026-01-14T15:29:00.000-04:00",
            "expiration_date_to": "2026-01-14T15:30:00.000-04:00",
        })
    );
    assert_eq!(
        body(&requests[1]),
        json!({
            "expires": true, "expiration_date_to": "2026-01-14T15:30:00.000-04:00",
            "date_of_expiration": "2026-01-14T15:30:00.000-04:00",
        })
    );
}

#[tokio::test]
async fn money_is_given_back_exactly_and_under_its_key() {
    let (answer, requests) = give_back(text(201, REFUNDED)).await;
    let RefundAnswer::Created(refund) = answer.unwrap() else {
        panic!("it was made");
    };
    let given = refund.given(Currency::ARS).unwrap();
    assert_eq!((given.id.as_str(), given.amount), ("2201999044", 2_100_050));
    let request = &requests[0];
    assert_eq!(
        (method(request), request.target.as_str()),
        ("POST", "/mercadopago/v1/payments/140240220617/refunds")
    );
    let key = "00000000-0000-0000-0000-000000000007";
    assert_eq!(request.header("x-idempotency-key"), Some(key));
    assert_eq!(request.body, br#"{"amount":21000.50}"#);
}

#[tokio::test]
async fn a_refund_asked_for_twice_answers_nothing() {
    for nothing in ["", " \n"] {
        let (answer, _) = give_back(text(200, nothing)).await;
        assert!(matches!(answer, Ok(RefundAnswer::Replayed)));
    }
    let (answer, _) = give_back(text(200, REFUNDED)).await;
    let told = matches!(answer, Ok(RefundAnswer::Created(_)));
    assert!(told, "a replay may tell more one day");
}

#[tokio::test]
async fn a_refund_whose_answer_is_lost_may_have_happened() {
    for reply in [
        Reply::HangUp,
        Reply::Silence,
        Reply::BreaksOff,
        text(201, "{"),
        text(500, ""),
        text(423, "{\"message\":\"locked\"}"),
        text(201, &REFUNDED.replace("140240220617", "1")),
    ] {
        let words = format!("{reply:?}");
        let (answer, _) = give_back(reply).await;
        assert!(answer.unwrap_err().may_have_happened(), "{words}");
    }
}

#[tokio::test]
async fn nothing_is_not_given_back() {
    let provider = Provider::start(|_| text(201, REFUNDED)).await;
    for minor in [0, -100] {
        let answer = mercado_pago(&provider)
            .refund(&token(), &paid(), pesos(minor), Uuid::nil())
            .await;
        assert!(answer.is_err());
    }
    assert_eq!(provider.requests().len(), 0);
}

#[tokio::test]
async fn refunds_are_listed_and_belong_to_their_payment() {
    let provider = Provider::start(|_| text(200, &format!("[{REFUNDED}]"))).await;
    let client = mercado_pago(&provider);
    let payment = PaymentNumber::parse("140240220617").unwrap();
    let refunds = client.refunds(&token(), &payment).await.unwrap();
    assert_eq!(refunds[0].number.as_str(), "2201999044");
    let error = client.refunds(&token(), &paid()).await.unwrap_err();
    let expected = Unfit::Another("payment");
    assert!(matches!(error, MercadoPagoError::NotUnderstood(unfit) if unfit == expected));
}

#[tokio::test]
async fn a_payment_that_is_not_made_yet_is_cancelled() {
    let cancelled =
        include_str!("../../../../tests/data/mercadopago/payment_cancelled_expired.json");
    let provider = Provider::start(move |_| text(200, cancelled)).await;
    let number = PaymentNumber::parse("140233090412").unwrap();
    let payment = mercado_pago(&provider)
        .cancel_payment(&token(), &number)
        .await
        .unwrap();
    assert_eq!(payment.snapshot().unwrap().status, "cancelled");
    let request = &provider.requests()[0];
    assert_eq!(method(request), "PUT");
    assert_eq!(body(request), json!({"status": "cancelled"}));
}
