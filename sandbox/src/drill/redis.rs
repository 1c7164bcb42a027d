//! Redis is killed: still 200 for everything, still one effect for each item.

use std::time::Duration;

use super::load;
use super::questions::{books, count, settle};
use super::report::Report;
use super::setting::Setting;
use crate::stack::services::Service;
use crate::whatsapp::{Fault, Kind, Target};

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("redis");
    let mut stack = setting.up(setting.plan("redis")?).await?;
    stack
        .simulator
        .fault(Fault::new(Target::Webhook, Kind::Duplicate).at_rate(0.5));
    let second = Duration::from_secs(1);
    load::write(&stack.simulator, 20, 60, second, setting.seed).await?;
    setting.services.kill(Service::Redis).await?;
    load::write(&stack.simulator, 20, 60, second * 2, setting.seed + 1).await?;
    stack.simulator.settled(second * 30).await;
    let while_down = stack.simulator.state().counters;
    setting.services.start(Service::Redis).await?;
    load::write(&stack.simulator, 20, 60, second, setting.seed + 2).await?;
    let settled = settle(&stack, second * 60).await?;
    let others = while_down
        .webhook_answers
        .iter()
        .filter(|(status, _)| **status != 200)
        .map(|(_, n)| n)
        .sum::<u64>();
    report.figure(
        "deliveries answered by 200 until Redis was back",
        while_down.webhook_answers.get(&200).copied().unwrap_or(0),
    );
    report.check(
        "answers other than 200, with Redis killed",
        others + while_down.webhook_errors == 0,
        others + while_down.webhook_errors,
    );
    report.check(
        "everything settled",
        settled,
        if settled { "yes" } else { "no" },
    );
    let rows = count(
        &stack.database,
        "SELECT count(*) FROM mailbox WHERE kind = 'guest'",
    )
    .await?;
    report.check("one effect for each of 180 messages", rows == 180, rows);
    books(&mut stack, &mut report).await?;
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}
