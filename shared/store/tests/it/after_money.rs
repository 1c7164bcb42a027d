//! Money that arrives: what it confirms, what it brings back to life, what goes back.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use posta_domain::{
    money::{Currency, Money},
    refusal::Refusal,
    reservation::{Awaiting, Reservation},
};
use posta_store::{
    booking::{
        Booking, BookingError, Key, Who,
        cancel::{self, CancelBy},
        hold,
        money::Method,
        payments::{self, NewPayment},
        receipts::{self, Decision},
    },
    ids::ReservationId,
    testing::{Database, Lodge, assert_books_balance, database},
};

pub(crate) fn cash(amount: Money, reference: &str) -> NewPayment {
    NewPayment {
        method: Method::Cash,
        amount,
        reference: reference.to_owned(),
        note: String::new(),
        request: None,
    }
}

pub(crate) async fn try_pay(
    database: &Database,
    lodge: &Lodge,
    id: ReservationId,
    new: &NewPayment,
) -> Result<Booking, BookingError> {
    payments::record(database.store(), &lodge.by, id, new, None, |_| {
        serde_json::Value::Null
    })
    .await?;
    Ok(lodge.booking(id).await)
}

/// Cash, with a reference of its own.
pub(crate) async fn pay(
    database: &Database,
    lodge: &Lodge,
    id: ReservationId,
    amount: Money,
) -> Booking {
    try_pay(database, lodge, id, &cash(amount, ""))
        .await
        .unwrap()
}

async fn open_matters(database: &Database, kind: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM attention WHERE kind = $1 AND state <> 'done'")
        .bind(kind)
        .fetch_one(database.pool())
        .await
        .unwrap()
}

const YES: Decision = Decision {
    accept: true,
    amount: None,
};
const NO: Decision = Decision {
    accept: false,
    amount: None,
};

#[tokio::test]
async fn the_deposit_confirms_and_what_is_too_much_goes_back() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    let held = lodge.held(10, 12).await;
    let short = pay(&database, &lodge, held.id, Lodge::pesos(60_000)).await;
    assert!(matches!(short.state, Reservation::Held(_)));
    assert_eq!(open_matters(&database, "payment_short").await, 1);
    let sold = pay(&database, &lodge, held.id, Lodge::pesos(40_000)).await;
    assert_eq!(sold.state, Reservation::Confirmed);
    assert!(sold.requests.iter().all(|row| row.state == "paid"));
    assert_eq!(open_matters(&database, "payment_short").await, 0);
    let over = pay(&database, &lodge, held.id, Lodge::pesos(150_000)).await;
    assert_eq!(over.paid, Lodge::pesos(200_000));
    assert_eq!(over.refund_due, Lodge::pesos(50_000));
    assert_eq!(open_matters(&database, "refund_due").await, 1);
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn one_reference_is_one_payment() {
    let database = database().await;
    let lodge = database.lodge(2).await;
    let held = lodge.held(10, 12).await;
    let other = lodge.held(10, 12).await;
    let new = cash(Lodge::pesos(100_000), "recibo 7");
    for _ in 0..2 {
        let sold = try_pay(&database, &lodge, held.id, &new).await.unwrap();
        assert_eq!(sold.paid, Lodge::pesos(100_000));
    }
    let elsewhere = try_pay(&database, &lodge, other.id, &new).await;
    assert!(matches!(elsewhere, Err(BookingError::KeyReused)));
    let more = cash(Lodge::pesos(100_001), "recibo 7");
    let different = try_pay(&database, &lodge, held.id, &more).await;
    assert!(matches!(different, Err(BookingError::KeyReused)));
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn one_key_is_one_payment_with_one_answer() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    let held = lodge.held(10, 12).await;
    let key = |sha| Key {
        principal: "user:1".to_owned(),
        route: "payments",
        key: "k1".to_owned(),
        request_sha256: [sha; 32],
    };
    let new = cash(Lodge::pesos(100_000), "");
    let send = async |sha| {
        payments::record(
            database.store(),
            &lodge.by,
            held.id,
            &new,
            Some(key(sha)),
            |booking| serde_json::json!({ "version": booking.version }),
        )
        .await
    };
    // Both at once: one is carried out, the other waits and is told the same.
    let (first, second) = tokio::join!(send(1), send(1));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.answer, second.answer);
    assert_ne!(first.replayed, second.replayed);
    assert!(matches!(send(2).await, Err(BookingError::KeyReused)));
    assert_eq!(lodge.booking(held.id).await.paid, Lodge::pesos(100_000));
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn late_money_brings_an_expired_hold_back_if_its_nights_are_free() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    for sweep in [false, true] {
        let held = lodge.held(10, 12).await;
        lodge.age(held.id).await;
        if sweep {
            posta_store::booking::expire_due(database.store(), 10)
                .await
                .unwrap();
        }
        let sold = pay(&database, &lodge, held.id, Lodge::pesos(100_000)).await;
        assert_eq!(sold.state, Reservation::Confirmed);
        assert_eq!(sold.paid, Lodge::pesos(100_000));
        assert_books_balance(database.pool()).await;
        cancel::cancel(
            database.store(),
            &lodge.by,
            held.id,
            CancelBy::Owner,
            "",
            None,
        )
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn late_money_for_nights_that_are_gone_goes_back() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    let held = lodge.held(10, 12).await;
    lodge.age(held.id).await;
    lodge.held(11, 13).await;
    let after = pay(&database, &lodge, held.id, Lodge::pesos(100_000)).await;
    assert_eq!(after.state, Reservation::Expired);
    assert_eq!(after.refund_due, Lodge::pesos(100_000));
    assert_eq!(open_matters(&database, "refund_due").await, 1);
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn late_money_finds_another_cabin_of_the_kind_when_its_own_is_taken() {
    let database = database().await;
    let lodge = database.lodge(2).await;
    let late = lodge.held(10, 12).await;
    lodge.age(late.id).await;
    let cabin = lodge
        .cabins
        .iter()
        .position(|it| *it == late.stays[0].cabin);
    let other = vec![lodge.in_cabin(cabin.unwrap(), 11, 13)];
    let rival = lodge.try_hold(other).await.unwrap();
    let back = pay(&database, &lodge, late.id, late.deposit).await;
    assert_eq!(back.state, Reservation::Confirmed);
    assert_ne!(back.stays[0].cabin, rival.stays[0].cabin);
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn late_money_for_a_certain_cabin_does_not_move_its_guest() {
    let database = database().await;
    let lodge = database.lodge(2).await;
    let late = lodge
        .try_hold(vec![lodge.in_cabin(0, 10, 12)])
        .await
        .unwrap();
    lodge.age(late.id).await;
    lodge
        .try_hold(vec![lodge.in_cabin(0, 11, 13)])
        .await
        .unwrap();
    let gone = pay(&database, &lodge, late.id, late.deposit).await;
    assert_eq!(gone.state, Reservation::Expired);
    assert_eq!(gone.refund_due, late.deposit);
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_cabin_that_is_no_longer_let_is_not_given_to_late_money() {
    let database = database().await;
    let lodge = database.lodge(2).await;
    let late = lodge.held(10, 12).await;
    lodge.age(late.id).await;
    let own = late.stays[0].cabin;
    let at = lodge.cabins.iter().position(|it| *it == own).unwrap();
    lodge
        .try_hold(vec![lodge.in_cabin(at, 11, 13)])
        .await
        .unwrap();
    sqlx::query("UPDATE accommodations SET active = false WHERE id <> $1")
        .bind(own.uuid())
        .execute(database.pool())
        .await
        .unwrap();
    let gone = pay(&database, &lodge, late.id, late.deposit).await;
    assert_eq!(gone.state, Reservation::Expired);
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn late_money_does_not_revive_a_quote_that_was_booked_again() {
    let database = database().await;
    let lodge = database.lodge(2).await;
    let quote = lodge.quote(vec![lodge.any(10, 12)]).await.unwrap();
    let request = Lodge::request(&quote);
    let again = async || {
        hold(database.store(), &lodge.by, &request, |_| {
            serde_json::Value::Null
        })
        .await
        .unwrap()
        .reservation
        .unwrap()
    };
    let first = again().await;
    lodge.age(first).await;
    let second = again().await;
    let after = pay(&database, &lodge, first, Lodge::pesos(100_000)).await;
    assert_eq!(after.state, Reservation::Expired);
    let sold = pay(&database, &lodge, second, Lodge::pesos(100_000)).await;
    assert_eq!(sold.state, Reservation::Confirmed);
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn money_of_another_currency_or_for_what_has_ended_goes_back() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    let held = lodge.held(10, 12).await;
    let dollars = Money::new(10_000_000, Currency::USD);
    let after = pay(&database, &lodge, held.id, dollars).await;
    assert!(matches!(after.state, Reservation::Held(_)));
    assert_eq!(after.paid, Lodge::pesos(0));
    cancel::cancel(
        database.store(),
        &lodge.by,
        held.id,
        CancelBy::Guest,
        "",
        None,
    )
    .await
    .unwrap();
    let after = pay(&database, &lodge, held.id, Lodge::pesos(1)).await;
    assert_eq!(after.refund_due, Lodge::pesos(1));
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_receipt_keeps_the_nights_until_the_owner_says_yes() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 12).await;
    for _ in 0..2 {
        let shown = receipts::submit(store, &lodge.by, held.id, None)
            .await
            .unwrap();
        assert!(matches!(
            shown.state,
            Reservation::Held(kept) if kept.awaiting == Awaiting::Verification
        ));
    }
    let (kept, actions): (bool, serde_json::Value) = sqlx::query_as(
        "SELECT deadline BETWEEN now() + interval '47 hours' AND now() + interval '48 hours', actions
         FROM attention WHERE kind = 'receipt' AND state = 'open'",
    )
    .fetch_one(database.pool())
    .await
    .unwrap();
    assert!(kept, "the owner has 48 hours");
    assert_eq!(actions, serde_json::json!(["accepted", "refused"]));
    assert_books_balance(database.pool()).await;
    for _ in 0..2 {
        let sold = receipts::decide(store, &lodge.by, held.id, &YES)
            .await
            .unwrap();
        assert_eq!(sold.state, Reservation::Confirmed);
        assert_eq!(sold.paid, Lodge::pesos(100_000));
    }
    let late = receipts::decide(store, &lodge.by, held.id, &NO).await;
    assert!(matches!(late, Err(BookingError::Stale)));
    assert_eq!(open_matters(&database, "receipt").await, 0);
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_refused_receipt_waits_for_money_again_and_too_little_does_too() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 12).await;
    let waits = |booking: &Booking| matches!(booking.state, Reservation::Held(kept) if kept.awaiting == Awaiting::Payment);
    receipts::submit(store, &lodge.by, held.id, None)
        .await
        .unwrap();
    let refused = receipts::decide(store, &lodge.by, held.id, &NO)
        .await
        .unwrap();
    assert!(waits(&refused));
    assert_books_balance(database.pool()).await;
    receipts::submit(store, &lodge.by, held.id, None)
        .await
        .unwrap();
    let some = Decision {
        accept: true,
        amount: Some(Lodge::pesos(99_999)),
    };
    let short = receipts::decide(store, &lodge.by, held.id, &some)
        .await
        .unwrap();
    assert!(waits(&short));
    assert_eq!(short.paid, Lodge::pesos(99_999));
    assert_books_balance(database.pool()).await;
    // The time is over, with money in it: owed back.
    lodge.age(held.id).await;
    posta_store::booking::expire_due(store, 10).await.unwrap();
    assert_eq!(
        lodge.booking(held.id).await.refund_due,
        Lodge::pesos(99_999)
    );
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_guest_has_one_receipt_looked_at_at_a_time() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(2).await);
    let first = lodge.held(10, 12).await;
    let quote = lodge.quote(vec![lodge.any(10, 12)]).await.unwrap();
    let mut request = Lodge::request(&quote);
    request.who = Who::Known(first.guest);
    let second = hold(store, &lodge.by, &request, |_| serde_json::Value::Null)
        .await
        .unwrap()
        .reservation
        .unwrap();
    let (one, other) = tokio::join!(
        receipts::submit(store, &lodge.by, first.id, None),
        receipts::submit(store, &lodge.by, second, None),
    );
    let refused = [one.err(), other.err()];
    let refused: Vec<_> = refused.iter().flatten().collect();
    assert!(
        matches!(
            refused.as_slice(),
            [BookingError::Refused(Refusal::ReceiptWaiting)]
        ),
        "{refused:?}"
    );
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_transfer_recorded_by_hand_settles_the_receipt_too() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 12).await;
    receipts::submit(store, &lodge.by, held.id, None)
        .await
        .unwrap();
    let seen = NewPayment {
        method: Method::Transfer,
        ..cash(Lodge::pesos(100_000), "cbu 1")
    };
    try_pay(&database, &lodge, held.id, &seen).await.unwrap();
    assert_eq!(open_matters(&database, "receipt").await, 0);
    let sold = receipts::decide(store, &lodge.by, held.id, &YES)
        .await
        .unwrap();
    assert_eq!(sold.paid, Lodge::pesos(100_000), "not counted twice");
    assert_books_balance(database.pool()).await;
}
