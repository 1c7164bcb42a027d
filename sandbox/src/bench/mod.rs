//! `sandbox bench`: how fast, printed as tables to judge by eye. Each measurement runs a fixed number of rounds of a
//! fixed length and stops by itself.
//!
//! Guaranteed: the command fails when an answer was not 200, when something answered 200 is not in the queue, and
//! when a guest was not answered. Not guaranteed: any speed. The load, the programs and the three services share one
//! machine, so figures compare with those of the same machine alone.

mod availability;
mod body;
mod figures;
mod ingress;
mod load;
mod paying;
mod season;
mod table;
mod turnaround;

use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;

use crate::command::ended;
use crate::drill::setting::Setting;
use crate::stack::plan::{Plan, repository};
use crate::stack::services::Services;

/// No measurement may take longer than this, whatever happens.
const BOUND: Duration = Duration::from_mins(5);
/// Each is measured so often.
const ROUNDS: usize = 3;

/// The measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Bench {
    /// Webhooks into the queue, as many as ingress takes; nobody works on them
    Ingress,
    /// From a guest's question to the reply the Graph API accepted
    Loop,
    /// From a payment to the message that confirms the stay
    Paying,
    /// What is free, for 30 cabins with three years of bookings
    Availability,
}

/// Measures these, or all.
pub async fn run(benches: &[Bench]) -> anyhow::Result<ExitCode> {
    let benches = if benches.is_empty() {
        Bench::value_variants()
    } else {
        benches
    };
    let repository = repository()?;
    let services = Services::private(&repository, &repository.join(".run/bench")).await?;
    let setting = Setting { services, seed: 0 };
    let outcome = tokio::select! {
        outcome = all(benches, &setting) => outcome,
        _ = ended() => {
            eprintln!("bench: interrupted");
            Ok(false)
        }
    };
    setting.services.stop().await?;
    Ok(if outcome? {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn all(benches: &[Bench], setting: &Setting) -> anyhow::Result<bool> {
    let mut fine = true;
    for bench in benches {
        let measured = tokio::time::timeout(BOUND, async {
            match bench {
                Bench::Ingress => ingress::run(setting).await,
                Bench::Loop => turnaround::run(setting).await,
                Bench::Paying => paying::run(setting).await,
                Bench::Availability => availability::run(setting).await,
            }
        });
        match measured.await {
            Ok(Ok(table)) => {
                table.print();
                fine &= table.failures().is_empty();
            }
            Ok(Err(error)) => {
                eprintln!("bench {bench:?} could not be carried out: {error:#}");
                fine = false;
            }
            Err(_) => {
                eprintln!("bench {bench:?} did not end within {BOUND:?}");
                fine = false;
            }
        }
    }
    Ok(fine)
}

/// Production's settings, and a place for the logs.
fn plan(setting: &Setting, name: &str) -> anyhow::Result<Plan> {
    let mut plan = Plan::new(&format!("bench_{name}"), setting.services.clone())?;
    plan.run_dir = plan.repository.join(".run/benches").join(name);
    Ok(plan)
}

/// `release` or `debug`: the directory the measured programs come from.
fn build_of(plan: &Plan) -> String {
    let directory = plan.binaries.file_name().unwrap_or_default();
    directory.to_string_lossy().into_owned()
}
