//! Ten minutes without Mercado Pago: its API answers nobody, people pay all the same, and their notices come.
//!
//! Guests who paid are confirmed when it is back, without an attempt used up. Guests whose hold would end meanwhile have
//! it prolonged, once, and are told why; guests who book meanwhile are told that the link has to wait. Nothing is lost.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use futures_util::future::join_all;
use sqlx::PgPool;
use tokio::time::Instant;

use super::load;
use super::pay::till;
use super::questions::{books, count, settle, until};
use super::report::Report;
use super::setting::Setting;
use crate::mercadopago::{Gone, Pay};
use crate::script::owner::Owner;
use crate::script::stay::Calendar;
use crate::script::{End, Player, Script, Silent, Step, pay};
use crate::stack::Stack;

/// How long it is away.
const AWAY: Duration = Duration::from_mins(10);
/// Everything that waited is done so soon after.
const BACK_WITHIN: Duration = Duration::from_mins(2);
const PATIENCE: Duration = Duration::from_mins(2);

/// Guests who pay at the beginning of it, and those whose holds end during it: some pay late in it, some never.
const PAYERS: usize = 6;
const ENDING_AND_PAYING: usize = 3;
const ENDING: usize = 3;
/// Guests who book during it.
const NEW: usize = 3;
/// From its beginning, the holds of the second kind end after this.
const ENDS_AFTER: &str = "4 minutes";

const PROLONGED: &str = "SELECT count(*) FROM hold_prolongations WHERE reason = 'outage'";
const CONFIRMED: &str = "SELECT count(*) FROM reservations WHERE status = 'confirmed'";
const ATTEMPTS: &str = "SELECT coalesce(max(attempts), 0)::bigint FROM payment_reads";

static HOLDS: Script = Script {
    name: "holds",
    about: "holds, and is sent a link",
    guest: "Olga",
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

static MEANWHILE: Script = Script {
    name: "meanwhile",
    about: "books while no link can be made, and hears so; the link comes later",
    guest: "Pía",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola! hay lugar {range} para 2?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::IsTold("Mercado Pago no"),
    ],
    ends: &[End::Bookings("held", 1)],
};

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("outage");
    let plan = super::desk::six_cabins(setting.plan("outage")?)?;
    let mut stack = setting.up(plan).await?;
    let owner = Owner::new(&stack).await?;
    let guests = PAYERS + ENDING_AND_PAYING + ENDING;
    let calendar = Calendar::default();
    let before = play(&stack, &owner, &calendar, &HOLDS, 0..guests).await?;
    report.check("guests with a link", before == guests, before);

    let began = Instant::now();
    stack.mercadopago.down(Gone::Closed, Some(AWAY));
    for n in 0..PAYERS {
        pays(&stack, n).await?;
    }
    for n in PAYERS..guests {
        ends_soon(&stack.database, &load::phone(n)).await?;
    }
    let new = play(&stack, &owner, &calendar, &MEANWHILE, guests..guests + NEW).await?;
    report.check(
        "guests who book meanwhile and hear the truth",
        new == NEW,
        new,
    );

    let wanted = i64::try_from(ENDING_AND_PAYING + ENDING)?;
    let prolonged = until(&stack.database, PROLONGED, |n| n >= wanted, AWAY / 2).await?;
    report.check("holds prolonged, once each", prolonged == wanted, prolonged);
    let told = told(&stack, PAYERS..guests, "Mercado Pago no").await;
    report.check(
        "of them, guests who were told why",
        told == guests - PAYERS,
        told,
    );
    for n in PAYERS..PAYERS + ENDING_AND_PAYING {
        pays(&stack, n).await?;
    }
    let confirmed = count(&stack.database, CONFIRMED).await?;
    report.zero(
        "bookings confirmed without having read a payment",
        confirmed,
    );
    tokio::time::sleep(AWAY.saturating_sub(began.elapsed())).await;

    let paid = i64::try_from(PAYERS + ENDING_AND_PAYING)?;
    let back = Instant::now();
    let confirmed = until(&stack.database, CONFIRMED, |n| n == paid, BACK_WITHIN).await?;
    report.figure(
        "seconds until all who had paid were confirmed",
        back.elapsed().as_secs(),
    );
    report.check("confirmed when it was back", confirmed == paid, confirmed);
    for n in guests..guests + NEW {
        let link = pay::sent(&stack, &load::phone(n), None, PATIENCE).await;
        report.check("a link came when it was back", link.is_ok(), link.is_ok());
    }
    let attempts = count(&stack.database, ATTEMPTS).await?;
    report.check(
        "most attempts used up by one reading",
        attempts <= 5,
        attempts,
    );
    let settled = settle(&stack, PATIENCE).await? && till::settled(&stack, PATIENCE).await?;
    report.check(
        "everything settled",
        settled,
        if settled { "yes" } else { "no" },
    );
    till::compare(&stack, &mut report).await?;
    till::ledger(&stack, &mut report).await?;
    books(&mut stack, &mut report).await?;
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

/// These guests play the script; how many could.
async fn play(
    stack: &Stack,
    owner: &Owner,
    calendar: &Calendar,
    script: &'static Script,
    guests: std::ops::Range<usize>,
) -> anyhow::Result<usize> {
    let mut players = Vec::new();
    for n in guests {
        players.push(Player {
            stack,
            owner,
            script,
            phone: load::phone(n),
            stay: Some(calendar.next(stack, script.nights, script.party).await?),
            voice: Silent,
            patience: PATIENCE,
        });
    }
    let played = join_all(players.iter().map(Player::play)).await;
    for error in played.iter().filter_map(|played| played.as_ref().err()) {
        eprintln!("outage: {error:#}");
    }
    Ok(played.iter().filter(|played| played.is_ok()).count())
}

async fn pays(stack: &Stack, n: usize) -> anyhow::Result<()> {
    let link = pay::sent(stack, &load::phone(n), None, PATIENCE).await?;
    stack
        .mercadopago
        .pay(&Pay::link(pay::preference(&link)?))
        .map(|_| ())
        .context("could not pay")
}

/// The hold of this guest ends in a few minutes.
async fn ends_soon(database: &PgPool, phone: &str) -> anyhow::Result<()> {
    let mut tx = database.begin().await.context("could not begin")?;
    let held: Vec<sqlx::types::Uuid> = sqlx::query_scalar(
        "UPDATE reservations SET hold_expires_at = clock_timestamp() + $2::text::interval
         WHERE status = 'held' AND guest_id IN (SELECT guest_id FROM guest_aliases WHERE value = $1)
         RETURNING id",
    )
    .bind(phone)
    .bind(ENDS_AFTER)
    .fetch_all(&mut *tx)
    .await
    .context("could not move the hold's end")?;
    ensure!(held.len() == 1, "{} holds", held.len());
    for statement in [
        "UPDATE claims c SET expires_at = r.hold_expires_at FROM stays s JOIN reservations r ON r.id = s.reservation_id
         WHERE c.stay_id = s.id AND c.kind = 'hold' AND r.id = ANY($1)",
        "UPDATE payment_requests q SET expires_at = r.hold_expires_at FROM reservations r
         WHERE r.id = q.reservation_id AND q.state = 'open' AND r.id = ANY($1)",
    ] {
        sqlx::query(statement)
            .bind(&held)
            .execute(&mut *tx)
            .await
            .context("could not move what ends with the hold")?;
    }
    tx.commit().await.context("could not move the hold's end")
}

/// How many of these guests were told something with this in it.
async fn told(stack: &Stack, guests: std::ops::Range<usize>, part: &str) -> usize {
    let began = Instant::now();
    let wanted = guests.len();
    loop {
        let told = guests.clone().filter(|n| {
            let chat = stack.simulator.chat(&load::phone(*n));
            chat.replies()
                .any(|it| crate::script::player::words(it).contains(part))
        });
        let told = told.count();
        if told == wanted || began.elapsed() > Duration::from_secs(30) {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
