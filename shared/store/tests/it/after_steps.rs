//! What happens to a booking afterwards, step by step.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use posta_domain::{
    cancellation::Rule,
    refusal::Refusal,
    reservation::{Awaiting, Reservation, Status},
};
use posta_store::{
    blocks,
    booking::{
        Asked, Booking, BookingError,
        cancel::{self, CancelBy},
        change::{self, ChangeRequest, Changer, To},
        confirm,
        money::{Method, Purpose},
        presence, reassign, refunds,
    },
    testing::{Database, Lodge, assert_books_balance, database},
};

use crate::after_money::pay;

/// Moves a booking's dates in the past by so many days, as if that time had gone by: stays, claims, everything.
async fn days_go_by(database: &Database, booking: &Booking, days: i32) {
    for sql in [
        "UPDATE claims SET period = daterange(lower(period) - $2, upper(period) - $2, '[)')
         WHERE stay_id IN (SELECT id FROM stays WHERE reservation_id = $1)",
        "UPDATE stays SET check_in = check_in - $2, check_out = check_out - $2 WHERE reservation_id = $1",
        "UPDATE reservations SET created_at = created_at - make_interval(days => $2),
                                 confirmed_at = confirmed_at - make_interval(days => $2) WHERE id = $1",
    ] {
        sqlx::query(sql)
            .bind(booking.id.uuid())
            .bind(days)
            .execute(database.pool())
            .await
            .unwrap();
    }
}

async fn sold(database: &Database, lodge: &Lodge, from: u64, until: u64) -> Booking {
    let held = lodge.held(from, until).await;
    confirm(database.store(), &lodge.by, held.id, None, true)
        .await
        .unwrap()
}

fn to(stays: Vec<Asked>, by: Changer) -> ChangeRequest {
    ChangeRequest {
        to: To::Stays(stays),
        by,
        adjustments: Vec::new(),
        expected_version: None,
    }
}

fn taken(error: &BookingError) -> bool {
    matches!(error, BookingError::Refused(Refusal::Taken { .. }))
}

#[tokio::test]
async fn a_cancelled_booking_frees_its_nights_and_owes_back_what_the_policy_says() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 12).await;
    pay(&database, &lodge, held.id, Lodge::pesos(200_000)).await;
    // Bought eleven days ago, for nine days from now on: the withdrawal is over, half comes back.
    days_go_by(&database, &held, 1).await;
    sqlx::query("UPDATE reservations SET confirmed_at = now() - interval '11 days'")
        .execute(database.pool())
        .await
        .unwrap();
    let mut conn = store.acquire().await.unwrap();
    let preview = cancel::preview(&mut conn, lodge.tenant, held.id, CancelBy::Guest)
        .await
        .unwrap();
    drop(conn);
    assert_eq!(preview.rule, Rule::Tier { days_before: 7 });
    let (after, outcome) = cancel::cancel(store, &lodge.by, held.id, CancelBy::Guest, "", None)
        .await
        .unwrap();
    assert_eq!(outcome, preview);
    assert_eq!(outcome.refund, Lodge::pesos(100_000));
    assert_eq!(after.state, Reservation::Cancelled);
    assert_eq!(after.paid, Lodge::pesos(0));
    assert_eq!(after.refund_due, Lodge::pesos(100_000));
    assert_eq!(after.retained, Lodge::pesos(100_000));
    assert_books_balance(database.pool()).await;
    // The nights are somebody else's at once, and a second cancellation is refused.
    lodge.held(9, 11).await;
    let again = cancel::cancel(store, &lodge.by, held.id, CancelBy::Guest, "", None).await;
    assert!(matches!(again, Err(BookingError::Illegal(_))));
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn money_owed_back_is_given_back_once() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(30, 32).await;
    pay(&database, &lodge, held.id, Lodge::pesos(100_000)).await;
    cancel::cancel(store, &lodge.by, held.id, CancelBy::Owner, "obra", None)
        .await
        .unwrap();
    let mut conn = store.acquire().await.unwrap();
    let due = refunds::list(&mut conn, lodge.tenant, true).await.unwrap();
    drop(conn);
    let [due] = due.as_slice() else {
        panic!("one refund: {due:?}")
    };
    let given = refunds::Given {
        method: Method::Transfer,
        reference: "CBU 1".to_owned(),
    };
    for _ in 0..2 {
        let done = refunds::done(store, &lodge.by, due.id, &given)
            .await
            .unwrap();
        assert_eq!(done.state, "done");
    }
    let lines: i64 =
        sqlx::query_scalar("SELECT count(*) FROM ledger_entries WHERE kind = 'refund'")
            .fetch_one(database.pool())
            .await
            .unwrap();
    assert_eq!(lines, 1);
    let matters: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM attention WHERE kind = 'refund_due' AND state <> 'done'",
    )
    .fetch_one(database.pool())
    .await
    .unwrap();
    assert_eq!(matters, 0);
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_step_decided_on_an_older_version_is_refused() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 12).await;
    pay(&database, &lodge, held.id, Lodge::pesos(100_000)).await;
    let version = Some(held.version);
    let refused = cancel::cancel(store, &lodge.by, held.id, CancelBy::Guest, "", version).await;
    assert!(matches!(refused, Err(BookingError::Stale)));
    assert_eq!(lodge.booking(held.id).await.state, Reservation::Confirmed);
}

#[tokio::test]
async fn another_tenants_booking_is_not_there() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let stranger = database.lodge(1).await;
    let held = lodge.held(10, 12).await;
    let by = &stranger.by;
    let cancelled = cancel::cancel(store, by, held.id, CancelBy::Owner, "", None).await;
    assert!(matches!(cancelled, Err(BookingError::NotFound(_))));
    let stay = held.stays[0].id;
    let moved = reassign::reassign(store, by, stay, stranger.cabins[0], None).await;
    assert!(matches!(moved, Err(BookingError::NotFound(_))));
    let moved = reassign::reassign(store, &lodge.by, stay, stranger.cabins[0], None).await;
    assert!(matches!(moved, Err(BookingError::NotFound(_))));
    let request = to(vec![stranger.any(20, 21)], Changer::Owner);
    let changed = change::change(store, by, held.id, &request).await;
    assert!(matches!(changed, Err(BookingError::NotFound(_))));
    let blocked = blocks::add(store, by, lodge.cabins[0], lodge.period(40, 41), "").await;
    assert!(matches!(blocked, Err(BookingError::NotFound(_))));
    assert_eq!(lodge.booking(held.id).await, held);
}

#[tokio::test]
async fn a_change_moves_the_booking_at_once_and_asks_for_what_it_became_dearer_by() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(2).await);
    let held = lodge.held(20, 22).await;
    pay(&database, &lodge, held.id, Lodge::pesos(100_000)).await;
    let request = to(vec![lodge.any(21, 24)], Changer::Guest);
    let after = change::change(store, &lodge.by, held.id, &request)
        .await
        .unwrap();
    assert_eq!(after.charge, Lodge::pesos(300_000));
    assert_eq!(after.paid, Lodge::pesos(100_000));
    assert_eq!(
        after.stays[0].cabin, held.stays[0].cabin,
        "it stays where it is"
    );
    assert_eq!(after.stays[0].period, lodge.period(21, 24));
    let open: Vec<_> = after
        .requests
        .iter()
        .filter(|row| row.state == "open")
        .collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].purpose, Purpose::Difference);
    assert_eq!(open[0].amount, Lodge::pesos(100_000));
    assert_books_balance(database.pool()).await;
    // Dearer again: one request for both differences. Then cheaper than what is paid: the rest goes back.
    let request = to(vec![lodge.any(21, 25)], Changer::Owner);
    let after = change::change(store, &lodge.by, held.id, &request)
        .await
        .unwrap();
    let open: Vec<_> = after
        .requests
        .iter()
        .filter(|row| row.state == "open")
        .collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].amount, Lodge::pesos(200_000));
    pay(&database, &lodge, held.id, Lodge::pesos(200_000)).await;
    let request = to(vec![lodge.any(30, 31)], Changer::Guest);
    let after = change::change(store, &lodge.by, held.id, &request)
        .await
        .unwrap();
    assert_eq!(after.paid, Lodge::pesos(100_000));
    assert_eq!(after.refund_due, Lodge::pesos(200_000));
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_change_to_taken_nights_changes_nothing() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    lodge.held(13, 15).await;
    let held = lodge.held(10, 12).await;
    for until in [14, 20] {
        let request = to(vec![lodge.any(11, until)], Changer::Guest);
        let refused = change::change(store, &lodge.by, held.id, &request).await;
        assert!(taken(&refused.unwrap_err()));
    }
    assert_eq!(lodge.booking(held.id).await, held);
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_changed_hold_is_asked_for_the_new_deposit_and_keeps_its_time() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(2).await);
    let held = lodge.held(10, 12).await;
    let request = to(
        vec![lodge.in_cabin(1, 10, 14), lodge.in_cabin(0, 12, 13)],
        Changer::Guest,
    );
    let after = change::change(store, &lodge.by, held.id, &request)
        .await
        .unwrap();
    assert_eq!(
        after.state, held.state,
        "the same hold, until the same moment"
    );
    assert_eq!(after.stays.len(), 2);
    let open: Vec<_> = after
        .requests
        .iter()
        .filter(|row| row.state == "open")
        .collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].amount, Lodge::pesos(250_000));
    assert_books_balance(database.pool()).await;
    // Back to one cabin.
    let request = to(vec![lodge.in_cabin(1, 10, 11)], Changer::Guest);
    let after = change::change(store, &lodge.by, held.id, &request)
        .await
        .unwrap();
    assert_eq!(after.stays.len(), 1);
    lodge
        .try_hold(vec![lodge.in_cabin(0, 10, 20)])
        .await
        .unwrap();
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_guest_cannot_change_a_way_around_the_policy() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 14).await;
    pay(&database, &lodge, held.id, Lodge::pesos(400_000)).await;
    sqlx::query("UPDATE reservations SET confirmed_at = now() - interval '11 days'")
        .execute(database.pool())
        .await
        .unwrap();
    let request = to(vec![lodge.any(40, 41)], Changer::Guest);
    let refused = change::change(store, &lodge.by, held.id, &request).await;
    assert!(matches!(
        refused,
        Err(BookingError::Refused(Refusal::NeedsOwner))
    ));
    let request = to(vec![lodge.any(40, 41)], Changer::Owner);
    change::change(store, &lodge.by, held.id, &request)
        .await
        .unwrap();
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_stay_moves_to_another_unit_until_check_in_only() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(3).await);
    let booking = sold(&database, &lodge, 1, 4).await;
    let stay = &booking.stays[0];
    let others: Vec<_> = lodge
        .cabins
        .iter()
        .filter(|cabin| **cabin != stay.cabin)
        .collect();
    let (free, full) = (*others[0], *others[1]);
    blocks::add(store, &lodge.by, full, lodge.period(3, 9), "pintura")
        .await
        .unwrap();
    let refused = reassign::reassign(store, &lodge.by, stay.id, full, None).await;
    assert!(taken(&refused.unwrap_err()));
    let moved = reassign::reassign(store, &lodge.by, stay.id, free, Some(booking.version))
        .await
        .unwrap();
    assert_eq!(moved.stays[0].cabin, free);
    assert_eq!(moved.charge, booking.charge);
    assert_books_balance(database.pool()).await;
    days_go_by(&database, &booking, 1).await;
    presence::check_in(store, &lodge.by, booking.id, None)
        .await
        .unwrap();
    let refused = reassign::reassign(store, &lodge.by, stay.id, stay.cabin, None).await;
    assert!(matches!(refused, Err(BookingError::Illegal(_))));
}

#[tokio::test]
async fn whoever_leaves_early_frees_the_nights_from_that_day() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let booking = sold(&database, &lodge, 2, 8).await;
    let early = presence::check_in(store, &lodge.by, booking.id, None).await;
    assert!(matches!(early, Err(BookingError::Illegal(_))));
    days_go_by(&database, &booking, 3).await;
    presence::check_in(store, &lodge.by, booking.id, None)
        .await
        .unwrap();
    let after = presence::leave_early(store, &lodge.by, booking.id, None, lodge.day(2), None)
        .await
        .unwrap();
    assert_eq!(after.state, Reservation::CheckedIn, "she is still there");
    assert_books_balance(database.pool()).await;
    let refused = lodge.try_hold(vec![lodge.any(1, 3)]).await;
    assert!(taken(&refused.unwrap_err()));
    lodge.held(2, 4).await;
    let after = presence::leave_early(store, &lodge.by, booking.id, None, lodge.today, None)
        .await
        .unwrap();
    assert_eq!(after.state, Reservation::Completed, "she has left");
    assert_books_balance(database.pool()).await;
    lodge.held(0, 1).await;
}

#[tokio::test]
async fn checking_out_before_the_end_frees_the_rest() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let booking = sold(&database, &lodge, 2, 8).await;
    days_go_by(&database, &booking, 2).await;
    presence::check_in(store, &lodge.by, booking.id, None)
        .await
        .unwrap();
    let after = presence::check_out(store, &lodge.by, booking.id, None)
        .await
        .unwrap();
    assert_eq!(after.state, Reservation::Completed);
    assert_eq!(after.stays[0].left_on, Some(lodge.today));
    lodge.held(0, 1).await;
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_guest_who_does_not_come_frees_all_nights_and_the_money_stays() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(1, 5).await;
    pay(&database, &lodge, held.id, Lodge::pesos(200_000)).await;
    let early = presence::no_show(store, &lodge.by, held.id, None).await;
    assert!(matches!(early, Err(BookingError::Illegal(_))));
    days_go_by(&database, &held, 1).await;
    let after = presence::no_show(store, &lodge.by, held.id, None)
        .await
        .unwrap();
    assert_eq!(after.state, Reservation::NoShow);
    assert_eq!(after.retained, Lodge::pesos(200_000));
    assert_books_balance(database.pool()).await;
    lodge.held(0, 4).await;
}

#[tokio::test]
async fn a_block_keeps_nights_until_it_is_removed() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let period = lodge.period(10, 15);
    let block = blocks::add(store, &lodge.by, lodge.cabins[0], period, "pintura")
        .await
        .unwrap();
    let refused = lodge.try_hold(vec![lodge.any(14, 16)]).await;
    assert!(taken(&refused.unwrap_err()));
    let twice = blocks::add(store, &lodge.by, lodge.cabins[0], lodge.period(9, 11), "").await;
    let nights = vec![lodge.day(10)];
    assert!(matches!(
        twice,
        Err(BookingError::Refused(Refusal::Taken { nights: named })) if named == nights
    ));
    assert_books_balance(database.pool()).await;
    let mut conn = store.acquire().await.unwrap();
    let (from, until) = (lodge.day(14), lodge.day(20));
    let listed = blocks::list(&mut conn, lodge.tenant, Some(lodge.property), from, until)
        .await
        .unwrap();
    assert_eq!(listed, vec![block.clone()]);
    drop(conn);
    for _ in 0..2 {
        blocks::remove(store, &lodge.by, block.id).await.unwrap();
    }
    lodge.held(14, 16).await;
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_block_takes_the_nights_of_a_hold_whose_time_is_over() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 12).await;
    assert!(matches!(
        held.state,
        Reservation::Held(kept) if kept.awaiting == Awaiting::Payment
    ));
    lodge.age(held.id).await;
    blocks::add(store, &lodge.by, lodge.cabins[0], lodge.period(11, 13), "")
        .await
        .unwrap();
    let status: String = sqlx::query_scalar("SELECT status FROM reservations")
        .fetch_one(database.pool())
        .await
        .unwrap();
    assert_eq!(status, Status::Expired.as_str());
    assert_books_balance(database.pool()).await;
}
