//! The envelope: what travels between processes.
//!
//! The wire form is JSON and versioned. The payload is carried as the very bytes it was made of: it is never
//! parsed and written again, so that what a provider signed can still be shown years later. An envelope of
//! another version is not an error of the sender but of the reader's age: it is tried again, when a newer
//! process may take it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

/// The version written, and the only one read.
pub const VERSION: u32 = 1;

/// Source of events that come from inside; not part of the routing key.
pub const INTERNAL: &str = "posta";

/// Why bytes are not an envelope.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Written by a newer process.
    #[error("the envelope has version {0}, this process reads version {VERSION}")]
    Version(u64),
    /// Not an envelope at all.
    #[error("could not read the envelope")]
    Malformed(#[source] serde_json::Error),
}

/// One event on the bus.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Envelope {
    /// Always [`VERSION`].
    pub v: u32,
    /// Identity of this envelope, and the message id: stable over retries.
    pub id: Uuid,
    /// What makes two envelopes the same event.
    pub key: String,
    /// Who sent it: `whatsapp`, `mercadopago`, or [`INTERNAL`].
    pub source: String,
    /// What it is: `message.text`, `status`, `conversation.turn`, …
    pub kind: String,
    /// Which of our accounts it came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// When we received it. Microseconds on the wire.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub received_at: DateTime<Utc>,
    /// The verdict on the signature; absent where nothing is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// The request it was part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestRef>,
    /// The event itself, byte for byte.
    pub payload: Box<RawValue>,
}

/// A signature that was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Which of the configured secrets it was made with.
    pub secret: usize,
}

/// The request an item came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRef {
    /// SHA-256 of the body as received, in hex.
    pub sha256: String,
    /// Which item of it.
    pub index: u32,
}

#[derive(Deserialize)]
struct Version {
    v: u64,
}

impl Envelope {
    /// An event from inside. Its kind is its routing key.
    pub fn internal(
        id: Uuid,
        now: DateTime<Utc>,
        kind: &str,
        key: String,
        payload: Box<RawValue>,
    ) -> Self {
        Self {
            v: VERSION,
            id,
            key,
            source: INTERNAL.to_owned(),
            kind: kind.to_owned(),
            account: None,
            received_at: now,
            signature: None,
            request: None,
            payload,
        }
    }

    /// Reads the wire form.
    pub fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        match serde_json::from_slice::<Self>(body) {
            Ok(envelope) if envelope.v == VERSION => Ok(envelope),
            Ok(envelope) => Err(DecodeError::Version(envelope.v.into())),
            // Fields may have changed with the version, so the version is what is looked at first.
            Err(error) => match serde_json::from_slice::<Version>(body) {
                Ok(Version { v }) if v > u64::from(VERSION) => Err(DecodeError::Version(v)),
                _ => Err(DecodeError::Malformed(error)),
            },
        }
    }

    /// `source.kind`, or the kind alone for an event from inside.
    pub fn routing_key(&self) -> String {
        if self.source == INTERNAL {
            self.kind.clone()
        } else {
            format!("{}.{}", self.source, self.kind)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn envelope(payload: &str) -> Envelope {
        Envelope {
            v: 1,
            id: Uuid::nil(),
            key: "wa:1:wamid.X".to_owned(),
            source: "whatsapp".to_owned(),
            kind: "message.text".to_owned(),
            account: Some("1".to_owned()),
            received_at: DateTime::from_timestamp_micros(1_790_000_000_123_456).unwrap(),
            signature: Some(Signature { secret: 1 }),
            request: Some(RequestRef {
                sha256: "ab".to_owned(),
                index: 3,
            }),
            payload: RawValue::from_string(payload.to_owned()).unwrap(),
        }
    }

    #[test]
    fn the_wire_form_is_that_of_the_design() {
        let wire = serde_json::to_string(&envelope(r#"{"item":{"a":1}}"#)).unwrap();
        assert_eq!(
            wire,
            concat!(
                r#"{"v":1,"id":"00000000-0000-0000-0000-000000000000","key":"wa:1:wamid.X","source":"whatsapp","#,
                r#""kind":"message.text","account":"1","received_at":1790000000123456,"signature":{"secret":1},"#,
                r#""request":{"sha256":"ab","index":3},"payload":{"item":{"a":1}}}"#
            )
        );
    }

    #[test]
    fn what_comes_from_inside_is_routed_by_its_kind_alone() {
        let nothing = RawValue::from_string("{}".to_owned()).unwrap();
        let turn = Envelope::internal(
            Uuid::nil(),
            DateTime::UNIX_EPOCH,
            "conversation.turn",
            "k".to_owned(),
            nothing,
        );
        assert_eq!(turn.routing_key(), "conversation.turn");
        assert_eq!(envelope("{}").routing_key(), "whatsapp.message.text");
        assert!(!serde_json::to_string(&turn).unwrap().contains("signature"));
    }

    #[test]
    fn a_newer_version_is_told_from_garbage() {
        assert!(matches!(
            Envelope::decode(br#"{"v":2,"other":true}"#),
            Err(DecodeError::Version(2))
        ));
        let mut newer = envelope("{}");
        newer.v = 7;
        let newer = serde_json::to_vec(&newer).unwrap();
        assert!(matches!(
            Envelope::decode(&newer),
            Err(DecodeError::Version(7))
        ));
        for bad in [
            &b""[..],
            b"null",
            b"[]",
            br#"{"v":1}"#,
            br#"{"v":0}"#,
            br#"{"v":"2"}"#,
            b"\xff\xfe",
            b"{\"v\":1,",
        ] {
            assert!(
                matches!(Envelope::decode(bad), Err(DecodeError::Malformed(_))),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn depth_and_duplicate_keys_of_a_payload_do_not_matter() {
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        for payload in [
            deep.as_str(),
            r#"{"a":1,"a":2}"#,
            r#"{ "a" :  1e400 , "b":"\u0000\ud800" }"#,
        ] {
            let wire = serde_json::to_vec(&envelope(payload)).unwrap();
            assert_eq!(Envelope::decode(&wire).unwrap().payload.get(), payload);
        }
    }

    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<i64>().prop_map(|n| n.to_string()),
            any::<String>().prop_map(|s| serde_json::to_string(&s).unwrap()),
            Just(r#""\u0000 \ud83d\ude00 \/""#.to_owned()),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4)
                    .prop_map(|items| format!("[ {} ]", items.join(" ,\n"))),
                proptest::collection::vec((any::<String>(), inner), 0..4).prop_map(|items| {
                    let pairs = items
                        .iter()
                        .map(|(k, v)| format!("{} :\t{v}", serde_json::to_string(k).unwrap()));
                    format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_payload_comes_back_byte_for_byte(payload in json(), key in any::<String>(), micros in 0i64..4_000_000_000_000_000) {
            let mut sent = envelope(&payload);
            sent.key.clone_from(&key);
            sent.received_at = DateTime::from_timestamp_micros(micros).unwrap();
            let read = Envelope::decode(&serde_json::to_vec(&sent).unwrap()).unwrap();
            prop_assert_eq!(read.payload.get(), payload.as_str());
            prop_assert_eq!(read.key, key);
            prop_assert_eq!(read.received_at, sent.received_at);
        }

        #[test]
        fn any_bytes_are_read_or_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Envelope::decode(&bytes).is_err());
        }
    }
}
