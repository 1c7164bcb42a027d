//! From `main` to the exit code.
//!
//! [`run`] owns the process: it loads the configuration, starts telemetry and the runtime, runs the body, and ends.
//! The first SIGTERM or SIGINT cancels [`Shutdown::token`]: work in hand is finished, nothing new begins. A second
//! signal, or the deadline after the first, ends the process hard with code 1. A task given to [`Shutdown::spawn`]
//! that ends by itself, well or badly, takes the process down with code 1: an orchestrator restarts a dead process,
//! but nobody notices half a process.
//!
//! Telemetry is flushed on each of these paths. Not guaranteed: that tasks spawned otherwise are waited for.

mod shutdown;
mod signals;

use std::{process::ExitCode, time::Duration};

pub use shutdown::Shutdown;

use crate::{
    config::{LifecycleConfig, TelemetryConfig},
    env::{Env, Section},
    telemetry, tls,
};

/// How long the last traces may take to leave; with the default deadline this stays below 10 s.
const FLUSH: Duration = Duration::from_millis(1500);

/// Runs a service from its configuration to its exit code. The body returns when everything is started (its tasks
/// then run on until shutdown), or when its work is done.
pub fn run<C, F, Fut>(service: &'static str, body: F) -> ExitCode
where
    C: Section,
    F: FnOnce(C, Shutdown) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    run_with(service, Env::from_process(), body)
}

/// [`run`] with an environment of the caller's.
pub fn run_with<C, F, Fut>(service: &'static str, env: Env, body: F) -> ExitCode
where
    C: Section,
    F: FnOnce(C, Shutdown) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    tls::install();
    let (telemetry, lifecycle, config) = match env.load::<(TelemetryConfig, LifecycleConfig, C)>() {
        Ok(loaded) => loaded,
        Err(error) => {
            // Telemetry does not exist yet, and whoever started this reads the terminal.
            eprintln!("{service}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{service}: could not start the runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let ended_well = runtime.block_on(async {
        let guard = match telemetry::init(service, &telemetry) {
            Ok(guard) => guard,
            Err(error) => {
                eprintln!("{service}: {:#}", anyhow::Error::new(error));
                return false;
            }
        };
        let ended_well = supervise(service, lifecycle.shutdown_deadline, |shutdown| {
            body(config, shutdown)
        })
        .await;
        guard.shutdown(FLUSH).await;
        ended_well
    });
    // Blocking tasks and whatever was spawned past us must not keep the process.
    runtime.shutdown_background();
    if ended_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn supervise<F, Fut>(service: &'static str, deadline: Duration, body: F) -> bool
where
    F: FnOnce(Shutdown) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let mut signals = match signals::Signals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "could not listen for signals"
            );
            return false;
        }
    };
    let shutdown = Shutdown::new();
    let token = shutdown.token();
    let work = async {
        if let Err(error) = body(shutdown.clone()).await {
            tracing::error!(error = format!("{error:#}"), "{service} failed");
            shutdown.fail();
        }
        shutdown.tasks_ended().await;
    };
    tokio::pin!(work);

    // Until the first signal, or until a task's end has cancelled the token.
    tokio::select! {
        () = &mut work => return shutdown.ended_well(),
        signal = signals.next() => {
            tracing::info!(signal, "shutting down: finishing what is in hand");
            token.cancel();
        }
        () = token.cancelled() => tracing::warn!("shutting down because a task ended"),
    }
    tokio::select! {
        () = &mut work => {
            let ended_well = shutdown.ended_well();
            tracing::info!(ended_well, "{service} stopped");
            ended_well
        }
        signal = signals.next() => {
            tracing::error!(signal, "second signal: stopping hard");
            false
        }
        () = tokio::time::sleep(deadline) => {
            tracing::error!(deadline_ms = deadline.as_millis(), "work did not end before the deadline: stopping hard");
            false
        }
    }
}

#[cfg(test)]
mod tests;
