//! What the database knows of the conversation that was just played, as a person can read it.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::{PgPool, Row as _};

/// Counts of rows by what became of them.
pub(crate) async fn summary(database: &PgPool) -> anyhow::Result<Vec<(String, String)>> {
    let questions = [
        (
            "inbox",
            "SELECT kind || ' ' || verdict AS what, count(*) FROM inbound_events GROUP BY 1 ORDER BY 1",
        ),
        (
            "turns",
            "SELECT decision AS what, count(*) FROM turns GROUP BY 1 ORDER BY 1",
        ),
        (
            "outbox",
            "SELECT state AS what, count(*) FROM outbox GROUP BY 1 ORDER BY 1",
        ),
        (
            "statuses",
            "SELECT status AS what, count(*) FROM message_statuses GROUP BY 1 ORDER BY 1",
        ),
        (
            "chats",
            "SELECT mode AS what, count(*) FROM conversations GROUP BY 1 ORDER BY 1",
        ),
        (
            "media",
            "SELECT mime || ' ' || state AS what, count(*) FROM media GROUP BY 1 ORDER BY 1",
        ),
        (
            "attention",
            "SELECT kind || ' ' || state AS what, count(*) FROM attention GROUP BY 1 ORDER BY 1",
        ),
        (
            "bookings",
            "SELECT status AS what, count(*) FROM reservations GROUP BY 1 ORDER BY 1",
        ),
        (
            "ledger",
            "SELECT kind || ' ' || provider AS what, count(*) FROM ledger_entries GROUP BY 1 ORDER BY 1",
        ),
        (
            "dead letters",
            "SELECT queue AS what, count(*) FROM dead_letters GROUP BY 1 ORDER BY 1",
        ),
    ];
    let mut lines = Vec::new();
    for (table, question) in questions {
        let rows = sqlx::query(question)
            .fetch_all(database)
            .await
            .with_context(|| format!("could not count {table}"))?;
        let counted: Vec<String> = rows
            .iter()
            .map(|row| {
                Ok(format!(
                    "{} × {}",
                    row.try_get::<i64, _>(1)?,
                    row.try_get::<String, _>(0)?
                ))
            })
            .collect::<Result<_, sqlx::Error>>()?;
        let counted = if counted.is_empty() {
            "none".to_owned()
        } else {
            counted.join(", ")
        };
        lines.push((table.to_owned(), counted));
    }
    Ok(lines)
}

/// One line for each turn: what it answered, when, and how far the answer got.
pub(crate) async fn turns(database: &PgPool) -> anyhow::Result<Vec<String>> {
    let rows = sqlx::query(
        "SELECT t.at, coalesce(g.display_name, '?') AS guest, t.decision, t.entries,
                extract(epoch FROM t.at - min(e.received_at))::float8 AS waited,
                coalesce(string_agg(DISTINCT o.state, ', '), 'nothing to say') AS states
           FROM turns t
           JOIN conversations c ON c.id = t.conversation_id
           JOIN guests g        ON g.id = c.guest_id
           LEFT JOIN mailbox e  ON e.turn_id = t.id
           LEFT JOIN outbox o   ON o.turn_id = t.id
          GROUP BY t.id, g.display_name
          ORDER BY t.at",
    )
    .fetch_all(database)
    .await
    .context("could not read the turns")?;
    rows.iter()
        .map(|row| {
            let at: DateTime<Utc> = row.try_get("at")?;
            Ok(format!(
                "{}  {:<14} {} entr{} → {} after {:.1} s → {}",
                at.with_timezone(&chrono::Local).format("%H:%M:%S%.3f"),
                row.try_get::<String, _>("guest")?,
                row.try_get::<i32, _>("entries")?,
                if row.try_get::<i32, _>("entries")? == 1 {
                    "y"
                } else {
                    "ies"
                },
                row.try_get::<String, _>("decision")?,
                row.try_get::<Option<f64>, _>("waited")?.unwrap_or_default(),
                row.try_get::<String, _>("states")?,
            ))
        })
        .collect::<Result<_, sqlx::Error>>()
        .context("could not read the turns")
}

/// The latest reply, to be traced back.
pub(crate) async fn a_reply(database: &PgPool) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar("SELECT id::text FROM outbox WHERE turn_id IS NOT NULL ORDER BY seq LIMIT 1")
        .fetch_optional(database)
        .await
        .context("could not look for a reply")
}
