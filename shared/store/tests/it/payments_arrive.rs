//! Money that is read for the first time: what it confirms, what it brings back to life, what goes back.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use posta_domain::{
    money::{Currency, Money},
    reservation::{Awaiting, Hold, Reservation},
};
use posta_store::{
    booking::cancel::{CancelBy, cancel},
    booking::{
        Booking, Method,
        change::{ChangeRequest, Changer, To, change},
        confirm,
        money::Purpose,
        receipts,
    },
    payments::Became,
    testing::Lodge,
};

use crate::{
    mercadopago::Remote,
    payments_scene::{Scene, kinds},
};

const DEPOSIT: i64 = 150_000;

fn pesos(pesos: i64) -> Money {
    Lodge::pesos(pesos)
}

fn hold_of(booking: &Booking) -> Hold {
    match booking.state {
        Reservation::Held(hold) => hold,
        other => panic!("{other:?} is no hold"),
    }
}

#[tokio::test]
async fn approved_money_confirms_a_living_hold_and_the_ledger_says_what_it_cost() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let (remote, applied) = scene.paid(1, &booking, DEPOSIT).await;

    let after = scene.booking(booking.id).await;
    assert_eq!(after.state, Reservation::Confirmed);
    assert_eq!(after.paid, pesos(DEPOSIT));
    assert_eq!(applied.reservation, Some(booking.id));
    assert_eq!(after.requests.first().unwrap().state, "paid");
    assert_eq!(scene.heard().await, ["confirmed"]);
    assert!(scene.matters().await.is_empty());
    let row: (i64, i64, i64, i64) =
        sqlx::query_as("SELECT gross, fee, withholdings, net FROM ledger_entries")
            .fetch_one(scene.database.pool())
            .await
            .unwrap();
    let said = remote.read();
    let net = said.net.unwrap();
    assert_eq!(
        row,
        (
            said.amount.minor,
            said.fee,
            said.amount.minor - said.fee - net,
            net
        )
    );
    let row = scene.payment_row(applied.payment).await;
    assert_eq!(
        (row.verdict.as_str(), row.standing.as_str()),
        ("entered", "paid")
    );
    scene.balances().await;
}

#[tokio::test]
async fn a_reading_that_was_overtaken_or_is_the_same_changes_nothing() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene.payment(1, &booking, DEPOSIT);
    let pending = remote.read().clone();
    let approved = remote.becomes("approved", "accredited");
    let reading = scene
        .account
        .reading(scene.database.pool(), &scene.lodge)
        .await;
    let store = scene.database.store();
    let first = posta_store::payments::apply(store, &reading, &approved).await;
    assert_eq!(first.unwrap().became, Became::Entered);
    for again in [&approved, &pending] {
        let applied = posta_store::payments::apply(store, &reading, again).await;
        assert_eq!(applied.unwrap().became, Became::Overtaken);
    }
    assert_eq!(scene.read(&pending).await.became, Became::Overtaken);
    assert_eq!(scene.read(&approved).await.became, Became::Entered);
    assert_eq!(scene.lines().await.len(), 1);
    assert_eq!(scene.heard().await, ["confirmed"]);
    scene.balances().await;
}

#[tokio::test]
async fn approved_money_for_the_balance_is_applied() {
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;
    let (_, applied) = scene.paid(2, &booking, 150_000).await;
    assert_eq!(applied.became, Became::Entered);
    let after = scene.booking(booking.id).await;
    assert_eq!(after.open(), pesos(0));
    assert_eq!(scene.heard().await, ["confirmed", "paid"]);
    // It quotes what was paid before: it counts, and the owner knows why.
    assert_eq!(scene.matters().await, ["payment_unexpected"]);
    scene.balances().await;
}

#[tokio::test]
async fn money_for_a_hold_that_is_over_takes_its_nights_again_where_they_are_free() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    scene.lodge.age(booking.id).await;
    scene.paid(1, &booking, DEPOSIT).await;
    assert_eq!(
        scene.booking(booking.id).await.state,
        Reservation::Confirmed
    );
    assert_eq!(scene.heard().await, ["hold_expired", "confirmed"]);
    scene.balances().await;
}

#[tokio::test]
async fn money_for_nights_that_are_gone_goes_back_by_itself_and_the_guest_is_told() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    scene.lodge.age(booking.id).await;
    scene.held(10, 13).await;
    scene.paid(1, &booking, DEPOSIT).await;
    let after = scene.booking(booking.id).await;
    assert_eq!(after.state, Reservation::Expired);
    assert_eq!((after.paid, after.refund_due), (pesos(0), pesos(DEPOSIT)));
    assert_eq!(scene.refunds().await, [(15_000_000, "due".to_owned())]);
    assert_eq!(scene.heard().await, ["hold_expired", "paid_too_late"]);
    assert_eq!(scene.matters().await, ["refund_automatic"]);
    scene.balances().await;
}

#[tokio::test]
async fn money_for_a_booking_that_was_called_off_goes_back() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let (store, by) = (scene.database.store(), &scene.lodge.by);
    cancel(store, by, booking.id, CancelBy::Guest, "", None)
        .await
        .unwrap();
    scene.paid(1, &booking, DEPOSIT).await;
    let after = scene.booking(booking.id).await;
    assert_eq!(after.state, Reservation::Cancelled);
    assert_eq!(after.refund_due, pesos(DEPOSIT));
    assert_eq!(scene.heard().await, ["paid_too_late"]);
    scene.balances().await;
}

#[tokio::test]
async fn too_little_is_kept_for_the_hold_and_confirms_nothing() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene.payment(1, &booking, 1).with(|said| {
        said.amount = Money::new(1, Currency::ARS);
        said.fee = 0;
        said.net = Some(1);
    });
    scene.read(&remote.becomes("approved", "accredited")).await;
    let after = scene.booking(booking.id).await;
    assert!(matches!(after.state, Reservation::Held(_)));
    assert_eq!(after.paid.minor, 1);
    assert_eq!(scene.heard().await, ["paid"]);
    assert_eq!(scene.matters().await, ["payment_short"]);
    scene.balances().await;
}

#[tokio::test]
async fn too_much_goes_back_out_of_that_payment_or_is_kept_as_the_property_wants() {
    for (policy, heard, state) in [
        ("refund", vec!["confirmed", "paid_too_much"], Some("due")),
        ("credit", vec!["confirmed", "credited"], None),
    ] {
        let scene = Scene::open(1).await;
        scene.set(&format!("overpaid = '{policy}'")).await;
        let booking = scene.held(10, 13).await;
        scene.paid(1, &booking, 310_000).await;
        let after = scene.booking(booking.id).await;
        assert_eq!(after.state, Reservation::Confirmed);
        assert_eq!(after.paid, pesos(300_000));
        let mut told = scene.heard().await;
        told.sort();
        assert_eq!(told, heard);
        let due = scene.refunds().await;
        assert_eq!(due.first().map(|(_, state)| state.as_str()), state);
        scene.balances().await;
    }
}

#[tokio::test]
async fn a_second_payment_of_the_same_link_counts_and_what_is_too_much_goes_back() {
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;
    scene.paid(2, &booking, DEPOSIT).await;
    scene.paid(3, &booking, DEPOSIT).await;
    let after = scene.booking(booking.id).await;
    assert_eq!(after.paid, pesos(300_000));
    assert_eq!(after.refund_due, pesos(DEPOSIT));
    let of: String = sqlx::query_scalar(
        "SELECT p.provider_id FROM refunds f JOIN payments p ON p.id = f.payment_id",
    )
    .fetch_one(scene.database.pool())
    .await
    .unwrap();
    assert_eq!(of, "3");
    scene.balances().await;
}

#[tokio::test]
async fn money_for_a_price_that_was_superseded_counts_and_the_owner_knows() {
    let scene = Scene::open(2).await;
    let booking = scene.held(10, 13).await;
    let old = scene.payment(1, &booking, DEPOSIT);
    let request = ChangeRequest {
        to: To::Stays(vec![scene.lodge.any(10, 15)]),
        by: Changer::Owner,
        adjustments: Vec::new(),
        expected_version: None,
    };
    change(
        scene.database.store(),
        &scene.lodge.by,
        booking.id,
        &request,
    )
    .await
    .unwrap();
    let mut old = old;
    scene.read(&old.becomes("approved", "accredited")).await;
    let after = scene.booking(booking.id).await;
    assert!(
        matches!(after.state, Reservation::Held(_)),
        "250.000 are due"
    );
    assert_eq!(after.paid, pesos(DEPOSIT));
    let matters = scene.matters().await;
    assert!(
        matters.contains(&"payment_unexpected".to_owned()),
        "{matters:?}"
    );
    scene.balances().await;
}

#[tokio::test]
async fn the_wrong_currency_goes_back_whole() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene
        .payment(1, &booking, DEPOSIT)
        .with(|said| said.amount = Money::new(15_000_000, Currency::USD));
    scene.read(&remote.becomes("approved", "accredited")).await;
    let after = scene.booking(booking.id).await;
    assert!(matches!(after.state, Reservation::Held(_)));
    assert_eq!(after.paid, pesos(0));
    assert_eq!(scene.refunds().await, [(15_000_000, "due".to_owned())]);
    scene.balances().await;
}

#[tokio::test]
async fn money_that_had_gone_when_it_was_read_first_confirms_nothing() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene.payment(1, &booking, DEPOSIT);
    remote.becomes("approved", "accredited");
    scene.read(&remote.gives_back(7, i64::MAX)).await;
    let after = scene.booking(booking.id).await;
    assert!(matches!(after.state, Reservation::Held(_)));
    assert_eq!(after.paid, pesos(0));
    assert_eq!(after.requests.first().unwrap().state, "open");
    assert_eq!(kinds(&scene.lines().await), ["payment", "refund"]);
    assert_eq!(scene.refunds().await, [(15_000_000, "done".to_owned())]);
    assert_eq!(scene.matters().await, ["payment_refunded"]);
    scene.balances().await;
}

#[tokio::test]
async fn what_is_left_of_it_when_it_is_read_first_settles() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene.payment(1, &booking, 160_000);
    remote.becomes("approved", "accredited");
    scene.read(&remote.gives_back(7, 2_000_000)).await;
    let after = scene.booking(booking.id).await;
    assert!(
        matches!(after.state, Reservation::Held(_)),
        "140.000 of 150.000"
    );
    assert_eq!(after.paid, pesos(140_000));
    assert_eq!(after.requests.first().unwrap().state, "open");
    scene.balances().await;
}

#[tokio::test]
async fn a_pending_payment_gives_the_hold_more_time_once_and_the_guest_hears_of_it_once() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    sqlx::query("UPDATE properties SET hold_minutes = hold_minutes + 30")
        .execute(scene.database.pool())
        .await
        .unwrap();
    let before = hold_of(&booking);
    let mut first = scene.payment(1, &booking, DEPOSIT);
    assert_eq!(scene.read(first.read()).await.became, Became::Open);
    let longer = hold_of(&scene.booking(booking.id).await);
    assert!(longer.expires_at > before.expires_at);
    assert_eq!(longer.awaiting, Awaiting::Payment);
    scene.read(first.read()).await;
    scene
        .read(&first.becomes("pending", "pending_waiting_transfer"))
        .await;
    let second = scene.payment(2, &booking, DEPOSIT);
    scene.read(second.read()).await;
    assert_eq!(hold_of(&scene.booking(booking.id).await), longer);
    assert_eq!(scene.heard().await, ["payment_pending", "payment_pending"]);
    scene.balances().await;
}

#[tokio::test]
async fn a_review_keeps_the_nights_until_it_is_over() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene.payment(1, &booking, DEPOSIT);
    scene
        .read(&remote.becomes("in_process", "pending_review_manual"))
        .await;
    let looked_at = hold_of(&scene.booking(booking.id).await);
    assert_eq!(looked_at.awaiting, Awaiting::Verification);
    assert!(looked_at.expires_at > hold_of(&booking).expires_at);

    scene
        .read(&remote.becomes("rejected", "cc_rejected_high_risk"))
        .await;
    let again = hold_of(&scene.booking(booking.id).await);
    assert_eq!(again.awaiting, Awaiting::Payment);
    assert!(again.expires_at < looked_at.expires_at);
    assert_eq!(scene.heard().await, ["payment_pending", "payment_rejected"]);

    // Another one is approved after all.
    scene.paid(2, &booking, DEPOSIT).await;
    assert_eq!(
        scene.booking(booking.id).await.state,
        Reservation::Confirmed
    );
    scene.balances().await;
}

#[tokio::test]
async fn a_rejected_payment_is_told_once_with_its_reason() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene.payment(1, &booking, DEPOSIT);
    let rejected = remote.becomes("rejected", "cc_rejected_insufficient_amount");
    let applied = scene.read(&rejected).await;
    assert_eq!(applied.became, Became::Nothing);
    scene.read(&rejected).await;
    assert_eq!(scene.heard().await, ["payment_rejected"]);
    let why: String = sqlx::query_scalar("SELECT payload #>> '{event,why}' FROM mailbox")
        .fetch_one(scene.database.pool())
        .await
        .unwrap();
    assert_eq!(why, "funds");
    assert!(scene.lines().await.is_empty());
    scene.balances().await;
}

#[tokio::test]
async fn a_payment_that_waited_and_was_never_paid_is_told_and_one_nobody_heard_of_is_not() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut heard = scene.payment(1, &booking, DEPOSIT);
    scene.read(heard.read()).await;
    scene.read(&heard.becomes("cancelled", "expired")).await;
    let mut unheard = scene.payment(2, &booking, DEPOSIT);
    scene.read(&unheard.becomes("cancelled", "expired")).await;
    assert_eq!(scene.heard().await, ["payment_pending", "payment_rejected"]);
    scene.balances().await;
}

#[tokio::test]
async fn an_extra_is_paid_beside_the_price() {
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;
    let mut tx = scene.database.store().begin().await.unwrap();
    let extra = posta_store::booking::money::NewRequest {
        reservation: booking.id,
        code: &booking.code,
        purpose: Purpose::Extra,
        method: Method::MercadoPago,
        amount: pesos(20_000),
        expires_at: None,
    };
    posta_store::booking::money::request(&mut tx, scene.lodge.tenant, &extra)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let asked = scene.booking(booking.id).await;
    assert_eq!(
        (asked.extras, asked.open()),
        (pesos(20_000), pesos(170_000))
    );
    scene.paid(2, &asked, 20_000).await;
    let after = scene.booking(booking.id).await;
    assert_eq!(
        (after.extras, after.open()),
        (pesos(20_000), pesos(150_000))
    );
    assert_eq!(after.requests.last().unwrap().state, "paid");
    assert!(scene.refunds().await.is_empty());
    scene.balances().await;
}

#[tokio::test]
async fn a_line_says_what_it_is_worth_in_the_currency_of_the_price() {
    let scene = Scene::open(1).await;
    scene.set("charge_currency = 'USD'").await;
    sqlx::query(
        "INSERT INTO exchange_rates (tenant_id, id, property_id, from_currency, to_currency, micros, source)
         VALUES ($1, gen_random_uuid(), $2, 'ARS', 'USD', 1000, 'the owner')",
    )
    .bind(scene.lodge.tenant.uuid())
    .bind(scene.lodge.property.uuid())
    .execute(scene.database.pool())
    .await
    .unwrap();
    let booking = scene.held(10, 13).await;
    assert_eq!(booking.deposit, Money::new(15_000, Currency::USD));
    let mut remote = scene.payment(1, &booking, 1).with(|said| {
        said.amount = Money::new(15_000, Currency::USD);
        said.fee = 0;
        said.net = None;
    });
    scene.read(&remote.becomes("approved", "accredited")).await;
    assert_eq!(
        scene.booking(booking.id).await.state,
        Reservation::Confirmed
    );
    let row: (i64, String, i64) =
        sqlx::query_as("SELECT rate_micros, price_currency, price_amount FROM ledger_entries")
            .fetch_one(scene.database.pool())
            .await
            .unwrap();
    assert_eq!(row, (1_000, "ARS".to_owned(), 15_000_000));
    scene.balances().await;
}

#[tokio::test]
async fn a_line_in_the_currency_of_the_price_names_no_rate() {
    let scene = Scene::open(1).await;
    let (booking, _) = scene.confirmed(1).await;
    crate::after_money::pay(&scene.database, &scene.lodge, booking.id, pesos(10_000)).await;
    let rates: i64 =
        sqlx::query_scalar("SELECT count(*) FROM ledger_entries WHERE rate_micros IS NOT NULL")
            .fetch_one(scene.database.pool())
            .await
            .unwrap();
    assert_eq!(rates, 0);
    scene.balances().await;
}

/// From a hold that waits for its deposit to one that waits for the owner's yes; answers the payment by the old link.
async fn on_request(scene: &Scene) -> (Booking, Remote) {
    let booking = scene.held(10, 13).await;
    let remote = scene.payment(1, &booking, DEPOSIT);
    sqlx::query("UPDATE unit_types SET rates = rates || '{\"booking_mode\": \"request\"}'")
        .execute(scene.database.pool())
        .await
        .unwrap();
    let request = ChangeRequest {
        to: To::Stays(vec![scene.lodge.any(11, 14)]),
        by: Changer::Guest,
        adjustments: Vec::new(),
        expected_version: None,
    };
    let store = scene.database.store();
    change(store, &scene.lodge.by, booking.id, &request)
        .await
        .unwrap();
    let booking = scene.booking(booking.id).await;
    assert_eq!(hold_of(&booking).awaiting, Awaiting::Owner);
    (booking, remote)
}

#[tokio::test]
async fn money_by_an_old_link_is_not_the_owners_yes() {
    let scene = Scene::open(1).await;
    let (booking, mut remote) = on_request(&scene).await;
    scene.read(&remote.becomes("approved", "accredited")).await;

    let after = scene.booking(booking.id).await;
    assert_eq!(hold_of(&after).awaiting, Awaiting::Owner);
    assert_eq!(after.paid, pesos(DEPOSIT));
    let open = after.requests.iter().any(|row| row.state == "open");
    assert!(!open, "she is not asked for it twice: {:?}", after.requests);
    assert_eq!(scene.heard().await, ["paid"]);
    assert_eq!(
        scene.matters().await,
        ["booking_requested", "payment_unexpected"]
    );

    let store = scene.database.store();
    confirm(store, &scene.lodge.by, booking.id, None, false)
        .await
        .unwrap();
    let after = scene.booking(booking.id).await;
    assert_eq!(after.state, Reservation::Confirmed);
    scene.balances().await;
}

#[tokio::test]
async fn money_by_an_old_link_brings_nothing_back_that_the_owner_did_not_agree_to() {
    let scene = Scene::open(1).await;
    let (booking, mut remote) = on_request(&scene).await;
    scene.lodge.age(booking.id).await;
    scene.read(&remote.becomes("approved", "accredited")).await;
    let after = scene.booking(booking.id).await;
    assert_eq!(after.state, Reservation::Expired);
    assert_eq!(scene.refunds().await, [(15_000_000, "due".to_owned())]);
    scene.balances().await;
}

#[tokio::test]
async fn a_picture_of_the_payment_waits_for_nobody_once_the_payment_was_read() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let store = scene.database.store();
    receipts::submit(store, &scene.lodge.by, booking.id, None)
        .await
        .unwrap();
    assert_eq!(scene.matters().await, ["receipt"]);
    scene.paid(1, &booking, DEPOSIT).await;
    let after = scene.booking(booking.id).await;
    assert_eq!(after.state, Reservation::Confirmed);
    assert!(scene.matters().await.is_empty());
    scene.balances().await;
}

#[tokio::test]
async fn what_nobody_knew_of_a_payment_is_no_matter_once_it_is_known() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene.payment(1, &booking, DEPOSIT);
    scene.read(&remote.becomes("dreaming", "of_money")).await;
    assert_eq!(scene.matters().await, ["payment_unknown"]);
    scene.read(&remote.becomes("approved", "accredited")).await;
    assert!(scene.matters().await.is_empty());
}
