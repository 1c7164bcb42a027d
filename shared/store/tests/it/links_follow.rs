//! Links to pay follow what is asked for, however often a worker dies over them.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use posta_domain::reservation::Status;
use posta_store::{
    booking::{
        Booking, BookingError, HoldRequest, Method,
        cancel::{CancelBy, cancel},
        confirm, hold,
        money::Purpose,
        requests,
    },
    payments::links::{self, ClaimedLink, LinkTask},
    testing::{Lodge, database},
};

use crate::payments_scene::Scene;

const LEASE: Duration = Duration::from_mins(1);

async fn claim(scene: &Scene) -> Vec<ClaimedLink> {
    links::claim(scene.database.store(), 10, LEASE, &[])
        .await
        .unwrap()
}

async fn claim_one(scene: &Scene) -> ClaimedLink {
    let mut claimed = claim(scene).await;
    assert_eq!(claimed.len(), 1, "{claimed:?}");
    claimed.pop().unwrap()
}

/// What a worker does when all goes well.
async fn make(scene: &Scene) -> ClaimedLink {
    let link = claim_one(scene).await;
    assert_eq!(link.what, LinkTask::Make);
    let store = scene.database.store();
    assert!(links::tried(store, &link).await.unwrap());
    assert!(
        links::live(store, &link, "123-abc", "https://mp.example/pay")
            .await
            .unwrap()
    );
    link
}

async fn states(scene: &Scene) -> Vec<String> {
    sqlx::query_scalar("SELECT state FROM payment_links ORDER BY created_at, id")
        .fetch_all(scene.database.pool())
        .await
        .unwrap()
}

/// Nobody has the leases any more; everything is due.
async fn let_leases_run_out(scene: &Scene) {
    sqlx::query(
        "UPDATE payment_links
         SET lease_until = lease_until - interval '1 hour', not_before = least(not_before, clock_timestamp())",
    )
    .execute(scene.database.pool())
    .await
    .unwrap();
}

async fn call_off(scene: &Scene, booking: &Booking) {
    cancel(
        scene.database.store(),
        &scene.lodge.by,
        booking.id,
        CancelBy::Owner,
        "",
        None,
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn a_hold_wants_its_link_and_the_guest_is_told_when_it_is_there() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let request = booking.requests.first().unwrap();
    assert_eq!(request.link.as_ref().unwrap().state, "wanted");

    let link = make(&scene).await;

    assert_eq!(link.reference, request.external_reference);
    assert_eq!(link.amount, Lodge::pesos(150_000));
    assert_eq!(link.expires_at, request.expires_at);
    assert_eq!(link.title.purpose, Purpose::Deposit);
    assert_eq!(
        (link.title.code.as_str(), link.title.check_in),
        (booking.code.as_str(), booking.check_in())
    );
    assert_eq!(link.account_external, scene.account.external);
    assert!(!link.tried);
    let after = scene.booking(booking.id).await;
    let shown = after.requests.first().unwrap().link.clone().unwrap();
    assert_eq!(
        (shown.state.as_str(), shown.url.as_deref()),
        ("live", Some("https://mp.example/pay"))
    );
    assert_eq!(scene.heard().await, ["link_ready"]);
    assert!(claim(&scene).await.is_empty());
    scene.balances().await;
}

#[tokio::test]
async fn without_an_account_nobody_holds_to_be_paid_by_link() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    let quote = lodge.quote(vec![lodge.any(10, 12)]).await.unwrap();
    let request = HoldRequest {
        method: Method::MercadoPago,
        ..Lodge::request(&quote)
    };
    let refused = hold(database.store(), &lodge.by, &request, |_| {
        serde_json::Value::Null
    })
    .await;
    assert!(matches!(refused, Err(BookingError::NotFound(_))));
}

#[tokio::test]
async fn what_is_paid_can_be_paid_no_more() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    make(&scene).await;
    scene.paid(1, &booking, 150_000).await;
    assert_eq!(states(&scene).await, ["closing"]);

    let link = claim_one(&scene).await;
    assert_eq!(link.what, LinkTask::Close);
    assert_eq!(link.preference_id.as_deref(), Some("123-abc"));
    links::closed(scene.database.store(), &link).await.unwrap();

    assert_eq!(states(&scene).await, ["closed"]);
    assert!(claim(&scene).await.is_empty());
}

#[tokio::test]
async fn a_wish_nobody_tried_to_fulfil_ends_without_asking_anybody() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    call_off(&scene, &booking).await;
    assert_eq!(states(&scene).await, ["closed"]);
    assert!(claim(&scene).await.is_empty());
}

#[tokio::test]
async fn a_link_that_is_made_while_its_hold_ends_is_taken_back() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let link = claim_one(&scene).await;
    assert!(links::tried(scene.database.store(), &link).await.unwrap());
    call_off(&scene, &booking).await;
    let late = links::live(
        scene.database.store(),
        &link,
        "9",
        "https://mp.example/late",
    )
    .await;
    assert!(!late.unwrap());

    // At once: nobody waits for a lease to run out.
    let link = claim_one(&scene).await;
    assert_eq!(
        (link.what, link.preference_id.as_deref()),
        (LinkTask::Close, Some("9"))
    );
    assert!(!scene.heard().await.contains(&"link_ready".to_owned()));
}

#[tokio::test]
async fn an_attempt_nobody_heard_of_is_looked_for_before_another_is_made() {
    let scene = Scene::open(1).await;
    scene.held(10, 13).await;
    let store = scene.database.store();
    let lost = claim_one(&scene).await;
    assert!(links::tried(store, &lost).await.unwrap());
    assert!(claim(&scene).await.is_empty());
    let_leases_run_out(&scene).await;

    let again = claim_one(&scene).await;
    assert!(again.tried);
    // The first one wakes up.
    assert!(!links::tried(store, &lost).await.unwrap());
    assert!(
        !links::live(store, &lost, "1", "https://mp.example/1")
            .await
            .unwrap()
    );
    assert!(
        links::live(store, &again, "1", "https://mp.example/1")
            .await
            .unwrap()
    );
    assert_eq!(scene.heard().await, ["link_ready"]);
}

#[tokio::test]
async fn a_link_ends_when_its_request_does_and_is_moved_with_it() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    make(&scene).await;
    scene
        .read(
            &scene
                .payment(1, &booking, 150_000)
                .becomes("in_process", "pending_review_manual"),
        )
        .await;

    let link = claim_one(&scene).await;
    assert_eq!(link.what, LinkTask::Extend);
    let request = scene.booking(booking.id).await.requests.first().cloned();
    assert_eq!(link.expires_at, request.unwrap().expires_at);
    assert_ne!(
        link.expires_at,
        booking.requests.first().unwrap().expires_at
    );
    links::extended(scene.database.store(), &link)
        .await
        .unwrap();
    assert!(claim(&scene).await.is_empty());
}

#[tokio::test]
async fn before_the_owners_yes_nobody_can_pay() {
    let scene = Scene::open(1).await;
    sqlx::query("UPDATE unit_types SET rates = rates || '{\"booking_mode\": \"request\"}'")
        .execute(scene.database.pool())
        .await
        .unwrap();
    let booking = scene.held(10, 13).await;
    assert!(states(&scene).await.is_empty());

    confirm(
        scene.database.store(),
        &scene.lodge.by,
        booking.id,
        None,
        false,
    )
    .await
    .unwrap();

    let link = make(&scene).await;
    let after = scene.booking(booking.id).await;
    assert_eq!(after.state.status(), Status::Held);
    assert_eq!(link.expires_at, after.requests.first().unwrap().expires_at);
}

#[tokio::test]
async fn a_link_is_in_one_workers_hands() {
    let scene = Scene::open(8).await;
    for _ in 0..8 {
        scene.held(10, 13).await;
    }
    let (a, b, c) = tokio::join!(claim(&scene), claim(&scene), claim(&scene));
    let mut ids: Vec<_> = a.iter().chain(&b).chain(&c).map(|link| link.id).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((all, ids.len()), (8, 8));
}

#[tokio::test]
async fn an_account_that_cannot_be_asked_keeps_its_links_for_later() {
    let scene = Scene::open(1).await;
    scene.held(10, 13).await;
    let store = scene.database.store();
    let none = links::claim(store, 10, LEASE, &[scene.account.id])
        .await
        .unwrap();
    assert!(none.is_empty());
    assert_eq!(claim(&scene).await.len(), 1);
}

#[tokio::test]
async fn who_waits_for_a_link_is_told_so_once() {
    let scene = Scene::open(1).await;
    scene.held(10, 13).await;
    let store = scene.database.store();
    let link = claim_one(&scene).await;
    links::retry(store, &link, Duration::ZERO, "no answer", true)
        .await
        .unwrap();
    assert!(scene.heard().await.is_empty(), "she has just asked");

    sqlx::query("UPDATE payment_links SET created_at = created_at - interval '30 seconds'")
        .execute(scene.database.pool())
        .await
        .unwrap();
    links::sync_due(store, 10).await.unwrap();
    let link = claim_one(&scene).await;
    assert_eq!(link.attempts, 1);
    links::retry(store, &link, Duration::ZERO, "no answer", false)
        .await
        .unwrap();
    assert_eq!(scene.heard().await, ["link_failed"]);
    assert_eq!(claim_one(&scene).await.attempts, 1);
}

#[tokio::test]
async fn a_link_that_is_refused_for_good_is_the_owners_to_hear_of() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let store = scene.database.store();
    let link = claim_one(&scene).await;
    assert!(links::tried(store, &link).await.unwrap());
    links::failed(store, &link, "collector_does_not_comply")
        .await
        .unwrap();
    assert_eq!(scene.matters().await, ["link_failed"]);
    assert_eq!(scene.heard().await, ["link_failed"]);
    links::sync_due(store, 10).await.unwrap();
    assert!(claim(&scene).await.is_empty(), "it is not tried for ever");
    let after = scene.booking(booking.id).await;
    let link = after.requests.first().unwrap().link.clone();
    assert_eq!(link.unwrap().state, "failed");

    for way in [Method::Transfer, Method::MercadoPago] {
        requests::switch(store, &scene.lodge.by, booking.id, way)
            .await
            .unwrap();
    }
    make(&scene).await;
    assert!(scene.matters().await.is_empty(), "now there is a link");
}

#[tokio::test]
async fn what_a_change_forgot_the_sweep_finds() {
    let scene = Scene::open(2).await;
    let lost = scene.held(10, 13).await;
    let stale = scene.held(10, 13).await;
    sqlx::query(
        "DELETE FROM payment_links WHERE payment_request_id IN
         (SELECT id FROM payment_requests WHERE reservation_id = $1)",
    )
    .bind(lost.id.uuid())
    .execute(scene.database.pool())
    .await
    .unwrap();
    sqlx::query(
        "UPDATE payment_requests SET state = 'withdrawn', closed_at = clock_timestamp() WHERE reservation_id = $1",
    )
    .bind(stale.id.uuid())
    .execute(scene.database.pool())
    .await
    .unwrap();
    let store = scene.database.store();
    assert_eq!(links::sync_due(store, 10).await.unwrap(), 2);
    assert_eq!(links::sync_due(store, 10).await.unwrap(), 0);
    assert_eq!(states(&scene).await, ["closed", "wanted"]);
}
