//! A file in a chat.

use posta_store::testing::Chat;
use sqlx::PgPool;
use uuid::Uuid;

/// What the bytes are.
pub(crate) const BYTES: &[u8] = b"\xff\xd8\xff\xe0 una foto";

/// A photo that has been downloaded.
pub(crate) async fn photo(pool: &PgPool, chat: &Chat) -> Uuid {
    file(pool, chat, "image/jpeg", "stored").await
}

/// A file of any type, that far.
pub(crate) async fn file(pool: &PgPool, chat: &Chat, mime: &str, state: &str) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO media (tenant_id, id, account_id, provider_id, mime, state, content)
         VALUES ($1, $2, $3, $2::text, $4, $5, CASE WHEN $5 = 'stored' THEN $6::bytea END)",
    )
    .bind(chat.tenant.uuid())
    .bind(id)
    .bind(chat.account.uuid())
    .bind(mime)
    .bind(state)
    .bind(BYTES)
    .execute(pool)
    .await
    .expect("a file");
    sqlx::query(
        "INSERT INTO messages (tenant_id, id, conversation_id, direction, author, kind, provider_time, received_at,
                               body, media_id)
         VALUES ($1, $2, $3, 'in', 'guest', 'image', clock_timestamp(), clock_timestamp(), 'te mando el comprobante', $4)",
    )
    .bind(chat.tenant.uuid())
    .bind(Uuid::now_v7())
    .bind(chat.conversation.uuid())
    .bind(id)
    .execute(pool)
    .await
    .expect("its message");
    id
}
