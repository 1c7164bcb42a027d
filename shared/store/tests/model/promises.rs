//! What must hold in every world that can be reached. Each is asked of the rows alone, not of the steps.

use posta_domain::reservation::{Reservation, Status};

use crate::world::{Booking, Claim, World, at};

/// No night of a cabin is claimed by two.
pub(crate) fn one_owner(world: &World) -> bool {
    let claims: Vec<Claim> = world.bookings().flat_map(claims).collect();
    claims.iter().enumerate().all(|(n, claim)| {
        let others = claims.get(n + 1..).unwrap_or_default();
        others
            .iter()
            .all(|other| !other.nights.overlaps(claim.nights))
    })
}

/// A night that is sold here and elsewhere has an open collision: somebody has been told.
pub(crate) fn no_silent_collision(world: &World) -> bool {
    world.bookings().all(|booking| {
        // A hold that is over takes no nights, swept or not.
        let lives = booking.state.at(at(world.now)).takes_nights();
        booking.stays().all(|stay| {
            let hit = stay.claim.is_some_and(|claim| {
                let elsewhere = world.elsewhere[usize::from(claim.nights.cabin)];
                elsewhere & claim.nights.mask() & world.recent() != 0
            });
            !(lives && hit) || stay.collision > 0
        })
    })
}

/// What lives has the claims of its stays, to the night, of its kind; what has ended has none.
pub(crate) fn claims_fit(world: &World) -> bool {
    world.bookings().all(|booking| {
        let lives = booking.state.takes_nights();
        booking.stays().all(|stay| {
            let wanted = stay.wanted().filter(|_| lives);
            let fits = match (stay.claim, booking.state) {
                (None, _) => true,
                (Some(claim), Reservation::Held(hold)) => {
                    claim.expires.is_some_and(|end| at(end) == hold.expires_at)
                }
                (Some(claim), _) => claim.expires.is_none(),
            };
            fits && stay.claim.map(|claim| claim.nights) == wanted
        })
    })
}

/// Each peso is applied to a living stay, owed back, or retained from one that was called off or not used; and never
/// more is applied than the stay costs.
pub(crate) fn money_has_a_place(world: &World) -> bool {
    world.bookings().all(|booking| {
        let applied = booking.applied();
        let may_apply = if booking.state.takes_nights() {
            booking.total
        } else {
            0
        };
        let retains = matches!(booking.state.status(), Status::Cancelled | Status::NoShow);
        (0..=may_apply).contains(&applied)
            && booking.refund >= 0
            && booking.retained >= 0
            && (retains || booking.retained == 0)
    })
}

/// What the guest handed over is in the ledger, once.
pub(crate) fn handed_over_once(world: &World) -> bool {
    world
        .bookings()
        .all(|booking| booking.handed == booking.paid)
}

/// Who asked for one booking has one.
pub(crate) fn asked_once(world: &World) -> bool {
    world.bookings().count() == usize::from(world.asked)
}

/// Nobody was refused nights that were free: a hold takes none beyond its time.
pub(crate) fn free_means_free(world: &World) -> bool {
    !world.wrongly_refused
}

fn claims(booking: &Booking) -> impl Iterator<Item = Claim> {
    booking.stays().filter_map(|stay| stay.claim)
}
