//! Reading refunds.

use chrono::{DateTime, Utc};
use posta_domain::money::{Currency, Money};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    ids::{PaymentId, RefundId, ReservationId, TenantId},
};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRow {
    /// Which.
    pub id: RefundId,
    /// Of which booking; none for money that belonged to none.
    pub reservation: Option<ReservationId>,
    /// Its code; empty without.
    pub code: String,
    /// The payment it goes back out of, by the provider; none: by hand.
    pub payment: Option<PaymentId>,
    /// How much.
    pub amount: Money,
    /// Why: `cancelled`, `overpaid`, …
    pub reason: String,
    /// `due`, `requested`, `done`, `failed`, `by_hand`, `credited`, `charged_back`.
    pub state: String,
    /// What the provider said last, where it refused.
    pub error: Option<String>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was given back.
    pub done_at: Option<DateTime<Utc>>,
}

struct Row {
    id: Uuid,
    reservation_id: Option<Uuid>,
    code: Option<String>,
    payment_id: Option<Uuid>,
    currency: String,
    amount: i64,
    reason: String,
    state: String,
    error: Option<String>,
    created_at: DateTime<Utc>,
    done_at: Option<DateTime<Utc>>,
}

impl Row {
    fn read(self) -> Result<RefundRow, StoreError> {
        let currency: Currency =
            self.currency
                .parse()
                .map_err(
                    |source: posta_domain::money::NotACurrency| StoreError::Unreadable {
                        what: "refunds.currency",
                        source: source.into(),
                    },
                )?;
        Ok(RefundRow {
            id: self.id.into(),
            reservation: self.reservation_id.map(ReservationId::from),
            code: self.code.unwrap_or_default(),
            payment: self.payment_id.map(PaymentId::from),
            amount: Money::new(self.amount, currency),
            reason: self.reason,
            state: self.state,
            error: self.error,
            created_at: self.created_at,
            done_at: self.done_at,
        })
    }
}

/// The owner's list, the oldest first. At most 500.
pub async fn list(
    conn: &mut PgConnection,
    tenant: TenantId,
    open_only: bool,
) -> Result<Vec<RefundRow>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT f.id, f.reservation_id, r.code AS "code?", f.payment_id, f.currency, f.amount, f.reason, f.state, f.error,
                  f.created_at, f.done_at
           FROM refunds f LEFT JOIN reservations r ON r.id = f.reservation_id
           WHERE f.tenant_id = $1 AND (NOT $2 OR f.state NOT IN ('done', 'credited', 'charged_back'))
           ORDER BY f.created_at, f.id
           LIMIT 500"#,
        tenant.uuid(),
        open_only,
    )
    .fetch_all(conn)
    .await
    .doing("list the refunds")?;
    rows.into_iter().map(Row::read).collect()
}

/// One, which the caller has locked.
pub(super) async fn one(tx: &mut PgConnection, id: RefundId) -> Result<RefundRow, StoreError> {
    sqlx::query_as!(
        Row,
        r#"SELECT f.id, f.reservation_id, r.code AS "code?", f.payment_id, f.currency, f.amount, f.reason, f.state, f.error,
                  f.created_at, f.done_at
           FROM refunds f LEFT JOIN reservations r ON r.id = f.reservation_id
           WHERE f.id = $1"#,
        id.uuid(),
    )
    .fetch_one(tx)
    .await
    .doing("read the refund")?
    .read()
}
