//! Collects items: gives each its kind, its key, its account and its payload.

use serde_json::value::RawValue;

use super::context::Context;
use super::{Item, MAX_BYTES, MAX_ITEMS, Unparsed, keys};
use crate::shallow::{Fields, segment, text, unix_time};

#[derive(Default)]
pub(super) struct Items {
    found: Vec<Item>,
    /// Of all payloads together.
    bytes: usize,
}

impl Items {
    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    pub(super) fn finish(self) -> Result<Vec<Item>, Unparsed> {
        if self.found.is_empty() {
            return Err(Unparsed::Empty);
        }
        Ok(self.found)
    }

    /// What guests send.
    pub(super) fn messages(
        &mut self,
        context: &Context<'_>,
        list: &[&RawValue],
    ) -> Result<(), Unparsed> {
        for raw in list {
            let fields = Fields::parse(raw.get());
            let word = fields.as_ref().and_then(|fields| fields.text("type"));
            let kind = match segment(word.as_deref()) {
                "audio" => "audio".to_owned(),
                "image" | "video" | "document" => "media".to_owned(),
                word => format!("message.{word}"),
            };
            let key = keys::message(context, raw, fields.as_ref());
            self.push(
                context,
                raw,
                kind,
                key,
                fields.as_ref(),
                &["from", "from_user_id"],
            )?;
        }
        Ok(())
    }

    /// What the owner types on her own phone.
    pub(super) fn echoes(
        &mut self,
        context: &Context<'_>,
        list: &[&RawValue],
    ) -> Result<(), Unparsed> {
        for raw in list {
            let fields = Fields::parse(raw.get());
            let key = keys::message(context, raw, fields.as_ref());
            let kind = "echo".to_owned();
            self.push(
                context,
                raw,
                kind,
                key,
                fields.as_ref(),
                &["to", "to_user_id"],
            )?;
        }
        Ok(())
    }

    /// What became of our messages.
    pub(super) fn statuses(
        &mut self,
        context: &Context<'_>,
        list: &[&RawValue],
    ) -> Result<(), Unparsed> {
        for raw in list {
            let fields = Fields::parse(raw.get());
            let key = keys::status(context, raw, fields.as_ref());
            let kind = "status".to_owned();
            let people = ["recipient_id", "recipient_user_id"];
            self.push(context, raw, kind, key, fields.as_ref(), &people)?;
        }
        Ok(())
    }

    /// A change that is one item as a whole.
    pub(super) fn field(
        &mut self,
        context: &Context<'_>,
        field: Option<&str>,
        raw: &RawValue,
    ) -> Result<(), Unparsed> {
        let kind = format!("field.{}", segment(field));
        let key = keys::content(context, raw);
        self.push(context, raw, kind, key, None, &[])
    }

    /// A piece of the body that is nothing we know.
    pub(super) fn unparsed(
        &mut self,
        context: &Context<'_>,
        raw: &RawValue,
    ) -> Result<(), Unparsed> {
        let key = keys::content(context, raw);
        self.push(context, raw, "unparsed".to_owned(), key, None, &[])
    }

    fn push(
        &mut self,
        context: &Context<'_>,
        raw: &RawValue,
        kind: String,
        key: String,
        fields: Option<&Fields<'_>>,
        people: &[&str],
    ) -> Result<(), Unparsed> {
        if self.found.len() >= MAX_ITEMS {
            return Err(Unparsed::TooMany);
        }
        let named = |name: &&str| Some(fields?.text(name)?.into_owned());
        let own_time = fields.and_then(|fields| unix_time(&fields.text("timestamp")?));
        let entry_time = || unix_time(&text(context.time()?)?);
        let people: Vec<Option<String>> = people.iter().map(named).collect();
        let payload = context.payload(raw, &people);
        self.bytes += payload.get().len();
        if self.bytes > MAX_BYTES {
            return Err(Unparsed::TooMany);
        }
        self.found.push(Item {
            kind,
            key,
            account: context.account.clone(),
            provider_time: own_time.or_else(entry_time),
            payload,
        });
        Ok(())
    }
}
