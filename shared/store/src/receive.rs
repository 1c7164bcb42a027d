//! Receiving: an item from outside becomes a message, a place in the mailbox and a turn that is due, in one
//! transaction.
//!
//! Guaranteed: whatever is committed here is answered, also when the process dies right after it, since the due turn
//! is in the table. A second delivery changes nothing but the count of copies. Not guaranteed: an answer's time; see
//! [`crate::turns`].

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use posta_domain::quiet::Windows;
use sqlx::PgConnection;

use crate::{
    attention::{self, NewAttention},
    conversations::{self, Locked},
    error::{Doing as _, StoreError},
    guests::{self, Alias, At},
    ids::{ConversationId, MessageId, TenantId},
    inbox::{self, Accepted, EventRef, InboxItem, Standing, Verdict},
    mailbox::{self, NewEntry, Said},
    media::{self, NewMedia, Wanted},
    messages::{self, NewMessage, Speaker},
    pool::Store,
};

/// A message on its way in.
#[derive(Debug, Clone)]
pub struct Arrival<'a> {
    /// As it came off the bus.
    pub item: InboxItem<'a>,
    /// The guest's names; not empty.
    pub aliases: Vec<Alias>,
    /// What the guest calls herself.
    pub name: Option<String>,
    /// Names the guest goes by from now on.
    pub moved_to: Vec<Alias>,
    /// What was said.
    pub message: NewMessage,
    /// The file it carries.
    pub media: Option<NewMedia>,
    /// What waits for a turn; nothing where silence is the answer.
    pub entry: Option<NewEntry>,
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// Somebody had it already.
    Duplicate,
    /// It has its place.
    Stored {
        /// In this chat.
        conversation: ConversationId,
        /// When its turn is due; `None` where none is.
        due: Option<DateTime<Utc>>,
        /// Its file, which the caller fetches: until [`media::settle`] the item counts as pending.
        media: Option<Wanted>,
    },
    /// It can have no effect; kept, with the reason.
    Rejected(&'static str),
}

/// Takes a message in.
pub async fn receive(
    store: &Store,
    windows: &Windows,
    arrival: &Arrival<'_>,
) -> Result<Received, StoreError> {
    let mut tx = store.begin().await?;
    let event = arrival.item.event();
    let received = match accept(&mut tx, &arrival.item).await? {
        Ok(at) => take_in(&mut tx, windows, at, &event, arrival).await?,
        Err(settled) => settled,
    };
    tx.commit().await.doing("commit the message")?;
    Ok(received)
}

async fn take_in(
    tx: &mut PgConnection,
    windows: &Windows,
    at: At,
    event: &EventRef,
    arrival: &Arrival<'_>,
) -> Result<Received, StoreError> {
    let new = &arrival.message;
    if !arrival.moved_to.is_empty() {
        let mut all = arrival.aliases.clone();
        all.extend(arrival.moved_to.iter().cloned());
        guests::resolve(tx, at, &all, arrival.name.as_deref()).await?;
    }
    let chat = conversations::lock(tx, at, &arrival.aliases, arrival.name.as_deref()).await?;
    let media = match &arrival.media {
        Some(media) => Some(media::want(tx, at, media).await?),
        None => None,
    };
    let message = messages::insert(
        tx,
        at.tenant,
        chat.id,
        new,
        media.map(|media| media.id),
        event,
    )
    .await?;
    let pending = media.is_some_and(|media| media.missing);
    // A file that is here already is not waited for.
    let entry = arrival.entry.as_ref().map(|entry| NewEntry {
        content: entry.content.clone(),
        wait: entry.wait.filter(|_| pending),
    });
    let due = match &entry {
        Some(entry) => {
            wait_for_turn(tx, windows, at, &chat, (arrival, entry), message, event).await?
        }
        None => None,
    };
    inbox::belongs_to(tx, event, chat.guest, !pending).await?;
    Ok(Received::Stored {
        conversation: chat.id,
        due,
        media,
    })
}

/// Puts the entry into the mailbox and sets the turn, if it waits for one.
async fn wait_for_turn(
    tx: &mut PgConnection,
    windows: &Windows,
    at: At,
    chat: &Locked,
    (arrival, entry): (&Arrival<'_>, &NewEntry),
    message: Option<MessageId>,
    event: &EventRef,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let new = &arrival.message;
    let said = Said {
        at: new.at,
        received_at: new.received_at,
        index: new.index,
    };
    if !mailbox::put(tx, at.tenant, chat.id, entry, said, message, event).await? {
        return Ok(None);
    }
    let urgency = entry.content.urgency(day_of(new.at));
    let due = windows.due_at(chat.standing, urgency, new.at);
    let wrote = (new.speaker == Speaker::Guest).then_some(new.at);
    conversations::set_turn(tx, chat, due, wrote).await?;
    Ok(Some(due))
}

/// The day on a clock in Argentina, near enough to tell whether a message is complete: a turn knows its property's zone.
fn day_of(at: DateTime<Utc>) -> NaiveDate {
    at.checked_sub_signed(TimeDelta::hours(3))
        .unwrap_or(at)
        .date_naive()
}

/// An item that is nobody's message: a notice about an account, or bytes nobody can read.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// As it came off the bus.
    pub item: InboxItem<'a>,
    /// Its verdict.
    pub verdict: Verdict,
    /// In words.
    pub reason: Option<&'static str>,
    /// What a person must see to: kind, subject and what to know.
    pub attention: Option<(&'static str, String, serde_json::Value)>,
}

/// Keeps a notice. True if it is new.
pub async fn keep(store: &Store, notice: &Notice<'_>) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let accepted = inbox::accept(&mut tx, &notice.item).await?;
    let fresh = accepted.standing != Standing::Final;
    if fresh {
        if let Some((kind, subject, detail)) = &notice.attention {
            report(&mut tx, accepted.tenant, kind, subject, detail.clone()).await?;
        }
        inbox::finish(&mut tx, &notice.item.event(), notice.verdict, notice.reason).await?;
    }
    tx.commit().await.doing("commit the notice")?;
    Ok(fresh)
}

/// Why items of unknown accounts are rejected.
const UNKNOWN_ACCOUNT: &str = "unknown account";

/// Kept for whoever claims the number; never answered.
async fn unknown_account(
    tx: &mut PgConnection,
    item: &InboxItem<'_>,
    event: &EventRef,
) -> Result<Received, StoreError> {
    let account = item.account.unwrap_or("none");
    let detail = serde_json::json!({ "source": item.source, "account": account });
    report(
        tx,
        TenantId::UNASSIGNED,
        "unknown_account",
        &format!("account:{account}"),
        detail,
    )
    .await?;
    inbox::finish(tx, event, Verdict::Rejected, Some(UNKNOWN_ACCOUNT)).await?;
    Ok(Received::Rejected(UNKNOWN_ACCOUNT))
}

async fn report(
    tx: &mut PgConnection,
    tenant: TenantId,
    kind: &str,
    subject: &str,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    attention::raise(
        tx,
        &NewAttention {
            tenant,
            kind,
            subject,
            detail,
            deadline: None,
        },
    )
    .await
}

/// Accepts an item; on the inner error there is nothing left to do with it.
pub(crate) async fn accept(
    tx: &mut PgConnection,
    item: &InboxItem<'_>,
) -> Result<Result<At, Received>, StoreError> {
    let Accepted {
        tenant,
        account,
        standing,
        ..
    } = inbox::accept(tx, item).await?;
    match (standing, account) {
        (Standing::Final, _) => Ok(Err(Received::Duplicate)),
        (_, None) => unknown_account(tx, item, &item.event()).await.map(Err),
        (_, Some(account)) => Ok(Ok(At { tenant, account })),
    }
}
