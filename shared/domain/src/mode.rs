//! Who speaks in a chat.

use serde::{Deserialize, Serialize};

/// Who speaks in a chat: the bot, nobody yet, a person of ours, or nobody ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The bot answers.
    Bot,
    /// A person was asked for; the bot goes on answering concrete requests.
    Waiting,
    /// A person of ours has the chat; the bot is silent.
    Human,
    /// Never answered.
    Muted,
}

/// A mode's name that nobody knows.
#[derive(Debug, thiserror::Error)]
#[error("there is no mode called {0:?}")]
pub struct UnknownMode(pub String);

impl Mode {
    /// As the database writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Waiting => "waiting",
            Self::Human => "human",
            Self::Muted => "muted",
        }
    }

    /// Reads the database's name.
    pub fn parse(name: &str) -> Result<Self, UnknownMode> {
        match name {
            "bot" => Ok(Self::Bot),
            "waiting" => Ok(Self::Waiting),
            "human" => Ok(Self::Human),
            "muted" => Ok(Self::Muted),
            other => Err(UnknownMode(other.to_owned())),
        }
    }

    /// Of two chats that turn out to be one guest's, the mode that lets the bot say less wins.
    #[must_use]
    pub fn more_careful(self, other: Self) -> Self {
        if self.care() >= other.care() {
            self
        } else {
            other
        }
    }

    const fn care(self) -> u8 {
        match self {
            Self::Bot => 0,
            Self::Waiting => 1,
            Self::Human => 2,
            Self::Muted => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mode;

    #[test]
    fn every_mode_reads_back_from_its_name() {
        for mode in [Mode::Bot, Mode::Waiting, Mode::Human, Mode::Muted] {
            assert_eq!(Mode::parse(mode.name()).unwrap(), mode);
        }
        assert!(Mode::parse("robot").is_err());
    }

    #[test]
    fn merging_two_chats_keeps_the_more_careful_mode() {
        assert_eq!(Mode::Bot.more_careful(Mode::Human), Mode::Human);
        assert_eq!(Mode::Muted.more_careful(Mode::Human), Mode::Muted);
        assert_eq!(Mode::Waiting.more_careful(Mode::Bot), Mode::Waiting);
    }
}
