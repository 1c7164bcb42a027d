//! Receipts of guests who may have paid by link.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use posta_domain::reservation::{Awaiting, Reservation};
use posta_store::{
    booking::{
        BookingError, Method,
        money::Purpose,
        receipts::{self, Decision},
        requests::{self, NewAsk},
    },
    ids::ReservationId,
};

use crate::payments_scene::Scene;

const DEPOSIT: i64 = 150_000;

/// A photo comes, and the owner finds no such money on her account.
async fn refused(scene: &Scene, id: ReservationId) {
    sends(scene, id).await;
    no(scene, id).await;
}

async fn sends(scene: &Scene, id: ReservationId) {
    receipts::submit(scene.database.store(), &scene.lodge.by, id, None)
        .await
        .unwrap();
}

async fn no(scene: &Scene, id: ReservationId) {
    let (store, by) = (scene.database.store(), &scene.lodge.by);
    let no = Decision {
        accept: false,
        amount: None,
    };
    receipts::decide(store, by, id, &no).await.unwrap();
}

#[tokio::test]
async fn a_refused_photo_takes_no_time_from_a_payment_that_is_looked_at() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    sends(&scene, booking.id).await;
    let mut remote = scene.payment(1, &booking, DEPOSIT);
    scene
        .read(&remote.becomes("in_process", "pending_review_manual"))
        .await;
    no(&scene, booking.id).await;
    let Reservation::Held(hold) = scene.booking(booking.id).await.state else {
        panic!("it is held")
    };
    assert_eq!(hold.awaiting, Awaiting::Verification);
    // Once the provider has refused it as well, the nights wait for another payment.
    scene
        .read(&remote.becomes("rejected", "cc_rejected_high_risk"))
        .await;
    let Reservation::Held(after) = scene.booking(booking.id).await.state else {
        panic!("it is held")
    };
    assert_eq!(after.awaiting, Awaiting::Payment);
    assert!(after.expires_at < hold.expires_at);
    refused(&scene, booking.id).await;
    scene.balances().await;
}

#[tokio::test]
async fn a_refused_photo_takes_no_link_away() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    scene.paid(1, &booking, DEPOSIT).await;
    let balance = NewAsk {
        purpose: Purpose::Balance,
        method: Method::MercadoPago,
        amount: None,
        expires_at: None,
        note: String::new(),
    };
    let (store, by) = (scene.database.store(), &scene.lodge.by);
    requests::ask(store, by, booking.id, &balance, None, |_| {
        serde_json::Value::Null
    })
    .await
    .unwrap();
    refused(&scene, booking.id).await;
    let after = scene.booking(booking.id).await;
    let asked = after
        .requests
        .iter()
        .find(|row| row.purpose == Purpose::Balance);
    assert_eq!(asked.unwrap().state, "open");
    scene.balances().await;
}

#[tokio::test]
async fn nobody_makes_links_without_end_by_changing_her_mind() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let (store, by) = (scene.database.store(), &scene.lodge.by);
    let mut refused = 0;
    for round in 0..30 {
        let method = if round % 2 == 0 {
            Method::Transfer
        } else {
            Method::MercadoPago
        };
        match requests::switch(store, by, booking.id, method).await {
            Ok(_) => {}
            Err(BookingError::Illegal(_) | BookingError::Stale) => refused += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(refused > 0);
    let after = scene.booking(booking.id).await;
    assert!(after.requests.len() <= 21);
    assert_eq!(after.requests.last().unwrap().state, "open");
}
