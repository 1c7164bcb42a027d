//! Money goes back the way it came, once, whoever dies in between.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use posta_domain::payment::GivenState;
use posta_store::{
    booking::{
        Booking, BookingError, Method,
        cancel::{CancelBy, cancel},
        credits,
        payments::{NewPayment, record},
        refunds::{self, ClaimedRefund, Given},
    },
    ids::RefundId,
    testing::Lodge,
};

use crate::{mercadopago::Remote, payments_scene::Scene};

const LEASE: Duration = Duration::from_mins(1);

async fn claim(scene: &Scene) -> Vec<ClaimedRefund> {
    refunds::claim(scene.database.store(), 10, LEASE, &[])
        .await
        .unwrap()
}

async fn claim_one(scene: &Scene) -> ClaimedRefund {
    let mut claimed = claim(scene).await;
    assert_eq!(claimed.len(), 1, "{claimed:?}");
    claimed.pop().unwrap()
}

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

/// A booking that was called off, with its deposit to be given back through Mercado Pago.
async fn owed(scene: &Scene) -> (Booking, Remote) {
    let (booking, remote) = scene.confirmed(1).await;
    call_off(scene, &booking).await;
    (booking, remote)
}

async fn pays_cash(scene: &Scene, booking: &Booking, pesos: i64) {
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
}

async fn let_leases_run_out(scene: &Scene) {
    sqlx::query("UPDATE refunds SET lease_until = lease_until - interval '1 hour'")
        .execute(scene.database.pool())
        .await
        .unwrap();
}

async fn all(scene: &Scene) -> Vec<refunds::RefundRow> {
    let mut conn = scene.database.store().acquire().await.unwrap();
    refunds::list(&mut conn, scene.lodge.tenant, false)
        .await
        .unwrap()
}

fn by_cash() -> Given {
    Given {
        method: Method::Cash,
        reference: String::new(),
    }
}

#[tokio::test]
async fn what_came_through_mercado_pago_goes_back_there_by_itself() {
    let scene = Scene::open(1).await;
    let (_, mut remote) = owed(&scene).await;
    assert_eq!(scene.matters().await, ["refund_automatic"]);

    let store = scene.database.store();
    let refund = claim_one(&scene).await;
    assert_eq!(refund.amount, Lodge::pesos(150_000));
    assert_eq!(refund.provider_id, "1");
    assert!(!refund.requested);
    assert!(refunds::still_open(store, &refund).await.unwrap());
    assert!(refunds::requested(store, &refund).await.unwrap());
    scene
        .read(&remote.gives_back(77, refund.amount.minor))
        .await;

    assert_eq!(scene.refunds().await, [(15_000_000, "done".to_owned())]);
    assert!(!refunds::still_open(store, &refund).await.unwrap());
    assert!(claim(&scene).await.is_empty());
    assert!(scene.matters().await.is_empty());
    assert!(scene.heard().await.contains(&"refunded".to_owned()));
    scene.balances().await;
}

#[tokio::test]
async fn what_came_by_hand_goes_back_by_hand() {
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;
    pays_cash(&scene, &booking, 150_000).await;
    call_off(&scene, &booking).await;
    let rows = all(&scene).await;
    let parts: Vec<_> = rows
        .iter()
        .map(|row| (row.payment.is_some(), row.amount))
        .collect();
    assert_eq!(
        parts,
        [
            (true, Lodge::pesos(150_000)),
            (false, Lodge::pesos(150_000))
        ]
    );
    assert_eq!(
        scene.matters().await,
        ["refund_automatic", "refund_due"],
        "each has its own"
    );
    assert_eq!(claim(&scene).await.len(), 1);
    scene.balances().await;
}

#[tokio::test]
async fn several_payments_give_back_the_newest_first_and_no_more_than_they_hold() {
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;
    let mut second = scene.payment(2, &booking, 100_000);
    scene.read(&second.becomes("approved", "accredited")).await;
    let mut third = scene.payment(3, &booking, 100_000);
    scene.read(&third.becomes("approved", "accredited")).await;
    // Too much came with the third: that goes back out of it.
    let rows = all(&scene).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows.first().unwrap().amount, Lodge::pesos(50_000));

    call_off(&scene, &booking).await;

    let mut claimed = Vec::new();
    for row in all(&scene).await {
        claimed.push((row.payment.unwrap(), row.amount.minor / 100));
    }
    let third = claimed.first().unwrap().0;
    let of_third: i64 = claimed
        .iter()
        .filter(|(payment, _)| *payment == third)
        .map(|(_, pesos)| pesos)
        .sum();
    assert_eq!(of_third, 100_000);
    assert_eq!(claimed.iter().map(|(_, pesos)| pesos).sum::<i64>(), 350_000);
    // Of the third payment one at a time.
    assert_eq!(claim(&scene).await.len(), 3);
    scene.balances().await;
}

#[tokio::test]
async fn an_attempt_nobody_heard_of_is_known_as_one() {
    let scene = Scene::open(1).await;
    let (_, mut remote) = owed(&scene).await;
    let store = scene.database.store();
    let lost = claim_one(&scene).await;
    assert!(refunds::requested(store, &lost).await.unwrap());
    assert!(claim(&scene).await.is_empty());
    let_leases_run_out(&scene).await;

    let again = claim_one(&scene).await;
    assert!(again.requested);
    assert_eq!(again.id, lost.id, "the same key");
    assert!(!refunds::requested(store, &lost).await.unwrap());
    // It had been carried out: reading the payment before asking once more finds it.
    scene.read(&remote.gives_back(77, again.amount.minor)).await;
    assert!(!refunds::still_open(store, &again).await.unwrap());
    assert!(!refunds::requested(store, &again).await.unwrap());
    assert_eq!(scene.refunds().await.len(), 1);
    scene.balances().await;
}

#[tokio::test]
async fn what_mercado_pago_refuses_is_the_owners_who_may_try_again_or_give_it_back() {
    let scene = Scene::open(1).await;
    owed(&scene).await;
    let store = scene.database.store();
    let by = &scene.lodge.by;
    let refund = claim_one(&scene).await;
    assert!(refunds::requested(store, &refund).await.unwrap());
    let early = refunds::done(store, by, refund.id, &by_cash()).await;
    assert!(early.is_err(), "it goes back by itself");

    refunds::by_hand(store, &refund, "2030").await.unwrap();
    assert_eq!(scene.refunds().await, [(15_000_000, "by_hand".to_owned())]);
    assert_eq!(scene.matters().await, ["refund_due"]);
    assert!(claim(&scene).await.is_empty());

    let row = refunds::again(store, by, refund.id).await.unwrap();
    assert_eq!((row.state.as_str(), row.error), ("due", None));
    assert_eq!(scene.matters().await, ["refund_automatic"]);
    let refund = claim_one(&scene).await;
    assert_eq!(refund.attempts, 0);
    refunds::by_hand(store, &refund, "2024").await.unwrap();
    let row = refunds::done(store, by, refund.id, &by_cash())
        .await
        .unwrap();
    assert_eq!(row.state, "done");
    assert!(scene.matters().await.is_empty());
    let twice = refunds::done(store, by, refund.id, &by_cash()).await;
    assert_eq!(twice.unwrap().state, "done");
    assert!(refunds::again(store, by, refund.id).await.is_err());
    scene.balances().await;
}

#[tokio::test]
async fn an_account_that_cannot_be_asked_uses_up_no_attempts() {
    let scene = Scene::open(1).await;
    owed(&scene).await;
    let store = scene.database.store();
    let none = refunds::claim(store, 10, LEASE, &[scene.account.id]).await;
    assert!(none.unwrap().is_empty());
    let refund = claim_one(&scene).await;
    refunds::retry(store, &refund, Duration::ZERO, "no answer", false)
        .await
        .unwrap();
    let refund = claim_one(&scene).await;
    assert_eq!(refund.attempts, 0);
    let later = Duration::from_mins(10);
    refunds::retry(store, &refund, later, "no answer", true)
        .await
        .unwrap();
    assert!(claim(&scene).await.is_empty());
}

#[tokio::test]
async fn what_the_guest_took_as_a_credit_is_not_given_back() {
    let scene = Scene::open(1).await;
    owed(&scene).await;
    let store = scene.database.store();
    let refund = claim_one(&scene).await;
    credits::from_refund(store, &scene.lodge.by, refund.id)
        .await
        .unwrap();
    assert!(!refunds::requested(store, &refund).await.unwrap());
    assert_eq!(scene.refunds().await, [(15_000_000, "credited".to_owned())]);
    assert!(scene.matters().await.is_empty());
    scene.balances().await;
}

#[tokio::test]
async fn another_tenants_refund_is_nobodys() {
    let scene = Scene::open(1).await;
    owed(&scene).await;
    let refund = claim_one(&scene).await;
    let other = scene.database.lodge(1).await;
    let store = scene.database.store();
    let found = |answer: &Result<refunds::RefundRow, BookingError>| {
        !matches!(answer, Err(BookingError::NotFound(_)))
    };
    assert!(!found(&refunds::again(store, &other.by, refund.id).await));
    assert!(!found(
        &refunds::done(store, &other.by, refund.id, &by_cash()).await
    ));
    let nobody = RefundId::fresh();
    assert!(!found(
        &refunds::done(store, &scene.lodge.by, nobody, &by_cash()).await
    ));
}

#[tokio::test]
async fn a_refund_of_the_owners_that_failed_is_not_taken_for_ours_that_is_on_its_way() {
    let scene = Scene::open(1).await;
    let (_, mut remote) = owed(&scene).await;
    let (store, all) = (scene.database.store(), 15_000_000);
    remote.will_give_back(70, all);
    let failed = remote.finishes(GivenState::Failed).unwrap();
    scene.read(&failed).await;

    let refund = claim_one(&scene).await;
    assert!(refunds::requested(store, &refund).await.unwrap());
    scene.read(&remote.will_give_back(71, all)).await;
    assert_eq!(scene.refunds().await, [(all, "requested".to_owned())]);

    scene
        .read(&remote.finishes(GivenState::Done).unwrap())
        .await;
    assert_eq!(scene.refunds().await, [(all, "done".to_owned())]);
    assert!(scene.matters().await.is_empty());
    scene.balances().await;
}
