//! Notices, and what they want read.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::time::Duration;

use chrono::{DateTime, Utc};
use posta_store::{
    inbox::InboxItem,
    payments::reads::{Claimed, Hinted, ReadKind, claim, done, hint, retry, unknown, want},
};

use crate::payments_scene::Scene;

const LEASE: Duration = Duration::from_secs(30);

fn notice<'a>(key: &'a str, kind: &'a str, account: Option<&'a str>) -> InboxItem<'a> {
    InboxItem {
        key,
        source: "mercadopago",
        kind,
        account,
        provider_time: Some(DateTime::<Utc>::from_timestamp(1_795_000_000, 0).unwrap()),
        payload: b"{}",
        received_at: DateTime::<Utc>::from_timestamp(1_795_000_001, 0).unwrap(),
        signature: Some(0),
        trace_id: None,
    }
}

async fn hinted(scene: &Scene, item: &InboxItem<'_>, wanted: &[(ReadKind, &str)]) -> Hinted {
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(kind, id)| (*kind, (*id).to_owned()))
        .collect();
    hint(scene.database.store(), item, &wanted).await.unwrap()
}

async fn claimed(scene: &Scene) -> Vec<Claimed> {
    claim(scene.database.store(), 50, LEASE, &[]).await.unwrap()
}

async fn rows(scene: &Scene) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM payment_reads")
        .fetch_one(scene.database.pool())
        .await
        .unwrap()
}

async fn verdict(scene: &Scene, key: &str) -> String {
    sqlx::query_scalar("SELECT verdict FROM inbound_events WHERE key = $1")
        .bind(key)
        .fetch_one(scene.database.pool())
        .await
        .unwrap()
}

#[tokio::test]
async fn however_many_notices_of_a_payment_it_is_read_once() {
    let scene = Scene::open(1).await;
    let account = Some(scene.account.external.as_str());
    for n in 0..10 {
        let key = format!("mp:payment:1:{n}");
        let item = notice(&key, "payment", account);
        let payment = [(ReadKind::Payment, "1")];
        assert_eq!(hinted(&scene, &item, &payment).await, Hinted::Noted);
        assert_eq!(hinted(&scene, &item, &payment).await, Hinted::Duplicate);
    }
    assert_eq!(verdict(&scene, "mp:payment:1:0").await, "effected");
    let mine = claimed(&scene).await;
    let [one] = mine.as_slice() else {
        panic!("{mine:?}")
    };
    assert_eq!((one.kind, one.resource.as_str()), (ReadKind::Payment, "1"));
    assert_eq!(one.account_external, scene.account.external);
    assert!(claimed(&scene).await.is_empty(), "it is in my hands");
    done(scene.database.store(), one, "entered").await.unwrap();
    assert!(claimed(&scene).await.is_empty());
    assert_eq!(rows(&scene).await, 1);
}

#[tokio::test]
async fn a_hint_during_a_reading_wants_another_one() {
    let scene = Scene::open(1).await;
    let account = Some(scene.account.external.as_str());
    let payment = [(ReadKind::Payment, "1")];
    hinted(&scene, &notice("a", "payment", account), &payment).await;
    let first = claimed(&scene).await.remove(0);
    hinted(&scene, &notice("b", "payment", account), &payment).await;
    assert!(claimed(&scene).await.is_empty(), "one reader at a time");
    done(scene.database.store(), &first, "entered")
        .await
        .unwrap();
    let second = claimed(&scene).await.remove(0);
    assert!(second.read_from > first.read_from);
    done(scene.database.store(), &second, "entered")
        .await
        .unwrap();
    assert!(claimed(&scene).await.is_empty());
}

#[tokio::test]
async fn whose_lease_ran_out_settles_nothing() {
    let scene = Scene::open(1).await;
    let account = Some(scene.account.external.as_str());
    let payment = [(ReadKind::Payment, "1")];
    hinted(&scene, &notice("a", "payment", account), &payment).await;
    let lost = claimed(&scene).await.remove(0);
    sqlx::query("UPDATE payment_reads SET lease_until = clock_timestamp() - interval '1 second'")
        .execute(scene.database.pool())
        .await
        .unwrap();
    let mine = claimed(&scene).await.remove(0);
    done(scene.database.store(), &lost, "late").await.unwrap();
    let outcome: Option<String> = sqlx::query_scalar("SELECT outcome FROM payment_reads")
        .fetch_one(scene.database.pool())
        .await
        .unwrap();
    assert_eq!(outcome, None);
    done(scene.database.store(), &mine, "entered")
        .await
        .unwrap();
}

#[tokio::test]
async fn an_account_that_cannot_be_asked_is_left_alone_and_nothing_is_used_up() {
    let scene = Scene::open(1).await;
    let store = scene.database.store();
    let account = Some(scene.account.external.as_str());
    let payment = [(ReadKind::Payment, "1")];
    hinted(&scene, &notice("a", "payment", account), &payment).await;
    let none = claim(store, 50, LEASE, &[scene.account.id]).await.unwrap();
    assert!(none.is_empty());
    let mine = claimed(&scene).await.remove(0);
    retry(store, &mine, Duration::ZERO, "breaker", false)
        .await
        .unwrap();
    let mine = claimed(&scene).await.remove(0);
    assert_eq!(mine.attempts, 0);
    retry(store, &mine, Duration::ZERO, "timeout", true)
        .await
        .unwrap();
    let mine = claimed(&scene).await.remove(0);
    assert_eq!(mine.attempts, 1);
    retry(store, &mine, Duration::from_mins(10), "timeout", true)
        .await
        .unwrap();
    assert!(claimed(&scene).await.is_empty(), "not before its time");
    // A new hint brings it forward, and not at once.
    hinted(&scene, &notice("b", "payment", account), &payment).await;
    assert!(claimed(&scene).await.is_empty());
    let soon: bool = sqlx::query_scalar(
        "SELECT not_before < clock_timestamp() + interval '6 seconds' FROM payment_reads",
    )
    .fetch_one(scene.database.pool())
    .await
    .unwrap();
    assert!(soon);
}

#[tokio::test]
async fn a_notice_whose_body_names_nobody_is_read_with_every_account_of_which_there_are_few() {
    let scene = Scene::open(1).await;
    let other = scene.database.lodge(1).await;
    crate::mercadopago::Account::of(&scene.database, &other).await;
    let payment = [(ReadKind::Payment, "1")];
    let item = notice("a", "payment", Some("somebody"));
    assert_eq!(hinted(&scene, &item, &payment).await, Hinted::Noted);
    assert_eq!(claimed(&scene).await.len(), 2);

    for _ in 0..9 {
        let lodge = scene.database.lodge(1).await;
        crate::mercadopago::Account::of(&scene.database, &lodge).await;
    }
    let item = notice("b", "payment", None);
    let rejected = hinted(&scene, &item, &payment).await;
    assert!(matches!(rejected, Hinted::Rejected(_)), "{rejected:?}");
    assert_eq!(verdict(&scene, "b").await, "rejected");
    assert_eq!(scene.matters().await, ["payment_unknown"]);
}

#[tokio::test]
async fn a_fraud_alert_is_told_and_what_says_nothing_is_kept() {
    let scene = Scene::open(1).await;
    let account = Some(scene.account.external.as_str());
    let alert = InboxItem {
        payload: br#"{"item":{"data":{"payment_id":42}}}"#,
        ..notice("a", "stop_delivery_op_wh", account)
    };
    assert_eq!(hinted(&scene, &alert, &[]).await, Hinted::Noted);
    let subject: String =
        sqlx::query_scalar("SELECT subject FROM attention WHERE kind = 'payment_fraud_alert'")
            .fetch_one(scene.database.pool())
            .await
            .unwrap();
    assert_eq!(subject, "mercadopago:42");
    let nothing = hinted(&scene, &notice("b", "wallet_connect", account), &[]).await;
    assert!(matches!(nothing, Hinted::Rejected(_)));
    assert_eq!(verdict(&scene, "b").await, "rejected");
    assert_eq!(rows(&scene).await, 0);
}

#[tokio::test]
async fn a_payment_nobody_knows_is_told_once_and_may_be_wanted_again() {
    let scene = Scene::open(1).await;
    let store = scene.database.store();
    let account = Some(scene.account.external.as_str());
    hinted(
        &scene,
        &notice("a", "payment", account),
        &[(ReadKind::Payment, "123456")],
    )
    .await;
    let mine = claimed(&scene).await.remove(0);
    unknown(store, &mine, "404 2000").await.unwrap();
    assert!(claimed(&scene).await.is_empty());
    assert_eq!(scene.matters().await, ["payment_unknown"]);
    let mut conn = store.acquire().await.unwrap();
    want(
        &mut conn,
        scene.lodge.tenant,
        scene.account.id,
        ReadKind::Payment,
        "123456",
    )
    .await
    .unwrap();
    assert_eq!(claimed(&scene).await.len(), 1);
}
