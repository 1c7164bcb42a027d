//! The project's own client reads every answer.

use chrono::TimeDelta;
use posta_domain::money::{Currency, Money};
use posta_providers::http::Timeouts;
use posta_providers::mercadopago::{
    ChargebackNumber, ExternalReference, MercadoPago, MerchantOrderNumber, NewPreference, OrdersBy,
    PaymentNumber, PaymentsBy, RefundAnswer, Search,
};
use sandbox::mercadopago::{Amount, Pay, Refusal};
use uuid::Uuid;

use crate::world::with;

#[tokio::test]
async fn a_link_is_made_paid_refunded_disputed_and_closed() {
    let world = with(|config| config.withholding = 250).await;
    let token = &world.till.config().access_token.clone();
    let base = world.till.addresses().mercadopago_api_url.parse().unwrap();
    let client = MercadoPago::new(base, Timeouts::default()).unwrap();
    let now = world.till.clock().now();
    let reference = ExternalReference::parse("QK7-2").unwrap();
    let asked = Money::new(8_400_050, Currency::ARS);
    let new = NewPreference::new(
        reference.clone(),
        "Seña",
        asked,
        now - TimeDelta::minutes(1),
        now + TimeDelta::minutes(30),
    );
    let new = new
        .unwrap()
        .notifying(&world.hook("?source_news=webhooks").parse().unwrap())
        .unwrap();
    let made = client
        .create_preference(token, &new, Uuid::nil())
        .await
        .unwrap();
    assert!(made.fits(&reference, asked));
    assert_eq!(client.preference(token, &made.id).await.unwrap(), made);
    let until = now + TimeDelta::hours(2);
    client
        .extend_preference(token, &made.id, until)
        .await
        .unwrap();
    let hits = client.search_preferences(token, &reference).await.unwrap();
    assert_eq!(
        hits[0].expires_at.unwrap().timestamp_millis(),
        until.timestamp_millis()
    );

    let link = made.id.as_str();
    let paid = world.till.pay(&Pay::link(link)).unwrap();
    let number = PaymentNumber::parse(&paid.payment_id.to_string()).unwrap();
    let read = client
        .payment(token, &number)
        .await
        .unwrap()
        .snapshot()
        .unwrap();
    assert_eq!(
        (read.amount, read.fee, read.withholdings()),
        (asked, 556_083, 210_001)
    );
    let by = [
        PaymentsBy::Reference(reference.clone()),
        PaymentsBy::Created(now - TimeDelta::days(1), now + TimeDelta::days(1)),
        PaymentsBy::Changed(now - TimeDelta::days(1), now + TimeDelta::days(1)),
    ];
    for by in by {
        let page = client
            .search_payments(token, &Search::new(by))
            .await
            .unwrap();
        assert_eq!((page.payments.len(), page.unreadable), (1, 0));
    }
    let order = MerchantOrderNumber::parse(&paid.merchant_order_id.unwrap().to_string()).unwrap();
    client.merchant_order(token, &order).await.unwrap();
    let orders = client
        .search_merchant_orders(token, &OrdersBy::Reference(reference))
        .await;
    assert_eq!(orders.unwrap().len(), 1);

    let part = Money::new(100_050, Currency::ARS);
    let key = Uuid::from_u128(1);
    let first = client.refund(token, &number, part, key).await.unwrap();
    assert!(matches!(first, RefundAnswer::Created(_)));
    let again = client.refund(token, &number, part, key).await.unwrap();
    assert!(matches!(again, RefundAnswer::Replayed));
    assert_eq!(client.refunds(token, &number).await.unwrap().len(), 1);
    let read = client
        .payment(token, &number)
        .await
        .unwrap()
        .snapshot()
        .unwrap();
    assert_eq!((read.refunded, read.given.len()), (100_050, 1));

    let dispute = world.till.charge_back(paid.payment_id).unwrap();
    let dispute = ChargebackNumber::parse(&dispute.to_string()).unwrap();
    let dispute = client.chargeback(token, &dispute).await.unwrap();
    assert_eq!(dispute.payments, [number]);

    client
        .expire_preference(token, &made.id, now - TimeDelta::minutes(1))
        .await
        .unwrap();
    assert_eq!(world.till.pay(&Pay::link(link)), Err(Refusal::Expired));
}

#[tokio::test]
async fn what_waits_is_cancelled_and_a_long_day_is_read_page_by_page() {
    let world = with(|_| {}).await;
    let token = &world.till.config().access_token.clone();
    let base = world.till.addresses().mercadopago_api_url.parse().unwrap();
    let client = MercadoPago::new(base, Timeouts::default()).unwrap();
    let waits = Pay::loose(Amount::whole(1), "QK7-1").turning_out("pending");
    let paid = world.till.pay(&waits).unwrap();
    let number = PaymentNumber::parse(&paid.payment_id.to_string()).unwrap();
    let cancelled = client.cancel_payment(token, &number).await.unwrap();
    assert_eq!(cancelled.snapshot().unwrap().status, "cancelled");
    for _ in 0..119 {
        world
            .till
            .pay(&Pay::loose(Amount::whole(1), "QK7-1"))
            .unwrap();
    }
    let now = world.till.clock().now();
    let by = PaymentsBy::Created(now - TimeDelta::hours(1), now + TimeDelta::hours(1));
    let (mut next, mut seen) = (Some(Search::new(by)), 0);
    while let Some(search) = next {
        let page = client.search_payments(token, &search).await.unwrap();
        seen += page.payments.len();
        next = page.next;
    }
    assert_eq!(seen, 120);
}
