//! Links to pay: one for each request, also when making it went wrong.

use axum::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use posta_runtime::clock::{Clock as _, SystemClock};
use serde_json::Value;

use crate::{
    bench::{Bench, payment_notice},
    mercado::{self, Fault},
};

const LIVE: &str = "SELECT count(*) FROM payment_links WHERE state = 'live'";
const CLOSED: &str = "SELECT count(*) FROM payment_links WHERE state = 'closed'";

fn ends(link: &Value) -> DateTime<Utc> {
    link["expiration_date_to"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

fn is_open(link: &Value) -> bool {
    ends(link) > SystemClock.now()
}

#[tokio::test]
async fn a_hold_gets_a_link_that_says_what_is_paid_and_ends_when_the_hold_does() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let worker = bench.worker();
    bench.until(LIVE, 1).await;
    worker.stop().await;
    let [made] = bench
        .mercado
        .preferences(&held.reference)
        .try_into()
        .unwrap();
    let booking = bench.booking(&held).await;
    let item = &made["items"][0];
    let title = item["title"].as_str().unwrap();
    assert!(
        title.starts_with(&format!(
            "Seña de la reserva {} · Lago · del ",
            booking.code
        )),
        "{title}"
    );
    assert_eq!(item["unit_price"].to_string(), "100000");
    assert_eq!(
        made["back_urls"]["success"],
        "https://posta.example/pago/ok"
    );
    assert_eq!(made["notification_url"], "https://posta.example/hooks");
    let until = booking.requests[0].expires_at.unwrap();
    assert!(
        (ends(&made) - until).abs() < TimeDelta::milliseconds(2),
        "{until}"
    );
    assert_eq!(
        booking.requests[0].link.as_ref().unwrap().url.as_deref(),
        made["init_point"].as_str()
    );
}

#[tokio::test]
async fn a_link_whose_making_got_no_answer_is_found_and_not_made_again() {
    for fault in [Fault::LostAfter, Fault::EmptyAfter] {
        let bench = Bench::open().await;
        let held = bench.held().await;
        bench.mercado.fails(Method::POST, "preferences", fault);
        let worker = bench.worker();
        bench.until("SELECT count(*) FROM payment_links WHERE tried_at IS NOT NULL AND error IS NOT NULL", 1).await;
        bench
            .run("UPDATE payment_links SET not_before = clock_timestamp()")
            .await;
        bench.until(LIVE, 1).await;
        worker.stop().await;
        assert_eq!(bench.mercado.preferences(&held.reference).len(), 1);
        assert_eq!(bench.mercado.calls(&Method::POST, "preferences"), 1);
    }
}

#[tokio::test]
async fn a_link_that_was_never_made_is_made_at_the_second_try() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    bench
        .mercado
        .fails(Method::POST, "preferences", Fault::LostBefore);
    let worker = bench.worker();
    bench
        .until(
            "SELECT count(*) FROM payment_links WHERE error IS NOT NULL",
            1,
        )
        .await;
    bench
        .run("UPDATE payment_links SET not_before = clock_timestamp()")
        .await;
    bench.until(LIVE, 1).await;
    worker.stop().await;
    assert_eq!(bench.mercado.preferences(&held.reference).len(), 1);
}

#[tokio::test]
async fn of_several_links_the_newest_that_fits_is_taken_and_the_others_end() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    bench
        .run("UPDATE payment_links SET tried_at = clock_timestamp()")
        .await;
    bench.mercado.preference(&held.reference, 100_000);
    let newest = bench.mercado.preference(&held.reference, 100_000);
    let dearer = bench.mercado.preference(&held.reference, 999_999);
    let worker = bench.worker();
    bench.until(LIVE, 1).await;
    worker.stop().await;
    assert_eq!(
        bench.text("SELECT preference_id FROM payment_links").await,
        newest
    );
    assert_eq!(bench.mercado.calls(&Method::POST, "preferences"), 0);
    let all = bench.mercado.preferences(&held.reference);
    let open: Vec<_> = all
        .iter()
        .filter(|one| is_open(one))
        .map(|one| &one["id"])
        .collect();
    assert_eq!(open, [&newest], "not {dearer}");
}

#[tokio::test]
async fn a_link_ends_when_its_request_is_paid_with_every_other_of_its_reference() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let worker = bench.worker();
    bench.until(LIVE, 1).await;
    bench.mercado.preference(&held.reference, 100_000);
    let payment = bench.mercado.paid(&held.reference, 100_000);
    bench.notice(&payment_notice(&payment, "r1")).await;
    bench.until(CLOSED, 1).await;
    worker.stop().await;
    let all = bench.mercado.preferences(&held.reference);
    assert!(all.len() == 2 && !all.iter().any(is_open), "{all:?}");
}

#[tokio::test]
async fn a_link_moves_its_end_with_the_request() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let worker = bench.worker();
    bench.until(LIVE, 1).await;
    let before = ends(&bench.mercado.preferences(&held.reference)[0]);
    bench
        .run("UPDATE payment_requests SET expires_at = expires_at + interval '1 hour'")
        .await;
    let moved = "SELECT count(*) FROM payment_links l JOIN payment_requests q ON q.id = l.payment_request_id
                 WHERE l.state = 'live' AND l.expires_at = q.expires_at";
    bench.until(moved, 1).await;
    worker.stop().await;
    let [link] = bench
        .mercado
        .preferences(&held.reference)
        .try_into()
        .unwrap();
    assert_eq!(ends(&link) - before, TimeDelta::hours(1));
}

#[tokio::test]
async fn while_nobody_can_make_a_link_no_attempt_is_used_up_and_one_is_made_in_the_end() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    bench.mercado.down(true);
    let worker = bench.worker();
    let asked = || bench.mercado.calls(&Method::POST, "preferences");
    let deadline = tokio::time::Instant::now() + crate::bench::DEADLINE;
    while asked() + bench.mercado.calls(&Method::GET, "preferences/search") < 5 {
        assert!(tokio::time::Instant::now() < deadline, "it goes on trying");
        bench
            .run("UPDATE payment_links SET not_before = clock_timestamp()")
            .await;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(
        bench
            .number("SELECT attempts::bigint FROM payment_links")
            .await
            <= 3,
        "before the breaker opened"
    );
    bench.mercado.down(false);
    bench
        .run("UPDATE payment_links SET not_before = clock_timestamp()")
        .await;
    bench.until(LIVE, 1).await;
    worker.stop().await;
    assert_eq!(bench.mercado.preferences(&held.reference).len(), 1);
}

#[tokio::test]
async fn a_link_mercado_pago_will_never_make_is_told_to_the_owner() {
    let bench = Bench::open().await;
    bench.held().await;
    let (status, body) =
        mercado::error(400, 1001, "Date format must be yyyy-MM-dd'T'HH:mm:ss.SSSZ");
    bench
        .mercado
        .fails(Method::POST, "preferences", Fault::Answer(status, body));
    let worker = bench.worker();
    bench
        .until(
            "SELECT count(*) FROM attention WHERE kind = 'link_failed'",
            1,
        )
        .await;
    worker.stop().await;
    assert_eq!(
        bench.text("SELECT state FROM payment_links").await,
        "failed"
    );
    assert_eq!(bench.mercado.calls(&Method::POST, "preferences"), 1);
    assert!(
        bench
            .text("SELECT error FROM payment_links")
            .await
            .contains("bad-request")
    );
}

#[tokio::test]
async fn a_link_whose_money_would_be_another_accounts_is_given_to_nobody() {
    let bench = Bench::open().await;
    bench.held().await;
    bench
        .run("UPDATE channel_accounts SET external_id = '999' WHERE provider = 'mercadopago'")
        .await;
    let worker = bench.worker();
    let refused =
        "SELECT count(*) FROM payment_links WHERE state = 'wanted' AND attempts = 1 AND url IS NULL
                   AND error LIKE '%999%'";
    bench.until(refused, 1).await;
    worker.stop().await;
}
