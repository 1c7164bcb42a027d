//! A chat as the dialogue sees it, and the desk that answers.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::slots::{Slots, State};
use crate::{
    hours::Hours,
    ids::{AccommodationId, UnitTypeId},
    mode::Mode,
    understand::PayBy,
};

/// One guest's chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// Where the dialogue stands.
    pub state: State,
    /// What it remembers.
    pub slots: Slots,
    /// Who speaks.
    pub mode: Mode,
    /// Family, friends, people who work here: never answered.
    pub private: bool,
    /// Wants no messages that we begin.
    pub opted_out: bool,
    /// Raised by each message of a person of ours.
    pub epoch: i32,
    /// Misunderstandings in a row.
    pub misunderstandings: i32,
    /// The last message of a person of ours, by the provider's clock.
    pub last_person_at: Option<DateTime<Utc>>,
    /// The guest's last message, waiting ones included, by the provider's clock.
    pub last_guest_at: Option<DateTime<Utc>>,
}

impl Default for Chat {
    fn default() -> Self {
        Self {
            state: State::Start,
            slots: Slots::default(),
            mode: Mode::Bot,
            private: false,
            opted_out: false,
            epoch: 0,
            misunderstandings: 0,
            last_person_at: None,
            last_guest_at: None,
        }
    }
}

/// The owner's side: the property as the desk speaks of it.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The property's name.
    pub name: String,
    /// When a person answers; the property's zone is its zone.
    pub hours: Hours,
    /// From when on guests arrive.
    pub check_in_from: NaiveTime,
    /// Until when they leave.
    pub check_out_until: NaiveTime,
    /// The owner's texts by key: those of [`crate::understand::Topic::key`], and `welcome`, `after_hours`, `transfer`.
    pub texts: BTreeMap<String, String>,
    /// What is let.
    pub kinds: Vec<KindOfCabin>,
    /// Public holidays with their names.
    pub holidays: BTreeMap<NaiveDate, String>,
    /// Whether links to pay can be made.
    pub mercadopago: bool,
}

/// The ways to pay there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// By a link of Mercado Pago's.
    pub mercadopago: bool,
    /// By transfer: the owner has written where to.
    pub transfer: bool,
}

/// A kind of cabin as the desk speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindOfCabin {
    /// Which.
    pub id: UnitTypeId,
    /// Its name.
    pub name: String,
    /// In the owner's words.
    pub description: String,
    /// Guests at most.
    pub capacity: u32,
    /// Links to photos.
    pub photos: Vec<String>,
    /// The owner's texts about it, by key; they go before the property's.
    pub texts: BTreeMap<String, String>,
    /// Its cabins.
    pub cabins: Vec<CabinOfKind>,
}

/// A cabin as the desk speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CabinOfKind {
    /// Which.
    pub id: AccommodationId,
    /// Its name.
    pub name: String,
    /// The owner's texts about it, by key; they go before the kind's. `access` is for guests who have paid and arrive soon.
    pub texts: BTreeMap<String, String>,
}

impl Desk {
    /// The owner's text about the whole place.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// The ways to pay there are.
    #[must_use]
    pub fn ways(&self) -> Ways {
        Ways {
            mercadopago: self.mercadopago,
            transfer: self.text("transfer").is_some(),
        }
    }

    /// Today at the property.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.hours.zone).date_naive()
    }
}

impl Ways {
    /// The one that is proposed.
    #[must_use]
    pub const fn first(self) -> PayBy {
        if self.mercadopago {
            PayBy::MercadoPago
        } else {
            PayBy::Transfer
        }
    }

    /// Whether money can be sent this way before she arrives. Cash comes with her.
    #[must_use]
    pub const fn has(self, way: PayBy) -> bool {
        match way {
            PayBy::MercadoPago => self.mercadopago,
            PayBy::Transfer => self.transfer,
            PayBy::Cash => false,
        }
    }

    /// The other one beside this, where there are two.
    #[must_use]
    pub const fn beside(self, way: PayBy) -> Option<PayBy> {
        match way {
            PayBy::MercadoPago if self.transfer => Some(PayBy::Transfer),
            PayBy::Transfer | PayBy::Cash if self.mercadopago => Some(PayBy::MercadoPago),
            _ => None,
        }
    }
}

/// The dialogue's settings.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// A person's chat goes back to the bot when the guest writes this long after her.
    pub hand_back_after: TimeDelta,
    /// From then on an answer begins with an apology.
    pub sorry_after: TimeDelta,
    /// How long after the guest's message the provider takes our answer.
    pub session: TimeDelta,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            hand_back_after: TimeDelta::hours(2),
            sorry_after: TimeDelta::minutes(30),
            session: TimeDelta::hours(24),
        }
    }
}
