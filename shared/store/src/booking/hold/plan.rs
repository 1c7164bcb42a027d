//! Which cabins come into question for a quote.

use posta_domain::{nights::Period, refusal::Refusal};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{HoldRequest, choose::Want};
use crate::{
    booking::{BookingError, quotes::Quote},
    catalog::Place,
    error::{Doing as _, StoreError},
    ids::{AccommodationId, QuoteId, TenantId},
};

/// A booking that this quote has become before, and whose time as a hold may be over.
pub(super) struct Earlier {
    /// It.
    pub(super) overdue: Vec<Uuid>,
    /// Its cabins: whoever ends it holds them.
    pub(super) cabins: Vec<AccommodationId>,
}

/// Looks for one. It may have another cabin by now than the quote leads to.
pub(super) async fn earlier(tx: &mut PgConnection, quote: QuoteId) -> Result<Earlier, StoreError> {
    let rows = sqlx::query!(
        "SELECT r.id, s.accommodation_id
         FROM reservations r JOIN stays s ON s.reservation_id = r.id
         WHERE r.quote_id = $1 AND r.status = 'held'",
        quote.uuid(),
    )
    .fetch_all(tx)
    .await
    .doing("look for an earlier hold of the quote")?;
    let mut overdue: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    overdue.dedup();
    Ok(Earlier {
        overdue,
        cabins: rows
            .into_iter()
            .map(|row| row.accommodation_id.into())
            .collect(),
    })
}

/// The cabins to lock: those that were named, or all of the kinds that are asked for.
pub(super) async fn candidates(
    tx: &mut PgConnection,
    tenant: TenantId,
    quote: &Quote,
    named: &[AccommodationId],
) -> Result<Vec<AccommodationId>, BookingError> {
    let stays = &quote.inputs.stays;
    if !named.is_empty() {
        if named.len() != stays.len() {
            return Err(Refusal::StaysImpossible.into());
        }
        return Ok(named.to_vec());
    }
    let certain = stays.iter().filter_map(|stay| stay.accommodation);
    let kinds: Vec<Uuid> = stays
        .iter()
        .filter(|stay| stay.accommodation.is_none())
        .map(|stay| stay.unit_type.uuid())
        .collect();
    let of_kinds = sqlx::query_scalar!(
        "SELECT id FROM accommodations WHERE tenant_id = $1 AND unit_type_id = ANY($2)",
        tenant.uuid(),
        &kinds,
    )
    .fetch_all(tx)
    .await
    .doing("look for cabins of the kind")?;
    let mut all: Vec<AccommodationId> = certain
        .chain(of_kinds.into_iter().map(AccommodationId::from))
        .collect();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// For each stay the cabins that may be given to it, by what the place is now: only what is let. The owner may let a
/// certain cabin that is not, by hand.
pub(super) fn wants(
    place: &Place,
    quote: &Quote,
    request: &HoldRequest,
    locked: &[AccommodationId],
) -> Result<Vec<Want>, Refusal> {
    let stays = quote.inputs.stays.iter().enumerate();
    let wants = stays.map(|(at, stay)| {
        let named = request.cabins.get(at);
        let possible: Vec<_> = place
            .cabins_of(stay.unit_type)
            .filter(|cabin| locked.contains(&cabin.id))
            .filter(|cabin| named.is_none_or(|name| *name == cabin.id))
            .filter(|cabin| stay.accommodation.is_none_or(|certain| certain == cabin.id))
            .collect();
        if possible.is_empty() && named.is_some() {
            // Another kind's, another property's, or another one than was quoted.
            return Err(Refusal::Unknown {
                what: "accommodation".to_owned(),
            });
        }
        let is_certain = named.or(stay.accommodation.as_ref()).is_some();
        let anyway = request.source.by_hand() && is_certain;
        let let_now = place
            .unit_type(stay.unit_type)
            .is_some_and(|unit_type| unit_type.active);
        let cabins: Vec<AccommodationId> = possible
            .into_iter()
            .filter(|cabin| anyway || (cabin.active && let_now))
            .map(|cabin| cabin.id)
            .collect();
        if cabins.is_empty() {
            return Err(Refusal::Inactive);
        }
        Ok(Want {
            period: stay.period,
            cabins,
        })
    });
    wants.collect()
}

/// From the first arrival to the last departure.
pub(super) fn window(quote: &Quote) -> Result<Period, Refusal> {
    let periods = || quote.inputs.stays.iter().map(|stay| stay.period);
    match (
        periods().map(Period::check_in).min(),
        periods().map(Period::check_out).max(),
    ) {
        (Some(first), Some(last)) => Period::new(first, last),
        _ => Err(Refusal::StaysImpossible),
    }
}
