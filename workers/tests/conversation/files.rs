use posta_bus::Verdict;
use posta_providers::whatsapp::media::MediaError;
use serde_json::{Value, json};

use crate::desk::{Desk, item, now, text};

fn photo(id: &str) -> Value {
    item(
        id,
        now(),
        "image",
        &json!({"id": "900", "mime_type": "image/jpeg", "sha256": "x", "caption": "Comprobante"}),
    )
}

#[tokio::test]
async fn a_photo_is_kept_and_a_person_is_asked_to_look() {
    let desk = Desk::open().await;
    assert_eq!(desk.deliver(&photo("wamid.1")).await, [Verdict::Done]);
    desk.settle().await;
    let content: Vec<u8> = desk
        .scalar("SELECT content FROM media WHERE state = 'stored' AND size_bytes = 9")
        .await;
    assert_eq!(content, b"a picture");
    assert!(desk.said().await[0].contains("Recibí tu archivo"));
    assert_eq!(
        desk.count("SELECT count(*) FROM attention WHERE kind = 'guest_waiting'")
            .await,
        1
    );
    assert_eq!(desk.deliver(&photo("wamid.1")).await, [Verdict::Duplicate]);
}

#[tokio::test]
async fn a_file_that_cannot_be_fetched_yet_keeps_its_place_and_is_fetched_on_redelivery() {
    let desk = Desk::open().await;
    desk.source.fails_with(MediaError::Status(503));
    assert!(matches!(
        desk.deliver(&photo("wamid.1")).await.as_slice(),
        [Verdict::Retry { .. }]
    ));
    assert_eq!(
        desk.count("SELECT count(*) FROM inbound_events WHERE verdict = 'pending'")
            .await,
        1
    );
    // A word that follows does not overtake the photo.
    desk.deliver(&text("wamid.2", now(), "ahí te lo mandé"))
        .await;
    let waits = "SELECT turn_due_at IS NOT NULL FROM conversations";
    assert!(desk.scalar::<bool>(waits).await);
    assert_eq!(desk.deliver(&photo("wamid.1")).await, [Verdict::Done]);
    desk.settle().await;
    assert_eq!(
        desk.count("SELECT count(*) FROM inbound_events WHERE verdict = 'effected'")
            .await,
        2
    );
    assert_eq!(desk.count("SELECT count(*) FROM mailbox").await, 2);
    assert_eq!(desk.count("SELECT entries::bigint FROM turns").await, 2);
}

#[tokio::test]
async fn a_file_nobody_can_open_is_said_so() {
    let desk = Desk::open().await;
    desk.source.fails_with(MediaError::TooLarge(10));
    assert_eq!(desk.deliver(&photo("wamid.1")).await, [Verdict::Done]);
    desk.settle().await;
    let said = desk.said().await;
    assert!(said[0].contains("No pude abrir el archivo"), "{said:?}");
    let state: String = desk.scalar("SELECT state FROM media").await;
    assert_eq!(state, "refused");
}

#[tokio::test]
async fn a_file_that_is_gone_is_reported() {
    let desk = Desk::open().await;
    desk.source.fails_with(MediaError::Gone);
    assert_eq!(desk.deliver(&photo("wamid.1")).await, [Verdict::Done]);
    assert_eq!(
        desk.count("SELECT count(*) FROM attention WHERE kind = 'file_lost'")
            .await,
        1
    );
}

#[tokio::test]
async fn an_account_that_is_refused_postpones_its_files_and_stops_nothing_else() {
    let desk = Desk::open().await;
    desk.source.fails_with(MediaError::Status(401));
    assert!(matches!(
        desk.deliver(&photo("wamid.1")).await.as_slice(),
        [Verdict::Postpone { .. }]
    ));
}

#[tokio::test]
async fn a_voice_note_is_kept_and_answered_with_a_request_to_type() {
    let desk = Desk::open().await;
    let voice = item(
        "wamid.1",
        now(),
        "audio",
        &json!({"id": "901", "mime_type": "audio/ogg; codecs=opus", "voice": true}),
    );
    assert_eq!(desk.deliver(&voice).await, [Verdict::Done]);
    desk.settle().await;
    assert_eq!(
        desk.count("SELECT count(*) FROM media WHERE state = 'stored'")
            .await,
        1
    );
    assert!(desk.said().await[0].contains("No pude escuchar el audio"));
}
