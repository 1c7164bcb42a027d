//! What the provider says of a dispute besides what the payment itself says: until when it can be answered.

use chrono::{DateTime, Utc};
use posta_domain::money::Money;

use super::Reading;
use crate::{
    attention::{self, NewAttention},
    error::{Doing as _, StoreError},
    ids::PaymentId,
    pool::Store,
};

/// A chargeback, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeSaid {
    /// The provider's id of it.
    pub id: String,
    /// The payments it is about, by the provider's ids.
    pub payments: Vec<String>,
    /// How much is disputed, if it says.
    pub amount: Option<Money>,
    /// Until when the owner can send papers, if it says.
    pub deadline: Option<DateTime<Utc>>,
}

/// Tells the owner until when. The money is the payments' own matter: the caller wants those read.
pub async fn chargeback(
    store: &Store,
    reading: &Reading,
    said: &DisputeSaid,
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let payments = sqlx::query!(
        "SELECT p.id, p.provider_id, p.reservation_id, r.code AS \"code?\"
         FROM payments p LEFT JOIN reservations r ON r.id = p.reservation_id
         WHERE p.account_id = $1 AND p.provider_id = ANY ($2) AND p.verdict <> 'foreign'
           -- Decided, or dealt with: a late notice opens nothing again.
           AND NOT (p.standing = 'charged_back' AND p.status_detail IN ('settled', 'reimbursed'))
           AND NOT EXISTS (SELECT FROM attention a
                           WHERE a.tenant_id = p.tenant_id AND a.kind = 'payment_disputed'
                             AND a.subject = 'payment:' || p.id AND a.state = 'done'
                             AND a.detail ->> 'dispute_id' = $3)
         ORDER BY p.id",
        reading.account.uuid(),
        &said.payments,
        said.id,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("read which payments are disputed")?;
    for row in payments {
        let matter = NewAttention {
            tenant: reading.tenant,
            kind: "payment_disputed",
            subject: &format!("payment:{}", PaymentId::from(row.id)),
            detail: serde_json::json!({
                "provider_id": row.provider_id, "reservation": row.reservation_id, "code": row.code,
                "dispute_id": said.id, "amount": said.amount,
            }),
            deadline: said.deadline,
        };
        attention::raise(&mut tx, &matter).await?;
    }
    tx.commit()
        .await
        .doing("commit what was said of the dispute")
}
