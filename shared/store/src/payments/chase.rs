//! The balance, before arrival.
use crate::{error::StoreError, pool::Store};

/// Asks for the balances that are due.
pub async fn due(_store: &Store, _limit: i64) -> Result<u64, StoreError> {
    Ok(0)
}
