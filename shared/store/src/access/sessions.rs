//! Sessions of the pages. They end at a fixed time after they were opened, whatever happens in them.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Role, SecretHash, users::User};
use crate::{
    Store,
    audit::{self, By},
    error::{Doing as _, StoreError},
};

/// A session that is alive.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who opened it, as she is now.
    pub user: User,
    /// What the header of unsafe requests must hash to.
    pub csrf: SecretHash,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Opens one for somebody who has proved who she is. Answers when it ends.
pub async fn open(
    store: &Store,
    by: &By,
    user: &User,
    token: SecretHash,
    csrf: SecretHash,
    lifetime: TimeDelta,
) -> Result<DateTime<Utc>, StoreError> {
    let mut tx = store.begin().await?;
    let expires_at = sqlx::query_scalar!(
        "INSERT INTO sessions (tenant_id, token_hash, user_id, csrf_hash, expires_at)
         VALUES ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))
         RETURNING expires_at",
        user.tenant.uuid(),
        &token.0,
        user.id.uuid(),
        &csrf.0,
        lifetime.as_seconds_f64(),
    )
    .fetch_one(&mut *tx)
    .await
    .doing("open the session")?;
    let subject = format!("user:{}", user.id);
    audit::record(&mut tx, by, &subject, "logged_in", serde_json::json!({})).await?;
    tx.commit().await.doing("commit the session")?;
    Ok(expires_at)
}

/// The session with this token, while it is alive and its user is active.
pub async fn find(
    conn: &mut PgConnection,
    token: SecretHash,
) -> Result<Option<Session>, StoreError> {
    let row = sqlx::query!(
        "SELECT u.tenant_id, u.id, u.email, u.name, u.role, s.csrf_hash, s.expires_at
           FROM sessions s
           JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
          WHERE s.token_hash = $1 AND s.expires_at > clock_timestamp() AND u.active",
        &token.0,
    )
    .fetch_optional(conn)
    .await
    .doing("look for the session")?;
    row.map(|row| {
        let csrf = row
            .csrf_hash
            .try_into()
            .map_err(|_: Vec<u8>| StoreError::Conflict("a session's CSRF hash has not 32 bytes"))?;
        Ok(Session {
            user: User {
                id: row.id.into(),
                tenant: row.tenant_id.into(),
                email: row.email,
                name: row.name,
                role: Role::stored(&row.role)?,
                active: true,
            },
            csrf: SecretHash(csrf),
            expires_at: row.expires_at,
        })
    })
    .transpose()
}

/// Ends it. Answers whether there was one.
pub async fn close(store: &Store, by: &By, token: SecretHash) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let user = sqlx::query_scalar!(
        "DELETE FROM sessions WHERE token_hash = $1 AND tenant_id = $2 RETURNING user_id",
        &token.0,
        by.tenant.uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("end the session")?;
    if let Some(user) = user {
        let subject = format!("user:{user}");
        audit::record(&mut tx, by, &subject, "logged_out", serde_json::json!({})).await?;
    }
    tx.commit().await.doing("commit the session's end")?;
    Ok(user.is_some())
}

/// Deletes at most `limit` sessions that have ended.
pub async fn forget_ended(conn: &mut PgConnection, limit: i64) -> Result<u64, StoreError> {
    sqlx::query!(
        "DELETE FROM sessions WHERE token_hash IN
             (SELECT token_hash FROM sessions WHERE expires_at < clock_timestamp() LIMIT $1)",
        limit,
    )
    .execute(conn)
    .await
    .doing("delete sessions that have ended")
    .map(|done| done.rows_affected())
}
