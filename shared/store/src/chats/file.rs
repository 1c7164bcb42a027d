//! A file a guest sent, as the desk opens it: a receipt, mostly.

use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::{MediaId, TenantId},
};

/// A file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// As whoever sent it declares it: untrusted.
    pub mime: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// A file of the tenant's chats. `None`: there is none, it has not been downloaded, was refused or lost, or it came from
/// a personal contact.
pub async fn file(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: MediaId,
) -> Result<Option<File>, StoreError> {
    sqlx::query_as!(
        File,
        r#"SELECT f.mime, f.content AS "content!" FROM media f
           WHERE f.tenant_id = $1 AND f.id = $2 AND f.state = 'stored' AND f.content IS NOT NULL
             AND NOT EXISTS (SELECT FROM messages m
                             JOIN conversations c ON c.id = m.conversation_id
                             JOIN guests g ON g.id = c.guest_id
                             WHERE m.media_id = f.id AND g.kind = 'personal')"#,
        tenant.uuid(),
        id.uuid(),
    )
    .fetch_optional(conn)
    .await
    .doing("read the file")
}
