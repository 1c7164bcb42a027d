//! Messages approved by Meta beforehand: only their gaps are ours to fill.

use posta_domain::dialogue::Template;
use posta_providers::whatsapp::{
    limits::LimitError,
    outgoing::{self, Outgoing, fit},
};
use posta_texts::Renderer;

use super::{body::visible, menu::one_line};

const LANGUAGE: &str = "es_AR";
/// What all gaps together may take: Meta refuses a body of more than 1024 characters once they are filled.
const GAPS: usize = 600;
/// Meta refuses an empty parameter.
const NOTHING: &str = "-";

/// Each parameter on one line, without runs of space, within its share of the body.
pub(super) fn message(template: &Template, words: &Renderer<'_>) -> Result<Outgoing, LimitError> {
    let share = GAPS / template.parameters.len().max(1);
    let parameters = template.parameters.iter().map(|value| {
        let text = fit(&one_line(&words.value(value)), share);
        if visible(&text) {
            text
        } else {
            NOTHING.to_owned()
        }
    });
    let mut message = outgoing::Template::new(template.name, LANGUAGE, parameters)?;
    for (index, choice) in (0..).zip(&template.choices) {
        message = message.with_quick_reply(index, choice.id())?;
    }
    Ok(Outgoing::Template(message))
}
