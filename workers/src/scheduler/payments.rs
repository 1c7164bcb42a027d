//! The jobs about payments: each writes down what is to be done, the payment-worker does it.

use posta_store::{
    Store, StoreError,
    booking::credits,
    payments::{chase, links, poll, reconcile},
};

/// Bookings in one sweep; the next comes soon.
const SOME: i64 = 200;

pub(super) async fn poll(store: &Store) -> Result<String, StoreError> {
    let asked = poll::want_ending(store).await?;
    let prolonged = poll::prolong_unasked(store).await?;
    Ok(format!(
        "{asked} requests to be looked for, {prolonged} holds prolonged"
    ))
}

pub(super) async fn links(store: &Store) -> Result<String, StoreError> {
    let looked_at = links::sync_due(store, SOME).await?;
    Ok(format!("{looked_at} bookings looked at"))
}

pub(super) async fn chase(store: &Store) -> Result<String, StoreError> {
    let asked = chase::due(store, SOME).await?;
    Ok(format!("{asked} balances asked for"))
}

pub(super) async fn reconcile(store: &Store) -> Result<String, StoreError> {
    let days = reconcile::want_days(store).await?;
    Ok(format!("{days} days to be compared"))
}

pub(super) async fn credits(store: &Store) -> Result<String, StoreError> {
    let expired = credits::expire_due(store, SOME).await?;
    Ok(format!("{expired} credits expired"))
}
