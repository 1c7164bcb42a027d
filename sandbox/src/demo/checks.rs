//! What must be true after the conversation.

use std::time::Duration;

use anyhow::Context as _;
use tokio::time::Instant;

use crate::stack::Stack;

/// Statuses and books settle within this.
const SETTLE_WITHIN: Duration = Duration::from_secs(30);

/// One check and what was found.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) what: &'static str,
    pub(crate) failed: Option<String>,
}

pub(crate) async fn run(stack: &mut Stack) -> anyhow::Result<Vec<Check>> {
    let unsettled = !stack.simulator.settled(SETTLE_WITHIN).await;
    let unanswered = zero(
        stack,
        "SELECT count(*) FROM mailbox WHERE handled_at IS NULL",
        "entries still wait for their turn",
    )
    .await?;
    let unread = zero(
        stack,
        "SELECT count(*) FROM outbox WHERE state <> 'read'",
        "replies have not been read",
    )
    .await?;
    let pending = zero(
        stack,
        "SELECT count(*) FROM inbound_events WHERE verdict <> 'effected'",
        "inbox rows have no effect",
    )
    .await?;
    let books = posta(stack, &["books", "--json", "--within", "0s"]).await?;
    let ledger = posta(stack, &["ledger", "--check"]).await?;
    let fallen = stack.fallen()?;
    Ok(vec![
        Check {
            what: "every webhook got its 200",
            failed: unsettled.then(|| {
                format!(
                    "{} are still on their way",
                    stack.simulator.state().webhooks_pending
                )
            }),
        },
        Check {
            what: "every item in the inbox had its effect",
            failed: pending,
        },
        Check {
            what: "every message had its turn",
            failed: unanswered,
        },
        Check {
            what: "every reply was read",
            failed: unread,
        },
        Check {
            what: "the books show residue 0",
            failed: books,
        },
        Check {
            what: "every payment is in the ledger, and every peso in one place",
            failed: ledger,
        },
        Check {
            what: "no program ended by itself",
            failed: (!fallen.is_empty()).then(|| fallen.join(", ")),
        },
    ])
}

/// Waits until a count is zero; what it counted otherwise.
async fn zero(
    stack: &Stack,
    question: &'static str,
    words: &str,
) -> anyhow::Result<Option<String>> {
    let began = Instant::now();
    loop {
        let count: i64 = sqlx::query_scalar(question)
            .fetch_one(&stack.database)
            .await
            .with_context(|| format!("could not ask how many {words}"))?;
        if count == 0 {
            return Ok(None);
        }
        if began.elapsed() > SETTLE_WITHIN {
            return Ok(Some(format!("{count} {words}")));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What it says where it does not say yes.
async fn posta(stack: &Stack, arguments: &[&str]) -> anyhow::Result<Option<String>> {
    let output = stack.posta_output(arguments).await?;
    if output.status.success() {
        return Ok(None);
    }
    Ok(Some(
        String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    ))
}
