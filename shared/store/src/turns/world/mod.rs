//! The world as the dialogue sees it ([`dialogue::World`]), on the turn's own transaction.
//!
//! Guaranteed: everything concerns the chat's own guest, whatever id was asked for; each effect is carried out in a
//! savepoint, so that a refusal leaves nothing behind, gives back the locks it took, and the turn goes on; whatever a
//! turn does names the turn in the audit (`guest:chat:<conversation>`, `turn:<turn>`), from which one walks back over
//! its mailbox entries to the exact bytes. What the owner, not the guest, is asked to decide is refused as anywhere
//! else. An error of the database is the turn's: it is given up and made again later. Two effects in one turn lock the
//! cabins of each in turn, not all in one ascending order; should that meet another's order the other way round,
//! `PostgreSQL` ends one of the two and the turn is made again.

mod booked;
mod effects;
mod look;
mod paying;

use posta_domain::{
    availability::{Offers, Search},
    cancellation::Outcome,
    dialogue::{self, Booked, Denied, Quoted, Wanted},
    refusal::Refusal,
    reservation::{Illegal, Status},
    understand::PayBy,
};
use sqlx::PgConnection;

use crate::{
    audit::By,
    booking::BookingError,
    catalog::Place,
    error::StoreError,
    ids::{ConversationId, EntryId, GuestId, PropertyId, QuoteId, ReservationId, TenantId, TurnId},
};

/// See the module.
pub struct TurnWorld<'a> {
    conn: &'a mut PgConnection,
    by: By,
    whose: Whose,
    /// Read once a turn: what is let, and at what prices.
    place: Option<Place>,
    /// What an entry of this turn has held.
    held: Vec<(EntryId, ReservationId)>,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose {
    pub(super) tenant: TenantId,
    pub(super) guest: GuestId,
    pub(super) conversation: ConversationId,
    pub(super) turn: TurnId,
    pub(super) property: Option<PropertyId>,
}

impl<'a> TurnWorld<'a> {
    pub(super) fn new(conn: &'a mut PgConnection, whose: Whose) -> Self {
        Self {
            conn,
            by: By {
                tenant: whose.tenant,
                actor: format!("guest:chat:{}", whose.conversation),
                request_id: Some(format!("turn:{}", whose.turn)),
            },
            whose,
            place: None,
            held: Vec::new(),
        }
    }
}

impl dialogue::World for TurnWorld<'_> {
    type Error = StoreError;

    async fn offers(&mut self, search: &Search) -> Result<Offers, StoreError> {
        self.look_for(search).await
    }

    async fn quote(&mut self, stays: &[Wanted]) -> Result<Result<Quoted, Refusal>, StoreError> {
        self.make_quote(stays).await
    }

    async fn quoted(&mut self, quote: QuoteId) -> Result<Option<Quoted>, StoreError> {
        Ok(self.own_quote(quote).await?.map(booked::quoted))
    }

    async fn hold(
        &mut self,
        quote: QuoteId,
        pay_by: PayBy,
        entry: EntryId,
    ) -> Result<Result<Booked, Denied>, StoreError> {
        self.hold_once(quote, pay_by, entry).await
    }

    async fn bookings(&mut self) -> Result<Vec<Booked>, StoreError> {
        self.own_bookings().await
    }

    async fn booking(&mut self, id: ReservationId) -> Result<Option<Booked>, StoreError> {
        Ok(self.own_booking(id).await?.map(booked::booked))
    }

    async fn cancellation(
        &mut self,
        id: ReservationId,
    ) -> Result<Result<Outcome, Denied>, StoreError> {
        self.what_cancelling_means(id).await
    }

    async fn cancel(
        &mut self,
        id: ReservationId,
    ) -> Result<Result<(Booked, Outcome), Denied>, StoreError> {
        self.call_off(id).await
    }

    async fn change(
        &mut self,
        id: ReservationId,
        quote: QuoteId,
    ) -> Result<Result<Booked, Denied>, StoreError> {
        self.move_to(id, quote).await
    }

    async fn receipt(
        &mut self,
        id: ReservationId,
        entry: EntryId,
    ) -> Result<Result<Booked, Denied>, StoreError> {
        self.submit_receipt(id, entry).await
    }

    async fn pay_by(
        &mut self,
        id: ReservationId,
        way: PayBy,
    ) -> Result<Result<Booked, Denied>, StoreError> {
        self.switch_to(id, way).await
    }

    async fn look_for_payment(&mut self, id: ReservationId) -> Result<bool, StoreError> {
        self.ask_provider(id).await
    }

    async fn opt_out(&mut self, out: bool) -> Result<(), StoreError> {
        self.set_opted_out(out).await
    }
}

/// What a use case's refusal is to the dialogue; `status` is that of the booking it was about. What is no answer to a
/// guest (a lock that was not to be had, a database away) ends the turn.
fn denied(error: BookingError, status: Status) -> Result<Denied, StoreError> {
    match error {
        BookingError::Refused(refusal) => Ok(Denied::Refused(refusal)),
        BookingError::Illegal(Illegal::From { from, .. }) => Ok(Denied::State(from)),
        BookingError::Illegal(Illegal::HoldOver(_)) => Ok(Denied::State(Status::Expired)),
        // Nothing is open that a receipt could be for, or that could be paid another way.
        BookingError::NotFound("payment request") | BookingError::Illegal(_) => {
            Ok(Denied::State(status))
        }
        BookingError::NotFound(_) => Ok(Denied::NotFound),
        BookingError::Stale | BookingError::KeyReused => {
            Err(StoreError::Conflict("the booking changed under its lock"))
        }
        BookingError::Busy(error) | BookingError::Store(error) => Err(error),
    }
}
