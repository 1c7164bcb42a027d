//! What a guest's question about free cabins costs: fifty a second, each for other dates, to one `api` process.
//!
//! Questions are asked at their own pace, answered or not. Half of them are for the whole picture (every cabin, sixty
//! days), half for an offer with prices and, where nothing is free, the nearest alternatives.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use chrono::{Days, NaiveDate};
use sqlx::PgPool;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::figures::{milliseconds, number, percentile};
use super::table::Table;
use super::{ROUNDS, build_of, plan, season};
use crate::drill::setting::Setting;
use crate::stack::Stack;

const PER_SECOND: u32 = 50;
const ROUND: Duration = Duration::from_secs(10);
const WARM_UP: Duration = Duration::from_secs(2);
/// Days of the whole picture.
const PICTURE: u64 = 60;

#[derive(Debug, Default)]
struct Round {
    picture: Vec<Duration>,
    offer: Vec<Duration>,
    failed: usize,
}

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Table> {
    let mut plan = plan(setting, "availability")?
        .only("api", 1)
        .with("RATE_LIMIT_PER_MINUTE", "1000000");
    plan.property = plan.run_dir.join("thirty.toml");
    std::fs::create_dir_all(&plan.run_dir).context("could not make the directory of the run")?;
    std::fs::write(&plan.property, season::property()?)
        .context("could not write the place's file")?;
    let build = build_of(&plan);
    let mut stack = setting.up(plan).await?;
    let written = season::write(&stack.database).await?;
    let mut table = Table::new(format!(
        "availability ({build}): {PER_SECOND} questions a second about {} cabins among {} places, {} stays, {} claims",
        season::CABINS,
        season::OTHERS + 1,
        written.stays,
        written.claims,
    ));
    let asked = Asked::new(&stack).await?;
    round(&asked, WARM_UP).await?;
    let mut rounds = Vec::new();
    for number in 1..=ROUNDS {
        eprintln!("bench availability: round {number} of {ROUNDS} …");
        rounds.push(round(&asked, ROUND).await?);
    }
    fill(&mut table, &rounds);
    for fallen in stack.fallen()? {
        table.fail(format!("ended by itself: {fallen}"));
    }
    stack.stop().await?;
    stack.clean().await?;
    Ok(table)
}

/// Whom to ask about what.
#[derive(Debug, Clone)]
struct Asked {
    client: reqwest::Client,
    api: SocketAddr,
    property: String,
    today: NaiveDate,
}

impl Asked {
    async fn new(stack: &Stack) -> anyhow::Result<Self> {
        let (property, today) = place(&stack.database).await?;
        Ok(Self {
            client: stack.client.clone(),
            api: *stack.api.first().context("no api was started")?,
            property,
            today,
        })
    }

    /// The `n`th question; whether it is for the whole picture.
    fn question(&self, n: u64) -> anyhow::Result<(bool, String)> {
        let day = |ahead: u64| {
            self.today
                .checked_add_days(Days::new(ahead))
                .context("no such day")
        };
        // A step that has no common divisor with the range visits every day of it.
        let first = n * 37 % 250 + 1;
        let base = format!("http://{}/api/v1/availability", self.api);
        let property = &self.property;
        Ok(if n.is_multiple_of(2) {
            let (from, until) = (day(first)?, day(first + PICTURE)?);
            (
                true,
                format!("{base}/calendar?property={property}&from={from}&until={until}"),
            )
        } else {
            let (check_in, check_out) = (day(first)?, day(first + 2 + n % 9)?);
            let adults = 1 + n % 5;
            (
                false,
                format!(
                    "{base}?property={property}&check_in={check_in}&check_out={check_out}&adults={adults}"
                ),
            )
        })
    }
}

async fn place(database: &PgPool) -> anyhow::Result<(String, NaiveDate)> {
    sqlx::query_as("SELECT id::text, current_date FROM properties WHERE name = 'Treinta Cabañas'")
        .fetch_one(database)
        .await
        .context("could not find the place")
}

async fn round(asked: &Asked, during: Duration) -> anyhow::Result<Round> {
    let began = Instant::now();
    let mut answers = JoinSet::new();
    for n in 0..u32::try_from(during.as_secs())? * PER_SECOND {
        tokio::time::sleep_until(began + Duration::from_secs(1) * n / PER_SECOND).await;
        let (is_picture, url) = asked.question(u64::from(n))?;
        let client = asked.client.clone();
        answers.spawn(async move {
            let began = Instant::now();
            let answer = client.get(&url).send().await?;
            let status = answer.status();
            answer.bytes().await?;
            Ok::<_, reqwest::Error>((is_picture, status, began.elapsed()))
        });
    }
    let mut round = Round::default();
    while let Some(answer) = answers.join_next().await {
        match answer.context("a question panicked")? {
            Ok((is_picture, status, took)) if status == 200 => {
                if is_picture {
                    &mut round.picture
                } else {
                    &mut round.offer
                }
                .push(took);
            }
            _ => round.failed += 1,
        }
    }
    ensure!(
        !round.picture.is_empty() && !round.offer.is_empty(),
        "nothing was answered by 200"
    );
    round.picture.sort_unstable();
    round.offer.sort_unstable();
    Ok(round)
}

fn fill(table: &mut Table, rounds: &[Round]) {
    let each = |figure: &dyn Fn(&Round) -> f64| -> Vec<f64> { rounds.iter().map(figure).collect() };
    for percent in [50, 95, 99] {
        table.row(
            &format!("every cabin × {PICTURE} days, p{percent}"),
            "ms",
            1,
            &each(&|round| milliseconds(percentile(&round.picture, percent))),
        );
    }
    for percent in [50, 95, 99] {
        table.row(
            &format!("offer with prices and alternatives, p{percent}"),
            "ms",
            1,
            &each(&|round| milliseconds(percentile(&round.offer, percent))),
        );
    }
    table.row(
        "answered",
        "questions",
        0,
        &each(&|round| number(round.picture.len() + round.offer.len())),
    );
    table.zero(
        "not answered by 200",
        "questions",
        &each(&|round| number(round.failed)),
    );
}
