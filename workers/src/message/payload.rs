//! The envelope's payload as ingress makes it.

use serde::Deserialize;
use serde_json::value::RawValue;

/// One item and what stood around it.
#[derive(Debug, Deserialize)]
pub(crate) struct Payload<'a> {
    /// The exact bytes; absent where the whole body was unreadable.
    #[serde(borrow, default)]
    item: Option<&'a RawValue>,
    #[serde(borrow, default)]
    contacts: Option<&'a RawValue>,
    #[serde(borrow, default)]
    waba: Option<&'a RawValue>,
    #[serde(borrow, default)]
    time: Option<&'a RawValue>,
}

impl<'a> Payload<'a> {
    /// `None` where it is of no shape we know.
    pub(crate) fn parse(payload: &'a RawValue) -> Option<Self> {
        serde_json::from_str(payload.get()).ok()
    }

    /// The item's JSON.
    pub(crate) fn item(&self) -> Option<&'a str> {
        self.item.map(RawValue::get)
    }

    /// The contacts that came with it, as JSON.
    pub(crate) fn contacts(&self) -> Option<&'a str> {
        self.contacts.map(RawValue::get)
    }

    /// The business the item is about.
    pub(crate) fn waba(&self) -> Option<&'a str> {
        self.waba.map(|waba| waba.get().trim_matches('"'))
    }

    /// The provider's time of the whole entry, in seconds.
    pub(crate) fn entry_time(&self) -> Option<i64> {
        self.time
            .and_then(|time| time.get().trim_matches('"').parse().ok())
    }
}
