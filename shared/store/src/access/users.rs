//! People who log in. One e-mail address is one person, in one tenant.

use secrecy::{ExposeSecret, SecretString};
use sqlx::PgConnection;

use super::Role;
use crate::{
    Store,
    audit::{self, By},
    error::{Doing as _, StoreError},
    ids::{TenantId, UserId},
};

/// The longest address there is (RFC 5321).
const EMAIL_MAX: usize = 254;
/// Longer is no name.
const NAME_MAX: usize = 200;

/// An e-mail address as people log in with it: trimmed, lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

/// Not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not an e-mail address")]
pub struct NotAnEmail;

impl Email {
    /// Reads one. Only its shape is looked at: something, an at sign, something.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim().to_lowercase();
        let parts = text.split_once('@');
        let right = text.len() <= EMAIL_MAX
            && !text.chars().any(|c| c.is_whitespace() || c.is_control())
            && parts.is_some_and(|(local, domain)| {
                !local.is_empty() && !domain.is_empty() && !domain.contains('@')
            });
        right.then_some(Self(text)).ok_or(NotAnEmail)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// Whose data she sees.
    pub tenant: TenantId,
    /// How she logs in.
    pub email: String,
    /// How she is called.
    pub name: String,
    /// What she may do.
    pub role: Role,
    /// Whether she may do anything at all.
    pub active: bool,
}

/// Somebody who is to log in.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// How she logs in.
    pub email: Email,
    /// How she is called.
    pub name: String,
    /// What she may do.
    pub role: Role,
    /// Argon2id, as a PHC string.
    pub password_hash: SecretString,
}

/// Why a user was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The address is taken, perhaps by another tenant's user.
    #[error("somebody logs in with this e-mail address already")]
    EmailTaken,
    /// Empty, too long, or with control characters.
    #[error("a name has 1 to {NAME_MAX} characters and no control characters")]
    Name,
    /// Not of this tenant.
    #[error("there is no such user")]
    NotFound,
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds somebody to `by.tenant`.
pub async fn add(store: &Store, by: &By, new: &NewUser) -> Result<UserId, UserError> {
    let name = new.name.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME_MAX || name.chars().any(char::is_control) {
        return Err(UserError::Name);
    }
    let id = UserId::fresh();
    let mut tx = store.begin().await?;
    sqlx::query!(
        "INSERT INTO users (tenant_id, id, email, name, role, password_hash)
         VALUES ($1, $2, $3, $4, $5, $6)",
        by.tenant.uuid(),
        id.uuid(),
        new.email.as_str(),
        name,
        new.role.as_str(),
        new.password_hash.expose_secret(),
    )
    .execute(&mut *tx)
    .await
    .doing("add the user")
    .map_err(|error| match error.constraint() {
        Some("users_email_key") => UserError::EmailTaken,
        _ => UserError::Store(error),
    })?;
    let detail = serde_json::json!({ "role": new.role.as_str() });
    audit::record(&mut tx, by, &format!("user:{id}"), "user_added", detail).await?;
    tx.commit().await.doing("commit the new user")?;
    Ok(id)
}

/// Who logs in with this address, and the hash of her password. Also somebody switched off: the caller says no to
/// her in the same words, after the same work.
pub async fn credentials(
    conn: &mut PgConnection,
    email: &Email,
) -> Result<Option<(User, SecretString)>, StoreError> {
    let row = sqlx::query!(
        "SELECT tenant_id, id, email, name, role, active, password_hash FROM users WHERE email = $1",
        email.as_str(),
    )
    .fetch_optional(conn)
    .await
    .doing("look for the user")?;
    row.map(|row| {
        let user = User {
            id: row.id.into(),
            tenant: row.tenant_id.into(),
            email: row.email,
            name: row.name,
            role: Role::stored(&row.role)?,
            active: row.active,
        };
        Ok((user, SecretString::from(row.password_hash)))
    })
    .transpose()
}

/// Somebody of a tenant.
pub async fn by_id(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: UserId,
) -> Result<Option<User>, StoreError> {
    let row = sqlx::query!(
        "SELECT email, name, role, active FROM users WHERE tenant_id = $1 AND id = $2",
        tenant.uuid(),
        id.uuid(),
    )
    .fetch_optional(conn)
    .await
    .doing("look for the user")?;
    row.map(|row| {
        Ok(User {
            id,
            tenant,
            email: row.email,
            name: row.name,
            role: Role::stored(&row.role)?,
            active: row.active,
        })
    })
    .transpose()
}

/// Everybody of a tenant, by address.
pub async fn list(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<User>, StoreError> {
    sqlx::query!(
        "SELECT id, email, name, role, active FROM users WHERE tenant_id = $1 ORDER BY email",
        tenant.uuid(),
    )
    .fetch_all(conn)
    .await
    .doing("list the users")?
    .into_iter()
    .map(|row| {
        Ok(User {
            id: row.id.into(),
            tenant,
            email: row.email,
            name: row.name,
            role: Role::stored(&row.role)?,
            active: row.active,
        })
    })
    .collect()
}

/// What may be changed about somebody.
#[derive(Debug, Clone, Default)]
pub struct UserEdit {
    /// What she may do; her tokens do no more from now on.
    pub role: Option<Role>,
    /// Off: her sessions end and her tokens rest.
    pub active: Option<bool>,
    /// Argon2id, as a PHC string. Her sessions end.
    pub password_hash: Option<SecretString>,
}

/// Changes somebody of `by.tenant`.
pub async fn edit(store: &Store, by: &By, user: UserId, edit: &UserEdit) -> Result<(), UserError> {
    let mut tx = store.begin().await?;
    let changed = sqlx::query!(
        "UPDATE users
            SET role          = coalesce($3, role),
                active        = coalesce($4, active),
                password_hash = coalesce($5, password_hash)
          WHERE tenant_id = $1 AND id = $2",
        by.tenant.uuid(),
        user.uuid(),
        edit.role.map(Role::as_str),
        edit.active,
        edit.password_hash.as_ref().map(ExposeSecret::expose_secret),
    )
    .execute(&mut *tx)
    .await
    .doing("change the user")?;
    if changed.rows_affected() != 1 {
        return Err(UserError::NotFound);
    }
    if edit.active == Some(false) || edit.password_hash.is_some() {
        end_sessions(&mut tx, by.tenant, user).await?;
    }
    let detail = serde_json::json!({
        "role": edit.role.map(Role::as_str),
        "active": edit.active,
        "password": edit.password_hash.is_some(),
    });
    audit::record(&mut tx, by, &format!("user:{user}"), "user_edited", detail).await?;
    tx.commit().await.doing("commit the user's change")?;
    Ok(())
}

async fn end_sessions(
    tx: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM sessions WHERE tenant_id = $1 AND user_id = $2",
        tenant.uuid(),
        user.uuid(),
    )
    .execute(tx)
    .await
    .doing("end the user's sessions")
    .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn an_address_is_one_person_however_it_is_typed() {
        let email = Email::parse(" Ana@Example.COM ").unwrap();
        assert_eq!(email.as_str(), "ana@example.com");
        for wrong in [
            "",
            "ana",
            "@example.com",
            "ana@",
            "a b@c",
            "a@b@c",
            "a@b\u{0}",
        ] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }
}
