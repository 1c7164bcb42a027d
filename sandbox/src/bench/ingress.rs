//! Ingress alone: how many webhooks a second become durable messages, what one costs, and whether each is there.
//!
//! What is in the queue is counted, not read: a message that is missing could hide behind another one's copy.

use std::time::Duration;

use anyhow::Context as _;
use posta_bus::{BusConfig, Queue};
use tokio::time::Instant;

use super::body::Bodies;
use super::figures::{milliseconds, number, percentile};
use super::load::{Load, Outcome, press};
use super::table::Table;
use super::{ROUNDS, build_of, plan};
use crate::drill::setting::Setting;
use crate::stack::Stack;

const CONNECTIONS: usize = 64;
const ROUND: Duration = Duration::from_secs(5);
/// Connections, caches and the allocator have settled by then. Checked as the rounds are, and not shown.
const WARM_UP: Duration = Duration::from_secs(1);
/// How long the broker may take to count what it has confirmed.
const COUNTED_WITHIN: Duration = Duration::from_secs(10);

#[derive(Debug)]
struct Round {
    outcome: Outcome,
    missing: usize,
    ingress_cpu: Duration,
    load_cpu: Duration,
    resident_kib: u64,
}

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Table> {
    let mut plan = plan(setting, "ingress")?;
    plan.programs = vec![("ingress", 1)];
    let build = build_of(&plan);
    let mut stack = setting.up(plan).await?;
    let bodies = Bodies::new(&stack.simulator)?;
    let mut table = Table::new(format!(
        "ingress alone ({build}): {CONNECTIONS} connections, {} bytes, {ROUND:?} a round",
        bodies.size()
    ));
    let warm = round(&mut stack, &bodies, WARM_UP).await?;
    if warm.outcome.refused + warm.missing > 0 {
        table.fail(format!(
            "while warming up: {} not answered by 200, {} missing",
            warm.outcome.refused, warm.missing
        ));
    }
    let mut rounds = Vec::new();
    for number in 1..=ROUNDS {
        eprintln!("bench ingress: round {number} of {ROUNDS} …");
        rounds.push(round(&mut stack, &bodies, ROUND).await?);
    }
    fill(&mut table, &rounds);
    for fallen in stack.fallen()? {
        table.fail(format!("ended by itself: {fallen}"));
    }
    stack.stop().await?;
    stack.clean().await?;
    Ok(table)
}

async fn round(stack: &mut Stack, bodies: &Bodies, during: Duration) -> anyhow::Result<Round> {
    let bus = stack.bus()?;
    posta_bus::testing::purge(&bus, Queue::Messages)
        .await
        .map_err(anyhow::Error::from_boxed)
        .context("could not empty the queue")?;
    let webhook = &stack.simulator.config().webhook_url;
    let addresses = webhook
        .socket_addrs(|| None)
        .context("could not read the address of ingress")?;
    let load = Load {
        target: *addresses.first().context("ingress has no address")?,
        path: webhook.path().to_owned(),
        connections: CONNECTIONS,
        during,
        bodies: bodies.clone(),
    };
    let own = crate::stack::child::cpu_of(std::process::id())?;
    let before = stack.child("ingress")?.cpu()?;
    let outcome = press(load).await?;
    let ingress = stack.child("ingress")?;
    let (ingress_cpu, resident_kib) = (
        ingress.cpu()?.saturating_sub(before),
        ingress.resident_kib()?,
    );
    let load_cpu = crate::stack::child::cpu_of(std::process::id())?.saturating_sub(own);
    let missing = missing(&bus, outcome.taken.len()).await?;
    Ok(Round {
        outcome,
        missing,
        ingress_cpu,
        load_cpu,
        resident_kib,
    })
}

/// How many fewer messages the queue holds than were answered by 200.
async fn missing(bus: &BusConfig, taken: usize) -> anyhow::Result<usize> {
    let name = Queue::Messages.name(&bus.namespace);
    let began = Instant::now();
    loop {
        let found = posta_bus::inspect(bus)
            .await
            .context("could not count the queue")?;
        let queue = found.queues.iter().find(|queue| queue.name == name);
        let there = usize::try_from(queue.map_or(0, |queue| queue.messages))?;
        if there >= taken || began.elapsed() > COUNTED_WITHIN {
            return Ok(taken.saturating_sub(there));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn fill(table: &mut Table, rounds: &[Round]) {
    let each = |figure: &dyn Fn(&Round) -> f64| -> Vec<f64> { rounds.iter().map(figure).collect() };
    let per_request = |cpu: Duration, round: &Round| {
        cpu.as_secs_f64() * 1e6 / number(round.outcome.taken.len().max(1))
    };
    table.row(
        "durable 200s",
        "1/s",
        0,
        &each(&|round| number(round.outcome.taken.len()) / round.outcome.took.as_secs_f64()),
    );
    for percent in [50, 99] {
        table.row(
            &format!("answered within, p{percent}"),
            "ms",
            1,
            &each(&|round| milliseconds(percentile(&round.outcome.taken, percent))),
        );
    }
    table.zero(
        "answered by something else, or not at all",
        "requests",
        &each(&|round| number(round.outcome.refused)),
    );
    table.zero(
        "answered by 200 and not in the queue",
        "messages",
        &each(&|round| number(round.missing)),
    );
    table.row(
        "CPU of ingress for one request",
        "µs",
        0,
        &each(&|round| per_request(round.ingress_cpu, round)),
    );
    table.row(
        "CPU of the load itself for one request",
        "µs",
        0,
        &each(&|round| per_request(round.load_cpu, round)),
    );
    table.row(
        "ingress resident after the round",
        "MiB",
        1,
        &each(&|round| f64::from(u32::try_from(round.resident_kib).unwrap_or(u32::MAX)) / 1024.0),
    );
}
