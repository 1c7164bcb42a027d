//! What a turn decided.

use crate::{hours::When, ids::EntryId, understand::Topic};

use super::Chat;

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
    pub attention: Option<Attention>,
}

impl Decision {
    pub(super) fn silent(chat: Chat, verdict: Verdict) -> Self {
        Self {
            chat,
            verdict,
            reply: None,
            attention: None,
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

/// Something a person of ours must see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attention {
    /// Which kind.
    pub kind: &'static str,
    /// By when.
    pub deadline: chrono::DateTime<chrono::Utc>,
}

impl Attention {
    /// A guest was promised a person.
    pub const WAITING: &'static str = "guest_waiting";
    /// A guest's message is too old to be answered by the bot.
    pub const UNANSWERED: &'static str = "guest_unanswered";
}

/// One bubble.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// Paragraphs, in order.
    pub parts: Vec<Part>,
    /// At most three buttons.
    pub choices: Vec<Choice>,
    /// The entry it answers: from the reply one walks back to the bytes that caused it.
    pub cause: Option<EntryId>,
}

/// A paragraph, still without words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The answer comes late.
    SorryForTheWait,
    /// A short hello before something else.
    Hello,
    /// The greeting with the menu; the owner's own words if there are some.
    Welcome(Option<String>),
    /// The owner's answer to a known question.
    Owner(Topic, String),
    /// A person will answer, and when.
    PersonWillAnswer(When),
    /// The file arrived; a person will look at it, and when.
    PersonWillLook(When),
    /// What can be asked in the meantime.
    Meanwhile,
    /// The file could not be opened.
    FileRefused,
    /// Voice notes cannot be heard yet.
    PleaseType,
    /// This kind of message cannot be read.
    PleaseWrite,
    /// Nothing was asked.
    WhatDoYouNeed,
    /// You're welcome.
    Courtesy,
}

/// A button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// A known question.
    Topic(Topic),
    /// A person, please.
    Human,
}

impl Choice {
    /// The id the provider sends back when it is tapped.
    pub fn id(self) -> String {
        match self {
            Self::Topic(topic) => format!("menu:{}", topic.key()),
            Self::Human => "menu:human".to_owned(),
        }
    }

    /// Which of our buttons an id names. Ids come from outside: any other is nobody's.
    pub fn of_id(id: &str) -> Option<Self> {
        match id.strip_prefix("menu:")? {
            "human" => Some(Self::Human),
            key => Topic::of_key(key).map(Self::Topic),
        }
    }
}
