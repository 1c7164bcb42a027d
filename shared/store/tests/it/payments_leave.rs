//! Money that leaves a payment: refunds of ours and of others, and disputes.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use posta_domain::{
    money::Money,
    payment::{Given, GivenState},
    reservation::Reservation,
};
use posta_store::{
    booking::{
        Booking,
        cancel::{CancelBy, cancel},
        refunds,
    },
    payments::{DisputeSaid, chargeback},
    testing::Lodge,
};

use crate::{
    mercadopago::Remote,
    payments_scene::{Scene, kinds},
};

fn pesos(pesos: i64) -> Money {
    Lodge::pesos(pesos)
}

/// The owner calls a paid booking off: all of it is owed back.
async fn called_off(scene: &Scene) -> (Booking, Remote) {
    let (booking, remote) = scene.confirmed(1).await;
    let (store, by) = (scene.database.store(), &scene.lodge.by);
    cancel(store, by, booking.id, CancelBy::Owner, "", None)
        .await
        .unwrap();
    let after = scene.booking(booking.id).await;
    assert_eq!(after.refund_due, pesos(150_000));
    (after, remote)
}

#[tokio::test]
async fn a_refund_of_ours_is_settled_by_the_reading_that_shows_it() {
    let scene = Scene::open(1).await;
    let (booking, mut remote) = called_off(&scene).await;
    let given = remote.gives_back(7, i64::MAX);
    scene.read(&given).await;
    let after = scene.booking(booking.id).await;
    assert_eq!((after.refund_due, after.paid), (pesos(0), pesos(0)));
    assert_eq!(scene.refunds().await, [(15_000_000, "done".to_owned())]);
    assert_eq!(kinds(&scene.lines().await), ["payment", "refund"]);
    assert_eq!(scene.heard().await.last().unwrap(), "refunded");
    assert!(
        scene.matters().await.is_empty(),
        "nobody has to do anything"
    );
    scene.read(&given).await;
    assert_eq!(scene.lines().await.len(), 2);
    scene.balances().await;
}

#[tokio::test]
async fn a_refund_in_parts_settles_ours_bit_by_bit() {
    let scene = Scene::open(1).await;
    let (_, mut remote) = called_off(&scene).await;
    scene.read(&remote.gives_back(7, 5_000_000)).await;
    let mut open = scene.refunds().await;
    open.sort();
    assert_eq!(
        open,
        [
            (5_000_000, "done".to_owned()),
            (10_000_000, "due".to_owned())
        ]
    );
    scene.balances().await;
    scene.read(&remote.gives_back(8, 10_000_000)).await;
    assert!(
        scene
            .refunds()
            .await
            .iter()
            .all(|(_, state)| state == "done")
    );
    assert!(scene.matters().await.is_empty());
    scene.balances().await;
}

#[tokio::test]
async fn what_the_owner_gives_back_in_the_panel_leaves_the_booking_and_tells_her() {
    let scene = Scene::open(1).await;
    let (booking, mut remote) = scene.confirmed(1).await;
    scene.read(&remote.gives_back(7, 4_000_000)).await;
    let after = scene.booking(booking.id).await;
    assert_eq!(after.state, Reservation::Confirmed, "she decides");
    assert_eq!(after.paid, pesos(110_000));
    assert_eq!(scene.matters().await, ["payment_refunded"]);
    scene.balances().await;
    scene.read(&remote.gives_back(8, i64::MAX)).await;
    let after = scene.booking(booking.id).await;
    assert_eq!(
        (after.state, after.paid),
        (Reservation::Confirmed, pesos(0))
    );
    scene.balances().await;
}

#[tokio::test]
async fn what_goes_back_after_it_was_retained_is_released_and_the_rest_is_a_loss() {
    let scene = Scene::open(1).await;
    scene
        .set(r#"cancellation = '{"tiers": [], "withdrawal": null}'"#)
        .await;
    let booking = scene.held(10, 13).await;
    let (mut remote, _) = scene.paid(1, &booking, 150_000).await;
    let by = &scene.lodge.by;
    let store = scene.database.store();
    let called_off = cancel(store, by, booking.id, CancelBy::Guest, "", None).await;
    let retained = called_off.unwrap().0.retained;
    scene.read(&remote.gives_back(7, i64::MAX)).await;
    let after = scene.booking(booking.id).await;
    assert_eq!(after.paid, pesos(0));
    assert_eq!((retained, after.retained), (pesos(150_000), pesos(0)));
    scene.balances().await;
}

#[tokio::test]
async fn a_refund_the_provider_refuses_is_the_owners() {
    let scene = Scene::open(1).await;
    let (booking, mut remote) = called_off(&scene).await;
    let lease = std::time::Duration::from_secs(30);
    let store = scene.database.store();
    let claimed = refunds::claim(store, 5, lease, &[]).await.unwrap();
    let claimed = claimed.first().unwrap();
    assert!(refunds::requested(store, claimed).await.unwrap());
    let failed = remote.becomes("approved", "accredited");
    let failed = Remote::with(remote.clone(), |said| {
        said.given = vec![Given {
            id: "7".into(),
            amount: failed.amount.minor,
            state: GivenState::Failed,
        }];
    });
    scene.read(failed.read()).await;
    assert_eq!(scene.refunds().await, [(15_000_000, "by_hand".to_owned())]);
    assert_eq!(scene.matters().await, ["refund_due"]);
    assert_eq!(scene.booking(booking.id).await.refund_due, pesos(150_000));
    scene.balances().await;
}

#[tokio::test]
async fn a_claim_is_told_and_takes_nothing() {
    let scene = Scene::open(1).await;
    let (booking, mut remote) = scene.confirmed(1).await;
    scene.read(&remote.becomes("in_mediation", "pending")).await;
    assert_eq!(scene.matters().await, ["payment_disputed"]);
    assert_eq!(scene.booking(booking.id).await.paid, pesos(150_000));
    scene.read(&remote.becomes("approved", "accredited")).await;
    assert!(scene.matters().await.is_empty(), "it came to nothing");
    assert_eq!(kinds(&scene.lines().await), ["payment"]);
    scene.balances().await;
}

#[tokio::test]
async fn a_chargeback_takes_the_money_and_leaves_the_booking_to_the_owner() {
    let scene = Scene::open(1).await;
    let (booking, mut remote) = scene.confirmed(1).await;
    let held = scene
        .read(&remote.becomes("charged_back", "in_process"))
        .await;
    let after = scene.booking(booking.id).await;
    assert_eq!(
        (after.state, after.paid),
        (Reservation::Confirmed, pesos(0))
    );
    assert_eq!(scene.matters().await, ["payment_disputed"]);
    scene.balances().await;

    // Until when she can answer, the dispute's own notice says.
    let reading = scene
        .account
        .reading(scene.database.pool(), &scene.lodge)
        .await;
    let said = DisputeSaid {
        id: "217000000000000001".into(),
        payments: vec!["1".into()],
        amount: None,
        deadline: Some(reading.read_from),
    };
    chargeback(scene.database.store(), &reading, &said)
        .await
        .unwrap();
    let told: bool = sqlx::query_scalar(
        "SELECT deadline IS NOT NULL FROM attention WHERE subject = 'payment:' || $1::text",
    )
    .bind(held.payment.uuid())
    .fetch_one(scene.database.pool())
    .await
    .unwrap();
    assert!(told);

    scene.read(&remote.becomes("charged_back", "settled")).await;
    sqlx::query("UPDATE attention SET state = 'done', done_at = now()")
        .execute(scene.database.pool())
        .await
        .unwrap();
    chargeback(scene.database.store(), &reading, &said)
        .await
        .unwrap();
    assert!(scene.matters().await.is_empty(), "it is decided");
    assert_eq!(kinds(&scene.lines().await), ["payment", "chargeback"]);
    scene.balances().await;
}

#[tokio::test]
async fn a_chargeback_that_is_won_is_applied_again_where_the_booking_lives() {
    let scene = Scene::open(1).await;
    let (booking, mut remote) = scene.confirmed(1).await;
    scene
        .read(&remote.becomes("charged_back", "in_process"))
        .await;
    scene
        .read(&remote.becomes("charged_back", "reimbursed"))
        .await;
    assert_eq!(scene.booking(booking.id).await.paid, pesos(150_000));
    scene.read(&remote.becomes("approved", "accredited")).await;
    assert_eq!(
        kinds(&scene.lines().await),
        ["payment", "chargeback", "chargeback_reversed"]
    );
    scene.balances().await;
}

#[tokio::test]
async fn a_chargeback_that_is_won_after_the_booking_was_called_off_is_retained() {
    let scene = Scene::open(1).await;
    let (booking, mut remote) = scene.confirmed(1).await;
    scene
        .read(&remote.becomes("charged_back", "in_process"))
        .await;
    let (store, by) = (scene.database.store(), &scene.lodge.by);
    cancel(store, by, booking.id, CancelBy::Owner, "", None)
        .await
        .unwrap();
    scene
        .read(&remote.becomes("charged_back", "reimbursed"))
        .await;
    let after = scene.booking(booking.id).await;
    assert_eq!((after.paid, after.retained), (pesos(0), pesos(150_000)));
    scene.balances().await;
}

#[tokio::test]
async fn what_a_dispute_takes_is_not_given_back_a_second_time_unless_it_is_won() {
    let scene = Scene::open(1).await;
    let (booking, mut remote) = called_off(&scene).await;
    scene
        .read(&remote.becomes("charged_back", "in_process"))
        .await;
    let after = scene.booking(booking.id).await;
    assert_eq!((after.refund_due, after.paid), (pesos(0), pesos(0)));
    assert_eq!(
        scene.refunds().await,
        [(15_000_000, "charged_back".to_owned())]
    );
    assert_eq!(scene.matters().await, ["payment_disputed"]);
    scene.balances().await;
    let lease = std::time::Duration::from_secs(30);
    let claimed = refunds::claim(scene.database.store(), 5, lease, &[]).await;
    assert!(claimed.unwrap().is_empty());

    scene
        .read(&remote.becomes("charged_back", "reimbursed"))
        .await;
    assert_eq!(scene.refunds().await, [(15_000_000, "due".to_owned())]);
    assert_eq!(scene.booking(booking.id).await.retained, pesos(0));
    scene.balances().await;
}
