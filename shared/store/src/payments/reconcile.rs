//! What Mercado Pago says of a day against what the ledger says.
use chrono::NaiveDate;
use posta_domain::payment::Snapshot;

use super::Reading;
use crate::{error::StoreError, pool::Store};

/// How a day compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compared {
    /// Payments that are to be read, since they are not known as they were listed.
    pub wanted: usize,
    /// Currencies in which the two differ.
    pub differing: usize,
}

/// Wants the days to be listed that are over and have not been compared; answers how many.
pub async fn want_days(_store: &Store) -> Result<u64, StoreError> {
    Ok(0)
}

/// Compares.
pub async fn compare(
    _store: &Store,
    _reading: &Reading,
    _day: NaiveDate,
    _listed: &[Snapshot],
) -> Result<Compared, StoreError> {
    Ok(Compared::default())
}
