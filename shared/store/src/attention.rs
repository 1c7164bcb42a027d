//! What needs a person: one row per open matter, however often it is reported.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    ids::TenantId,
    text::{indexable, storable_json},
};

/// A matter for the owner or for ops.
#[derive(Debug, Clone)]
pub struct NewAttention<'a> {
    /// Whose.
    pub tenant: TenantId,
    /// What kind, e.g. `wants_person`.
    pub kind: &'a str,
    /// What it is about, e.g. `conversation:<uuid>`; one open row per kind and subject.
    pub subject: &'a str,
    /// What a person needs to know to act.
    pub detail: serde_json::Value,
    /// By when.
    pub deadline: Option<DateTime<Utc>>,
}

/// Reports it. While the same matter is open, only its counter and detail change.
pub async fn raise(tx: &mut PgConnection, new: &NewAttention<'_>) -> Result<(), StoreError> {
    raise_with(tx, new, &[]).await
}

/// Reports it, with what can be done about it besides having seen it.
pub async fn raise_with(
    tx: &mut PgConnection,
    new: &NewAttention<'_>,
    actions: &[&str],
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO attention (tenant_id, id, kind, subject, detail, deadline, actions)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant_id, kind, subject) WHERE state <> 'done'
         DO UPDATE SET repeats = attention.repeats + 1, detail = excluded.detail, actions = excluded.actions,
                       -- A guest was promised an answer: asking again does not make her wait longer.
                       deadline = CASE WHEN attention.subject LIKE 'conversation:%'
                                       THEN least(attention.deadline, excluded.deadline)
                                       ELSE coalesce(excluded.deadline, attention.deadline) END",
        new.tenant.uuid(),
        Uuid::now_v7(),
        new.kind,
        &*indexable(new.subject),
        storable_json(&new.detail),
        new.deadline,
        serde_json::json!(actions),
    )
    .execute(tx)
    .await
    .doing("report what needs a person")
    .map(|_| ())
}

/// The matter has been dealt with, in whatever way. Nothing to close is fine.
pub async fn close(
    tx: &mut PgConnection,
    tenant: TenantId,
    kind: &str,
    subject: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE attention SET state = 'done', done_at = clock_timestamp()
         WHERE tenant_id = $1 AND kind = $2 AND subject = $3 AND state <> 'done'",
        tenant.uuid(),
        kind,
        &*indexable(subject),
    )
    .execute(tx)
    .await
    .doing("close what needed a person")
    .map(|_| ())
}
