//! Messages approved by Meta beforehand.

use serde::{Deserialize, Serialize};

use super::super::limits::{
    LimitError, Limited, TEMPLATE_NAME, TEMPLATE_PARAMETER, TEMPLATE_PAYLOAD,
};

/// A template with what fills its gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Template(Parts);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Parts {
    name: Limited<TEMPLATE_NAME>,
    language: Limited<16>,
    #[serde(default)]
    body: Vec<Limited<TEMPLATE_PARAMETER>>,
    #[serde(default)]
    quick_replies: Vec<QuickReply>,
}

/// What comes back when a template's button is tapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuickReply {
    pub(super) index: u8,
    pub(super) payload: Limited<TEMPLATE_PAYLOAD>,
}

impl Template {
    /// As in `("recordatorio", "es_AR", ["Ana", "15:40"])`.
    pub fn new<P: Into<String>>(
        name: impl Into<String>,
        language: impl Into<String>,
        body: impl IntoIterator<Item = P>,
    ) -> Result<Self, LimitError> {
        Self::try_from(Parts {
            name: Limited::new(name)?,
            language: Limited::new(language)?,
            body: body
                .into_iter()
                .map(Limited::new)
                .collect::<Result<_, _>>()?,
            quick_replies: Vec::new(),
        })
    }

    /// With a payload for the button at `index`.
    pub fn with_quick_reply(
        mut self,
        index: u8,
        payload: impl Into<String>,
    ) -> Result<Self, LimitError> {
        self.0.quick_replies.push(QuickReply {
            index,
            payload: Limited::new(payload)?,
        });
        Self::try_from(self.0)
    }

    /// The name it was approved with.
    pub fn name(&self) -> &str {
        self.0.name.as_str()
    }

    pub(super) fn language(&self) -> &str {
        self.0.language.as_str()
    }

    pub(super) fn body(&self) -> &[Limited<TEMPLATE_PARAMETER>] {
        &self.0.body
    }

    pub(super) fn quick_replies(&self) -> &[QuickReply] {
        &self.0.quick_replies
    }
}

impl TryFrom<Parts> for Template {
    type Error = LimitError;

    fn try_from(parts: Parts) -> Result<Self, LimitError> {
        let name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let language = |b: u8| b.is_ascii_alphabetic() || b == b'_';
        if !parts.name.as_str().bytes().all(name) || !parts.language.as_str().bytes().all(language)
        {
            return Err(LimitError::Name);
        }
        let mut indices = std::collections::HashSet::new();
        if !parts
            .quick_replies
            .iter()
            .all(|reply| indices.insert(reply.index))
        {
            return Err(LimitError::Repeated("quick replies"));
        }
        if parts.quick_replies.len() > 10 {
            return Err(LimitError::Count {
                what: "quick replies",
                count: parts.quick_replies.len(),
                max: 10,
            });
        }
        Ok(Self(parts))
    }
}

impl From<Template> for Parts {
    fn from(template: Template) -> Self {
        template.0
    }
}
