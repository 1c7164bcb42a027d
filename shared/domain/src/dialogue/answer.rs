//! The answer to what a guest said, in a chat that is the bot's to answer.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    mode::Mode,
    understand::{self, Topic},
};

use super::{
    Attention, Chat, Choice, Content, Decision, Desk, Entry, FileFate, Part, Reply, State, Verdict,
};

/// A menu shown again within this time is a loop (often another machine greeting ours), not a greeting.
const MENU_AGAIN: TimeDelta = TimeDelta::minutes(10);
/// So many misunderstandings in a row hand the chat to a person.
const PATIENCE: i32 = 2;
/// The provider shows at most three buttons.
const MOST_CHOICES: usize = 3;

/// Everything the open entries ask for, taken together.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a thing that may or may not have been asked, all at once"
)]
struct Asked {
    topics: Vec<Topic>,
    greeting: bool,
    general: bool,
    human: bool,
    thanks: bool,
    nod: bool,
    other: bool,
    file: bool,
    refused_file: bool,
    voice: bool,
    unreadable: bool,
    blank: bool,
}

impl Asked {
    fn of(open: &[&Entry]) -> Self {
        let mut asked = Self::default();
        for entry in open {
            match &entry.content {
                Content::Text { text } | Content::Edit { text, .. } => asked.read(text),
                Content::Tap { id, title } => match Choice::of_id(id) {
                    Some(Choice::Topic(topic)) => asked.topics.push(topic),
                    Some(Choice::Human) => asked.human = true,
                    // A button of another time or program: what it read is what was asked.
                    None => asked.read(title),
                },
                Content::File { caption, .. } => {
                    match entry.file {
                        FileFate::Refused => asked.refused_file = true,
                        FileFate::Kept => asked.file = true,
                    }
                    if let Some(caption) = caption {
                        // Words beside a file describe it; only what we can answer by ourselves is taken from them.
                        let reading = understand::read(caption);
                        asked.topics.extend(reading.topics);
                        asked.greeting |= reading.greeting;
                        asked.human |= reading.human;
                    }
                }
                Content::Voice => asked.voice = true,
                Content::Sticker => asked.nod = true,
                Content::Welcome => asked.general = true,
                Content::Unreadable { .. } => asked.unreadable = true,
                Content::Revoke { .. } | Content::Person | Content::Released => {}
            }
        }
        asked.topics.sort_unstable();
        asked.topics.dedup();
        asked
    }

    fn read(&mut self, text: &str) {
        let reading = understand::read(text);
        self.blank |= reading.is_blank();
        self.topics.extend(reading.topics);
        self.greeting |= reading.greeting;
        self.general |= reading.general;
        self.human |= reading.human;
        self.thanks |= reading.thanks;
        self.nod |= reading.nod;
        self.other |= reading.other;
    }

    /// The question that could not be understood, if nothing else was.
    fn confusion(&self) -> Option<Part> {
        if self.voice {
            Some(Part::PleaseType)
        } else if self.unreadable {
            Some(Part::PleaseWrite)
        } else if self.blank {
            Some(Part::WhatDoYouNeed)
        } else {
            None
        }
    }
}

/// Answers the entries, which are not empty.
pub(super) fn answer(chat: Chat, open: &[&Entry], desk: &Desk, now: DateTime<Utc>) -> Decision {
    let asked = Asked::of(open);
    let mut turn = Turn {
        chat,
        desk,
        now,
        reply: Reply::default(),
        attention: None,
    };
    turn.topics(&asked);
    if asked.refused_file {
        turn.say(Part::FileRefused);
    }
    let unanswerable = asked
        .topics
        .iter()
        .any(|topic| !desk.topics.contains_key(topic));
    let for_a_person = asked.human || asked.other || asked.file || unanswerable;
    if for_a_person {
        turn.person(asked.human, asked.file && !asked.other && !asked.human);
    } else if turn.reply.parts.is_empty() || asked.voice || asked.unreadable {
        turn.small(&asked);
    }
    turn.close(&asked)
}

/// A turn in the making.
struct Turn<'a> {
    chat: Chat,
    desk: &'a Desk,
    now: DateTime<Utc>,
    reply: Reply,
    attention: Option<Attention>,
}

impl Turn<'_> {
    fn say(&mut self, part: Part) {
        self.reply.parts.push(part);
    }

    fn topics(&mut self, asked: &Asked) {
        for topic in &asked.topics {
            if let Some(text) = self.desk.topics.get(topic) {
                self.reply.parts.push(Part::Owner(*topic, text.clone()));
                self.chat.misunderstandings = 0;
            }
        }
    }

    /// Somebody of ours has to answer. She is told each time, the guest once per promise; who asks for a person again
    /// in so many words hears it again, but not at every word.
    fn person(&mut self, in_words: bool, only_a_file: bool) {
        let promise = self.desk.hours.promise(self.now);
        let kept = self
            .chat
            .slots
            .promise_ends
            .is_some_and(|ends| ends > self.now);
        let recent = self
            .chat
            .slots
            .promised_at
            .is_some_and(|at| self.now - at < MENU_AGAIN);
        let silent = self.chat.mode == Mode::Waiting && kept && (recent || !in_words);
        self.attention = Some(Attention {
            kind: Attention::WAITING,
            deadline: promise.deadline,
        });
        self.chat.mode = Mode::Waiting;
        self.chat.misunderstandings = 0;
        if silent {
            return;
        }
        self.chat.slots.promised_at = Some(self.now);
        self.chat.slots.promise_ends = Some(promise.ends);
        self.say(if only_a_file {
            Part::PersonWillLook(promise.when)
        } else {
            Part::PersonWillAnswer(promise.when)
        });
    }

    /// Nothing a person has to see to: greetings, thanks, and what could not be understood.
    fn small(&mut self, asked: &Asked) {
        let waiting = self.chat.mode == Mode::Waiting;
        if let Some(part) = asked.confusion() {
            return self.confused(part);
        }
        if asked.greeting
            || asked.general
            || (asked.nod && !asked.thanks && self.chat.state == State::Start && !waiting)
        {
            if waiting {
                // "¿Hola?" of somebody who was promised a person: she hears it again, but not at every word.
                return self.person(true, false);
            }
            if self
                .chat
                .slots
                .menu_at
                .is_some_and(|at| self.now - at < MENU_AGAIN)
            {
                return self.confused(Part::WhatDoYouNeed);
            }
            self.chat.slots.menu_at = Some(self.now);
            self.chat.state = State::Menu;
            self.chat.misunderstandings = 0;
            self.say(Part::Welcome(self.desk.welcome.clone()));
        } else if asked.thanks && self.chat.state != State::Thanked {
            self.chat.state = State::Thanked;
            self.say(Part::Courtesy);
        }
    }

    fn confused(&mut self, part: Part) {
        self.chat.misunderstandings = self.chat.misunderstandings.saturating_add(1);
        if self.chat.mode == Mode::Waiting || self.chat.misunderstandings >= PATIENCE {
            self.person(false, false);
        } else {
            self.say(part);
        }
    }

    fn close(mut self, asked: &Asked) -> Decision {
        if self.reply.parts.is_empty() {
            return Decision {
                verdict: Verdict::NoAnswerNeeded,
                chat: self.chat,
                reply: None,
                attention: self.attention,
            };
        }
        let courtesy_only = matches!(self.reply.parts.as_slice(), [Part::Courtesy]);
        let welcomes = self
            .reply
            .parts
            .iter()
            .any(|part| matches!(part, Part::Welcome(_)));
        let promises = self
            .reply
            .parts
            .iter()
            .any(|part| matches!(part, Part::PersonWillAnswer(_) | Part::PersonWillLook(_)));
        if asked.greeting && !welcomes && !courtesy_only && self.chat.state == State::Start {
            self.reply.parts.insert(0, Part::Hello);
        }
        if !courtesy_only {
            self.chat.state = State::Menu;
            self.reply.choices = self.choices(asked, promises);
            if promises && !self.reply.choices.is_empty() {
                self.say(Part::Meanwhile);
            }
        }
        Decision {
            verdict: Verdict::Replied,
            chat: self.chat,
            reply: Some(self.reply),
            attention: self.attention,
        }
    }

    /// Questions not just answered, and a person as the way out unless one has been promised.
    fn choices(&self, asked: &Asked, promises: bool) -> Vec<Choice> {
        let mut choices: Vec<Choice> = Topic::ALL
            .into_iter()
            .filter(|topic| self.desk.topics.contains_key(topic) && !asked.topics.contains(topic))
            .map(Choice::Topic)
            .collect();
        if !promises && self.chat.mode != Mode::Waiting && choices.len() < MOST_CHOICES {
            choices.push(Choice::Human);
        }
        choices.truncate(MOST_CHOICES);
        choices
    }
}
