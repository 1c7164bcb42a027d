use std::path::PathBuf;

use posta_bus::Verdict;

use crate::desk::{Desk, split};

/// Every documented shape, twice: handled without an error, then recognised as copies.
#[tokio::test]
async fn every_sample_is_handled_once_and_its_copy_recognised() {
    let desk = Desk::open().await;
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/providers/tests/data/whatsapp");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    assert!(files.len() >= 20, "the samples are in {}", folder.display());
    let mut items: i64 = 0;
    for file in &files {
        let body = std::fs::read(file).unwrap();
        for envelope in split(&body)
            .into_iter()
            .filter(|envelope| envelope.kind != "status")
        {
            items += 1;
            let first = desk.handle(envelope.clone()).await;
            assert!(
                matches!(first, Verdict::Done | Verdict::Rejected(_)),
                "{}: {first:?}",
                file.display()
            );
            assert_eq!(
                desk.handle(envelope).await,
                Verdict::Duplicate,
                "{}",
                file.display()
            );
        }
    }
    assert_eq!(
        desk.count("SELECT count(*) FROM inbound_events").await,
        items
    );
    assert_eq!(
        desk.count("SELECT count(*) FROM inbound_events WHERE verdict = 'pending'")
            .await,
        0
    );
    desk.settle().await;
    assert_eq!(
        desk.count("SELECT count(*) FROM mailbox WHERE handled_at IS NULL")
            .await,
        0
    );
    let replies = desk.said().await.len();
    for file in &files {
        let body = std::fs::read(file).unwrap();
        for envelope in split(&body)
            .into_iter()
            .filter(|envelope| envelope.kind != "status")
        {
            desk.handle(envelope).await;
        }
    }
    desk.settle().await;
    assert_eq!(desk.said().await.len(), replies, "no second reply");
}
