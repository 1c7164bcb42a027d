//! Why an edit was refused.

use crate::error::StoreError;

/// One thing that is not possible as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: `rates.night`, `prices.<unit type>.night`.
    pub at: String,
    /// For programs.
    pub code: &'static str,
    /// For people who read English: logs and the shell.
    pub text: String,
}

/// A refused edit. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// There is none, or it is another tenant's: `property`, `unit_type`, `accommodation`, `season`, `holiday`, `text`.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// All that is wrong with it.
    #[error("{}", listed(.0))]
    Invalid(Vec<Problem>),
    /// Another one has that name: of the same kinds.
    #[error("there is another {0} of that name")]
    NameTaken(&'static str),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
}

// === impl Problem ===

impl Problem {
    pub(crate) fn new(at: impl Into<String>, code: &'static str, text: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            code,
            text: text.into(),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.at, self.text)
    }
}

// === impl EditError ===

impl From<StoreError> for EditError {
    fn from(error: StoreError) -> Self {
        match error.constraint() {
            Some("properties_name_key") => Self::NameTaken("property"),
            Some("unit_types_name_key") => Self::NameTaken("unit_type"),
            Some("accommodations_name_key") => Self::NameTaken("accommodation"),
            Some("seasons_name_key") => Self::NameTaken("season"),
            _ => Self::Store(error),
        }
    }
}

fn listed(problems: &[Problem]) -> String {
    let each: Vec<String> = problems.iter().map(ToString::to_string).collect();
    each.join("; ")
}
