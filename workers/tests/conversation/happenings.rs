//! What happens to a booking is told in its guest's chat, once.

use posta_domain::ids::ReservationId;
use posta_store::{
    booking::{
        expire,
        receipts::{self, Decision},
    },
    testing::assert_books_balance,
};
use uuid::Uuid;

use crate::{
    desk::{Desk, LUCIA, echo, now},
    guest::Guest,
};

/// The owner says of this booking's receipt whether the money is there.
#[expect(clippy::unwrap_used, reason = "a test may")]
async fn decides(desk: &Desk, booking: Uuid, accept: bool) {
    let decision = Decision {
        accept,
        amount: None,
    };
    let id = ReservationId::from(booking);
    receipts::decide(desk.db.store(), &desk.lodge.by, id, &decision)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_receipt_keeps_the_nights_and_the_owners_yes_confirms_them() {
    let desk = Desk::open().await;
    let ana = Guest::new(&desk, "Ana", 1);
    ana.books(40).await;
    ana.sends_photo().await;
    let answer = ana.hears_one().await;
    let (id, status, awaiting) = ana.booking().await;
    assert_eq!(
        (status.as_str(), awaiting.as_deref()),
        ("held", Some("verification")),
        "{}",
        answer.text
    );
    let receipts = "SELECT count(*) FROM attention WHERE kind = 'receipt' AND state <> 'done'";
    assert_eq!(desk.count(receipts).await, 1);
    decides(&desk, id, true).await;
    let told = ana.hears_one().await;
    let code = ana.codes().await.into_iter().next().unwrap();
    assert!(told.text.contains(&code), "{}", told.text);
    assert_eq!(ana.booking().await.1, "confirmed");
    assert!(
        !told.text.contains("4711"),
        "the door's code is for later: {}",
        told.text
    );
    assert_books_balance(desk.db.pool()).await;
}

#[tokio::test]
async fn a_refused_receipt_is_told_and_can_be_sent_again() {
    let desk = Desk::open().await;
    let ana = Guest::new(&desk, "Ana", 1);
    ana.books(40).await;
    ana.sends_photo().await;
    ana.hears_one().await;
    let (id, ..) = ana.booking().await;
    decides(&desk, id, false).await;
    ana.hears_one().await;
    ana.sends_photo().await;
    ana.hears_one().await;
    assert_eq!(ana.booking().await.2.as_deref(), Some("verification"));
}

#[tokio::test]
async fn a_hold_that_is_over_is_told_once_and_its_button_offers_the_nights_again() {
    let desk = Desk::open().await;
    let ana = Guest::new(&desk, "Ana", 1);
    ana.books(40).await;
    let (id, ..) = ana.booking().await;
    desk.lodge.age(ReservationId::from(id)).await;
    expire::expire_due(desk.db.store(), 10).await.unwrap();
    expire::expire_due(desk.db.store(), 10).await.unwrap();
    let told = ana.hears_one().await;
    let again = ana.taps(&told.choice("again:")).await;
    assert_eq!(again.len(), 1, "{again:#?}");
    let hold = again[0].choice("hold:");
    ana.taps(&hold).await;
    assert_eq!(ana.codes().await.len(), 2);
    assert_eq!(
        desk.count("SELECT count(*) FROM reservations WHERE status = 'held'")
            .await,
        1
    );
}

#[tokio::test]
async fn what_happens_is_told_also_while_a_person_has_the_chat() {
    let desk = Desk::open().await;
    let mut lucia = Guest::new(&desk, "Lucía", 1);
    LUCIA.clone_into(&mut lucia.phone);
    lucia.books(40).await;
    desk.deliver(&echo("wamid.echo", now(), "Hola Lucía, soy Marta"))
        .await;
    desk.settle().await;
    let mode: String = desk.scalar("SELECT mode FROM conversations").await;
    assert_eq!(mode, "human");
    assert!(
        lucia
            .says("gracias Marta, a qué hora puedo llegar?")
            .await
            .is_empty()
    );
    lucia.sends_photo().await;
    assert!(
        lucia.hears().await.is_empty(),
        "the receipt is taken in silence"
    );
    assert_eq!(lucia.booking().await.2.as_deref(), Some("verification"));
    let (id, ..) = lucia.booking().await;
    decides(&desk, id, true).await;
    lucia.hears_one().await;
}
