//! `PostgreSQL` is killed, first for 20 s, then for longer than all retry tiers together: still 200 for everything,
//! no attempt is used up, and everything is handled afterwards.

use std::time::Duration;

use super::load;
use super::questions::{books, count, settle};
use super::report::Report;
use super::setting::Setting;
use crate::stack::Stack;
use crate::stack::services::Service;

const SECOND: Duration = Duration::from_secs(1);
/// All tiers together: 7.5 s.
const TIERS: &str = "500ms,1s,2s,4s";

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("postgres");
    // Three attempts would be gone long before the database is back, if being away cost any.
    let plan = setting
        .plan("postgres")?
        .with("BUS_RETRY_TIERS", TIERS)
        .with("BUS_MAX_ATTEMPTS", "3");
    let mut stack = setting.up(plan).await?;
    load::write(&stack.simulator, 20, 40, SECOND, setting.seed).await?;
    settle(&stack, SECOND * 30).await?;
    for (name, away) in [
        ("20 s", SECOND * 20),
        ("longer than all tiers, again", SECOND * 40),
    ] {
        outage(setting, &mut stack, &mut report, name, away).await?;
    }
    let used = count(
        &stack.database,
        "SELECT coalesce(max(attempts), 0)::bigint FROM inbound_events",
    )
    .await?;
    report.check(
        "attempts used up by the outages (most of any item)",
        used <= 1,
        used,
    );
    books(&mut stack, &mut report).await?;
    let starts: u32 = stack.children.iter().map(|child| child.starts() - 1).sum();
    report.check("restarts of programs", starts == 0, starts);
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

async fn outage(
    setting: &Setting,
    stack: &mut Stack,
    report: &mut Report,
    name: &str,
    away: Duration,
) -> anyhow::Result<()> {
    let before = stack.simulator.state().counters;
    setting.services.kill(Service::Postgres).await?;
    load::write(&stack.simulator, 20, 60, away, setting.seed).await?;
    stack.simulator.settled(SECOND * 10).await;
    let after = stack.simulator.state().counters;
    setting.services.start(Service::Postgres).await?;
    let back = tokio::time::Instant::now();
    let settled = settle(stack, SECOND * 90).await?;
    let refused = after.webhook_attempts
        - before.webhook_attempts
        - (after.webhook_answers.get(&200).copied().unwrap_or(0)
            - before.webhook_answers.get(&200).copied().unwrap_or(0));
    report.figure(
        &format!("away {name}: seconds until all was handled"),
        back.elapsed().as_secs(),
    );
    report.check(
        &format!("away {name}: answers other than 200"),
        refused == 0,
        refused,
    );
    report.check(
        &format!("away {name}: everything handled afterwards"),
        settled,
        if settled { "yes" } else { "no" },
    );
    Ok(())
}
