//! Which cabins a changed booking gets.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::{nights::Period, refusal::Refusal};
use sqlx::PgConnection;

use crate::{
    booking::{BookingError, claims, hold::assign, nights, quotes::Quote, view::Booking},
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
    let all: Vec<AccommodationId> = candidates.iter().flatten().copied().collect();
    let window = window(quote)?;
    let wanted: Vec<_> = all.iter().map(|cabin| (*cabin, window)).collect();
    claims::free_expired(tx, &wanted, now).await?;
    let mut taken = claims::taken(tx, &all, window, now).await?;
    // Its own nights make way in this transaction.
    let others = nights::others(&own);
    taken.retain(|taken| others(&taken.by));
    let mut free = Vec::new();
    let mut nights_taken = BTreeSet::new();
    for (stay, mut cabins) in quote.inputs.stays.iter().zip(candidates) {
        if cabins.is_empty() {
            return Err(Refusal::Inactive.into());
        }
        cabins.sort_by_key(|cabin| (!had.contains(cabin), *cabin));
        let in_the_way = |cabin| {
            let here = taken
                .iter()
                .filter(move |taken| taken.accommodation == cabin);
            here.filter(|taken| taken.period.overlaps(stay.period))
        };
        nights_taken.extend(
            cabins
                .iter()
                .flat_map(|cabin| in_the_way(*cabin))
                .flat_map(|taken| taken.period.nights())
                .filter(|night| stay.period.nights().any(|own| own == *night)),
        );
        cabins.retain(|cabin| in_the_way(*cabin).next().is_none());
        free.push((stay.period, cabins));
    }
    if let Some(chosen) = assign(&free) {
        return Ok(chosen);
    }
    let nights: Vec<NaiveDate> = nights_taken.into_iter().collect();
    Err(Refusal::Taken { nights }.into())
}

/// From the first arrival to the last departure.
fn window(quote: &Quote) -> Result<Period, BookingError> {
    let periods = || quote.inputs.stays.iter().map(|stay| stay.period);
    let first = periods().map(Period::check_in).min();
    let last = periods().map(Period::check_out).max();
    let (first, last) = first.zip(last).ok_or(Refusal::StaysImpossible)?;
    Ok(Period::new(first, last)?)
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
        let free = [(period(1, 5), vec![a, b]), (period(3, 6), vec![a])];
        assert_eq!(assign(&free), Some(vec![b, a]));
    }

    #[test]
    fn two_stays_share_a_cabin_only_one_after_the_other() {
        let a = AccommodationId::fresh();
        let one = |second| assign(&[(period(1, 5), vec![a]), (second, vec![a])]);
        assert!(one(period(5, 6)).is_some());
        assert!(one(period(4, 6)).is_none());
    }

    #[test]
    fn ten_stays_of_which_one_finds_nothing_are_refused_at_once() {
        let many: Vec<_> = (0..30).map(|_| AccommodationId::fresh()).collect();
        let mut free = vec![(period(1, 5), many.clone()); 9];
        free.push((period(1, 5), Vec::new()));
        assert_eq!(assign(&free), None);
        // As many stays as cabins plus one: no order of trying helps.
        let few: Vec<_> = many.into_iter().take(9).collect();
        assert_eq!(assign(&vec![(period(1, 5), few); 10]), None);
    }
}
