//! A refund as the books hold it, and as it is answered.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::ids;
use super::money::Amount;

/// Money that went back.
#[derive(Debug, Clone)]
pub(crate) struct Refund {
    pub(crate) id: u64,
    pub(crate) payment: u64,
    pub(crate) amount: Amount,
    pub(crate) created: DateTime<Utc>,
    pub(crate) state: Back,
    pub(crate) collector: u64,
}

/// How far a refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Back {
    Done,
    /// The bank has not answered: the money can go back a second time no more than if it had.
    Waits,
    Refused,
}

impl Refund {
    pub(crate) fn body(&self) -> Value {
        json!({
            "id": self.id,
            "payment_id": self.payment,
            "amount": self.amount,
            "metadata": {},
            "source": { "id": self.collector.to_string(), "name": "Cabañas Demo", "type": "collector" },
            "date_created": ids::date(self.created),
            "unique_sequence_number": null,
            "refund_mode": "standard",
            "adjustment_amount": 0,
            "status": match self.state {
                Back::Done => "approved",
                Back::Waits => "in_process",
                Back::Refused => "rejected",
            },
            "reason": null,
            "labels": [],
            "amount_refunded_to_payer": self.amount,
            "additional_data": null,
            "partition_details": []
        })
    }
}
