//! What happened to a guest's bookings, said in her chat.
//!
//! Guaranteed: what is no longer true is not said (a hold that was paid meanwhile is not reminded of); of several things
//! that happened to one booking the last is said; outside the provider's 24 hours one approved template goes out, and
//! what does not fit into it is a person's to tell; who wants no messages of ours hears of her bookings' confirmation,
//! change and end all the same. A chat that a person has gets no buttons: nobody would answer them.

mod news;
mod offer;
mod template;

use chrono::{DateTime, Utc};

use self::news::News;
use super::{Attention, Button, Content, Entry, Event, Menu, Part, Template, World, turn::Turn};
use crate::{
    ids::{QuoteId, ReservationId},
    mode::Mode,
};

/// What an event is about: of several about the same, the last counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Booking(ReservationId),
    Offer(Option<QuoteId>),
}

/// Says it; as a template where the 24 hours are over.
pub(super) async fn tell<W: World>(
    turn: &mut Turn<'_, W>,
    events: &[&Entry],
) -> Result<(), W::Error> {
    let mut told = Vec::new();
    for (entry, event) in last_of_each(events) {
        if let Some(news) = news::of(turn, event).await? {
            told.push((entry, news));
        }
    }
    if turn.window_open() {
        for (entry, news) in told {
            say(turn, entry, news).await?;
        }
        return Ok(());
    }
    told.sort_by_key(|(_, news)| news.weight);
    let rest = told.split_off(told.len().min(1));
    if let Some((entry, news)) = told.pop() {
        outside(turn, entry, news);
    }
    if !rest.is_empty() {
        turn.attention.push(Attention {
            kind: Attention::UNANSWERED,
            about: rest.first().and_then(|(_, news)| news.booking),
            deadline: turn.desk.hours.promise(turn.now).deadline,
            detail: Vec::new(),
            actions: &[],
        });
    }
    Ok(())
}

fn last_of_each<'e>(entries: &[&'e Entry]) -> Vec<(&'e Entry, &'e Event)> {
    let mut last: Vec<(About, &Entry, &Event)> = Vec::new();
    for entry in entries.iter().copied() {
        if let Content::Event { event } = &entry.content {
            let about = about(event);
            last.retain(|(other, ..)| *other != about);
            last.push((about, entry, event));
        }
    }
    last.into_iter()
        .map(|(_, entry, event)| (entry, event))
        .collect()
}

const fn about(event: &Event) -> About {
    match event {
        Event::HoldEnding { reservation, .. }
        | Event::HoldExpired { reservation }
        | Event::HoldYielded { reservation }
        | Event::Confirmed { reservation }
        | Event::Agreed { reservation }
        | Event::ReceiptRefused { reservation }
        | Event::CancelledByOwner { reservation }
        | Event::ChangedByOwner { reservation } => About::Booking(*reservation),
        Event::Offer { quote } => About::Offer(Some(*quote)),
        Event::NoDiscount => About::Offer(None),
    }
}

/// As a message of the session.
async fn say<W: World>(turn: &mut Turn<'_, W>, entry: &Entry, news: News) -> Result<(), W::Error> {
    let buttons = turn.chat.mode != Mode::Human;
    turn.reply.cause = Some(entry.id);
    turn.reply.useful_until = if turn.reply.parts.is_empty() {
        news.useful_until
    } else {
        longer(turn.reply.useful_until, news.useful_until)
    };
    turn.reply.parts.extend(news.parts);
    if let Some(booking) = news.booking {
        turn.chat.slots.booking = Some(booking);
    }
    if buttons && !news.buttons.is_empty() {
        turn.reply.menu = Menu::Buttons(news.buttons);
    }
    if let Some(follow) = news.follow {
        follow.run(turn, buttons).await?;
    }
    Ok(())
}

/// As a template; what it says is also put into the thread.
fn outside<W: World>(turn: &mut Turn<'_, W>, entry: &Entry, news: News) {
    let Some(template) = news.template else {
        // None fits. Only a person can help here.
        turn.attention.push(Attention {
            kind: Attention::UNANSWERED,
            about: news.booking,
            deadline: turn.desk.hours.promise(turn.now).deadline,
            detail: Vec::new(),
            actions: &[],
        });
        return;
    };
    if let Some(booking) = news.booking {
        turn.chat.slots.booking = Some(booking);
    }
    turn.reply.cause = Some(entry.id);
    turn.reply.parts = news.parts;
    turn.reply.menu = news_menu(&template, news.buttons);
    turn.reply.useful_until = news.useful_until;
    turn.reply.template = Some(template);
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
