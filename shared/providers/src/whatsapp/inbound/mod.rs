//! Reads one item of a webhook: what a guest or a person of ours sent.
//!
//! Tolerant by design: every field may be missing, of another type, or newer than this program. What cannot be read
//! becomes [`Content::Unreadable`], never an error; an item that is not even an object is `None`, and its bytes are in
//! the inbox. Identity is a set of aliases, none of which is guaranteed: phone numbers are absent or empty for guests
//! with a username, user ids change with the number.

mod content;
mod field;
mod value;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use content::{Content, FileKind, Media};
pub use field::{Contact, HistoryThread, contacts, history};

use value::{digits, lenient, text, time};

/// One of the names the provider knows somebody by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alias {
    /// A phone number, digits only, as received.
    Phone(String),
    /// A business-scoped user id.
    UserId(String),
    /// The parent's user id, shared by a portfolio's numbers.
    Parent(String),
}

/// One message, in or (an echo) out.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The provider's id.
    pub id: Option<String>,
    /// The guest's: the sender of a message, the recipient of an echo. Sorted, without repeats.
    pub aliases: Vec<Alias>,
    /// The name in the guest's profile; anything a guest likes to call herself.
    pub name: Option<String>,
    /// The provider's time.
    pub time: Option<DateTime<Utc>>,
    /// The provider's type, `unknown` where it gives none.
    pub kind: String,
    /// The message this answers, by the provider's id; one we may never have seen.
    pub reply_to: Option<String>,
    /// Sent in a group: nobody's chat.
    pub group: bool,
    /// What it says.
    pub content: Content,
}

impl Message {
    /// A guest's message, with the `contacts` that came beside it.
    pub fn inbound(item: &str, contacts: Option<&str>) -> Option<Self> {
        let item = lenient(item)?;
        let contacts = contacts.and_then(lenient).unwrap_or(Value::Null);
        Self::read(
            &item,
            &contacts,
            &Side {
                phone: "from",
                user: "from_user_id",
                parent: "from_parent_user_id",
            },
        )
    }

    /// What a person of ours typed on the phone; the guest is its recipient.
    pub fn echo(item: &str, contacts: Option<&str>) -> Option<Self> {
        let item = lenient(item)?;
        let contacts = contacts.and_then(lenient).unwrap_or(Value::Null);
        Self::read(
            &item,
            &contacts,
            &Side {
                phone: "to",
                user: "to_user_id",
                parent: "to_parent_user_id",
            },
        )
    }

    fn read(item: &Value, contacts: &Value, side: &Side) -> Option<Self> {
        item.as_object()?;
        let mut aliases = vec![
            text(&item[side.phone])
                .and_then(|phone| digits(&phone))
                .map(Alias::Phone),
            text(&item[side.user]).map(Alias::UserId),
            text(&item[side.parent]).map(Alias::Parent),
        ];
        let contact = matching(contacts, &aliases);
        let mut name = None;
        if let Some(contact) = contact {
            aliases.push(
                text(&contact["wa_id"])
                    .and_then(|phone| digits(&phone))
                    .map(Alias::Phone),
            );
            aliases.push(text(&contact["user_id"]).map(Alias::UserId));
            aliases.push(text(&contact["parent_user_id"]).map(Alias::Parent));
            name =
                text(&contact["profile"]["name"]).or_else(|| text(&contact["profile"]["username"]));
        }
        let content = Content::of(item);
        if let Content::Moved { from, .. } = &content {
            aliases.extend(from.iter().cloned().map(Some));
        }
        let mut aliases: Vec<Alias> = aliases.into_iter().flatten().collect();
        aliases.sort();
        aliases.dedup();
        Some(Self {
            id: text(&item["id"]),
            aliases,
            name,
            time: time(&item["timestamp"]),
            kind: text(&item["type"]).unwrap_or_else(|| "unknown".to_owned()),
            reply_to: text(&item["context"]["id"]),
            group: text(&item["group_id"]).is_some(),
            content,
        })
    }
}

/// Where the guest stands in the item.
struct Side {
    phone: &'static str,
    user: &'static str,
    parent: &'static str,
}

/// The contact of these aliases: by id, never by position, since one list serves all messages of a batch.
fn matching<'a>(contacts: &'a Value, aliases: &[Option<Alias>]) -> Option<&'a Value> {
    contacts.as_array()?.iter().find(|contact| {
        let phone = text(&contact["wa_id"])
            .and_then(|phone| digits(&phone))
            .map(Alias::Phone);
        let user = text(&contact["user_id"]).map(Alias::UserId);
        (phone.is_some() && aliases.contains(&phone)) || (user.is_some() && aliases.contains(&user))
    })
}
