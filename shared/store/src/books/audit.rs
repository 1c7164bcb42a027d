//! The questions, one per kind.

mod money;

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Books, Kind, Page};
use crate::{
    error::{Doing as _, StoreError},
    outbox::claim::interval,
    pool::Store,
};

struct Found {
    count: i64,
    oldest: Option<DateTime<Utc>>,
    examples: Option<Vec<String>>,
}

/// Reads all pages. `within` replaces every kind's own threshold: zero asks for everything that is not final, also what
/// is in somebody's hands or was put off.
pub async fn audit(store: &Store, within: Option<Duration>) -> Result<Books, StoreError> {
    let mut pages = Vec::with_capacity(Kind::ALL.len());
    for kind in Kind::ALL {
        let found = count(store, kind, within.unwrap_or_else(|| kind.threshold())).await?;
        pages.push(Page {
            kind,
            count: found.count,
            oldest: found.oldest,
            examples: found.examples.unwrap_or_default(),
        });
    }
    Ok(Books { pages })
}

async fn count(store: &Store, kind: Kind, within: Duration) -> Result<Found, StoreError> {
    let pool = store.pool();
    let within = interval(within);
    match kind {
        Kind::InboxPending => sqlx::query_as!(
            Found,
            r#"SELECT count(*) AS "count!", min(stored_at) AS oldest,
                      (array_agg(key ORDER BY stored_at))[1:5] AS examples
               FROM inbound_events
               WHERE verdict = 'pending' AND stored_at <= now() - $1::interval"#,
            within
        )
        .fetch_one(pool)
        .await
        .doing("count the events not handled"),
        // Entries of chats where a turn would answer. Also finds what lost its due time.
        Kind::GuestsUnanswered => sqlx::query_as!(
            Found,
            r#"SELECT count(DISTINCT m.conversation_id) AS "count!", min(m.received_at) AS oldest,
                      (array_agg(DISTINCT 'conversation:' || m.conversation_id))[1:5] AS examples
               FROM mailbox m
               JOIN conversations c ON c.id = m.conversation_id
               JOIN guests g ON g.id = c.guest_id
               WHERE m.handled_at IS NULL AND m.kind = 'guest' AND g.kind = 'guest' AND c.mode <> 'muted'
                 AND ($1::interval = interval '0' OR coalesce(m.wait_until, m.received_at) <= now() - $1::interval)"#,
            within
        )
        .fetch_one(pool)
        .await
        .doing("count the guests not answered"),
        // Also events that nobody has announced: they wait for a turn that is not set.
        Kind::TurnsOverdue => sqlx::query_as!(
            Found,
            r#"SELECT count(*) AS "count!", min(due) AS oldest,
                      (array_agg('conversation:' || id ORDER BY due))[1:5] AS examples
               FROM (SELECT id, min(due) AS due
                     FROM (SELECT id, turn_due_at AS due FROM conversations WHERE turn_due_at IS NOT NULL
                           UNION ALL
                           SELECT conversation_id, stored_at FROM mailbox
                           WHERE kind = 'event' AND handled_at IS NULL AND announced_at IS NULL) AS waiting
                     GROUP BY id) AS chats
               WHERE $1::interval = interval '0' OR due <= now() - $1::interval"#,
            within
        )
        .fetch_one(pool)
        .await
        .doing("count the turns overdue"),
        Kind::OutboxNotFinal => sqlx::query_as!(
            Found,
            r#"SELECT count(*) AS "count!", min(created_at) AS oldest,
                      (array_agg('outbox:' || id ORDER BY seq))[1:5] AS examples
               FROM outbox
               WHERE state = 'pending' AND ($1::interval = interval '0' OR not_before <= now() - $1::interval)
                  OR state = 'sending' AND ($1::interval = interval '0' OR lease_until <= now() - $1::interval)"#,
            within
        )
        .fetch_one(pool)
        .await
        .doing("count the replies not sent"),
        Kind::OutboxUnknown => sqlx::query_as!(
            Found,
            r#"SELECT count(*) AS "count!", min(created_at) AS oldest,
                      (array_agg('outbox:' || id ORDER BY seq))[1:5] AS examples
               FROM outbox
               WHERE state = 'unknown' AND final_at <= now() - $1::interval"#,
            within
        )
        .fetch_one(pool)
        .await
        .doing("count the replies without a clear answer"),
        Kind::MediaWanted => sqlx::query_as!(
            Found,
            r#"SELECT count(*) AS "count!", min(created_at) AS oldest,
                      (array_agg('media:' || id ORDER BY created_at))[1:5] AS examples
               FROM media
               WHERE state = 'wanted' AND created_at <= now() - $1::interval"#,
            within
        )
        .fetch_one(pool)
        .await
        .doing("count the media not downloaded"),
        Kind::HoldsOverdue => holds(store, within).await,
        Kind::Collisions => collisions(store, within).await,
        Kind::PaymentsUnread => money::unread(store, within).await,
        Kind::LinksWanted => money::links(store, within).await,
        Kind::RefundsUnsent => money::unsent(store, within).await,
        Kind::RefundsDue => money::refunds(store, within).await,
        Kind::Orphans => money::orphans(store, within).await,
        Kind::DeadLetters => letters(store, false, within).await,
        Kind::Unrouted => letters(store, true, within).await,
    }
}

async fn letters(
    store: &Store,
    unrouted: bool,
    within: sqlx::postgres::types::PgInterval,
) -> Result<Found, StoreError> {
    sqlx::query_as!(
        Found,
        r#"SELECT count(*) AS "count!", min(created_at) AS oldest,
                  (array_agg('dead-letter:' || id ORDER BY created_at))[1:5] AS examples
           FROM dead_letters
           WHERE resolved_at IS NULL AND replayed_at IS NULL
             AND (origin = 'unrouted') = $1 AND created_at <= now() - $2::interval"#,
        unrouted,
        within
    )
    .fetch_one(store.pool())
    .await
    .doing("count the dead letters")
}

async fn holds(
    store: &Store,
    within: sqlx::postgres::types::PgInterval,
) -> Result<Found, StoreError> {
    sqlx::query_as!(
        Found,
        r#"SELECT count(*) AS "count!", min(hold_expires_at) AS oldest,
                  (array_agg('reservation:' || id ORDER BY hold_expires_at))[1:5] AS examples
           FROM reservations
           WHERE status = 'held' AND hold_expires_at <= now() - $1::interval"#,
        within
    )
    .fetch_one(store.pool())
    .await
    .doing("count the holds beyond their time")
}

async fn collisions(
    store: &Store,
    within: sqlx::postgres::types::PgInterval,
) -> Result<Found, StoreError> {
    sqlx::query_as!(
        Found,
        r#"SELECT count(*) AS "count!", min(opened_at) AS oldest,
                  (array_agg('stay:' || stay_id ORDER BY opened_at))[1:5] AS examples
           FROM collisions
           WHERE state = 'open' AND opened_at <= now() - $1::interval"#,
        within
    )
    .fetch_one(store.pool())
    .await
    .doing("count the nights sold twice")
}
