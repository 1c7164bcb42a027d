//! The whole loop: from a guest's question, posted as a webhook, to the reply the simulated Graph API accepted, with
//! every program running, the usual statuses coming back, and no time spent waiting for more words of the guest.
//!
//! Questions come at their own pace, answered or not: where fewer replies than questions go out in a second, the
//! times are those of a growing queue.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::figures::{milliseconds, number, percentile};
use super::table::Table;
use super::{ROUNDS, build_of, plan};
use crate::drill::load::phone;
use crate::drill::setting::Setting;
use crate::stack::Stack;
use crate::whatsapp::{Say, Side, Simulator};

/// What guests write when nothing is known of them yet: most of it is answered with prices of what is free.
const QUESTIONS: [&str; 6] = [
    "¿Dónde queda?",
    "Hola! hay lugar del 10 al 15 de marzo para 2 personas?",
    "hola buenas",
    "kiero reserbar del 4 al 8 d abril x 4 xfa, cuanto sale?",
    "tenes algo para 5 personas el segundo finde de mayo? no, mejor del 3 al 7/5",
    "se puede llevar un perrito? y a que hora es la entrada?",
];
const PER_SECOND: u32 = 50;
const ROUND: Duration = Duration::from_secs(10);
/// Pools are open and queries prepared by then. Not shown.
const WARM_UP: Duration = Duration::from_secs(1);
/// Whoever was not answered this long after the last question is not answered.
const ANSWERED_WITHIN: Duration = Duration::from_mins(1);

#[derive(Debug)]
struct Round {
    asked: usize,
    /// Sorted; as many as were answered.
    times: Vec<Duration>,
    /// From the first question to the last reply.
    took: Duration,
    refused: u64,
}

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Table> {
    // Zero is the smallest quiet window there is: the time measured is work, and waiting for work.
    let plan = plan(setting, "loop")?.with("QUIET_WINDOW", "0s");
    let mut table = Table::new(format!(
        "the loop ({}): {PER_SECOND} questions a second, each of another guest, {ROUND:?} a round",
        build_of(&plan)
    ));
    let mut stack = setting.up(plan).await?;
    let mut guests = 0;
    round(&stack, &mut guests, WARM_UP).await?;
    let mut rounds = Vec::new();
    for number in 1..=ROUNDS {
        eprintln!("bench loop: round {number} of {ROUNDS} …");
        rounds.push(round(&stack, &mut guests, ROUND).await?);
    }
    fill(&mut table, &rounds);
    for fallen in stack.fallen()? {
        table.fail(format!("ended by itself: {fallen}"));
    }
    stack.stop().await?;
    stack.clean().await?;
    Ok(table)
}

/// `guests` counts all who ever wrote, so that each round has its own.
async fn round(stack: &Stack, guests: &mut usize, during: Duration) -> anyhow::Result<Round> {
    let simulator = &stack.simulator;
    let refused = refused(simulator);
    let first = *guests;
    let began = Instant::now();
    let questions = u32::try_from(during.as_secs())? * PER_SECOND;
    for n in 0..questions {
        tokio::time::sleep_until(began + Duration::from_secs(1) * n / PER_SECOND).await;
        let said = simulator.say(&Say::text(
            &phone(*guests),
            "Huésped",
            QUESTIONS[*guests % QUESTIONS.len()],
        ))?;
        // It is delivered by itself, until it gets its 200.
        drop(said.delivered);
        *guests += 1;
    }
    answered(simulator, first..*guests).await;
    let mut times = Vec::new();
    let mut took = Duration::ZERO;
    let mut first_asked = None;
    for guest in first..*guests {
        let (asked, replied) = moments(simulator, guest)?;
        let start = *first_asked.get_or_insert(asked);
        if let Some(replied) = replied {
            times.push(between(asked, replied)?);
            took = took.max(between(start, replied)?);
        }
    }
    times.sort_unstable();
    // The next round must not pay for this one's statuses.
    simulator.settled(ANSWERED_WITHIN).await;
    Ok(Round {
        asked: *guests - first,
        times,
        took,
        refused: self::refused(simulator) - refused,
    })
}

/// Waits until all of them have a reply, or for long enough.
async fn answered(simulator: &Simulator, guests: std::ops::Range<usize>) {
    let began = Instant::now();
    let mut waiting: Vec<usize> = guests.collect();
    loop {
        waiting.retain(|guest| simulator.chat(&phone(*guest)).replies().next().is_none());
        if waiting.is_empty() || began.elapsed() > ANSWERED_WITHIN {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Of the question and of the first reply; the simulator stamps both with one clock.
fn moments(
    simulator: &Simulator,
    guest: usize,
) -> anyhow::Result<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let chat = simulator.chat(&phone(guest));
    let asked = chat.messages.iter().find(|entry| entry.side == Side::Guest);
    let asked = asked.context("a guest never asked")?.at;
    let replied = chat.replies().next().map(|reply| reply.at);
    Ok((asked, replied))
}

fn between(earlier: DateTime<Utc>, later: DateTime<Utc>) -> anyhow::Result<Duration> {
    (later - earlier)
        .to_std()
        .context("a reply is older than its question: was the machine's clock moved?")
}

/// Webhooks, statuses too, that were answered by something else than 200, or not at all.
fn refused(simulator: &Simulator) -> u64 {
    let counters = simulator.state().counters;
    let answers = counters.webhook_answers.iter();
    let other: u64 = answers
        .filter(|(status, _)| **status != 200)
        .map(|(_, count)| *count)
        .sum();
    other + counters.webhook_errors
}

fn fill(table: &mut Table, rounds: &[Round]) {
    let each = |figure: &dyn Fn(&Round) -> f64| -> Vec<f64> { rounds.iter().map(figure).collect() };
    for percent in [50, 95, 99] {
        table.row(
            &format!("webhook posted to reply accepted, p{percent}"),
            "ms",
            1,
            &each(&|round| milliseconds(percentile(&round.times, percent))),
        );
    }
    table.row(
        "replies accepted",
        "1/s",
        1,
        &each(&|round| number(round.times.len()) / round.took.as_secs_f64().max(f64::EPSILON)),
    );
    table.row("asked", "guests", 0, &each(&|round| number(round.asked)));
    table.row(
        "answered",
        "guests",
        0,
        &each(&|round| number(round.times.len())),
    );
    table.zero(
        "not answered",
        "guests",
        &each(&|round| number(round.asked - round.times.len())),
    );
    table.zero(
        "webhooks answered by something else than 200",
        "requests",
        &each(&|round| number(usize::try_from(round.refused).unwrap_or(usize::MAX))),
    );
}
