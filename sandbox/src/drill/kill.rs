//! Processes and the broker are killed again and again under load; nothing may be lost or said twice.
//!
//! 2,000 messages of 200 guests, a fifth delivered twice, some late, some answers of the Graph API cut off. Ingress,
//! message-worker, delivery-worker and the broker are each killed with SIGKILL at random moments; the message-worker
//! also at the moment it has stored messages whose turn has not come.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::time::Instant;

use super::load;
use super::questions::{self, UNHANDLED, books, settle};
use super::report::Report;
use super::setting::Setting;
use crate::stack::Stack;
use crate::stack::services::Service;
use crate::whatsapp::{Fault, Kind, Target};

const MESSAGES: usize = 2_000;
const GUESTS: usize = 200;
const WRITING: Duration = Duration::from_mins(1);
const SETTLE: Duration = Duration::from_mins(4);

/// Who dies, and how often.
const VICTIMS: [(&str, u32); 4] = [
    ("ingress", 3),
    ("message-worker", 3),
    ("delivery-worker", 3),
    ("broker", 2),
];

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("kill");
    // Statuses wait in the broker while it is away: longer than that, and close to what production waits.
    let plan = setting.plan("kill")?.with("UNKNOWN_GRACE", "40s");
    let mut stack = setting.up(plan).await?;
    stack
        .simulator
        .fault(Fault::new(Target::Webhook, Kind::Duplicate).at_rate(0.2));
    stack.simulator.fault(
        Fault::new(Target::Webhook, Kind::Reorder)
            .at_rate(0.1)
            .of_millis(3_000),
    );
    stack
        .simulator
        .fault(Fault::new(Target::Whatsapp, Kind::Cut).at_rate(0.005));
    let simulator = stack.simulator.clone();
    let seed = setting.seed;
    let writing =
        tokio::spawn(async move { load::write(&simulator, GUESTS, MESSAGES, WRITING, seed).await });
    let began = Instant::now();
    let (kills, between) = murders(&mut stack, setting.seed).await?;
    writing.await??;
    stack.simulator.clear_faults();
    let settled = settle(&stack, SETTLE).await?;
    for (victim, times) in &kills {
        report.figure(&format!("SIGKILLs of {victim}"), times);
    }
    report.figure(
        "of these, with stored messages that had no turn yet",
        between,
    );
    let state = stack.simulator.state();
    report.figure("webhooks (messages and statuses)", state.counters.webhooks);
    report.figure("deliveries tried", state.counters.webhook_attempts);
    report.figure("deliveries refused or unanswered", refused(&state.counters));
    report.figure("seconds in all", began.elapsed().as_secs());
    report.check(
        "everything settled",
        settled,
        if settled { "yes" } else { "no" },
    );
    report.check(
        "all messages got their 200",
        questions::taken(&stack).len() == MESSAGES,
        questions::taken(&stack).len(),
    );
    for (victim, times) in &kills {
        report.check(
            &format!("{victim} killed at least twice"),
            *times >= 2,
            times,
        );
    }
    report.check(
        "a worker died between storing and the turn",
        between > 0,
        between,
    );
    books(&mut stack, &mut report).await?;
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

fn refused(counters: &crate::whatsapp::Counters) -> u64 {
    let refused: u64 = counters
        .webhook_answers
        .iter()
        .filter(|(status, _)| **status != 200)
        .map(|(_, n)| n)
        .sum();
    refused + counters.webhook_errors
}

/// Kills while the guests write. Returns how often each died, and how often between storing and the turn.
async fn murders(stack: &mut Stack, seed: u64) -> anyhow::Result<(Vec<(&'static str, u32)>, u32)> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut agenda: Vec<&str> = VICTIMS
        .iter()
        .flat_map(|(who, times)| std::iter::repeat_n(*who, *times as usize))
        .collect();
    rand::seq::SliceRandom::shuffle(agenda.as_mut_slice(), &mut rng);
    let mut between = 0;
    for victim in agenda {
        tokio::time::sleep(Duration::from_millis(rng.random_range(500..3_000))).await;
        let dead_for = Duration::from_millis(rng.random_range(100..1_500));
        if victim == "broker" {
            stack.services.kill(Service::Rabbitmq).await?;
            tokio::time::sleep(dead_for).await;
            stack.services.start(Service::Rabbitmq).await?;
            continue;
        }
        if victim == "message-worker" && waits(stack).await? {
            between += 1;
        }
        let child = stack.child(victim)?;
        child.kill().await?;
        tokio::time::sleep(dead_for).await;
        child.start()?;
    }
    Ok((VICTIMS.to_vec(), between))
}

/// Waits a moment for stored messages without a turn: the worst point to die at.
async fn waits(stack: &Stack) -> anyhow::Result<bool> {
    let found = questions::until(
        &stack.database,
        UNHANDLED,
        |n| n > 0,
        Duration::from_secs(5),
    )
    .await?;
    Ok(found > 0)
}
