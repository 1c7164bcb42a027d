//! The broker is killed: 503 with `Retry-After`, and recovery without a restart of any process.

use std::time::Duration;

use super::load;
use super::questions::{books, settle};
use super::report::Report;
use super::setting::Setting;
use crate::stack::services::Service;
use crate::whatsapp::Simulator;

const SECOND: Duration = Duration::from_secs(1);

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("broker");
    let mut stack = setting.up(setting.plan("broker")?).await?;
    load::write(&stack.simulator, 20, 40, SECOND, setting.seed).await?;
    settle(&stack, SECOND * 30).await?;
    setting.services.kill(Service::Rabbitmq).await?;
    let answer = stack
        .simulator
        .raw(message(&stack.simulator, "while-down"))
        .await;
    report.check(
        "answer while the broker is away",
        answer.status == Some(503),
        format!("{:?}", answer.status),
    );
    report.check(
        "with Retry-After",
        answer.retry_after.is_some(),
        answer.retry_after.unwrap_or_default(),
    );
    load::write(&stack.simulator, 20, 40, SECOND * 5, setting.seed + 1).await?;
    let before = stack.simulator.state().counters.webhook_answers;
    setting.services.start(Service::Rabbitmq).await?;
    let back = tokio::time::Instant::now();
    let delivered = stack.simulator.settled(SECOND * 60).await;
    report.figure(
        "answers 503 while the broker was away",
        before.get(&503).copied().unwrap_or(0),
    );
    report.figure(
        "milliseconds from broker back to all delivered",
        back.elapsed().as_millis(),
    );
    report.check(
        "everything delivered after the broker is back",
        delivered,
        if delivered { "yes" } else { "no" },
    );
    let settled = settle(&stack, SECOND * 60).await?;
    report.check(
        "everything settled",
        settled,
        if settled { "yes" } else { "no" },
    );
    let starts: u32 = stack.children.iter().map(|child| child.starts() - 1).sum();
    report.check("restarts of programs", starts == 0, starts);
    books(&mut stack, &mut report).await?;
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

/// A message nobody hears of again: only its answer matters.
pub(crate) fn message(simulator: &Simulator, id: &str) -> Vec<u8> {
    let config = simulator.config();
    let at = simulator.clock().now().timestamp().to_string();
    serde_json::json!({ "object": "whatsapp_business_account", "entry": [{ "id": config.waba_id, "changes": [{
        "field": "messages", "value": {
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": config.display_phone, "phone_number_id": config.phone_number_id },
            "contacts": [{ "profile": { "name": "X" }, "wa_id": load::phone(0) }],
            "messages": [{ "from": load::phone(0), "id": format!("wamid.{id}"), "timestamp": at, "type": "text",
                           "text": { "body": "hola" } }] } }] }] })
    .to_string()
    .into_bytes()
}
