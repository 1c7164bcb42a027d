//! Takes in what guests write, and answers.

use std::process::ExitCode;

use posta_runtime::lifecycle;
use workers::message;

fn main() -> ExitCode {
    lifecycle::run("message-worker", message::run)
}
