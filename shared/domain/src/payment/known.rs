//! What the ledger has of one payment already.

use std::collections::BTreeMap;

/// What a refund is called that the provider counts and does not list; a second one is `unlisted-2`, and so on.
const UNLISTED: &str = "unlisted";

/// The ledger's lines of one payment at the provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// What came, if it is entered.
    pub(super) came: Option<i64>,
    /// What went back, by the provider's refund.
    pub(super) refunds: BTreeMap<String, i64>,
    /// What was taken, by the number of the dispute.
    pub(super) charged_back: BTreeMap<u32, i64>,
    /// What of that came back.
    pub(super) returned: BTreeMap<u32, i64>,
}

impl Known {
    /// Nothing is entered.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Reads one line: its kind, its detail, its amount. To be called for every line whose provider is the payment's and
    /// whose payment is its id; other kinds than money in, back, taken and returned are not the provider's doing and say
    /// nothing. `id#2` is another part of `id`.
    #[must_use]
    pub fn with(mut self, kind: &str, detail: &str, amount: i64) -> Self {
        let of = detail.split_once('#').map_or(detail, |(of, _)| of);
        match (kind, of.parse()) {
            // An orphan that found its booking has both lines, and the booking's is what was left of it by then.
            ("payment" | "orphan", _) if detail.is_empty() => {
                self.came = self.came.max(Some(amount));
            }
            ("refund", _) => *self.refunds.entry(of.to_owned()).or_default() += amount,
            ("chargeback", Ok(n)) => *self.charged_back.entry(n).or_default() += amount,
            ("chargeback_reversed", Ok(n)) => *self.returned.entry(n).or_default() += amount,
            _ => {}
        }
        self
    }

    /// Whether it came, as far as the ledger knows.
    #[must_use]
    pub const fn came(&self) -> bool {
        self.came.is_some()
    }

    /// What is still there of it.
    #[must_use]
    pub fn held(&self) -> i64 {
        self.came.unwrap_or(0) - self.back() - self.taken().map_or(0, |(_, amount)| amount)
    }

    /// What went back by refunds.
    pub(super) fn back(&self) -> i64 {
        self.refunds.values().sum()
    }

    /// Of that, what was entered before the provider listed it.
    pub(super) fn unlisted(&self) -> i64 {
        let unlisted = self
            .refunds
            .iter()
            .filter(|(id, _)| id.starts_with(UNLISTED));
        unlisted.map(|(_, amount)| amount).sum()
    }

    /// What the next such is called.
    pub(super) fn next_unlisted(&self) -> String {
        let before = self.refunds.keys().filter(|id| id.starts_with(UNLISTED));
        match before.count() {
            0 => UNLISTED.to_owned(),
            n => format!("{UNLISTED}-{}", n + 1),
        }
    }

    /// The dispute whose money is away: its number, and how much.
    pub(super) fn taken(&self) -> Option<(u32, i64)> {
        let mut open = self.charged_back.iter();
        open.find(|(n, _)| !self.returned.contains_key(n))
            .map(|(n, amount)| (*n, *amount))
    }

    /// The number of the next dispute.
    pub(super) fn next_dispute(&self) -> u32 {
        self.charged_back.keys().last().map_or(1, |n| n + 1)
    }
}
