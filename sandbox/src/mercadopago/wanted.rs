//! What a preference may ask for: the request, read and refused by the documented rules.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::errors::ApiError;
use super::ids;
use super::money::Amount;

const LONGEST_REFERENCE: usize = 64;
const LONGEST_ADDRESS: usize = 248;
const LONGEST_DESCRIPTOR: usize = 22;
const CURRENCIES: [&str; 2] = ["ARS", "USD"];

/// A request that was found good.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    body: Map<String, Value>,
    pub(crate) items: Vec<Value>,
    pub(crate) title: String,
    pub(crate) currency: String,
    pub(crate) total: Amount,
    pub(crate) reference: Option<String>,
    pub(crate) from: Option<DateTime<Utc>>,
    pub(crate) to: Option<DateTime<Utc>>,
    offline_until: Option<DateTime<Utc>>,
    pub(crate) notification_url: Option<String>,
    excluded_types: Vec<String>,
    pub(crate) binary_mode: bool,
}

impl Wanted {
    /// Reads a request for a new preference.
    pub(crate) fn parse(body: Map<String, Value>) -> Result<Self, ApiError> {
        let (items, currency, total) = items(body.get("items"))?;
        let reference = text(&body, "external_reference");
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if reference
            .as_deref()
            .is_some_and(|text| text.len() > LONGEST_REFERENCE || !text.bytes().all(legal))
        {
            return Err(ApiError::preference(
                "invalid_external_reference",
                "external_reference invalid",
            ));
        }
        let notification_url = text(&body, "notification_url");
        if notification_url.as_deref().is_some_and(|url| {
            url.len() > LONGEST_ADDRESS || !(url.starts_with("https://") || loopback(url))
        }) {
            return Err(ApiError::preference(
                "invalid_notification_url",
                "notificaction_url attribute must be url valid",
            ));
        }
        if text(&body, "statement_descriptor").is_some_and(|text| text.len() > LONGEST_DESCRIPTOR) {
            return Err(ApiError::preference(
                "invalid_statement_descriptor",
                "statement_descriptor invalid",
            ));
        }
        let wanted = Self {
            title: items
                .first()
                .and_then(|item| item["title"].as_str())
                .unwrap_or_default()
                .to_owned(),
            items,
            currency,
            total,
            reference,
            from: date(&body, "expiration_date_from")?,
            to: date(&body, "expiration_date_to")?,
            offline_until: date(&body, "date_of_expiration")?,
            notification_url,
            excluded_types: excluded(&body, "excluded_payment_types"),
            binary_mode: body.get("binary_mode").and_then(Value::as_bool) == Some(true),
            body,
        };
        if wanted
            .from
            .zip(wanted.to)
            .is_some_and(|(from, to)| to <= from)
        {
            return Err(ApiError::preference(
                "invalid_expiration_date_to",
                "expiration_date_to invalid. It must be after expiration_date_from",
            ));
        }
        if wanted.auto_return().is_some() && wanted.back_url("success").is_none() {
            return Err(ApiError::preference(
                "invalid_auto_return",
                "auto_return invalid. back_url.success must be defined",
            ));
        }
        Ok(wanted)
    }

    /// The same with these fields replaced.
    pub(crate) fn merged(&self, changes: Map<String, Value>) -> Result<Self, ApiError> {
        let mut body = self.body.clone();
        body.extend(changes);
        Self::parse(body)
    }

    /// A field as it was sent.
    pub(crate) fn given(&self, name: &str) -> Option<Value> {
        self.body.get(name).cloned()
    }

    pub(crate) fn expires(&self) -> bool {
        self.body.get("expires").and_then(Value::as_bool) == Some(true)
    }

    pub(crate) fn excludes(&self, payment_type: &str) -> bool {
        self.excluded_types.iter().any(|kind| kind == payment_type)
    }

    pub(crate) fn metadata(&self) -> Value {
        self.body
            .get("metadata")
            .cloned()
            .unwrap_or_else(|| json!({}))
    }

    pub(crate) fn descriptor(&self) -> Option<String> {
        text(&self.body, "statement_descriptor")
    }

    /// Until when cash may be handed in.
    pub(crate) fn offline_until(&self) -> Option<DateTime<Utc>> {
        self.offline_until
    }

    pub(crate) fn auto_return(&self) -> Option<String> {
        text(&self.body, "auto_return")
    }

    /// Addresses that are not https are discarded silently.
    pub(crate) fn back_url(&self, which: &str) -> Option<String> {
        let url = self.body.get("back_urls")?.get(which)?.as_str()?;
        url.starts_with("https://").then(|| url.to_owned())
    }

    pub(crate) fn back_urls(&self) -> Value {
        let of = |which| self.back_url(which).unwrap_or_default();
        json!({ "success": of("success"), "pending": of("pending"), "failure": of("failure") })
    }

    pub(crate) fn payer(&self) -> Value {
        let mut payer = json!({
            "phone": { "area_code": "", "number": "" },
            "address": { "zip_code": "", "street_name": "", "street_number": null },
            "email": "",
            "identification": { "number": "", "type": "" },
            "name": "",
            "surname": "",
            "date_created": null,
            "last_purchase": null
        });
        if let Some(given) = self.body.get("payer").and_then(Value::as_object) {
            for (name, value) in given {
                payer[name.as_str()] = value.clone();
            }
        }
        payer
    }

    pub(crate) fn payment_methods(&self) -> Value {
        let methods = self.body.get("payment_methods");
        let of = |name| methods.and_then(|methods| methods.get(name)).cloned();
        // No exclusions come back as one empty exclusion.
        let list = |name| match of(name) {
            Some(Value::Array(list)) if !list.is_empty() => Value::Array(list),
            _ => json!([{ "id": "" }]),
        };
        json!({
            "default_card_id": null,
            "default_payment_method_id": null,
            "excluded_payment_methods": list("excluded_payment_methods"),
            "excluded_payment_types": list("excluded_payment_types"),
            "installments": of("installments"),
            "default_installments": of("default_installments")
        })
    }
}

/// The sandbox' ingress listens here; the real service takes https alone.
fn loopback(url: &str) -> bool {
    ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"]
        .iter()
        .any(|start| url.starts_with(start))
}

fn text(body: &Map<String, Value>, name: &str) -> Option<String> {
    body.get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn date(body: &Map<String, Value>, name: &str) -> Result<Option<DateTime<Utc>>, ApiError> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(ids::parse_date)
            .map(Some)
            .ok_or_else(|| ApiError::rule(1001)),
    }
}

fn excluded(body: &Map<String, Value>, name: &str) -> Vec<String> {
    let list = body
        .get("payment_methods")
        .and_then(|methods| methods.get(name))
        .and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|kind| kind["id"].as_str())
        .map(str::to_owned)
        .collect()
}

/// The items as they are echoed, their one currency, and their sum.
fn items(value: Option<&Value>) -> Result<(Vec<Value>, String, Amount), ApiError> {
    let refuse = |message: &str| ApiError::preference("invalid_items", message);
    let Some(list) = value
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty())
    else {
        return Err(refuse("items needed"));
    };
    let (mut echoed, mut currency, mut total) = (Vec::new(), None, Amount::ZERO);
    for item in list {
        let title = item["title"].as_str().unwrap_or_default();
        if title.is_empty() {
            return Err(refuse("title invalid"));
        }
        let quantity = item["quantity"].as_i64().filter(|count| *count > 0);
        let quantity = quantity.ok_or_else(|| refuse("quantity invalid"))?;
        // A number: decimals in strings are for the newer API.
        let price = item["unit_price"].is_number().then(|| &item["unit_price"]);
        let price = price
            .and_then(Amount::of)
            .filter(|price| *price > Amount::ZERO)
            .ok_or_else(|| refuse("unit_price invalid"))?;
        let code = item["currency_id"].as_str().unwrap_or("ARS");
        if !CURRENCIES.contains(&code) || currency.as_deref().is_some_and(|one| one != code) {
            return Err(refuse("currency_id invalid"));
        }
        currency = Some(code.to_owned());
        total = total.plus(Amount::cents(price.minor().saturating_mul(quantity)));
        let given = |name: &str| item.get(name).cloned().unwrap_or_else(|| json!(""));
        echoed.push(json!({
            "id": given("id"),
            "category_id": given("category_id"),
            "currency_id": code,
            "description": given("description"),
            "title": title,
            "quantity": quantity,
            "unit_price": price.number()
        }));
    }
    Ok((echoed, currency.unwrap_or_default(), total))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(changes: &Value) -> Result<Wanted, ApiError> {
        let mut body = json!({
            "items": [{ "title": "Seña", "quantity": 1, "unit_price": 84000.5, "currency_id": "ARS" }],
            "external_reference": "QK7-2"
        });
        for (name, value) in changes.as_object().unwrap() {
            body[name.as_str()] = value.clone();
        }
        Wanted::parse(body.as_object().unwrap().clone())
    }

    #[test]
    fn what_is_documented_as_wrong_is_refused() {
        assert_eq!(with(&json!({})).unwrap().total, Amount::cents(8_400_050));
        for wrong in [
            json!({ "items": [] }),
            json!({ "items": [{ "title": "x", "quantity": 1, "unit_price": 1.005 }] }),
            json!({ "items": [{ "title": "x", "quantity": 1, "unit_price": "10.00" }] }),
            json!({ "items": [{ "title": "x", "quantity": 0, "unit_price": 1 }] }),
            json!({ "items": [{ "title": "x", "quantity": 1, "unit_price": 1, "currency_id": "EUR" }] }),
            json!({ "external_reference": "con espacio" }),
            json!({ "notification_url": "http://example.com/hooks" }),
            json!({ "expiration_date_to": "2026-01-14T16:45:00-03:00" }),
            json!({ "auto_return": "approved" }),
            json!({ "auto_return": "approved", "back_urls": { "success": "http://example.com/ok" } }),
        ] {
            assert!(with(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_update_replaces_only_what_it_names() {
        let first = with(&json!({ "expires": true })).unwrap();
        let changes = json!({ "expiration_date_to": "2026-01-14T16:45:00.000-03:00" });
        let second = first.merged(changes.as_object().unwrap().clone()).unwrap();
        assert_eq!(second.reference.as_deref(), Some("QK7-2"));
        assert!(second.expires() && second.to.is_some() && first.to.is_none());
    }
}
