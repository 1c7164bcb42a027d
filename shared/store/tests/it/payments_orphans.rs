//! Money of no booking of ours, and money that is not ours at all.

use posta_domain::{money::Money, reservation::Reservation};
use posta_store::{
    booking::BookingError,
    payments::{Applied, Became, Filter, list, orphans},
    testing::Lodge,
};

use crate::{
    mercadopago::Remote,
    payments_scene::{Scene, kinds},
};

fn pesos(pesos: i64) -> Money {
    Lodge::pesos(pesos)
}

/// A payment that quotes nothing we know is approved.
async fn orphan(scene: &Scene) -> (Remote, Applied) {
    let amount = pesos(150_000);
    let mut remote = Remote::begun(&scene.account, 9, Some("NOBODY-1"), amount);
    let applied = scene.read(&remote.becomes("approved", "accredited")).await;
    assert_eq!(applied.became, Became::Orphan);
    (remote, applied)
}

#[tokio::test]
async fn money_of_an_unknown_reference_waits_for_the_owner() {
    let scene = Scene::open(1).await;
    scene.held(10, 13).await;
    let (remote, applied) = orphan(&scene).await;
    scene.read(remote.read()).await;
    assert_eq!(kinds(&scene.lines().await), ["orphan"]);
    assert_eq!(scene.matters().await, ["payment_orphan"]);
    let actions: serde_json::Value = sqlx::query_scalar("SELECT actions FROM attention")
        .fetch_one(scene.database.pool())
        .await
        .unwrap();
    assert_eq!(actions, serde_json::json!(["assign", "refund", "dismiss"]));
    let mut conn = scene.database.store().acquire().await.unwrap();
    let filter = Filter {
        verdict: Some("orphan".into()),
        ..Filter::default()
    };
    let listed = list(&mut conn, scene.lodge.tenant, &filter).await.unwrap();
    assert_eq!(listed.first().unwrap().id, applied.payment);
    scene.balances().await;
}

#[tokio::test]
async fn an_orphan_that_finds_its_booking_is_as_if_it_had_arrived_for_it() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let (mut remote, applied) = orphan(&scene).await;
    let (store, by) = (scene.database.store(), &scene.lodge.by);
    let after = orphans::assign(store, by, applied.payment, booking.id)
        .await
        .unwrap();
    assert_eq!(
        (after.state, after.paid),
        (Reservation::Confirmed, pesos(150_000))
    );
    assert!(scene.matters().await.is_empty());
    let again = orphans::assign(store, by, applied.payment, booking.id).await;
    assert_eq!(again.unwrap().paid, pesos(150_000));
    let other = orphans::dismiss(store, by, applied.payment).await;
    assert!(matches!(other, Err(BookingError::Stale)));
    assert_eq!(
        kinds(&scene.lines().await),
        ["orphan", "orphan_out", "payment"]
    );
    scene.balances().await;

    // From now on what it does, it does to that booking.
    let applied = scene.read(&remote.gives_back(7, 5_000_000)).await;
    assert_eq!(applied.reservation, Some(booking.id));
    assert_eq!(scene.booking(booking.id).await.paid, pesos(100_000));
    scene.balances().await;
}

#[tokio::test]
async fn an_orphan_is_sent_back_once() {
    let scene = Scene::open(1).await;
    let (mut remote, applied) = orphan(&scene).await;
    let (store, by) = (scene.database.store(), &scene.lodge.by);
    let refund = orphans::refund(store, by, applied.payment).await.unwrap();
    let again = orphans::refund(store, by, applied.payment).await.unwrap();
    assert_eq!(refund, again);
    assert_eq!(scene.refunds().await, [(15_000_000, "due".to_owned())]);
    assert_eq!(scene.matters().await, ["refund_automatic"]);
    scene.balances().await;
    scene.read(&remote.gives_back(7, i64::MAX)).await;
    assert_eq!(scene.refunds().await, [(15_000_000, "done".to_owned())]);
    assert_eq!(
        kinds(&scene.lines().await),
        ["orphan", "orphan_out", "refund"]
    );
    scene.balances().await;
}

#[tokio::test]
async fn an_orphan_that_is_none_of_ours_is_dismissed() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let (mut remote, applied) = orphan(&scene).await;
    let (store, by) = (scene.database.store(), &scene.lodge.by);
    orphans::dismiss(store, by, applied.payment).await.unwrap();
    orphans::dismiss(store, by, applied.payment).await.unwrap();
    let later = orphans::assign(store, by, applied.payment, booking.id).await;
    assert!(matches!(later, Err(BookingError::Stale)));
    assert!(scene.matters().await.is_empty());
    scene.balances().await;
    let applied = scene.read(&remote.gives_back(7, i64::MAX)).await;
    assert_eq!(applied.became, Became::Dismissed);
    scene.balances().await;
}

#[tokio::test]
async fn an_orphan_that_went_back_in_part_brings_its_booking_what_is_left() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let (mut remote, applied) = orphan(&scene).await;
    scene.read(&remote.gives_back(7, 5_000_000)).await;
    scene.balances().await;
    let (store, by) = (scene.database.store(), &scene.lodge.by);
    let after = orphans::assign(store, by, applied.payment, booking.id)
        .await
        .unwrap();
    assert_eq!(after.paid, pesos(100_000));
    scene.balances().await;
    scene.read(&remote.gives_back(8, i64::MAX)).await;
    assert_eq!(scene.booking(booking.id).await.paid, pesos(0));
    scene.balances().await;
}

#[tokio::test]
async fn an_orphan_whose_money_has_gone_needs_nobody_until_it_comes_back() {
    let scene = Scene::open(1).await;
    let (mut remote, _) = orphan(&scene).await;
    let gone = scene
        .read(&remote.becomes("charged_back", "in_process"))
        .await;
    assert_eq!(gone.became, Became::Dismissed);
    assert_eq!(scene.matters().await, ["payment_disputed"]);
    scene.balances().await;
    let back = scene
        .read(&remote.becomes("charged_back", "reimbursed"))
        .await;
    assert_eq!(back.became, Became::Orphan);
    let matters = scene.matters().await;
    assert!(
        matters.contains(&"payment_orphan".to_owned()),
        "{matters:?}"
    );
    scene.balances().await;
}

#[tokio::test]
async fn somebody_elses_payment_confirms_nothing_and_is_not_counted() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene
        .payment(1, &booking, 150_000)
        .with(|said| said.collector = "999".into());
    let applied = scene.read(&remote.becomes("approved", "accredited")).await;
    assert_eq!(applied.became, Became::Foreign);
    assert!(matches!(
        scene.booking(booking.id).await.state,
        Reservation::Held(_)
    ));
    assert!(scene.lines().await.is_empty());
    assert_eq!(scene.matters().await, ["payment_foreign"]);
    scene.balances().await;
}

#[tokio::test]
async fn a_payment_that_pays_nothing_of_ours_is_an_orphan_whatever_it_quotes() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene
        .payment(1, &booking, 150_000)
        .with(|said| said.operation_type = "money_transfer".into());
    let applied = scene.read(&remote.becomes("approved", "accredited")).await;
    assert_eq!(applied.became, Became::Orphan);
    assert!(matches!(
        scene.booking(booking.id).await.state,
        Reservation::Held(_)
    ));
    scene.balances().await;
}

#[tokio::test]
async fn another_tenants_reference_is_unknown() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let other = scene.database.lodge(1).await;
    let account = crate::mercadopago::Account::of(&scene.database, &other).await;
    let reference = crate::mercadopago::reference(&booking);
    let mut remote = Remote::begun(&account, 1, Some(&reference), pesos(150_000));
    let applied = account
        .apply(
            &scene.database,
            &other,
            &remote.becomes("approved", "accredited"),
        )
        .await
        .unwrap();
    assert_eq!(applied.became, Became::Orphan);
    assert!(matches!(
        scene.booking(booking.id).await.state,
        Reservation::Held(_)
    ));
    scene.balances().await;
}

#[tokio::test]
async fn a_word_nobody_knows_is_looked_at_by_a_person() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene.payment(1, &booking, 150_000);
    let strange = remote.becomes("levitating", "");
    assert_eq!(scene.read(&strange).await.became, Became::Open);
    scene.read(&strange).await;
    assert_eq!(scene.matters().await, ["payment_unknown"]);
    scene.read(&remote.becomes("approved", "accredited")).await;
    assert_eq!(
        scene.booking(booking.id).await.state,
        Reservation::Confirmed
    );
    scene.balances().await;
}
