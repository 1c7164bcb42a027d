//! Looking: what is free, what it costs, what the guest has. Locks nothing.

use posta_domain::{
    availability::{Alternatives, Offers, Search},
    cancellation::Outcome,
    conditions::Checks,
    dialogue::{Booked, Denied, Quoted, Wanted},
    refusal::Refusal,
    reservation::Status,
};
use uuid::Uuid;

use super::{TurnWorld, booked, denied};
use crate::{
    availability,
    booking::{
        Asked, Booking, BookingError, Quote, QuoteRequest, What,
        cancel::{self, CancelBy},
        quotes, view,
    },
    catalog,
    error::{Doing as _, StoreError},
    ids::{QuoteId, ReservationId},
};

/// Bookings at most: a guest who has had more is a travel agent, and asks by code.
const MOST_BOOKINGS: i64 = 50;

impl TurnWorld<'_> {
    pub(super) async fn look_for(&mut self, search: &Search) -> Result<Offers, StoreError> {
        if self.place.is_none()
            && let Some(property) = self.whose.property
        {
            self.place = catalog::place(self.conn, Some(self.whose.tenant), property).await?;
        }
        let Some(place) = &self.place else {
            return Ok(Offers {
                offers: Vec::new(),
                refusal: Some(Refusal::Inactive),
                alternatives: Alternatives::default(),
            });
        };
        let today = catalog::today(self.conn, place.property.zone).await?;
        availability::offers(self.conn, place, today, search).await
    }

    pub(super) async fn make_quote(
        &mut self,
        stays: &[Wanted],
    ) -> Result<Result<Quoted, Refusal>, StoreError> {
        let Some(property) = self.whose.property else {
            return Ok(Err(Refusal::Inactive));
        };
        let stays = stays.iter().map(|wanted| Asked {
            what: wanted
                .cabin
                .map_or(What::Type(wanted.unit_type), What::Cabin),
            period: wanted.period,
            party: wanted.party.clone(),
        });
        let request = QuoteRequest {
            property,
            stays: stays.collect(),
            charge_currency: None,
            adjustments: Vec::new(),
            guest: Some(self.whose.guest),
            checks: Checks::Guest,
        };
        // It refuses before it writes: no savepoint is needed.
        match quotes::make_in(self.conn, &self.by, &request).await {
            Ok(quote) => Ok(Ok(booked::quoted(quote))),
            Err(error) => match denied(error, Status::Held)? {
                Denied::Refused(refusal) => Ok(Err(refusal)),
                Denied::NotFound | Denied::State(_) => Ok(Err(Refusal::Inactive)),
            },
        }
    }

    pub(super) async fn own_quote(&mut self, id: QuoteId) -> Result<Option<Quote>, StoreError> {
        let quote = quotes::get(self.conn, Some(self.whose.tenant), id).await?;
        Ok(quote.filter(|quote| quote.guest == Some(self.whose.guest)))
    }

    pub(super) async fn own_booking(
        &mut self,
        id: ReservationId,
    ) -> Result<Option<Booking>, StoreError> {
        let booking = view::view(self.conn, self.whose.tenant, id).await?;
        Ok(booking.filter(|booking| booking.guest == self.whose.guest))
    }

    pub(super) async fn own_bookings(&mut self) -> Result<Vec<Booked>, StoreError> {
        // Living are those that take nights still to come, or of a guest who is there; a hold whose time is over is
        // not, swept or not.
        let ids: Vec<Uuid> = sqlx::query_scalar!(
            "SELECT r.id
             FROM reservations r
             JOIN properties p ON p.id = r.property_id
             CROSS JOIN LATERAL (SELECT max(s.check_out) AS check_out FROM stays s WHERE s.reservation_id = r.id) AS last
             CROSS JOIN LATERAL (
                 SELECT last.check_out >= (clock_timestamp() AT TIME ZONE p.zone)::date
                        AND (r.status IN ('confirmed', 'checked_in')
                             OR r.status = 'held' AND r.hold_expires_at > clock_timestamp()) AS living,
                        coalesce(r.ended_at, r.hold_expires_at, last.check_out) AS ended_at) AS it
             WHERE r.tenant_id = $1 AND r.guest_id = $2
               AND (it.living OR it.ended_at > clock_timestamp() - interval '30 days')
             ORDER BY it.living DESC, r.created_at DESC, r.id DESC
             LIMIT $3",
            self.whose.tenant.uuid(),
            self.whose.guest.uuid(),
            MOST_BOOKINGS,
        )
        .fetch_all(&mut *self.conn)
        .await
        .doing("list the guest's bookings")?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let bookings = view::current(self.conn, self.whose.tenant, &ids).await?;
        Ok(bookings.into_iter().map(booked::booked).collect())
    }

    pub(super) async fn what_cancelling_means(
        &mut self,
        id: ReservationId,
    ) -> Result<Result<Outcome, Denied>, StoreError> {
        let Some(status) = self.own_status(id).await? else {
            return Ok(Err(Denied::NotFound));
        };
        let preview = cancel::preview(self.conn, self.whose.tenant, id, CancelBy::Guest).await;
        settled(preview, status)
    }

    /// Where a booking of this guest's stands; nothing for anybody else's. She cannot become another while we hold the
    /// chat: merging guests locks their chats first.
    pub(super) async fn own_status(
        &mut self,
        id: ReservationId,
    ) -> Result<Option<Status>, StoreError> {
        let status = sqlx::query_scalar!(
            "SELECT status FROM reservations WHERE tenant_id = $1 AND id = $2 AND guest_id = $3",
            self.whose.tenant.uuid(),
            id.uuid(),
            self.whose.guest.uuid(),
        )
        .fetch_optional(&mut *self.conn)
        .await
        .doing("look whose the booking is")?;
        status
            .map(|status| {
                status.parse().map_err(|_| StoreError::Unreadable {
                    what: "reservations.status",
                    source: "not one that is known".into(),
                })
            })
            .transpose()
    }
}

/// A use case's answer, as the dialogue takes it.
pub(super) fn settled<T>(
    answer: Result<T, BookingError>,
    status: Status,
) -> Result<Result<T, Denied>, StoreError> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(error) => denied(error, status).map(Err),
    }
}
