//! Money owed back, until somebody has given it back.
//!
//! Guaranteed: a refund is given back once; the ledger then says by whom and how. Not guaranteed: that the bank did it.

use chrono::{DateTime, Utc};
use posta_domain::money::{Currency, Money};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{BookingError, money::Method};
use crate::{
    attention,
    audit::{self, By},
    error::{Doing as _, StoreError},
    ids::{LedgerEntryId, RefundId, ReservationId, TenantId},
    pool::Store,
    text::first,
};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRow {
    /// Which.
    pub id: RefundId,
    /// Of which booking.
    pub reservation: ReservationId,
    /// Its code.
    pub code: String,
    /// How much.
    pub amount: Money,
    /// Why: `cancelled`, `overpaid`, …
    pub reason: String,
    /// `due`, `requested`, `done`, `failed`, `by_hand`.
    pub state: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was given back.
    pub done_at: Option<DateTime<Utc>>,
}

/// How it was given back.
#[derive(Debug, Clone)]
pub struct Given {
    /// By which way.
    pub method: Method,
    /// What the bank or the receipt says; unique. Empty: ours.
    pub reference: String,
}

struct Row {
    id: Uuid,
    reservation_id: Uuid,
    code: String,
    currency: String,
    amount: i64,
    reason: String,
    state: String,
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
            reservation: self.reservation_id.into(),
            code: self.code,
            amount: Money::new(self.amount, currency),
            reason: self.reason,
            state: self.state,
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
        "SELECT f.id, f.reservation_id, r.code, f.currency, f.amount, f.reason, f.state, f.created_at, f.done_at
         FROM refunds f JOIN reservations r ON r.id = f.reservation_id
         WHERE f.tenant_id = $1 AND (NOT $2 OR f.state <> 'done')
         ORDER BY f.created_at, f.id
         LIMIT 500",
        tenant.uuid(),
        open_only,
    )
    .fetch_all(conn)
    .await
    .doing("list the refunds")?;
    rows.into_iter().map(Row::read).collect()
}

/// It has been given back. Saying so twice changes nothing.
pub async fn done(
    store: &Store,
    by: &By,
    id: RefundId,
    given: &Given,
) -> Result<RefundRow, BookingError> {
    let mut tx = store.begin().await?;
    // The booking before its money, as everywhere.
    let locked = sqlx::query_scalar!(
        "SELECT r.id FROM reservations r
         WHERE r.id = (SELECT reservation_id FROM refunds WHERE tenant_id = $1 AND id = $2)
         FOR NO KEY UPDATE OF r",
        by.tenant.uuid(),
        id.uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("lock the refund's booking")?;
    if locked.is_none() {
        return Err(BookingError::NotFound("refund"));
    }
    let changed = sqlx::query!(
        "UPDATE refunds SET state = 'done', done_at = clock_timestamp() WHERE id = $1 AND state <> 'done'",
        id.uuid(),
    )
    .execute(&mut *tx)
    .await
    .doing("note that the money was given back")?
    .rows_affected();
    if changed == 1 {
        enter(&mut tx, by, id, given).await?;
        attention::close(&mut tx, by.tenant, "refund_due", &format!("refund:{id}")).await?;
    }
    let row = one(&mut tx, id).await?;
    if changed == 1 {
        audit::record(
            &mut tx,
            by,
            &format!("reservation:{}", row.reservation),
            "refunded",
            serde_json::json!({ "refund": id, "amount": row.amount, "method": given.method }),
        )
        .await?;
    }
    tx.commit()
        .await
        .doing("commit that the money was given back")?;
    Ok(row)
}

async fn one(tx: &mut PgConnection, id: RefundId) -> Result<RefundRow, StoreError> {
    sqlx::query_as!(
        Row,
        "SELECT f.id, f.reservation_id, r.code, f.currency, f.amount, f.reason, f.state, f.created_at, f.done_at
         FROM refunds f JOIN reservations r ON r.id = f.reservation_id
         WHERE f.id = $1",
        id.uuid(),
    )
    .fetch_one(tx)
    .await
    .doing("read the refund")?
    .read()
}

/// The ledger's line of it. The refund's id makes it unique; the reference is what the bank says.
async fn enter(
    tx: &mut PgConnection,
    by: &By,
    id: RefundId,
    given: &Given,
) -> Result<(), StoreError> {
    let reference = first(&given.reference, 200);
    sqlx::query!(
        "INSERT INTO ledger_entries (tenant_id, id, reservation_id, guest_id, kind, provider, payment, detail, currency,
                                     amount, note, recorded_by)
         SELECT f.tenant_id, $2, f.reservation_id, r.guest_id, 'refund', $3, 'refund:' || f.id, '', f.currency,
                f.amount, $4, $5
         FROM refunds f JOIN reservations r ON r.id = f.reservation_id
         WHERE f.id = $1",
        id.uuid(),
        LedgerEntryId::fresh().uuid(),
        given.method.as_str(),
        reference,
        by.actor,
    )
    .execute(tx)
    .await
    .doing("enter the refund into the ledger")
    .map(|_| ())
}
