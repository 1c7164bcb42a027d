//! The templates of ours: what the owner submits to Meta, and what the number may say outside the 24 hours once they are
//! approved.
//!
//! `locales/es-AR/templates.json` is the one place that has their words. It is part of the program, so its form is
//! checked when it is read and Meta's rules by this module's tests. Not known here: whether Meta has approved them.

use std::sync::LazyLock;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// As they are submitted: a list of bodies of the `message_templates` endpoint.
pub const SUBMITTED: &str = include_str!("../../../../locales/es-AR/templates.json");

/// A template as senders need to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Its name.
    pub name: String,
    /// `es_AR`.
    pub language: String,
    /// With its gaps: `{{1}}`.
    pub body: String,
    /// How many gaps.
    pub parameters: usize,
    /// What its quick replies read.
    pub buttons: Vec<String>,
}

#[derive(Deserialize)]
struct Form {
    name: String,
    language: String,
    components: Vec<Component>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "UPPERCASE")]
enum Component {
    Body { text: String },
    Buttons { buttons: Vec<Reply> },
}

#[derive(Deserialize)]
struct Reply {
    text: String,
}

/// All of them, in the file's order.
pub fn registered() -> &'static [Registered] {
    static ALL: LazyLock<Vec<Registered>> = LazyLock::new(|| {
        let forms: Vec<Form> = compiled_in();
        forms.into_iter().map(Registered::from).collect()
    });
    &ALL
}

/// The one of this name.
pub fn one(name: &str) -> Option<&'static Registered> {
    registered().iter().find(|template| template.name == name)
}

/// What is submitted, as JSON: a list.
pub fn submitted() -> Value {
    compiled_in()
}

#[expect(
    clippy::expect_used,
    reason = "the file is compiled in, and the tests read it: silence would be worse"
)]
fn compiled_in<T: DeserializeOwned>() -> T {
    serde_json::from_str(SUBMITTED).expect("the templates that were compiled in are JSON")
}

impl Registered {
    /// What the guest reads. Gaps without a value stay as they are.
    pub fn render<P: AsRef<str>>(&self, parameters: &[P]) -> String {
        let mut text = String::new();
        let mut rest = self.body.as_str();
        while let Some((before, gap)) = rest.split_once("{{") {
            let Some((number, after)) = gap.split_once("}}") else {
                break;
            };
            text.push_str(before);
            let value = number.parse().ok().and_then(|n: usize| n.checked_sub(1));
            if let Some(value) = value.and_then(|at| parameters.get(at)) {
                text.push_str(value.as_ref());
            } else {
                text.push_str("{{");
                text.push_str(number);
                text.push_str("}}");
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

impl From<Form> for Registered {
    fn from(form: Form) -> Self {
        let (mut body, mut buttons) = (String::new(), Vec::new());
        for component in form.components {
            match component {
                Component::Body { text } => body = text,
                Component::Buttons { buttons: replies } => {
                    buttons = replies.into_iter().map(|reply| reply.text).collect();
                }
            }
        }
        Self {
            name: form.name,
            language: form.language,
            parameters: gaps(&body).len(),
            body,
            buttons,
        }
    }
}

/// The numbers of the gaps, in order.
fn gaps(body: &str) -> Vec<usize> {
    body.split("{{")
        .skip(1)
        .filter_map(|rest| rest.split_once("}}")?.0.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn units(text: &str) -> usize {
        text.encode_utf16().count()
    }

    #[test]
    fn the_file_can_be_read_and_names_are_there_once() {
        let forms: Vec<Form> = serde_json::from_str(SUBMITTED).unwrap();
        assert_eq!(forms.len(), registered().len());
        let names: BTreeSet<_> = forms.iter().map(|form| form.name.as_str()).collect();
        assert_eq!(names.len(), forms.len());
    }

    #[test]
    fn every_template_keeps_metas_rules() {
        for form in submitted().as_array().unwrap() {
            let name = form["name"].as_str().unwrap();
            let template = one(name).unwrap();
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            assert_eq!(
                (&form["language"], &form["category"]),
                (&"es_AR".into(), &"UTILITY".into()),
                "{name}"
            );
            let body = template.body.as_str();
            assert!(units(body) <= 1024, "{name} is too long");
            // A gap may not begin or end the text, nor touch another one.
            assert!(!body.starts_with("{{") && !body.ends_with("}}"), "{name}");
            let after = body.rsplit_once("}}").unwrap().1;
            assert!(
                after.chars().any(char::is_alphanumeric),
                "{name} ends with a gap"
            );
            assert!(!body.contains("}}{{") && !body.contains("}} {{"), "{name}");
            assert!(!body.contains("\n\n\n") && !body.contains("    "), "{name}");
            let numbers = gaps(body);
            let wanted: Vec<usize> = (1..=numbers.len()).collect();
            assert_eq!(numbers, wanted, "{name}: numbered from 1 on, in order");
            // Meta refuses texts that are all gaps: three words for each are on the safe side.
            let words = body
                .split_whitespace()
                .filter(|w| !w.contains("{{"))
                .count();
            assert!(words > 3 * numbers.len(), "{name} has too few words");
            for button in &template.buttons {
                assert!((1..=25).contains(&units(button)), "{name}: {button}");
            }
            assert!(template.buttons.len() <= 3, "{name}");
            let unlike: BTreeSet<_> = template.buttons.iter().collect();
            assert_eq!(unlike.len(), template.buttons.len(), "{name}");
        }
    }

    #[test]
    fn every_gap_has_an_example_and_the_example_reads_well() {
        for form in submitted().as_array().unwrap() {
            let name = form["name"].as_str().unwrap();
            let template = one(name).unwrap();
            let example = &form["components"][0]["example"]["body_text"][0];
            let example: Vec<&str> = example
                .as_array()
                .unwrap()
                .iter()
                .map(|value| value.as_str().unwrap())
                .collect();
            assert_eq!(example.len(), template.parameters, "{name}");
            let text = template.render(&example);
            assert!(!text.contains("{{") && units(&text) <= 1024, "{text}");
            assert!(!text.contains("  "), "{text}");
        }
    }

    #[test]
    fn a_gap_without_a_value_stays_and_a_value_with_braces_is_only_a_value() {
        let template = one("hold_expired").unwrap();
        let text = template.render(&["{{2}}"]);
        assert!(
            text.contains("reserva {{2}} y las noches {{2}} quedaron"),
            "{text}"
        );
    }
}
