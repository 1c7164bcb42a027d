//! Turns: one at a time in each chat, however many workers there are.
//!
//! A worker takes a chat whose turn is due ([`take`]), decides without touching the network ([`Turn::decide`]), and
//! commits ([`Turn::commit`]); until then the chat is locked, and a message that arrives waits. What the decision does
//! (a hold, a cancellation) is done on the turn's own transaction: it is committed with the reply, the state and the
//! entries marked as handled, or nothing of it is. Guaranteed: every entry is handled by exactly one committed turn, in
//! the provider's order; a worker that dies leaves the turn due. A turn that fails is put off ([`postpone`]), so that
//! one broken chat stops no other. What happened elsewhere ([`crate::events`]) becomes a turn by [`announce()`].

mod announce;
mod commit;
mod read;
mod world;

use std::time::Duration;

use chrono::{DateTime, Utc};
use posta_domain::dialogue::{self, Chat, Decision, Desk, Entry, Rules};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::{
    attention::{self, NewAttention},
    error::{Doing as _, StoreError},
    ids::{AccountId, ConversationId, EntryId, GuestId, PropertyId, TenantId, TurnId},
    outbox::Cause,
    pool::Store,
};

pub use announce::announce;
pub use commit::Said;
pub use world::TurnWorld;

/// A chat in our hands.
pub struct Turn {
    tx: Transaction<'static, Postgres>,
    id: TurnId,
    tenant: TenantId,
    account: AccountId,
    guest: GuestId,
    /// What the desk sells; none: nothing.
    property: Option<PropertyId>,
    causes: Vec<(EntryId, Option<Cause>)>,
    /// Which chat.
    pub conversation: ConversationId,
    /// How it stands.
    pub chat: Chat,
    /// What waits.
    pub entries: Vec<Entry>,
    /// Who answers.
    pub desk: Desk,
    /// The database's clock.
    pub now: DateTime<Utc>,
}

/// What there was to take.
pub enum Taken {
    /// A chat whose turn is due.
    Turn(Box<Turn>),
    /// A chat that had nothing to decide yet; there may be others.
    Again,
    /// Nothing; the next turn is due in this time.
    Nothing(Option<Duration>),
}

/// Takes a chat whose turn is due and that nobody else has.
pub async fn take(store: &Store) -> Result<Taken, StoreError> {
    let mut tx = store.begin().await?;
    let due = sqlx::query_scalar!(
        "SELECT id FROM conversations WHERE turn_due_at <= clock_timestamp()
         ORDER BY turn_due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED"
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("look for a chat whose turn is due")?;
    let Some(id) = due else {
        return next_due(&mut tx).await.map(Taken::Nothing);
    };
    match prepare(tx, id).await {
        // A chat that cannot be read (a newer program's, or broken) must not stop the others.
        Err(error) if !error.is_unavailable() => {
            tracing::error!(conversation = %id, error = &error as &dyn std::error::Error, "a chat cannot be read");
            postpone(store, id.into(), &error.to_string()).await?;
            Ok(Taken::Again)
        }
        taken => taken,
    }
}

/// Reads a chat whose lock the transaction holds.
async fn prepare(mut tx: Transaction<'static, Postgres>, id: Uuid) -> Result<Taken, StoreError> {
    // The lock first, then what it guards: see the crate's documentation.
    let waits = read::longest_wait(&mut tx, id).await?;
    if let Some(until) = waits {
        put_off(&mut tx, id, Some(until)).await?;
        tx.commit().await.doing("put the turn off")?;
        return Ok(Taken::Again);
    }
    let entries = read::entries(&mut tx, id).await?;
    if entries.is_empty() {
        put_off(&mut tx, id, None).await?;
        tx.commit().await.doing("take back the turn")?;
        return Ok(Taken::Again);
    }
    let turn = read::turn(tx, id.into(), entries).await?;
    Ok(Taken::Turn(Box::new(turn)))
}

async fn put_off(
    tx: &mut PgConnection,
    id: Uuid,
    until: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE conversations
         SET turn_due_at = $2, turn_wanted_at = CASE WHEN $2::timestamptz IS NULL THEN NULL ELSE turn_wanted_at END
         WHERE id = $1",
        id,
        until,
    )
    .execute(tx)
    .await
    .doing("put the turn off")
    .map(|_| ())
}

async fn next_due(tx: &mut PgConnection) -> Result<Option<Duration>, StoreError> {
    let seconds = sqlx::query_scalar!(
        r#"SELECT extract(epoch FROM min(turn_due_at) - clock_timestamp())::float8 AS seconds FROM conversations
           WHERE turn_due_at > clock_timestamp()"#
    )
    .fetch_one(tx)
    .await
    .doing("look when the next turn is due")?;
    Ok(seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds.max(0.0)).ok()))
}

/// The longest a chat whose turns fail is left alone.
const LONGEST_PAUSE_SECONDS: i32 = 300;
/// So many failures in a row are a person's matter.
const TOO_MANY_FAILURES: i32 = 5;

impl Turn {
    /// Decides what to say and does what follows from it, on the turn's transaction. After an error, or when this was
    /// dropped half-way, the turn can only be given up.
    pub async fn decide(&mut self, rules: &Rules) -> Result<Decision, StoreError> {
        let mut world = TurnWorld::new(
            &mut self.tx,
            world::Whose {
                tenant: self.tenant,
                guest: self.guest,
                conversation: self.conversation,
                turn: self.id,
                property: self.property,
            },
        );
        dialogue::decide(
            &self.chat,
            &self.entries,
            &self.desk,
            rules,
            self.now,
            &mut world,
        )
        .await
    }

    /// The world as the dialogue sees it, for whoever decides by other means than [`Turn::decide`].
    pub fn world(&mut self) -> TurnWorld<'_> {
        TurnWorld::new(
            &mut self.tx,
            world::Whose {
                tenant: self.tenant,
                guest: self.guest,
                conversation: self.conversation,
                turn: self.id,
                property: self.property,
            },
        )
    }

    /// Lets go of the chat and puts the turn off: no lock of ours may be held while that is written.
    pub async fn give_up(self, store: &Store, error: &str) -> Result<(), StoreError> {
        let conversation = self.conversation;
        self.tx.rollback().await.doing("let go of the chat")?;
        postpone(store, conversation, error).await
    }
}

/// Puts off a turn that failed: 2, 4, 8 … seconds, five minutes at most; from the fifth on somebody is told.
pub async fn postpone(
    store: &Store,
    conversation: ConversationId,
    error: &str,
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let row = sqlx::query!(
        "UPDATE conversations
         SET turn_failures = turn_failures + 1,
             turn_due_at   = clock_timestamp() + make_interval(secs => least(2 ^ least(turn_failures + 1, 20), $2::integer))
         WHERE id = $1 AND turn_due_at IS NOT NULL
         RETURNING tenant_id, turn_failures",
        conversation.uuid(),
        LONGEST_PAUSE_SECONDS,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("put off a turn that failed")?;
    if let Some(row) = row.filter(|row| row.turn_failures >= TOO_MANY_FAILURES) {
        attention::raise(
            &mut tx,
            &NewAttention {
                tenant: row.tenant_id.into(),
                kind: "turn_fails",
                subject: &format!("conversation:{conversation}"),
                detail: serde_json::json!({ "failures": row.turn_failures, "error": error }),
                deadline: None,
            },
        )
        .await?;
    }
    tx.commit().await.doing("put off a turn that failed")
}

/// The inbox row of an entry, if it came from outside.
fn cause(day: Option<chrono::NaiveDate>, key: Option<String>) -> Option<Cause> {
    day.zip(key).map(|(day, key)| Cause { day, key })
}
