//! Runs what is due, on one machine at a time.

use std::process::ExitCode;

use posta_runtime::lifecycle;
use workers::scheduler;

fn main() -> ExitCode {
    lifecycle::run("scheduler", scheduler::run)
}
