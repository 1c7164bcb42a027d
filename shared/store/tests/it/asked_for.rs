//! What a guest is asked for beside her deposit: the balance, extras, another way of paying.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use posta_domain::refusal::Refusal;
use posta_store::{
    booking::{
        Booking, BookingError, Method,
        money::Purpose,
        payments::{NewPayment, record},
        receipts,
        requests::{self, NewAsk},
    },
    testing::Lodge,
};

use crate::payments_scene::Scene;

fn asking(purpose: Purpose, method: Method, pesos: Option<i64>) -> NewAsk {
    NewAsk {
        purpose,
        method,
        amount: pesos.map(Lodge::pesos),
        expires_at: None,
        note: String::new(),
    }
}

async fn ask(scene: &Scene, booking: &Booking, new: &NewAsk) -> Result<Booking, BookingError> {
    let store = scene.database.store();
    requests::ask(store, &scene.lodge.by, booking.id, new, None, |_| {
        serde_json::Value::Null
    })
    .await?;
    Ok(scene.booking(booking.id).await)
}

async fn pays(scene: &Scene, booking: &Booking, pesos: i64) -> Booking {
    let new = NewPayment {
        method: Method::Cash,
        amount: Lodge::pesos(pesos),
        reference: String::new(),
        note: String::new(),
        request: None,
    };
    let store = scene.database.store();
    record(store, &scene.lodge.by, booking.id, &new, None, |_| {
        serde_json::Value::Null
    })
    .await
    .unwrap();
    scene.booking(booking.id).await
}

fn open(booking: &Booking) -> Vec<(Purpose, Method, i64)> {
    let open = booking.requests.iter().filter(|row| row.state == "open");
    open.map(|row| (row.purpose, row.method, row.amount.minor / 100))
        .collect()
}

#[tokio::test]
async fn the_balance_is_what_is_open_and_is_asked_for_one_way_at_a_time() {
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;

    let after = ask(
        &scene,
        &booking,
        &asking(Purpose::Balance, Method::MercadoPago, None),
    )
    .await
    .unwrap();
    assert_eq!(
        open(&after),
        [(Purpose::Balance, Method::MercadoPago, 150_000)]
    );
    assert_eq!(
        after.requests.last().unwrap().link.as_ref().unwrap().state,
        "wanted"
    );

    let after = ask(
        &scene,
        &booking,
        &asking(Purpose::Balance, Method::Transfer, Some(100_000)),
    )
    .await
    .unwrap();
    assert_eq!(
        open(&after),
        [(Purpose::Balance, Method::Transfer, 100_000)]
    );
    assert_eq!(scene.heard().await, ["confirmed", "payment_asked"]);
    scene.balances().await;
}

#[tokio::test]
async fn nobody_is_asked_for_more_of_the_price_than_is_open() {
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;
    for new in [
        asking(Purpose::Balance, Method::Transfer, Some(150_001)),
        asking(Purpose::Difference, Method::Transfer, Some(0)),
        asking(Purpose::Extra, Method::Transfer, None),
        asking(Purpose::Deposit, Method::Transfer, Some(1)),
    ] {
        assert!(ask(&scene, &booking, &new).await.is_err(), "{new:?}");
    }
    let held = scene.held(20, 22).await;
    let new = asking(Purpose::Balance, Method::Transfer, Some(1));
    assert!(matches!(
        ask(&scene, &held, &new).await,
        Err(BookingError::Illegal(_))
    ));
}

#[tokio::test]
async fn an_extra_is_on_top_of_the_price() {
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;
    let after = ask(
        &scene,
        &booking,
        &asking(Purpose::Extra, Method::Cash, Some(20_000)),
    )
    .await
    .unwrap();
    assert_eq!(after.open(), Lodge::pesos(170_000));
    let after = pays(&scene, &after, 170_000).await;
    assert_eq!((after.open(), open(&after)), (Lodge::pesos(0), Vec::new()));
    assert_eq!(after.refund_due, Lodge::pesos(0));
    scene.balances().await;
}

#[tokio::test]
async fn what_was_paid_of_an_extra_that_is_taken_back_goes_back() {
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;
    let booking = pays(&scene, &booking, 150_000).await;
    let extra = asking(Purpose::Extra, Method::Cash, Some(20_000));
    let booking = ask(&scene, &booking, &extra).await.unwrap();
    let booking = pays(&scene, &booking, 15_000).await;
    let request = booking.requests.last().unwrap().id;

    let store = scene.database.store();
    let after = requests::withdraw(store, &scene.lodge.by, request)
        .await
        .unwrap();

    assert_eq!(after.refund_due, Lodge::pesos(15_000));
    assert_eq!(after.paid, Lodge::pesos(300_000));
    let again = requests::withdraw(store, &scene.lodge.by, request).await;
    assert_eq!(again.unwrap().refund_due, Lodge::pesos(15_000));
    scene.balances().await;
}

#[tokio::test]
async fn what_is_asked_for_until_a_moment_is_not_asked_for_after_it() {
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;
    let soon = crate::mercadopago::now(scene.database.pool()).await + chrono::TimeDelta::hours(1);
    let new = NewAsk {
        expires_at: Some(soon),
        ..asking(Purpose::Extra, Method::MercadoPago, Some(1_000))
    };
    ask(&scene, &booking, &new).await.unwrap();
    let store = scene.database.store();
    assert_eq!(requests::expire_due(store, 10).await.unwrap(), 0);
    sqlx::query("UPDATE payment_requests SET expires_at = clock_timestamp() WHERE state = 'open'")
        .execute(scene.database.pool())
        .await
        .unwrap();
    assert_eq!(requests::expire_due(store, 10).await.unwrap(), 1);
    assert_eq!(requests::expire_due(store, 10).await.unwrap(), 0);
    let after = scene.booking(booking.id).await;
    let last = after.requests.last().unwrap();
    assert_eq!(last.state, "expired");
    assert_eq!(last.link.as_ref().unwrap().state, "closed");
    assert_eq!(after.extras, Lodge::pesos(0));
    scene.balances().await;
}

#[tokio::test]
async fn another_way_of_paying_takes_the_place_of_the_first() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let first = booking.requests.first().unwrap();
    let store = scene.database.store();
    let by = &scene.lodge.by;

    let after = requests::switch(store, by, booking.id, Method::Transfer)
        .await
        .unwrap();
    assert_eq!(
        open(&after),
        [(Purpose::Deposit, Method::Transfer, 150_000)]
    );
    let second = after.requests.last().unwrap();
    assert_eq!(second.expires_at, first.expires_at);
    assert_ne!(second.external_reference, first.external_reference);
    let link = after.requests.first().unwrap().link.clone();
    assert_eq!(link.unwrap().state, "closed");
    assert_eq!(scene.heard().await, ["payment_asked"]);

    let same = requests::switch(store, by, booking.id, Method::Transfer)
        .await
        .unwrap();
    assert_eq!(same.requests.len(), 2);
    let back = requests::switch(store, by, booking.id, Method::MercadoPago)
        .await
        .unwrap();
    let last = back.requests.last().unwrap();
    assert_eq!(last.link.as_ref().unwrap().state, "wanted");
    scene.balances().await;
}

#[tokio::test]
async fn what_was_paid_one_way_is_not_asked_for_the_other() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    pays(&scene, &booking, 50_000).await;
    let store = scene.database.store();
    let after = requests::switch(store, &scene.lodge.by, booking.id, Method::Transfer)
        .await
        .unwrap();
    assert_eq!(
        open(&after),
        [(Purpose::Deposit, Method::Transfer, 100_000)]
    );
}

#[tokio::test]
async fn nobody_pays_another_way_while_a_receipt_is_looked_at() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let store = scene.database.store();
    let by = &scene.lodge.by;
    requests::switch(store, by, booking.id, Method::Transfer)
        .await
        .unwrap();
    receipts::submit(store, by, booking.id, None).await.unwrap();
    let refused = requests::switch(store, by, booking.id, Method::MercadoPago).await;
    assert!(matches!(
        refused,
        Err(BookingError::Refused(Refusal::ReceiptWaiting))
    ));
}

#[tokio::test]
async fn a_hold_keeps_its_deposit() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let request = booking.requests.first().unwrap().id;
    let store = scene.database.store();
    let refused = requests::withdraw(store, &scene.lodge.by, request).await;
    assert!(matches!(refused, Err(BookingError::Illegal(_))));
}

#[tokio::test]
async fn a_change_of_dates_leaves_what_was_paid_for_extras_alone() {
    use posta_store::booking::change::{ChangeRequest, Changer, To, change};
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;
    let extra = asking(Purpose::Extra, Method::Cash, Some(20_000));
    let booking = ask(&scene, &booking, &extra).await.unwrap();
    let booking = pays(&scene, &booking, 170_000).await;
    let request = ChangeRequest {
        to: To::Stays(vec![scene.lodge.any(11, 13)]),
        by: Changer::Owner,
        adjustments: Vec::new(),
        expected_version: None,
    };
    let store = scene.database.store();
    let after = change(store, &scene.lodge.by, booking.id, &request)
        .await
        .unwrap();
    assert_eq!(after.charge, Lodge::pesos(200_000));
    assert_eq!(after.paid, Lodge::pesos(220_000));
    assert_eq!(after.refund_due, Lodge::pesos(100_000));
    scene.balances().await;
}

#[tokio::test]
async fn extras_together_are_never_more_than_an_amount_can_be() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let booking = pays(&scene, &booking, 150_000).await;
    let much = asking(Purpose::Extra, Method::Cash, Some(i64::MAX / 500));
    let booking = ask(&scene, &booking, &much).await.unwrap();
    let more = ask(&scene, &booking, &much).await;
    let refused = BookingError::Refused(Refusal::PriceImpossible);
    assert_eq!(format!("{:?}", more.unwrap_err()), format!("{refused:?}"));
}

#[tokio::test]
async fn who_changes_her_mind_all_the_time_is_refused_before_the_provider_is_worn_out() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let (store, by) = (scene.database.store(), &scene.lodge.by);
    let mut refused = 0;
    for n in 0..30 {
        let way = [Method::Transfer, Method::MercadoPago][n % 2];
        match requests::switch(store, by, booking.id, way).await {
            Ok(_) => {}
            Err(BookingError::Illegal(_)) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, 5, "twenty times another way, and then as it is");
    assert_eq!(scene.booking(booking.id).await.requests.len(), 21);
}
