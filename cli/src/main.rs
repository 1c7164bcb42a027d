//! `posta`: what people do to an installation from a shell.
//!
//! Exit codes: 0 done, or nothing wrong; 1 something is wrong, and was said on the terminal; 2 the command line itself.
//! Secrets are never printed; bytes of messages only by `trace` and `dead-letters show`, which are asked for them.

mod accounts;
mod books;
mod dead_letters;
mod doctor;
mod ledger;
mod migrate;
mod output;
mod property;
mod reservations;
mod setup;
mod templates;
mod trace;
mod understand;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "posta",
    version,
    about = "Looks after an installation of Posta. Reads its environment, as the services do."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database up to date and make the first tenant and its accounts.
    Migrate(migrate::Arguments),
    /// Check every dependency and credential, and say what to do.
    Doctor,
    /// List what has not reached its final state within its time; fails when there is any.
    Books(books::Arguments),
    /// Where the money is, day by day; with --check, whether anything contradicts itself.
    Ledger(ledger::Arguments),
    /// Messages that were given up on.
    #[command(subcommand)]
    DeadLetters(dead_letters::Command),
    /// Walk back from a reply to the exact bytes that caused it.
    Trace(trace::Arguments),
    /// The places that let cabins.
    #[command(subcommand)]
    Property(property::Command),
    /// Bookings.
    #[command(subcommand)]
    Reservations(reservations::Command),
    /// People who log in.
    #[command(subcommand)]
    User(user::Command),
    /// The messages to submit to Meta for approval.
    Templates(templates::Arguments),
    /// What messages say and want: JSON lines with "text" in, JSON lines out. Needs no environment.
    Understand(understand::Arguments),
    /// Accounts that were stopped because the provider refuses them.
    Accounts(accounts::Arguments),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    posta_runtime::tls::install();
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("posta: could not start the runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        match cli.command {
            Command::Migrate(arguments) => migrate::run(&arguments).await,
            Command::Doctor => doctor::run().await,
            Command::Books(arguments) => books::run(&arguments).await,
            Command::Ledger(arguments) => ledger::run(&arguments).await,
            Command::DeadLetters(command) => dead_letters::run(&command).await,
            Command::Trace(arguments) => trace::run(&arguments).await,
            Command::Property(command) => property::run(&command).await,
            Command::Reservations(command) => reservations::run(&command).await,
            Command::User(command) => user::run(&command).await,
            Command::Templates(arguments) => templates::run(&arguments),
            Command::Understand(arguments) => understand::run(&arguments),
            Command::Accounts(arguments) => accounts::run(&arguments).await,
        }
    });
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("posta: {error:#}");
            ExitCode::FAILURE
        }
    }
}
