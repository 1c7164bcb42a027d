//! From what the dialogue decided to a message in words.
//!
//! Guaranteed: whatever the parts, the options and the owner's texts are, the message keeps the provider's limits and
//! has something to read in it. What does not fit gives way in this order: text above buttons that is too long for them
//! becomes a list, which has room for all of it; only beyond that are the owner's paragraphs shortened, the longest
//! first, and that is told ([`Rendered::shortened`]). Not guaranteed: that every row of a list is shown; there are ten.

mod body;
mod menu;
mod template;
#[cfg(test)]
mod tests;

use posta_domain::dialogue::Reply;
use posta_providers::whatsapp::{
    limits::{LONG_BODY, LimitError, SHORT_BODY, units},
    outgoing::{Outgoing, Section},
};
use posta_texts::Renderer;

use self::{
    body::{Body, Paragraph},
    menu::Options,
};

/// A reply in its final words.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// What is sent.
    pub message: Outgoing,
    /// What a person of ours reads in the thread: the text and what could be tapped.
    pub thread: String,
    /// The provider's type of it.
    pub kind: &'static str,
    /// Whether words of the owner were cut.
    pub shortened: bool,
}

/// The message that says it.
pub fn render(reply: &Reply, words: &Renderer<'_>) -> Result<Rendered, LimitError> {
    let paragraphs = reply
        .parts
        .iter()
        .filter_map(|part| Paragraph::of(part, words));
    let body = Body::new(paragraphs.collect());
    let options = Options::of(&reply.menu, words);
    if let Some(template) = &reply.template {
        let thread = options.below(&body.text());
        return Ok(Rendered {
            message: template::message(template, words)?,
            thread: if thread.is_empty() {
                template.name.to_owned()
            } else {
                thread
            },
            kind: "template",
            shortened: false,
        });
    }
    let (body, shortened) = body.within(LONG_BODY, words);
    let thread = options.below(&body);
    let message = match options {
        Options::None => Outgoing::text(body),
        Options::Buttons(buttons) if units(&body) <= SHORT_BODY => Outgoing::buttons(
            body,
            buttons.into_iter().map(|option| (option.id, option.title)),
        ),
        Options::Buttons(rows) => list(body, words.say("list-open"), rows),
        Options::List { open, rows } => list(body, open, rows),
    }?;
    Ok(Rendered {
        kind: match &message {
            Outgoing::Text(_) => "text",
            _ => "interactive",
        },
        message,
        thread,
        shortened,
    })
}

fn list(body: String, open: String, rows: Vec<menu::Shown>) -> Result<Outgoing, LimitError> {
    let rows = rows
        .into_iter()
        .map(menu::Shown::into_row)
        .collect::<Result<_, _>>()?;
    Outgoing::list(body, open, vec![Section::untitled(rows)])
}
