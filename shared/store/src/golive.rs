//! Going live on a phone full of chats: its history and its contacts are taken in, and nobody is written to.
//!
//! Guaranteed: nothing here enters a mailbox. A chat that was active lately starts in the owner's hands, as if she had
//! just written in it: the bot does not step into a conversation it has not followed.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::{
    conversations,
    error::{Doing as _, StoreError},
    guests::{self, Alias, At, Contact},
    ids::ConversationId,
    inbox::{self, EventRef, InboxItem, Verdict},
    messages::{self, NewMessage, Speaker},
    pool::Store,
    receive::{self, Received},
};

/// A chat of the phone.
#[derive(Debug, Clone)]
pub struct Thread {
    /// The other side.
    pub guest: Alias,
    /// What both said.
    pub messages: Vec<NewMessage>,
}

/// What was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// This many messages, or contacts.
    New(u64),
    /// Somebody had it already.
    Duplicate,
    /// Nobody's number.
    Rejected(&'static str),
}

/// A chat with a message younger than this is the owner's when the phone goes live.
const LATELY: TimeDelta = TimeDelta::days(14);

/// Takes in a piece of history.
pub async fn import_history(
    store: &Store,
    item: &InboxItem<'_>,
    threads: &[Thread],
) -> Result<Imported, StoreError> {
    let mut tx = store.begin().await?;
    let event = item.event();
    let imported = match receive::accept(&mut tx, item).await? {
        Ok(at) => {
            // Pieces come many at a time and share chats: one after another, so that their locks cannot cross.
            guests::serialise(&mut tx, at).await?;
            // One chat can come in parts; each lock is taken once, in one order.
            let mut by_guest: BTreeMap<&Alias, Vec<&Thread>> = BTreeMap::new();
            for thread in threads {
                by_guest.entry(&thread.guest).or_default().push(thread);
            }
            let mut new = 0;
            for (guest, threads) in by_guest {
                let chat =
                    conversations::lock(&mut tx, at, std::slice::from_ref(guest), None).await?;
                for thread in threads {
                    new += import_thread(&mut tx, at, chat.id, thread, &event).await?;
                }
            }
            inbox::finish(&mut tx, &event, Verdict::Effected, None).await?;
            Imported::New(new)
        }
        Err(settled) => refused(&settled),
    };
    tx.commit().await.doing("commit the history")?;
    Ok(imported)
}

async fn import_thread(
    tx: &mut PgConnection,
    at: At,
    chat: ConversationId,
    thread: &Thread,
    event: &EventRef,
) -> Result<u64, StoreError> {
    let new = messages::insert_history(tx, at.tenant, chat, &thread.messages, event).await?;
    let last = |speaker: Option<Speaker>| -> Option<DateTime<Utc>> {
        thread
            .messages
            .iter()
            .filter(|m| speaker.is_none_or(|s| m.speaker == s))
            .map(|m| m.at)
            .max()
    };
    // Not through a turn: a chat that was active lately must be the owner's before any message of it can start one.
    sqlx::query!(
        "UPDATE conversations
         SET -- LEAST skips nulls: a chat in which only one side ever wrote needs the CASE.
             last_guest_at  = greatest(last_guest_at, CASE WHEN $2::timestamptz IS NOT NULL THEN least($2, now()) END),
             last_person_at = greatest(last_person_at, CASE WHEN $3::timestamptz IS NOT NULL THEN least($3, now()) END,
                                       CASE WHEN last_turn_at IS NULL AND $4 > now() - $5::interval THEN now() END),
             mode           = CASE WHEN mode = 'bot' AND last_turn_at IS NULL AND $4 > now() - $5::interval
                                   THEN 'human' ELSE mode END
         WHERE id = $1",
        chat.uuid(),
        last(Some(Speaker::Guest)),
        last(Some(Speaker::Person)),
        last(None),
        sqlx::postgres::types::PgInterval {
            months: 0,
            days: 0,
            microseconds: LATELY.num_microseconds().unwrap_or_default()
        },
    )
    .execute(tx)
    .await
    .doing("say whose the chat is")?;
    Ok(new)
}

/// Takes in contacts.
pub async fn import_contacts(
    store: &Store,
    item: &InboxItem<'_>,
    contacts: &[Contact],
) -> Result<Imported, StoreError> {
    let mut tx = store.begin().await?;
    let imported = match receive::accept(&mut tx, item).await? {
        Ok(at) => {
            let new = guests::import_contacts(&mut tx, at, contacts).await?;
            inbox::finish(&mut tx, &item.event(), Verdict::Effected, None).await?;
            Imported::New(new)
        }
        Err(settled) => refused(&settled),
    };
    tx.commit().await.doing("commit the contacts")?;
    Ok(imported)
}

fn refused(settled: &Received) -> Imported {
    match settled {
        Received::Rejected(reason) => Imported::Rejected(reason),
        Received::Duplicate | Received::Stored { .. } => Imported::Duplicate,
    }
}
