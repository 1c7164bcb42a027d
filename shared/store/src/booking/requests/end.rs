//! What is asked for no longer: taken back, or its time is over.

use posta_domain::{
    money::Money,
    reservation::{Illegal, Reason, Status},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::open_rows;
use crate::{
    audit::{self, By},
    booking::{
        BookingError, lock,
        money::{Purpose, RequestEnd, close_request, owe},
        view::Booking,
    },
    error::{Doing as _, StoreError},
    ids::{PaymentRequestId, ReservationId},
    pool::Store,
};

/// Who ends what has an end.
const ACTOR: &str = "system:payments";

/// The owner takes it back. Twice is fine; the deposit of a hold stays, since the hold waits for it.
pub async fn withdraw(
    store: &Store,
    by: &By,
    request: PaymentRequestId,
) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let id = sqlx::query_scalar!(
        "SELECT reservation_id FROM payment_requests WHERE tenant_id = $1 AND id = $2",
        by.tenant.uuid(),
        request.uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("look for what was asked for")?
    .ok_or(BookingError::NotFound("payment request"))?;
    let id = ReservationId::from(id);
    let booking = lock::whole(&mut tx, by.tenant, id, &[]).await?.booking;
    let row = booking.requests.iter().find(|row| row.id == request);
    let row = row.ok_or(BookingError::NotFound("payment request"))?;
    match row.state.as_str() {
        "open" => {}
        "withdrawn" => return Ok(booking),
        _ => return Err(BookingError::Stale),
    }
    if booking.state.status() == Status::Held && row.purpose == Purpose::Deposit {
        return Err(Illegal::From {
            from: Status::Held,
            step: "do without its deposit",
        }
        .into());
    }
    close_request(&mut tx, request, RequestEnd::Withdrawn).await?;
    surplus(&mut tx, by, id).await?;
    let detail =
        serde_json::json!({ "request": request, "purpose": row.purpose, "amount": row.amount });
    audit::record(&mut tx, by, &booking.subject(), "payment_withdrawn", detail).await?;
    let after = lock::read(&mut tx, by.tenant, id).await?;
    tx.commit()
        .await
        .doing("commit that something is no longer asked for")?;
    Ok(after)
}

/// Ends what was asked of bookings that are sold and whose time is over; about so many, answers how many bookings. (A
/// hold ends with its deposit by itself.)
pub async fn expire_due(store: &Store, limit: i64) -> Result<u64, StoreError> {
    let due = sqlx::query!(
        r#"SELECT DISTINCT r.tenant_id, r.id
           FROM payment_requests q JOIN reservations r ON r.id = q.reservation_id
           WHERE q.state = 'open' AND q.expires_at <= clock_timestamp() AND r.status <> 'held'
           LIMIT $1"#,
        limit,
    )
    .fetch_all(store.pool())
    .await
    .doing("look for what is asked for no longer")?;
    let mut ended = 0;
    for row in due {
        let by = By {
            tenant: row.tenant_id.into(),
            actor: ACTOR.to_owned(),
            request_id: None,
        };
        match expire(store, &by, row.id).await {
            Ok(()) => ended += 1,
            Err(BookingError::Store(error)) if error.is_unavailable() => return Err(error),
            Err(BookingError::Busy(_)) => {}
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, reservation = %row.id, "a request for payment could not be ended");
            }
        }
    }
    Ok(ended)
}

async fn expire(store: &Store, by: &By, id: Uuid) -> Result<(), BookingError> {
    let mut tx = store.begin().await?;
    let locked = lock::whole(&mut tx, by.tenant, id.into(), &[]).await?;
    let booking = &locked.booking;
    let over = open_rows(booking).filter(|row| row.expires_at.is_some_and(|at| at <= locked.now));
    for row in over {
        close_request(&mut tx, row.id, RequestEnd::Expired).await?;
        let detail =
            serde_json::json!({ "request": row.id, "purpose": row.purpose, "amount": row.amount });
        audit::record(&mut tx, by, &booking.subject(), "payment_expired", detail).await?;
    }
    surplus(&mut tx, by, booking.id).await?;
    tx.commit()
        .await
        .doing("commit the end of what was asked for")?;
    Ok(())
}

/// What the booking holds beyond all that is asked for goes back.
async fn surplus(tx: &mut PgConnection, by: &By, id: ReservationId) -> Result<(), BookingError> {
    let booking = lock::read(tx, by.tenant, id).await?;
    let over = booking.paid.minor - booking.total().minor;
    if booking.state.takes_nights() && over > 0 {
        let over = Money::new(over, booking.paid.currency);
        owe(tx, by.tenant, id, over, Reason::Overpaid).await?;
    }
    Ok(())
}
