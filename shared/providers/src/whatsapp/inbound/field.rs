//! What a phone brings along when it goes live (Coexistence): months of history, and its contacts.

use serde_json::Value;

use super::{
    Alias, Message, Side,
    value::{digits, lenient, text},
};

/// One chat of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryThread {
    /// The other side.
    pub guest: Alias,
    /// Its messages, each with whether the guest sent it.
    pub messages: Vec<(Message, bool)>,
}

/// One contact of the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The number.
    pub phone: String,
    /// As the owner saved it.
    pub name: Option<String>,
    /// Whether it was deleted there.
    pub removed: bool,
}

/// The chats of a `history` change. Empty where the owner did not share them.
pub fn history(value: &str) -> Vec<HistoryThread> {
    let Some(value) = lenient(value) else {
        return Vec::new();
    };
    list(&value["history"])
        .flat_map(|chunk| list(&chunk["threads"]))
        .filter_map(|thread| {
            let context = &thread["context"];
            let guest = text(&thread["id"])
                .or_else(|| text(&context["wa_id"]))
                .and_then(|phone| digits(&phone))
                .map(Alias::Phone)
                .or_else(|| text(&context["user_id"]).map(Alias::UserId))
                .or_else(|| text(&thread["user_id"]).map(Alias::UserId))?;
            let messages = list(&thread["messages"])
                .filter_map(|item| from_thread(item, &guest))
                .collect();
            Some(HistoryThread { guest, messages })
        })
        .collect()
}

/// The contacts of an `smb_app_state_sync` change.
pub fn contacts(value: &str) -> Vec<Contact> {
    let Some(value) = lenient(value) else {
        return Vec::new();
    };
    list(&value["state_sync"])
        .filter_map(|change| {
            let contact = &change["contact"];
            Some(Contact {
                phone: text(&contact["phone_number"]).and_then(|phone| digits(&phone))?,
                name: text(&contact["full_name"]).or_else(|| text(&contact["first_name"])),
                removed: text(&change["action"]).as_deref() == Some("remove"),
            })
        })
        .collect()
}

fn from_thread(item: &Value, guest: &Alias) -> Option<(Message, bool)> {
    let side = Side {
        phone: "from",
        user: "from_user_id",
        parent: "from_parent_user_id",
    };
    let message = Message::read(item, &Value::Null, &side)?;
    // What the business sent names its recipient; and never has the guest as the sender.
    let theirs = message.aliases.contains(guest)
        && text(&item["to"]).is_none_or(|to| digits(&to).map(Alias::Phone).as_ref() != Some(guest));
    Some((message, theirs))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
