//! Doing: each in a savepoint of the turn's transaction.

use posta_domain::{
    cancellation::Outcome,
    dialogue::{Booked, Denied},
    reservation::Status,
    understand::PayBy,
};
use sqlx::{Connection as _, PgConnection};

use super::{TurnWorld, booked, look::settled, paying::method};
use crate::{
    booking::{
        HoldRequest, Source, Who,
        cancel::{self, CancelBy},
        change::{self, ChangeRequest, Changer, To},
        hold, receipts,
    },
    error::{Doing as _, StoreError},
    ids::{EntryId, MediaId, QuoteId, ReservationId},
};

/// Carries out an effect in a savepoint: its refusal leaves nothing behind, neither rows nor locks.
macro_rules! in_savepoint {
    ($conn:expr, |$tx:ident| $effect:expr) => {{
        let mut savepoint = $conn.begin().await.doing("set a savepoint")?;
        let $tx: &mut PgConnection = &mut savepoint;
        let answer = $effect.await;
        if answer.is_ok() {
            savepoint.commit().await.doing("release the savepoint")?;
        } else {
            savepoint
                .rollback()
                .await
                .doing("roll back to the savepoint")?;
        }
        answer
    }};
}

pub(super) use in_savepoint;

impl TurnWorld<'_> {
    pub(super) async fn hold_once(
        &mut self,
        quote: QuoteId,
        pay_by: PayBy,
        entry: EntryId,
    ) -> Result<Result<Booked, Denied>, StoreError> {
        if self.own_quote(quote).await?.is_none() {
            return Ok(Err(Denied::NotFound));
        }
        // Tapped twice, or said once more: it is hers already.
        let earlier = match self.held.iter().find(|(by, _)| *by == entry) {
            Some((_, booking)) => Some(*booking),
            None => self.held_by(quote).await?,
        };
        if let Some(booking) = earlier
            && let Some(booking) = self.own_booking(booking).await?
        {
            return Ok(Ok(booked::booked(booking)));
        }
        let request = HoldRequest {
            quote,
            who: Who::Known(self.whose.guest),
            source: Source::Whatsapp,
            method: method(pay_by),
            cabins: Vec::new(),
            link_until: false,
            notes: String::new(),
            confirm_now: false,
            key: None,
        };
        let by = &self.by;
        let held = in_savepoint!(self.conn, |tx| hold::hold_in(tx, by, &request));
        if let Ok(booking) = &held {
            self.held.push((entry, booking.id));
        }
        settled(held.map(booked::booked), Status::Held)
    }

    /// The living booking of a quote, if there is one.
    async fn held_by(&mut self, quote: QuoteId) -> Result<Option<ReservationId>, StoreError> {
        sqlx::query_scalar!(
            "SELECT id FROM reservations
             WHERE quote_id = $1 AND guest_id = $2
               AND (status IN ('confirmed', 'checked_in', 'completed')
                    OR status = 'held' AND hold_expires_at > clock_timestamp())",
            quote.uuid(),
            self.whose.guest.uuid(),
        )
        .fetch_optional(&mut *self.conn)
        .await
        .doing("look whether the quote is held already")
        .map(|id| id.map(ReservationId::from))
    }

    pub(super) async fn call_off(
        &mut self,
        id: ReservationId,
    ) -> Result<Result<(Booked, Outcome), Denied>, StoreError> {
        let Some(status) = self.own_status(id).await? else {
            return Ok(Err(Denied::NotFound));
        };
        let by = &self.by;
        let answer = in_savepoint!(self.conn, |tx| cancel::cancel_in(
            tx,
            by,
            id,
            CancelBy::Guest,
            "",
            None
        ));
        let answer = answer.map(|(booking, outcome)| (booked::booked(booking), outcome));
        settled(answer, status)
    }

    pub(super) async fn move_to(
        &mut self,
        id: ReservationId,
        quote: QuoteId,
    ) -> Result<Result<Booked, Denied>, StoreError> {
        let Some(booking) = self.own_booking(id).await? else {
            return Ok(Err(Denied::NotFound));
        };
        let quote = self.own_quote(quote).await?;
        let Some(quote) = quote.filter(|quote| quote.property == booking.property) else {
            return Ok(Err(Denied::NotFound));
        };
        if quote.id == booking.quote {
            // Tapped twice: it is so already.
            return Ok(Ok(booked::booked(booking)));
        }
        let request = ChangeRequest {
            to: To::Quote(quote.id),
            by: Changer::Guest,
            adjustments: Vec::new(),
            expected_version: None,
        };
        let by = &self.by;
        let changed = in_savepoint!(self.conn, |tx| change::change_in(
            tx, by, id, &quote, &request
        ));
        settled(changed.map(booked::booked), booking.state.status())
    }

    pub(super) async fn submit_receipt(
        &mut self,
        id: ReservationId,
        entry: EntryId,
    ) -> Result<Result<Booked, Denied>, StoreError> {
        let Some(status) = self.own_status(id).await? else {
            return Ok(Err(Denied::NotFound));
        };
        // One that waits for the owner's look outlives the booking: it may be of money. More of them are not taken.
        if !matches!(status, Status::Held | Status::Confirmed | Status::CheckedIn) {
            return Ok(Err(Denied::State(status)));
        }
        let media = self.media_of(entry).await?;
        let by = &self.by;
        let answer = in_savepoint!(self.conn, |tx| receipts::submit_in(tx, by, id, media));
        settled(answer.map(booked::booked), status)
    }

    /// The file an entry of this chat brought.
    async fn media_of(&mut self, entry: EntryId) -> Result<Option<MediaId>, StoreError> {
        sqlx::query_scalar!(
            "SELECT m.media_id FROM mailbox e JOIN messages m ON m.id = e.message_id
             WHERE e.id = $1 AND e.conversation_id = $2",
            entry.uuid(),
            self.whose.conversation.uuid(),
        )
        .fetch_optional(&mut *self.conn)
        .await
        .doing("look for the entry's file")
        .map(|media| media.flatten().map(MediaId::from))
    }

    pub(super) async fn set_opted_out(&mut self, out: bool) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE guests
             SET opted_out_at = CASE WHEN $2 THEN coalesce(opted_out_at, clock_timestamp()) END
             WHERE id = $1 AND (opted_out_at IS NOT NULL) <> $2",
            self.whose.guest.uuid(),
            out,
        )
        .execute(&mut *self.conn)
        .await
        .doing("note whether the guest wants our messages")
        .map(|_| ())
    }
}
