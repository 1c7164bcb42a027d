//! The questions about money.

use sqlx::postgres::types::PgInterval;

use super::Found;
use crate::{
    error::{Doing as _, StoreError},
    pool::Store,
};

/// Hinted at and not read.
pub(super) async fn unread(store: &Store, within: PgInterval) -> Result<Found, StoreError> {
    sqlx::query_as!(
        Found,
        r#"SELECT count(*) AS "count!", min(wanted_at) AS oldest,
                  (array_agg(kind || ':' || resource ORDER BY wanted_at))[1:5] AS examples
           FROM payment_reads
           WHERE done_at IS NULL AND wanted_at <= now() - $1::interval"#,
        within
    )
    .fetch_one(store.pool())
    .await
    .doing("count the payments not read")
}

/// To be made, moved or taken back; not those whose request is over before they could be.
pub(super) async fn links(store: &Store, within: PgInterval) -> Result<Found, StoreError> {
    sqlx::query_as!(
        Found,
        r#"SELECT count(*) AS "count!", min(l.created_at) AS oldest,
                  (array_agg('payment-link:' || l.id ORDER BY l.created_at))[1:5] AS examples
           FROM payment_links l
           JOIN payment_requests q ON q.id = l.payment_request_id
           WHERE greatest(l.created_at, l.not_before, q.closed_at) <= now() - $1::interval
             AND (l.state IN ('wanted', 'closing')
                  OR l.state = 'live' AND q.state = 'open' AND l.expires_at IS DISTINCT FROM q.expires_at)"#,
        within
    )
    .fetch_one(store.pool())
    .await
    .doing("count the links not made")
}

/// To be given back by the provider.
pub(super) async fn unsent(store: &Store, within: PgInterval) -> Result<Found, StoreError> {
    sqlx::query_as!(
        Found,
        r#"SELECT count(*) AS "count!", min(created_at) AS oldest,
                  (array_agg('refund:' || id ORDER BY created_at))[1:5] AS examples
           FROM refunds
           WHERE state IN ('due', 'requested') AND payment_id IS NOT NULL AND created_at <= now() - $1::interval"#,
        within
    )
    .fetch_one(store.pool())
    .await
    .doing("count the refunds not carried out")
}

/// To be given back by the owner.
pub(super) async fn refunds(store: &Store, within: PgInterval) -> Result<Found, StoreError> {
    sqlx::query_as!(
        Found,
        r#"SELECT count(*) AS "count!", min(created_at) AS oldest,
                  (array_agg('refund:' || id ORDER BY created_at))[1:5] AS examples
           FROM refunds
           WHERE (state IN ('failed', 'by_hand') OR state IN ('due', 'requested') AND payment_id IS NULL)
             AND created_at <= now() - $1::interval"#,
        within
    )
    .fetch_one(store.pool())
    .await
    .doing("count the refunds due")
}

/// To be placed by the owner.
pub(super) async fn orphans(store: &Store, within: PgInterval) -> Result<Found, StoreError> {
    sqlx::query_as!(
        Found,
        r#"SELECT count(*) AS "count!", min(first_read_at) AS oldest,
                  (array_agg('payment:' || id ORDER BY first_read_at))[1:5] AS examples
           FROM payments
           WHERE verdict = 'orphan' AND first_read_at <= now() - $1::interval"#,
        within
    )
    .fetch_one(store.pool())
    .await
    .doing("count the payments without a booking")
}
