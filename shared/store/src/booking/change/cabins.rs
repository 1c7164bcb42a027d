//! Which cabins a changed booking gets.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::{nights::Period, refusal::Refusal};
use sqlx::PgConnection;

use crate::{
    booking::{BookingError, nights, quotes::Quote, view::Booking},
    catalog::{self, Place},
    ids::{AccommodationId, StayId},
};

/// What the quote is about, as it is let now.
pub(super) async fn place(conn: &mut PgConnection, quote: &Quote) -> Result<Place, BookingError> {
    catalog::place(conn, Some(quote.tenant), quote.property)
        .await?
        .ok_or(BookingError::NotFound("property"))
}

/// For each stay of the quote, the cabins it may get, ascending.
pub(super) fn candidates(place: &Place, quote: &Quote) -> Vec<Vec<AccommodationId>> {
    quote
        .inputs
        .stays
        .iter()
        .map(|stay| {
            let mut ids: Vec<AccommodationId> = place
                .cabins
                .iter()
                .filter(|cabin| cabin.active && cabin.unit_type == stay.unit_type)
                .map(|cabin| cabin.id)
                .filter(|id| stay.accommodation.is_none_or(|asked| asked == *id))
                .collect();
            ids.sort_unstable();
            ids
        })
        .collect()
}

/// One for each stay, none twice for one night. A cabin the booking has already is preferred: a guest who only comes a
/// day later stays where she is.
pub(super) async fn choose(
    tx: &mut PgConnection,
    booking: &Booking,
    quote: &Quote,
    candidates: Vec<Vec<AccommodationId>>,
    now: DateTime<Utc>,
) -> Result<Vec<AccommodationId>, BookingError> {
    let own: Vec<StayId> = booking.stays.iter().map(|stay| stay.id).collect();
    let had: Vec<AccommodationId> = booking.stays.iter().map(|stay| stay.cabin).collect();
    let mut free = Vec::new();
    let mut nights_taken = BTreeSet::new();
    for (stay, mut cabins) in quote.inputs.stays.iter().zip(candidates) {
        if cabins.is_empty() {
            return Err(Refusal::Inactive.into());
        }
        cabins.sort_by_key(|cabin| (!had.contains(cabin), *cabin));
        let mut open = Vec::new();
        for cabin in cabins {
            let taken = nights::taken(tx, cabin, stay.period, now, nights::others(&own)).await?;
            if taken.is_empty() {
                open.push(cabin);
            } else {
                nights_taken.extend(taken);
            }
        }
        free.push((stay.period, open));
    }
    let mut chosen = Vec::new();
    if assign(&free, &mut chosen) {
        return Ok(chosen);
    }
    let nights: Vec<NaiveDate> = nights_taken.into_iter().collect();
    Err(Refusal::Taken { nights }.into())
}

/// Tries the cabins of the next stay in their order; goes back where a later one finds none. Ten stays at most, and a
/// type has few cabins.
fn assign(free: &[(Period, Vec<AccommodationId>)], chosen: &mut Vec<AccommodationId>) -> bool {
    let Some((period, open)) = free.get(chosen.len()) else {
        return true;
    };
    for cabin in open {
        let clashes = chosen
            .iter()
            .zip(free)
            .any(|(other, (its, _))| other == cabin && its.overlaps(*period));
        if clashes {
            continue;
        }
        chosen.push(*cabin);
        if assign(free, chosen) {
            return true;
        }
        chosen.pop();
    }
    false
}

#[cfg(test)]
mod tests {
    use posta_domain::nights::Period;

    use super::{AccommodationId, assign};

    fn period(from: u32, until: u32) -> Period {
        let day = |day| chrono::NaiveDate::from_ymd_opt(2027, 1, day).unwrap();
        Period::new(day(from), day(until)).unwrap()
    }

    #[test]
    fn a_stay_leaves_the_only_cabin_to_the_one_that_needs_it() {
        let (a, b) = (AccommodationId::fresh(), AccommodationId::fresh());
        let mut chosen = Vec::new();
        let free = [(period(1, 5), vec![a, b]), (period(3, 6), vec![a])];
        assert!(assign(&free, &mut chosen));
        assert_eq!(chosen, [b, a]);
    }

    #[test]
    fn two_stays_share_a_cabin_only_one_after_the_other() {
        let a = AccommodationId::fresh();
        let one = |second| {
            assign(
                &[(period(1, 5), vec![a]), (second, vec![a])],
                &mut Vec::new(),
            )
        };
        assert!(one(period(5, 6)));
        assert!(!one(period(4, 6)));
    }
}
