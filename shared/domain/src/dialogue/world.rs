//! What the dialogue asks of the world while it decides: what is free, what it costs, the guest's own bookings; and the
//! few things it does there. The store answers, on the transaction of the turn: what is done here is committed with the
//! reply or not at all.
//!
//! Guaranteed by whoever implements it: everything concerns the chat's own guest; a quote or booking of somebody else is
//! not found, whatever id was asked for. A refusal leaves nothing behind. Errors are the world's failures, not the
//! guest's: the turn is given up and made again.

use std::future::Future;

use chrono::{DateTime, Utc};

use crate::{
    availability::{Offers, Search},
    cancellation::Outcome,
    ids::{AccommodationId, EntryId, QuoteId, ReservationId, StayId, UnitTypeId},
    money::Money,
    nights::Period,
    party::Party,
    quote::{Adjustment, Breakdown},
    refusal::Refusal,
    reservation::{Reservation, Status},
    understand::PayBy,
};

/// One cabin that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its kind.
    pub unit_type: UnitTypeId,
    /// A certain one of the kind.
    pub cabin: Option<AccommodationId>,
    /// The nights.
    pub period: Period,
    /// Who comes.
    pub party: Party,
}

/// A price that was given to this guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// Which.
    pub id: QuoteId,
    /// One for each cabin, with the name of its kind.
    pub stays: Vec<(Wanted, String)>,
    /// Line by line.
    pub price: Breakdown,
    /// What the owner took off or put on.
    pub adjustments: Vec<Adjustment>,
    /// Until when it can be booked.
    pub valid_until: DateTime<Utc>,
}

/// One of the guest's bookings. A hold whose time is over reads as expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// Which.
    pub id: ReservationId,
    /// Said on the phone.
    pub code: String,
    /// Where it stands.
    pub state: Reservation,
    /// Its cabins; never empty.
    pub stays: Vec<BookedStay>,
    /// The quote in force.
    pub quote: QuoteId,
    /// What it costs, by the quote in force.
    pub charge: Money,
    /// What was asked for on top of that, and paid or still wanted.
    pub extras: Money,
    /// Of the price, what confirms it.
    pub deposit: Money,
    /// What has been paid and belongs to the stay.
    pub paid: Money,
    /// Owed back and not given back yet.
    pub refund_due: Money,
    /// What is to be paid now, if something is: the open request.
    pub to_pay: Option<Money>,
    /// How that one is to be paid.
    pub pay_by: Option<PayBy>,
    /// The link to pay it.
    pub link: Link,
    /// A receipt of it waits for the owner's look.
    pub receipt_waits: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// How far the link is that pays what is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Link {
    /// There is none, and none is coming.
    #[default]
    None,
    /// It is being made.
    Soon,
    /// The provider does not answer; it is tried again and again.
    Late,
    /// It can be opened.
    Ready {
        /// Where.
        url: String,
    },
    /// The provider refused to make it.
    Failed,
}

impl Booked {
    /// All there is to pay for it: the price and the extras.
    #[must_use]
    pub fn total(&self) -> Money {
        let extras = if self.extras.currency == self.charge.currency {
            self.extras.minor
        } else {
            0
        };
        Money::new(
            self.charge.minor.saturating_add(extras),
            self.charge.currency,
        )
    }
}

/// One cabin of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedStay {
    /// Which.
    pub id: StayId,
    /// Its kind.
    pub unit_type: UnitTypeId,
    /// The kind's name.
    pub unit_type_name: String,
    /// The cabin.
    pub cabin: AccommodationId,
    /// The cabin's name.
    pub cabin_name: String,
    /// The nights.
    pub period: Period,
    /// Who comes.
    pub party: Party,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// By the rules of sale.
    Refused(Refusal),
    /// Not this guest's, or not there.
    NotFound,
    /// Not from the state it is in.
    State(Status),
}

/// See the module.
pub trait World: Send {
    /// The world's failure.
    type Error: Send;

    /// What is free for it, at what price; or why not and what comes nearest.
    fn offers(
        &mut self,
        search: &Search,
    ) -> impl Future<Output = Result<Offers, Self::Error>> + Send;

    /// Makes a quote for this guest.
    fn quote(
        &mut self,
        stays: &[Wanted],
    ) -> impl Future<Output = Result<Result<Quoted, Refusal>, Self::Error>> + Send;

    /// A quote of this guest's; `None` for anybody else's. It may be out of date or used.
    fn quoted(
        &mut self,
        quote: QuoteId,
    ) -> impl Future<Output = Result<Option<Quoted>, Self::Error>> + Send;

    /// Holds the nights of a quote of this guest's. The entry is what asked for it: the same one holds once.
    fn hold(
        &mut self,
        quote: QuoteId,
        pay_by: PayBy,
        entry: EntryId,
    ) -> impl Future<Output = Result<Result<Booked, Denied>, Self::Error>> + Send;

    /// The guest's bookings: those that are or will be, then those that ended within thirty days; newest first in each.
    fn bookings(&mut self) -> impl Future<Output = Result<Vec<Booked>, Self::Error>> + Send;

    /// One of them, however old.
    fn booking(
        &mut self,
        id: ReservationId,
    ) -> impl Future<Output = Result<Option<Booked>, Self::Error>> + Send;

    /// What would come back if it were cancelled now.
    fn cancellation(
        &mut self,
        id: ReservationId,
    ) -> impl Future<Output = Result<Result<Outcome, Denied>, Self::Error>> + Send;

    /// Cancels it, for the guest.
    fn cancel(
        &mut self,
        id: ReservationId,
    ) -> impl Future<Output = Result<Result<(Booked, Outcome), Denied>, Self::Error>> + Send;

    /// Moves a booking to what was quoted.
    fn change(
        &mut self,
        id: ReservationId,
        quote: QuoteId,
    ) -> impl Future<Output = Result<Result<Booked, Denied>, Self::Error>> + Send;

    /// The file of this entry is the receipt of a transfer for this booking.
    fn receipt(
        &mut self,
        id: ReservationId,
        entry: EntryId,
    ) -> impl Future<Output = Result<Result<Booked, Denied>, Self::Error>> + Send;

    /// What is to be paid for this booking is paid this way from now on: what was asked for is asked for anew. Where
    /// nothing was asked for, what is open of the price is.
    fn pay_by(
        &mut self,
        id: ReservationId,
        way: PayBy,
    ) -> impl Future<Output = Result<Result<Booked, Denied>, Self::Error>> + Send;

    /// The guest says that she has paid by link: the provider is asked. Whether there is anything to ask about.
    fn look_for_payment(
        &mut self,
        id: ReservationId,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Whether the guest wants messages we begin (reminders, notices).
    fn opt_out(&mut self, out: bool) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
