//! What stands around an item in its webhook and is needed to understand it alone.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::shallow::{Fields, component, elements};

/// A batch lists the contacts of all its messages; copying the list to each would grow with the square.
const FEW_CONTACTS: usize = 4;
/// No honest context is longer; a longer one is left out rather than copied to every item.
const MAX_CONTEXT: usize = 16 * 1024;

/// The surroundings shared by the items of one change.
#[derive(Default)]
pub(super) struct Context<'a> {
    waba: Option<&'a RawValue>,
    time: Option<&'a RawValue>,
    field: Option<&'a RawValue>,
    metadata: Option<&'a RawValue>,
    contacts: Vec<&'a RawValue>,
    contacts_by_name: HashMap<String, usize>,
    /// The number the change belongs to.
    pub(super) account: Option<String>,
}

/// The payload of one item.
#[derive(Serialize)]
struct Payload<'a> {
    item: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<Vec<&'a RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waba: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<&'a RawValue>,
}

// === impl Context ===

impl<'a> Context<'a> {
    pub(super) fn of_entry(entry: &Fields<'a>) -> Self {
        Self {
            waba: bounded(entry.get("id")),
            time: bounded(entry.get("time")),
            ..Self::default()
        }
    }

    /// The entry's context, with what one change adds.
    pub(super) fn of_change(
        &self,
        field: Option<&'a RawValue>,
        value: Option<&Fields<'a>>,
    ) -> Self {
        let metadata = bounded(value.and_then(|value| value.get("metadata")));
        let account = metadata
            .and_then(|metadata| Fields::parse(metadata.get()))
            // The display number is written in several ways; only the id names the account.
            .and_then(|metadata| metadata.text("phone_number_id"))
            .and_then(|id| component(&id).map(str::to_owned));
        let contacts: Vec<_> = value
            .and_then(|value| value.get("contacts"))
            .and_then(elements)
            .unwrap_or_default()
            .into_iter()
            .filter(|contact| contact.get().len() <= MAX_CONTEXT)
            .collect();
        let mut contacts_by_name = HashMap::new();
        if contacts.len() > FEW_CONTACTS {
            for (index, contact) in contacts.iter().enumerate() {
                let Some(contact) = Fields::parse(contact.get()) else {
                    continue;
                };
                for name in ["wa_id", "user_id"] {
                    if let Some(name) = contact.text(name) {
                        contacts_by_name.insert(name.into_owned(), index);
                    }
                }
            }
        }
        Self {
            waba: self.waba,
            time: self.time,
            field: bounded(field),
            metadata,
            contacts,
            contacts_by_name,
            account,
        }
    }

    pub(super) fn time(&self) -> Option<&'a RawValue> {
        self.time
    }

    /// What tells apart two updates whose own bytes are equal.
    pub(super) fn identity(&self) -> [Option<&'a RawValue>; 4] {
        [self.waba, self.time, self.field, self.metadata]
    }

    /// The payload of `item`, which names these people.
    pub(super) fn payload(&self, item: &RawValue, people: &[Option<String>]) -> Box<RawValue> {
        let contacts = if self.contacts_by_name.is_empty() {
            self.contacts.clone()
        } else {
            let mut found: Vec<usize> = people
                .iter()
                .flatten()
                .filter_map(|name| self.contacts_by_name.get(name).copied())
                .collect();
            found.sort_unstable();
            found.dedup();
            found.iter().map(|&index| self.contacts[index]).collect()
        };
        let payload = Payload {
            item,
            contacts: (!contacts.is_empty()).then_some(contacts),
            metadata: self.metadata,
            waba: self.waba,
            field: self.field,
            time: self.time,
        };
        // Raw values are copied through, and plain structs of them cannot fail to serialise.
        serde_json::value::to_raw_value(&payload).unwrap_or_else(|_| item.to_owned())
    }
}

fn bounded(raw: Option<&RawValue>) -> Option<&RawValue> {
    raw.filter(|raw| raw.get().len() <= MAX_CONTEXT)
}
