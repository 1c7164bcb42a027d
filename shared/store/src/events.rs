//! What other parts of Posta want said in a chat: a hold that ended, a booking that was confirmed.
//!
//! Whoever changes a booking calls [`tell`] in the same transaction: there is no change without its word and no word
//! without its change. It takes no lock of the chat (the lock order is chat, cabins, bookings, and the caller is past
//! the first): the row waits in the mailbox until [`crate::turns::announce`] sets the chat's turn. Guaranteed: once per
//! key; the chat is that of the guest who lives on where guests were merged, as long as the caller has read her from a
//! booking whose lock it holds. Not guaranteed: that anything is said; the turn decides. A guest without a chat hears
//! nothing here.

use posta_domain::dialogue::{Content, Event};
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::{EntryId, GuestId, TenantId},
    mailbox,
};

/// Puts the event into the mailbox of the guest's most recent `WhatsApp` chat; false where there is none, or where this
/// key was put in before. What a turn causes in its own chat it says itself: then nothing is put in either.
pub async fn tell(
    tx: &mut PgConnection,
    tenant: TenantId,
    guest: GuestId,
    event: &Event,
    dedupe_key: &str,
) -> Result<bool, StoreError> {
    let content = Content::Event {
        event: event.clone(),
    };
    sqlx::query!(
        "INSERT INTO mailbox (tenant_id, id, conversation_id, kind, payload, provider_time, received_at, dedupe_key)
         SELECT $1, $3, chat.id, 'event', $4, clock.now, clock.now, $5
         FROM (SELECT c.id
               FROM channel_accounts a
               JOIN conversations c ON c.account_id = a.id
               WHERE a.tenant_id = $1 AND a.provider = 'whatsapp'
                 AND c.guest_id = (SELECT coalesce(merged_into, id) FROM guests WHERE tenant_id = $1 AND id = $2)
               ORDER BY c.last_guest_at DESC NULLS LAST, c.created_at DESC
               LIMIT 1) AS chat,
              (SELECT clock_timestamp() AS now) AS clock
         -- The turn that is being made in this transaction: see turns::read.
         WHERE chat.id::text IS DISTINCT FROM current_setting('posta.turn_of', true)
         ON CONFLICT ON CONSTRAINT mailbox_dedupe_key DO NOTHING",
        tenant.uuid(),
        guest.uuid(),
        EntryId::fresh().uuid(),
        mailbox::payload(&content)?,
        dedupe_key,
    )
    .execute(tx)
    .await
    .doing("put what happened into the guest's mailbox")
    .map(|done| done.rows_affected() == 1)
}
