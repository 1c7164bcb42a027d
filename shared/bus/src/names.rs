//! Names on the broker: who may call what how.
//!
//! Every name starts with a [`Namespace`] and ends with a version, because the arguments of a queue can
//! never be changed. Two namespaces on one broker do not see each other; tests rely on that.

use std::fmt;
use std::str::FromStr;

/// A name that cannot be used on the broker.
#[derive(Debug, thiserror::Error)]
#[error("a namespace is 1 to 64 of a-z, 0-9, '-' and '_', not {0:?}")]
pub struct InvalidNamespace(String);

/// The prefix of every exchange and queue.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Namespace(String);

/// The work queues, one per kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Queue {
    /// What guests write, echoes and account fields, and nudges for due turns.
    Messages,
    /// Voice notes, images, documents and videos.
    Media,
    /// Recordings that wait for their transcript.
    Transcriptions,
    /// Payment notices.
    Payments,
    /// Calendar imports and exports.
    Calendars,
    /// Nudges: something is in the outbox.
    Deliveries,
    /// What became of a message we sent.
    Statuses,
}

impl Namespace {
    /// Topic exchange all events enter by.
    pub fn events_exchange(&self) -> String {
        format!("{self}.events.v1")
    }

    /// Exchange and queue (same name) of events no queue was bound to.
    pub fn unrouted(&self) -> String {
        format!("{self}.unrouted.v1")
    }
}

impl Default for Namespace {
    fn default() -> Self {
        Self("posta".to_owned())
    }
}

impl FromStr for Namespace {
    type Err = InvalidNamespace;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let allowed =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if name.is_empty() || name.len() > 64 || !name.chars().all(allowed) {
            return Err(InvalidNamespace(name.to_owned()));
        }
        Ok(Self(name.to_owned()))
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Queue {
    /// All of them, in the order of the design's table.
    pub const ALL: [Self; 7] = [
        Self::Messages,
        Self::Media,
        Self::Transcriptions,
        Self::Payments,
        Self::Calendars,
        Self::Deliveries,
        Self::Statuses,
    ];

    /// `posta.messages.v1`
    pub fn name(self, namespace: &Namespace) -> String {
        format!("{namespace}.{}.v1", self.stem())
    }

    /// `posta.messages.v1.dead`: what the broker's delivery limit threw out.
    pub fn dead_name(self, namespace: &Namespace) -> String {
        format!("{}.dead", self.name(namespace))
    }

    /// Routing keys this queue is bound to.
    pub(crate) fn bindings(self) -> &'static [&'static str] {
        match self {
            Self::Messages => &[
                "whatsapp.message.#",
                "whatsapp.echo",
                "whatsapp.field.#",
                "whatsapp.unparsed",
                "conversation.turn",
            ],
            Self::Media => &["whatsapp.audio", "whatsapp.media"],
            Self::Transcriptions => &["media.transcribe"],
            Self::Payments => &["mercadopago.#", "payment.#"],
            Self::Calendars => &["calendar.#"],
            Self::Deliveries => &["delivery.#"],
            Self::Statuses => &["whatsapp.status"],
        }
    }

    const fn stem(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Media => "media",
            Self::Transcriptions => "transcriptions",
            Self::Payments => "payments",
            Self::Calendars => "calendars",
            Self::Deliveries => "deliveries",
            Self::Statuses => "statuses",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_design() {
        let posta = Namespace::default();
        assert_eq!(posta.events_exchange(), "posta.events.v1");
        assert_eq!(posta.unrouted(), "posta.unrouted.v1");
        assert_eq!(Queue::Messages.name(&posta), "posta.messages.v1");
        assert_eq!(Queue::Statuses.dead_name(&posta), "posta.statuses.v1.dead");
    }

    #[test]
    fn a_namespace_with_a_separator_or_a_wildcard_is_refused() {
        for bad in ["", "a.b", "A", "#", "a b", &"x".repeat(65)] {
            assert!(bad.parse::<Namespace>().is_err(), "{bad:?}");
        }
        assert!("test-0192_a".parse::<Namespace>().is_ok());
    }
}
