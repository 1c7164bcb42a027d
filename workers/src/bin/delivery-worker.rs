//! Takes the outbox to the providers, and learns what became of it.

use std::process::ExitCode;

use posta_runtime::lifecycle;
use workers::delivery;

fn main() -> ExitCode {
    lifecycle::run("delivery-worker", delivery::run)
}
