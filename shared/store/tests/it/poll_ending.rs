//! Asking without being told, before it is too late; and what is due before arrival.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use posta_store::{
    booking::{
        Booking, Method,
        money::Purpose,
        payments::{NewPayment, record},
        requests::{self, NewAsk},
    },
    ids::PaymentRequestId,
    payments::{
        chase, links, poll,
        reads::{self, ReadKind},
    },
    testing::Lodge,
};

use crate::payments_scene::Scene;

const LEASE: Duration = Duration::from_mins(1);

/// A hold whose link can be paid, and that ends in so many seconds.
async fn ending(scene: &Scene, seconds: i32) -> Booking {
    let booking = scene.held(10, 13).await;
    let store = scene.database.store();
    let link = links::claim(store, 1, LEASE, &[]).await.unwrap().remove(0);
    assert!(
        links::live(store, &link, "1", "https://mp.example/1")
            .await
            .unwrap()
    );
    ends_in(scene, &booking, seconds).await;
    scene.booking(booking.id).await
}

async fn ends_in(scene: &Scene, booking: &Booking, seconds: i32) {
    for sql in [
        "UPDATE reservations SET hold_expires_at = date_trunc('second', now()) + make_interval(secs => $2) WHERE id = $1",
        "UPDATE claims SET expires_at = date_trunc('second', now()) + make_interval(secs => $2)
         WHERE stay_id IN (SELECT id FROM stays WHERE reservation_id = $1)",
        "UPDATE payment_requests SET expires_at = date_trunc('second', now()) + make_interval(secs => $2)
         WHERE reservation_id = $1",
    ] {
        sqlx::query(sql)
            .bind(booking.id.uuid())
            .bind(f64::from(seconds))
            .execute(scene.database.pool())
            .await
            .unwrap();
    }
    // Three statements, three moments: one end.
    sqlx::query(
        "UPDATE claims SET expires_at = r.hold_expires_at
         FROM reservations r JOIN stays s ON s.reservation_id = r.id
         WHERE r.id = $1 AND claims.stay_id = s.id",
    )
    .bind(booking.id.uuid())
    .execute(scene.database.pool())
    .await
    .unwrap();
}

async fn sql(scene: &Scene, sql: &'static str) {
    sqlx::query(sql)
        .execute(scene.database.pool())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_hold_that_ends_soon_is_asked_about_once() {
    let scene = Scene::open(1).await;
    let booking = ending(&scene, 170).await;
    let store = scene.database.store();
    assert_eq!(poll::want_ending(store).await.unwrap(), 1);
    assert_eq!(poll::want_ending(store).await.unwrap(), 0);
    let claimed = reads::claim(store, 10, LEASE, &[]).await.unwrap();
    let read = claimed.first().unwrap();
    assert_eq!(
        (read.kind, read.resource.as_str()),
        (
            ReadKind::Reference,
            booking
                .requests
                .first()
                .unwrap()
                .external_reference
                .as_str()
        )
    );
    reads::done(store, read, "nothing").await.unwrap();
    assert_eq!(poll::want_ending(store).await.unwrap(), 0, "just answered");
    sql(
        &scene,
        "UPDATE payment_reads SET done_at = done_at - interval '121 seconds'",
    )
    .await;
    assert_eq!(poll::want_ending(store).await.unwrap(), 1);
}

#[tokio::test]
async fn holds_with_time_left_and_links_nobody_could_pay_are_not_asked_about() {
    let scene = Scene::open(2).await;
    ending(&scene, 600).await;
    let without = scene.held(10, 13).await;
    ends_in(&scene, &without, 100).await;
    assert_eq!(poll::want_ending(scene.database.store()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_review_that_ends_after_the_hold_is_looked_for() {
    let scene = Scene::open(1).await;
    let booking = ending(&scene, 100).await;
    scene.lodge.age(booking.id).await;
    let store = scene.database.store();
    posta_store::booking::expire_due(store, 10).await.unwrap();
    assert_eq!(poll::want_ending(store).await.unwrap(), 0);
    sql(
        &scene,
        "UPDATE payment_requests SET closed_at = closed_at - interval '11 minutes'",
    )
    .await;
    assert_eq!(poll::want_ending(store).await.unwrap(), 1);
    let claimed = reads::claim(store, 10, LEASE, &[]).await.unwrap();
    reads::done(store, claimed.first().unwrap(), "nothing")
        .await
        .unwrap();
    assert_eq!(poll::want_ending(store).await.unwrap(), 0);
}

#[tokio::test]
async fn a_hold_nobody_could_ask_about_lasts_longer_once_and_its_guest_hears_why() {
    let scene = Scene::open(1).await;
    let booking = ending(&scene, 50).await;
    let store = scene.database.store();
    assert_eq!(poll::prolong_unasked(store).await.unwrap(), 0, "not wanted");
    poll::want_ending(store).await.unwrap();
    assert_eq!(
        poll::prolong_unasked(store).await.unwrap(),
        0,
        "it may be answered yet"
    );
    sql(
        &scene,
        "UPDATE payment_reads SET wanted_at = wanted_at - interval '21 seconds'",
    )
    .await;
    assert_eq!(poll::prolong_unasked(store).await.unwrap(), 1);
    let after = scene.booking(booking.id).await;
    let (before_ends, ends) = (
        booking.requests.first().unwrap().expires_at.unwrap(),
        after.requests.first().unwrap().expires_at.unwrap(),
    );
    assert!((ends - before_ends).num_minutes() >= 28, "{ends}");
    assert_eq!(scene.heard().await, ["link_ready", "hold_prolonged"]);
    let moved = links::claim(store, 1, LEASE, &[]).await.unwrap();
    assert_eq!(moved.first().unwrap().expires_at, Some(ends));

    ends_in(&scene, &booking, 50).await;
    assert_eq!(poll::prolong_unasked(store).await.unwrap(), 0, "once");
    scene.balances().await;
}

#[tokio::test]
async fn a_hold_that_could_be_asked_about_ends_when_it_was_to() {
    let scene = Scene::open(1).await;
    ending(&scene, 50).await;
    let store = scene.database.store();
    poll::want_ending(store).await.unwrap();
    let claimed = reads::claim(store, 10, LEASE, &[]).await.unwrap();
    reads::done(store, claimed.first().unwrap(), "nothing")
        .await
        .unwrap();
    sql(
        &scene,
        "UPDATE payment_reads SET wanted_at = wanted_at - interval '61 seconds'",
    )
    .await;
    assert_eq!(poll::prolong_unasked(store).await.unwrap(), 0);
}

#[tokio::test]
async fn a_failed_asking_prolongs_at_once() {
    let scene = Scene::open(1).await;
    ending(&scene, 50).await;
    let store = scene.database.store();
    poll::want_ending(store).await.unwrap();
    let claimed = reads::claim(store, 10, LEASE, &[]).await.unwrap();
    let read = claimed.first().unwrap();
    reads::retry(store, read, Duration::ZERO, "no answer", true)
        .await
        .unwrap();
    assert_eq!(poll::prolong_unasked(store).await.unwrap(), 1);
}

/// It is noon at the property, wherever that is now; answers how many days its day is from the lodge's.
async fn at_noon(scene: &Scene) -> i64 {
    let row: (String, i32) = sqlx::query_as(
        "SELECT zone, (clock_timestamp() AT TIME ZONE zone)::date - $1
         FROM (SELECT CASE WHEN h <= 12 THEN 'Etc/GMT-' || 12 - h ELSE 'Etc/GMT+' || h - 12 END AS zone
               FROM (SELECT extract(hour FROM clock_timestamp() AT TIME ZONE 'UTC')::integer AS h) AS utc) AS noon",
    )
    .bind(scene.lodge.today)
    .fetch_one(scene.database.pool())
    .await
    .unwrap();
    scene.set(&format!("zone = '{}'", row.0)).await;
    row.1.into()
}

/// A confirmed booking that arrives in so many days of the property's.
async fn arriving(scene: &Scene, days: i64) -> Booking {
    let shift = at_noon(scene).await;
    let from = u64::try_from(days + shift).unwrap();
    let booking = scene.held(from, from + 2).await;
    scene.paid(1, &booking, 100_000).await;
    scene.booking(booking.id).await
}

fn open(booking: &Booking) -> Vec<(&str, i64)> {
    let open = booking.requests.iter().filter(|row| row.state == "open");
    open.map(|row| (row.method.as_str(), row.amount.minor / 100))
        .collect()
}

#[tokio::test]
async fn the_balance_is_asked_for_some_days_ahead_and_the_day_before() {
    let scene = Scene::open(1).await;
    let booking = arriving(&scene, 3).await;
    let store = scene.database.store();
    assert_eq!(chase::due(store, 10).await.unwrap(), 1);
    assert_eq!(chase::due(store, 10).await.unwrap(), 0);
    let after = scene.booking(booking.id).await;
    assert_eq!(open(&after), [("mercadopago", 100_000)]);

    // Two days later.
    sql(
        &scene,
        "UPDATE payment_requests SET created_at = created_at - interval '2 days'",
    )
    .await;
    sql(
        &scene,
        "UPDATE stays SET check_in = check_in - 2, check_out = check_out - 2",
    )
    .await;
    assert_eq!(chase::due(store, 10).await.unwrap(), 1);
    assert_eq!(chase::due(store, 10).await.unwrap(), 0);
    let heard = scene.heard().await;
    assert_eq!(heard, ["confirmed", "payment_asked"]);
}

#[tokio::test]
async fn a_balance_is_not_asked_for_too_early_or_of_whoever_wants_to_hear_nothing() {
    let scene = Scene::open(1).await;
    arriving(&scene, 4).await;
    let store = scene.database.store();
    assert_eq!(chase::due(store, 10).await.unwrap(), 0);
    scene.set("balance_days = 10").await;
    sql(&scene, "UPDATE guests SET opted_out_at = now()").await;
    assert_eq!(chase::due(store, 10).await.unwrap(), 0);
    sql(&scene, "UPDATE guests SET opted_out_at = NULL").await;
    scene.set("balance_days = 0").await;
    assert_eq!(chase::due(store, 10).await.unwrap(), 0);
    scene.set("balance_days = 4").await;
    assert_eq!(chase::due(store, 10).await.unwrap(), 1);
}

#[tokio::test]
async fn without_a_link_the_balance_is_asked_for_by_transfer() {
    let scene = Scene::open(1).await;
    let booking = arriving(&scene, 2).await;
    sql(
        &scene,
        "UPDATE channel_accounts SET provider = 'whatsapp' WHERE provider = 'mercadopago'",
    )
    .await;
    let store = scene.database.store();
    assert_eq!(chase::due(store, 10).await.unwrap(), 1);
    let after = scene.booking(booking.id).await;
    assert_eq!(open(&after), [("transfer", 100_000)]);
    assert_eq!(scene.heard().await.last().unwrap(), "payment_asked");
}

#[tokio::test]
async fn what_is_open_on_the_day_of_arrival_is_the_owners_to_settle() {
    let scene = Scene::open(1).await;
    let booking = arriving(&scene, 3).await;
    sql(
        &scene,
        "UPDATE stays SET check_in = check_in - 3, check_out = check_out - 3",
    )
    .await;
    let store = scene.database.store();
    assert_eq!(chase::due(store, 10).await.unwrap(), 1);
    assert_eq!(chase::due(store, 10).await.unwrap(), 0);
    assert_eq!(scene.matters().await, ["balance_open"]);
    assert!(open(&scene.booking(booking.id).await).is_empty());

    pays(&scene, &booking, 100_000, None).await;
    assert!(
        scene.matters().await.is_empty(),
        "nothing is left to settle"
    );
}

async fn pays(
    scene: &Scene,
    booking: &Booking,
    pesos: i64,
    request: Option<PaymentRequestId>,
) -> Booking {
    let new = NewPayment {
        method: Method::Cash,
        amount: Lodge::pesos(pesos),
        reference: String::new(),
        note: String::new(),
        request,
    };
    let store = scene.database.store();
    record(store, &scene.lodge.by, booking.id, &new, None, |_| {
        serde_json::Value::Null
    })
    .await
    .unwrap();
    scene.booking(booking.id).await
}

#[tokio::test]
async fn what_was_paid_for_an_extra_has_not_paid_the_balance() {
    let scene = Scene::open(1).await;
    let booking = arriving(&scene, 3).await;
    let store = scene.database.store();
    let extra = NewAsk {
        purpose: Purpose::Extra,
        method: Method::Cash,
        amount: Some(Lodge::pesos(30_000)),
        expires_at: None,
        note: String::new(),
    };
    requests::ask(store, &scene.lodge.by, booking.id, &extra, None, |_| {
        serde_json::Value::Null
    })
    .await
    .unwrap();
    let asked = scene.booking(booking.id).await.requests.last().unwrap().id;
    pays(&scene, &booking, 30_000, Some(asked)).await;
    // As much as the price has come, and 30.000 of it for the extra.
    let after = pays(&scene, &booking, 70_000, None).await;
    assert_eq!(after.paid, after.charge);
    assert_eq!(chase::due(store, 10).await.unwrap(), 1);
    let after = scene.booking(booking.id).await;
    assert_eq!(open(&after), [("mercadopago", 30_000)]);
    assert_eq!(chase::due(store, 10).await.unwrap(), 0);
}
