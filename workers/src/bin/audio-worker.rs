//! Takes in messages that carry a file, and fetches it.

use std::process::ExitCode;

use posta_runtime::lifecycle;
use workers::audio;

fn main() -> ExitCode {
    lifecycle::run("audio-worker", audio::run)
}
