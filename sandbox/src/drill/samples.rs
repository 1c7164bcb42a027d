//! Every collected sample, posted with its signature: 200, exactly one row for each item; posted again, no new row
//! and no second reply. And a text with a NUL survives whole.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use secrecy::SecretString;
use serde_json::Value;

use super::broker::message;
use super::questions::{count, settle, until};
use super::report::Report;
use super::setting::Setting;
use crate::stack::Stack;
use crate::whatsapp::signature;

const SECOND: Duration = Duration::from_secs(1);
/// The key the samples were signed with.
const SECRET: &str = "test_app_secret";
// Statuses of our own replies are not counted: they come when they come.
const ROWS: &str = "SELECT (SELECT count(*) FROM inbound_events)
      + (SELECT count(*) FROM message_statuses s
          WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = s.outbox_id))";

struct Sample {
    name: String,
    bytes: Vec<u8>,
    signature: String,
    items: i64,
}

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("samples");
    // The samples are from the day before: late messages wait for more, here for less than usual.
    let mut plan = setting.plan("samples")?.with("LATE_WINDOW", "3s");
    let directory = plan.repository.join("../shared/samples/whatsapp");
    let Some(samples) = read(&directory)? else {
        println!(
            "!! drill samples: SKIPPED, there are no samples in {}",
            directory.display()
        );
        report.check("skipped: no samples here", true, "-");
        return Ok(report);
    };
    plan.app_secret = Some(SECRET.to_owned());
    let mut stack = setting.up(plan).await?;
    let mut expected = 0;
    for sample in &samples {
        let right = signature(&SecretString::from(SECRET), &sample.bytes) == sample.signature;
        let answer = stack.simulator.raw(sample.bytes.clone()).await;
        expected += sample.items;
        let rows = until(&stack.database, ROWS, |n| n >= expected, SECOND * 10).await?;
        let holds = right && answer.status == Some(200) && rows == expected;
        report.check(
            &sample.name,
            holds,
            format!(
                "{:?}, {} rows",
                answer.status.unwrap_or(0),
                sample.items + rows - expected
            ),
        );
        // A wrong count must not spoil the next sample's.
        expected = rows;
    }
    settle(&stack, SECOND * 60).await?;
    let (rows, replies) = (count(&stack.database, ROWS).await?, outbox(&stack).await?);
    again(
        &stack,
        &samples,
        &mut report,
        rows,
        replies,
        "known to Redis",
    )
    .await?;
    setting.forget().await?;
    again(
        &stack,
        &samples,
        &mut report,
        rows,
        replies,
        "forgotten by Redis",
    )
    .await?;
    report.zero(
        "unrouted or dead",
        count(&stack.database, super::questions::DEAD).await?,
    );
    nul(&stack, &mut report).await?;
    let fallen = stack.fallen()?;
    report.check(
        "programs that ended by themselves",
        fallen.is_empty(),
        fallen.len(),
    );
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

async fn outbox(stack: &Stack) -> anyhow::Result<i64> {
    count(&stack.database, "SELECT count(*) FROM outbox").await
}

async fn again(
    stack: &Stack,
    samples: &[Sample],
    report: &mut Report,
    rows: i64,
    replies: i64,
    how: &str,
) -> anyhow::Result<()> {
    let mut fine = 0;
    for sample in samples {
        fine += usize::from(stack.simulator.raw(sample.bytes.clone()).await.status == Some(200));
    }
    // One more message behind them on the same queues: when it is stored, they have been handled.
    let marker = format!("marker-{}", how.len());
    stack
        .simulator
        .raw(message(&stack.simulator, &marker))
        .await;
    until(&stack.database, ROWS, |n| n > rows, SECOND * 10).await?;
    settle(stack, SECOND * 60).await?;
    tokio::time::sleep(SECOND * 2).await;
    let markers = count(
        &stack.database,
        "SELECT count(*) FROM inbound_events WHERE key LIKE '%wamid.marker-%'",
    )
    .await?;
    let about_markers = count(
        &stack.database,
        "SELECT count(*) FROM outbox o JOIN mailbox m ON m.turn_id = o.turn_id WHERE m.event_key LIKE '%wamid.marker-%'",
    )
    .await?;
    report.check(&format!("again, {how}: 200"), fine == samples.len(), fine);
    let new = count(&stack.database, ROWS).await? - rows - markers;
    report.zero(&format!("again, {how}: new rows"), new);
    report.zero(
        &format!("again, {how}: new replies"),
        outbox(stack).await? - replies - about_markers,
    );
    Ok(())
}

async fn nul(stack: &Stack, report: &mut Report) -> anyhow::Result<()> {
    let body = String::from_utf8(message(&stack.simulator, "with-nul"))?
        .replace("\"hola\"", "\"ho\\u0000la\"");
    let answer = stack.simulator.raw(body.into_bytes()).await;
    let kept = "SELECT count(*) FROM inbound_events WHERE key LIKE '%wamid.with-nul'
                   AND position(convert_to('ho\\u0000la', 'UTF8') IN payload) > 0";
    let found = until(&stack.database, kept, |n| n > 0, SECOND * 10).await?;
    report.check(
        "a text with \\u0000 is kept whole",
        answer.status == Some(200) && found == 1,
        found,
    );
    Ok(())
}

/// The samples with their signatures; `None` when there are none.
fn read(directory: &Path) -> anyhow::Result<Option<Vec<Sample>>> {
    let list: PathBuf = directory.join("SIGNATURES.tsv");
    let Ok(list) = std::fs::read_to_string(list) else {
        return Ok(None);
    };
    let mut samples = Vec::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, signature)) = line.split_once('\t') else {
            continue;
        };
        let bytes = std::fs::read(directory.join(name))
            .with_context(|| format!("could not read the sample {name}"))?;
        let items =
            items(&serde_json::from_slice(&bytes).with_context(|| format!("{name} is no JSON"))?);
        samples.push(Sample {
            name: name.to_owned(),
            bytes,
            signature: signature.trim().to_owned(),
            items,
        });
    }
    Ok(Some(samples))
}

/// How many items a body holds: messages, statuses and echoes one each, any other change one.
fn items(body: &Value) -> i64 {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut items = 0;
    for entry in list(&body["entry"]) {
        for change in list(&entry["changes"]) {
            let value = &change["value"];
            let parts: usize = ["messages", "statuses", "message_echoes", "errors"]
                .iter()
                .map(|name| {
                    list(&value[*name])
                        .len()
                        .min(if *name == "errors" { 1 } else { usize::MAX })
                })
                .sum();
            items += i64::try_from(parts.max(1)).unwrap_or(i64::MAX);
        }
    }
    items
}
