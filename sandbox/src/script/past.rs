//! Time that passes: the rows of one guest are moved into the past.

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;
use sqlx::PgPool;

/// The chats of whoever has this number.
const CHATS: &str =
    "SELECT c.id FROM conversations c JOIN guest_aliases a USING (guest_id) WHERE a.value = $1";

/// So many days go by in this guest's chat. Nobody else's time moves.
pub(crate) async fn days_pass(database: &PgPool, phone: &str, days: i64) -> anyhow::Result<()> {
    let mut tx = database.begin().await.context("could not begin")?;
    let chats: Vec<sqlx::types::Uuid> = sqlx::query_scalar(CHATS)
        .bind(phone)
        .fetch_all(&mut *tx)
        .await
        .context("could not find the chat")?;
    for chat in chats {
        let slots: Value = sqlx::query_scalar(
            "UPDATE conversations
             SET last_guest_at = last_guest_at - make_interval(days => $2),
                 last_person_at = last_person_at - make_interval(days => $2),
                 last_turn_at = last_turn_at - make_interval(days => $2)
             WHERE id = $1 RETURNING slots",
        )
        .bind(chat)
        .bind(i32::try_from(days)?)
        .fetch_one(&mut *tx)
        .await
        .context("could not move the chat")?;
        sqlx::query("UPDATE conversations SET slots = $2 WHERE id = $1")
            .bind(chat)
            .bind(earlier(slots, days))
            .execute(&mut *tx)
            .await
            .context("could not move what the chat remembers")?;
        sqlx::query(
            "UPDATE messages SET provider_time = provider_time - make_interval(days => $2),
                                 received_at = received_at - make_interval(days => $2)
             WHERE conversation_id = $1",
        )
        .bind(chat)
        .bind(i32::try_from(days)?)
        .execute(&mut *tx)
        .await
        .context("could not move what was said")?;
    }
    tx.commit().await.context("could not let the days pass")
}

/// The guest's holds end now.
pub(crate) async fn hold_ends(database: &PgPool, phone: &str) -> anyhow::Result<u64> {
    let mut tx = database.begin().await.context("could not begin")?;
    let held: Vec<sqlx::types::Uuid> = sqlx::query_scalar(
        "UPDATE reservations SET hold_expires_at = clock_timestamp()
         WHERE status = 'held' AND guest_id IN (SELECT guest_id FROM guest_aliases WHERE value = $1)
         RETURNING id",
    )
    .bind(phone)
    .fetch_all(&mut *tx)
    .await
    .context("could not end the hold")?;
    for statement in [
        "UPDATE claims SET expires_at = clock_timestamp()
         WHERE kind = 'hold' AND stay_id IN (SELECT id FROM stays WHERE reservation_id = ANY($1))",
        "UPDATE payment_requests SET expires_at = clock_timestamp()
         WHERE state = 'open' AND expires_at IS NOT NULL AND reservation_id = ANY($1)",
    ] {
        sqlx::query(statement)
            .bind(&held)
            .execute(&mut *tx)
            .await
            .context("could not end what the hold keeps")?;
    }
    tx.commit().await.context("could not end the hold")?;
    Ok(u64::try_from(held.len())?)
}

/// Moments in it are so many days earlier; days of the calendar stay what they are.
fn earlier(value: Value, days: i64) -> Value {
    match value {
        Value::String(text) => match DateTime::parse_from_rfc3339(&text) {
            Ok(at) => {
                let moved = at.with_timezone(&Utc) - TimeDelta::days(days);
                Value::String(moved.to_rfc3339_opts(SecondsFormat::AutoSi, true))
            }
            Err(_) => Value::String(text),
        },
        Value::Array(values) => values.into_iter().map(|it| earlier(it, days)).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, it)| (key, earlier(it, days)))
            .collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn moments_move_and_days_of_the_calendar_stay() {
        let before =
            json!({"check_in": "2027-01-10", "asked": ["2026-11-22T10:00:00Z", 3, "texto"]});
        assert_eq!(
            earlier(before, 7),
            json!({"check_in": "2027-01-10", "asked": ["2026-11-15T10:00:00Z", 3, "texto"]})
        );
    }
}
