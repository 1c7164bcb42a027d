//! Payments by the page, newest first.

use chrono::{DateTime, Utc};
use posta_domain::money::{Currency, Money};
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::{PaymentId, PaymentRequestId, ReservationId, TenantId},
};

/// A page has at most so many.
const MOST: u32 = 200;

/// Which. The default is everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// What became of them: `orphan`, `entered`, …; none: whatever.
    pub verdict: Option<String>,
    /// Made before those of the page before: the last one's time and id.
    pub before: Option<(DateTime<Utc>, PaymentId)>,
    /// So many at most; 0 stands for 50, and nobody gets more than 200.
    pub limit: u32,
}

/// A payment as it was read last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRow {
    /// Which.
    pub id: PaymentId,
    /// The provider's id.
    pub provider_id: String,
    /// For which booking, if for one.
    pub reservation: Option<ReservationId>,
    /// Its code.
    pub code: Option<String>,
    /// For which request.
    pub request: Option<PaymentRequestId>,
    /// What it quotes.
    pub external_reference: Option<String>,
    /// The provider's words.
    pub status: String,
    /// Likewise.
    pub status_detail: String,
    /// Ours: `pending`, `in_process`, `paid`, `disputed`, `charged_back`, `refunded`, `rejected`, `cancelled`, `unknown`.
    pub standing: String,
    /// What became of it: `open`, `entered`, `orphan`, `assigned`, `dismissed`, `foreign`, `nothing`.
    pub verdict: String,
    /// Why it is so, in a word.
    pub reason: String,
    /// `visa`, `account_money`, …
    pub method: String,
    /// `credit_card`, `ticket`, …
    pub method_type: String,
    /// How much.
    pub amount: Money,
    /// Of that, what went back.
    pub refunded: i64,
    /// What the provider keeps.
    pub fee: i64,
    /// What taxes take.
    pub withholdings: i64,
    /// What is received.
    pub net: Option<i64>,
    /// The provider's clock.
    pub created_at: DateTime<Utc>,
    /// When the money came.
    pub approved_at: Option<DateTime<Utc>>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
}

struct Row {
    id: uuid::Uuid,
    provider_id: String,
    reservation_id: Option<uuid::Uuid>,
    code: Option<String>,
    payment_request_id: Option<uuid::Uuid>,
    external_reference: Option<String>,
    status: String,
    status_detail: String,
    standing: String,
    verdict: String,
    reason: String,
    method: String,
    method_type: String,
    currency: String,
    amount: i64,
    refunded: i64,
    fee: i64,
    withholdings: i64,
    net: Option<i64>,
    created_at: DateTime<Utc>,
    approved_at: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
}

/// A page.
pub async fn list(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: &Filter,
) -> Result<Vec<PaymentRow>, StoreError> {
    let limit = match filter.limit {
        0 => 50,
        limit => limit.min(MOST),
    };
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT p.id, p.provider_id, p.reservation_id, r.code AS "code?", p.payment_request_id, p.external_reference,
                  p.status, p.status_detail, p.standing, p.verdict, p.reason, p.method, p.method_type, p.currency,
                  p.amount, p.refunded, p.fee, p.withholdings, p.net, p.created_at, p.approved_at, p.updated_at
           FROM payments p LEFT JOIN reservations r ON r.id = p.reservation_id
           WHERE p.tenant_id = $1
             AND ($2::text IS NULL OR p.verdict = $2)
             AND ($3::timestamptz IS NULL OR (p.created_at, p.id) < ($3, $4::uuid))
           ORDER BY p.created_at DESC, p.id DESC
           LIMIT $5"#,
        tenant.uuid(),
        filter.verdict,
        filter.before.map(|(at, _)| at),
        filter.before.map(|(_, id)| id.uuid()),
        i64::from(limit),
    )
    .fetch_all(conn)
    .await
    .doing("list the payments")?;
    rows.into_iter().map(Row::read).collect()
}

/// Those of one booking, oldest first.
pub async fn of_booking(
    conn: &mut PgConnection,
    tenant: TenantId,
    reservation: ReservationId,
) -> Result<Vec<PaymentRow>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT p.id, p.provider_id, p.reservation_id, r.code AS "code?", p.payment_request_id, p.external_reference,
                  p.status, p.status_detail, p.standing, p.verdict, p.reason, p.method, p.method_type, p.currency,
                  p.amount, p.refunded, p.fee, p.withholdings, p.net, p.created_at, p.approved_at, p.updated_at
           FROM payments p JOIN reservations r ON r.id = p.reservation_id
           WHERE p.tenant_id = $1 AND p.reservation_id = $2
           ORDER BY p.created_at, p.id"#,
        tenant.uuid(),
        reservation.uuid(),
    )
    .fetch_all(conn)
    .await
    .doing("read the booking's payments")?;
    rows.into_iter().map(Row::read).collect()
}

/// One. Nothing for another tenant's.
pub async fn one(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: PaymentId,
) -> Result<Option<PaymentRow>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT p.id, p.provider_id, p.reservation_id, r.code AS "code?", p.payment_request_id, p.external_reference,
                  p.status, p.status_detail, p.standing, p.verdict, p.reason, p.method, p.method_type, p.currency,
                  p.amount, p.refunded, p.fee, p.withholdings, p.net, p.created_at, p.approved_at, p.updated_at
           FROM payments p LEFT JOIN reservations r ON r.id = p.reservation_id
           WHERE p.tenant_id = $1 AND p.id = $2"#,
        tenant.uuid(),
        id.uuid(),
    )
    .fetch_optional(conn)
    .await
    .doing("read the payment")?;
    row.map(Row::read).transpose()
}

// === impl Row ===

impl Row {
    fn read(self) -> Result<PaymentRow, StoreError> {
        let currency: Currency =
            self.currency
                .parse()
                .map_err(
                    |source: posta_domain::money::NotACurrency| StoreError::Unreadable {
                        what: "payments.currency",
                        source: source.into(),
                    },
                )?;
        Ok(PaymentRow {
            id: self.id.into(),
            provider_id: self.provider_id,
            reservation: self.reservation_id.map(Into::into),
            code: self.code,
            request: self.payment_request_id.map(Into::into),
            external_reference: self.external_reference,
            status: self.status,
            status_detail: self.status_detail,
            standing: self.standing,
            verdict: self.verdict,
            reason: self.reason,
            method: self.method,
            method_type: self.method_type,
            amount: Money::new(self.amount, currency),
            refunded: self.refunded,
            fee: self.fee,
            withholdings: self.withholdings,
            net: self.net,
            created_at: self.created_at,
            approved_at: self.approved_at,
            updated_at: self.updated_at,
        })
    }
}
