//! A booking's lines of the ledger, to be read.

use chrono::{DateTime, Utc};
use posta_domain::money::Money;
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::{LedgerEntryId, PaymentRequestId, ReservationId, TenantId},
};

/// One line. The kind says which way the money went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// Which.
    pub id: LedgerEntryId,
    /// `payment`, `refund`, `retention`, `credit`, `credit_used`, `chargeback`.
    pub kind: String,
    /// `cash`, `transfer`, `mercadopago`, `internal`.
    pub provider: String,
    /// The provider's payment, or the reference it was recorded under.
    pub reference: String,
    /// How much, always positive.
    pub amount: Money,
    /// What it was asked for.
    pub request: Option<PaymentRequestId>,
    /// In the words of whoever recorded it.
    pub note: String,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// All of them, oldest first.
pub async fn lines(
    conn: &mut PgConnection,
    tenant: TenantId,
    reservation: ReservationId,
) -> Result<Vec<LedgerLine>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, kind, provider, payment, currency, amount, payment_request_id, note, recorded_by, at
         FROM ledger_entries
         WHERE tenant_id = $1 AND reservation_id = $2
         ORDER BY at, id",
        tenant.uuid(),
        reservation.uuid(),
    )
    .fetch_all(conn)
    .await
    .doing("read the booking's ledger")?;
    let lines = rows.into_iter().map(|row| {
        let currency = row
            .currency
            .parse()
            .map_err(|source| StoreError::Unreadable {
                what: "ledger_entries.currency",
                source: Box::new(source),
            })?;
        Ok(LedgerLine {
            id: row.id.into(),
            kind: row.kind,
            provider: row.provider,
            reference: row.payment,
            amount: Money::new(row.amount, currency),
            request: row.payment_request_id.map(Into::into),
            note: row.note,
            recorded_by: row.recorded_by,
            at: row.at,
        })
    });
    lines.collect()
}
