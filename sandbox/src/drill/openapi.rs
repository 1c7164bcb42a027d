//! The API against the document it serves: thousands of requests made from it, good and bad, by a fuzzer. No 5xx, no
//! answer the document does not describe.

use std::fmt::Write as _;
use std::process::Stdio;

use anyhow::Context as _;
use serde_json::json;
use tokio::process::Command;

use super::desk::{Desk, Want};
use super::report::Report;
use super::setting::Setting;
use crate::stack::Stack;

/// Requests for each operation, in each of the fuzzer's phases.
const EXAMPLES: &str = "40";

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("openapi");
    let plan = setting
        .plan("openapi")?
        .only("api", 1)
        .with("RATE_LIMIT_PER_MINUTE", "1000000");
    let script = plan.repository.join("scripts/fuzz-api");
    let run_dir = plan.run_dir.clone();
    let mut stack = setting.up(plan).await?;
    let token = stack.owner_token().await?;
    let api = stack.api.first().context("no api was started")?;
    for with_ids in [false, true] {
        let name = if with_ids { "known" } else { "any" };
        let known = run_dir.join(format!("schemathesis-{name}.toml"));
        std::fs::write(&known, settings(&stack, with_ids).await?)
            .context("could not write the fuzzer's settings")?;
        let output = Command::new(&script)
            .arg(format!("http://{api}"))
            .arg(&token)
            .args(["--max-examples", EXAMPLES, "--seed"])
            .arg(setting.seed.to_string())
            .env("FUZZ_API_SETTINGS", &known)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .context("could not run scripts/fuzz-api")?;
        let words = [&output.stdout[..], &output.stderr[..]].concat();
        let log = run_dir.join(format!("schemathesis-{name}.log"));
        std::fs::write(&log, &words).context("could not keep what the fuzzer said")?;
        let words = String::from_utf8_lossy(&words);
        for line in words.lines().filter(|line| line.contains(" generated")) {
            report.figure(&format!("requests with {name} ids: {}", line.trim()), "");
        }
        let what = format!(
            "with {name} ids, the fuzzer found nothing (see {})",
            log.display()
        );
        report.check(&what, output.status.success(), output.status);
        if !output.status.success() {
            eprintln!("{words}");
        }
    }
    for fallen in stack.fallen()? {
        report.check("a process ended by itself", false, fallen);
    }
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

/// The fuzzer's settings: ids that exist, for half of the requests' sake. Its own token is not to be revoked.
async fn settings(stack: &Stack, with_ids: bool) -> anyhow::Result<String> {
    let mut settings =
        String::from("[[operations]]\ninclude-operation-id = \"revoke_token\"\nenabled = false\n");
    if !with_ids {
        return Ok(settings);
    }
    let desk = Desk::new(stack).await?;
    let want = Want {
        stays: vec![json!({"accommodation": desk.cabins.first()})],
        first: 20,
        nights: 7,
    };
    let quote = desk.quote(0, &want).await?;
    let held = desk.hold(0, &quote, "fuzz").await?.body;
    let text = |pointer: &str| {
        held.pointer(pointer)
            .and_then(serde_json::Value::as_str)
            .map(str::to_owned)
    };
    let season = stack
        .one_text("SELECT id::text FROM seasons LIMIT 1")
        .await?;
    let known = [
        ("^/api/v1/owner/properties/", "id", desk.property.clone()),
        (
            "^/api/v1/owner/unit-types/",
            "id",
            desk.types.first().cloned().unwrap_or_default(),
        ),
        (
            "^/api/v1/owner/accommodations/",
            "id",
            desk.cabins.first().cloned().unwrap_or_default(),
        ),
        ("^/api/v1/owner/seasons/", "id", season),
        (
            "^/api/v1/owner/reservations/",
            "id",
            text("/id").context("nothing was held")?,
        ),
        (
            "^/api/v1/guest/",
            "token",
            text("/guest_link/token").context("there is no guest link")?,
        ),
        ("^/api/v1/quotes/", "id", quote),
        (
            "/(accommodations|availability|reservations)",
            "property",
            desk.property.clone(),
        ),
    ];
    for (path, name, value) in known {
        writeln!(
            settings,
            "[[operations]]\ninclude-path-regex = \"{path}\"\nparameters = {{ {name} = \"{value}\" }}"
        )?;
    }
    Ok(settings)
}
