//! What Posta says, in a form that cannot exceed Meta's limits.
//!
//! A message is checked when it is built, and again when it is read back from the outbox's JSON: what is an
//! [`Outgoing`] can be sent. [`fit()`] shortens texts that come from data (names of cabins, of guests) and may be long.
//!
//! The JSON form is `{"type": "text", …}`; new fields must be optional, since rows written by the previous version
//! are still to be sent.

mod body;
mod fit;
mod interactive;
mod recipient;
mod template;

use serde::{Deserialize, Serialize};

pub use fit::fit;
pub use interactive::{Buttons, CtaUrl, List, ReplyButton, Row, Section};
pub use recipient::{Recipient, RecipientError};
pub use template::{QuickReply, Template};

use super::limits::{CAPTION, FILE_NAME, LONG_BODY, LimitError, Limited, URL};

/// One bubble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Outgoing {
    /// Text.
    Text(Text),
    /// Text with one to three buttons.
    Buttons(Buttons),
    /// Text with a menu of up to ten rows.
    List(List),
    /// Text with a link on a button.
    CtaUrl(CtaUrl),
    /// A picture.
    Image(Image),
    /// A file.
    Document(Document),
    /// A message approved by Meta: the only kind allowed outside the 24-hour window.
    Template(Template),
}

impl Outgoing {
    /// Text.
    pub fn text(body: impl Into<String>) -> Result<Self, LimitError> {
        Ok(Self::Text(Text {
            body: Limited::new(body)?,
            preview_url: false,
        }))
    }

    /// Text with buttons, each `(id, title)`.
    pub fn buttons<I: Into<String>, T: Into<String>>(
        body: impl Into<String>,
        buttons: impl IntoIterator<Item = (I, T)>,
    ) -> Result<Self, LimitError> {
        let buttons = buttons
            .into_iter()
            .map(|(id, title)| ReplyButton::new(id, title));
        Buttons::new(body, buttons.collect::<Result<_, _>>()?).map(Self::Buttons)
    }

    /// Text with a menu.
    pub fn list(
        body: impl Into<String>,
        button: impl Into<String>,
        sections: Vec<Section>,
    ) -> Result<Self, LimitError> {
        List::new(body, button, sections).map(Self::List)
    }

    /// Text with a link.
    pub fn cta_url(
        body: impl Into<String>,
        title: impl Into<String>,
        url: impl Into<String>,
    ) -> Result<Self, LimitError> {
        CtaUrl::new(body, title, url).map(Self::CtaUrl)
    }

    /// A picture from a public URL.
    pub fn image(link: impl Into<String>, caption: Option<String>) -> Result<Self, LimitError> {
        Ok(Self::Image(Image {
            link: Link::new(link)?,
            caption: caption.map(Limited::new).transpose()?,
        }))
    }

    /// A file from a public URL.
    pub fn document(
        link: impl Into<String>,
        file_name: impl Into<String>,
        caption: Option<String>,
    ) -> Result<Self, LimitError> {
        Ok(Self::Document(Document {
            link: Link::new(link)?,
            file_name: Limited::new(file_name)?,
            caption: caption.map(Limited::new).transpose()?,
        }))
    }

    /// Whether it may be sent only within 24 hours of the guest's last message.
    pub fn needs_open_window(&self) -> bool {
        !matches!(self, Self::Template(_))
    }

    /// The text a person would read, for transcripts and pages.
    pub fn plain_text(&self) -> &str {
        match self {
            Self::Text(text) => text.body.as_str(),
            Self::Buttons(buttons) => buttons.body(),
            Self::List(list) => list.body(),
            Self::CtaUrl(link) => link.body(),
            Self::Image(Image { caption, .. }) | Self::Document(Document { caption, .. }) => {
                caption.as_ref().map_or("", Limited::as_str)
            }
            Self::Template(template) => template.name(),
        }
    }
}

/// Text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    body: Limited<LONG_BODY>,
    #[serde(default)]
    preview_url: bool,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    link: Link,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caption: Option<Limited<CAPTION>>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    link: Link,
    file_name: Limited<FILE_NAME>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caption: Option<Limited<CAPTION>>,
}

/// An absolute URL that others can follow.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Link(Limited<URL>);

impl Link {
    fn new(url: impl Into<String>) -> Result<Self, LimitError> {
        let url = Limited::new(url)?;
        match url::Url::parse(url.as_str()) {
            Ok(parsed) if matches!(parsed.scheme(), "https" | "http") && parsed.has_host() => {
                Ok(Self(url))
            }
            _ => Err(LimitError::Url),
        }
    }

    fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Payment links are for one guest.
impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<a link>")
    }
}

impl TryFrom<String> for Link {
    type Error = LimitError;

    fn try_from(url: String) -> Result<Self, LimitError> {
        Self::new(url)
    }
}

impl From<Link> for String {
    fn from(link: Link) -> Self {
        link.0.into()
    }
}

#[cfg(test)]
mod tests;
