//! The webhook server's process. See the library for what it does.

use std::process::ExitCode;

use posta_runtime::lifecycle;

fn main() -> ExitCode {
    lifecycle::run("ingress", async |config, shutdown| {
        ingress::start(config, &shutdown).await.map(drop)
    })
}
