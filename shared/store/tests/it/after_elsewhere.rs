//! Nights sold on other channels, and where they meet ours.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::collections::BTreeSet;

use posta_domain::{refusal::Refusal, reservation::Reservation};
use posta_store::{
    booking::{BookingError, confirm, expire_due, reassign, receipts},
    elsewhere::{self, Fetched, Imported},
    ids::FeedId,
    testing::{Database, Lodge, assert_books_balance, database},
};

use crate::after_money::pay;

async fn feed(database: &Database, lodge: &Lodge, cabin: usize, channel: &str) -> FeedId {
    elsewhere::feed(database.store(), &lodge.by, lodge.cabins[cabin], channel)
        .await
        .unwrap()
}

async fn says(database: &Database, lodge: &Lodge, feed: FeedId, nights: &[u64]) -> Imported {
    fetch(database, lodge, feed, nights, true).await
}

async fn fetch(
    database: &Database,
    lodge: &Lodge,
    feed: FeedId,
    nights: &[u64],
    complete: bool,
) -> Imported {
    let fetched = Fetched {
        complete,
        nights: nights
            .iter()
            .map(|night| lodge.day(*night))
            .collect::<BTreeSet<_>>(),
    };
    let imported = elsewhere::import(database.store(), lodge.tenant, feed, &fetched)
        .await
        .unwrap();
    assert_books_balance(database.pool()).await;
    imported
}

async fn matters(database: &Database, kind: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM attention WHERE kind = $1 AND state <> 'done'")
        .bind(kind)
        .fetch_one(database.pool())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_night_sold_elsewhere_is_not_sold_here_until_it_is_gone_there() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    let airbnb = feed(&database, &lodge, 0, "airbnb").await;
    assert_eq!(
        feed(&database, &lodge, 0, "airbnb").await,
        airbnb,
        "made once"
    );
    let imported = says(&database, &lodge, airbnb, &[10, 11]).await;
    assert_eq!((imported.added, imported.collisions), (2, 0));
    let refused = lodge.try_hold(vec![lodge.any(11, 13)]).await;
    let nights = vec![lodge.day(11)];
    assert!(matches!(
        refused,
        Err(BookingError::Refused(Refusal::Taken { nights: named })) if named == nights
    ));
    // A fetch that broke off says nothing about the nights it does not name.
    fetch(&database, &lodge, airbnb, &[], false).await;
    lodge.try_hold(vec![lodge.any(11, 13)]).await.unwrap_err();
    let imported = says(&database, &lodge, airbnb, &[10]).await;
    assert_eq!(imported.removed, 1);
    lodge.held(11, 13).await;
}

#[tokio::test]
async fn a_booking_that_was_sold_elsewhere_too_stays_and_its_owner_is_told() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(2).await);
    let held = lodge
        .try_hold(vec![lodge.in_cabin(0, 10, 13)])
        .await
        .unwrap();
    confirm(store, &lodge.by, held.id, None, true)
        .await
        .unwrap();
    let airbnb = feed(&database, &lodge, 0, "airbnb").await;
    for _ in 0..3 {
        let imported = says(&database, &lodge, airbnb, &[11, 12, 13]).await;
        assert_eq!((imported.collisions, imported.yielded), (1, 0));
    }
    assert_eq!(matters(&database, "collision").await, 1);
    let mut conn = store.acquire().await.unwrap();
    let open = elsewhere::collisions(&mut conn, lodge.tenant)
        .await
        .unwrap();
    drop(conn);
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].nights, [lodge.day(11), lodge.day(12)]);
    // The remedy: the other unit of the type.
    reassign::reassign(store, &lodge.by, open[0].stay, lodge.cabins[1], None)
        .await
        .unwrap();
    assert_eq!(matters(&database, "collision").await, 0);
    let imported = says(&database, &lodge, airbnb, &[11, 12, 13]).await;
    assert_eq!(imported.collisions, 0);
}

#[tokio::test]
async fn a_collision_is_over_when_the_other_side_gives_the_night_back() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 13).await;
    confirm(store, &lodge.by, held.id, None, true)
        .await
        .unwrap();
    let airbnb = feed(&database, &lodge, 0, "airbnb").await;
    let booking = feed(&database, &lodge, 0, "booking").await;
    says(&database, &lodge, airbnb, &[11]).await;
    says(&database, &lodge, booking, &[12]).await;
    says(&database, &lodge, airbnb, &[]).await;
    assert_eq!(
        matters(&database, "collision").await,
        1,
        "one channel still has a night"
    );
    says(&database, &lodge, booking, &[]).await;
    assert_eq!(matters(&database, "collision").await, 0);
}

#[tokio::test]
async fn a_hold_gives_way_when_the_next_complete_fetch_still_says_so() {
    let database = database().await;
    let lodge = database.lodge(2).await;
    let held = lodge
        .try_hold(vec![lodge.in_cabin(0, 10, 13), lodge.in_cabin(1, 10, 13)])
        .await
        .unwrap();
    pay(&database, &lodge, held.id, Lodge::pesos(50_000)).await;
    let airbnb = feed(&database, &lodge, 0, "airbnb").await;
    assert_eq!(says(&database, &lodge, airbnb, &[11]).await.yielded, 0);
    assert_eq!(
        fetch(&database, &lodge, airbnb, &[11], false).await.yielded,
        0
    );
    assert!(matches!(
        lodge.booking(held.id).await.state,
        Reservation::Held(_)
    ));
    assert_eq!(says(&database, &lodge, airbnb, &[11]).await.yielded, 1);
    let after = lodge.booking(held.id).await;
    assert_eq!(after.state, Reservation::Yielded);
    assert_eq!(after.refund_due, Lodge::pesos(50_000));
    assert_eq!(matters(&database, "hold_yielded").await, 1);
    // The other cabin of the booking is free again, too.
    lodge
        .try_hold(vec![lodge.in_cabin(1, 10, 13)])
        .await
        .unwrap();
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_hold_does_not_give_way_to_a_night_that_went_away() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    let held = lodge.held(10, 13).await;
    let airbnb = feed(&database, &lodge, 0, "airbnb").await;
    for nights in [&[11][..], &[], &[11]] {
        assert_eq!(says(&database, &lodge, airbnb, nights).await.yielded, 0);
    }
    assert!(matches!(
        lodge.booking(held.id).await.state,
        Reservation::Held(_)
    ));
}

#[tokio::test]
async fn a_hold_whose_receipt_is_looked_at_does_not_give_way() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 13).await;
    receipts::submit(store, &lodge.by, held.id, None)
        .await
        .unwrap();
    let airbnb = feed(&database, &lodge, 0, "airbnb").await;
    for _ in 0..3 {
        assert_eq!(says(&database, &lodge, airbnb, &[11]).await.yielded, 0);
    }
    assert_eq!(matters(&database, "collision").await, 1, "the owner knows");
    let no = receipts::Decision {
        accept: false,
        amount: None,
    };
    receipts::decide(store, &lodge.by, held.id, &no)
        .await
        .unwrap();
    assert_eq!(says(&database, &lodge, airbnb, &[11]).await.yielded, 1);
}

#[tokio::test]
async fn a_hold_whose_time_is_over_meets_nobody() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 13).await;
    let airbnb = feed(&database, &lodge, 0, "airbnb").await;
    says(&database, &lodge, airbnb, &[11]).await;
    lodge.age(held.id).await;
    assert_eq!(says(&database, &lodge, airbnb, &[11]).await.collisions, 0);
    // Its late money finds the nights gone.
    let after = pay(&database, &lodge, held.id, Lodge::pesos(150_000)).await;
    assert_eq!(after.state, Reservation::Expired);
    expire_due(store, 10).await.unwrap();
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn an_import_and_a_hold_at_the_same_moment_never_both_win_silently() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    let airbnb = feed(&database, &lodge, 0, "airbnb").await;
    let (mut refused, mut collided) = (0, 0);
    for round in 0..40 {
        let night = 10 + round * 3;
        let fetched = Fetched {
            complete: false,
            nights: [lodge.day(night)].into(),
        };
        let (held, imported) = tokio::join!(
            lodge.try_hold(vec![lodge.any(night, night + 2)]),
            elsewhere::import(database.store(), lodge.tenant, airbnb, &fetched),
        );
        imported.unwrap();
        match held {
            Ok(_) => collided += 1,
            Err(BookingError::Refused(Refusal::Taken { .. })) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
        assert_books_balance(database.pool()).await;
    }
    println!("refused {refused}, collided {collided}");
}
