//! Reading a chat whose lock we hold.

use chrono::{DateTime, Utc};
use posta_domain::{
    dialogue::{Chat, Content, Entry, FileFate, Slots, State},
    mode::Mode,
};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::{Turn, cause};
use crate::{
    booking::hold::PATIENCE,
    error::{Doing as _, StoreError},
    ids::{ConversationId, EntryId, TurnId},
    outbox::Cause,
    properties,
};

/// Until when the turn has to wait for a file, if it has to.
pub(super) async fn longest_wait(
    tx: &mut PgConnection,
    chat: Uuid,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    sqlx::query_scalar!(
        "SELECT max(wait_until) FROM mailbox
         WHERE conversation_id = $1 AND handled_at IS NULL AND wait_until > clock_timestamp()",
        chat,
    )
    .fetch_one(tx)
    .await
    .doing("look what the turn waits for")
}

/// What waits, in the provider's order, each with the inbox row that brought it.
pub(super) async fn entries(
    tx: &mut PgConnection,
    chat: Uuid,
) -> Result<Vec<(Entry, Option<Cause>)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT e.id, e.provider_time, e.payload, e.event_day, e.event_key, m.provider_id AS "provider_id?",
                  coalesce(f.state IN ('refused', 'lost'), false) AS "refused!"
           FROM mailbox e
           LEFT JOIN messages m ON m.id = e.message_id
           LEFT JOIN media f ON f.id = m.media_id
           WHERE e.conversation_id = $1 AND e.handled_at IS NULL
           ORDER BY e.provider_time, e.received_at, e.item_index, e.id"#,
        chat,
    )
    .fetch_all(tx)
    .await
    .doing("read what waits in the mailbox")?;
    let entries = rows.into_iter().map(|row| {
        // A newer program's entry is something this one cannot read: it says so instead of failing for ever.
        let content = serde_json::from_value(row.payload).unwrap_or_else(|_| Content::Unreadable {
            what: "unknown".to_owned(),
        });
        let entry = Entry {
            id: row.id.into(),
            at: row.provider_time,
            provider_id: row.provider_id,
            content,
            file: if row.refused {
                FileFate::Refused
            } else {
                FileFate::Kept
            },
        };
        (entry, cause(row.event_day, row.event_key))
    });
    Ok(entries.collect())
}

/// The chat, its desk, and the entries. The transaction is marked as this chat's turn: what the turn causes in its own
/// chat it says itself, and [`crate::events::tell`] leaves it out.
pub(super) async fn turn(
    mut tx: Transaction<'static, Postgres>,
    conversation: ConversationId,
    entries: Vec<(Entry, Option<Cause>)>,
) -> Result<Turn, StoreError> {
    let row = sqlx::query!(
        r#"SELECT c.tenant_id, c.account_id, c.guest_id, c.state, c.slots, c.mode, c.epoch, c.misunderstandings,
                  c.last_person_at, c.last_guest_at, g.kind <> 'guest' AS "private!",
                  g.opted_out_at IS NOT NULL AS "opted_out!", clock_timestamp() AS "now!",
                  set_config('posta.turn_of', c.id::text, true) AS marked,
                  -- Behind a stuck transaction everybody would pile up: the turn is made again later.
                  set_config('lock_timeout', $2, true) AS patience
           FROM conversations c JOIN guests g ON g.id = c.guest_id WHERE c.id = $1"#,
        conversation.uuid(),
        PATIENCE,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("read the chat")?;
    let mode = Mode::parse(&row.mode).map_err(|source| StoreError::Unreadable {
        what: "the chat's mode",
        source: source.into(),
    })?;
    let (property, desk) = properties::desk(&mut tx, row.tenant_id.into()).await?;
    let (entries, causes): (Vec<Entry>, Vec<(EntryId, Option<Cause>)>) = entries
        .into_iter()
        .map(|(entry, cause)| {
            let id = entry.id;
            (entry, (id, cause))
        })
        .unzip();
    Ok(Turn {
        tx,
        id: TurnId::fresh(),
        tenant: row.tenant_id.into(),
        account: row.account_id.into(),
        guest: row.guest_id.into(),
        property,
        causes,
        conversation,
        chat: Chat {
            state: State::parse(&row.state),
            slots: serde_json::from_value::<Slots>(row.slots).unwrap_or_default(),
            mode,
            private: row.private,
            opted_out: row.opted_out,
            epoch: row.epoch,
            misunderstandings: row.misunderstandings,
            last_person_at: row.last_person_at,
            last_guest_at: row.last_guest_at,
        },
        entries,
        desk,
        now: row.now,
    })
}
