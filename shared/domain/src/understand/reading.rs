//! What was found in a text: certain, ambiguous with its alternatives, or vague. Absent is `None` or empty.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Topic;

/// What a guest wants. The order is the order of the documentation, not of importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Hello.
    Greeting,
    /// Whether there is room.
    Availability,
    /// What it costs.
    Price,
    /// To book.
    Reserve,
    /// What there is, what is allowed.
    Services,
    /// Where it is.
    Location,
    /// What the guest has booked.
    MyReservations,
    /// To change a booking.
    Change,
    /// To cancel a booking.
    Cancel,
    /// How, how much, whether it arrived.
    Payment,
    /// A person.
    Human,
    /// Thanks.
    Thanks,
    /// Yes.
    Affirm,
    /// No.
    Deny,
    /// Nothing we know.
    Unknown,
}

/// Why there is no date although a time was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vague {
    /// "en enero".
    Month,
    /// "a principios de febrero", "mediados", "fines".
    PartOfMonth,
    /// "en el verano", "vacaciones de invierno", "la temporada".
    Season,
    /// "un finde de diciembre", "cualquier finde".
    AnyWeekend,
    /// "entre semana".
    Weekdays,
    /// "más adelante", "uno de estos días", a day that does not exist.
    Other,
}

/// One way to read the dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dates {
    /// The day of arrival.
    pub check_in: NaiveDate,
    /// The day of departure, if it was said.
    pub check_out: Option<NaiveDate>,
}

/// Something pointed at: "la 2", "la primera", "la más barata", a cabin's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pointer {
    /// The nth of what was offered, from 1.
    Nth(u32),
    /// The last of what was offered.
    Last,
    /// The cheapest of what was offered.
    Cheapest,
    /// The most expensive ("la mejor", "la más grande" too).
    Best,
}

/// How a guest means to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayBy {
    /// A bank transfer.
    Transfer,
    /// Mercado Pago, cards.
    MercadoPago,
    /// Cash.
    Cash,
}

/// What was found in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "several of them can be true of one text"
)]
pub struct Understanding {
    /// What is wanted first of all.
    pub intent: Intent,
    /// What else the message asks for, without `intent`; several questions in one message are several intents.
    pub also: Vec<Intent>,
    /// Known questions, in the order they were asked.
    pub topics: Vec<Topic>,
    /// The day of arrival.
    pub check_in: Option<NaiveDate>,
    /// The day of departure.
    pub check_out: Option<NaiveDate>,
    /// Nights: those between the two days, or those said without a date ("3 noches").
    pub nights: Option<u32>,
    /// Grown-ups, where they were told apart.
    pub adults: Option<u32>,
    /// Children, infants among them.
    pub children: Option<u32>,
    /// Of the children, those in arms.
    pub infants: Option<u32>,
    /// Of the children, as far as they were said; in years.
    pub ages: Vec<u8>,
    /// Animals; never guests.
    pub pets: Option<u32>,
    /// Everybody, where it was said or follows.
    pub guests_total: Option<u32>,
    /// A cabin or kind of cabin by its name, as the context spells it.
    pub accommodation: Option<String>,
    /// How many cabins, if it was said ("dos cabañas").
    pub cabins: Option<u32>,
    /// A time was meant, but no dates.
    pub vague: Option<Vague>,
    /// The month that was meant where it is vague: its first day.
    pub vague_month: Option<NaiveDate>,
    /// Other ways to read the dates, the likeliest first; without the one above.
    pub alternatives: Vec<Dates>,
    /// One of what was offered.
    pub pointer: Option<Pointer>,
    /// How the guest means to pay, or asks whether it is possible.
    pub pay_by: Option<PayBy>,
    /// Asks for a lower price.
    pub discount: bool,
    /// Says that the money is sent ("ya transferí", "te paso el comprobante").
    pub paid: bool,
    /// Takes back or corrects what was said before ("mejor", "no, perdón").
    pub correction: bool,
    /// Wants no more messages ("baja", "stop").
    pub opt_out: bool,
    /// Wants them again ("alta").
    pub opt_in: bool,
    /// Greets, whatever else is wanted.
    pub greets: bool,
    /// Thanks, whatever else is wanted.
    pub thanks: bool,
    /// Says no, whatever else is wanted ("no, otra fecha").
    pub denies: bool,
    /// Says yes, whatever else is wanted.
    pub affirms: bool,
    /// Words nobody knew, in number: the larger, the less is certain.
    pub unread: usize,
}

impl Default for Understanding {
    fn default() -> Self {
        Self {
            intent: Intent::Unknown,
            also: Vec::new(),
            topics: Vec::new(),
            check_in: None,
            check_out: None,
            nights: None,
            adults: None,
            children: None,
            infants: None,
            ages: Vec::new(),
            pets: None,
            guests_total: None,
            accommodation: None,
            cabins: None,
            vague: None,
            vague_month: None,
            alternatives: Vec::new(),
            pointer: None,
            pay_by: None,
            discount: false,
            paid: false,
            correction: false,
            opt_out: false,
            opt_in: false,
            greets: false,
            thanks: false,
            denies: false,
            affirms: false,
            unread: 0,
        }
    }
}

impl Understanding {
    /// Whether this is among what is wanted.
    pub fn wants(&self, intent: Intent) -> bool {
        self.intent == intent || self.also.contains(&intent)
    }
}
