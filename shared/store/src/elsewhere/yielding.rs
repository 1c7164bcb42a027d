//! A hold gives way to a night sold on another channel.

use posta_domain::{
    dialogue::Event,
    reservation::{End, on_end},
};
use sqlx::PgConnection;

use super::{resolve, uuids};
use crate::{
    attention::{self, NewAttention},
    audit::{self, By},
    booking::{
        BookingError, claims, lock,
        money::{self, RequestEnd},
        view::{self, Booking},
    },
    error::{Doing as _, StoreError},
    events,
    ids::{ReservationId, StayId},
    pool::Store,
};

/// Ends the hold, if it still is one, still collides, and nobody looks at its receipt. All it has paid is owed back.
pub(super) async fn give_way(
    store: &Store,
    by: &By,
    id: ReservationId,
) -> Result<bool, BookingError> {
    let mut tx = store.begin().await?;
    let booking = lock::whole(&mut tx, by.tenant, id, &[]).await?.booking;
    let yielding = booking.state.give_way().ok();
    let yielded = if let Some(to) = yielding
        && collides(&mut tx, &booking).await?
    {
        view::step(&mut tx, &booking, to).await?;
        claims::release(&mut tx, &booking).await?;
        money::close_requests(&mut tx, id, RequestEnd::Withdrawn).await?;
        let ended = on_end(End::Yielded, booking.paid);
        money::ended(&mut tx, by, id, booking.guest, ended).await?;
        let stays: Vec<StayId> = booking.stays.iter().map(|stay| stay.id).collect();
        resolve(&mut tx, by.tenant, &stays, "yielded").await?;
        tell(&mut tx, by, &booking).await?;
        true
    } else {
        false
    };
    // Also when it did not give way: its time may have been over, and that has been noted.
    tx.commit().await.doing("commit that the hold gave way")?;
    Ok(yielded)
}

/// By the nights as they are now, with the cabins locked.
async fn collides(tx: &mut PgConnection, booking: &Booking) -> Result<bool, StoreError> {
    let stays: Vec<StayId> = booking.stays.iter().map(|stay| stay.id).collect();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM claims c
               JOIN external_nights n ON n.accommodation_id = c.accommodation_id AND c.period @> n.night
               WHERE c.stay_id = ANY($1)) AS "collides!""#,
        &uuids(&stays, StayId::uuid),
    )
    .fetch_one(tx)
    .await
    .doing("compare the hold with the nights sold elsewhere")
}

/// Its guest, who wants alternatives, and the owner.
async fn tell(tx: &mut PgConnection, by: &By, booking: &Booking) -> Result<(), StoreError> {
    let subject = format!("reservation:{}", booking.id);
    audit::record(
        tx,
        by,
        &subject,
        "yielded",
        serde_json::json!({ "refund": booking.paid }),
    )
    .await?;
    let event = Event::HoldYielded {
        reservation: booking.id,
    };
    let key = format!("yielded:{}", booking.id);
    events::tell(tx, by.tenant, booking.guest, &event, &key).await?;
    let matter = NewAttention {
        tenant: by.tenant,
        kind: "hold_yielded",
        subject: &subject,
        detail: serde_json::json!({ "code": booking.code }),
        deadline: None,
    };
    attention::raise(tx, &matter).await
}
