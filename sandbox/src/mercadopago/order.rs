//! Merchant orders: the payments of one preference together.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::ids;
use super::money::Amount;
use super::payment::Payment;
use super::preference::Preference;

#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) id: u64,
    pub(crate) preference: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
}

/// Where an order stands, from its payments.
pub(crate) struct Standing {
    pub(crate) status: &'static str,
    pub(crate) order_status: &'static str,
    paid: Amount,
    refunded: Amount,
}

pub(crate) fn standing(total: Amount, payments: &[&Payment]) -> Standing {
    let kept = ["approved", "refunded", "in_mediation", "charged_back"];
    let came = payments
        .iter()
        .filter(|payment| kept.contains(&payment.status.as_str()));
    let paid: Amount = came.clone().map(|payment| payment.amount).sum();
    let refunded: Amount = came.map(|payment| payment.refunded()).sum();
    let waits = |payment: &&&Payment| {
        matches!(
            payment.status.as_str(),
            "pending" | "in_process" | "authorized"
        )
    };
    let order_status = if paid > Amount::ZERO && refunded >= paid {
        "reverted"
    } else if refunded > Amount::ZERO {
        "partially_reverted"
    } else if paid >= total {
        "paid"
    } else if paid > Amount::ZERO {
        "partially_paid"
    } else if payments.iter().any(|payment| waits(&payment)) {
        "payment_in_process"
    } else {
        "payment_required"
    };
    Standing {
        status: if paid >= total { "closed" } else { "opened" },
        order_status,
        paid,
        refunded,
    }
}

impl Order {
    pub(crate) fn body(
        &self,
        preference: &Preference,
        payments: &[&Payment],
        collector: u64,
    ) -> Value {
        let wanted = &preference.wanted;
        let standing = standing(wanted.total, payments);
        let items: Vec<Value> = wanted
            .items
            .iter()
            .cloned()
            .map(|mut item| {
                item["picture_url"] = Value::Null;
                item
            })
            .collect();
        let listed: Vec<Value> = payments.iter().map(|payment| payment.in_order()).collect();
        json!({
            "id": self.id,
            "status": standing.status,
            "order_status": standing.order_status,
            "external_reference": wanted.reference.clone().unwrap_or_default(),
            "preference_id": self.preference,
            "payments": listed,
            "shipments": [],
            "payouts": [],
            "collector": { "id": collector, "email": "", "nickname": "DEMOSELLER" },
            "marketplace": "NONE",
            "notification_url": wanted.notification_url,
            "date_created": ids::date(self.created),
            "last_updated": ids::date(self.updated),
            "sponsor_id": null,
            "shipping_cost": 0,
            "total_amount": wanted.total,
            "site_id": "MLA",
            "paid_amount": standing.paid,
            "refunded_amount": standing.refunded,
            "payer": { "id": 55190417, "email": "" },
            "items": items,
            "cancelled": false,
            "additional_info": "",
            "application_id": null,
            "is_test": false
        })
    }
}
