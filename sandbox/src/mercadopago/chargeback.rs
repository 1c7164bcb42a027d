//! Disputes: the payer's bank takes the money back until somebody wins.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::ids;
use super::money::Amount;

/// How long the seller has to hand in papers.
const PAPERS: TimeDelta = TimeDelta::days(10);

#[derive(Debug, Clone)]
pub(crate) struct Chargeback {
    /// Beyond 2^53, as real ones are: whoever reads it as a float loses digits.
    pub(crate) id: u64,
    pub(crate) payment: u64,
    pub(crate) amount: Amount,
    pub(crate) currency: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    pub(crate) settled: bool,
}

impl Chargeback {
    pub(crate) fn body(&self) -> Value {
        json!({
            "id": self.id.to_string(),
            "payments": [self.payment],
            "currency": self.currency,
            "amount": self.amount,
            "reason": { "id": "general", "description": "Desconocimiento" },
            "coverage_applied": null,
            "coverage_elegible": false,
            "documentation_required": true,
            "documentation_status": if self.settled { "valid" } else { "pending" },
            "documentation": [],
            "date_documentation_deadline": ids::date(self.created + PAPERS),
            "date_created": ids::date(self.created),
            "date_last_updated": ids::date(self.updated),
            "live_mode": true
        })
    }
}
