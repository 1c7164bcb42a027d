//! Using a credit, or not.

use chrono::{DateTime, Utc};
use posta_domain::{
    money::Money,
    reservation::{Awaiting, Hold, Illegal, Reservation},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    audit::{self, By},
    booking::{
        BookingError,
        lock::{self, Locked},
        money::Method,
        settling::{self, Arrived},
        view::Booking,
    },
    error::{Doing as _, StoreError},
    ids::{LedgerEntryId, ReservationId},
    pool::Store,
};

/// Pays what is open of the booking with what its guest has, as far as that goes; nothing if she has nothing.
pub async fn use_for(store: &Store, by: &By, id: ReservationId) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let locked = lock::whole(&mut tx, by.tenant, id, &[]).await?;
    let booking = &locked.booking;
    let payable = match booking.state {
        Reservation::Held(Hold { awaiting, .. }) => awaiting != Awaiting::Owner,
        Reservation::Confirmed | Reservation::CheckedIn => true,
        _ => false,
    };
    if !payable {
        return Err(Illegal::From {
            from: booking.state.status(),
            step: "be paid with a credit",
        }
        .into());
    }
    let Money {
        mut minor,
        currency,
    } = booking.open();
    for (credit, left) in available(&mut tx, by, booking).await? {
        let part = left.min(minor);
        if part > 0 {
            minor -= part;
            let part = Money::new(part, currency);
            take(&mut tx, by, (id, locked.now), credit, part).await?;
        }
    }
    let after = lock::read(&mut tx, by.tenant, id).await?;
    tx.commit().await.doing("commit the use of credits")?;
    Ok(after)
}

/// What the guest has of the currency, the first to end first; locked.
async fn available(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
) -> Result<Vec<(Uuid, i64)>, StoreError> {
    let locked = sqlx::query_scalar!(
        "SELECT id FROM credits
         WHERE tenant_id = $1 AND guest_id = $2 AND currency = $3 AND used + expired < amount
         ORDER BY id FOR NO KEY UPDATE",
        by.tenant.uuid(),
        booking.guest.uuid(),
        booking.charge.currency.as_str(),
    )
    .fetch_all(&mut *tx)
    .await
    .doing("lock the guest's credits")?;
    let rows = sqlx::query!(
        r#"SELECT id, amount - used - expired AS "left!" FROM credits
           WHERE id = ANY ($1) AND expires_at > clock_timestamp() AND used + expired < amount
           ORDER BY expires_at, id"#,
        &locked,
    )
    .fetch_all(tx)
    .await
    .doing("read the guest's credits")?;
    Ok(rows.into_iter().map(|row| (row.id, row.left)).collect())
}

/// Pays with a part of one. The booking is read again for each: what came before it has changed it.
async fn take(
    tx: &mut PgConnection,
    by: &By,
    (id, now): (ReservationId, DateTime<Utc>),
    credit: Uuid,
    part: Money,
) -> Result<(), BookingError> {
    let before = sqlx::query_scalar!(
        r#"UPDATE credits SET used = used + $2 WHERE id = $1 RETURNING used - $2 AS "before!""#,
        credit,
        part.minor,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("take from a credit")?;
    let locked = Locked {
        booking: lock::read(tx, by.tenant, id).await?,
        now,
        spare: Vec::new(),
    };
    let arrived = Arrived {
        method: Method::Transfer,
        // How much of it was used before: no two are the same.
        payment: &format!("{id}:{before}"),
        credit: Some(credit.into()),
        payment_id: None,
        amount: part,
        gone: 0,
        fees: None,
        request: None,
        by_itself: false,
        note: "",
    };
    settling::arrive(tx, by, &locked, &arrived).await?;
    Ok(())
}

/// Ends about so many credits whose time is over: what nobody used stays with the owner. Answers how many.
pub async fn expire_due(store: &Store, limit: i64) -> Result<u64, StoreError> {
    let due = sqlx::query!(
        "SELECT id, reservation_id FROM credits
         WHERE used + expired < amount AND expires_at <= clock_timestamp()
         ORDER BY expires_at, id
         LIMIT $1",
        limit,
    )
    .fetch_all(store.pool())
    .await
    .doing("look for credits whose time is over")?;
    let mut ended = 0;
    for row in due {
        ended += u64::from(end(store, row.id, row.reservation_id).await?);
    }
    Ok(ended)
}

async fn end(store: &Store, credit: Uuid, reservation: Uuid) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    sqlx::query_scalar!(
        "SELECT id FROM reservations WHERE id = $1 FOR NO KEY UPDATE",
        reservation
    )
    .fetch_one(&mut *tx)
    .await
    .doing("lock the credit's booking")?;
    let ended = sqlx::query!(
        r#"UPDATE credits AS c SET expired = c.amount - c.used
           WHERE c.id = $1 AND c.used + c.expired < c.amount AND c.expires_at <= clock_timestamp()
           RETURNING c.tenant_id, c.guest_id, c.reservation_id, c.currency, c.expired, c.expires_at"#,
        credit,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("end a credit")?;
    let Some(row) = ended else {
        return Ok(false);
    };
    let by = By {
        tenant: row.tenant_id.into(),
        actor: "system:credits".to_owned(),
        request_id: None,
    };
    sqlx::query!(
        "INSERT INTO ledger_entries (tenant_id, id, reservation_id, guest_id, kind, provider, payment, currency, amount,
                                     recorded_by)
         VALUES ($1, $2, $3, $4, 'credit_expired', 'internal', $5, $6, $7, $8)",
        row.tenant_id,
        LedgerEntryId::fresh().uuid(),
        row.reservation_id,
        row.guest_id,
        format!("credit:{credit}"),
        row.currency,
        row.expired,
        by.actor,
    )
    .execute(&mut *tx)
    .await
    .doing("enter the credit's end into the ledger")?;
    let ended_at: DateTime<Utc> = row.expires_at;
    audit::record(
        &mut tx,
        &by,
        &format!("reservation:{}", row.reservation_id),
        "credit_expired",
        serde_json::json!({ "credit": credit, "minor": row.expired, "currency": row.currency, "at": ended_at }),
    )
    .await?;
    tx.commit().await.doing("commit the credit's end")?;
    Ok(true)
}
