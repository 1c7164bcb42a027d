//! Splits a verified webhook into its items, each with the exact bytes received.
//!
//! Meta batches up to 1,000 updates of several accounts, types and fields into one body. Each becomes
//! an [`Item`] of its own here, so that it is deduplicated, queued and handled alone.
//!
//! Guaranteed: nothing of a body gets lost. What has no known shape is passed on as it is (`unparsed`,
//! `message.unknown`, `field.<field>`), an element that cannot be understood never affects its
//! siblings, and a body that cannot be split at all is an error that says so, for the caller to keep
//! it whole. The same bytes always give the same keys. Not guaranteed: that an item makes sense; its
//! content is read where it is handled.

mod context;
mod item;
mod keys;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use self::context::Context;
use self::item::Items;
use crate::shallow::{Fields, elements};

/// More items than any real body has (Meta documents 1,000): such a body is kept whole instead.
const MAX_ITEMS: usize = 4_096;
/// Each item carries a copy of what stands around it. Four times the largest body is more than any real
/// one becomes; without a bound a few megabytes would become hundreds.
const MAX_BYTES: usize = 12 * 1024 * 1024;

/// One update out of a webhook.
#[derive(Debug)]
pub struct Item {
    /// What it is, as the end of its routing key: `message.text`, `audio`, `status`, `field.history` …
    pub kind: String,
    /// Names the update for good: the same update delivered again has the same key.
    pub key: String,
    /// The `phone_number_id` it belongs to.
    pub account: Option<String>,
    /// The provider's own time of it.
    pub provider_time: Option<DateTime<Utc>>,
    /// `{"item": <exact bytes>, "contacts", "metadata", "waba", "field", "time"}`, absent where unknown.
    pub payload: Box<RawValue>,
}

/// Why a body could not be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unparsed {
    /// The bytes are no text.
    #[error("the body is not valid UTF-8")]
    Encoding,
    /// The text is not one JSON object.
    #[error("the body is not a JSON object")]
    Json,
    /// The object holds nothing that could be an item.
    #[error("the body holds no items")]
    Empty,
    /// Splitting would make a flood out of one body.
    #[error("the body would become more than {MAX_ITEMS} items or {MAX_BYTES} bytes of them")]
    TooMany,
}

/// The items of `body`, in its order.
pub fn split(body: &[u8]) -> Result<Vec<Item>, Unparsed> {
    let text = std::str::from_utf8(body).map_err(|_| Unparsed::Encoding)?;
    let root = Fields::parse(text).ok_or(Unparsed::Json)?;
    let mut items = Items::default();
    for entries in root.all("entry") {
        match elements(entries) {
            Some(entries) => {
                for entry in entries {
                    split_entry(entry, &mut items)?;
                }
            }
            None => items.unparsed(&Context::default(), entries)?,
        }
    }
    items.finish()
}

fn split_entry(entry: &RawValue, items: &mut Items) -> Result<(), Unparsed> {
    let Some(fields) = Fields::parse(entry.get()) else {
        return items.unparsed(&Context::default(), entry);
    };
    let context = Context::of_entry(&fields);
    let before = items.len();
    for changes in fields.all("changes") {
        match elements(changes) {
            Some(changes) => {
                for change in changes {
                    split_change(change, &context, items)?;
                }
            }
            None => items.unparsed(&context, changes)?,
        }
    }
    if items.len() == before {
        items.unparsed(&context, entry)?;
    }
    Ok(())
}

fn split_change<'a>(
    change: &'a RawValue,
    entry: &Context<'a>,
    items: &mut Items,
) -> Result<(), Unparsed> {
    let Some(fields) = Fields::parse(change.get()) else {
        return items.unparsed(entry, change);
    };
    let Some(value) = fields.get("value") else {
        return items.unparsed(entry, change);
    };
    let field = fields.text("field");
    let inside = Fields::parse(value.get());
    let context = entry.of_change(fields.get("field"), inside.as_ref());
    match (field.as_deref(), inside) {
        (Some("messages"), Some(inside)) => {
            let before = items.len();
            let mut whole = false;
            for list in inside.all("messages") {
                match elements(list) {
                    Some(list) => items.messages(&context, &list)?,
                    None => whole = true,
                }
            }
            for list in inside.all("statuses") {
                match elements(list) {
                    Some(list) => items.statuses(&context, &list)?,
                    None => whole = true,
                }
            }
            for errors in inside.all("errors") {
                items.field(&context, Some("messages"), errors)?;
            }
            if whole || items.len() == before {
                items.field(&context, Some("messages"), value)?;
            }
        }
        (Some("smb_message_echoes"), Some(inside)) => {
            let before = items.len();
            for list in inside.all("message_echoes") {
                if let Some(list) = elements(list) {
                    items.echoes(&context, &list)?;
                }
            }
            if items.len() == before {
                items.field(&context, Some("smb_message_echoes"), value)?;
            }
        }
        (field, _) => items.field(&context, field, value)?,
    }
    Ok(())
}
