//! The names by which updates are recognised when they come again.
//!
//! `wa:{phone_number_id}:{wamid}` · `wa:{phone_number_id}:{wamid}:{status}:{recipient}` · for
//! everything without such ids `wa:{phone_number_id}:sha256:{hash}` of the bytes and of what stands
//! around them: two accounts, or the same account at two times, may report equal bytes.
//!
//! Guaranteed: keys are short, printable and without NULs, whatever the ids contain.

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::context::Context;
use crate::shallow::{Fields, component};

pub(super) fn message(
    context: &Context<'_>,
    raw: &RawValue,
    fields: Option<&Fields<'_>>,
) -> String {
    let named = || {
        let id = fields?.text("id")?;
        Some(format!("wa:{}:{}", account(context), component(&id)?))
    };
    named().unwrap_or_else(|| content(context, raw))
}

pub(super) fn status(context: &Context<'_>, raw: &RawValue, fields: Option<&Fields<'_>>) -> String {
    let named = || {
        let fields = fields?;
        let id = fields.text("id")?;
        let status = fields.text("status")?;
        // In a group each participant has a status of its own.
        let recipient = fields
            .text("recipient_participant_id")
            .or_else(|| fields.text("recipient_id"))
            .or_else(|| fields.text("recipient_user_id"));
        let recipient = match &recipient {
            Some(recipient) => component(recipient)?,
            None => "",
        };
        Some(format!(
            "wa:{}:{}:{}:{recipient}",
            account(context),
            component(&id)?,
            component(&status)?
        ))
    };
    named().unwrap_or_else(|| content(context, raw))
}

pub(super) fn content(context: &Context<'_>, raw: &RawValue) -> String {
    let mut hash = Sha256::new();
    for part in context.identity() {
        // Lengths keep neighbouring parts apart.
        let part = part.map_or("", RawValue::get);
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.update(raw.get());
    format!(
        "wa:{}:sha256:{}",
        account(context),
        hex::encode(hash.finalize())
    )
}

fn account<'a>(context: &'a Context<'_>) -> &'a str {
    context.account.as_deref().unwrap_or_default()
}
