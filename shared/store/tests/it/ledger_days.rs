//! The ledger against Mercado Pago, day by day, and against itself.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use posta_store::payments::{
    check::{self, LedgerReport},
    reads::{self, ReadKind},
    reconcile::{self, Compared},
};

use crate::payments_scene::Scene;

fn there(at: DateTime<Utc>) -> NaiveDate {
    (at - TimeDelta::hours(4)).date_naive()
}

async fn report(scene: &Scene) -> LedgerReport {
    let mut tx = check::still(scene.database.store()).await.unwrap();
    check::check(&mut tx, Some(scene.lodge.tenant))
        .await
        .unwrap()
}

async fn compare(
    scene: &Scene,
    day: NaiveDate,
    listed: &[posta_domain::payment::Snapshot],
) -> Compared {
    let pool = scene.database.pool();
    let reading = scene.account.reading(pool, &scene.lodge).await;
    reconcile::compare(scene.database.store(), &reading, day, listed)
        .await
        .unwrap()
}

async fn wanted(scene: &Scene) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT resource FROM payment_reads WHERE kind = 'payment' AND done_at IS NULL ORDER BY 1",
    )
    .fetch_all(scene.database.pool())
    .await
    .unwrap()
}

#[tokio::test]
async fn a_day_says_what_came_what_went_and_what_was_kept() {
    let scene = Scene::open(1).await;
    let (_, mut remote) = scene.confirmed(1).await;
    scene.read(&remote.gives_back(7, 2_000_000)).await;
    let report = report(&scene).await;
    assert_eq!(report.problems, Vec::<String>::new());
    assert_eq!(report.days.len(), 1);
    let day = report.days.first().unwrap();
    assert_eq!((day.received, day.count), (15_000_000, 1));
    assert_eq!((day.refunded, day.charged_back), (2_000_000, 0));
    assert_eq!((day.fees, day.withholdings), (750_000, 150_000));
    assert_eq!(day.net, 15_000_000 - 750_000 - 150_000 - 2_000_000);
    assert_eq!((day.theirs, day.theirs_back), (15_000_000, 2_000_000));
    assert!(day.agrees());
    assert_eq!(day.reconciled, None);
    assert_eq!(day.day, there(remote.read().approved_at.unwrap()));
}

#[tokio::test]
async fn orphans_disputes_and_placed_orphans_count_once() {
    let scene = Scene::open(2).await;
    let (booking, mut remote) = scene.confirmed(1).await;
    let mut orphan = scene.payment(2, &booking, 50_000).with(|said| {
        said.external_reference = Some("otra-cosa".into());
    });
    let applied = scene.read(&orphan.becomes("approved", "accredited")).await;
    assert_eq!(report(&scene).await.problems, Vec::<String>::new());
    posta_store::payments::orphans::assign(
        scene.database.store(),
        &scene.lodge.by,
        applied.payment,
        booking.id,
    )
    .await
    .unwrap();
    scene
        .read(&remote.becomes("charged_back", "in_process"))
        .await;
    let report = report(&scene).await;
    assert_eq!(report.problems, Vec::<String>::new());
    let day = report.days.first().unwrap();
    assert_eq!((day.received, day.count), (20_000_000, 2));
    assert_eq!(day.charged_back, 15_000_000);
    scene.balances().await;
}

#[tokio::test]
async fn what_contradicts_itself_is_said() {
    let scene = Scene::open(1).await;
    scene.confirmed(1).await;
    for (broken, mended) in [
        (
            "UPDATE payments SET refunded = 1",
            "UPDATE payments SET refunded = 0",
        ),
        (
            "UPDATE payments SET amount = amount + 1",
            "UPDATE payments SET amount = amount - 1",
        ),
        (
            "UPDATE reservations SET charge_total = 1",
            "UPDATE reservations SET charge_total = 30000000",
        ),
        (
            "INSERT INTO refunds (tenant_id, id, reservation_id, currency, amount, reason, state)
             SELECT tenant_id, gen_random_uuid(), id, 'ARS', 1, 'x', 'done' FROM reservations",
            "DELETE FROM refunds",
        ),
        (
            "INSERT INTO credits (tenant_id, id, guest_id, reservation_id, currency, amount, expires_at)
             SELECT tenant_id, gen_random_uuid(), guest_id, id, 'ARS', 1, now() FROM reservations",
            "DELETE FROM credits",
        ),
    ] {
        let run = |sql: &'static str| sqlx::query(sql).execute(scene.database.pool());
        run(broken).await.unwrap();
        assert_ne!(report(&scene).await.problems, Vec::<String>::new(), "{broken}");
        run(mended).await.unwrap();
        assert_eq!(report(&scene).await.problems, Vec::<String>::new(), "{mended}");
    }
}

#[tokio::test]
async fn a_day_that_agrees_is_kept_as_compared() {
    let scene = Scene::open(1).await;
    let (_, remote) = scene.confirmed(1).await;
    let day = there(remote.read().approved_at.unwrap());
    let compared = compare(&scene, day, &[remote.read().clone()]).await;
    assert_eq!(compared, Compared::default());
    let days = report(&scene).await.days;
    assert_eq!(days.first().unwrap().reconciled, Some(true));
    // A list that leaves out what we have read is no contradiction; a day with nothing is one that was compared.
    assert_eq!(compare(&scene, day, &[]).await, Compared::default());
    let before = day.pred_opt().unwrap();
    assert_eq!(compare(&scene, before, &[]).await, Compared::default());
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM reconciliations")
        .fetch_one(scene.database.pool())
        .await
        .unwrap();
    assert_eq!(count, 2);
}

#[tokio::test]
async fn a_payment_nobody_told_us_of_is_read_and_the_owner_hears_if_that_does_not_help() {
    let scene = Scene::open(1).await;
    let booking = scene.held(10, 13).await;
    let mut remote = scene.payment(1, &booking, 150_000);
    let said = remote.becomes("approved", "accredited");
    let day = there(said.approved_at.unwrap());
    let listed = [said.clone()];

    let compared = compare(&scene, day, &listed).await;
    assert_eq!((compared.wanted, compared.differing), (1, 1));
    assert_eq!(wanted(&scene).await, ["1"]);
    assert!(scene.matters().await.is_empty(), "it is being read");

    assert_eq!(compare(&scene, day, &listed).await.differing, 1);
    assert_eq!(scene.matters().await, ["reconciliation_differs"]);
    let problems = report(&scene).await.problems;
    assert_eq!(problems.len(), 1, "{problems:?}");

    scene.read(&said).await;
    assert_eq!(compare(&scene, day, &listed).await, Compared::default());
    assert!(scene.matters().await.is_empty());
    assert_eq!(report(&scene).await.problems, Vec::<String>::new());
}

#[tokio::test]
async fn a_refund_nobody_told_us_of_is_found_by_the_days_list() {
    let scene = Scene::open(1).await;
    let (_, mut remote) = scene.confirmed(1).await;
    let day = there(remote.read().approved_at.unwrap());
    let said = remote.gives_back(7, 1_000_000);
    let compared = compare(&scene, day, std::slice::from_ref(&said)).await;
    assert_eq!((compared.wanted, compared.differing), (1, 1));
    assert!(!report(&scene).await.problems.is_empty());
    scene.read(&said).await;
    let compared = compare(&scene, day, &[said]).await;
    assert_eq!(compared, Compared::default());
    assert_eq!(report(&scene).await.problems, Vec::<String>::new());
}

#[tokio::test]
async fn a_list_older_than_a_reading_wants_nothing() {
    let scene = Scene::open(1).await;
    let (_, mut remote) = scene.confirmed(1).await;
    let old = remote.read().clone();
    scene.read(&remote.gives_back(7, 1_000_000)).await;
    let day = there(old.approved_at.unwrap());
    assert_eq!(compare(&scene, day, &[old]).await, Compared::default());
}

#[tokio::test]
async fn each_day_that_is_over_is_wanted_until_it_has_been_compared() {
    let scene = Scene::open(1).await;
    let pool = scene.database.pool();
    let store = scene.database.store();
    assert_eq!(reconcile::want_days(store).await.unwrap(), 0, "no day yet");
    sqlx::query("UPDATE channel_accounts SET created_at = created_at - interval '30 days'")
        .execute(pool)
        .await
        .unwrap();
    // Before three in the morning, yesterday is not over.
    let all = reconcile::want_days(store).await.unwrap();
    assert!((6..=7).contains(&all), "{all}");
    assert_eq!(reconcile::want_days(store).await.unwrap(), 0);
    let claimed = reads::claim(store, 10, Duration::from_mins(1), &[])
        .await
        .unwrap();
    assert_eq!(claimed.len(), usize::try_from(all).unwrap());
    for read in &claimed {
        assert_eq!(read.kind, ReadKind::Day);
        let day: NaiveDate = read.resource.parse().unwrap();
        compare(&scene, day, &[]).await;
        reads::done(store, read, "compared").await.unwrap();
    }
    assert_eq!(reconcile::want_days(store).await.unwrap(), 0);
    // One that differed is compared again, after an hour.
    sqlx::query(
        "UPDATE reconciliations SET theirs = 1 WHERE day = (SELECT max(day) FROM reconciliations)",
    )
    .execute(pool)
    .await
    .unwrap();
    assert_eq!(reconcile::want_days(store).await.unwrap(), 0);
    sqlx::query("UPDATE reconciliations SET at = at - interval '61 minutes'")
        .execute(pool)
        .await
        .unwrap();
    let again = reconcile::want_days(store).await.unwrap();
    assert!((1..=2).contains(&again), "{again}");
}
