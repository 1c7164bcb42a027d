//! What a second look at bookings found: each of these went wrong once.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::time::{Duration, Instant};

use posta_domain::{
    cancellation::Rule,
    conditions::Checks,
    money::Currency,
    refusal::Refusal,
    reservation::{Awaiting, Reservation, Status},
};
use posta_store::{
    booking::{
        Asked, BookingError, HoldRequest, QuoteRequest, Source,
        cancel::{self, CancelBy},
        change::{self, ChangeRequest, Changer, To},
        confirm, expire_due, hold,
        money::Method,
        payments::NewPayment,
        presence, quotes,
        receipts::{self, Decision},
    },
    testing::{Database, Lodge, assert_books_balance, database},
};

use crate::after_money::{cash, pay, try_pay};

async fn until_waiting(database: &Database, transactions: i64) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let waiting: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_one(database.pool())
        .await
        .unwrap();
        if waiting >= transactions {
            return;
        }
        assert!(Instant::now() < deadline, "{waiting} wait");
        tokio::task::yield_now().await;
    }
}

async fn open_matters(database: &Database, kind: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM attention WHERE kind = $1 AND state <> 'done'")
        .bind(kind)
        .fetch_one(database.pool())
        .await
        .unwrap()
}

fn to_quote(quote: posta_store::ids::QuoteId) -> ChangeRequest {
    ChangeRequest {
        to: To::Quote(quote),
        by: Changer::Guest,
        adjustments: Vec::new(),
        expected_version: None,
    }
}

#[tokio::test]
async fn two_that_each_end_the_same_two_holds_do_not_wait_for_one_another() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(3).await);
    let (a, b, c) = (0, 1, 2);
    // Whoever pays late wants cabins A and B again; in each there is another hold by now, and both of them have C.
    let late = lodge.try_hold(vec![lodge.in_cabin(a, 10, 12), lodge.in_cabin(b, 10, 12)]);
    let late = late.await.unwrap();
    lodge.age(late.id).await;
    expire_due(store, 10).await.unwrap();
    let first = lodge.try_hold(vec![lodge.in_cabin(b, 10, 12), lodge.in_cabin(c, 10, 12)]);
    let first = first.await.unwrap();
    let second = lodge.try_hold(vec![lodge.in_cabin(a, 10, 12), lodge.in_cabin(c, 12, 14)]);
    let second = second.await.unwrap();
    assert!(first.id < second.id);
    lodge.age(first.id).await;
    lodge.age(second.id).await;
    let mut gate = store.begin().await.unwrap();
    sqlx::query("SELECT FROM reservations WHERE id = $1 FOR UPDATE")
        .bind(first.id.uuid())
        .execute(&mut *gate)
        .await
        .unwrap();
    let other = lodge.try_hold(vec![lodge.in_cabin(c, 10, 14)]);
    let money = cash(Lodge::pesos(400_000), "");
    let paying = async {
        until_waiting(&database, 1).await;
        try_pay(&database, &lodge, late.id, &money).await
    };
    let opening = async {
        until_waiting(&database, 2).await;
        gate.commit().await.unwrap();
    };
    let (other, paid, ()) = tokio::join!(other, paying, opening);
    assert_eq!(paid.unwrap().state, Reservation::Confirmed);
    assert!(matches!(other.unwrap().state, Reservation::Held(_)));
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_guest_leaves_for_good_before_her_second_cabin_begins() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(2).await);
    let held = lodge.try_hold(vec![lodge.in_cabin(0, 0, 2), lodge.in_cabin(1, 3, 5)]);
    let held = held.await.unwrap();
    pay(&database, &lodge, held.id, Lodge::pesos(400_000)).await;
    presence::check_in(store, &lodge.by, held.id, None)
        .await
        .unwrap();
    let gone = presence::check_out(store, &lodge.by, held.id, None)
        .await
        .unwrap();
    assert_eq!(gone.state, Reservation::Completed);
    assert_books_balance(database.pool()).await;
    lodge.try_hold(vec![lodge.in_cabin(1, 3, 5)]).await.unwrap();
}

#[tokio::test]
async fn a_deposit_paid_in_two_transfers_has_two_receipts() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 12).await;
    for (amount, state) in [
        (Some(Lodge::pesos(60_000)), Status::Held),
        // What was asked for, and has not come yet.
        (None, Status::Confirmed),
    ] {
        receipts::submit(store, &lodge.by, held.id, None)
            .await
            .unwrap();
        let decision = Decision {
            accept: true,
            amount,
        };
        let after = receipts::decide(store, &lodge.by, held.id, &decision)
            .await
            .unwrap();
        assert_eq!(after.state.status(), state);
    }
    let after = lodge.booking(held.id).await;
    assert_eq!(after.paid, Lodge::pesos(100_000));
    assert_eq!(after.refund_due, Lodge::pesos(0));
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_transfer_that_was_entered_by_hand_leaves_no_receipt_to_be_accepted_again() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 12).await;
    receipts::submit(store, &lodge.by, held.id, None)
        .await
        .unwrap();
    // The change asks anew; the receipt is of what was asked for before.
    let quote = lodge.quote(vec![lodge.any(20, 22)]).await.unwrap();
    change::change(store, &lodge.by, held.id, &to_quote(quote.id))
        .await
        .unwrap();
    let transfer = NewPayment {
        method: Method::Transfer,
        ..cash(Lodge::pesos(100_000), "banco 1")
    };
    let sold = try_pay(&database, &lodge, held.id, &transfer)
        .await
        .unwrap();
    assert_eq!(sold.state, Reservation::Confirmed);
    assert_eq!(open_matters(&database, "receipt").await, 0);
    let yes = Decision {
        accept: true,
        amount: None,
    };
    let again = receipts::decide(store, &lodge.by, held.id, &yes).await;
    assert_eq!(again.unwrap().received, Lodge::pesos(100_000));
}

#[tokio::test]
async fn nobody_is_asked_about_the_rest_of_a_deposit_that_nobody_waits_for() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(3).await);
    let mut short = Vec::new();
    for _ in 0..3 {
        let held = lodge.held(10, 12).await;
        pay(&database, &lodge, held.id, Lodge::pesos(60_000)).await;
        short.push(held.id);
    }
    assert_eq!(open_matters(&database, "payment_short").await, 3);
    lodge.age(short[0]).await;
    expire_due(store, 10).await.unwrap();
    assert_eq!(open_matters(&database, "payment_short").await, 2);
    cancel::cancel(store, &lodge.by, short[1], CancelBy::Guest, "", None)
        .await
        .unwrap();
    assert_eq!(open_matters(&database, "payment_short").await, 1);
    confirm(store, &lodge.by, short[2], None, true)
        .await
        .unwrap();
    assert_eq!(open_matters(&database, "payment_short").await, 0);
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_hold_that_cannot_be_read_keeps_no_other_from_being_swept() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(2).await);
    let broken = lodge.held(10, 12).await;
    let other = lodge.held(20, 22).await;
    lodge.age(broken.id).await;
    lodge.age(other.id).await;
    sqlx::query("UPDATE stays SET children = '7' WHERE reservation_id = $1")
        .bind(broken.id.uuid())
        .execute(database.pool())
        .await
        .unwrap();
    assert_eq!(expire_due(store, 1).await.unwrap(), 1);
    assert_eq!(lodge.booking(other.id).await.state, Reservation::Expired);
    let status: String = sqlx::query_scalar("SELECT status FROM reservations WHERE id = $1")
        .bind(other.id.uuid())
        .fetch_one(database.pool())
        .await
        .unwrap();
    assert_eq!(status, "expired");
}

/// Two nights from yesterday on, as the owner sells them.
async fn from_yesterday(database: &Database, lodge: &Lodge) -> HoldRequest {
    let yesterday = lodge.today.pred_opt().unwrap();
    let request = QuoteRequest {
        property: lodge.property,
        stays: vec![Asked {
            period: posta_domain::nights::Period::new(yesterday, lodge.day(1)).unwrap(),
            ..lodge.any(0, 1)
        }],
        charge_currency: None,
        adjustments: Vec::new(),
        guest: None,
        checks: Checks::Owner,
    };
    let quote = quotes::make(database.store(), &lodge.by, &request).await;
    Lodge::request(&quote.unwrap())
}

#[tokio::test]
async fn who_stands_at_the_door_after_midnight_arrived_yesterday() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(2).await);
    let nothing = |_: &_| serde_json::Value::Null;
    for confirm_now in [true, false] {
        let request = HoldRequest {
            source: Source::WalkIn,
            confirm_now,
            ..from_yesterday(&database, &lodge).await
        };
        let made = hold(store, &lodge.by, &request, nothing).await.unwrap();
        let booking = lodge.booking(made.reservation.unwrap()).await;
        assert_eq!(booking.state == Reservation::Confirmed, confirm_now);
        assert_ne!(booking.state, Reservation::Expired);
    }
    // The same quote in a guest's hands is one for a night that is over.
    let by_herself = from_yesterday(&database, &lodge).await;
    let refused = hold(store, &lodge.by, &by_herself, nothing).await;
    assert!(matches!(
        refused,
        Err(BookingError::Refused(Refusal::Past { .. }))
    ));
    let sold = lodge.held(10, 12).await;
    let moved = change::change(store, &lodge.by, sold.id, &to_quote(by_herself.quote)).await;
    assert!(matches!(
        moved,
        Err(BookingError::Refused(Refusal::Past { .. }))
    ));
}

#[tokio::test]
async fn a_cabin_that_is_taken_off_the_market_while_a_change_waits_is_not_given() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(2).await);
    let held = lodge.try_hold(vec![lodge.in_cabin(0, 10, 12)]);
    let held = held.await.unwrap();
    let quote = lodge.quote(vec![lodge.in_cabin(1, 10, 12)]).await.unwrap();
    let mut gate = store.begin().await.unwrap();
    sqlx::query("UPDATE accommodations SET active = false WHERE id = $1")
        .bind(lodge.cabins[1].uuid())
        .execute(&mut *gate)
        .await
        .unwrap();
    let request = to_quote(quote.id);
    let changing = change::change(store, &lodge.by, held.id, &request);
    let opening = async {
        until_waiting(&database, 1).await;
        gate.commit().await.unwrap();
    };
    let (changed, ()) = tokio::join!(changing, opening);
    assert!(
        matches!(&changed, Err(BookingError::Refused(Refusal::Inactive))),
        "{changed:?}"
    );
    assert_eq!(lodge.booking(held.id).await.stays[0].cabin, lodge.cabins[0]);
}

#[tokio::test]
async fn two_cabins_of_a_booking_change_places() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(2).await);
    let held = lodge.try_hold(vec![lodge.in_cabin(0, 10, 12), lodge.in_cabin(1, 10, 13)]);
    let held = held.await.unwrap();
    let swapped = vec![lodge.in_cabin(1, 10, 12), lodge.in_cabin(0, 10, 13)];
    let quote = lodge.quote(swapped).await.unwrap();
    let after = change::change(store, &lodge.by, held.id, &to_quote(quote.id))
        .await
        .unwrap();
    let cabins: Vec<_> = after.stays.iter().map(|stay| stay.cabin).collect();
    assert_eq!(cabins, [lodge.cabins[1], lodge.cabins[0]]);
    assert!(matches!(
        after.state,
        Reservation::Held(until) if until.awaiting == Awaiting::Payment
    ));
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn without_a_rate_the_currency_of_the_prices_is_what_is_possible() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    sqlx::query("UPDATE properties SET charge_currency = 'USD' WHERE id = $1")
        .bind(lodge.property.uuid())
        .execute(database.pool())
        .await
        .unwrap();
    let refused = lodge.quote(vec![lodge.any(10, 12)]).await;
    let Err(BookingError::Refused(Refusal::WrongCurrency { asked, possible })) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((asked, possible), (Currency::USD, vec![Currency::ARS]));
}

#[tokio::test]
async fn a_guest_who_cancels_gets_back_what_the_policy_said_when_she_booked() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(30, 32).await;
    pay(&database, &lodge, held.id, Lodge::pesos(200_000)).await;
    for sql in [
        // The owner has become strict; the days of the right of withdrawal are over.
        r#"UPDATE properties SET cancellation = '{"tiers": [], "withdrawal": null}'"#,
        "UPDATE reservations SET confirmed_at = now() - interval '20 days'",
    ] {
        sqlx::query(sql).execute(database.pool()).await.unwrap();
    }
    let (after, outcome) = cancel::cancel(store, &lodge.by, held.id, CancelBy::Guest, "", None)
        .await
        .unwrap();
    assert_eq!(outcome.rule, Rule::Tier { days_before: 15 });
    assert_eq!(after.refund_due, Lodge::pesos(200_000));
    // Later bookings follow the new policy.
    let later = lodge.held(30, 32).await;
    pay(&database, &lodge, later.id, Lodge::pesos(200_000)).await;
    let mut conn = store.acquire().await.unwrap();
    let preview = cancel::preview(&mut conn, lodge.tenant, later.id, CancelBy::Guest).await;
    assert_eq!(preview.unwrap().rule, Rule::TooLate);
}
