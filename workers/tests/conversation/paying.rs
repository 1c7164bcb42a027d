//! Paying by a link of Mercado Pago's, from the hold to the confirmation, as the guest reads it.

#![expect(
    clippy::unwrap_used,
    reason = "tests stop at the first thing that is not as it must be"
)]

use std::time::Duration;

use posta_domain::{
    ids::AccountId,
    money::Money,
    payment::{Given, Snapshot},
};
use posta_store::{
    booking::{
        Method,
        payments::{NewPayment, record},
    },
    payments::{self, Reading, links},
    testing::assert_books_balance,
};
use uuid::Uuid;

use crate::{
    desk::{Desk, now},
    guest::Guest,
};

const COLLECTOR: &str = "4242";
const URL: &str = "https://mp.example/checkout/v1/redirect?pref_id=4242-1";

/// The desk takes Mercado Pago from now on.
async fn takes_mercadopago(desk: &Desk) -> AccountId {
    let account = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
         VALUES ($1, $2, 'mercadopago', $3, 'MERCADOPAGO_ACCESS_TOKEN')",
    )
    .bind(desk.lodge.tenant.uuid())
    .bind(account)
    .bind(COLLECTOR)
    .execute(desk.db.pool())
    .await
    .unwrap();
    account.into()
}

/// What the payment-worker does with a wish for a link; its reference and amount.
async fn makes_the_link(desk: &Desk) -> (String, Money) {
    let store = desk.db.store();
    let mut claimed = links::claim(store, 10, Duration::from_secs(30), &[])
        .await
        .unwrap();
    assert_eq!(claimed.len(), 1);
    let link = claimed.remove(0);
    assert!(links::tried(store, &link).await.unwrap());
    assert!(links::live(store, &link, "4242-1", URL).await.unwrap());
    (link.reference, link.amount)
}

fn approved(reference: &str, amount: Money) -> Snapshot {
    let now = now();
    Snapshot {
        provider_id: "71".to_owned(),
        status: "approved".to_owned(),
        status_detail: "accredited".to_owned(),
        amount,
        refunded: 0,
        given: Vec::<Given>::new(),
        collector: COLLECTOR.to_owned(),
        external_reference: Some(reference.to_owned()),
        operation_type: "regular_payment".to_owned(),
        method: "visa".to_owned(),
        method_type: "credit_card".to_owned(),
        fee: 0,
        net: Some(amount.minor),
        created_at: now,
        approved_at: Some(now),
        updated_at: now,
    }
}

async fn read(desk: &Desk, account: AccountId, snapshot: &Snapshot) {
    let reading = Reading {
        tenant: desk.lodge.tenant,
        account,
        account_external: COLLECTOR.to_owned(),
        read_from: now(),
    };
    payments::apply(desk.db.store(), &reading, snapshot)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_guest_holds_gets_the_link_pays_and_is_confirmed() {
    let desk = Desk::open().await;
    let account = takes_mercadopago(&desk).await;
    let ana = Guest::new(&desk, "Ana", 1);
    let price = ana.asks_price(40).await;
    let held = ana.taps(&price.choice("hold:")).await.remove(0);
    assert!(held.text.contains("en un momento te paso"), "{}", held.text);
    let transfer = held.choice("pay-by:transfer:");
    let (reference, amount) = makes_the_link(&desk).await;
    let told = ana.hears_one().await;
    assert!(told.text.contains(URL), "{}", told.text);
    assert_eq!(told.choice("pay-by:"), transfer);
    let again = ana.says("cómo pago?").await;
    assert!(again.len() == 1 && again[0].text.contains(URL), "{again:?}");
    // She says so before the provider does.
    let early = ana.says("listo, ya pagué").await.remove(0);
    assert!(
        early.text.contains("Todavía no me figura"),
        "{}",
        early.text
    );
    let wanted: String = desk
        .scalar("SELECT resource FROM payment_reads WHERE kind = 'reference' AND done_at IS NULL")
        .await;
    assert_eq!(wanted, reference);
    read(&desk, account, &approved(&reference, amount)).await;
    let told = ana.hears_one().await;
    assert!(told.text.contains("está confirmada"), "{}", told.text);
    assert!(!told.text.contains(URL), "{}", told.text);
    assert_eq!(ana.booking().await.1, "confirmed");
    assert_books_balance(desk.db.pool()).await;
}

#[tokio::test]
async fn another_way_takes_the_place_of_the_link_and_is_told_once() {
    let desk = Desk::open().await;
    takes_mercadopago(&desk).await;
    let ana = Guest::new(&desk, "Ana", 1);
    let price = ana.asks_price(40).await;
    let held = ana.taps(&price.choice("hold:")).await.remove(0);
    makes_the_link(&desk).await;
    ana.hears_one().await;
    let transfer = ana.taps(&held.choice("pay-by:transfer:")).await;
    assert_eq!(transfer.len(), 1, "{transfer:#?}");
    assert!(transfer[0].text.contains("cabanas.del.lago"));
    let closing = "SELECT count(*) FROM payment_links WHERE state = 'closing'";
    assert_eq!(desk.count(closing).await, 1);
    let back = ana.taps(&transfer[0].choice("pay-by:mercadopago:")).await;
    assert!(back.len() == 1 && back[0].text.contains("en un momento"));
    let open =
        "SELECT count(*) FROM payment_requests WHERE state = 'open' AND method = 'mercadopago'";
    assert_eq!(desk.count(open).await, 1);
    assert_books_balance(desk.db.pool()).await;
}

#[tokio::test]
async fn the_balance_gets_a_link_when_she_asks_how_to_pay_it() {
    let desk = Desk::open().await;
    let account = takes_mercadopago(&desk).await;
    let ana = Guest::new(&desk, "Ana", 1);
    ana.books(40).await;
    let (reference, amount) = makes_the_link(&desk).await;
    read(&desk, account, &approved(&reference, amount)).await;
    let told = ana.hears().await;
    assert!(told.last().unwrap().text.contains("está confirmada"));
    let asked = ana.says("cómo pago el saldo?").await;
    assert!(
        asked[0].text.contains("en un momento te paso"),
        "{asked:#?}"
    );
    let balance = "SELECT count(*) FROM payment_requests
                   WHERE state = 'open' AND method = 'mercadopago' AND purpose = 'balance'";
    assert_eq!(desk.count(balance).await, 1);
    assert_books_balance(desk.db.pool()).await;
}

#[tokio::test]
async fn a_link_of_which_a_part_has_come_another_way_gives_way_to_one_for_the_rest() {
    let desk = Desk::open().await;
    takes_mercadopago(&desk).await;
    let ana = Guest::new(&desk, "Ana", 1);
    ana.books(40).await;
    let (_, amount) = makes_the_link(&desk).await;
    ana.hears_one().await;
    let part = Money::new(1_000_000, amount.currency);
    let paid = NewPayment {
        method: Method::Transfer,
        amount: part,
        reference: "tr-1".to_owned(),
        note: String::new(),
        request: None,
    };
    let (id, ..) = ana.booking().await;
    record(
        desk.db.store(),
        &desk.lodge.by,
        id.into(),
        &paid,
        None,
        |_| serde_json::Value::Null,
    )
    .await
    .unwrap();
    let told = ana.hears_one().await;
    assert!(told.text.contains("10.000"), "{}", told.text);
    let again = ana.says("cómo pago el resto?").await;
    assert!(again[0].text.contains("en un momento"), "{again:#?}");
    let rest: i64 = desk
        .scalar(
            "SELECT amount FROM payment_requests WHERE state = 'open' AND method = 'mercadopago'",
        )
        .await;
    assert_eq!(rest, amount.minor - part.minor);
    assert_books_balance(desk.db.pool()).await;
}
