//! A booking as everybody sees it: one value with its stays, what was asked for and what was paid.
//!
//! Reading takes four statements however many bookings are read. A hold whose time is over reads as expired, swept or
//! not, by the database's clock. [`lock()`] is how a use case takes hold of one; [`step`] is the only way its state is
//! written, and refuses when the row is no longer what the use case decided on.

mod list;
mod lock;
mod read;

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::{money::Money, nights::Period, party::Party, reservation::Reservation};

use super::money::{Method, Purpose};
use crate::ids::{
    AccommodationId, GuestId, GuestLinkId, PaymentRequestId, PropertyId, QuoteId, ReservationId,
    StayId, TenantId, UnitTypeId,
};

pub use list::{Before, Filter, list};
pub use lock::{lock, step};
pub use read::{by_code, quote_in_use, view};
pub(crate) use read::{current, load};

/// A booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Which.
    pub id: ReservationId,
    /// Whose data.
    pub tenant: TenantId,
    /// Said on the phone.
    pub code: String,
    /// Where.
    pub property: PropertyId,
    /// Who booked.
    pub guest: GuestId,
    /// The legal name, or else what the guest calls herself; empty where nobody knows.
    pub guest_name: String,
    /// Her phone.
    pub guest_phone: Option<String>,
    /// Her address.
    pub guest_email: Option<String>,
    /// The quote in force.
    pub quote: QuoteId,
    /// Where it stands.
    pub state: Reservation,
    /// How it came: `web`, `whatsapp`, `phone`, …
    pub source: String,
    /// What it costs.
    pub charge: Money,
    /// What was asked for on top of that, and is still wanted or paid.
    pub extras: Money,
    /// Of the charge, what confirms.
    pub deposit: Money,
    /// Everything that came in.
    pub received: Money,
    /// Of that, what belongs to the stay: without what is owed or was given back, retained, credited.
    pub paid: Money,
    /// Kept by policy.
    pub retained: Money,
    /// Owed back and not given back yet.
    pub refund_due: Money,
    /// Raised by every step.
    pub version: i32,
    /// The owner's and the guest's remarks.
    pub notes: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was confirmed, if it was.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Its cabins, in the order of the quote. Never empty.
    pub stays: Vec<BookedStay>,
    /// What was asked for, in order.
    pub requests: Vec<PaymentRequestRow>,
    /// The link that was made with it; only right after holding.
    pub link: Option<GuestLinkId>,
}

/// One cabin of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedStay {
    /// Which.
    pub id: StayId,
    /// The kind of cabin.
    pub unit_type: UnitTypeId,
    /// As guests know it.
    pub unit_type_name: String,
    /// The cabin; may be another one of the kind until arrival.
    pub cabin: AccommodationId,
    /// As guests know it.
    pub cabin_name: String,
    /// The nights that were sold.
    pub period: Period,
    /// Who comes.
    pub party: Party,
    /// The day the guest left, if before the end.
    pub left_on: Option<NaiveDate>,
}

/// Something to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRequestRow {
    /// Which.
    pub id: PaymentRequestId,
    /// 1, 2, … within the booking.
    pub n: i32,
    /// What for.
    pub purpose: Purpose,
    /// How.
    pub method: Method,
    /// How much.
    pub amount: Money,
    /// What the other side quotes back.
    pub external_reference: String,
    /// `open`, `paid`, `expired`, `withdrawn`.
    pub state: String,
    /// Until when, if it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// A receipt: `waiting`, `accepted`, `refused`.
    pub receipt: Option<String>,
    /// The link it is paid by, the last one if there were several.
    pub link: Option<LinkRow>,
}

/// A link to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// `wanted`, `live`, `closing`, `closed`, `failed`.
    pub state: String,
    /// Where it leads, once it is live.
    pub url: Option<String>,
    /// It is wanted for longer than a guest waits without a word.
    pub late: bool,
}

// === impl Booking ===

impl Booking {
    /// All there is to pay for it.
    #[must_use]
    pub const fn total(&self) -> Money {
        Money::new(
            self.charge.minor.saturating_add(self.extras.minor),
            self.charge.currency,
        )
    }

    /// Of that, what has not been paid; never below zero.
    #[must_use]
    pub const fn open(&self) -> Money {
        let open = self.total().minor.saturating_sub(self.paid.minor);
        Money::new(if open > 0 { open } else { 0 }, self.charge.currency)
    }

    /// The day the first guest arrives.
    #[must_use]
    pub fn check_in(&self) -> NaiveDate {
        let days = self.stays.iter().map(|stay| stay.period.check_in());
        days.min().unwrap_or(NaiveDate::MAX)
    }

    /// The day the last guest leaves, as it was sold.
    #[must_use]
    pub fn check_out(&self) -> NaiveDate {
        let days = self.stays.iter().map(|stay| stay.period.check_out());
        days.max().unwrap_or(NaiveDate::MIN)
    }

    /// As `audit_log.subject` names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("reservation:{}", self.id)
    }
}
