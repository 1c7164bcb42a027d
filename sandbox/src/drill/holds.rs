//! A holiday weekend: five hundred guests want the same few cabins at the same moment, for ranges that overlap in every
//! way, one or two cabins at a time, through several `api` processes. Twenty times over; then again with Redis killed,
//! and with Redis flushed in the middle.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::desk::{Answer, Desk, Want};
use super::questions::count;
use super::report::Report;
use super::setting::Setting;
use crate::stack::Stack;
use crate::stack::services::Service;

/// Guests at the same moment.
const GUESTS: usize = 500;
/// So often.
const ROUNDS: u32 = 20;
/// Nights they fight for; each round has its own.
const NIGHTS: u32 = 14;
/// Processes of `api`; their pools together stay below `PostgreSQL`'s 100 connections.
const PROCESSES: u32 = 4;

/// What is done to Redis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Redis {
    Up,
    Killed,
    Flushed,
}

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("holds");
    for redis in [Redis::Up, Redis::Killed, Redis::Flushed] {
        let plan = setting
            .plan("holds")?
            .only("api", PROCESSES)
            .with("DATABASE_POOL", "22")
            .with("RATE_LIMIT_PER_MINUTE", "1000000");
        let plan = super::desk::six_cabins(plan)?;
        let mut stack = setting.up(plan).await?;
        let desk = Desk::new(&stack).await?;
        if redis == Redis::Killed {
            setting.services.kill(Service::Redis).await?;
        }
        let tally = rounds(setting, &desk, redis).await?;
        if redis == Redis::Killed {
            setting.services.start(Service::Redis).await?;
        }
        judge(&mut report, &stack, redis, &tally).await?;
        for fallen in stack.fallen()? {
            report.check("a process ended by itself", false, fallen);
        }
        stack.stop().await?;
        stack.clean().await?;
    }
    Ok(report)
}

/// What the guests were told.
#[derive(Debug, Default)]
struct Tally {
    statuses: BTreeMap<u16, usize>,
    /// Refused without saying why, or without offering anything else.
    mute: usize,
    /// No answer at all.
    lost: usize,
    codes: Vec<String>,
    slowest: Duration,
}

async fn rounds(setting: &Setting, desk: &Desk, redis: Redis) -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    for number in 0..ROUNDS {
        let mut rng =
            StdRng::seed_from_u64(setting.seed ^ (u64::from(number) << 32) ^ redis as u64);
        let wants: Vec<_> = (0..GUESTS).map(|_| want(&mut rng, desk, number)).collect();
        // Quotes lock nothing; they are had beforehand so that the holds meet.
        let quotes = quotes(desk, wants).await?;
        let start = Arc::new(Barrier::new(quotes.len()));
        let mut guests = JoinSet::new();
        for (n, quote) in quotes.into_iter().enumerate() {
            let (desk, start) = (desk.clone(), Arc::clone(&start));
            guests.spawn(async move {
                start.wait().await;
                desk.hold(n, &quote, &format!("drill-{number}-{n}")).await
            });
        }
        if redis == Redis::Flushed {
            setting.forget().await?;
        }
        while let Some(answer) = guests.join_next().await {
            tally.count(answer.context("a guest panicked")?);
            // In the middle, too, not only before the first.
            if redis == Redis::Flushed && guests.len() == GUESTS / 2 {
                setting.forget().await?;
            }
        }
    }
    Ok(tally)
}

/// One or two cabins, by type or by name, some nights among those of the round.
fn want(rng: &mut StdRng, desk: &Desk, round: u32) -> Want {
    let first = 5 + round * NIGHTS + rng.random_range(0..NIGHTS - 1);
    let nights = rng
        .random_range(1..=5)
        .min(5 + (round + 1) * NIGHTS - first);
    let cabins = rng.random_range(1..=2);
    let mut stays = Vec::new();
    for at in 0..cabins {
        let what = if rng.random_bool(0.5) {
            let kind = (rng.random_range(0..desk.types.len()) + at) % desk.types.len();
            json!({"unit_type": desk.types.get(kind)})
        } else {
            // The second is another cabin than the first: the same one twice is refused before any lock.
            let half = desk.cabins.len() / 2;
            let cabin = rng.random_range(0..half) + at * half;
            json!({"accommodation": desk.cabins.get(cabin)})
        };
        stays.push(what);
    }
    Want {
        stays,
        first,
        nights,
    }
}

async fn quotes(desk: &Desk, wants: Vec<Want>) -> anyhow::Result<Vec<String>> {
    let mut asking = JoinSet::new();
    let mut found = Vec::new();
    for (n, want) in wants.into_iter().enumerate() {
        let desk = desk.clone();
        asking.spawn(async move { desk.quote(n, &want).await });
        // Guests who only look come a few at a time.
        if asking.len() >= 32 {
            found.extend(asking.join_next().await.transpose()?);
        }
    }
    while let Some(quote) = asking.join_next().await {
        found.push(quote?);
    }
    found.into_iter().collect()
}

impl Tally {
    fn count(&mut self, answer: anyhow::Result<Answer>) {
        let Ok(answer) = answer else {
            self.lost += 1;
            return;
        };
        *self.statuses.entry(answer.status).or_default() += 1;
        self.slowest = self.slowest.max(answer.took);
        let text = |name: &str| {
            answer
                .body
                .get(name)
                .and_then(serde_json::Value::as_str)
                .map(str::to_owned)
        };
        match answer.status {
            201 => self.codes.extend(text("code")),
            409 => {
                let says_why = text("code").as_deref() == Some("taken")
                    && text("detail").is_some_and(|it| !it.is_empty());
                let offers = answer
                    .body
                    .get("alternatives")
                    .is_some_and(serde_json::Value::is_object);
                if !says_why || !offers {
                    self.mute += 1;
                }
            }
            _ => {}
        }
    }

    fn of(&self, status: u16) -> usize {
        self.statuses.get(&status).copied().unwrap_or(0)
    }
}

async fn judge(
    report: &mut Report,
    stack: &Stack,
    redis: Redis,
    tally: &Tally,
) -> anyhow::Result<()> {
    let name = |what: &str| format!("Redis {redis:?}: {what}").to_lowercase();
    let attempts = GUESTS * ROUNDS as usize;
    report.figure(
        &name("won (201) / lost (409) / busy (503)"),
        format!("{} / {} / {}", tally.of(201), tally.of(409), tally.of(503)),
    );
    report.figure(&name("slowest answer, ms"), tally.slowest.as_millis());
    let other = attempts - tally.of(201) - tally.of(409) - tally.of(503);
    report.check(
        &name("other answers, or none"),
        other == 0,
        format!("{other} {:?}", tally.statuses),
    );
    report.check(
        &name("refused without reason or alternatives"),
        tally.mute == 0,
        tally.mute,
    );
    report.check(
        &name("somebody won, and somebody lost"),
        tally.of(201) > 0 && tally.of(409) > 0,
        tally.of(201),
    );
    report.zero(
        &name("nights with two bookings"),
        count(&stack.database, TWICE).await?,
    );
    report.zero(
        &name("bookings whose nights are not claimed"),
        count(&stack.database, UNCLAIMED).await?,
    );
    report.zero(&name("deadlocks"), count(&stack.database, DEADLOCKS).await?);
    let kept = count(&stack.database, "SELECT count(*) FROM reservations").await?;
    // Whoever was told 503 may have been given the booking nevertheless; nobody who was told 201 may be without.
    let told = i64::try_from(tally.codes.len()).context("so many")?;
    report.check(
        &name("every winner's booking is there"),
        kept >= told && tally.codes.len() == tally.of(201),
        format!("{told} of {kept}"),
    );
    let known: i64 = sqlx::query_scalar("SELECT count(*) FROM reservations WHERE code = ANY($1)")
        .bind(&tally.codes)
        .fetch_one(&stack.database)
        .await
        .context("could not look for the winners")?;
    report.check(
        &name("under the code the guest was told"),
        known == told,
        known,
    );
    ensure!(tally.lost == 0 || other > 0, "lost answers are counted");
    Ok(())
}

/// Without the claims, which would have to be trusted: the stays themselves.
const TWICE: &str = "SELECT count(*) FROM stays a JOIN stays b ON a.accommodation_id = b.accommodation_id AND a.id < b.id
        AND a.check_in < b.check_out AND b.check_in < a.check_out
    JOIN reservations ra ON ra.id = a.reservation_id JOIN reservations rb ON rb.id = b.reservation_id
    WHERE ra.status IN ('held', 'confirmed') AND rb.status IN ('held', 'confirmed')";
const UNCLAIMED: &str = "SELECT count(*) FROM stays s JOIN reservations r ON r.id = s.reservation_id
    WHERE r.status IN ('held', 'confirmed') AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.stay_id = s.id
        AND c.accommodation_id = s.accommodation_id AND c.period = daterange(s.check_in, s.check_out))";
const DEADLOCKS: &str = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
