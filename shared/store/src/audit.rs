//! Who or what did each step. Written in the transaction of the step, so that there is no step without its row.

use chrono::{DateTime, Utc};
use posta_domain::ids::TenantId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::{Doing as _, StoreError};

/// On whose behalf something is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Whose data.
    pub tenant: TenantId,
    /// `user:<uuid>`, `token:<uuid>`, `guest:<link uuid>`, `web`, `cli`, `import`, `system:<program>`.
    pub actor: String,
    /// The request, where there was one: as its answer's header says.
    pub request_id: Option<String>,
}

/// Writes down one step. `subject` is `<kind>:<uuid>`.
pub async fn record(
    tx: &mut PgConnection,
    by: &By,
    subject: &str,
    action: &str,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO audit_log (tenant_id, id, subject, actor, action, detail, request_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        by.tenant.uuid(),
        Uuid::now_v7(),
        subject,
        by.actor,
        action,
        detail,
        by.request_id,
    )
    .execute(tx)
    .await
    .doing("write the step into the audit log")
    .map(|_| ())
}

/// One step, as it was written down.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Which.
    pub id: Uuid,
    /// Who or what.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// With what.
    pub detail: serde_json::Value,
    /// In which request.
    pub request_id: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// The steps of one subject, oldest first; at most the last thousand.
pub async fn history(
    conn: &mut PgConnection,
    tenant: TenantId,
    subject: &str,
) -> Result<Vec<AuditEntry>, StoreError> {
    let mut entries = sqlx::query_as!(
        AuditEntry,
        "SELECT id, actor, action, detail, request_id, at
           FROM audit_log
          WHERE tenant_id = $1 AND subject = $2
          ORDER BY at DESC, id DESC
          LIMIT 1000",
        tenant.uuid(),
        subject,
    )
    .fetch_all(conn)
    .await
    .doing("read the audit log")?;
    entries.reverse();
    Ok(entries)
}
