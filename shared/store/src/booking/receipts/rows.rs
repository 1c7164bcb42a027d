//! The rows of receipts: a mark on what was asked for.

use posta_domain::refusal::Refusal;
use sqlx::PgConnection;

use crate::{
    audit::By,
    booking::{BookingError, view::Booking},
    error::{Doing as _, StoreError},
    ids::{MediaId, PaymentId, PaymentRequestId, ReservationId},
};

pub(super) async fn waiting(
    tx: &mut PgConnection,
    id: ReservationId,
) -> Result<Option<PaymentRequestId>, StoreError> {
    sqlx::query_scalar!(
        "SELECT id FROM payment_requests WHERE reservation_id = $1 AND receipt = 'waiting' ORDER BY n DESC LIMIT 1",
        id.uuid(),
    )
    .fetch_optional(tx)
    .await
    .doing("look for a receipt that waits")
    .map(|id| id.map(PaymentRequestId::from))
}

/// What came for a request so far.
pub(super) struct Before {
    /// Payments.
    pub(super) count: i64,
    /// Minor units of the currency that was asked for.
    pub(super) sum: i64,
}

pub(super) async fn before(
    tx: &mut PgConnection,
    request: PaymentRequestId,
) -> Result<Before, StoreError> {
    sqlx::query_as!(
        Before,
        r#"SELECT count(*) AS "count!",
                  coalesce(sum(l.amount) FILTER (WHERE l.currency = q.currency), 0)::bigint AS "sum!"
           FROM payment_requests q JOIN ledger_entries l ON l.payment_request_id = q.id AND l.kind = 'payment'
           WHERE q.id = $1 AND l.reservation_id = q.reservation_id"#,
        request.uuid(),
    )
    .fetch_one(tx)
    .await
    .doing("read what came for a request")
}

pub(super) async fn last(
    tx: &mut PgConnection,
    id: ReservationId,
) -> Result<Option<String>, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT receipt AS "receipt!" FROM payment_requests
           WHERE reservation_id = $1 AND receipt IS NOT NULL ORDER BY receipt_at DESC, n DESC LIMIT 1"#,
        id.uuid(),
    )
    .fetch_optional(tx)
    .await
    .doing("look for the last receipt")
}

/// One receipt of a guest at a time, whichever booking it is for: two at once would both see none.
pub(super) async fn only_one(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
) -> Result<(), BookingError> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('receipt:' || $1::text, 0))",
        booking.guest.to_string()
    )
    .execute(&mut *tx)
    .await
    .doing("wait for the guest's other receipts")?;
    let other = sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM reservations r JOIN payment_requests q ON q.reservation_id = r.id
               WHERE r.tenant_id = $1 AND r.guest_id = $2 AND r.id <> $3 AND q.receipt = 'waiting'
                 AND (r.status IN ('confirmed', 'checked_in')
                      OR r.status = 'held' AND r.hold_expires_at > clock_timestamp())) AS "other!""#,
        by.tenant.uuid(),
        booking.guest.uuid(),
        booking.id.uuid(),
    )
    .fetch_one(tx)
    .await
    .doing("look for the guest's other receipts")?;
    if other {
        return Err(Refusal::ReceiptWaiting.into());
    }
    Ok(())
}

pub(super) async fn exists(
    tx: &mut PgConnection,
    by: &By,
    media: Option<MediaId>,
) -> Result<(), BookingError> {
    let Some(media) = media else {
        return Ok(());
    };
    sqlx::query_scalar!(
        "SELECT id FROM media WHERE tenant_id = $1 AND id = $2",
        by.tenant.uuid(),
        media.uuid()
    )
    .fetch_optional(tx)
    .await
    .doing("look for the receipt's file")?
    .map(|_| ())
    .ok_or(BookingError::NotFound("file"))
}

/// On the newest request that is open.
pub(super) async fn mark(
    tx: &mut PgConnection,
    id: ReservationId,
    media: Option<MediaId>,
) -> Result<(), BookingError> {
    let marked = sqlx::query!(
        "UPDATE payment_requests SET receipt = 'waiting', receipt_media_id = $2, receipt_at = clock_timestamp()
         WHERE id = (SELECT id FROM payment_requests WHERE reservation_id = $1 AND state = 'open'
                     ORDER BY (method = 'transfer') DESC, n DESC LIMIT 1)",
        id.uuid(),
        media.map(MediaId::uuid),
    )
    .execute(tx)
    .await
    .doing("note that a receipt came")?
    .rows_affected();
    if marked == 1 {
        Ok(())
    } else {
        Err(BookingError::NotFound("payment request"))
    }
}

pub(super) async fn set(
    tx: &mut PgConnection,
    receipt: PaymentRequestId,
    to: &'static str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE payment_requests SET receipt = $2 WHERE id = $1",
        receipt.uuid(),
        to
    )
    .execute(tx)
    .await
    .doing("note what the owner said of the receipt")
    .map(|_| ())
}

/// Whether the provider looks at a payment for the booking, `but` for this one.
pub(crate) async fn in_review(
    tx: &mut PgConnection,
    id: ReservationId,
    but: Option<PaymentId>,
) -> Result<bool, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM payments
                          WHERE reservation_id = $1 AND id IS DISTINCT FROM $2 AND standing = 'in_process'
                            AND verdict = 'open') AS "exists!""#,
        id.uuid(),
        but.map(PaymentId::uuid),
    )
    .fetch_one(tx)
    .await
    .doing("look for a payment that is looked at")
}
