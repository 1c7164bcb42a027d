//! What a turn decided.

use chrono::{DateTime, Utc};

use crate::ids::{EntryId, ReservationId};

use super::{Chat, Choice, Phrase};

/// The outcome of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The chat as it is now.
    pub chat: Chat,
    /// What was decided, in one word.
    pub verdict: Verdict,
    /// What to say.
    pub reply: Option<Reply>,
    /// What a person of ours must see to.
    pub attention: Vec<Attention>,
}

impl Decision {
    pub(super) fn silent(chat: Chat, verdict: Verdict) -> Self {
        Self {
            chat,
            verdict,
            reply: None,
            attention: Vec::new(),
        }
    }
}

/// What a turn decided, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The bot answers.
    Replied,
    /// Nothing needs an answer ("ok", 👍), or a person has been promised already.
    NoAnswerNeeded,
    /// A person has the chat.
    SilentHuman,
    /// Private or muted.
    SilentPrivate,
    /// A person has answered this already.
    AnsweredByPerson,
    /// The provider takes no answer any more.
    TooLate,
    /// Nothing of the guest's was left (taken back, or only a person's message).
    Nothing,
}

impl Verdict {
    /// As the database writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Replied => "replied",
            Self::NoAnswerNeeded => "no_answer_needed",
            Self::SilentHuman => "silent_human",
            Self::SilentPrivate => "silent_private",
            Self::AnsweredByPerson => "answered_by_person",
            Self::TooLate => "too_late",
            Self::Nothing => "nothing",
        }
    }
}

/// Something a person of ours must see to. One open matter per kind and subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attention {
    /// Which kind.
    pub kind: &'static str,
    /// What it is about: the chat, unless a booking is named.
    pub about: Option<ReservationId>,
    /// By when.
    pub deadline: DateTime<Utc>,
    /// What a person needs to know to act, by name.
    pub detail: Vec<(&'static str, String)>,
    /// What can be done about it beside having seen it; names of the API's actions.
    pub actions: &'static [&'static str],
}

impl Attention {
    /// A guest was promised a person.
    pub const WAITING: &'static str = "guest_waiting";
    /// A guest's message is too old to be answered by the bot.
    pub const UNANSWERED: &'static str = "guest_unanswered";
    /// A guest asks for a lower price. Actions: `offer` (an adjustment on the quote), `decline`.
    pub const DISCOUNT: &'static str = "discount_requested";
}

/// One bubble.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// Paragraphs, in order.
    pub parts: Vec<Part>,
    /// What can be tapped.
    pub menu: Menu,
    /// The entry it answers: from the reply one walks back to the bytes that caused it.
    pub cause: Option<EntryId>,
    /// It is of no use after this (a reminder of a hold that has ended).
    pub useful_until: Option<DateTime<Utc>>,
    /// The 24 hours are over: it goes out as this template, and parts and menu are for the thread only.
    pub template: Option<Template>,
}

/// A paragraph, still without words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Of the catalogue.
    Say(Phrase),
    /// The owner's own words.
    Words(String),
}

/// What can be tapped under a reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Menu {
    /// Nothing.
    #[default]
    None,
    /// More than three are shown as a list.
    Buttons(Vec<Button>),
    /// At most ten rows are shown.
    List {
        /// What opens it.
        open: Phrase,
        /// The rows.
        rows: Vec<Row>,
    },
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it means.
    pub choice: Choice,
    /// What it reads; 20 characters are shown.
    pub title: Phrase,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it means.
    pub choice: Choice,
    /// First line; 24 characters are shown.
    pub title: Phrase,
    /// Second line; 72 characters are shown.
    pub description: Option<Phrase>,
}

/// A message that Meta has approved beforehand: the only kind allowed outside the 24 hours. Names and parameters are
/// those of `locales/<locale>/templates.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its name there.
    pub name: &'static str,
    /// Values of `{{1}}`, `{{2}}`, … in order.
    pub parameters: Vec<super::phrase::Value>,
    /// What its quick replies mean, in order.
    pub choices: Vec<Choice>,
}
