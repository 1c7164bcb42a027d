//! A turn in the making: what every part of the dialogue reads and adds to.
//!
//! At most one question is open when it ends: [`Turn::ask`] replaces what was asked before in the same turn, and comes
//! last in the bubble. So a tap on "other dates" together with the dates asks for nothing that was just said.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{
    Attention, Button, Chat, Choice, Decision, Desk, Entry, KindOfCabin, Menu, Part, Phrase, Reply,
    Row, Rules, State, Verdict, World,
};
use crate::{
    ids::UnitTypeId,
    understand::{Asked, Context, Dates},
};

/// The provider takes no answer from then on; a little before, for the way there.
const WINDOW_MARGIN: TimeDelta = TimeDelta::minutes(5);

/// See the module.
pub(super) struct Turn<'a, W> {
    pub(super) chat: Chat,
    pub(super) desk: &'a Desk,
    pub(super) rules: &'a Rules,
    pub(super) now: DateTime<Utc>,
    pub(super) world: &'a mut W,
    pub(super) reply: Reply,
    pub(super) attention: Vec<Attention>,
    /// Names of cabins and of their kinds.
    pub(super) names: &'a [String],
    /// Other ways to read the dates of this turn's words.
    pub(super) readings: Vec<Dates>,
    /// Whether a greeting is in the reply already.
    pub(super) greeted: bool,
    question: Option<Phrase>,
    /// Whether this turn said where the dialogue stands now.
    stood: bool,
}

impl<'a, W: World> Turn<'a, W> {
    pub(super) fn new(
        chat: Chat,
        desk: &'a Desk,
        names: &'a [String],
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
            names,
            readings: Vec::new(),
            greeted: false,
            question: None,
            stood: false,
        }
    }

    /// Today at the property.
    pub(super) fn today(&self) -> NaiveDate {
        self.desk.today(self.now)
    }

    /// What has to be known to understand the guest.
    pub(super) fn context(&self) -> Context<'a> {
        Context {
            today: self.today(),
            holidays: &self.desk.holidays,
            asked: self.chat.slots.asked,
            check_in: self.chat.slots.check_in,
            names: self.names,
        }
    }

    /// Whether the provider still takes a message that is no template.
    pub(super) fn window_open(&self) -> bool {
        self.chat
            .last_guest_at
            .is_none_or(|at| self.now - at < self.rules.session - WINDOW_MARGIN)
    }

    /// A kind of cabin of the property.
    pub(super) fn kind(&self, id: UnitTypeId) -> Option<&'a KindOfCabin> {
        self.desk.kinds.iter().find(|kind| kind.id == id)
    }

    /// Adds a paragraph.
    pub(super) fn say(&mut self, phrase: Phrase) {
        self.reply.parts.push(Part::Say(phrase));
    }

    /// Adds a paragraph in the owner's words.
    pub(super) fn words(&mut self, words: &str) {
        self.reply.parts.push(Part::Words(words.to_owned()));
    }

    /// Adds a paragraph that is not there yet. Whether it was not.
    pub(super) fn once(&mut self, part: Part) -> bool {
        let new = !self.reply.parts.contains(&part);
        if new {
            self.reply.parts.push(part);
        }
        new
    }

    /// Whether there is something to be said.
    pub(super) const fn has_spoken(&self) -> bool {
        !self.reply.parts.is_empty() || self.question.is_some()
    }

    /// Asks one thing, at the end of the bubble, instead of what was asked before in this turn.
    pub(super) fn ask(&mut self, state: State, asked: Asked, question: Phrase) {
        self.stood = true;
        self.chat.state = state;
        self.chat.slots.asked = Some(asked);
        self.question = Some(question);
        self.reply.menu = Menu::None;
    }

    /// Leaves the dialogue in a state in which nothing but what the state says is asked.
    pub(super) fn stand(&mut self, state: State, asked: Option<Asked>) {
        self.stood = true;
        self.chat.state = state;
        self.chat.slots.asked = asked;
        self.question = None;
    }

    /// Offers a button, once; a list gives way to it.
    pub(super) fn button(&mut self, choice: Choice, title: Phrase) {
        let button = Button { choice, title };
        match &mut self.reply.menu {
            Menu::Buttons(buttons) => {
                if buttons.iter().all(|other| other.choice != button.choice) {
                    buttons.push(button);
                }
            }
            menu @ (Menu::None | Menu::List { .. }) => *menu = Menu::Buttons(vec![button]),
        }
    }

    /// Offers these rows, instead of what was offered before in this turn.
    pub(super) fn list(&mut self, open: Phrase, rows: Vec<Row>) {
        self.reply.menu = Menu::List { open, rows };
    }

    /// Offers nothing: what was offered before in this turn is replaced by what comes now.
    pub(super) fn clear_menu(&mut self) {
        self.reply.menu = Menu::None;
    }

    /// The decision. `answered`: the guest's newest entry, if some of hers were answered.
    pub(super) fn close(mut self, answered: Option<&Entry>, otherwise: Verdict) -> Decision {
        if let Some(question) = self.question.take() {
            self.say(question);
        }
        let said = !self.reply.parts.is_empty();
        if said && !self.stood && self.chat.state.expects_a_yes() {
            // Something else was said last: a "dale" to that is no yes to what was asked before.
            self.chat.state = State::Menu;
            self.chat.slots.asked = None;
        }
        if said
            && let Some(newest) = answered
            && self.now - newest.at >= self.rules.sorry_after
        {
            let sorry = Part::Say(Phrase::new("sorry-for-the-wait"));
            self.reply.parts.insert(0, sorry);
        }
        if let Some(newest) = answered {
            self.reply.cause = Some(newest.id);
        }
        Decision {
            chat: self.chat,
            verdict: if said { Verdict::Replied } else { otherwise },
            reply: said.then_some(self.reply),
            attention: self.attention,
        }
    }
}
