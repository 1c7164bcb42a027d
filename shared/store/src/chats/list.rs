//! The list of chats: those that wait for a person first, then by who wrote last.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use posta_domain::mode::Mode;
use sqlx::PgConnection;
use uuid::Uuid;

use super::standing::effective;
use crate::{
    error::{Doing as _, StoreError},
    ids::{ConversationId, GuestId, TenantId},
};

/// Which chats.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those in this mode.
    pub mode: Option<Mode>,
    /// Only those after this one in the list.
    pub after: Option<Cursor>,
    /// So many at most.
    pub limit: i64,
}

/// A place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    waiting: bool,
    active_at: DateTime<Utc>,
    id: Uuid,
}

/// One chat.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Which.
    pub id: ConversationId,
    /// Who writes.
    pub guest: GuestId,
    /// As the profile shows it; untrusted text.
    pub guest_name: Option<String>,
    /// The number she writes from, if she shows it.
    pub phone: Option<String>,
    /// Who speaks.
    pub mode: Mode,
    /// The guest's messages since ours (the bot's or a person's), 100 at most.
    pub unanswered: i64,
    /// The last one of both sides.
    pub last: Option<LastMessage>,
    /// Whether she wants no messages that we begin.
    pub opted_out: bool,
    /// When the guest last wrote: free text may be sent for 24 hours from then on.
    pub last_guest_at: Option<DateTime<Utc>>,
    /// Where it stands in the list.
    pub cursor: Cursor,
}

/// The last thing that was said.
#[derive(Debug, Clone)]
pub struct LastMessage {
    /// `guest`, `bot`, `person`.
    pub author: String,
    /// The provider's type.
    pub kind: String,
    /// Words, where there are some.
    pub body: Option<String>,
    /// By the provider's clock.
    pub at: DateTime<Utc>,
}

/// The chats of a tenant.
pub async fn list(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: &Filter,
) -> Result<Vec<Summary>, StoreError> {
    read(conn, tenant, None, filter).await
}

/// One of them.
pub async fn one(
    conn: &mut PgConnection,
    tenant: TenantId,
    chat: ConversationId,
) -> Result<Option<Summary>, StoreError> {
    let filter = Filter {
        limit: 1,
        ..Filter::default()
    };
    Ok(read(conn, tenant, Some(chat), &filter).await?.pop())
}

async fn read(
    conn: &mut PgConnection,
    tenant: TenantId,
    only: Option<ConversationId>,
    filter: &Filter,
) -> Result<Vec<Summary>, StoreError> {
    let rows = sqlx::query!(
        r#"WITH page AS (
               SELECT c.id, c.account_id, c.guest_id, c.mode, c.last_guest_at, g.display_name,
                      g.opted_out_at IS NOT NULL AS opted_out,
                      c.mode = 'waiting' AS waiting, coalesce(c.last_guest_at, c.created_at) AS active_at
               FROM conversations c JOIN guests g ON g.id = c.guest_id
               WHERE c.tenant_id = $1 AND g.kind <> 'personal' AND g.merged_into IS NULL
                 AND ($2::uuid IS NULL OR c.id = $2)
                 AND ($3::text IS NULL OR c.mode = $3)
                 AND ($5::timestamptz IS NULL
                      OR (c.mode = 'waiting', coalesce(c.last_guest_at, c.created_at), c.id) < ($4::boolean, $5, $6::uuid))
               ORDER BY c.mode = 'waiting' DESC, coalesce(c.last_guest_at, c.created_at) DESC, c.id DESC
               LIMIT $7
           )
           SELECT p.id AS "id!", p.guest_id AS "guest_id!", p.display_name, p.mode AS "mode!", p.last_guest_at,
                  p.opted_out AS "opted_out!", p.waiting AS "waiting!", p.active_at AS "active_at!",
                  l.author AS "author?", l.kind AS "kind?", l.body AS "body?", l.provider_time AS "said_at?",
                  (SELECT a.value FROM guest_aliases a
                   WHERE a.guest_id = p.guest_id AND a.account_id = p.account_id AND a.kind = 'wa_id'
                   ORDER BY a.created_at DESC LIMIT 1) AS phone,
                  (SELECT array_agg(CASE WHEN m.payload ->> 'muted' = 'false' THEN 'unmuted' ELSE m.payload ->> 'type' END
                                    ORDER BY m.provider_time, m.received_at, m.item_index, m.id)
                   FROM mailbox m
                   WHERE m.conversation_id = p.id AND m.handled_at IS NULL
                     AND m.payload ->> 'type' IN ('person', 'released', 'muted')) AS "done: Vec<String>",
                  (SELECT count(*) FROM (
                       SELECT FROM messages i
                       WHERE i.conversation_id = p.id AND i.direction = 'in'
                         AND i.provider_time > coalesce((SELECT max(o.provider_time) FROM messages o
                                                         WHERE o.conversation_id = p.id AND o.direction = 'out'),
                                                        '-infinity')
                       LIMIT 100) AS waiting_for_us) AS "unanswered!"
           FROM page p
           LEFT JOIN LATERAL (
               SELECT author, kind, coalesce(body, transcript) AS body, provider_time FROM messages
               WHERE conversation_id = p.id
               ORDER BY provider_time DESC, received_at DESC, item_index DESC LIMIT 1) AS l ON true
           ORDER BY p.waiting DESC, p.active_at DESC, p.id DESC"#,
        tenant.uuid(),
        only.map(ConversationId::uuid),
        filter.mode.map(Mode::name),
        filter.after.map(|cursor| cursor.waiting),
        filter.after.map(|cursor| cursor.active_at),
        filter.after.map(|cursor| cursor.id),
        filter.limit,
    )
    .fetch_all(conn)
    .await
    .doing("list the chats")?;
    let chats = rows.into_iter().map(|row| {
        let last = match (row.author, row.kind, row.said_at) {
            (Some(author), Some(kind), Some(at)) => Some(LastMessage {
                author,
                kind,
                body: row.body,
                at,
            }),
            _ => None,
        };
        Ok(Summary {
            id: row.id.into(),
            guest: row.guest_id.into(),
            guest_name: row.display_name,
            phone: row.phone,
            mode: effective(&row.mode, row.done)?,
            unanswered: row.unanswered,
            last,
            opted_out: row.opted_out,
            last_guest_at: row.last_guest_at,
            cursor: Cursor {
                waiting: row.waiting,
                active_at: row.active_at,
                id: row.id,
            },
        })
    });
    chats.collect()
}

// === impl Cursor ===

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let micros = self.active_at.timestamp_micros();
        write!(f, "{}.{micros}.{}", u8::from(self.waiting), self.id)
    }
}

/// Not a cursor of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in the list of chats")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(NotACursor);
        let waiting = match part()? {
            "0" => false,
            "1" => true,
            _ => return Err(NotACursor),
        };
        let micros = part()?.parse().map_err(|_| NotACursor)?;
        // What PostgreSQL can compare: years 1 to 9999 are enough for any list.
        let active_at = DateTime::from_timestamp_micros(micros)
            .filter(|at| (1..=9999).contains(&chrono::Datelike::year(at)))
            .ok_or(NotACursor)?;
        let id = Uuid::try_parse(part()?).map_err(|_| NotACursor)?;
        Ok(Self {
            waiting,
            active_at,
            id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, NotACursor};

    #[test]
    fn a_cursor_reads_back_and_nonsense_is_refused() {
        let text = "1.1795273200000000.0199aaaa-0000-7000-8000-000000000001";
        assert_eq!(text.parse::<Cursor>().unwrap().to_string(), text);
        for nonsense in [
            "",
            "1",
            "2.5.x",
            "1.99999999999999999999.x",
            "0.9223372036854775807.0199aaaa-0000-7000-8000-000000000001",
        ] {
            assert_eq!(nonsense.parse::<Cursor>(), Err(NotACursor));
        }
    }
}
