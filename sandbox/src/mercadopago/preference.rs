//! Payment links as they are stored and answered.
//!
//! Nothing is idempotent here: the same request twice makes two payable links, and each can be paid any number of times
//! until it expires.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::ids;
use super::wanted::Wanted;

/// A stored preference: the request, merged with its updates, and what was read from it.
#[derive(Debug, Clone)]
pub(crate) struct Preference {
    pub(crate) id: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: Option<DateTime<Utc>>,
    pub(crate) wanted: Wanted,
    /// Made when somebody first pays.
    pub(crate) order: Option<u64>,
}

impl Preference {
    /// Whether somebody can begin to pay it now.
    pub(crate) fn payable(&self, now: DateTime<Utc>) -> bool {
        let wanted = &self.wanted;
        !wanted.expires()
            || (wanted.from.is_none_or(|from| from <= now) && wanted.to.is_none_or(|to| now < to))
    }

    /// The whole answer of create, get and update.
    pub(crate) fn body(&self, collector: u64, base: &str) -> Value {
        let wanted = &self.wanted;
        let given = |name: &str, default: Value| wanted.given(name).unwrap_or(default);
        let date = |at: Option<DateTime<Utc>>| at.map_or(Value::Null, |at| ids::date(at).into());
        let point = format!("{base}/checkout/v1/redirect?pref_id={}", self.id);
        json!({
            "additional_info": given("additional_info", json!("")),
            "auto_return": given("auto_return", json!("")),
            "back_urls": wanted.back_urls(),
            "binary_mode": wanted.binary_mode,
            "client_id": "5601993310457712",
            "collector_id": collector,
            "coupon_code": null,
            "coupon_labels": null,
            "date_created": ids::date(self.created),
            "date_of_expiration": date(wanted.offline_until()),
            "expiration_date_from": date(wanted.from),
            "expiration_date_to": date(wanted.to),
            "expires": wanted.expires(),
            "external_reference": wanted.reference.clone().unwrap_or_default(),
            "id": self.id,
            "init_point": point,
            "internal_metadata": null,
            "items": wanted.items,
            "marketplace": given("marketplace", json!("NONE")),
            "marketplace_fee": given("marketplace_fee", json!(0)),
            "metadata": given("metadata", json!({})),
            "notification_url": wanted.notification_url,
            "operation_type": "regular_payment",
            "payer": wanted.payer(),
            "payment_methods": wanted.payment_methods(),
            "processing_modes": null,
            "product_id": null,
            "redirect_urls": { "failure": "", "pending": "", "success": "" },
            "sandbox_init_point": point,
            "site_id": "MLA",
            "shipments": {
                "default_shipping_method": null,
                "receiver_address": {
                    "zip_code": "", "street_name": "", "street_number": null, "floor": "", "apartment": "",
                    "city_name": null, "state_name": null, "country_name": null
                }
            },
            "statement_descriptor": given("statement_descriptor", json!("")),
            "total_amount": null,
            "last_updated": date(self.updated)
        })
    }

    /// One hit of the search, which shows less than the preference.
    pub(crate) fn hit(&self, collector: u64) -> Value {
        let wanted = &self.wanted;
        let date = |at: Option<DateTime<Utc>>| at.map_or(Value::Null, |at| ids::date(at).into());
        let titles: Vec<&Value> = wanted.items.iter().map(|item| &item["title"]).collect();
        json!({
            "id": self.id,
            "client_id": "5601993310457712",
            "collector_id": collector,
            "concept_id": null,
            "corporation_id": "",
            "date_created": ids::date(self.created),
            "expiration_date_from": date(wanted.from),
            "expiration_date_to": date(wanted.to),
            "expires": wanted.expires(),
            "external_reference": wanted.reference.clone().unwrap_or_default(),
            "integrator_id": "",
            "items": titles,
            "last_updated": ids::date(self.updated.unwrap_or(self.created)),
            "live_mode": true,
            "marketplace": "NONE",
            "operation_type": "regular_payment",
            "payer_email": wanted.payer()["email"],
            "payer_id": 0,
            "platform_id": "",
            "processing_modes": [],
            "product_id": "",
            "purpose": "",
            "site_id": "MLA",
            "sponsor_id": null,
            "shipping_mode": ""
        })
    }
}
