//! What the day looked like, in numbers.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use sqlx::Row as _;

use super::Played;
use crate::drill::questions::count;
use crate::drill::report::Report;
use crate::stack::Stack;
use crate::whatsapp::Side;

/// Nobody waits longer for an answer.
const LONGEST: Duration = Duration::from_mins(10);
/// What a booking may cost in messages.
const MOST_MESSAGES: f64 = 8.0;

pub(super) async fn fill(
    stack: &Stack,
    report: &mut Report,
    played: &Played,
) -> anyhow::Result<()> {
    let database = &stack.database;
    let made = count(
        database,
        "SELECT count(*) FROM reservations WHERE source = 'whatsapp'",
    )
    .await?;
    report.figure("bookings made in chats", made);
    for (status, number) in statuses(stack).await? {
        report.figure(&format!("  of them {status}"), number);
    }
    let without = count(
        database,
        "SELECT count(*) FROM conversations c WHERE NOT EXISTS (
             SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.author = 'person')",
    )
    .await?;
    report.figure("guests served without a word of hers", without);
    let alone = count(
        database,
        "SELECT count(*) FROM conversations c WHERE NOT EXISTS (
             SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.author = 'person')
           AND NOT EXISTS (SELECT 1 FROM attention a JOIN reservations r ON a.subject = 'reservation:' || r.id
                           WHERE r.guest_id = c.guest_id)
           AND NOT EXISTS (SELECT 1 FROM attention a WHERE a.subject = 'conversation:' || c.id)",
    )
    .await?;
    report.figure("  of them without a tap of hers", alone);
    report.figure("her taps", played.taps);
    report.figure("  chats she answered by phone", played.phoned);
    report.figure("  receipts she decided on", played.receipts);
    report.check(
        "taps from receipt to confirmed, each",
        played.receipts > 0 && played.receipt_taps == 2 * played.receipts,
        played
            .receipt_taps
            .checked_div(played.receipts)
            .unwrap_or_default(),
    );
    let waits = waits(stack);
    let longest = waits.iter().max().copied().unwrap_or_default();
    report.figure(
        "longest wait for an answer",
        format!("{:.1} s", longest.as_secs_f64()),
    );
    let late = waits.iter().filter(|wait| **wait > LONGEST).count();
    report.zero("guests who waited over 10 minutes", i64::try_from(late)?);
    messages(stack, report).await
}

async fn statuses(stack: &Stack) -> anyhow::Result<Vec<(String, i64)>> {
    let rows = sqlx::query(
        "SELECT status, count(*) FROM reservations WHERE source = 'whatsapp' GROUP BY 1 ORDER BY 1",
    )
    .fetch_all(&stack.database)
    .await
    .context("could not count bookings")?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect::<Result<_, sqlx::Error>>()
        .context("could not count bookings")
}

/// How long each message of a guest's was without anything said after it by us or the owner; up to now if nothing was.
fn waits(stack: &Stack) -> Vec<Duration> {
    let now = stack.simulator.clock().now();
    let mut waits = Vec::new();
    for (_, chat) in stack.simulator.chats() {
        let mut asked = None;
        for entry in &chat.messages {
            match entry.side {
                Side::Guest => asked = asked.or(Some(entry.at)),
                Side::Business | Side::Owner => {
                    if let Some(since) = asked.take() {
                        waits.push((entry.at - since).to_std().unwrap_or_default());
                    }
                }
            }
        }
        if let Some(since) = asked {
            waits.push((now - since).to_std().unwrap_or_default());
        }
    }
    waits
}

/// Each message handed to the Graph API is billed.
async fn messages(stack: &Stack, report: &mut Report) -> anyhow::Result<()> {
    let rows = sqlx::query(
        "SELECT o.guest_id::text, count(*), EXISTS (
             SELECT 1 FROM reservations r WHERE r.guest_id = o.guest_id AND r.confirmed_at IS NOT NULL) AS booked
         FROM outbox o WHERE o.state IN ('sent', 'delivered', 'read', 'unknown') GROUP BY o.guest_id",
    )
    .fetch_all(&stack.database)
    .await
    .context("could not count messages")?;
    let mut booked: HashMap<String, i64> = HashMap::new();
    let mut all = 0;
    for row in rows {
        let number: i64 = row.try_get(1)?;
        all += number;
        if row.try_get::<bool, _>(2)? {
            booked.insert(row.try_get(0)?, number);
        }
    }
    let guests = f64::from(u32::try_from(booked.len())?).max(1.0);
    let theirs: i64 = booked.values().sum();
    let each = f64::from(u32::try_from(theirs)?) / guests;
    report.figure("messages sent to all guests", all);
    report.figure(
        "most to one guest who booked",
        booked.values().max().copied().unwrap_or_default(),
    );
    report.check(
        "billable messages per confirmed booking",
        !booked.is_empty() && each <= MOST_MESSAGES,
        format!("{each:.1}"),
    );
    let overall = f64::from(u32::try_from(all)?) / guests;
    report.figure(
        "  with everybody who booked nothing",
        format!("{overall:.1}"),
    );
    Ok(())
}
