//! Claiming rows for sending: each in at most one worker's hands at a time.
//!
//! A row may be claimed when it is due, its account is not stopped and no earlier row of the same guest and account is
//! still open. Locks are taken first, in a statement of their own; then the facts are read, so that a person's message
//! committed meanwhile counts. What a person said and no turn has read yet holds back the bot's rows of that chat; rows
//! left behind by an outage wait a moment for it. No network call happens in here: the caller sends after the commit.

use std::time::Duration;

use sqlx::{PgConnection, postgres::types::PgInterval};
use uuid::Uuid;

use super::{
    Author, State,
    judge::{Facts, Judgement, judge},
};
use crate::{
    attention::{self, NewAttention},
    error::{Doing as _, StoreError},
    ids::{AccountId, ConversationId, GuestId, OutboxId, TenantId},
    pool::Store,
    statuses,
};

/// What the caller wants.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Rows at most.
    pub limit: i64,
    /// How long the caller may take to send and record.
    pub lease: Duration,
    /// How long after a lease ran out a status may still settle the row.
    pub grace: Duration,
    /// Accounts the caller cannot send for at the moment.
    pub skip: Vec<AccountId>,
}

/// Whom a row is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// A phone number, digits.
    Phone(String),
    /// A business-scoped user id: the guest hides the number.
    UserId(String),
}

/// A row in the caller's hands until its lease runs out.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Which row.
    pub id: OutboxId,
    /// Whose.
    pub tenant: TenantId,
    /// From which account.
    pub account: AccountId,
    /// That account's phone number id.
    pub account_external: String,
    /// Names the account's secret; never the secret.
    pub secret_ref: String,
    /// To whom.
    pub guest: GuestId,
    /// In which chat.
    pub conversation: Option<ConversationId>,
    /// The message as JSON.
    pub payload: serde_json::Value,
    /// The address.
    pub to: To,
    /// Refusals so far.
    pub attempts: i32,
    /// Whether an earlier attempt may have gone out.
    pub resends: i32,
    /// Proof of the lease.
    pub(super) token: String,
}

/// What a round brought.
#[derive(Debug, Default)]
pub struct Claims {
    /// To be sent now.
    pub send: Vec<Claimed>,
    /// Settled without sending: dropped, expired, unknown.
    pub settled: Vec<(OutboxId, State)>,
}

/// Claims up to `terms.limit` rows.
pub async fn claim(store: &Store, terms: &Terms) -> Result<Claims, StoreError> {
    let mut tx = store.begin().await?;
    let mut ids = lock_lapsed(&mut tx, terms).await?;
    // Whoever stored a status may have died before it was applied: then the provider has the message, and it must not
    // go out again. Rows settled here are left out by `read`.
    statuses::apply(&mut tx, &ids).await?;
    let left = terms.limit - i64::try_from(ids.len()).unwrap_or(i64::MAX);
    if left > 0 {
        ids.extend(lock_due(&mut tx, terms, left).await?);
    }
    if ids.is_empty() {
        return Ok(Claims::default());
    }
    let mut claims = Claims::default();
    let mut waiting: Vec<Uuid> = Vec::new();
    for (claimed, facts) in read(&mut tx, &ids).await? {
        match judge(&facts) {
            Judgement::Send => claims.send.push(claimed),
            Judgement::Wait => waiting.extend(claimed.conversation.map(ConversationId::uuid)),
            Judgement::Settle {
                state,
                reason,
                attention,
            } => {
                settle(&mut tx, &claimed, state, &reason, attention).await?;
                claims.settled.push((claimed.id, state));
            }
        }
    }
    wait(&mut tx, &waiting).await?;
    let token = Uuid::now_v7().to_string();
    for claimed in &mut claims.send {
        claimed.token.clone_from(&token);
    }
    let going: Vec<Uuid> = claims
        .send
        .iter()
        .map(|claimed| claimed.id.uuid())
        .collect();
    sqlx::query!(
        "UPDATE outbox
         SET resends     = resends + (state = 'sending')::integer,
             state       = 'sending',
             lease_until = now() + $2,
             lease_owner = $3
         WHERE id = ANY($1)",
        &going,
        interval(terms.lease),
        token,
    )
    .execute(&mut *tx)
    .await
    .doing("lease the replies")?;
    tx.commit().await.doing("commit the claim")?;
    Ok(claims)
}

/// How long a row must have been due to be overdue: no limit and no breaker leaves one alone for as long.
const OVERDUE: PgInterval = PgInterval {
    months: 0,
    days: 0,
    microseconds: 10 * 60 * 1_000_000,
};

/// Puts these chats' overdue rows off until what came in during the outage is stored.
async fn wait(tx: &mut PgConnection, chats: &[Uuid]) -> Result<(), StoreError> {
    if chats.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE outbox SET not_before = now() + interval '30 seconds'
         WHERE conversation_id = ANY($1) AND state = 'pending' AND author = 'bot' AND not_before < now() - $2::interval",
        chats,
        OVERDUE,
    )
    .execute(tx)
    .await
    .doing("let overdue replies wait for what a person said meanwhile")
    .map(|_| ())
}

/// Rows whose sender vanished or got no clear answer, and whose time of grace is over.
async fn lock_lapsed(tx: &mut PgConnection, terms: &Terms) -> Result<Vec<Uuid>, StoreError> {
    sqlx::query_scalar!(
        "SELECT o.id FROM outbox o
         WHERE o.state = 'sending' AND o.channel = 'whatsapp'
           AND o.lease_until + $1 <= now()
           AND o.account_id <> ALL($2)
           AND NOT EXISTS (SELECT FROM channel_accounts a WHERE a.id = o.account_id AND a.stopped_at IS NOT NULL)
         ORDER BY o.lease_until
         LIMIT $3
         FOR UPDATE OF o SKIP LOCKED",
        interval(terms.grace),
        &skipped(terms),
        terms.limit,
    )
    .fetch_all(tx)
    .await
    .doing("look for replies whose lease ran out")
}

/// The oldest open row of each chat, if it is due.
async fn lock_due(
    tx: &mut PgConnection,
    terms: &Terms,
    limit: i64,
) -> Result<Vec<Uuid>, StoreError> {
    // A worker that commits between our snapshot and our lock has changed `state`: PostgreSQL checks the condition
    // again on the locked version and leaves the row out. A later row of that chat is not taken either: in our
    // snapshot the earlier one is still open.
    sqlx::query_scalar!(
        "SELECT o.id FROM outbox o
         WHERE o.state = 'pending' AND o.channel = 'whatsapp'
           AND o.not_before <= now()
           AND o.account_id <> ALL($1)
           AND NOT EXISTS (SELECT FROM channel_accounts a WHERE a.id = o.account_id AND a.stopped_at IS NOT NULL)
           AND NOT EXISTS (
               SELECT FROM outbox earlier
               WHERE earlier.guest_id = o.guest_id AND earlier.account_id = o.account_id
                 AND earlier.seq < o.seq AND earlier.state IN ('pending', 'sending'))
           AND NOT (o.author = 'bot' AND EXISTS (
               SELECT FROM mailbox m
               WHERE m.conversation_id = o.conversation_id AND m.kind = 'person' AND m.handled_at IS NULL))
         ORDER BY o.seq
         LIMIT $2
         FOR UPDATE OF o SKIP LOCKED",
        &skipped(terms),
        limit,
    )
    .fetch_all(tx)
    .await
    .doing("look for replies that are due")
}

async fn read(tx: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<(Claimed, Facts)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT o.id, o.tenant_id, o.account_id, a.external_id, a.secret_ref, o.guest_id AS "guest_id!", o.conversation_id,
                  o.payload, o.author, o.epoch, o.state, o.attempts, o.resends,
                  coalesce(o.not_after < now(), false) AS "late!",
                  o.state = 'pending' AND o.conversation_id IS NOT NULL AND o.not_before < now() - $2::interval AS "overdue!",
                  c.epoch AS "chat_epoch?",
                  coalesce(c.mode = 'muted', false) AS "muted!",
                  g.kind = 'personal' AS "personal!",
                  -- The guest's clock is the provider's; whether a day has passed is ours to say. Templates may go anytime.
                  coalesce(c.last_guest_at + interval '24 hours' <= now(), true)
                      AND coalesce(o.payload ->> 'type', '') <> 'template' AS "window_closed!",
                  -- A guest who changed the number is written to on the newest.
                  (SELECT value FROM guest_aliases
                   WHERE guest_id = o.guest_id AND account_id = o.account_id AND kind = 'wa_id'
                   ORDER BY created_at DESC LIMIT 1) AS phone,
                  (SELECT value FROM guest_aliases
                   WHERE guest_id = o.guest_id AND account_id = o.account_id AND kind = 'user_id'
                   ORDER BY created_at DESC LIMIT 1) AS user_id,
                  (SELECT coalesce(error, 'the provider reported a failure') FROM message_statuses
                   WHERE outbox_id = o.id AND status = 'failed' AND applied_at IS NULL LIMIT 1) AS failure,
                  EXISTS (SELECT FROM mailbox m
                          WHERE m.turn_id = o.turn_id AND m.payload ->> 'type' = 'event') AS "news!"
           FROM outbox o
           JOIN channel_accounts a ON a.id = o.account_id
           JOIN guests g ON g.id = o.guest_id
           LEFT JOIN conversations c ON c.id = o.conversation_id
           WHERE o.id = ANY($1) AND o.state IN ('pending', 'sending')
           ORDER BY o.seq"#,
        ids,
        OVERDUE,
    )
    .fetch_all(tx)
    .await
    .doing("read the replies to be sent")?;
    let read = rows.into_iter().map(|row| {
        let reachable = row.phone.is_some() || row.user_id.is_some();
        let to = row
            .phone
            .map_or_else(|| To::UserId(row.user_id.unwrap_or_default()), To::Phone);
        let facts = Facts {
            author: if row.author == "person" {
                Author::Person
            } else {
                Author::Bot
            },
            epoch: row.epoch,
            lapsed: row.state == State::Sending.as_str(),
            resends: row.resends,
            overdue: row.overdue,
            late: row.late,
            chat_epoch: row.chat_epoch,
            muted: row.muted,
            personal: row.personal,
            window_closed: row.window_closed,
            reachable,
            failure: row.failure,
            news: row.news,
        };
        let claimed = Claimed {
            id: row.id.into(),
            tenant: row.tenant_id.into(),
            account: row.account_id.into(),
            account_external: row.external_id,
            secret_ref: row.secret_ref,
            guest: row.guest_id.into(),
            conversation: row.conversation_id.map(ConversationId::from),
            payload: row.payload,
            to,
            attempts: row.attempts,
            resends: row.resends + i32::from(facts.lapsed),
            token: String::new(),
        };
        (claimed, facts)
    });
    Ok(read.collect())
}

/// Ends a row whose lock the transaction holds.
pub(super) async fn settle(
    tx: &mut PgConnection,
    row: &Claimed,
    state: State,
    reason: &str,
    attention: Option<&'static str>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE outbox
         SET state = $2, error = $3, lease_until = NULL, lease_owner = NULL, final_at = now()
         WHERE id = $1",
        row.id.uuid(),
        state.as_str(),
        reason,
    )
    .execute(&mut *tx)
    .await
    .doing("settle the reply")?;
    if let Some(kind) = attention {
        report(tx, row.tenant, row.conversation, row.id, kind, reason).await?;
    }
    Ok(())
}

/// Tells a person about a reply that did not go out as it should.
pub(crate) async fn report(
    tx: &mut PgConnection,
    tenant: TenantId,
    conversation: Option<ConversationId>,
    id: OutboxId,
    kind: &'static str,
    reason: &str,
) -> Result<(), StoreError> {
    let subject = conversation.map_or_else(
        || format!("outbox:{id}"),
        |chat| format!("conversation:{chat}"),
    );
    let detail = serde_json::json!({ "outbox": id, "reason": reason });
    attention::raise(
        tx,
        &NewAttention {
            tenant,
            kind,
            subject: &subject,
            detail,
            deadline: None,
        },
    )
    .await
}

fn skipped(terms: &Terms) -> Vec<Uuid> {
    terms.skip.iter().map(|account| account.uuid()).collect()
}

/// As `PostgreSQL` takes it; absurd lengths are cut at a century.
pub(crate) fn interval(duration: Duration) -> PgInterval {
    const CENTURY: u64 = 100 * 365 * 24 * 3600;
    let capped = duration.min(Duration::from_secs(CENTURY));
    PgInterval {
        months: 0,
        days: 0,
        microseconds: i64::try_from(capped.as_micros()).unwrap_or(i64::MAX),
    }
}
