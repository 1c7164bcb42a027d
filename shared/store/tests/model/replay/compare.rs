//! The bookings, nights and money of the model beside those of the database.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use posta_domain::reservation::{Reservation, Status};
use uuid::Uuid;

use super::place::Place;
use crate::world::{Booking, World, at};

/// A booking as both sides can say it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    status: &'static str,
    awaiting: Option<&'static str>,
    paid: i64,
    refund: i64,
    retained: i64,
    /// Cabin, first night, night after the last, whether only held.
    claims: BTreeSet<(u8, u8, u8, bool)>,
    /// Stays that collide with a night sold elsewhere.
    collisions: usize,
}

/// What is read of a booking: status, awaiting, whether its hold is over, payments, refunds, retained, collisions.
type Row = (String, Option<String>, bool, i64, i64, i64, i64);
/// And of a claim: cabin, first night, day after the last, kind.
type ClaimRow = (Uuid, NaiveDate, NaiveDate, String);

impl Said {
    /// A hold whose time is over has expired, has no nights, and owes back what was in it.
    fn seen(mut self, over: bool) -> Self {
        if over {
            self.status = Status::Expired.as_str();
            self.awaiting = None;
            self.refund = self.paid - self.retained;
            self.claims.clear();
        }
        if !matches!(self.status, "held" | "confirmed" | "checked_in") {
            self.collisions = 0;
        }
        self
    }
}

impl Place {
    /// In what the two differ, if they do.
    pub(super) async fn differs(&self, world: &World) -> Option<String> {
        let made: Vec<_> = self
            .made
            .borrow()
            .iter()
            .flatten()
            .map(|made| made.id)
            .collect();
        let mut here = Vec::new();
        for id in made {
            here.push(self.stored(id.uuid(), world.now).await);
        }
        let there: Vec<_> = world
            .bookings()
            .map(|booking| modelled(booking, world.now))
            .collect();
        (here != there).then(|| format!("database: {here:#?}\nmodel: {there:#?}"))
    }

    async fn stored(&self, id: Uuid, now: u8) -> Said {
        let row: Row = sqlx::query_as(
            "SELECT r.status, r.awaiting, coalesce(r.hold_expires_at <= clock_timestamp(), false),
                    (SELECT coalesce(sum(amount), 0)::bigint FROM ledger_entries
                     WHERE reservation_id = r.id AND kind = 'payment'),
                    (SELECT coalesce(sum(amount), 0)::bigint FROM refunds WHERE reservation_id = r.id),
                    (SELECT coalesce(sum(amount), 0)::bigint FROM ledger_entries
                     WHERE reservation_id = r.id AND kind = 'retention'),
                    (SELECT count(DISTINCT c.stay_id) FROM collisions c JOIN stays s ON s.id = c.stay_id
                     WHERE s.reservation_id = r.id AND c.state = 'open')
             FROM reservations r WHERE r.id = $1",
        )
        .bind(id)
        .fetch_one(self.pool())
        .await
        .expect("the booking is read");
        let claims: Vec<ClaimRow> = sqlx::query_as(
            "SELECT c.accommodation_id, lower(c.period), upper(c.period), c.kind
             FROM claims c JOIN stays s ON s.id = c.stay_id WHERE s.reservation_id = $1",
        )
        .bind(id)
        .fetch_all(self.pool())
        .await
        .expect("the claims are read");
        let claims = claims.into_iter().map(|(cabin, from, to, kind)| {
            let cabins = &self.lodge.cabins;
            let cabin = cabins.iter().position(|known| known.uuid() == cabin);
            let cabin = u8::try_from(cabin.expect("a cabin of the lodge")).expect("two cabins");
            (
                cabin,
                self.night(from, now),
                self.night(to, now),
                kind == "hold",
            )
        });
        let (status, awaiting, over, paid, refund, retained, collisions) = row;
        let status: Status = status.parse().expect("a status");
        let awaiting = awaiting.map(|awaiting| match awaiting.as_str() {
            "payment" => "payment",
            "verification" => "verification",
            _ => "owner",
        });
        Said {
            status: status.as_str(),
            awaiting,
            paid,
            refund,
            retained,
            claims: claims.collect(),
            collisions: usize::try_from(collisions).expect("a few"),
        }
        .seen(over)
    }
}

fn modelled(booking: &Booking, now: u8) -> Said {
    let awaiting = match booking.state {
        Reservation::Held(hold) => Some(hold.awaiting.as_str()),
        _ => None,
    };
    let claims = booking.stays().filter_map(|stay| stay.claim);
    let claims = claims.map(|claim| {
        let nights = claim.nights;
        (
            nights.cabin,
            nights.from,
            nights.to,
            claim.expires.is_some(),
        )
    });
    Said {
        status: booking.state.status().as_str(),
        awaiting,
        paid: booking.paid,
        refund: booking.refund,
        retained: booking.retained,
        claims: claims.collect(),
        collisions: booking.stays().filter(|stay| stay.collision > 0).count(),
    }
    .seen(booking.state.at(at(now)) != booking.state)
}
