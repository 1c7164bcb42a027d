//! What the guest said in this turn, all messages taken together.

use chrono::{Datelike as _, NaiveDate};

use super::{Content, Entry, FileFate};
use crate::understand::{Context, Understanding, understand};

/// See the module.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each may be among what was sent, all at once"
)]
pub(super) struct Said<'e> {
    /// Everything that is to be answered, oldest first.
    pub(super) entries: &'e [&'e Entry],
    /// The words, one message a line; captions too.
    pub(super) text: String,
    /// What was found in them.
    pub(super) understood: Understanding,
    /// Whether every word was typed as a message: nothing else ever confirms anything.
    pub(super) typed: bool,
    /// A voice note that has no words yet.
    pub(super) voice: bool,
    /// A sticker.
    pub(super) sticker: bool,
    /// The chat was opened.
    pub(super) opened: bool,
    /// Something we cannot read.
    pub(super) unreadable: bool,
    /// A file that is kept.
    pub(super) file: bool,
    /// A file nobody could open.
    pub(super) refused_file: bool,
    /// A known button was tapped: its handler has spoken.
    pub(super) tapped: bool,
}

impl<'e> Said<'e> {
    /// Reads the entries. `month`: the one whose days were just asked for, by its first day.
    pub(super) fn of(
        entries: &'e [&'e Entry],
        context: &Context<'_>,
        month: Option<NaiveDate>,
    ) -> Self {
        let mut said = Self {
            entries,
            text: String::new(),
            understood: Understanding::default(),
            typed: true,
            voice: false,
            sticker: false,
            opened: false,
            unreadable: false,
            file: false,
            refused_file: false,
            tapped: false,
        };
        for entry in entries {
            said.add(entry);
        }
        if said.has_words() {
            said.understood = understand(&said.text, context);
            if let Some(month) = month {
                said.read_within(month, context);
            }
        }
        said
    }

    /// "¿Qué días de enero?" "La primera quincena": of that month, although another one comes first. Days that were said
    /// with their month, or by where they lie from today, stay what they are.
    fn read_within(&mut self, month: NaiveDate, context: &Context<'_>) {
        let from_today = ["hoy", "mañana", "manana", "este", "esta"];
        if month <= context.today || from_today.iter().any(|word| self.speaks_of(word)) {
            return;
        }
        let then = understand(
            &self.text,
            &Context {
                today: month,
                ..*context
            },
        );
        let same_month =
            |day: NaiveDate| (day.year(), day.month()) == (month.year(), month.month());
        if then.check_in.or(then.check_out).is_some_and(same_month) {
            self.understood = then;
        }
    }

    fn add(&mut self, entry: &Entry) {
        match &entry.content {
            Content::Text { text } | Content::Edit { text, .. } => self.line(text),
            Content::Tap { id, title } => {
                if super::Choice::of_id(id).is_some() {
                    self.tapped = true;
                } else {
                    // A button of another time or program: what it read is what was asked, and an order it is not.
                    self.typed = false;
                    self.line(title);
                }
            }
            Content::File { caption, .. } => {
                match entry.file {
                    FileFate::Kept => self.file = true,
                    FileFate::Refused => self.refused_file = true,
                }
                if let Some(caption) = caption {
                    self.typed = false;
                    self.line(caption);
                }
            }
            Content::Voice => self.voice = true,
            Content::Sticker => self.sticker = true,
            Content::Welcome => self.opened = true,
            Content::Unreadable { .. } => self.unreadable = true,
            Content::Revoke { .. }
            | Content::Person
            | Content::Released
            | Content::Muted { .. }
            | Content::Event { .. } => {}
        }
    }

    fn line(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
    }

    /// Whether anything was written at all.
    pub(super) fn has_words(&self) -> bool {
        !self.text.trim().is_empty()
    }
}
