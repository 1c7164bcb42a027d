//! What happened to a guest's money, and to the links she pays by.

use chrono::{DateTime, Utc};

use super::{follow::Follow, news::News, part, template};
use crate::{
    dialogue::{
        Booked, Choice, Link, Phrase, Template, Value, World,
        stay::{payment, words},
        turn::Turn,
    },
    money::Money,
    payment::Why,
    reservation::{Awaiting, Reservation},
    understand::PayBy,
};

/// Whether there is something to pay by link, and nothing of it is on its way as far as we know.
fn by_link(booked: &Booked) -> Option<Money> {
    let waits = booked.receipt_waits || words::reviewed(booked);
    words::owed(booked).filter(|_| booked.pay_by == Some(PayBy::MercadoPago) && !waits)
}

/// The ways on: another way to pay where there is one, the booking, a person.
fn ways_on<W: World>(turn: &Turn<'_, W>, booked: &Booked, news: News) -> News {
    let other = turn.desk.ways().beside(PayBy::MercadoPago);
    let news = match other {
        Some(way) => news.button(
            Choice::PayBy(booked.id, way),
            Phrase::new("button-pay-transfer"),
        ),
        None => news,
    };
    news.button(Choice::Booking(booked.id), Phrase::new("button-my-booking"))
        .button(Choice::Human, Phrase::new("button-human"))
}

fn until(booked: &Booked) -> Option<DateTime<Utc>> {
    match booked.state {
        Reservation::Held(hold) => Some(hold.expires_at),
        _ => None,
    }
}

/// The link, as long as there is something to pay by it.
pub(super) fn link<W: World>(turn: &Turn<'_, W>, booked: &Booked) -> Option<News> {
    let amount = by_link(booked)?;
    if !matches!(booked.link, Link::Ready { .. }) {
        return None;
    }
    let news = News::of(booked, payment::by_link(turn.desk, booked, amount), 5)
        .template(asking(turn, booked, amount));
    Some(News {
        useful_until: until(booked),
        pays: Some(Box::new(booked.clone())),
        ..ways_on(turn, booked, news)
    })
}

/// The form for asking her after the 24 hours. Who wants no messages of ours is a person's to ask.
fn asking<W: World>(turn: &Turn<'_, W>, booked: &Booked, amount: Money) -> Option<Template> {
    template::due(booked, amount).filter(|_| !turn.chat.opted_out)
}

/// No link yet. After the 24 hours that is not worth a message, since she gets the link when it is there; that there
/// will be none is.
pub(super) fn no_link<W: World>(turn: &Turn<'_, W>, booked: &Booked) -> Option<News> {
    let amount = by_link(booked)?;
    let over = !turn.window_open() && booked.link != Link::Failed;
    if matches!(booked.link, Link::Ready { .. }) || over {
        return None;
    }
    // It was being made a moment ago; it is late now.
    let late = Booked {
        link: match &booked.link {
            Link::None | Link::Soon => Link::Late,
            other => other.clone(),
        },
        ..booked.clone()
    };
    let news = News::of(booked, payment::by_link(turn.desk, &late, amount), 6)
        .template(asking(turn, booked, amount));
    Some(News {
        useful_until: until(booked),
        ..ways_on(turn, booked, news)
    })
}

/// Something is to be paid, with how. What is paid by a link is told with the link, unless that does not come.
pub(super) fn asked<W: World>(turn: &Turn<'_, W>, booked: &Booked) -> Option<News> {
    let stuck = matches!(booked.link, Link::Late | Link::Failed);
    if booked.pay_by == Some(PayBy::MercadoPago) && !stuck {
        return link(turn, booked);
    }
    let amount = words::owed(booked).filter(|_| !booked.receipt_waits)?;
    let phrase = words::naming(Phrase::new("event-payment-asked"), booked).with("amount", amount);
    let news = News::of(booked, phrase, 5)
        .button(Choice::Booking(booked.id), Phrase::new("button-my-booking"))
        .button(Choice::Human, Phrase::new("button-human"))
        .template(asking(turn, booked, amount));
    Some(News {
        follow: Some(Follow::HowToPay(Box::new(booked.clone()))),
        ..news
    })
}

/// A payment that has been made and has not come yet. After the 24 hours there is nothing she could do about it.
pub(super) fn pending<W: World>(turn: &Turn<'_, W>, booked: &Booked, review: bool) -> Option<News> {
    words::owed(booked)?;
    if booked.receipt_waits || !turn.window_open() {
        return None;
    }
    let key = if review {
        Phrase::new("event-payment-review")
    } else {
        Phrase::new("event-payment-pending")
    };
    let phrase = words::naming(key, booked).with("kept", words::kept(booked));
    let news = News::of(booked, phrase, 4)
        .button(Choice::Booking(booked.id), Phrase::new("button-my-booking"))
        .button(Choice::Human, Phrase::new("button-human"));
    Some(News {
        useful_until: until(booked),
        ..news
    })
}

/// A payment that was refused, why, and the link again.
pub(super) fn rejected<W: World>(turn: &Turn<'_, W>, booked: &Booked, why: Why) -> Option<News> {
    let amount = words::owed(booked).filter(|_| !booked.receipt_waits)?;
    if words::reviewed(booked) {
        // She has tried again, and that one is looked at.
        return None;
    }
    let phrase = words::naming(Phrase::new("event-payment-rejected"), booked)
        .with("why", Value::Which(word(why)));
    let mut news = News::of(booked, phrase, 4).template(Some(template::rejected(booked, amount)));
    if by_link(booked).is_some() && matches!(booked.link, Link::Ready { .. }) {
        let link = payment::by_link(turn.desk, booked, amount);
        news.parts.push(part(link));
        news = ways_on(turn, booked, news);
    } else {
        news = news
            .button(Choice::Pay(booked.id), Phrase::new("button-pay"))
            .button(Choice::Human, Phrase::new("button-human"));
    }
    Some(News {
        useful_until: until(booked),
        ..news
    })
}

const fn word(why: Why) -> &'static str {
    match why {
        Why::Funds => "funds",
        Why::CardData => "data",
        Why::CallBank => "call",
        Why::Card => "card",
        Why::Risk => "risk",
        Why::Duplicate => "twice",
        Why::Tries => "tries",
        Why::Instalments => "instalments",
        Why::Expired => "expired",
        Why::Other => "other",
    }
}

/// Money for a booking that is over: it goes back, and others like it follow.
pub(super) fn too_late(booked: &Booked, amount: Money) -> Option<News> {
    if booked.state.takes_nights() {
        return None;
    }
    let phrase = words::naming(Phrase::new("event-paid-too-late"), booked).with("amount", amount);
    // What ended it is said instead where that is told at the same time, with all that goes back.
    let mut news = News::of(booked, phrase, 2).template(template::too_late(booked, amount));
    news.follow = Follow::instead_of(booked);
    if news.follow.is_some() {
        news = news.button(
            Choice::Again(booked.id),
            Phrase::new("button-other-options"),
        );
    }
    Some(news.button(Choice::Human, Phrase::new("button-human")))
}

/// More than was asked for: the rest goes back. After the 24 hours she hears of it when it has.
pub(super) fn too_much<W: World>(
    turn: &Turn<'_, W>,
    booked: &Booked,
    amount: Money,
) -> Option<News> {
    turn.window_open().then(|| {
        let phrase =
            words::naming(Phrase::new("event-paid-too-much"), booked).with("amount", amount);
        back(booked, phrase)
    })
}

/// It went back.
pub(super) fn refunded(booked: &Booked, amount: Money) -> News {
    let phrase = words::naming(Phrase::new("event-refunded"), booked).with("amount", amount);
    back(booked, phrase).template(Some(template::refunded(booked, amount)))
}

/// It is kept for a later stay.
pub(super) fn credited<W: World>(
    turn: &Turn<'_, W>,
    booked: &Booked,
    amount: Money,
    until: DateTime<Utc>,
) -> News {
    let day = until.with_timezone(&turn.desk.hours.zone).date_naive();
    let phrase = words::naming(Phrase::new("event-credited"), booked)
        .with("amount", amount)
        .with("day", day);
    back(booked, phrase)
}

fn back(booked: &Booked, phrase: Phrase) -> News {
    News::of(booked, phrase, 4)
        .button(Choice::Booking(booked.id), Phrase::new("button-my-booking"))
        .button(Choice::Human, Phrase::new("button-human"))
}

/// The provider could not be asked whether she has paid.
pub(super) fn prolonged<W: World>(turn: &Turn<'_, W>, booked: &Booked) -> Option<News> {
    let Reservation::Held(hold) = booked.state else {
        return None;
    };
    let waits = hold.awaiting == Awaiting::Payment && hold.expires_at > turn.now;
    if !waits || booked.receipt_waits || !turn.window_open() {
        return None;
    }
    let phrase =
        words::naming(Phrase::new("event-hold-prolonged"), booked).with("until", hold.expires_at);
    let news = News::of(booked, phrase, 5);
    Some(News {
        useful_until: Some(hold.expires_at),
        ..ways_on(turn, booked, news)
    })
}
