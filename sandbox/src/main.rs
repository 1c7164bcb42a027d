//! `sandbox`: simulators, the demo, the drills and the measurements.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use sandbox::bench::{self, Bench};
use sandbox::drill::{self, Drill};
use sandbox::{command, demo};
use tracing_subscriber::EnvFilter;
use url::Url;

#[derive(Debug, Parser)]
#[command(
    name = "sandbox",
    about = "The outside world, simulated: WhatsApp, Mercado Pago, the demo, the drills, the measurements"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the simulators until Ctrl-C; their addresses are printed as JSON
    Serve {
        /// Where to listen
        #[arg(long, env = "SANDBOX_ADDR", default_value = "127.0.0.1:18080")]
        addr: SocketAddr,
        /// Where Mercado Pago listens, on the same host
        #[arg(long, env = "SANDBOX_MERCADOPAGO_PORT", default_value = "18081")]
        till: u16,
        /// Ingress: its base address
        #[arg(
            long,
            env = "SANDBOX_INGRESS_URL",
            default_value = "http://127.0.0.1:8080"
        )]
        ingress: Url,
    },
    /// Start everything, play a conversation, show what happened, stay until Ctrl-C
    Demo {
        /// End after the conversation: 0 when all checks hold, else 1
        #[arg(long)]
        once: bool,
        /// Play only this scenario
        #[arg(long)]
        scenario: Option<String>,
    },
    /// Disturb the system under load and count what is left (all drills by default)
    Drill {
        /// Which
        drills: Vec<Drill>,
        /// Makes order and moments repeatable; random by default, and printed
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Measure how much ingress takes, and how soon a guest is answered (both by default)
    Bench {
        /// Which
        benches: Vec<Bench>,
    },
}

fn main() -> ExitCode {
    posta_runtime::tls::install();
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,sqlx=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("sandbox: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new().context("could not start the runtime")?;
    runtime.block_on(async {
        match arguments.command {
            Command::Serve {
                addr,
                till,
                ingress,
            } => command::serve(addr, till, &ingress).await,
            Command::Demo { once, scenario } => demo::run(once, scenario.as_deref()).await,
            Command::Bench { benches } => bench::run(&benches).await,
            Command::Drill { drills, seed } => {
                drill::run(
                    &drills,
                    seed.unwrap_or_else(|| rand::random_range(0..1_000_000)),
                )
                .await
            }
        }
    })
}
