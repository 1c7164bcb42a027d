//! From a message to a booking: what is in the rows when a guest has read that it is hers.

use chrono::TimeDelta;
use posta_domain::quiet::Windows;
use posta_store::testing::assert_books_balance;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    desk::{Desk, at_once},
    guest::Guest,
};

const HELD: &str = "SELECT count(*) FROM reservations WHERE status = 'held'";

#[tokio::test]
async fn dates_and_guests_in_one_message_and_a_tap_are_a_held_cabin() {
    let desk = Desk::open().await;
    let ana = Guest::new(&desk, "Ana", 1);
    let price = ana.asks_price(40).await;
    assert!(price.text.contains("$ 500.000"), "{}", price.text);
    assert_eq!(desk.count("SELECT count(*) FROM reservations").await, 0);
    let held = ana.taps(&price.choice("hold:")).await;
    assert_eq!(held.len(), 1, "{held:#?}");
    let code = ana.codes().await.into_iter().next().unwrap();
    assert!(held[0].text.contains(&code), "{}", held[0].text);
    assert!(
        held[0].text.contains("cabanas.del.lago"),
        "{}",
        held[0].text
    );
    let (_, status, awaiting) = ana.booking().await;
    assert_eq!(
        (status.as_str(), awaiting.as_deref()),
        ("held", Some("payment"))
    );
    let claimed =
        "SELECT count(*) FROM claims WHERE kind = 'hold' AND upper(period) - lower(period) = 5";
    assert_eq!(desk.count(claimed).await, 1);
    let open = "SELECT amount FROM payment_requests WHERE state = 'open' AND purpose = 'deposit'";
    assert_eq!(desk.count(open).await, 25_000_000);
    let by_her = "SELECT count(*) FROM audit_log WHERE actor LIKE 'guest:chat:%'";
    assert!(desk.count(by_her).await > 0);
    assert_books_balance(desk.db.pool()).await;
}

#[tokio::test]
async fn a_typed_yes_to_the_price_holds_and_a_yes_with_a_doubt_does_not() {
    let desk = Desk::open().await;
    let ana = Guest::new(&desk, "Ana", 1);
    ana.asks_price(40).await;
    ana.says("sí, pero tiene pileta?").await;
    assert_eq!(desk.count(HELD).await, 0);
    let bea = Guest::new(&desk, "Bea", 2);
    bea.asks_price(40).await;
    bea.says("dale").await;
    assert_eq!(desk.count(HELD).await, 1);
    assert_eq!(bea.codes().await.len(), 1);
}

#[tokio::test]
async fn the_same_tap_twice_and_delivered_twice_is_one_booking() {
    let desk = Desk::open().await;
    let ana = Guest::new(&desk, "Ana", 1);
    let hold = ana.asks_price(40).await.choice("hold:");
    ana.touches(&hold).await;
    ana.touches(&hold).await;
    desk.settle_with(3).await;
    ana.taps(&hold).await;
    assert_eq!(desk.count("SELECT count(*) FROM reservations").await, 1);
    let code = ana.codes().await.into_iter().next().unwrap();
    for bubble in ana.thread().await.iter().skip(1) {
        assert!(bubble.text.contains(&code), "{}", bubble.text);
    }
}

#[tokio::test]
async fn somebody_elses_button_does_nothing_and_says_nothing_of_her() {
    let desk = Desk::open().await;
    let (ana, eva) = (
        Guest::new(&desk, "Anastasia", 1),
        Guest::new(&desk, "Eva", 2),
    );
    let hold = ana.asks_price(40).await.choice("hold:");
    eva.taps(&hold).await;
    assert_eq!(desk.count("SELECT count(*) FROM reservations").await, 0);
    ana.taps(&hold).await;
    let code = ana.codes().await.into_iter().next().unwrap();
    let (id, ..) = ana.booking().await;
    for what in [
        "booking",
        "pay",
        "cancel",
        "cancel-yes",
        "keep",
        "change",
        "again",
    ] {
        for bubble in eva.taps(&format!("{what}:{id}")).await {
            assert!(
                !bubble.text.contains(&code) && !bubble.text.contains("Anastasia"),
                "{what}: {}",
                bubble.text
            );
        }
    }
    eva.taps(&format!("change-yes:{id}:{}", Uuid::now_v7()))
        .await;
    assert_eq!(ana.booking().await.1, "held");
    assert!(eva.codes().await.is_empty());
    assert_eq!(
        desk.count("SELECT coalesce(sum(turn_failures), 0)::bigint FROM conversations")
            .await,
        0
    );
}

#[tokio::test]
async fn a_burst_is_one_turn_and_one_answer() {
    let listening = Windows {
        quiet: TimeDelta::milliseconds(700),
        ..at_once()
    };
    let desk = Desk::with(listening).await;
    let ana = Guest::new(&desk, "Ana", 1);
    let (from, until) = (desk.lodge.day(40), desk.lodge.day(45));
    ana.types("hola").await;
    ana.types("tenés lugar?").await;
    ana.types(&format!(
        "del {} al {}",
        from.format("%d/%m/%Y"),
        until.format("%d/%m/%Y")
    ))
    .await;
    ana.types("somos 2 adultos").await;
    let price = ana.hears_one().await;
    assert!(price.text.contains("$ 500.000"), "{}", price.text);
    assert_eq!(
        desk.count("SELECT max(entries)::bigint FROM turns").await,
        4
    );
}

#[tokio::test]
async fn a_turn_that_fails_after_its_hold_leaves_nothing_and_is_made_again() {
    let desk = Desk::open().await;
    let ana = Guest::new(&desk, "Ana", 1);
    let hold = ana.asks_price(40).await.choice("hold:");
    // The hold is made, then its reply cannot be written.
    let pool = desk.db.pool();
    sqlx::raw_sql("ALTER TABLE outbox ADD CONSTRAINT refuses CHECK (false) NOT VALID")
        .execute(pool)
        .await
        .unwrap();
    ana.touches(&hold).await;
    let token = CancellationToken::new();
    let turns = tokio::spawn(desk.turns().run(2, token.clone()));
    desk.until(
        "the turn has failed",
        "SELECT max(turn_failures) > 0 FROM conversations",
    )
    .await;
    token.cancel();
    turns.await.unwrap();
    assert_eq!(desk.count("SELECT count(*) FROM reservations").await, 0);
    assert_eq!(desk.count("SELECT count(*) FROM claims").await, 0);
    sqlx::raw_sql("ALTER TABLE outbox DROP CONSTRAINT refuses")
        .execute(pool)
        .await
        .unwrap();
    ana.hears_one().await;
    assert_eq!(desk.count(HELD).await, 1);
    let failures = "SELECT max(turn_failures)::bigint FROM conversations";
    assert_eq!(desk.count(failures).await, 0);
}

#[tokio::test]
async fn twelve_guests_who_want_the_same_nights_of_two_cabins_all_hear_and_two_have_them() {
    let desk = Desk::open().await;
    let guests: Vec<_> = (0..12)
        .map(|n| Guest::new(&desk, &format!("Huésped {n}"), n))
        .collect();
    let mut holds = Vec::new();
    for guest in &guests {
        holds.push(guest.asks_price(40).await.choice("hold:"));
    }
    futures_util::future::join_all(
        guests
            .iter()
            .zip(&holds)
            .map(|(guest, hold)| guest.touches(hold)),
    )
    .await;
    desk.settle_with(4).await;
    assert_eq!(desk.count(HELD).await, 2);
    for guest in &guests {
        assert_eq!(guest.thread().await.len(), 2);
    }
    let failures = "SELECT count(*) FROM attention WHERE kind = 'turn_fails'";
    assert_eq!(desk.count(failures).await, 0);
    assert_books_balance(desk.db.pool()).await;
}
