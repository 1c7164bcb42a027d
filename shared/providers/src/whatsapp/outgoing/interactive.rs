//! Buttons, lists and links.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{
    super::limits::{
        BUTTON_ID, BUTTON_TITLE, BUTTONS, FOOTER, LINK_TITLE, LIST_BUTTON, LONG_BODY, LimitError,
        Limited, ROW_DESCRIPTION, ROW_ID, ROW_TITLE, ROWS, SECTION_TITLE, SHORT_BODY,
    },
    Link,
};

/// One to three buttons below a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buttons {
    pub(super) body: Limited<SHORT_BODY>,
    #[serde(rename = "buttons")]
    pub(super) replies: ButtonSet,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) footer: Option<Limited<FOOTER>>,
}

impl Buttons {
    /// Titles and ids must differ from each other.
    pub fn new(body: impl Into<String>, buttons: Vec<ReplyButton>) -> Result<Self, LimitError> {
        Ok(Self {
            body: Limited::new(body)?,
            replies: ButtonSet::try_from(buttons)?,
            footer: None,
        })
    }

    /// With small print.
    pub fn with_footer(mut self, footer: impl Into<String>) -> Result<Self, LimitError> {
        self.footer = Some(Limited::new(footer)?);
        Ok(self)
    }

    /// The text.
    pub fn body(&self) -> &str {
        self.body.as_str()
    }

    /// The buttons.
    pub fn buttons(&self) -> &[ReplyButton] {
        &self.replies.0
    }
}

/// A button; its id comes back when it is tapped, at any later time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyButton {
    id: Limited<BUTTON_ID>,
    title: Limited<BUTTON_TITLE>,
}

impl ReplyButton {
    /// A button.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Result<Self, LimitError> {
        Ok(Self {
            id: Limited::new(id)?,
            title: Limited::new(title)?,
        })
    }

    /// What comes back.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// What is seen.
    pub fn title(&self) -> &str {
        self.title.as_str()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<ReplyButton>", into = "Vec<ReplyButton>")]
pub(super) struct ButtonSet(pub(super) Vec<ReplyButton>);

impl TryFrom<Vec<ReplyButton>> for ButtonSet {
    type Error = LimitError;

    fn try_from(buttons: Vec<ReplyButton>) -> Result<Self, LimitError> {
        count("buttons", buttons.len(), BUTTONS)?;
        distinct("button titles", buttons.iter().map(ReplyButton::title))?;
        distinct("button ids", buttons.iter().map(ReplyButton::id))?;
        Ok(Self(buttons))
    }
}

impl From<ButtonSet> for Vec<ReplyButton> {
    fn from(set: ButtonSet) -> Self {
        set.0
    }
}

/// A menu that opens from a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    pub(super) body: Limited<LONG_BODY>,
    pub(super) button: Limited<LIST_BUTTON>,
    pub(super) sections: SectionSet,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) header: Option<Limited<FOOTER>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) footer: Option<Limited<FOOTER>>,
}

impl List {
    /// Ten rows at most, over all sections.
    pub fn new(
        body: impl Into<String>,
        button: impl Into<String>,
        sections: Vec<Section>,
    ) -> Result<Self, LimitError> {
        Ok(Self {
            body: Limited::new(body)?,
            button: Limited::new(button)?,
            sections: SectionSet::try_from(sections)?,
            header: None,
            footer: None,
        })
    }

    /// With a line above.
    pub fn with_header(mut self, header: impl Into<String>) -> Result<Self, LimitError> {
        self.header = Some(Limited::new(header)?);
        Ok(self)
    }

    /// With small print.
    pub fn with_footer(mut self, footer: impl Into<String>) -> Result<Self, LimitError> {
        self.footer = Some(Limited::new(footer)?);
        Ok(self)
    }

    /// The text.
    pub fn body(&self) -> &str {
        self.body.as_str()
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.sections.0.iter().flat_map(|section| &section.rows)
    }
}

/// Some rows under a title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<Limited<SECTION_TITLE>>,
    pub(super) rows: Vec<Row>,
}

impl Section {
    /// The only section of a list needs no title.
    pub fn untitled(rows: Vec<Row>) -> Self {
        Self { title: None, rows }
    }

    /// One of several.
    pub fn titled(title: impl Into<String>, rows: Vec<Row>) -> Result<Self, LimitError> {
        Ok(Self {
            title: Some(Limited::new(title)?),
            rows,
        })
    }
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    id: Limited<ROW_ID>,
    title: Limited<ROW_TITLE>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Limited<ROW_DESCRIPTION>>,
}

impl Row {
    /// A choice of one line.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Result<Self, LimitError> {
        Ok(Self {
            id: Limited::new(id)?,
            title: Limited::new(title)?,
            description: None,
        })
    }

    /// With a second line.
    pub fn with_description(mut self, description: impl Into<String>) -> Result<Self, LimitError> {
        self.description = Some(Limited::new(description)?);
        Ok(self)
    }

    /// What comes back.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// What is seen.
    pub fn title(&self) -> &str {
        self.title.as_str()
    }

    /// What is seen below.
    pub fn description(&self) -> Option<&str> {
        self.description.as_ref().map(Limited::as_str)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Section>", into = "Vec<Section>")]
pub(super) struct SectionSet(pub(super) Vec<Section>);

impl TryFrom<Vec<Section>> for SectionSet {
    type Error = LimitError;

    fn try_from(sections: Vec<Section>) -> Result<Self, LimitError> {
        count("sections", sections.len(), ROWS)?;
        count(
            "rows",
            sections.iter().map(|section| section.rows.len()).sum(),
            ROWS,
        )?;
        for section in &sections {
            count("rows in a section", section.rows.len(), ROWS)?;
        }
        if sections.len() > 1 && sections.iter().any(|section| section.title.is_none()) {
            return Err(LimitError::Untitled);
        }
        distinct(
            "row ids",
            sections
                .iter()
                .flat_map(|section| &section.rows)
                .map(Row::id),
        )?;
        Ok(Self(sections))
    }
}

impl From<SectionSet> for Vec<Section> {
    fn from(set: SectionSet) -> Self {
        set.0
    }
}

/// A link on a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CtaUrl {
    pub(super) body: Limited<SHORT_BODY>,
    pub(super) title: Limited<LINK_TITLE>,
    pub(super) url: Link,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) footer: Option<Limited<FOOTER>>,
}

impl CtaUrl {
    /// Text, what the button says, where it leads.
    pub fn new(
        body: impl Into<String>,
        title: impl Into<String>,
        url: impl Into<String>,
    ) -> Result<Self, LimitError> {
        Ok(Self {
            body: Limited::new(body)?,
            title: Limited::new(title)?,
            url: Link::new(url)?,
            footer: None,
        })
    }

    /// With small print.
    pub fn with_footer(mut self, footer: impl Into<String>) -> Result<Self, LimitError> {
        self.footer = Some(Limited::new(footer)?);
        Ok(self)
    }

    /// The text.
    pub fn body(&self) -> &str {
        self.body.as_str()
    }

    /// Where it leads.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }
}

fn count(what: &'static str, count: usize, max: usize) -> Result<(), LimitError> {
    if (1..=max).contains(&count) {
        Ok(())
    } else {
        Err(LimitError::Count { what, count, max })
    }
}

/// Compared without regard to case and outer space: two buttons that look the same are the same to a guest.
fn distinct<'a>(
    what: &'static str,
    mut texts: impl Iterator<Item = &'a str>,
) -> Result<(), LimitError> {
    let mut seen = HashSet::new();
    if texts.all(|text| seen.insert(text.trim().to_lowercase())) {
        Ok(())
    } else {
        Err(LimitError::Repeated(what))
    }
}
