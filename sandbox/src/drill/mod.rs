//! `sandbox drill`: faults under load, and counts of what is left. Each drill stops by itself, prints its figures,
//! and fails the command when a check does not hold.
//!
//! Drills use services they may kill, and a fresh database and namespace each.

mod alarm;
mod broker;
mod burst;
pub(crate) mod desk;
mod footprint;
mod golive;
mod holds;
mod kill;
pub(crate) mod load;
mod offline;
mod openapi;
mod outage;
mod pay;
mod postgres;
mod questions;
mod redis;
mod replay;
mod report;
mod samples;
mod saturday;
pub(crate) mod setting;
mod sigterm;
mod talks;
mod twice;

use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;

use crate::command::ended;
use report::Report;
use setting::Setting;

/// No drill may take longer than this, whatever happens.
const BOUND: Duration = Duration::from_mins(18);

/// The drills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Drill {
    /// Every collected sample, once and again
    Samples,
    /// Ten messages of one guest within a second, four workers
    Burst,
    /// Redis killed
    Redis,
    /// The broker killed
    Broker,
    /// A memory alarm on the broker
    Alarm,
    /// PostgreSQL killed, for 20 s and for longer than all retry tiers
    Postgres,
    /// SIGTERM under load
    Sigterm,
    /// An old phone's history arrives
    Golive,
    /// Five hours without workers
    Offline,
    /// Memory and start of idle programs
    Footprint,
    /// 2,000 messages while everything is killed again and again
    Kill,
    /// 500 guests want the same nights at once, twenty times; with and without Redis
    Holds,
    /// The same hold sent twice: at once, and after its process was killed
    Twice,
    /// Forty guests of a Saturday in the high season, and one owner
    Saturday,
    /// A hundred guests book in chats while everything is killed again and again
    Talks,
    /// Sixty guests pay by link in every way while everything is killed again and again
    Pay,
    /// Ten minutes without Mercado Pago
    Outage,
    /// One notice ten thousand times; forged and mismatched ones
    Replay,
    /// The API fuzzed from the document it serves (needs Python)
    Openapi,
}

/// Runs these drills, or all.
pub async fn run(drills: &[Drill], seed: u64) -> anyhow::Result<ExitCode> {
    let drills = if drills.is_empty() {
        Drill::value_variants()
    } else {
        drills
    };
    let setting = Setting::new(seed).await?;
    let outcome = tokio::select! {
        outcome = all(drills, &setting) => outcome,
        _ = ended() => {
            eprintln!("drill: interrupted");
            Ok(false)
        }
    };
    let mended = setting.mend().await;
    setting.services.stop().await?;
    mended?;
    Ok(if outcome? {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn all(drills: &[Drill], setting: &Setting) -> anyhow::Result<bool> {
    let mut results = Vec::new();
    for drill in drills {
        let name = drill
            .to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default();
        eprintln!("drill {name} (seed {}) …", setting.seed);
        // What the drill before left down would fail this one.
        setting.mend().await?;
        let passed = match tokio::time::timeout(BOUND, one(*drill, setting)).await {
            Ok(Ok(report)) => {
                report.print();
                report.passed()
            }
            Ok(Err(error)) => {
                eprintln!("drill {name} could not be carried out: {error:#}");
                false
            }
            Err(_) => {
                eprintln!("drill {name} did not end within {BOUND:?}");
                false
            }
        };
        results.push((name, passed));
    }
    println!();
    for (name, passed) in &results {
        println!("{:<12} {}", name, if *passed { "passed" } else { "FAILED" });
    }
    Ok(results.iter().all(|(_, passed)| *passed))
}

async fn one(drill: Drill, setting: &Setting) -> anyhow::Result<Report> {
    match drill {
        Drill::Samples => samples::run(setting).await,
        Drill::Burst => burst::run(setting).await,
        Drill::Redis => redis::run(setting).await,
        Drill::Broker => broker::run(setting).await,
        Drill::Alarm => alarm::run(setting).await,
        Drill::Postgres => postgres::run(setting).await,
        Drill::Sigterm => sigterm::run(setting).await,
        Drill::Golive => golive::run(setting).await,
        Drill::Offline => offline::run(setting).await,
        Drill::Footprint => footprint::run(setting).await,
        Drill::Kill => kill::run(setting).await,
        Drill::Holds => holds::run(setting).await,
        Drill::Twice => twice::run(setting).await,
        Drill::Saturday => saturday::run(setting).await,
        Drill::Talks => talks::run(setting).await,
        Drill::Pay => pay::run(setting).await,
        Drill::Outage => outage::run(setting).await,
        Drill::Replay => replay::run(setting).await,
        Drill::Openapi => openapi::run(setting).await,
    }
}
