//! A payment as the books hold it, and as it is answered.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::ids;
use super::method::Method;
use super::money::Amount;
use super::refund::{Back, Refund};

/// What the seller can touch the money of, after so long.
const RELEASE: TimeDelta = TimeDelta::days(18);

#[derive(Debug, Clone)]
pub(crate) struct Payment {
    pub(crate) id: u64,
    pub(crate) preference: Option<String>,
    pub(crate) order: Option<u64>,
    pub(crate) collector: u64,
    pub(crate) reference: Option<String>,
    pub(crate) status: String,
    pub(crate) detail: String,
    pub(crate) amount: Amount,
    pub(crate) currency: String,
    pub(crate) method: Method,
    pub(crate) created: DateTime<Utc>,
    pub(crate) approved: Option<DateTime<Utc>>,
    pub(crate) updated: DateTime<Utc>,
    pub(crate) offline_until: Option<DateTime<Utc>>,
    pub(crate) fee: Amount,
    pub(crate) withheld: Amount,
    pub(crate) refunds: Vec<Refund>,
    pub(crate) chargeback: Option<u64>,
    pub(crate) notification_url: Option<String>,
    pub(crate) metadata: Value,
    pub(crate) items: Vec<Value>,
    pub(crate) title: String,
    pub(crate) descriptor: Option<String>,
    pub(crate) binary_mode: bool,
}

impl Payment {
    /// What went back.
    pub(crate) fn refunded(&self) -> Amount {
        self.back(|state| state == Back::Done)
    }

    /// What could still go back.
    pub(crate) fn left(&self) -> Amount {
        self.amount.minus(self.back(|state| state != Back::Refused))
    }

    fn back(&self, counts: impl Fn(Back) -> bool) -> Amount {
        let counted = self.refunds.iter().filter(|refund| counts(refund.state));
        counted.map(|refund| refund.amount).sum()
    }

    /// A new state, dated.
    pub(crate) fn turn(&mut self, status: &str, detail: &str, now: DateTime<Utc>) {
        status.clone_into(&mut self.status);
        detail.clone_into(&mut self.detail);
        self.updated = now;
        if status == "approved" && self.approved.is_none() {
            self.approved = Some(now);
        }
    }

    /// Puts a refund on the books, done or waiting.
    pub(crate) fn give_back(
        &mut self,
        id: u64,
        amount: Amount,
        state: Back,
        now: DateTime<Utc>,
    ) -> Refund {
        let refund = Refund {
            id,
            payment: self.id,
            amount,
            created: now,
            state,
            collector: self.collector,
        };
        self.refunds.push(refund.clone());
        self.weigh(now);
        refund
    }

    /// The bank answers on a refund that waits.
    pub(crate) fn decide(&mut self, refund_id: u64, done: bool, now: DateTime<Utc>) -> Option<()> {
        let waiting = self
            .refunds
            .iter_mut()
            .find(|refund| refund.id == refund_id && refund.state == Back::Waits)?;
        waiting.state = if done { Back::Done } else { Back::Refused };
        self.weigh(now);
        Some(())
    }

    /// Partial refunds leave it approved until nothing is left.
    fn weigh(&mut self, now: DateTime<Utc>) {
        let back = self.refunded();
        if back == self.amount {
            self.turn("refunded", "refunded", now);
        } else if back > Amount::ZERO {
            self.turn("approved", "partially_refunded", now);
        } else {
            self.updated = now;
        }
    }

    /// The whole answer of `GET /v1/payments/{id}`.
    pub(crate) fn body(&self) -> Value {
        let date = |at: Option<DateTime<Utc>>| at.map_or(Value::Null, |at| ids::date(at).into());
        let issuer = self.method.is_card().then_some("310");
        let items: Vec<Value> = self.items.iter().map(shown_item).collect();
        let refunds: Vec<Value> = self.refunds.iter().map(Refund::body).collect();
        let authorised = self.approved.filter(|_| self.method.is_card());
        let mut body = self.hit();
        let whole = json!({
            "date_of_expiration": date(self.offline_until.filter(|_| self.method.is_offline())),
            "money_release_date": date(self.approved.map(|at| at + RELEASE)),
            "issuer_id": issuer,
            "payment_method": { "id": self.method.id, "type": self.method.kind, "issuer_id": issuer },
            "description": self.title,
            "sponsor_id": null,
            "authorization_code": authorised.map(|_| "301299"),
            "money_release_schema": null,
            "taxes_amount": 0,
            "counter_currency": null,
            "shipping_amount": 0,
            "payer": payer(),
            "metadata": self.metadata,
            "additional_info": { "items": items },
            "order": self.order.map_or_else(
                || json!({}),
                |order| json!({ "type": "mercadopago", "id": order.to_string() }),
            ),
            "coupon_amount": 0,
            "installments": 1,
            "transaction_details": self.transaction_details(),
            "fee_details": self.fee_details(),
            "charges_details": self.charges(),
            "captured": true,
            "binary_mode": self.binary_mode,
            "call_for_authorize_id": null,
            "statement_descriptor": self.descriptor.as_ref().filter(|_| self.method.is_card()),
            "card": self.card(),
            "notification_url": self.notification_url,
            "refunds": refunds,
            "processing_mode": "aggregator",
            "merchant_account_id": null,
            "point_of_interaction": {
                "type": "CHECKOUT",
                "business_info": { "unit": "online_payments", "sub_unit": "checkout_pro" }
            }
        });
        if let (Value::Object(body), Value::Object(whole)) = (&mut body, whole) {
            body.extend(whole);
        }
        body
    }

    /// One hit of the search: less than the payment, so it has to be read by its id.
    pub(crate) fn hit(&self) -> Value {
        json!({
            "id": self.id,
            "date_created": ids::date(self.created),
            "date_approved": self.approved.map(ids::date),
            "date_last_updated": ids::date(self.updated),
            "status": self.status,
            "status_detail": self.detail,
            "currency_id": self.currency,
            "transaction_amount": self.amount,
            "transaction_amount_refunded": self.refunded(),
            "external_reference": self.reference,
            "payment_method_id": self.method.id,
            "payment_type_id": self.method.kind,
            "operation_type": "regular_payment",
            "live_mode": true,
            "collector_id": self.collector
        })
    }

    /// As it stands in its merchant order.
    pub(crate) fn in_order(&self) -> Value {
        json!({
            "id": self.id,
            "transaction_amount": self.amount,
            "total_paid_amount": self.amount,
            "shipping_cost": 0,
            "currency_id": self.currency,
            "status": self.status,
            "status_detail": self.detail,
            "operation_type": "regular_payment",
            "date_approved": self.approved.map(ids::date),
            "date_created": ids::date(self.created),
            "last_modified": ids::date(self.updated),
            "amount_refunded": self.refunded()
        })
    }

    fn transaction_details(&self) -> Value {
        let net = match self.approved {
            Some(_) => self.amount.minus(self.fee).minus(self.withheld),
            None => Amount::ZERO,
        };
        let offline = self.method.is_offline();
        let ticket = format!("https://www.mercadopago.com.ar/payments/{}/ticket", self.id);
        json!({
            "net_received_amount": net,
            "total_paid_amount": self.amount,
            "overpaid_amount": 0,
            "external_resource_url": offline.then_some(ticket),
            "installment_amount": if offline { Amount::ZERO } else { self.amount },
            "financial_institution": offline.then_some(self.method.id),
            "payment_method_reference_id": offline.then_some("4471920083"),
            "payable_deferral_period": null,
            "acquirer_reference": null
        })
    }

    fn fee_details(&self) -> Value {
        match self.approved {
            Some(_) => {
                json!([{ "type": "mercadopago_fee", "amount": self.fee, "fee_payer": "collector" }])
            }
            None => json!([]),
        }
    }

    /// With taxes withheld, fee and tax both stand here; the fee also in `fee_details`.
    fn charges(&self) -> Value {
        let Some(at) = self.approved.filter(|_| self.withheld > Amount::ZERO) else {
            return json!([]);
        };
        let charge = |number: u8, kind: &str, name: &str, amount: Amount| {
            json!({
                "id": format!("{}-{number:03}", self.id),
                "name": name,
                "type": kind,
                "accounts": { "from": "collector", "to": "mp" },
                "client_id": 0,
                "date_created": ids::date(at),
                "last_updated": ids::date(at),
                "amounts": { "original": amount, "refunded": 0 },
                "metadata": {},
                "refund_charges": [],
                "reserve_id": null
            })
        };
        json!([
            charge(1, "fee", "mercadopago_fee", self.fee),
            charge(2, "tax", "tax_withholding_iibb", self.withheld),
        ])
    }

    fn card(&self) -> Value {
        if !self.method.is_card() {
            return json!({});
        }
        json!({
            "id": null,
            "first_six_digits": "450995",
            "last_four_digits": "3704",
            "expiration_month": 11,
            "expiration_year": 2030,
            "date_created": ids::date(self.created),
            "date_last_updated": ids::date(self.created),
            "cardholder": { "name": "APRO", "identification": { "type": "DNI", "number": "30111222" } }
        })
    }
}

/// The items again, with numbers as text, as the provider writes them here.
fn shown_item(item: &Value) -> Value {
    json!({
        "id": item["id"],
        "title": item["title"],
        "quantity": item["quantity"].to_string(),
        "unit_price": item["unit_price"].to_string()
    })
}

fn payer() -> Value {
    json!({
        "type": null,
        "id": "55190417",
        "operator_id": null,
        "email": "huesped@example.com",
        "identification": { "type": "DNI", "number": "30111222" },
        "phone": { "area_code": null, "number": null, "extension": null },
        "first_name": null,
        "last_name": null,
        "entity_type": null
    })
}
