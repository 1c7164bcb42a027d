//! From a peso back to the notices that hinted at it: their exact bytes, and the verdicts on their signatures.

use chrono::{DateTime, Utc};

use super::Event;
use crate::{
    error::{Doing as _, StoreError},
    pool::Store,
};

/// A payment as it was read last.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Payment {
    /// The provider's id.
    pub provider_id: String,
    /// The provider's word, and its second.
    pub status: String,
    /// See there.
    pub status_detail: String,
    /// What became of it here.
    pub verdict: String,
    /// What it quotes.
    pub external_reference: Option<String>,
    /// The code of its booking.
    pub code: Option<String>,
    /// When anything about it changed last, by the provider's clock.
    pub updated_at: DateTime<Utc>,
    /// How often a reading of it was applied.
    pub reads: i32,
    /// Its lines of the ledger, oldest first, in words.
    pub lines: Vec<String>,
}

/// A payment with all notices about it that are still kept. Without a notice it was found by asking.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PaymentTrace {
    /// The payment.
    pub payment: Payment,
    /// The notices, in order.
    pub events: Vec<Event>,
}

/// Walks back from the provider's id. More than one where several accounts know such a payment.
pub async fn payment(store: &Store, provider_id: &str) -> Result<Vec<PaymentTrace>, StoreError> {
    let payments = sqlx::query_as!(
        Payment,
        r#"SELECT p.provider_id, p.status, p.status_detail, p.verdict, p.external_reference, r.code AS "code?",
                  p.updated_at, p.reads,
                  ARRAY(SELECT format('%s  %s %s %s %s', to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
                                      l.kind, l.currency, l.amount, l.detail)
                        FROM ledger_entries l WHERE l.payment_id = p.id ORDER BY l.at, l.id) AS "lines!"
           FROM payments p
           LEFT JOIN reservations r ON r.id = p.reservation_id
           WHERE p.provider_id = $1
           ORDER BY p.id"#,
        provider_id,
    )
    .fetch_all(store.pool())
    .await
    .doing("find the payment")?;
    let mut traces = Vec::with_capacity(payments.len());
    for payment in payments {
        let events = notices(store, provider_id).await?;
        traces.push(PaymentTrace { payment, events });
    }
    Ok(traces)
}

async fn notices(store: &Store, provider_id: &str) -> Result<Vec<Event>, StoreError> {
    // The key holds what is signed: its second part is the type, its third the id.
    sqlx::query_as!(
        Event,
        "SELECT day, key, kind, account, received_at, signature, verdict, copies, trace_id, payload
         FROM inbound_events
         WHERE source = 'mercadopago' AND split_part(key, ':', 3) = $1
         ORDER BY received_at, key",
        provider_id,
    )
    .fetch_all(store.pool())
    .await
    .doing("walk back to the notices of a payment")
}
