//! A memory alarm on the broker: it takes nothing from publishers, so there is no 200; consumers go on.

use std::time::Duration;

use super::broker::message;
use super::load;
use super::questions::{UNHANDLED, books, count, settle, until};
use super::report::Report;
use super::setting::Setting;

const SECOND: Duration = Duration::from_secs(1);
const BACKLOG: u32 = 100;

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("alarm");
    let mut stack = setting.up(setting.plan("alarm")?).await?;
    stack
        .child("message-worker")?
        .terminate(SECOND * 10)
        .await?;
    load::write(
        &stack.simulator,
        50,
        BACKLOG as usize,
        SECOND * 2,
        setting.seed,
    )
    .await?;
    stack.simulator.settled(SECOND * 30).await;
    setting
        .services
        .rabbitmqctl(&["set_vm_memory_high_watermark", "absolute", "1MB"])
        .await?;
    let outcome = during(&mut stack, &mut report).await;
    setting
        .services
        .rabbitmqctl(&["set_vm_memory_high_watermark", "absolute", "1GB"])
        .await?;
    outcome?;
    let settled = settle(&stack, SECOND * 60).await?;
    report.check(
        "everything settled after the alarm",
        settled,
        if settled { "yes" } else { "no" },
    );
    books(&mut stack, &mut report).await?;
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

async fn during(stack: &mut crate::stack::Stack, report: &mut Report) -> anyhow::Result<()> {
    let answers = futures_util::future::join_all((0..5).map(|n| {
        stack
            .simulator
            .raw(message(&stack.simulator, &format!("alarm-{n}")))
    }))
    .await;
    let accepted = answers
        .iter()
        .filter(|answer| answer.status == Some(200))
        .count();
    let refused = answers
        .iter()
        .filter(|answer| answer.status == Some(503))
        .count();
    report.check("200s during the alarm", accepted == 0, accepted);
    report.check("503s during the alarm", refused == answers.len(), refused);
    // Not `start_one`: a worker that cannot publish may well say it is not ready.
    stack.child("message-worker")?.start()?;
    let stored = until(
        &stack.database,
        "SELECT count(*) FROM mailbox WHERE kind = 'guest'",
        |n| n >= i64::from(BACKLOG),
        SECOND * 30,
    )
    .await?;
    report.check(
        "waiting messages consumed during the alarm",
        stored == i64::from(BACKLOG),
        stored,
    );
    let unhandled = until(&stack.database, UNHANDLED, |n| n == 0, SECOND * 30).await?;
    report.check("of these without a turn", unhandled == 0, unhandled);
    report.figure(
        "replies sent during the alarm",
        count(
            &stack.database,
            "SELECT count(*) FROM outbox WHERE state NOT IN ('pending', 'sending')",
        )
        .await?,
    );
    Ok(())
}
