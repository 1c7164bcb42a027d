//! The rows of a changed booking.

use posta_domain::{nights::Period, quote::StayInputs};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    booking::{quotes::Quote, view::Booking},
    error::{Doing as _, StoreError},
    ids::{AccommodationId, QuoteId, StayId},
};

/// A stay that wants its nights.
pub(super) struct Wanting {
    pub(super) id: StayId,
    pub(super) cabin: AccommodationId,
    pub(super) period: Period,
}

/// Puts the quote's stays in the place of the booking's, position by position. The booking's claims are gone.
pub(super) async fn replace(
    tx: &mut PgConnection,
    booking: &Booking,
    quote: &Quote,
    cabins: &[AccommodationId],
) -> Result<Vec<Wanting>, StoreError> {
    let mut stays = Vec::with_capacity(cabins.len());
    for (at, (wanted, cabin)) in quote.inputs.stays.iter().zip(cabins).enumerate() {
        let id = match booking.stays.get(at) {
            Some(old) => {
                put(tx, old.id, wanted, *cabin).await?;
                old.id
            }
            None => add(tx, booking, at, wanted, *cabin).await?,
        };
        stays.push(Wanting {
            id,
            cabin: *cabin,
            period: wanted.period,
        });
    }
    let surplus = booking.stays.iter().skip(cabins.len());
    let surplus: Vec<Uuid> = surplus.map(|stay| stay.id.uuid()).collect();
    if !surplus.is_empty() {
        drop_stays(tx, &surplus).await?;
    }
    Ok(stays)
}

async fn put(
    tx: &mut PgConnection,
    id: StayId,
    wanted: &StayInputs,
    cabin: AccommodationId,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE stays SET unit_type_id = $2, accommodation_id = $3, check_in = $4, check_out = $5, adults = $6,
                          children = $7, pets = $8, left_on = NULL
         WHERE id = $1",
        id.uuid(),
        wanted.unit_type.uuid(),
        cabin.uuid(),
        wanted.period.check_in(),
        wanted.period.check_out(),
        i32::from(wanted.party.adults()),
        serde_json::json!(wanted.party.children()),
        i32::from(wanted.party.pets()),
    )
    .execute(tx)
    .await
    .doing("change the stay")
    .map(|_| ())
}

async fn add(
    tx: &mut PgConnection,
    booking: &Booking,
    at: usize,
    wanted: &StayInputs,
    cabin: AccommodationId,
) -> Result<StayId, StoreError> {
    let id = StayId::fresh();
    sqlx::query!(
        "INSERT INTO stays (tenant_id, id, reservation_id, position, unit_type_id, accommodation_id, check_in, check_out,
                            adults, children, pets)
         SELECT $1, $2, $3, coalesce(max(position), -1) + 1, $4, $5, $6, $7, $8, $9, $10
         FROM stays WHERE reservation_id = $3
         HAVING count(*) = $11",
        booking.tenant.uuid(),
        id.uuid(),
        booking.id.uuid(),
        wanted.unit_type.uuid(),
        cabin.uuid(),
        wanted.period.check_in(),
        wanted.period.check_out(),
        i32::from(wanted.party.adults()),
        serde_json::json!(wanted.party.children()),
        i32::from(wanted.party.pets()),
        i64::try_from(at).unwrap_or(i64::MAX),
    )
    .execute(tx)
    .await
    .doing("add a stay")?;
    Ok(id)
}

/// Cabins the booking has no longer. Their collisions go with them.
async fn drop_stays(tx: &mut PgConnection, stays: &[Uuid]) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE attention SET state = 'done', done_at = clock_timestamp()
         WHERE kind = 'collision' AND state <> 'done'
           AND subject IN (SELECT 'stay:' || stay FROM unnest($1::uuid[]) AS gone (stay))",
        stays,
    )
    .execute(&mut *tx)
    .await
    .doing("close what needed a person for the stays that go")?;
    sqlx::query!("DELETE FROM collisions WHERE stay_id = ANY($1)", stays)
        .execute(&mut *tx)
        .await
        .doing("forget the collisions of the stays that go")?;
    sqlx::query!("DELETE FROM stays WHERE id = ANY($1)", stays)
        .execute(tx)
        .await
        .doing("remove the stays that go")
        .map(|_| ())
}

/// The price in force.
pub(super) async fn put_quote(
    tx: &mut PgConnection,
    booking: &Booking,
    quote: &Quote,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE reservations SET quote_id = $2, charge_total = $3, deposit = $4 WHERE id = $1",
        booking.id.uuid(),
        quote.id.uuid(),
        quote.breakdown.charge.minor,
        quote.breakdown.deposit.minor,
    )
    .execute(tx)
    .await
    .doing("put the new price in force")
    .map(|_| ())
}

/// Whether a booking has the quote already, also one whose hold is over and not swept yet: its row counts for the unique
/// index.
pub(in crate::booking) async fn quote_taken(
    tx: &mut PgConnection,
    quote: QuoteId,
) -> Result<bool, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM reservations
                          WHERE quote_id = $1 AND status IN ('held', 'confirmed', 'checked_in', 'completed')) AS "used!""#,
        quote.uuid(),
    )
    .fetch_one(tx)
    .await
    .doing("look whether the quote is in use")
}
