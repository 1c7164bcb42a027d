//! Tokens of machines. Each belongs to the user who made it, and can do no more than she may at the moment.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Role, SecretHash};
use crate::{
    Store,
    audit::{self, By},
    error::{Doing as _, StoreError},
    ids::{ApiTokenId, TenantId, UserId},
};

/// A token that is to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Whose it is.
    pub user: UserId,
    /// What it is for, in her words.
    pub name: String,
    /// What it may do at most.
    pub role: Role,
    /// Of its secret.
    pub hash: SecretHash,
    /// How long it lasts, by the database's clock; without this it does not end by itself.
    pub lifetime: Option<TimeDelta>,
}

/// A token that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usable {
    /// Which.
    pub id: ApiTokenId,
    /// Whose data.
    pub tenant: TenantId,
    /// Whose token.
    pub user: UserId,
    /// The lesser of its own role and its user's.
    pub role: Role,
}

/// A token, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Which.
    pub id: ApiTokenId,
    /// Whose.
    pub user: UserId,
    /// What it is for.
    pub name: String,
    /// What it may do at most.
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Makes one.
pub async fn make(store: &Store, by: &By, new: &NewToken) -> Result<Token, StoreError> {
    let id = ApiTokenId::fresh();
    let mut tx = store.begin().await?;
    let made = sqlx::query!(
        "INSERT INTO api_tokens (tenant_id, id, user_id, name, role, token_hash, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(secs => $7))
         RETURNING created_at, expires_at",
        by.tenant.uuid(),
        id.uuid(),
        new.user.uuid(),
        new.name,
        new.role.as_str(),
        &new.hash.0,
        new.lifetime.map(TimeDelta::as_seconds_f64) as Option<f64>,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("make the token")?;
    let detail = serde_json::json!({ "name": new.name, "role": new.role.as_str() });
    audit::record(&mut tx, by, &format!("token:{id}"), "token_made", detail).await?;
    tx.commit().await.doing("commit the token")?;
    Ok(Token {
        id,
        user: new.user,
        name: new.name.clone(),
        role: new.role,
        created_at: made.created_at,
        expires_at: made.expires_at,
        revoked_at: None,
    })
}

/// The token with this hash, while it is neither revoked nor over and its user is active.
pub async fn find(conn: &mut PgConnection, hash: SecretHash) -> Result<Option<Usable>, StoreError> {
    let row = sqlx::query!(
        "SELECT t.tenant_id, t.id, t.user_id, t.role, u.role AS user_role
           FROM api_tokens t
           JOIN users u ON u.tenant_id = t.tenant_id AND u.id = t.user_id
          WHERE t.token_hash = $1
            AND t.revoked_at IS NULL
            AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp())
            AND u.active",
        &hash.0,
    )
    .fetch_optional(conn)
    .await
    .doing("look for the token")?;
    row.map(|row| {
        Ok(Usable {
            id: row.id.into(),
            tenant: row.tenant_id.into(),
            user: row.user_id.into(),
            role: Role::stored(&row.role)?.min(Role::stored(&row.user_role)?),
        })
    })
    .transpose()
}

/// All of a tenant's, newest first.
pub async fn list(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<Token>, StoreError> {
    sqlx::query!(
        "SELECT id, user_id, name, role, created_at, expires_at, revoked_at
           FROM api_tokens WHERE tenant_id = $1 ORDER BY created_at DESC, id LIMIT 500",
        tenant.uuid(),
    )
    .fetch_all(conn)
    .await
    .doing("list the tokens")?
    .into_iter()
    .map(|row| {
        Ok(Token {
            id: row.id.into(),
            user: row.user_id.into(),
            name: row.name,
            role: Role::stored(&row.role)?,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
        })
    })
    .collect()
}

/// Revokes one of `by.tenant`'s. Answers whether there is such a token; revoking twice keeps the first time.
pub async fn revoke(store: &Store, by: &By, id: ApiTokenId) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let revoked = sqlx::query_scalar!(
        r#"UPDATE api_tokens AS t
              SET revoked_at = coalesce(t.revoked_at, clock_timestamp())
             FROM (SELECT id, revoked_at FROM api_tokens
                    WHERE tenant_id = $1 AND id = $2 FOR UPDATE) AS old
            WHERE t.id = old.id
        RETURNING old.revoked_at IS NULL AS "now!""#,
        by.tenant.uuid(),
        id.uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("revoke the token")?;
    if revoked == Some(true) {
        let subject = format!("token:{id}");
        audit::record(
            &mut tx,
            by,
            &subject,
            "token_revoked",
            serde_json::json!({}),
        )
        .await?;
    }
    tx.commit().await.doing("commit the token's end")?;
    Ok(revoked.is_some())
}
