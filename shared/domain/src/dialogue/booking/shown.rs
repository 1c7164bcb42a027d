//! Several things to choose from: lines to read, rows or buttons to tap, and the order that "la 2" counts in.

use crate::{
    availability::{Offer, Together},
    dialogue::{Button, Choice, Menu, Offered, Phrase, Row, State, Value, World, turn::Turn},
    nights::Period,
    understand::Asked,
};

/// The provider shows at most so many rows.
const MOST_ROWS: usize = 10;
/// And so many buttons.
const MOST_BUTTONS: usize = 3;

/// One thing to choose.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// What can be pointed at.
    pub(super) offered: Offered,
    /// The names of its kinds.
    pub(super) names: Vec<String>,
    /// Guests at most, where it is one cabin.
    pub(super) capacity: Option<u32>,
}

impl From<&Offer> for Item {
    fn from(offer: &Offer) -> Self {
        Self {
            offered: Offered {
                kinds: vec![offer.unit_type],
                check_in: offer.period.check_in(),
                check_out: offer.period.check_out(),
                charge: offer.price.charge,
            },
            names: vec![offer.unit_type_name.clone()],
            capacity: Some(offer.capacity),
        }
    }
}

impl From<&Together> for Item {
    fn from(together: &Together) -> Self {
        Self {
            offered: Offered {
                kinds: together.halves.iter().map(|half| half.unit_type).collect(),
                check_in: together.period.check_in(),
                check_out: together.period.check_out(),
                charge: together.price.charge,
            },
            names: together
                .halves
                .iter()
                .map(|half| half.unit_type_name.clone())
                .collect(),
            capacity: None,
        }
    }
}

/// "Cabaña del Lago y Cabaña del Bosque", "2 × Cabaña del Lago".
pub(super) fn name(names: &[String]) -> Value {
    match names {
        [one] => one.as_str().into(),
        [one, other] if one == other => Phrase::new("two-alike").with("name", one.as_str()).into(),
        many => Value::List(many.iter().map(|name| name.as_str().into()).collect()),
    }
}

/// What a tap on it means.
pub(super) fn choice(offered: &Offered) -> Choice {
    Choice::Option {
        kinds: offered.kinds.clone(),
        check_in: offered.check_in,
        check_out: offered.check_out,
    }
}

/// Shows the items, numbered, and leaves the guest to choose; with their nights, where they are not all those that were
/// asked for. `extra` are buttons beside them.
pub(super) fn show<W: World>(
    turn: &mut Turn<'_, W>,
    asked: Period,
    mut items: Vec<Item>,
    extra: Vec<Button>,
) {
    let left_out = items.len() > MOST_ROWS;
    items.truncate(MOST_ROWS);
    let same_nights = items.iter().all(|item| nights(item) == Some(asked));
    let lines: Vec<Phrase> = (1_u32..)
        .zip(&items)
        .map(|(n, item)| line(turn, n, item, same_nights))
        .collect();
    turn.say(Phrase::new("options").with("lines", lines));
    if left_out {
        turn.say(Phrase::new("options-more"));
    }
    turn.chat.slots.offered = items.iter().map(|item| item.offered.clone()).collect();
    turn.chat.slots.quote = None;
    if items.len() == 1 {
        turn.ask(
            State::Options,
            Asked::YesOrNo,
            Phrase::new("ask-option-one"),
        );
    } else {
        turn.ask(State::Options, Asked::Option, Phrase::new("ask-option"));
    }
    menu(turn, &items, extra, same_nights);
}

fn menu<W: World>(turn: &mut Turn<'_, W>, items: &[Item], extra: Vec<Button>, same_nights: bool) {
    let numbered = (1_u32..).zip(items);
    let only = items.len() == 1;
    // Pairs of cabins are told apart by their rows' second lines.
    let pairs = !only && items.iter().any(|item| item.names.len() > 1);
    if !pairs && items.len() + extra.len() <= MOST_BUTTONS {
        let own = numbered.map(|(_, item)| Button {
            choice: choice(&item.offered),
            title: title(item, same_nights, only),
        });
        turn.reply.menu = Menu::Buttons(own.chain(extra).collect());
        return;
    }
    let mut rows: Vec<Row> = numbered
        .map(|(n, item)| Row {
            choice: choice(&item.offered),
            title: Phrase::new("row-title")
                .with("n", n)
                .with("name", title(item, same_nights, false)),
            description: Some(description(item, same_nights)),
        })
        .collect();
    let room = MOST_ROWS.saturating_sub(rows.len());
    rows.extend(extra.into_iter().take(room).map(|button| Row {
        choice: button.choice,
        title: button.title,
        description: None,
    }));
    turn.list(Phrase::new("options-open"), rows);
}

fn nights(item: &Item) -> Option<Period> {
    Period::new(item.offered.check_in, item.offered.check_out).ok()
}

fn line<W: World>(turn: &Turn<'_, W>, n: u32, item: &Item, same_nights: bool) -> Phrase {
    let named = |key| {
        Phrase::new(key)
            .with("n", n)
            .with("name", name(&item.names))
            .with("price", item.offered.charge)
    };
    if let (false, Some(period)) = (same_nights, nights(item)) {
        return named("option-other-nights").with("period", period);
    }
    let photo = match item.offered.kinds.as_slice() {
        [kind] => turn.kind(*kind).and_then(|kind| kind.photos.first()),
        _ => None,
    };
    match (item.capacity, photo) {
        (Some(capacity), Some(photo)) => named("option-with-photos")
            .with("capacity", capacity)
            .with("photos", photo.as_str()),
        (Some(capacity), None) => named("option").with("capacity", capacity),
        (None, _) => named("option-together"),
    }
}

fn title(item: &Item, same_nights: bool, only: bool) -> Phrase {
    if same_nights && item.names.len() > 1 && only {
        // Two names are too long for a button.
        Phrase::new("button-both")
    } else if same_nights {
        Phrase::new("name-of").with("name", name(&item.names))
    } else {
        super::readings::short(item.offered.check_in, item.offered.check_out)
    }
}

fn description(item: &Item, same_nights: bool) -> Phrase {
    if same_nights && item.names.len() < 2 {
        Phrase::new("row-price").with("price", item.offered.charge)
    } else {
        Phrase::new("row-name-price")
            .with("name", name(&item.names))
            .with("price", item.offered.charge)
    }
}

/// What was shown last, once more.
pub(super) fn again<W: World>(turn: &mut Turn<'_, W>) {
    let items: Vec<Item> = turn
        .chat
        .slots
        .offered
        .iter()
        .map(|offered| {
            let kinds = offered.kinds.iter().filter_map(|kind| turn.kind(*kind));
            let names = kinds.map(|kind| kind.name.clone()).collect();
            let capacity = match offered.kinds.as_slice() {
                [kind] => turn.kind(*kind).map(|kind| kind.capacity),
                _ => None,
            };
            Item {
                offered: offered.clone(),
                names,
                capacity,
            }
        })
        .filter(|item| item.names.len() == item.offered.kinds.len())
        .collect();
    if items.is_empty() {
        super::missing::ask_dates(turn);
    } else {
        let slots = &turn.chat.slots;
        let asked = slots.check_in.zip(slots.check_out);
        let asked = asked.and_then(|(from, until)| Period::new(from, until).ok());
        let same_nights = items.iter().all(|item| nights(item) == asked);
        turn.ask(State::Options, Asked::Option, Phrase::new("ask-option"));
        menu(turn, &items, Vec::new(), same_nights);
    }
}
