//! What a tap means: the ids of buttons and rows.
//!
//! Ids come back from outside, also from old messages and from people who make them up: [`Choice::of_id`] reads only what
//! [`Choice::id`] writes. What a choice may do is decided when it is tapped, by the state of things then and by whose
//! chat it is.

use chrono::{Datelike as _, NaiveDate};

use crate::{
    ids::{QuoteId, ReservationId, UnitTypeId},
    understand::{PayBy, Topic},
};

/// What a tap means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Choice {
    /// A known question.
    Topic(Topic),
    /// A person, please.
    Human,
    /// To look for dates: begins a booking.
    Book,
    /// These nights in a cabin of this kind, or in several kinds together (two cabins): shows the price. Who comes is what
    /// the chat knows.
    Option {
        /// The kinds, one for each cabin; one or two.
        kinds: Vec<UnitTypeId>,
        /// Arrival.
        check_in: NaiveDate,
        /// Departure.
        check_out: NaiveDate,
    },
    /// These dates, whatever cabin: the other way to read what was written, or a date that was offered. Without a
    /// departure, it is asked for.
    Dates {
        /// Arrival.
        check_in: NaiveDate,
        /// Departure.
        check_out: Option<NaiveDate>,
    },
    /// The same stay with so many pets, where more cannot come.
    Pets(u8),
    /// Other dates than those shown.
    OtherDates,
    /// Holds the nights of this quote: the explicit yes.
    Hold(QuoteId),
    /// A lower price for this quote, please.
    Discount(QuoteId),
    /// How to pay this booking.
    Pay(ReservationId),
    /// To pay it this way.
    PayBy(ReservationId, PayBy),
    /// The guest's bookings.
    MyBookings,
    /// One of them.
    Booking(ReservationId),
    /// What cancelling it would mean.
    Cancel(ReservationId),
    /// Cancels it: the explicit yes.
    CancelYes(ReservationId),
    /// Leaves it as it is.
    Keep(ReservationId),
    /// Other dates for it.
    Change(ReservationId),
    /// Changes it to this quote: the explicit yes.
    ChangeYes(ReservationId, QuoteId),
    /// Its nights once more, after the hold ended.
    Again(ReservationId),
}

impl Choice {
    /// The id the provider sends back when it is tapped; at most 200 characters.
    pub fn id(&self) -> String {
        match self {
            Self::Topic(topic) => format!("menu:{}", topic.key()),
            Self::Human => "menu:human".to_owned(),
            Self::Book => "menu:book".to_owned(),
            Self::MyBookings => "menu:bookings".to_owned(),
            Self::OtherDates => "menu:dates".to_owned(),
            Self::Option {
                kinds,
                check_in,
                check_out,
            } => {
                let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
                format!("option:{check_in}:{check_out}:{}", kinds.join("+"))
            }
            Self::Dates {
                check_in,
                check_out: Some(check_out),
            } => format!("dates:{check_in}:{check_out}"),
            Self::Dates {
                check_in,
                check_out: None,
            } => format!("dates:{check_in}"),
            Self::Pets(pets) => format!("pets:{pets}"),
            Self::Hold(quote) => format!("hold:{quote}"),
            Self::Discount(quote) => format!("discount:{quote}"),
            Self::Pay(booking) => format!("pay:{booking}"),
            Self::PayBy(booking, way) => format!("pay-by:{}:{booking}", name(*way)),
            Self::Booking(booking) => format!("booking:{booking}"),
            Self::Cancel(booking) => format!("cancel:{booking}"),
            Self::CancelYes(booking) => format!("cancel-yes:{booking}"),
            Self::Keep(booking) => format!("keep:{booking}"),
            Self::Change(booking) => format!("change:{booking}"),
            Self::ChangeYes(booking, quote) => format!("change-yes:{booking}:{quote}"),
            Self::Again(booking) => format!("again:{booking}"),
        }
    }

    /// Whether it only shows something: of several in one turn the last one counts.
    pub(super) const fn is_view(&self) -> bool {
        !matches!(
            self,
            Self::Topic(_)
                | Self::Human
                | Self::Hold(_)
                | Self::Discount(_)
                | Self::PayBy(..)
                | Self::CancelYes(_)
                | Self::ChangeYes(..)
        )
    }

    /// What an id means. Ids come from outside: any other is nobody's, also one that reads the same ("+1", "2027-1-5").
    pub fn of_id(id: &str) -> Option<Self> {
        Self::read(id).filter(|choice| choice.id() == id)
    }

    fn read(id: &str) -> Option<Self> {
        let (what, rest) = id.split_once(':')?;
        let quote = |text: &str| text.parse::<QuoteId>().ok();
        let booking = |text: &str| text.parse::<ReservationId>().ok();
        match what {
            "menu" => match rest {
                "human" => Some(Self::Human),
                "book" => Some(Self::Book),
                "bookings" => Some(Self::MyBookings),
                "dates" => Some(Self::OtherDates),
                key => Topic::of_key(key).map(Self::Topic),
            },
            "option" => option(rest),
            "dates" => dates(rest),
            "pets" => rest.parse().ok().map(Self::Pets),
            "hold" => quote(rest).map(Self::Hold),
            "discount" => quote(rest).map(Self::Discount),
            "pay" => booking(rest).map(Self::Pay),
            "pay-by" => {
                let (by, of) = rest.split_once(':')?;
                Some(Self::PayBy(booking(of)?, way(by)?))
            }
            "booking" => booking(rest).map(Self::Booking),
            "cancel" => booking(rest).map(Self::Cancel),
            "cancel-yes" => booking(rest).map(Self::CancelYes),
            "keep" => booking(rest).map(Self::Keep),
            "change" => booking(rest).map(Self::Change),
            "change-yes" => {
                let (of, to) = rest.split_once(':')?;
                Some(Self::ChangeYes(booking(of)?, quote(to)?))
            }
            "again" => booking(rest).map(Self::Again),
            _ => None,
        }
    }
}

const fn name(way: PayBy) -> &'static str {
    match way {
        PayBy::Transfer => "transfer",
        PayBy::MercadoPago => "mercadopago",
        PayBy::Cash => "cash",
    }
}

fn way(name: &str) -> Option<PayBy> {
    match name {
        "transfer" => Some(PayBy::Transfer),
        "mercadopago" => Some(PayBy::MercadoPago),
        "cash" => Some(PayBy::Cash),
        _ => None,
    }
}

fn dates(text: &str) -> Option<Choice> {
    let (check_in, check_out) = match text.split_once(':') {
        Some((check_in, check_out)) => (check_in, Some(day(check_out)?)),
        None => (text, None),
    };
    Some(Choice::Dates {
        check_in: day(check_in)?,
        check_out,
    })
}

/// A day anybody could come on. The calendar itself goes on for 262,000 years, at whose end no night follows another.
fn day(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = text.parse().ok()?;
    (2000..3000).contains(&day.year()).then_some(day)
}

fn option(text: &str) -> Option<Choice> {
    let mut fields = text.splitn(3, ':');
    let check_in = day(fields.next()?)?;
    let check_out = day(fields.next()?)?;
    let kinds: Option<Vec<UnitTypeId>> = fields
        .next()?
        .split('+')
        .map(|id| id.parse().ok())
        .collect();
    let kinds = kinds.filter(|kinds| (1..=2).contains(&kinds.len()))?;
    Some(Choice::Option {
        kinds,
        check_in,
        check_out,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_only_reads_like_one_of_ours_is_nobodys() {
        let quote = "01a2023e-1d25-74be-930a-3abee44e4b58";
        assert!(Choice::of_id(&format!("hold:{quote}")).is_some());
        for id in [
            String::new(),
            ":".to_owned(),
            "hold:".to_owned(),
            format!("hold:{}", quote.to_uppercase()),
            format!("hold:{{{quote}}}"),
            format!("hold:{quote}\0"),
            format!("hold:{}", "a".repeat(200_000)),
            "pets:+1".to_owned(),
            "pets:01".to_owned(),
            "dates:2027-1-5".to_owned(),
            "dates:0001-01-01".to_owned(),
            "dates:+262142-12-31".to_owned(),
            "dates:2027-01-05:+262142-12-31".to_owned(),
            format!("option:2027-01-05:+262142-12-31:{quote}"),
            format!("change-yes:{quote}:{quote}:x"),
            format!("pay-by:{quote}"),
            format!("pay-by:gold:{quote}"),
            format!("pay-by:transfer:{quote}:x"),
        ] {
            let start: String = id.chars().take(60).collect();
            assert_eq!(Choice::of_id(&id), None, "{start}");
        }
    }
}
