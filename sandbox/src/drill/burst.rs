//! Ten messages of one guest within a second, with four message-workers: one turn at a time, in order, one or two
//! replies. Five guests do it at the same time.

use std::time::Duration;

use super::load;
use super::questions::{books, count, settle};
use super::report::Report;
use super::setting::Setting;
use crate::whatsapp::{Fault, Kind, Say, Target};

const GUESTS: u32 = 5;
const LINES: u32 = 10;

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("burst");
    let plan = setting
        .plan("burst")?
        .times("message-worker", 4)
        .with("QUIET_WINDOW", "2s");
    let mut stack = setting.up(plan).await?;
    // They overtake each other on the way, within the second.
    stack.simulator.fault(
        Fault::new(Target::Webhook, Kind::Reorder)
            .at_rate(0.5)
            .of_millis(300),
    );
    for line in 0..LINES {
        for guest in 0..GUESTS {
            let question = load::QUESTIONS[line as usize % load::QUESTIONS.len()];
            let say = Say::text(
                &load::phone(guest as usize),
                "Huésped",
                &format!("{question} ({line})"),
            );
            drop(stack.simulator.say(&say)?.delivered);
        }
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    let settled = settle(&stack, Duration::from_mins(1)).await?;
    report.check(
        "everything settled",
        settled,
        if settled { "yes" } else { "no" },
    );
    let database = &stack.database;
    let entries = count(
        database,
        "SELECT count(*) FROM mailbox WHERE kind = 'guest'",
    )
    .await?;
    report.check(
        "messages stored",
        entries == i64::from(GUESTS * LINES),
        entries,
    );
    let turns = count(
        database,
        "SELECT max(n) FROM (SELECT count(*) n FROM turns GROUP BY conversation_id) t",
    )
    .await?;
    report.check(
        "turns of one guest, at most",
        (1..=2).contains(&turns),
        turns,
    );
    let most = count(
        database,
        "SELECT max(n) FROM (SELECT count(*) n FROM outbox GROUP BY conversation_id) o",
    )
    .await?;
    report.check(
        "replies to one guest, at most",
        (1..=2).contains(&most),
        most,
    );
    let least = count(
        database,
        "SELECT count(DISTINCT conversation_id) FROM outbox",
    )
    .await?;
    report.check("guests with a reply", least == i64::from(GUESTS), least);
    // An entry of a later turn is never older than one of an earlier turn, unless it was still on the bus then.
    // Entries are put in, and turns recorded, under the chat's lock, so their times are in the order they happened.
    let overtaken = count(
        database,
        "SELECT count(*) FROM mailbox a JOIN turns ta ON ta.id = a.turn_id
           JOIN mailbox b ON b.conversation_id = a.conversation_id JOIN turns tb ON tb.id = b.turn_id
          WHERE ta.at < tb.at AND (a.provider_time, a.received_at) > (b.provider_time, b.received_at)
            AND b.stored_at < ta.at",
    )
    .await?;
    report.zero(
        "entries handled before an older one that was there",
        overtaken,
    );
    books(&mut stack, &mut report).await?;
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}
