//! Which of two readings is the newer.

use chrono::{DateTime, Utc};

/// Where a reading stands against the one that is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// To be applied.
    Newer,
    /// The very one that is applied; applying it again would change nothing.
    Same,
    /// Overtaken: nothing follows from it.
    Older,
}

/// By the provider's clock. Where that is equal, as two changes within one tick are, the reading that was asked for
/// later, by our database's clock, says more. A reading that was asked for first may still be the newer one: its answer
/// may have been made last.
#[must_use]
pub fn order(
    seen_updated_at: DateTime<Utc>,
    seen_read_from: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    read_from: DateTime<Utc>,
) -> Order {
    match (updated_at, read_from).cmp(&(seen_updated_at, seen_read_from)) {
        std::cmp::Ordering::Greater => Order::Newer,
        std::cmp::Ordering::Equal => Order::Same,
        std::cmp::Ordering::Less => Order::Older,
    }
}
