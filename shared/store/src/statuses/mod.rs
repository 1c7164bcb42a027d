//! What the provider tells us became of a message.
//!
//! One row per (account, message, status, recipient), stored also when no outbox row matches yet: a status can arrive
//! before the answer to the request that caused it. Storing is one transaction, applying another, so that locks are
//! taken in one order (outbox, then statuses); a crash between the two is made good by the redelivery or the sweep.

mod fold;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use self::fold::{Seen, fold};
use crate::{
    error::{Doing as _, StoreError},
    ids::{ConversationId, OutboxId},
    outbox::{State, claim::report},
    pool::Store,
    text::{indexable, storable},
};

/// One status as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStatus {
    /// The phone number id.
    pub account: String,
    /// Of which message.
    pub wamid: String,
    /// `sent`, `delivered`, `read`, `failed`, or what comes.
    pub status: String,
    /// To whom; in a group one message has several. Empty when the provider does not say.
    pub recipient: String,
    /// When, by the provider's clock.
    pub at: DateTime<Utc>,
    /// Our id, echoed in `biz_opaque_callback_data`.
    pub outbox: Option<OutboxId>,
    /// The exact bytes.
    pub payload: Vec<u8>,
    /// For failures: code and title.
    pub error: Option<String>,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
}

/// What a batch did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// Statuses seen for the first time.
    pub new: usize,
    /// Copies of known ones.
    pub copies: usize,
    /// Outbox rows moved.
    pub moved: usize,
}

/// Stores a batch, then applies what matches an outbox row.
pub async fn store_batch(store: &Store, batch: &[NewStatus]) -> Result<Stored, StoreError> {
    let mut stored = upsert(store, batch).await?;
    let mut tx = store.begin().await?;
    let callbacks: Vec<Uuid> = batch
        .iter()
        .filter_map(|status| status.outbox.map(OutboxId::uuid))
        .collect();
    let wamids: Vec<String> = batch
        .iter()
        .map(|status| indexable(&status.wamid).into_owned())
        .collect();
    let rows = sqlx::query_scalar!(
        r#"SELECT id AS "id!" FROM outbox WHERE id = ANY($1)
           UNION
           SELECT id FROM outbox WHERE provider_message_id = ANY($2)"#,
        &callbacks,
        &wamids,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("find the replies the statuses are about")?;
    stored.moved = apply(&mut tx, &rows).await?;
    tx.commit().await.doing("commit the statuses' effects")?;
    Ok(stored)
}

/// Applies what was stored before its outbox row knew its message id, oldest first. Returns how many rows moved.
pub async fn sweep(store: &Store) -> Result<usize, StoreError> {
    let mut tx = store.begin().await?;
    let rows = sqlx::query_scalar!(
        r#"SELECT DISTINCT o.id AS "id!"
           FROM message_statuses s
           JOIN outbox o ON o.id = s.outbox_id OR o.provider_message_id = s.wamid
           WHERE s.applied_at IS NULL AND s.received_at > now() - interval '2 days'
           LIMIT 1000"#
    )
    .fetch_all(&mut *tx)
    .await
    .doing("look for statuses that wait for their reply")?;
    let moved = apply(&mut tx, &rows).await?;
    tx.commit().await.doing("commit the swept statuses")?;
    Ok(moved)
}

async fn upsert(store: &Store, batch: &[NewStatus]) -> Result<Stored, StoreError> {
    // One statement cannot touch a row twice; sorted, two workers cannot wait for each other.
    let mut batch: Vec<(&NewStatus, i32)> = batch.iter().map(|status| (status, 1)).collect();
    batch.sort_by(|(a, _), (b, _)| key(a).cmp(&key(b)));
    batch.dedup_by(|(dropped, copies), (kept, total)| {
        let same = key(dropped) == key(kept);
        if same {
            *total += *copies;
        }
        same
    });
    let column = |of: fn(&NewStatus) -> &str| {
        batch
            .iter()
            .map(|(s, _)| indexable(of(s)).into_owned())
            .collect::<Vec<_>>()
    };
    let inserted = sqlx::query_scalar!(
        r#"INSERT INTO message_statuses AS known
               (tenant_id, account, wamid, status, recipient, at, outbox_id, payload, error, received_at, copies)
           SELECT coalesce((SELECT a.tenant_id FROM channel_accounts a
                            WHERE a.provider = 'whatsapp' AND a.external_id = item.account),
                           '00000000-0000-0000-0000-000000000000'),
                  item.*
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::uuid[], $7::bytea[],
                       $8::text[], $9::timestamptz[], $10::integer[])
                AS item (account, wamid, status, recipient, at, outbox_id, payload, error, received_at, copies)
           ON CONFLICT ON CONSTRAINT message_statuses_key
           DO UPDATE SET copies = known.copies + excluded.copies,
                         outbox_id = coalesce(known.outbox_id, excluded.outbox_id)
           -- No older version of the row: it was inserted, not updated.
           RETURNING xmax = 0 AS "inserted!""#,
        &column(|status| &status.account),
        &column(|status| &status.wamid),
        &column(|status| &status.status),
        &column(|status| &status.recipient),
        &batch.iter().map(|(status, _)| status.at).collect::<Vec<_>>(),
        &batch.iter().map(|(status, _)| status.outbox.map(OutboxId::uuid)).collect::<Vec<_>>() as &[Option<Uuid>],
        &batch.iter().map(|(status, _)| status.payload.clone()).collect::<Vec<_>>(),
        &batch.iter().map(|(status, _)| status.error.as_deref().map(|error| storable(error).into_owned())).collect::<Vec<_>>() as &[Option<String>],
        &batch.iter().map(|(status, _)| status.received_at).collect::<Vec<_>>(),
        &batch.iter().map(|(_, copies)| *copies).collect::<Vec<_>>(),
    )
    .fetch_all(store.pool())
    .await
    .doing("store the statuses")?;
    let items: usize = batch
        .iter()
        .map(|(_, copies)| usize::try_from(*copies).unwrap_or(0))
        .sum();
    let new = inserted.iter().filter(|inserted| **inserted).count();
    Ok(Stored {
        new,
        copies: items - new,
        moved: 0,
    })
}

fn key(status: &NewStatus) -> (&str, &str, &str, &str) {
    (
        &status.account,
        &status.wamid,
        &status.status,
        &status.recipient,
    )
}

/// Moves the given outbox rows by all statuses not yet applied to them. Returns how many moved.
pub(crate) async fn apply(tx: &mut PgConnection, rows: &[Uuid]) -> Result<usize, StoreError> {
    if rows.is_empty() {
        return Ok(0);
    }
    // The lock first, in the order of ids; what a concurrent answer wrote is read after it.
    let locked = sqlx::query!(
        "SELECT id, tenant_id, conversation_id, state, provider_message_id
         FROM outbox WHERE id = ANY($1) ORDER BY id FOR UPDATE",
        rows
    )
    .fetch_all(&mut *tx)
    .await
    .doing("lock the replies the statuses are about")?;
    let ids: Vec<Uuid> = locked.iter().map(|row| row.id).collect();
    let wamids: Vec<String> = locked
        .iter()
        .filter_map(|row| row.provider_message_id.clone())
        .collect();
    // All at once and in the order they are stored in, whichever reply they are about: two batches cannot wait for
    // each other.
    let all = sqlx::query!(
        r#"SELECT s.account, s.wamid, s.status, s.recipient, s.error, s.outbox_id
           FROM message_statuses s
           WHERE s.applied_at IS NULL AND (s.outbox_id = ANY($1) OR s.wamid = ANY($2))
           ORDER BY s.account COLLATE "C", s.wamid COLLATE "C", s.status COLLATE "C", s.recipient COLLATE "C"
           FOR UPDATE"#,
        &ids,
        &wamids,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("read the statuses of the replies")?;
    let mut moved = 0;
    for row in locked {
        let seen: Vec<_> = all
            .iter()
            .filter(|s| {
                s.outbox_id == Some(row.id)
                    || row.provider_message_id.as_deref() == Some(s.wamid.as_str())
            })
            .collect();
        let Some(state) = State::parse(&row.state).filter(|_| !seen.is_empty()) else {
            continue;
        };
        let statuses: Vec<Seen> = seen
            .iter()
            .map(|s| Seen {
                wamid: s.wamid.clone(),
                status: s.status.clone(),
                error: s.error.clone(),
            })
            .collect();
        let folded = fold(state, row.provider_message_id.clone(), &statuses);
        for (status, _) in seen
            .iter()
            .zip(&folded.applied)
            .filter(|(_, applied)| **applied)
        {
            sqlx::query!(
                "UPDATE message_statuses SET applied_at = now()
                 WHERE account = $1 AND wamid = $2 AND status = $3 AND recipient = $4",
                status.account,
                status.wamid,
                status.status,
                status.recipient,
            )
            .execute(&mut *tx)
            .await
            .doing("mark the status as applied")?;
        }
        if folded.state == state && folded.provider_id == row.provider_message_id {
            continue;
        }
        moved += 1;
        let id = OutboxId::from(row.id);
        advance(tx, id, &folded).await?;
        if let Some(wamid) = folded
            .provider_id
            .as_deref()
            .filter(|_| row.provider_message_id.is_none())
        {
            name_message(tx, id, wamid).await?;
        }
        if folded.state == State::Failed {
            let reason = folded
                .error
                .as_deref()
                .unwrap_or("the provider reported a failure");
            let chat = row.conversation_id.map(ConversationId::from);
            report(tx, row.tenant_id.into(), chat, id, "message_failed", reason).await?;
        }
    }
    Ok(moved)
}

async fn advance(
    tx: &mut PgConnection,
    id: OutboxId,
    folded: &fold::Folded,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE outbox
         SET state = $2, provider_message_id = $3, error = $4, lease_until = NULL, lease_owner = NULL,
             sent_at = coalesce(sent_at, now()), final_at = coalesce(final_at, now())
         WHERE id = $1",
        id.uuid(),
        folded.state.as_str(),
        folded.provider_id,
        folded.error,
    )
    .execute(tx)
    .await
    .doing("move the reply on")
    .map(|_| ())
}

/// The reply's message learns the provider's id, so that quotes and reactions find it.
pub(crate) async fn name_message(
    tx: &mut PgConnection,
    id: OutboxId,
    wamid: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE messages AS said SET provider_id = $2
         WHERE said.outbox_id = $1 AND said.provider_id IS NULL
           AND NOT EXISTS (SELECT FROM messages other
                           WHERE other.conversation_id = said.conversation_id AND other.provider_id = $2)",
        id.uuid(),
        wamid,
    )
    .execute(tx)
    .await
    .doing("give the message the provider's id")
    .map(|_| ())
}
