//! One captured notice ten thousand times with other bodies; forged notices; notices of payments that are not what was
//! asked for.
//!
//! The signature covers id, request and time, not the body: whoever has one notice can write a million bodies around
//! it. They must all be the same notice. Redis forgets twice on the way, so that the inbox has to know.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use secrecy::SecretString;
use serde_json::json;
use tokio::task::JoinSet;
use url::Url;

use super::load;
use super::pay::till;
use super::questions::{books, count, settle, until};
use super::report::Report;
use super::setting::Setting;
use crate::mercadopago::{Amount, Notice, Pay, signature};
use crate::script::owner::Owner;
use crate::script::stay::Calendar;
use crate::script::{End, Player, Script, Silent, Step, pay};
use crate::stack::Stack;

const COPIES: usize = 10_000;
const AT_ONCE: usize = 32;
const SETTLE: Duration = Duration::from_mins(1);
/// The types a notice can claim, once each: `type` is not signed.
const MOST_ROWS: i64 = 16;

const INBOX: &str = "SELECT count(*) FROM inbound_events WHERE source = 'mercadopago'";
const PAYMENTS: &str = "SELECT count(*) FROM payments";
const LINES: &str = "SELECT count(*) FROM ledger_entries";
const CONFIRMED: &str = "SELECT count(*) FROM reservations WHERE status = 'confirmed'";

static HOLDS: Script = Script {
    name: "holds",
    about: "holds, and is sent a link",
    guest: "Replay",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola! hay lugar {range} para 2?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::OpensLink,
    ],
    ends: &[End::Bookings("held", 1)],
};

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("replay");
    let plan = super::desk::six_cabins(setting.plan("replay")?)?;
    let mut stack = setting.up(plan).await?;
    let owner = Owner::new(&stack).await?;
    let links = links(&stack, &owner, 4).await?;
    replays(
        setting,
        &stack,
        links.first().context("no link")?,
        &mut report,
    )
    .await?;
    forgeries(&stack, &mut report).await?;
    mismatches(&stack, links.get(1..).unwrap_or_default(), &mut report).await?;
    let settled = settle(&stack, SETTLE).await? && till::settled(&stack, SETTLE).await?;
    report.check(
        "everything settled",
        settled,
        if settled { "yes" } else { "no" },
    );
    till::ledger(&stack, &mut report).await?;
    books(&mut stack, &mut report).await?;
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

/// So many guests with a link each.
async fn links(stack: &Stack, owner: &Owner, guests: usize) -> anyhow::Result<Vec<String>> {
    let calendar = Calendar::default();
    let mut links = Vec::new();
    for n in 0..guests {
        let player = Player {
            stack,
            owner,
            script: &HOLDS,
            phone: load::phone(n),
            stay: Some(calendar.next(stack, HOLDS.nights, HOLDS.party).await?),
            voice: Silent,
            patience: Duration::from_secs(20),
        };
        player.play().await?;
        let link = pay::sent(stack, &player.phone, None, player.patience).await?;
        links.push(pay::preference(&link)?);
    }
    Ok(links)
}

/// Where notices go.
fn address(stack: &Stack) -> anyhow::Result<Url> {
    let url = stack
        .setting("MERCADOPAGO_NOTIFICATION_URL")
        .context("no address for notices")?;
    let url: Url = url.parse().context("the address of notices is no URL")?;
    Ok(url)
}

async fn replays(
    setting: &Setting,
    stack: &Stack,
    link: &str,
    report: &mut Report,
) -> anyhow::Result<()> {
    let paid = stack.mercadopago.pay(&Pay::link(link).silently())?;
    let captured = stack
        .mercadopago
        .notice(paid.payment_id, &address(stack)?)?;
    let first = stack.mercadopago.post(&captured).await;
    ensure!(first == Some(200), "the notice was answered with {first:?}");
    let confirmed = until(&stack.database, CONFIRMED, |n| n == 1, SETTLE).await?;
    ensure!(confirmed == 1, "the payment confirmed nothing");
    ensure!(till::settled(stack, SETTLE).await?, "nothing settled");
    let before = (
        stack.mercadopago.reads_of(paid.payment_id),
        count(&stack.database, INBOX).await?,
        count(&stack.database, LINES).await?,
    );
    let mut refused = 0;
    for part in 0..4 {
        refused += flood(stack, &captured, setting.seed + part, COPIES / 4).await?;
        setting.forget().await?;
    }
    ensure!(till::settled(stack, SETTLE).await?, "nothing settled");
    settle(stack, SETTLE).await?;
    let reads = stack.mercadopago.reads_of(paid.payment_id);
    let grown = count(&stack.database, INBOX).await? - before.1;
    let lines = count(&stack.database, LINES).await? - before.2;
    report.figure("copies of one notice, with other bodies", COPIES);
    report.figure("reads of the payment by the first notice", before.0);
    report.check(
        "copies that were not answered with 200",
        refused == 0,
        refused,
    );
    report.check(
        "reads of the payment by the copies",
        reads == before.0,
        reads - before.0,
    );
    report.check("rows the inbox grew by", grown <= MOST_ROWS, grown);
    report.zero("lines the ledger grew by", lines);
    let payments = count(&stack.database, PAYMENTS).await?;
    report.check("payments known", payments == 1, payments);
    Ok(())
}

/// The captured notice so many times, each around another body. How many were not taken.
async fn flood(
    stack: &Stack,
    captured: &Notice,
    seed: u64,
    copies: usize,
) -> anyhow::Result<usize> {
    let captured = Arc::new(captured.clone());
    let mut rng = StdRng::seed_from_u64(seed);
    let mut flying = JoinSet::new();
    let mut refused = 0;
    for n in 0..copies {
        let mut notice = Notice::clone(&captured);
        notice.body = altered(&captured.body, n, &mut rng);
        let mercadopago = stack.mercadopago.clone();
        flying.spawn(async move { mercadopago.post(&notice).await });
        if flying.len() >= AT_ONCE {
            let answered = flying.join_next().await.context("nothing flies")??;
            refused += usize::from(answered != Some(200));
        }
    }
    while let Some(answered) = flying.join_next().await {
        refused += usize::from(answered? != Some(200));
    }
    Ok(refused)
}

fn altered(body: &[u8], n: usize, rng: &mut StdRng) -> Vec<u8> {
    let mut json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    match n % 8 {
        0 => json["id"] = json!(rng.random::<u32>()),
        1 => json["action"] = json!(format!("payment.{n}")),
        2 => json["data"]["id"] = json!(rng.random::<u32>().to_string()),
        3 => json["user_id"] = json!(rng.random::<u32>()),
        4 => json["type"] = json!(["payment", "order", "delivery", "wallet_connect"][n / 8 % 4]),
        5 => return vec![b'{'; n % 4_000],
        6 => return Vec::new(),
        _ => json["more"] = json!("x".repeat(n % 5_000)),
    }
    json.to_string().into_bytes()
}

/// Nothing of what nobody signed gets in.
async fn forgeries(stack: &Stack, report: &mut Report) -> anyhow::Result<()> {
    let payment = stack.mercadopago.payments();
    let payment = payment.first().context("no payment")?.payment_id;
    let real = stack.mercadopago.notice(payment, &address(stack)?)?;
    let inbox = count(&stack.database, INBOX).await?;
    let reads = stack.mercadopago.reads_of(payment);
    let mut taken = 0;
    for n in 0..200_u64 {
        let mut forged = real.clone();
        let header = |forged: &mut Notice, name: &str, value: Option<String>| {
            forged
                .headers
                .retain(|(it, _)| !it.eq_ignore_ascii_case(name));
            if let Some(value) = value {
                forged.headers.push(("x-signature", value));
            }
        };
        let id = (payment + n + 1).to_string();
        match n % 4 {
            0 => header(&mut forged, "x-signature", None),
            1 => header(
                &mut forged,
                "x-signature",
                Some(format!("ts={n},v1={}", "0".repeat(64))),
            ),
            2 => {
                let secret = SecretString::from("somebody else's");
                let ts = (1_790_000_000 + n).to_string();
                let signed = signature(&secret, Some(&id), None, &ts);
                header(&mut forged, "x-signature", Some(signed));
            }
            // A real signature around another payment's id.
            _ => {
                let mut url = address(stack)?;
                url.query_pairs_mut()
                    .append_pair("data.id", &id)
                    .append_pair("type", "payment");
                forged.url = url;
            }
        }
        taken += usize::from(stack.mercadopago.post(&forged).await != Some(401));
    }
    settle(stack, SETTLE).await?;
    report.check("forged notices not answered with 401", taken == 0, taken);
    report.zero(
        "rows of forged notices",
        count(&stack.database, INBOX).await? - inbox,
    );
    report.check(
        "reads by forged notices",
        stack.mercadopago.reads_of(payment) == reads,
        stack.mercadopago.reads_of(payment) - reads,
    );
    Ok(())
}

/// Truly signed notices of payments that do not pay what was asked for.
async fn mismatches(stack: &Stack, links: &[String], report: &mut Report) -> anyhow::Result<()> {
    let confirmed = count(&stack.database, CONFIRMED).await?;
    let known = stack.mercadopago.links();
    let link = |n: usize| {
        let id = links.get(n).context("too few links")?;
        let found = known.iter().find(|it| it.preference_id == *id);
        found.context("the link is not known")
    };
    let reference = link(1)?.reference.clone();
    let told = address(stack)?.to_string();
    let whole = link(1)?.amount;
    let loose = |amount, reference: Option<String>| Pay {
        amount: Some(amount),
        external_reference: reference,
        notification_url: Some(told.clone()),
        ..Pay::default()
    };
    for pay in [
        Pay {
            amount: Some(Amount::cents(1)),
            ..Pay::link(link(0)?.preference_id.as_str())
        },
        Pay {
            collector_id: Some(stack.mercadopago.config().collector_id + 1),
            ..loose(whole, reference.clone())
        },
        Pay {
            currency: Some("USD".into()),
            ..Pay::link(link(2)?.preference_id.as_str())
        },
        loose(whole, Some("NADIE-1".into())),
        loose(whole, None),
    ] {
        stack.mercadopago.pay(&pay)?;
    }
    // Somebody else's payment: it cannot be read with our token.
    let mut strange = stack
        .mercadopago
        .notice(stack.mercadopago.payments()[0].payment_id, &address(stack)?)?;
    let id = "139999999999";
    let ts = "1795000000";
    let secret = &stack.mercadopago.config().webhook_secret;
    let mut url = address(stack)?;
    url.query_pairs_mut()
        .append_pair("data.id", id)
        .append_pair("type", "payment");
    strange.url = url;
    strange
        .headers
        .retain(|(name, _)| !["x-signature", "x-request-id"].contains(name));
    strange.headers.push(("x-request-id", "7c1f".into()));
    strange
        .headers
        .push(("x-signature", signature(secret, Some(id), Some("7c1f"), ts)));
    let answered = stack.mercadopago.post(&strange).await;
    ensure!(
        answered == Some(200),
        "a signed notice was answered with {answered:?}"
    );
    for (kind, wanted) in [
        ("payment_orphan", 2),
        ("payment_foreign", 1),
        ("payment_unknown", 1),
        ("payment_short", 1),
    ] {
        let seen = matters(stack, kind, wanted).await?;
        report.check(
            &format!("on the owner's list: {kind}"),
            seen == wanted,
            seen,
        );
    }
    ensure!(till::settled(stack, SETTLE).await?, "nothing settled");
    let now = count(&stack.database, CONFIRMED).await?;
    report.zero(
        "bookings confirmed by payments that do not pay",
        now - confirmed,
    );
    let back = count(
        &stack.database,
        "SELECT count(*) FROM refunds WHERE reason = 'wrong_currency' AND state = 'done'",
    );
    let back = back.await?;
    report.check("payments in another currency given back", back == 1, back);
    Ok(())
}

/// Waits until so many matters of a kind are on the owner's list.
async fn matters(stack: &Stack, kind: &str, wanted: i64) -> anyhow::Result<i64> {
    let began = tokio::time::Instant::now();
    loop {
        let seen: i64 = sqlx::query_scalar("SELECT count(*) FROM attention WHERE kind = $1")
            .bind(kind)
            .fetch_one(&stack.database)
            .await
            .context("could not read the owner's list")?;
        // Somebody else's id is asked for again within a minute before it is believed.
        if seen >= wanted || began.elapsed() > Duration::from_secs(100) {
            return Ok(seen);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
