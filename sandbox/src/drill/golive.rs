//! Going live on an old phone: six months of history and 300 contacts arrive, 20 of the chats active last week.
//! Nobody is written to unasked, and those 20 start with a person.

use std::time::Duration;

use super::questions::{count, residue, settle, until};
use super::report::Report;
use super::setting::Setting;
use crate::whatsapp::Past;

const SECOND: Duration = Duration::from_secs(1);

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("golive");
    let mut stack = setting.up(setting.plan("golive")?).await?;
    let past = Past::default();
    let sent = stack.simulator.history(&past);
    let webhooks = i64::try_from(sent.history_webhooks + sent.contact_webhooks)?;
    let mut taken = 0;
    for delivered in sent.delivered {
        taken += i64::from(delivered.await?);
    }
    let rows = "SELECT count(*) FROM inbound_events WHERE verdict = 'effected'";
    let stored = until(&stack.database, rows, |n| n >= webhooks, SECOND * 60).await?;
    settle(&stack, SECOND * 30).await?;
    // Whatever would be said unasked has been due by now: jobs of the scheduler have run, quiet windows are over.
    tokio::time::sleep(SECOND * 10).await;
    let database = &stack.database;
    report.figure("webhooks of history", sent.history_webhooks);
    report.figure("webhooks of contacts", sent.contact_webhooks);
    report.figure("messages in the history", sent.messages);
    report.check("webhooks with a 200", taken == webhooks, taken);
    report.check("items stored with their effect", stored == webhooks, stored);
    report.figure(
        "messages stored",
        count(database, "SELECT count(*) FROM messages").await?,
    );
    report.figure(
        "conversations",
        count(database, "SELECT count(*) FROM conversations").await?,
    );
    report.zero(
        "replies written",
        count(database, "SELECT count(*) FROM outbox").await?,
    );
    report.zero(
        "turns taken",
        count(database, "SELECT count(*) FROM turns").await?,
    );
    let accepted = stack.simulator.state().counters.accepted;
    report.check("messages that went out", accepted == 0, accepted);
    let human = count(
        database,
        "SELECT count(*) FROM conversations WHERE mode = 'human'",
    )
    .await?;
    report.check(
        "chats that start with a person",
        human == i64::try_from(sent.active.len())?,
        human,
    );
    residue(&mut stack, &mut report).await?;
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}
