//! Meta's limits of what may be sent, as types.
//!
//! Meta says "characters" without saying which. UTF-16 units are counted here, the most of the plausible readings
//! (an emoji is two or more), so that a text that passes here passes there.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Text of a text message, and of a list.
pub const LONG_BODY: usize = 4096;
/// Text above buttons and above a link.
pub const SHORT_BODY: usize = 1024;
/// Caption of an image or document.
pub const CAPTION: usize = 1024;
/// Footer of any interactive message, and header of a list.
pub const FOOTER: usize = 60;
/// Title of a reply button.
pub const BUTTON_TITLE: usize = 20;
/// Id of a reply button.
pub const BUTTON_ID: usize = 256;
/// Reply buttons of one message.
pub const BUTTONS: usize = 3;
/// What opens a list.
pub const LIST_BUTTON: usize = 20;
/// Title of a list's section.
pub const SECTION_TITLE: usize = 24;
/// Rows of one list, over all sections.
pub const ROWS: usize = 10;
/// Title of a row.
pub const ROW_TITLE: usize = 24;
/// Second line of a row.
pub const ROW_DESCRIPTION: usize = 72;
/// Id of a row.
pub const ROW_ID: usize = 200;
/// What a link shows. Sources say 18 and 20.
pub const LINK_TITLE: usize = 18;
/// A URL; not documented, the usual bound of browsers.
pub const URL: usize = 2000;
/// One parameter of a template.
pub const TEMPLATE_PARAMETER: usize = 1024;
/// Name of a template.
pub const TEMPLATE_NAME: usize = 512;
/// Payload of a template's quick reply; not documented, taken as a button's id.
pub const TEMPLATE_PAYLOAD: usize = 256;
/// File name of a document.
pub const FILE_NAME: usize = 240;
/// What is echoed in statuses.
pub const CALLBACK_DATA: usize = 512;

/// What is wrong with a message that must not be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// A required text has nothing visible in it.
    #[error("a text is empty")]
    Empty,
    /// Too long.
    #[error("a text has {length} characters, {max} are allowed")]
    TooLong {
        /// As counted here.
        length: usize,
        /// What Meta allows.
        max: usize,
    },
    /// PostgreSQL's JSON cannot store it, and nobody can read it.
    #[error("a text contains NUL")]
    Nul,
    /// Too many or too few buttons, rows or sections.
    #[error("there are {count} {what}, between 1 and {max} are allowed")]
    Count {
        /// Of what.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many may be.
        max: usize,
    },
    /// Two buttons or rows that nobody could tell apart.
    #[error("two {0} are the same")]
    Repeated(&'static str),
    /// Lists with several sections need their titles.
    #[error("a section of several has no title")]
    Untitled,
    /// Not an absolute `https` URL (`http` is for the sandbox).
    #[error("a link is not an absolute URL")]
    Url,
    /// A name Meta would refuse.
    #[error("a template's name or language has characters that are not allowed")]
    Name,
}

/// Length as counted against limits: UTF-16 units.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A text that is visible and not longer than `MAX`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Limited<const MAX: usize>(String);

impl<const MAX: usize> Limited<MAX> {
    /// Checks the text.
    pub fn new(text: impl Into<String>) -> Result<Self, LimitError> {
        let text = text.into();
        let length = units(&text);
        if text.contains('\0') {
            Err(LimitError::Nul)
        } else if text.trim().is_empty() {
            Err(LimitError::Empty)
        } else if length > MAX {
            Err(LimitError::TooLong { length, max: MAX })
        } else {
            Ok(Self(text))
        }
    }

    /// Makes the text fit; only a text with nothing visible in it is refused.
    pub fn fitted(text: &str) -> Result<Self, LimitError> {
        Self::new(super::outgoing::fit(text, MAX))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> TryFrom<String> for Limited<MAX> {
    type Error = LimitError;

    fn try_from(text: String) -> Result<Self, LimitError> {
        Self::new(text)
    }
}

impl<const MAX: usize> From<Limited<MAX>> for String {
    fn from(text: Limited<MAX>) -> Self {
        text.0
    }
}

/// Texts are for guests, not for logs: only the length is shown.
impl<const MAX: usize> fmt::Debug for Limited<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} of {MAX}>", units(&self.0))
    }
}
