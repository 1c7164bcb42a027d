//! One event: whether it is still true, and how it is told.

use chrono::{DateTime, Utc};

use super::{follow::Follow, money, offer, part, template};
use crate::{
    dialogue::{
        Booked, Button, Choice, Event, Link, Part, Phrase, Template, Value, World, stay::words,
        turn::Turn,
    },
    ids::ReservationId,
    money::Money,
    nights::Period,
    reservation::{Awaiting, Reservation, Status},
    understand::PayBy,
};

/// News of this weight or more say themselves what is to be done about the money.
const MENDS_ITSELF: u8 = 4;

/// What is told.
pub(super) struct News {
    /// Paragraphs.
    pub(super) parts: Vec<Part>,
    /// What can be tapped.
    pub(super) buttons: Vec<Button>,
    /// Which booking is spoken of.
    pub(super) booking: Option<ReservationId>,
    /// Of no use after this.
    pub(super) useful_until: Option<DateTime<Utc>>,
    /// The form in which it may go out after the 24 hours.
    pub(super) template: Option<Template>,
    /// What comes after the paragraphs, within the session only.
    pub(super) follow: Option<Follow>,
    /// The lower, the more it matters.
    pub(super) weight: u8,
    /// It brings a link to pay by, which belongs beside what matters more, too.
    pub(super) pays: Option<Box<Booked>>,
}

impl News {
    pub(super) fn of(booked: &Booked, phrase: Phrase, weight: u8) -> Self {
        Self {
            parts: vec![part(phrase)],
            buttons: Vec::new(),
            booking: Some(booked.id),
            useful_until: None,
            template: None,
            follow: None,
            weight,
            pays: None,
        }
    }

    pub(super) fn button(mut self, choice: Choice, title: Phrase) -> Self {
        self.buttons.push(Button { choice, title });
        self
    }

    /// What mattered less had a link: it comes after this, where more is to be paid.
    pub(super) fn take_link_of(&mut self, other: Self) {
        let link = match other.follow {
            Some(Follow::HowToPay(booked)) => Some(booked),
            _ => other.pays,
        };
        if self.follow.is_none() && self.weight < MENDS_ITSELF {
            self.follow = link.map(Follow::HowToPay);
        }
    }

    pub(super) fn template(mut self, template: Option<Template>) -> Self {
        self.template = template;
        self
    }
}

/// What is to be told; none where it is no longer true, or not wanted.
pub(super) async fn of<W: World>(
    turn: &mut Turn<'_, W>,
    event: &Event,
) -> Result<Option<News>, W::Error> {
    let id = match *event {
        Event::Offer { quote } => return offer::made(turn, quote).await,
        Event::NoDiscount => return Ok(Some(offer::none())),
        _ => event.reservation(),
    };
    let Some(id) = id else {
        return Ok(None);
    };
    let Some(booked) = turn.world.booking(id).await? else {
        return Ok(None);
    };
    Ok(match *event {
        Event::Offer { .. } | Event::NoDiscount => None,
        Event::HoldEnding { .. } => ending(turn, &booked),
        Event::HoldExpired { .. } => expired(turn, &booked).await?,
        Event::HoldYielded { .. } => yielded(&booked),
        Event::Confirmed { .. } => confirmed(turn, &booked),
        Event::Paid { amount, .. } => paid(&booked, amount),
        Event::Agreed { .. } => agreed(&booked),
        Event::ReceiptRefused { .. } => refused(&booked, turn.window_open()),
        Event::CancelledByOwner { .. } => cancelled(&booked),
        Event::ChangedByOwner { .. } => changed(&booked),
        Event::LinkReady { .. } => money::link(turn, &booked),
        Event::LinkFailed { .. } => money::no_link(turn, &booked),
        Event::PaymentAsked { .. } => money::asked(turn, &booked),
        Event::PaymentPending { review, .. } => money::pending(turn, &booked, review),
        Event::PaymentRejected { why, .. } => money::rejected(turn, &booked, why),
        Event::PaidTooLate { amount, .. } => money::too_late(&booked, amount),
        Event::PaidTooMuch { amount, .. } => money::too_much(turn, &booked, amount),
        Event::Refunded { amount, .. } => Some(money::refunded(&booked, amount)),
        Event::Credited { amount, until, .. } => {
            Some(money::credited(turn, &booked, amount, until))
        }
        Event::HoldProlonged { .. } => money::prolonged(turn, &booked),
    })
}

/// The end of the hold, while it still waits for money.
fn ending<W: World>(turn: &Turn<'_, W>, booked: &Booked) -> Option<News> {
    let Reservation::Held(hold) = booked.state else {
        return None;
    };
    if turn.chat.opted_out
        || hold.awaiting != Awaiting::Payment
        || booked.receipt_waits
        || hold.expires_at <= turn.now
    {
        return None;
    }
    let phrase = if booked.pay_by == Some(PayBy::MercadoPago) {
        Phrase::new("event-hold-ending-link")
    } else {
        Phrase::new("event-hold-ending")
    };
    let phrase = words::naming(phrase, booked)
        .with("until", hold.expires_at)
        .with("amount", words::owed(booked).unwrap_or(booked.deposit));
    let mut news = News::of(booked, phrase, 5)
        .button(Choice::Pay(booked.id), Phrase::new("button-pay"))
        .button(Choice::Cancel(booked.id), Phrase::new("button-cancel"))
        .template(template::ending(booked, hold.expires_at));
    if let (Some(PayBy::MercadoPago), Link::Ready { url }) = (booked.pay_by, &booked.link) {
        news.parts
            .push(part(Phrase::new("pay-here").with("url", url.clone())));
    }
    Some(News {
        useful_until: Some(hold.expires_at),
        ..news
    })
}

async fn expired<W: World>(
    turn: &mut Turn<'_, W>,
    booked: &Booked,
) -> Result<Option<News>, W::Error> {
    if booked.state.status() != Status::Expired || turn.chat.opted_out {
        return Ok(None);
    }
    let period = words::period(booked);
    let bookings = turn.world.bookings().await?;
    let other = bookings
        .iter()
        .any(|other| other.id != booked.id && takes(other, period));
    if other {
        // She has booked those days anew.
        return Ok(None);
    }
    let phrase = words::naming(Phrase::new("event-hold-expired"), booked);
    let news = going_back(booked, News::of(booked, phrase, 6))
        .button(Choice::Again(booked.id), Phrase::new("button-again"))
        .button(Choice::Book, Phrase::new("button-search"))
        .button(Choice::Human, Phrase::new("button-human"))
        .template(template::expired(booked));
    Ok(Some(news))
}

fn takes(booked: &Booked, period: Option<Period>) -> bool {
    let both = words::period(booked).zip(period);
    booked.state.takes_nights() && both.is_some_and(|(one, other)| one.overlaps(other))
}

fn yielded(booked: &Booked) -> Option<News> {
    (booked.state.status() == Status::Yielded).then(|| {
        let phrase = words::naming(Phrase::new("event-hold-yielded"), booked);
        let news = going_back(booked, News::of(booked, phrase, 2))
            .button(
                Choice::Again(booked.id),
                Phrase::new("button-other-options"),
            )
            .button(Choice::Human, Phrase::new("button-human"))
            .template(template::yielded(booked));
        News {
            follow: Follow::instead_of(booked),
            ..news
        }
    })
}

fn confirmed<W: World>(turn: &Turn<'_, W>, booked: &Booked) -> Option<News> {
    let sold = matches!(
        booked.state,
        Reservation::Confirmed | Reservation::CheckedIn
    );
    sold.then(|| {
        let desk = turn.desk;
        let phrase = words::naming(Phrase::new("event-confirmed"), booked)
            .with("from", desk.check_in_from)
            .with("until", desk.check_out_until)
            .with("status", words::money(booked));
        let mut news = News::of(booked, phrase, 0)
            .button(Choice::Booking(booked.id), Phrase::new("button-my-booking"))
            .button(Choice::Human, Phrase::new("button-human"))
            .template(template::confirmed(booked, desk.check_in_from));
        if let Some(address) = desk.text("location") {
            news.parts.push(Part::Words(address.to_owned()));
        }
        news
    })
}

/// Money came, and what is still open of it.
fn paid(booked: &Booked, amount: Money) -> Option<News> {
    let status = match booked.state {
        Reservation::Held(_) => words::status(booked),
        Reservation::Confirmed | Reservation::CheckedIn | Reservation::Completed => {
            words::money(booked)
        }
        _ => return None,
    };
    let phrase = words::naming(Phrase::new("event-paid"), booked)
        .with("amount", amount)
        .with("status", status);
    let mut news = News::of(booked, phrase, 3);
    let held = matches!(booked.state, Reservation::Held(_));
    if held && words::owed(booked).is_some() && !booked.receipt_waits {
        // Its nights are lost without the rest.
        news = news.button(Choice::Pay(booked.id), Phrase::new("button-pay"));
    }
    let news = news
        .button(Choice::Booking(booked.id), Phrase::new("button-my-booking"))
        .button(Choice::Human, Phrase::new("button-human"))
        .template(Some(template::paid(booked, amount)));
    Some(news)
}

fn agreed(booked: &Booked) -> Option<News> {
    let Reservation::Held(hold) = booked.state else {
        return None;
    };
    (hold.awaiting == Awaiting::Payment).then(|| {
        let phrase = words::naming(Phrase::new("event-agreed"), booked);
        let amount = words::owed(booked).unwrap_or(booked.deposit);
        let news = News::of(booked, phrase, 3)
            .button(Choice::Booking(booked.id), Phrase::new("button-my-booking"))
            .button(Choice::Human, Phrase::new("button-human"))
            .template(template::to_pay(booked, amount, hold.expires_at));
        News {
            useful_until: Some(hold.expires_at),
            follow: Some(Follow::HowToPay(Box::new(booked.clone()))),
            ..news
        }
    })
}

fn refused(booked: &Booked, open_window: bool) -> Option<News> {
    if booked.receipt_waits || !booked.state.takes_nights() {
        return None;
    }
    let amount = words::owed(booked)?;
    let until = match booked.state {
        Reservation::Held(hold) => {
            Value::from(Phrase::new("kept-until").with("until", hold.expires_at))
        }
        _ => Value::from(""),
    };
    if words::reviewed(booked) {
        // Of a payment by link, which the provider still looks at: that is where it stands.
        let status = words::naming(Phrase::new("receipt-of-a-review"), booked);
        let news = News::of(booked, status.with("status", words::status(booked)), 4)
            .button(Choice::Booking(booked.id), Phrase::new("button-my-booking"))
            .button(Choice::Human, Phrase::new("button-human"));
        return open_window.then_some(news);
    }
    let phrase = words::naming(Phrase::new("event-receipt-refused"), booked)
        .with("amount", amount)
        .with("until", until);
    let news = News::of(booked, phrase, 4)
        .button(Choice::Pay(booked.id), Phrase::new("button-pay"))
        .button(Choice::Human, Phrase::new("button-human"))
        .template(Some(template::refused(booked, amount)));
    Some(news)
}

fn cancelled(booked: &Booked) -> Option<News> {
    (booked.state.status() == Status::Cancelled).then(|| {
        let phrase = words::naming(Phrase::new("event-cancelled"), booked);
        going_back(booked, News::of(booked, phrase, 1))
            .button(Choice::Book, Phrase::new("button-search"))
            .button(Choice::Human, Phrase::new("button-human"))
            .template(template::cancelled(booked))
    })
}

/// What had been paid for a booking that is over, and goes back.
fn going_back(booked: &Booked, mut news: News) -> News {
    if booked.refund_due.minor > 0 {
        let refund = Phrase::new("cancel-refund-follows").with("amount", booked.refund_due);
        news.parts.push(part(refund));
    }
    news
}

fn changed(booked: &Booked) -> Option<News> {
    let living = booked.state.takes_nights();
    living.then(|| {
        let phrase = words::naming(Phrase::new("event-changed"), booked)
            .with("total", booked.charge)
            .with("status", words::status(booked));
        News::of(booked, phrase, 1)
            .button(Choice::Booking(booked.id), Phrase::new("button-my-booking"))
            .button(Choice::Human, Phrase::new("button-human"))
            .template(template::changed(booked))
    })
}
