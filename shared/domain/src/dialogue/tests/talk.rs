//! One guest's chat with the desk, for tests: what she sends, and what she reads.

use std::{
    collections::BTreeMap,
    pin::pin,
    task::{Context, Poll, Waker},
};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use super::world::{FakeWorld, market};
use crate::{
    dialogue::{
        CabinOfKind, Chat, Choice, Content, Decision, Desk, Entry, Event, FileFate, FileKind,
        KindOfCabin, Menu, Part, Phrase, Rules, Value, decide,
    },
    hours::Hours,
    ids::EntryId,
    understand::Topic,
};

/// Saturday 21 November 2026, 12:00 in Buenos Aires, and so many seconds: somebody answers until 21:00.
pub(in crate::dialogue) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_273_200 + second, 0).unwrap()
}

/// The desk of the fake market.
pub(in crate::dialogue) fn desk() -> Desk {
    let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let market = market();
    Desk {
        name: "Los Aromos".to_owned(),
        hours: Hours {
            zone: chrono_tz::America::Argentina::Buenos_Aires,
            from: clock(9),
            until: clock(21),
        },
        check_in_from: clock(14),
        check_out_until: clock(10),
        texts: Topic::ALL
            .into_iter()
            .map(|topic| (topic.key().to_owned(), format!("text of {}", topic.key())))
            .chain([("transfer".to_owned(), "alias: los.aromos".to_owned())])
            .collect(),
        kinds: market
            .kinds
            .iter()
            .map(|kind| KindOfCabin {
                id: kind.id,
                name: kind.name.clone(),
                description: String::new(),
                capacity: kind.capacity,
                photos: vec![format!("https://example.org/{}", kind.name)],
                texts: BTreeMap::new(),
                cabins: kind
                    .cabins
                    .iter()
                    .map(|cabin| CabinOfKind {
                        id: cabin.id,
                        name: cabin.name.clone(),
                        texts: BTreeMap::new(),
                    })
                    .collect(),
            })
            .collect(),
        holidays: BTreeMap::new(),
        mercadopago: false,
    }
}

/// See the module.
pub(in crate::dialogue) struct Talk {
    pub(in crate::dialogue) world: FakeWorld,
    pub(in crate::dialogue) desk: Desk,
    pub(in crate::dialogue) rules: Rules,
    pub(in crate::dialogue) chat: Chat,
    pub(in crate::dialogue) now: DateTime<Utc>,
    entries: u128,
}

impl Talk {
    pub(in crate::dialogue) fn new() -> Self {
        Self {
            world: FakeWorld::new(at(0)),
            desk: desk(),
            rules: Rules::default(),
            chat: Chat::default(),
            now: at(0),
            entries: 0,
        }
    }

    /// Time goes by.
    pub(in crate::dialogue) fn later(&mut self, by: TimeDelta) -> &mut Self {
        self.now += by;
        self
    }

    pub(in crate::dialogue) fn entry(&mut self, content: Content) -> Entry {
        self.entries += 1;
        Entry {
            id: EntryId::from(Uuid::from_u128(self.entries)),
            at: self.now,
            provider_id: Some(format!("wamid.{}", self.entries)),
            content,
            file: FileFate::Kept,
        }
    }

    /// One turn over these, ten seconds after the last.
    pub(in crate::dialogue) fn turn(&mut self, contents: Vec<Content>) -> Decision {
        self.now += TimeDelta::seconds(10);
        let entries: Vec<Entry> = contents.into_iter().map(|it| self.entry(it)).collect();
        self.decide(&entries)
    }

    pub(in crate::dialogue) fn decide(&mut self, entries: &[Entry]) -> Decision {
        self.world.now = self.now;
        let newest = entries.iter().filter(|it| !it.content.is_ours());
        self.chat.last_guest_at = newest.map(|it| it.at).max().max(self.chat.last_guest_at);
        let decision = ready(decide(
            &self.chat,
            entries,
            &self.desk,
            &self.rules,
            self.now,
            &mut self.world,
        ));
        let Ok(decision) = decision;
        self.chat = decision.chat.clone();
        decision
    }

    pub(in crate::dialogue) fn says(&mut self, text: &str) -> Decision {
        self.turn(vec![text_of(text)])
    }

    /// Several messages, answered as one turn.
    pub(in crate::dialogue) fn burst(&mut self, texts: &[&str]) -> Decision {
        self.turn(texts.iter().map(|text| text_of(text)).collect())
    }

    pub(in crate::dialogue) fn taps(&mut self, choice: &Choice) -> Decision {
        self.turn(vec![tap_of(choice)])
    }

    pub(in crate::dialogue) fn photo(&mut self) -> Decision {
        self.turn(vec![Content::File {
            file: FileKind::Image,
            caption: None,
        }])
    }

    pub(in crate::dialogue) fn event(&mut self, event: Event) -> Decision {
        self.turn(vec![Content::Event { event }])
    }
}

pub(in crate::dialogue) fn text_of(text: &str) -> Content {
    Content::Text {
        text: text.to_owned(),
    }
}

pub(in crate::dialogue) fn tap_of(choice: &Choice) -> Content {
    Content::Tap {
        id: choice.id(),
        title: "algo".to_owned(),
    }
}

/// The world in memory is always ready, and so are turns over it; also checks that workers may move them.
fn ready<F: Future + Send>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("the world in memory waits for nothing"),
    }
}

/// The keys of what is said, in order; the owner's words are `words`.
pub(in crate::dialogue) fn keys(decision: &Decision) -> Vec<&'static str> {
    let parts = decision.reply.iter().flat_map(|reply| &reply.parts);
    parts
        .map(|part| match part {
            Part::Say(phrase) => phrase.key,
            Part::Words(_) => "words",
        })
        .collect()
}

/// Whether this is among what is said.
pub(in crate::dialogue) fn says(decision: &Decision, key: &str) -> bool {
    keys(decision).contains(&key)
}

/// What can be tapped, in order.
pub(in crate::dialogue) fn choices(decision: &Decision) -> Vec<Choice> {
    match decision.reply.as_ref().map(|reply| &reply.menu) {
        Some(Menu::Buttons(buttons)) => buttons.iter().map(|it| it.choice.clone()).collect(),
        Some(Menu::List { rows, .. }) => rows.iter().map(|it| it.choice.clone()).collect(),
        Some(Menu::None) | None => Vec::new(),
    }
}

/// The value of that name in the phrase of that key.
pub(in crate::dialogue) fn value(decision: &Decision, key: &str, name: &str) -> Option<Value> {
    let parts = &decision.reply.as_ref()?.parts;
    let phrase = parts.iter().find_map(|part| match part {
        Part::Say(phrase) if phrase.key == key => Some(phrase),
        _ => None,
    })?;
    of(phrase, name)
}

fn of(phrase: &Phrase, name: &str) -> Option<Value> {
    let values = phrase.values.iter();
    let mut values = values.filter(|(its, _)| *its == name);
    values.next().map(|(_, value)| value.clone())
}

/// The button that books.
pub(in crate::dialogue) fn hold_of(decision: &Decision) -> Choice {
    let mut choices = choices(decision).into_iter();
    choices
        .find(|choice| matches!(choice, Choice::Hold(_)))
        .unwrap_or_else(|| panic!("nothing to book in {decision:#?}"))
}

/// Everything a reader could see of the world's data, for tests that look for what must not be there.
pub(in crate::dialogue) fn in_full(decision: &Decision) -> String {
    format!("{:?}", decision.reply)
}
