//! What both sides of a chat said, in order, as the control API shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// Who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The guest.
    Guest,
    /// The system, through the Graph API.
    Business,
    /// The owner, on her own phone (`Coexistence`).
    Owner,
}

/// What a tap can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChoiceKind {
    /// A reply button.
    Button,
    /// A row of a list.
    Row,
}

/// One button or list row of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Button or row.
    pub kind: ChoiceKind,
    /// What comes back when it is tapped.
    pub id: String,
    /// What the guest reads.
    pub title: String,
    /// Second line of a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A status and when it was reported.
#[derive(Debug, Clone, Serialize)]
pub struct StatusMark {
    /// `sent`, `delivered`, `read` or `failed`.
    pub status: String,
    /// By the simulated clock.
    pub at: DateTime<Utc>,
}

/// One message of a chat.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// The wamid.
    pub id: String,
    /// Who said it.
    pub side: Side,
    /// By the simulated clock.
    pub at: DateTime<Utc>,
    /// The provider's type.
    pub kind: String,
    /// What a person reads.
    pub text: String,
    /// Buttons or rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// A link button's or a picture's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Media id of a guest's photo or voice note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_id: Option<String>,
    /// `biz_opaque_callback_data`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_data: Option<String>,
    /// The message this one answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// What became of it.
    pub statuses: Vec<StatusMark>,
    /// The business marked it as read.
    pub seen_by_business: bool,
    /// The answer to the request that sent it was cut off on purpose.
    pub cut: bool,
    /// For what the guest and the owner wrote: the webhook got its 200.
    pub taken: bool,
}

/// Everything said with one guest.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Chat {
    /// In the order it happened.
    pub messages: Vec<Entry>,
}

impl Chat {
    /// The latest message that offered this choice, and the choice.
    pub(crate) fn offered(&self, kind: ChoiceKind, id: &str) -> Option<(&Entry, &Choice)> {
        self.messages.iter().rev().find_map(|entry| {
            let choice = entry
                .choices
                .iter()
                .find(|choice| choice.kind == kind && choice.id == id)?;
            Some((entry, choice))
        })
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Entry> {
        self.messages.iter_mut().rev().find(|entry| entry.id == id)
    }

    /// What the system said.
    pub fn replies(&self) -> impl Iterator<Item = &Entry> {
        self.messages
            .iter()
            .filter(|entry| entry.side == Side::Business)
    }
}
