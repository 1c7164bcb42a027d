//! What needs a person, as the desk reads and closes it. Raising matters is [`crate::attention`]'s.
//!
//! Open ones come by deadline, those that are done newest first. A matter that is seen stays open for reports of the
//! same thing; one that is done does not: the next report is a new matter. Marking twice changes nothing.

mod about;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    audit::{self, By},
    error::{Doing as _, StoreError},
    ids::{AttentionId, TenantId},
    pool::Store,
};

pub use about::{About, about};

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has looked at it.
    Open,
    /// Somebody has.
    Seen,
    /// It is over.
    Done,
}

/// One matter.
#[derive(Debug, Clone)]
pub struct Matter {
    /// Which.
    pub id: AttentionId,
    /// What kind, e.g. `guest_waiting`.
    pub kind: String,
    /// What it is about, e.g. `conversation:<uuid>`.
    pub subject: String,
    /// What a person needs to know to act.
    pub detail: serde_json::Value,
    /// By when.
    pub deadline: Option<DateTime<Utc>>,
    /// How far it is.
    pub state: State,
    /// What can be done about it, beside `seen` and `done`.
    pub actions: Vec<String>,
    /// How often it was reported again.
    pub repeats: i32,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was over.
    pub done_at: Option<DateTime<Utc>>,
}

/// Which matters.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Those that are over, instead of those that are not.
    pub done: bool,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only those after this one in the list.
    pub after: Option<AttentionId>,
    /// So many at most.
    pub limit: i64,
}

/// A matter's columns, as the queries below name them.
struct Row {
    id: uuid::Uuid,
    kind: String,
    subject: String,
    detail: serde_json::Value,
    deadline: Option<DateTime<Utc>>,
    state: String,
    actions: serde_json::Value,
    repeats: i32,
    created_at: DateTime<Utc>,
    done_at: Option<DateTime<Utc>>,
}

/// The matters of a tenant.
pub async fn list(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: &Filter,
) -> Result<Vec<Matter>, StoreError> {
    let after = filter.after.map(AttentionId::uuid);
    let rows = if filter.done {
        sqlx::query_as!(
            Row,
            "SELECT id, kind, subject, detail, deadline, state, actions, repeats, created_at, done_at FROM attention
             WHERE tenant_id = $1 AND state = 'done' AND ($2::text IS NULL OR kind = $2) AND ($3::uuid IS NULL OR id < $3)
             ORDER BY id DESC LIMIT $4",
            tenant.uuid(),
            filter.kind,
            after,
            filter.limit,
        )
        .fetch_all(conn)
        .await
    } else {
        sqlx::query_as!(
            Row,
            // Those without a deadline last.
            "SELECT id, kind, subject, detail, deadline, state, actions, repeats, created_at, done_at FROM attention
             WHERE tenant_id = $1 AND state <> 'done' AND ($2::text IS NULL OR kind = $2)
               AND ($3::uuid IS NULL
                    OR (coalesce(deadline, 'infinity'), id)
                       > (SELECT coalesce(a.deadline, 'infinity'), a.id FROM attention a
                          WHERE a.tenant_id = $1 AND a.id = $3))
             ORDER BY coalesce(deadline, 'infinity'), id LIMIT $4",
            tenant.uuid(),
            filter.kind,
            after,
            filter.limit,
        )
        .fetch_all(conn)
        .await
    };
    let rows = rows.doing("list what needs a person")?;
    rows.into_iter().map(Matter::try_from).collect()
}

/// One of them.
pub async fn one(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: AttentionId,
) -> Result<Option<Matter>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, kind, subject, detail, deadline, state, actions, repeats, created_at, done_at FROM attention
         WHERE tenant_id = $1 AND id = $2",
        tenant.uuid(),
        id.uuid(),
    )
    .fetch_optional(conn)
    .await
    .doing("read what needs a person")?;
    row.map(Matter::try_from).transpose()
}

/// Marks one as seen or done (never back); `None` if there is no such matter.
pub async fn mark(
    store: &Store,
    by: &By,
    id: AttentionId,
    to: State,
) -> Result<Option<Matter>, StoreError> {
    let (from, to, action): (&[&str], _, _) = match to {
        State::Open | State::Seen => (&["open"], "seen", "attention_seen"),
        State::Done => (&["open", "seen"], "done", "attention_done"),
    };
    let mut tx = store.begin().await?;
    let marked = sqlx::query!(
        "UPDATE attention
         SET state = $3, done_at = CASE WHEN $3 = 'done' THEN clock_timestamp() END
         WHERE tenant_id = $1 AND id = $2 AND state = ANY($4)",
        by.tenant.uuid(),
        id.uuid(),
        to,
        from as &[&str],
    )
    .execute(&mut *tx)
    .await
    .doing("mark what a person has seen to")?;
    if marked.rows_affected() == 1 {
        let subject = format!("attention:{id}");
        audit::record(&mut tx, by, &subject, action, serde_json::json!({})).await?;
    }
    let matter = one(&mut tx, by.tenant, id).await?;
    tx.commit()
        .await
        .doing("commit what a person has seen to")?;
    Ok(matter)
}

// === impl Matter ===

impl TryFrom<Row> for Matter {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, Self::Error> {
        let state = match row.state.as_str() {
            "open" => State::Open,
            "seen" => State::Seen,
            _ => State::Done,
        };
        let actions =
            serde_json::from_value(row.actions).map_err(|source| StoreError::Unreadable {
                what: "the actions of what needs a person",
                source: source.into(),
            })?;
        Ok(Self {
            id: row.id.into(),
            kind: row.kind,
            subject: row.subject,
            detail: row.detail,
            deadline: row.deadline,
            state,
            actions,
            repeats: row.repeats,
            created_at: row.created_at,
            done_at: row.done_at,
        })
    }
}
