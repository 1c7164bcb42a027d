//! A turn in the making: what every part of the dialogue reads and adds to.

use chrono::{DateTime, Utc};

use crate::mode::Mode;

use super::{
    Attention, Button, Chat, Choice, Decision, Desk, Entry, Menu, Part, Phrase, Reply, Rules,
    Verdict, World,
};

/// See the module.
pub(super) struct Turn<'a, W> {
    pub(super) chat: Chat,
    pub(super) desk: &'a Desk,
    pub(super) rules: &'a Rules,
    pub(super) now: DateTime<Utc>,
    pub(super) world: &'a mut W,
    pub(super) reply: Reply,
    pub(super) attention: Vec<Attention>,
}

impl<'a, W: World> Turn<'a, W> {
    pub(super) fn new(
        chat: Chat,
        desk: &'a Desk,
        rules: &'a Rules,
        now: DateTime<Utc>,
        world: &'a mut W,
    ) -> Self {
        Self {
            chat,
            desk,
            rules,
            now,
            world,
            reply: Reply::default(),
            attention: Vec::new(),
        }
    }

    /// Adds a paragraph.
    pub(super) fn say(&mut self, phrase: Phrase) {
        self.reply.parts.push(Part::Say(phrase));
    }

    /// Adds a paragraph in the owner's words.
    pub(super) fn words(&mut self, words: &str) {
        self.reply.parts.push(Part::Words(words.to_owned()));
    }

    /// Offers a button, if there is room for it.
    pub(super) fn button(&mut self, choice: Choice, title: &'static str) {
        let button = Button {
            choice,
            title: Phrase::new(title),
        };
        match &mut self.reply.menu {
            Menu::Buttons(buttons) => buttons.push(button),
            Menu::None => self.reply.menu = Menu::Buttons(vec![button]),
            Menu::List { .. } => {}
        }
    }

    /// Hands the chat to a person, and says when she answers: once per promise.
    pub(super) fn person(&mut self, in_words: bool) {
        let promise = self.desk.hours.promise(self.now);
        self.attention.push(Attention {
            kind: Attention::WAITING,
            about: None,
            deadline: promise.deadline,
            detail: Vec::new(),
            actions: &[],
        });
        let _ = in_words;
        self.chat.mode = Mode::Waiting;
        self.chat.slots.promised_at = Some(self.now);
        self.chat.slots.promise_ends = Some(promise.ends);
        self.say(Phrase::new("person-will-answer"));
    }

    /// The decision.
    pub(super) fn close(mut self, newest: &Entry) -> Decision {
        let said = !self.reply.parts.is_empty();
        self.reply.cause = Some(newest.id);
        Decision {
            chat: self.chat,
            verdict: if said {
                Verdict::Replied
            } else {
                Verdict::NoAnswerNeeded
            },
            reply: said.then_some(self.reply),
            attention: self.attention,
        }
    }
}
