//! The payment's row.

use chrono::{DateTime, Utc};
use posta_domain::{ids::AccountId, payment::Snapshot};
use sqlx::PgConnection;

use super::{Became, Case};
use crate::{
    error::{Doing as _, StoreError},
    ids::{PaymentId, PaymentRequestId, ReservationId, TenantId},
    payments::Reading,
    text::{first, storable},
};

/// What became of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payments) enum Verdict {
    Open,
    Entered,
    Orphan,
    Assigned,
    Dismissed,
    Foreign,
    Nothing,
}

/// The row before a reading.
#[derive(Debug, Clone)]
pub(in crate::payments) struct Seen {
    /// Written just now: nobody has read it before.
    pub(in crate::payments) fresh: bool,
    pub(in crate::payments) verdict: Verdict,
    pub(in crate::payments) reason: String,
    pub(in crate::payments) reservation: Option<ReservationId>,
    pub(in crate::payments) status: String,
    pub(in crate::payments) status_detail: String,
    pub(in crate::payments) standing: String,
    pub(in crate::payments) updated_at: DateTime<Utc>,
    pub(in crate::payments) read_from: DateTime<Utc>,
}

/// What a payment quotes.
#[derive(Debug, Clone)]
pub(in crate::payments) struct Asked {
    pub(in crate::payments) request: PaymentRequestId,
    pub(in crate::payments) reservation: ReservationId,
}

/// Looks for it by its reference.
pub(super) async fn asked(
    tx: &mut PgConnection,
    tenant: TenantId,
    reference: &str,
) -> Result<Option<Asked>, StoreError> {
    let row = sqlx::query!(
        "SELECT id, reservation_id FROM payment_requests WHERE tenant_id = $1 AND external_reference = $2",
        tenant.uuid(),
        &*storable(reference),
    )
    .fetch_optional(tx)
    .await
    .doing("look for what a payment quotes")?;
    Ok(row.map(|row| Asked {
        request: row.id.into(),
        reservation: row.reservation_id.into(),
    }))
}

/// Which booking it has, if it is known and has one. Locks nothing.
pub(super) async fn placed(
    tx: &mut PgConnection,
    account: AccountId,
    provider_id: &str,
) -> Result<Option<ReservationId>, StoreError> {
    let reservation = sqlx::query_scalar!(
        "SELECT reservation_id FROM payments WHERE account_id = $1 AND provider_id = $2",
        account.uuid(),
        provider_id,
    )
    .fetch_optional(tx)
    .await
    .doing("look for the payment's booking")?;
    Ok(reservation.flatten().map(ReservationId::from))
}

/// Locks the row, made if there is none; then reads it.
pub(super) async fn lock(
    tx: &mut PgConnection,
    reading: &Reading,
    snapshot: &Snapshot,
) -> Result<(PaymentId, Seen), StoreError> {
    let made = sqlx::query!(
        "INSERT INTO payments (tenant_id, id, account_id, provider_id, status, status_detail, standing, verdict, currency,
                               amount, created_at, updated_at, read_from, reads)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, $11, $12, 0)
         ON CONFLICT ON CONSTRAINT payments_provider_key DO NOTHING",
        reading.tenant.uuid(),
        PaymentId::fresh().uuid(),
        reading.account.uuid(),
        snapshot.provider_id,
        word(&snapshot.status),
        word(&snapshot.status_detail),
        snapshot.standing().as_str(),
        snapshot.amount.currency.as_str(),
        snapshot.amount.minor.max(0),
        snapshot.created_at,
        snapshot.updated_at,
        reading.read_from,
    )
    .execute(&mut *tx)
    .await
    .doing("note a payment")?
    .rows_affected();
    let id = sqlx::query_scalar!(
        "SELECT id FROM payments WHERE account_id = $1 AND provider_id = $2 FOR NO KEY UPDATE",
        reading.account.uuid(),
        snapshot.provider_id,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("lock the payment")?;
    let seen = read(tx, id.into(), made == 1).await?;
    Ok((id.into(), seen))
}

/// The row as it stands; the caller has locked it.
pub(in crate::payments) async fn read(
    tx: &mut PgConnection,
    id: PaymentId,
    fresh: bool,
) -> Result<Seen, StoreError> {
    let row = sqlx::query!(
        "SELECT verdict, reason, reservation_id, status, status_detail, standing, updated_at, read_from
         FROM payments WHERE id = $1",
        id.uuid(),
    )
    .fetch_one(tx)
    .await
    .doing("read the payment")?;
    Ok(Seen {
        fresh,
        verdict: Verdict::read(&row.verdict)?,
        reason: row.reason,
        reservation: row.reservation_id.map(Into::into),
        status: row.status,
        status_detail: row.status_detail,
        standing: row.standing,
        updated_at: row.updated_at,
        read_from: row.read_from,
    })
}

/// Writes what was read and what it is taken for. A reason that is not given stays.
pub(super) async fn write(
    tx: &mut PgConnection,
    reading: &Reading,
    case: &Case<'_>,
    verdict: Verdict,
    reason: &str,
    reservation: Option<ReservationId>,
) -> Result<(), StoreError> {
    let snapshot = case.snapshot;
    sqlx::query!(
        "UPDATE payments
         SET payment_request_id = coalesce($2, payment_request_id), reservation_id = coalesce($3, reservation_id),
             external_reference = $4, status = $5, status_detail = $6, standing = $7, verdict = $8,
             reason = CASE WHEN $9 = '' AND $8 = verdict THEN reason ELSE $9 END, collector = $10,
             operation_type = $11, method = $12, method_type = $13, currency = $14, amount = $15, refunded = $16,
             fee = $17, withholdings = $18, net = $19, created_at = $20, approved_at = $21, updated_at = $22,
             read_from = $23, reads = reads + 1
         WHERE id = $1",
        case.id.uuid(),
        case.asked.as_ref().map(|asked| asked.request.uuid()),
        reservation.map(ReservationId::uuid),
        snapshot.external_reference.as_deref().map(|text| first(text, 256)),
        word(&snapshot.status),
        word(&snapshot.status_detail),
        snapshot.standing().as_str(),
        verdict.as_str(),
        reason,
        word(&snapshot.collector),
        word(&snapshot.operation_type),
        word(&snapshot.method),
        word(&snapshot.method_type),
        snapshot.amount.currency.as_str(),
        snapshot.amount.minor.max(0),
        snapshot.back(),
        snapshot.fee,
        snapshot.withholdings(),
        snapshot.net,
        snapshot.created_at,
        snapshot.approved_at,
        snapshot.updated_at,
        reading.read_from,
    )
    .execute(tx)
    .await
    .doing("write what was read of a payment")
    .map(|_| ())
}

/// Says what became of it, and nothing else.
pub(in crate::payments) async fn place(
    tx: &mut PgConnection,
    id: PaymentId,
    verdict: Verdict,
    reason: &str,
    reservation: Option<ReservationId>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE payments SET verdict = $2, reason = $3, reservation_id = coalesce($4, reservation_id) WHERE id = $1",
        id.uuid(),
        verdict.as_str(),
        reason,
        reservation.map(ReservationId::uuid),
    )
    .execute(tx)
    .await
    .doing("say what became of a payment")
    .map(|_| ())
}

/// A word of the provider's, as it can be stored.
fn word(text: &str) -> String {
    first(text, 100)
}

// === impl Verdict ===

impl Verdict {
    const ALL: [Self; 7] = [
        Self::Open,
        Self::Entered,
        Self::Orphan,
        Self::Assigned,
        Self::Dismissed,
        Self::Foreign,
        Self::Nothing,
    ];

    /// As the database writes it.
    pub(in crate::payments) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Entered => "entered",
            Self::Orphan => "orphan",
            Self::Assigned => "assigned",
            Self::Dismissed => "dismissed",
            Self::Foreign => "foreign",
            Self::Nothing => "nothing",
        }
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        Self::ALL
            .into_iter()
            .find(|verdict| verdict.as_str() == text)
            .ok_or_else(|| StoreError::Unreadable {
                what: "payments.verdict",
                source: format!("{text:?} is none that is known").into(),
            })
    }

    pub(super) const fn became(self) -> Became {
        match self {
            Self::Open => Became::Open,
            Self::Entered | Self::Assigned => Became::Entered,
            Self::Orphan => Became::Orphan,
            Self::Dismissed => Became::Dismissed,
            Self::Foreign => Became::Foreign,
            Self::Nothing => Became::Nothing,
        }
    }
}
