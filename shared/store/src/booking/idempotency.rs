//! Requests that are carried out once, however often they are sent.
//!
//! The key's row is written by the transaction that carries the request out: a second one with the same key waits on the
//! unique index until the first has ended, and is then given the first's true answer; if the first failed or was
//! refused, its row is gone with it and the second is carried out. Not guaranteed: anything after 48 hours, when keys
//! are forgotten.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::BookingError;
use crate::{
    error::{Doing as _, StoreError},
    ids::{ReservationId, TenantId},
    text::storable_json,
};

/// What makes a request the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Who sends it.
    pub principal: String,
    /// To what: a constant of the code.
    pub route: &'static str,
    /// As the sender chose it, 1 to 255 bytes.
    pub key: String,
    /// Of the whole request.
    pub request_sha256: [u8; 32],
}

/// What a request came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The booking it was about.
    pub reservation: Option<ReservationId>,
    /// Whether it had been carried out before.
    pub replayed: bool,
    /// The answer; of an earlier one's, to the letter.
    pub answer: serde_json::Value,
}

/// As `idempotency_keys.answer` holds it.
#[derive(Serialize, Deserialize)]
struct Kept {
    reservation: ReservationId,
    answer: serde_json::Value,
}

/// The beginning of the transaction that carries the request out. Waits for another one with the same key; what comes
/// back is the answer that one was given, and nothing is left to do.
pub async fn begin(
    tx: &mut PgConnection,
    tenant: TenantId,
    key: &Key,
) -> Result<Option<Answered>, BookingError> {
    // Twice: between the two statements the row may have been forgotten, being two days old.
    for _ in 0..2 {
        let inserted = sqlx::query!(
            "INSERT INTO idempotency_keys (tenant_id, principal, route, key, request_sha256)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT ON CONSTRAINT idempotency_keys_pkey DO NOTHING",
            tenant.uuid(),
            key.principal,
            key.route,
            key.key,
            &key.request_sha256,
        )
        .execute(&mut *tx)
        .await
        .doing("note the request's key")?
        .rows_affected();
        if inserted == 1 {
            return Ok(None);
        }
        let found = sqlx::query!(
            "SELECT request_sha256, answer FROM idempotency_keys
             WHERE tenant_id = $1 AND principal = $2 AND route = $3 AND key = $4",
            tenant.uuid(),
            key.principal,
            key.route,
            key.key,
        )
        .fetch_optional(&mut *tx)
        .await
        .doing("read the request's earlier answer")?;
        match found {
            Some(row) if row.request_sha256 != key.request_sha256 => {
                return Err(BookingError::KeyReused);
            }
            Some(row) => {
                let answer = row.answer.ok_or(StoreError::Conflict(
                    "the earlier request has left no answer",
                ))?;
                return kept(answer).map(Some).map_err(BookingError::from);
            }
            None => {}
        }
    }
    Err(StoreError::Conflict("the request's key comes and goes").into())
}

fn kept(value: serde_json::Value) -> Result<Answered, StoreError> {
    let kept: Kept = serde_json::from_value(value).map_err(|source| StoreError::Unreadable {
        what: "idempotency_keys.answer",
        source: source.into(),
    })?;
    Ok(Answered {
        reservation: Some(kept.reservation),
        replayed: true,
        answer: kept.answer,
    })
}

/// The end of it: the answer that every later one with the key is given.
pub async fn answer(
    tx: &mut PgConnection,
    tenant: TenantId,
    key: &Key,
    reservation: ReservationId,
    answer: &serde_json::Value,
) -> Result<(), StoreError> {
    let kept = serde_json::json!({ "reservation": reservation, "answer": storable_json(answer) });
    let changed = sqlx::query!(
        "UPDATE idempotency_keys SET answer = $5
         WHERE tenant_id = $1 AND principal = $2 AND route = $3 AND key = $4 AND answer IS NULL",
        tenant.uuid(),
        key.principal,
        key.route,
        key.key,
        kept,
    )
    .execute(tx)
    .await
    .doing("note the request's answer")?
    .rows_affected();
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict("the request's key was not ours"))
    }
}
