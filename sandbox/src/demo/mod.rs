//! `sandbox demo`: everything is started for real, a conversation and a booking are played, and a person reads what
//! happened.
//!
//! Uses the services the environment names, with a database (`posta_demo`) and a namespace (`demo`) of its own that
//! are made afresh. Stays until Ctrl-C, or with `--once` ends with 0 or 1 by its checks.

mod booking;
mod checks;
mod progress;
mod scenarios;
mod timeline;

use std::{process::ExitCode, time::Duration};

use anyhow::Context as _;

use crate::command::ended;
use crate::script::{Player, Script, owner::Owner, stay::Calendar};
use crate::stack::Stack;
use crate::stack::plan::Plan;
use crate::stack::services::Services;
use booking::Desk;
use progress::{Aloud, Progress};

/// A reply comes within seconds; a turn waits two of them for more text.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// How the conversation ended.
enum Ending {
    Good(Desk),
    Bad(Desk),
    Interrupted,
}

/// Runs the demo.
pub async fn run(once: bool, scenario: Option<&str>) -> anyhow::Result<ExitCode> {
    let scripts = scenarios::chosen(scenario)?;
    let mut progress = Progress::new(3);
    let plan = Plan::new("demo", Services::from_env()?)?;
    let interrupted = ended();
    tokio::pin!(interrupted);
    let mut stack = tokio::select! {
        stack = Stack::prepare(plan) => stack?,
        _ = &mut interrupted => return Ok(ExitCode::FAILURE),
    };
    progress.done(
        "fresh database migrated, three cabins imported, WhatsApp and Mercado Pago simulated",
    );
    let played = tokio::select! {
        played = show(&mut stack, &scripts, &mut progress) => played,
        _ = &mut interrupted => Ok(Ending::Interrupted),
    };
    let stay = !once && !matches!(played, Ok(Ending::Interrupted));
    let (code, desk) = match played {
        Ok(Ending::Good(desk)) => (ExitCode::SUCCESS, Some(desk)),
        Ok(Ending::Bad(desk)) => (ExitCode::FAILURE, Some(desk)),
        Ok(Ending::Interrupted) => (ExitCode::FAILURE, None),
        Err(error) => {
            eprintln!("\ndemo: {error:#}");
            eprintln!("demo: logs are in .run/demo/logs");
            (ExitCode::FAILURE, None)
        }
    };
    if stay {
        addresses(&stack, desk.as_ref());
        interrupted.await?;
        println!("\nstopping…");
    }
    let ended = stack.stop().await.context("could not stop everything")?;
    let hard: Vec<_> = ended
        .iter()
        .filter(|(_, how)| how.status.is_none_or(|s| !s.success()))
        .collect();
    for (name, how) in &hard {
        eprintln!("demo: {name} did not end well: {how:?}");
    }
    stack.clean().await?;
    Ok(if hard.is_empty() {
        code
    } else {
        ExitCode::FAILURE
    })
}

async fn show(
    stack: &mut Stack,
    scripts: &[Script],
    progress: &mut Progress,
) -> anyhow::Result<Ending> {
    let times = stack.start().await?;
    let times: Vec<_> = times
        .iter()
        .map(|(name, took)| format!("{name} {:.1} s", took.as_secs_f64()))
        .collect();
    progress.done(&format!("ready: {}", times.join(", ")));
    let owner = Owner::new(stack).await?;
    let calendar = Calendar::default();
    for (n, script) in scripts.iter().enumerate() {
        Progress::heading(&format!("{}: {}", script.name, script.about));
        play(stack, &owner, &calendar, script, n).await?;
    }
    Progress::heading("a guest books through the API; the owner sees her transfer");
    let desk = booking::play(stack, &owner).await?;
    println!();
    progress.done("conversation and booking played");
    let checks = checks::run(stack).await?;
    what_happened(stack).await?;
    Progress::heading("checks");
    for check in &checks {
        match &check.failed {
            None => println!("  ok      {}", check.what),
            Some(why) => println!("  FAILED  {}: {why}", check.what),
        }
    }
    let good = checks.iter().all(|check| check.failed.is_none());
    Ok(if good {
        Ending::Good(desk)
    } else {
        Ending::Bad(desk)
    })
}

async fn play(
    stack: &Stack,
    owner: &Owner,
    calendar: &Calendar,
    script: &Script,
    n: usize,
) -> anyhow::Result<()> {
    let stay = match script.nights {
        0 => None,
        nights => Some(calendar.next(stack, nights, script.party).await?),
    };
    let player = Player {
        stack,
        owner,
        script,
        phone: format!("54929445501{:02}", n + 1),
        stay,
        voice: Aloud,
        patience: ANSWER_WITHIN,
    };
    player.play().await
}

async fn what_happened(stack: &Stack) -> anyhow::Result<()> {
    Progress::heading("turns");
    for line in timeline::turns(&stack.database).await? {
        println!("  {line}");
    }
    Progress::heading("rows");
    for (table, counted) in timeline::summary(&stack.database).await? {
        println!("  {table:<14}{counted}");
    }
    Progress::heading("posta ledger");
    for line in stack.posta(&["ledger"]).await?.lines() {
        println!("  {line}");
    }
    let payment = stack.mercadopago.payments().pop();
    if let Some(payment) = payment.map(|it| it.payment_id.to_string()) {
        Progress::heading(&format!("posta trace {payment}"));
        for line in stack.posta(&["trace", &payment]).await?.lines() {
            println!("  {line}");
        }
    }
    if let Some(reply) = timeline::a_reply(&stack.database).await? {
        Progress::heading(&format!("posta trace {reply}"));
        for line in stack.posta(&["trace", &reply]).await?.lines() {
            println!("  {line}");
        }
    }
    Ok(())
}

fn addresses(stack: &Stack, desk: Option<&Desk>) {
    println!("\n── still running; Ctrl-C stops everything ─────────────────────────");
    println!(
        "  chat page       {}",
        stack.simulator.addresses().chat_page
    );
    println!(
        "  webhooks        {}",
        stack.simulator.addresses().webhook_url
    );
    if let Some(desk) = desk {
        println!("  what is free    curl '{}'", desk.availability);
        println!(
            "  the owner's     curl -H 'Authorization: Bearer {}' '{}'",
            desk.token, desk.reservations
        );
        println!("  all of the API  {}", desk.document);
    }
    for child in &stack.children {
        println!(
            "  {:<15} http://{}/readyz  …/metrics   log {}",
            child.name(),
            child.ops(),
            child.log().display()
        );
    }
}
