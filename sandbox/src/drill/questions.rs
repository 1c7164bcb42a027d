//! Questions drills put to the database, and waiting for their answers.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::Context as _;
use sqlx::PgPool;
use tokio::time::Instant;

use super::report::Report;
use crate::stack::Stack;
use crate::whatsapp::Side;

/// Entries no turn has handled yet.
pub(crate) const UNHANDLED: &str = "SELECT count(*) FROM mailbox WHERE handled_at IS NULL";
/// Replies whose fate is still open: the simulated guests read everything sooner or later.
pub(crate) const UNSENT: &str =
    "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending', 'sent', 'delivered')";
/// Messages of guests whose turn said nothing.
pub(crate) const UNANSWERED: &str = "SELECT count(*) FROM mailbox m
     JOIN turns t ON t.id = m.turn_id JOIN conversations c ON c.id = m.conversation_id
     WHERE m.kind = 'guest'
       -- Greeting again within ten minutes of being promised a person is answered by that promise.
       AND NOT (t.decision = 'no_answer_needed' AND c.mode = 'waiting')
       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.turn_id = m.turn_id
                        AND o.state IN ('sent', 'delivered', 'read', 'unknown'))";
/// Given up.
pub(crate) const DEAD: &str = "SELECT count(*) FROM dead_letters";

/// One number. The database may be away for a moment: asked again for a while.
pub(crate) async fn count(database: &PgPool, question: &'static str) -> anyhow::Result<i64> {
    let began = Instant::now();
    loop {
        match sqlx::query_scalar(question).fetch_one(database).await {
            Ok(count) => return Ok(count),
            Err(error) if began.elapsed() > Duration::from_secs(20) => {
                return Err(error).with_context(|| format!("could not ask: {question}"));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// Waits until a count is what it should be; the last count.
pub(crate) async fn until(
    database: &PgPool,
    question: &'static str,
    wanted: impl Fn(i64) -> bool,
    within: Duration,
) -> anyhow::Result<i64> {
    let began = Instant::now();
    loop {
        let found = count(database, question).await?;
        if wanted(found) || began.elapsed() > within {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until nothing moves any more: webhooks delivered, turns taken, replies out.
pub(crate) async fn settle(stack: &Stack, within: Duration) -> anyhow::Result<bool> {
    let began = Instant::now();
    let left = || within.saturating_sub(began.elapsed());
    loop {
        let delivered = stack.simulator.settled(left()).await;
        let stored = until(&stack.database, NOT_EFFECTED, |n| n == 0, left()).await? == 0;
        let handled = until(&stack.database, UNHANDLED, |n| n == 0, left()).await? == 0;
        let sent = until(&stack.database, UNSENT, |n| n == 0, left()).await? == 0;
        let quiet = stack.simulator.state().webhooks_pending == 0;
        if delivered && stored && handled && sent && quiet && everything_arrived(stack).await? {
            return Ok(true);
        }
        if began.elapsed() > within {
            return Ok(false);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

const NOT_EFFECTED: &str = "SELECT count(*) FROM inbound_events WHERE verdict = 'pending'";

/// Every message with a 200 is in the mailbox: what is still on the bus would not be seen otherwise.
async fn everything_arrived(stack: &Stack) -> anyhow::Result<bool> {
    Ok(missing(stack).await? == 0)
}

/// Messages that got their 200 and are not in the inbox.
pub(crate) async fn missing(stack: &Stack) -> anyhow::Result<i64> {
    let account = &stack.simulator.config().phone_number_id;
    let keys: Vec<String> =
        sqlx::query_scalar("SELECT key FROM inbound_events WHERE source = 'whatsapp'")
            .fetch_all(&stack.database)
            .await
            .context("could not read the inbox")?;
    let keys: HashSet<String> = keys.into_iter().collect();
    let taken = taken(stack);
    let missing = taken
        .iter()
        .filter(|id| !keys.contains(&format!("wa:{account}:{id}")))
        .count();
    i64::try_from(missing).context("too many")
}

/// Ids of guests' messages that got their 200.
pub(crate) fn taken(stack: &Stack) -> Vec<String> {
    let chats = stack.simulator.chats();
    let entries = chats.into_iter().flat_map(|(_, chat)| chat.messages);
    entries
        .filter(|entry| entry.side == Side::Guest && entry.taken)
        .map(|entry| entry.id)
        .collect()
}

/// What must hold at the end of every drill, and the figures behind it.
pub(crate) async fn books(stack: &mut Stack, report: &mut Report) -> anyhow::Result<()> {
    let state = stack.simulator.state();
    let database = &stack.database;
    report.figure("messages that got their 200", taken(stack).len());
    let inbox = count(database, "SELECT count(*) FROM inbound_events").await?;
    let copies = count(
        database,
        "SELECT coalesce(sum(copies - 1), 0)::bigint FROM inbound_events",
    )
    .await?;
    let statuses = count(database, "SELECT count(*) FROM message_statuses").await?;
    let turns = count(database, "SELECT count(*) FROM turns").await?;
    let replies = count(database, "SELECT count(*) FROM outbox").await?;
    let unknown = count(
        database,
        "SELECT count(*) FROM outbox WHERE state = 'unknown'",
    )
    .await?;
    let resends = count(
        database,
        "SELECT coalesce(sum(resends), 0)::bigint FROM outbox",
    )
    .await?;
    for (what, value) in [
        ("inbox rows", inbox),
        ("copies the inbox recognised", copies),
        ("status rows", statuses),
        ("turns", turns),
        ("replies in the outbox", replies),
        ("replies listed unknown", unknown),
        ("replies sent once more after silence", resends),
    ] {
        report.figure(what, value);
    }
    report.figure("replies the Graph API accepted", state.counters.accepted);
    report.figure("answers cut off on purpose", state.counters.cut);
    let cut: HashSet<&String> = state.cut_callbacks.iter().collect();
    let cut_twice = state.repeated.keys().filter(|id| cut.contains(id)).count();
    let twice = state.repeated.keys().filter(|id| !cut.contains(id)).count();
    report.figure("replies out twice after a cut", cut_twice);
    report.zero(
        "ids with a 200 that are not in the inbox",
        missing(stack).await?,
    );
    report.zero(
        "messages whose turn was not answered",
        count(database, UNANSWERED).await?,
    );
    report.zero("entries without a turn", count(database, UNHANDLED).await?);
    report.zero("replies out twice without a cut", i64::try_from(twice)?);
    report.zero("dead letters", count(database, DEAD).await?);
    residue(stack, report).await
}

/// `posta books` shows nothing, and no program fell.
pub(crate) async fn residue(stack: &mut Stack, report: &mut Report) -> anyhow::Result<()> {
    let began = Instant::now();
    let found = loop {
        let output = stack
            .posta_output(&["books", "--json", "--within", "0s"])
            .await?;
        if output.status.success() {
            break String::new();
        }
        if began.elapsed() > Duration::from_secs(30) {
            break String::from_utf8_lossy(&output.stdout).trim().to_owned();
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    report.check(
        "posta books: residue 0",
        found.is_empty(),
        if found.is_empty() { "0" } else { &found },
    );
    let fallen = stack.fallen()?;
    report.check(
        "programs that ended by themselves",
        fallen.is_empty(),
        fallen.len(),
    );
    Ok(())
}
