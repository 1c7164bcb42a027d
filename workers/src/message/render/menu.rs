//! What can be tapped.

use std::collections::HashSet;

use posta_domain::dialogue::{Menu, Phrase};
use posta_providers::whatsapp::{
    limits::{
        BUTTON_TITLE, BUTTONS, LIST_BUTTON, LimitError, ROW_DESCRIPTION, ROW_TITLE, ROWS, units,
    },
    outgoing::{Row, fit},
};
use posta_texts::Renderer;

use super::body::visible;

/// One option as it is shown.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) id: String,
    pub(super) title: String,
    description: Option<String>,
}

/// All of them, within the limits, no two alike.
pub(super) enum Options {
    None,
    Buttons(Vec<Shown>),
    List { open: String, rows: Vec<Shown> },
}

impl Options {
    /// More than three buttons become a list.
    pub(super) fn of(menu: &Menu, words: &Renderer<'_>) -> Self {
        match menu {
            Menu::None => Self::None,
            Menu::Buttons(buttons) => {
                let all = buttons
                    .iter()
                    .map(|button| (button.choice.id(), &button.title, None));
                let all: Vec<_> = all.collect();
                let shown = shown(&all, BUTTON_TITLE, words);
                match shown.len() {
                    0 => Self::None,
                    1..=BUTTONS => Self::Buttons(shown),
                    _ => Self::List {
                        open: words.say("list-open"),
                        rows: shown,
                    },
                }
            }
            Menu::List { open, rows } => {
                let all: Vec<_> = rows
                    .iter()
                    .map(|row| (row.choice.id(), &row.title, row.description.as_ref()))
                    .collect();
                let rows = shown(&all, ROW_TITLE, words);
                if rows.is_empty() {
                    return Self::None;
                }
                let open = one_line(&words.phrase(open));
                let open = if visible(&open) {
                    fit(&open, LIST_BUTTON)
                } else {
                    words.say("list-open")
                };
                Self::List { open, rows }
            }
        }
    }

    /// The text with the options below it, for people who read the thread.
    pub(super) fn below(&self, text: &str) -> String {
        let lines: Vec<String> = match self {
            Self::None => Vec::new(),
            Self::Buttons(buttons) => {
                let titles: Vec<_> = buttons
                    .iter()
                    .map(|one| format!("[{}]", one.title))
                    .collect();
                vec![titles.join(" ")]
            }
            Self::List { rows, .. } => rows
                .iter()
                .map(|row| match &row.description {
                    Some(description) => format!("• {}: {description}", row.title),
                    None => format!("• {}", row.title),
                })
                .collect(),
        };
        match (text.is_empty(), lines.is_empty()) {
            (_, true) => text.to_owned(),
            (true, false) => lines.join("\n"),
            (false, false) => format!("{text}\n\n{}", lines.join("\n")),
        }
    }
}

impl Shown {
    pub(super) fn into_row(self) -> Result<Row, LimitError> {
        let row = Row::new(self.id, self.title)?;
        match self.description {
            Some(description) => row.with_description(description),
            None => Ok(row),
        }
    }
}

/// The first ten that differ, titles cut to `max` and told apart.
fn shown(
    all: &[(String, &Phrase, Option<&Phrase>)],
    max: usize,
    words: &Renderer<'_>,
) -> Vec<Shown> {
    let mut ids = HashSet::new();
    let mut titles = HashSet::new();
    all.iter()
        .filter(|(id, ..)| ids.insert(id.to_lowercase()))
        .take(ROWS)
        .enumerate()
        .map(|(at, (id, title, description))| {
            let title = one_line(&words.phrase(title));
            let title = if visible(&title) {
                title
            } else {
                words.phrase(
                    &Phrase::new("untitled-option")
                        .with("number", u32::try_from(at + 1).unwrap_or(0)),
                )
            };
            let description = description
                .map(|phrase| fit(&one_line(&words.phrase(phrase)), ROW_DESCRIPTION))
                .filter(|text| visible(text));
            Shown {
                id: id.clone(),
                title: distinct(&title, max, &mut titles),
                description,
            }
        })
        .collect()
}

/// The title cut to `max`, with a number where another one reads the same.
fn distinct(title: &str, max: usize, taken: &mut HashSet<String>) -> String {
    let mut candidate = fit(title, max);
    let mut number = 2;
    while !taken.insert(candidate.trim().to_lowercase()) {
        let suffix = format!(" {number}");
        candidate = fit(title, max - units(&suffix)) + &suffix;
        number += 1;
    }
    candidate
}

/// Titles have one line.
pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
