//! Money a guest has with us pays a later stay, once, or stays with the owner.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use posta_domain::reservation::Status;
use posta_store::{
    booking::{
        Booking, BookingError, HoldRequest, Method, Who,
        cancel::{CancelBy, cancel},
        credits::{self, CreditRow},
        hold, refunds,
    },
    guests::{self, Alias, AliasKind, At},
    ids::GuestId,
    payments::check,
    testing::Lodge,
};

use crate::payments_scene::Scene;

async fn call_off(scene: &Scene, booking: &Booking) {
    let store = scene.database.store();
    cancel(
        store,
        &scene.lodge.by,
        booking.id,
        CancelBy::Owner,
        "",
        None,
    )
    .await
    .unwrap();
}

/// The guest of a booking that was called off has its deposit, $ 150.000, as a credit.
async fn credited(scene: &Scene) -> Booking {
    let (booking, _) = scene.confirmed(1).await;
    call_off(scene, &booking).await;
    let store = scene.database.store();
    let mut conn = store.acquire().await.unwrap();
    let rows = refunds::list(&mut conn, scene.lodge.tenant, true)
        .await
        .unwrap();
    let refund = rows.first().unwrap().id;
    credits::from_refund(store, &scene.lodge.by, refund)
        .await
        .unwrap();
    scene.booking(booking.id).await
}

async fn another(scene: &Scene, guest: GuestId, from: u64, until: u64) -> Booking {
    let lodge = &scene.lodge;
    let quote = lodge.quote(vec![lodge.any(from, until)]).await.unwrap();
    let request = HoldRequest {
        who: Who::Known(guest),
        method: Method::MercadoPago,
        ..Lodge::request(&quote)
    };
    let store = scene.database.store();
    let held = hold(store, &lodge.by, &request, |_| serde_json::Value::Null)
        .await
        .unwrap();
    scene.booking(held.reservation.unwrap()).await
}

async fn left(scene: &Scene, guest: GuestId) -> Vec<i64> {
    rows(scene, Some(guest))
        .await
        .iter()
        .map(|row| row.left.minor / 100)
        .collect()
}

async fn rows(scene: &Scene, guest: Option<GuestId>) -> Vec<CreditRow> {
    let mut conn = scene.database.store().acquire().await.unwrap();
    credits::list(&mut conn, scene.lodge.tenant, guest)
        .await
        .unwrap()
}

async fn ledger_is_right(scene: &Scene) {
    let mut tx = check::still(scene.database.store()).await.unwrap();
    let report = check::check(&mut tx, None).await.unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    drop(tx);
    scene.balances().await;
}

#[tokio::test]
async fn what_is_owed_back_can_pay_a_later_stay() {
    let scene = Scene::open(1).await;
    let before = credited(&scene).await;
    assert!(scene.heard().await.contains(&"credited".to_owned()));
    assert_eq!(left(&scene, before.guest).await, [150_000]);

    // Two nights: the deposit is $ 100.000, all of it $ 200.000.
    let booking = another(&scene, before.guest, 20, 22).await;
    let store = scene.database.store();
    let after = credits::use_for(store, &scene.lodge.by, booking.id)
        .await
        .unwrap();

    assert_eq!(after.state.status(), Status::Confirmed);
    assert_eq!(after.open(), Lodge::pesos(50_000));
    assert_eq!(left(&scene, before.guest).await, [0]);
    let again = credits::use_for(store, &scene.lodge.by, booking.id)
        .await
        .unwrap();
    assert_eq!(again.open(), Lodge::pesos(50_000));
    ledger_is_right(&scene).await;
}

#[tokio::test]
async fn a_credit_pays_no_more_than_is_open_and_keeps_the_rest() {
    let scene = Scene::open(1).await;
    let before = credited(&scene).await;
    let store = scene.database.store();
    let booking = another(&scene, before.guest, 20, 21).await;
    let after = credits::use_for(store, &scene.lodge.by, booking.id)
        .await
        .unwrap();
    assert_eq!(after.open(), Lodge::pesos(0));
    assert_eq!(left(&scene, before.guest).await, [50_000]);
    // Called off, it goes back: by hand, since it came by nothing else.
    call_off(&scene, &booking).await;
    let after = scene.booking(booking.id).await;
    assert_eq!(after.refund_due, Lodge::pesos(100_000));
    ledger_is_right(&scene).await;
}

#[tokio::test]
async fn two_stays_do_not_use_one_credit_twice() {
    let scene = Scene::open(2).await;
    let before = credited(&scene).await;
    let one = another(&scene, before.guest, 20, 22).await;
    let two = another(&scene, before.guest, 30, 32).await;
    let store = scene.database.store();
    let by = &scene.lodge.by;
    let (first, second) = tokio::join!(
        credits::use_for(store, by, one.id),
        credits::use_for(store, by, two.id)
    );
    let paid = first.unwrap().paid.minor + second.unwrap().paid.minor;
    assert_eq!(paid, Lodge::pesos(150_000).minor);
    assert_eq!(left(&scene, before.guest).await, [0]);
    ledger_is_right(&scene).await;
}

#[tokio::test]
async fn a_credit_nobody_used_stays_with_the_owner() {
    let scene = Scene::open(1).await;
    let before = credited(&scene).await;
    let store = scene.database.store();
    assert_eq!(credits::expire_due(store, 10).await.unwrap(), 0);
    sqlx::query("UPDATE credits SET expires_at = clock_timestamp() - interval '1 second'")
        .execute(scene.database.pool())
        .await
        .unwrap();
    let booking = another(&scene, before.guest, 20, 22).await;
    let after = credits::use_for(store, &scene.lodge.by, booking.id)
        .await
        .unwrap();
    assert_eq!(after.paid, Lodge::pesos(0), "its time is over");
    assert_eq!(credits::expire_due(store, 10).await.unwrap(), 1);
    assert_eq!(credits::expire_due(store, 10).await.unwrap(), 0);
    assert_eq!(left(&scene, before.guest).await, [0]);
    ledger_is_right(&scene).await;
}

#[tokio::test]
async fn a_credit_lasts_as_long_as_the_property_says_and_is_its_guests_alone() {
    let scene = Scene::open(1).await;
    scene.set("credit_days = 10").await;
    let before = credited(&scene).await;
    let all = rows(&scene, None).await;
    let row = all.first().unwrap();
    assert_eq!((row.expires_at - row.created_at).num_hours(), 240);
    assert_eq!(row.code, before.code);

    let stranger = scene.held(20, 22).await;
    let store = scene.database.store();
    let after = credits::use_for(store, &scene.lodge.by, stranger.id)
        .await
        .unwrap();
    assert_eq!(after.paid, Lodge::pesos(0));
    let refused = credits::use_for(store, &scene.lodge.by, before.id).await;
    assert!(matches!(refused, Err(BookingError::Illegal(_))));
}

#[tokio::test]
async fn guests_who_turn_out_to_be_one_share_what_they_have() {
    let scene = Scene::open(1).await;
    let before = credited(&scene).await;
    let booking = scene.held(20, 22).await;
    let store = scene.database.store();
    let account: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM channel_accounts WHERE provider = 'whatsapp'")
            .fetch_one(scene.database.pool())
            .await
            .unwrap();
    let (tenant, account) = (scene.lodge.tenant, account.into());
    let alias = |number: u32| Alias {
        kind: AliasKind::WaId,
        value: format!("54911{number:08}"),
    };
    let mut tx = store.begin().await.unwrap();
    let at = At { tenant, account };
    guests::resolve(&mut tx, at, &[alias(0), alias(1)], None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(left(&scene, before.guest).await, [150_000]);
    let after = credits::use_for(store, &scene.lodge.by, booking.id)
        .await
        .unwrap();
    assert_eq!(after.paid, Lodge::pesos(150_000));
    ledger_is_right(&scene).await;
}
