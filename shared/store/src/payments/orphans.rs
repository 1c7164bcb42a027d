//! Money that belongs to no booking of ours: the owner says what it is.
//!
//! Guaranteed: each is placed once; what it is placed as is in the ledger. Saying the same twice changes nothing; saying
//! something else later is refused.

use posta_domain::money::{Currency, Money};
use sqlx::PgConnection;

use super::apply::{
    orphan_waiting as waiting,
    row::{self, Verdict},
};
use crate::{
    attention,
    audit::{self, By},
    booking::{
        Booking, BookingError,
        ledger::{self, NewLine},
        lock,
        money::{self, Method, NewRefund},
        settling::{self, Arrived},
        view,
    },
    error::{Doing as _, StoreError},
    ids::{PaymentId, RefundId, ReservationId},
    pool::Store,
};

const NO_ORPHAN: BookingError = BookingError::NotFound("payment without a booking");

/// One, locked.
struct Orphan {
    id: PaymentId,
    provider_id: String,
    /// What waits of it.
    waiting: Money,
    verdict: Verdict,
    reason: String,
    reservation: Option<ReservationId>,
}

/// It is for this booking: from now on as if it had arrived for it.
pub async fn assign(
    store: &Store,
    by: &By,
    id: PaymentId,
    reservation: ReservationId,
) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let locked = lock::for_money(&mut tx, by.tenant, reservation).await?;
    let orphan = lock_one(&mut tx, by, id).await?;
    if orphan.verdict == Verdict::Assigned && orphan.reservation == Some(reservation) {
        return Ok(locked.booking);
    }
    waits(&orphan)?;
    row::place(
        &mut tx,
        id,
        Verdict::Assigned,
        "assigned",
        Some(reservation),
    )
    .await?;
    out(&mut tx, by, &orphan, "out").await?;
    let arrived = Arrived {
        method: Method::MercadoPago,
        payment: &orphan.provider_id,
        payment_id: Some(id),
        credit: None,
        amount: orphan.waiting,
        gone: 0,
        fees: None,
        request: None,
        by_itself: false,
        note: "",
    };
    settling::arrive(&mut tx, by, &locked, &arrived).await?;
    placed(&mut tx, by, &orphan, "payment_assigned", Some(reservation)).await?;
    let after = view::view(&mut tx, by.tenant, reservation).await?;
    tx.commit().await.doing("commit whose a payment is")?;
    after.ok_or(BookingError::NotFound("reservation"))
}

/// It goes back through the provider.
pub async fn refund(store: &Store, by: &By, id: PaymentId) -> Result<RefundId, BookingError> {
    let mut tx = store.begin().await?;
    let orphan = lock_one(&mut tx, by, id).await?;
    if orphan.verdict == Verdict::Dismissed && orphan.reason == "refund" {
        let before = sqlx::query_scalar!(
            "SELECT id FROM refunds WHERE payment_id = $1 AND reason = 'orphan' ORDER BY created_at, id LIMIT 1",
            id.uuid(),
        )
        .fetch_optional(&mut *tx)
        .await
        .doing("look for the payment's refund")?;
        return before.map(RefundId::from).ok_or(NO_ORPHAN);
    }
    waits(&orphan)?;
    let new = NewRefund {
        tenant: by.tenant,
        reservation: None,
        payment: Some(id),
        amount: orphan.waiting,
        reason: "orphan",
    };
    let refund = money::refund(&mut tx, &new).await?;
    out(&mut tx, by, &orphan, &format!("refund:{refund}")).await?;
    row::place(&mut tx, id, Verdict::Dismissed, "refund", None).await?;
    placed(&mut tx, by, &orphan, "payment_sent_back", None).await?;
    tx.commit().await.doing("commit that a payment goes back")?;
    Ok(refund)
}

/// It is none of this system's business.
pub async fn dismiss(store: &Store, by: &By, id: PaymentId) -> Result<(), BookingError> {
    let mut tx = store.begin().await?;
    let orphan = lock_one(&mut tx, by, id).await?;
    if orphan.verdict == Verdict::Dismissed && orphan.reason == "dismissed" {
        return Ok(());
    }
    waits(&orphan)?;
    out(&mut tx, by, &orphan, "dismissed").await?;
    row::place(&mut tx, id, Verdict::Dismissed, "dismissed", None).await?;
    placed(&mut tx, by, &orphan, "payment_dismissed", None).await?;
    tx.commit()
        .await
        .doing("commit that a payment is not ours")?;
    Ok(())
}

/// Another word was said before, or nothing is left of it.
fn waits(orphan: &Orphan) -> Result<(), BookingError> {
    if orphan.verdict == Verdict::Orphan && orphan.waiting.minor > 0 {
        Ok(())
    } else {
        Err(BookingError::Stale)
    }
}

async fn lock_one(tx: &mut PgConnection, by: &By, id: PaymentId) -> Result<Orphan, BookingError> {
    let row = sqlx::query!(
        "SELECT provider_id, currency FROM payments WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        by.tenant.uuid(),
        id.uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("lock the payment")?
    .ok_or(NO_ORPHAN)?;
    let seen = row::read(tx, id, false).await?;
    if !matches!(
        seen.verdict,
        Verdict::Orphan | Verdict::Assigned | Verdict::Dismissed
    ) {
        return Err(NO_ORPHAN);
    }
    let currency: Currency =
        row.currency
            .parse()
            .map_err(
                |source: posta_domain::money::NotACurrency| StoreError::Unreadable {
                    what: "payments.currency",
                    source: source.into(),
                },
            )?;
    Ok(Orphan {
        id,
        provider_id: row.provider_id,
        waiting: Money::new(waiting(tx, id).await?, currency),
        verdict: seen.verdict,
        reason: seen.reason,
        reservation: seen.reservation,
    })
}

/// Off the list.
async fn out(
    tx: &mut PgConnection,
    by: &By,
    orphan: &Orphan,
    detail: &str,
) -> Result<(), StoreError> {
    let line = NewLine {
        kind: "orphan_out",
        provider: "internal",
        payment: &orphan.provider_id,
        detail,
        payment_id: Some(orphan.id),
        ..NewLine::default()
    };
    ledger::enter(tx, by, orphan.waiting, &line).await
}

async fn placed(
    tx: &mut PgConnection,
    by: &By,
    orphan: &Orphan,
    action: &str,
    reservation: Option<ReservationId>,
) -> Result<(), StoreError> {
    let subject = format!("payment:{}", orphan.id);
    attention::close(tx, by.tenant, "payment_orphan", &subject).await?;
    let detail = serde_json::json!({ "amount": orphan.waiting, "reservation": reservation });
    audit::record(tx, by, &subject, action, detail).await
}
