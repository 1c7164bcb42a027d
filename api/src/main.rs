//! The API server's process. See the library for what it does.

use std::process::ExitCode;

use posta_runtime::lifecycle;

fn main() -> ExitCode {
    lifecycle::run("api", async |config, shutdown| {
        posta_api::start(config, &shutdown).await.map(drop)
    })
}
