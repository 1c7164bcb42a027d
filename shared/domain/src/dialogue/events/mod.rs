//! What happened to a guest's bookings, said in her chat.
//!
//! Guaranteed: what is no longer true is not said (a hold that was paid meanwhile is not reminded of); of several things
//! that happened to one booking the one that matters most is said, and what goes back of its money beside it; outside the provider's 24 hours one approved template goes out, and
//! what does not fit into it is a person's to tell; who wants no messages of ours hears of her bookings' confirmation,
//! change and end all the same. A chat that a person has gets no buttons: nobody would answer them.

mod follow;
mod money;
mod news;
mod offer;
mod template;

use chrono::{DateTime, Utc};

use self::{follow::Follow, news::News};
use super::{
    Attention, Button, Content, Entry, Event, Menu, Part, State, Template, World, turn::Turn,
};
use crate::{
    ids::{QuoteId, ReservationId},
    mode::Mode,
};

/// What an event is about: of several about the same, one is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About<'e> {
    /// How a booking stands.
    Booking(ReservationId),
    /// A sum that goes or went back, told beside how the booking stands.
    Back(&'e Event),
    Offer(Option<QuoteId>),
}

/// What is still to be done about what was told, once the guest's own messages of the turn have been answered: they were
/// written before she read it, and answer what was asked before.
#[derive(Default)]
#[must_use]
pub(super) struct Told {
    booking: Option<ReservationId>,
    follow: Vec<Follow>,
    any: bool,
}

/// Says it; as a template where the 24 hours are over.
pub(super) async fn tell<W: World>(
    turn: &mut Turn<'_, W>,
    events: &[&Entry],
) -> Result<Told, W::Error> {
    let mut news = worth_telling(turn, events).await?;
    let mut told = Told::default();
    if turn.window_open() {
        for (entry, one) in news {
            say(turn, entry, one, &mut told);
        }
        return Ok(told);
    }
    news.sort_by_key(|(_, one)| one.weight);
    let rest = news.split_off(news.len().min(1));
    if let Some((entry, one)) = news.pop() {
        outside(turn, entry, one, &mut told);
    }
    if let Some((_, one)) = rest.first() {
        for_a_person(turn, one.booking);
    }
    Ok(told)
}

impl Told {
    /// The end of the turn. `alone`: the guest wrote nothing in it.
    pub(super) async fn settle<W: World>(
        self,
        turn: &mut Turn<'_, W>,
        alone: bool,
    ) -> Result<(), W::Error> {
        if !self.any {
            return Ok(());
        }
        let asked = turn.chat.state.expects_a_yes();
        let idle = matches!(turn.chat.state, State::Start | State::Menu | State::Thanked);
        if alone && (asked || idle) {
            // A "sí" from now on may be meant for this news: it does nothing unasked.
            turn.stand(State::Held, None);
        }
        if let Some(booking) = self.booking.filter(|_| alone || !asked) {
            turn.chat.slots.booking = Some(booking);
        }
        let taps = turn.chat.mode != Mode::Human;
        for follow in self.follow {
            follow.run(turn, taps, alone).await?;
        }
        Ok(())
    }
}

/// What is still true and, of several that happened to one booking, matters most; of two that matter alike the later. A
/// link to pay by is not lost beside what matters more.
async fn worth_telling<'e, W: World>(
    turn: &mut Turn<'_, W>,
    entries: &[&'e Entry],
) -> Result<Vec<(&'e Entry, News)>, W::Error> {
    let mut kept: Vec<(About<'_>, &Entry, News)> = Vec::new();
    for entry in entries.iter().copied() {
        let Content::Event { event } = &entry.content else {
            continue;
        };
        let Some(mut one) = news::of(turn, event).await? else {
            continue;
        };
        let about = about(event);
        let before = kept.iter().position(|(other, ..)| *other == about);
        match before.map(|at| kept.remove(at)) {
            Some((_, earlier, mut before)) if before.weight < one.weight => {
                before.take_link_of(one);
                kept.push((about, earlier, before));
            }
            Some((.., before)) => {
                one.take_link_of(before);
                kept.push((about, entry, one));
            }
            None => kept.push((about, entry, one)),
        }
    }
    let told = kept.into_iter().map(|(_, entry, one)| (entry, one));
    Ok(told.collect())
}

fn about(event: &Event) -> About<'_> {
    match event {
        Event::PaidTooMuch { .. } | Event::Refunded { .. } | Event::Credited { .. } => {
            About::Back(event)
        }
        Event::Offer { quote } => About::Offer(Some(*quote)),
        other => other
            .reservation()
            .map_or(About::Offer(None), About::Booking),
    }
}

/// As a message of the session.
fn say<W: World>(turn: &mut Turn<'_, W>, entry: &Entry, news: News, told: &mut Told) {
    turn.reply.cause = Some(entry.id);
    turn.reply.useful_until = if turn.reply.parts.is_empty() {
        news.useful_until
    } else {
        longer(turn.reply.useful_until, news.useful_until)
    };
    turn.reply.parts.extend(news.parts);
    if turn.chat.mode != Mode::Human && !news.buttons.is_empty() {
        turn.reply.menu = Menu::Buttons(news.buttons);
    }
    told.any = true;
    told.booking = news.booking.or(told.booking);
    told.follow.extend(news.follow);
}

/// As a template; what it says is also put into the thread.
fn outside<W: World>(turn: &mut Turn<'_, W>, entry: &Entry, news: News, told: &mut Told) {
    let Some(template) = news.template else {
        // None fits. Only a person can help here.
        return for_a_person(turn, news.booking);
    };
    turn.reply.cause = Some(entry.id);
    turn.reply.parts = news.parts;
    turn.reply.menu = news_menu(&template, news.buttons);
    turn.reply.useful_until = news.useful_until;
    turn.reply.template = Some(template);
    told.any = true;
    told.booking = news.booking;
    // The price that the template's button books stands from now on.
    told.follow.extend(
        news.follow
            .filter(|follow| matches!(follow, Follow::Price(_))),
    );
}

/// What no message can say any more.
fn for_a_person<W: World>(turn: &mut Turn<'_, W>, booking: Option<ReservationId>) {
    turn.attention.push(Attention {
        kind: Attention::UNANSWERED,
        about: booking,
        deadline: turn.desk.hours.promise(turn.now).deadline,
        detail: Vec::new(),
        actions: &[],
    });
}

/// The thread shows the buttons that the template has, no others.
fn news_menu(template: &Template, buttons: Vec<Button>) -> Menu {
    let mut buttons = buttons;
    buttons.retain(|button| template.choices.contains(&button.choice));
    if buttons.is_empty() {
        Menu::None
    } else {
        Menu::Buttons(buttons)
    }
}

/// Until when a bubble of both is of use: beside something that stays true the whole of it does.
fn longer(first: Option<DateTime<Utc>>, second: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    first.zip(second).map(|(first, second)| first.max(second))
}

/// A paragraph of the catalogue.
fn part(phrase: super::Phrase) -> Part {
    Part::Say(phrase)
}
