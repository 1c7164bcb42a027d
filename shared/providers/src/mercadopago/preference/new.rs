//! A preference to be made: one item, which is the whole amount, for a limited time, without the payment methods that
//! take days (cash at a counter, cash machines).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use posta_domain::money::Money;
use serde::Serialize;
use serde_json::value::RawValue;
use url::Url;

use super::{BackUrls, NotAPreference, StatementDescriptor};
use crate::mercadopago::{ExternalReference, decimal::plain, field::write_time};

/// The provider cuts off more.
const MAX_TITLE: usize = 250;
/// Documented.
const MAX_NOTIFICATION_URL: usize = 248;
/// Rapipago, Pago Fácil and their like; Red Link. `account_money` cannot be excluded.
const SLOW: [&str; 2] = ["ticket", "atm"];

/// What is asked for, checked.
#[derive(Debug, Clone)]
pub struct NewPreference {
    reference: ExternalReference,
    title: String,
    amount: Money,
    opens_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    notification_url: Option<Url>,
    back: Option<BackUrls>,
    descriptor: Option<StatementDescriptor>,
    installments: Option<u8>,
    metadata: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Body<'a> {
    items: [Item<'a>; 1],
    external_reference: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadata: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    back_urls: Option<Back<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_return: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement_descriptor: Option<&'a str>,
    expires: bool,
    expiration_date_from: String,
    expiration_date_to: String,
    date_of_expiration: String,
    payment_methods: Methods,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    title: &'a str,
    category_id: &'static str,
    quantity: u8,
    currency_id: &'a str,
    unit_price: Box<RawValue>,
}

#[derive(Serialize)]
struct Back<'a> {
    success: &'a str,
    pending: &'a str,
    failure: &'a str,
}

#[derive(Serialize)]
struct Methods {
    excluded_payment_types: [Id; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    installments: Option<u8>,
}

#[derive(Serialize)]
struct Id {
    id: &'static str,
}

// === impl NewPreference ===

impl NewPreference {
    /// `title` is what the guest reads at the checkout; it can be paid from `opens_at` until `expires_at`.
    pub fn new(
        reference: ExternalReference,
        title: &str,
        amount: Money,
        opens_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<Self, NotAPreference> {
        if amount.minor <= 0 {
            return Err(NotAPreference::Amount(amount));
        }
        let title: String = title
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(MAX_TITLE)
            .collect();
        let title = title.trim();
        if title.is_empty() {
            return Err(NotAPreference::Title);
        }
        if expires_at <= opens_at {
            return Err(NotAPreference::Window);
        }
        Ok(Self {
            reference,
            title: title.to_owned(),
            amount,
            opens_at,
            expires_at,
            notification_url: None,
            back: None,
            descriptor: None,
            installments: None,
            metadata: BTreeMap::new(),
        })
    }

    /// Where payments of it are hinted at, before any address of the provider's panel.
    pub fn notifying(mut self, url: &Url) -> Result<Self, NotAPreference> {
        let fits = url.as_str().len() <= MAX_NOTIFICATION_URL;
        if !fits || !matches!(url.scheme(), "https" | "http") {
            return Err(NotAPreference::NotificationUrl);
        }
        self.notification_url = Some(url.clone());
        Ok(self)
    }

    /// Where the browser goes afterwards, by itself once it is approved.
    #[must_use]
    pub fn returning_to(mut self, back: BackUrls) -> Self {
        self.back = Some(back);
        self
    }

    /// What stands on the card statement.
    #[must_use]
    pub fn described_as(mut self, descriptor: StatementDescriptor) -> Self {
        self.descriptor = Some(descriptor);
        self
    }

    /// At most so many instalments.
    pub fn with_installments(mut self, most: u8) -> Result<Self, NotAPreference> {
        if !(1..=36).contains(&most) {
            return Err(NotAPreference::Installments(most));
        }
        self.installments = Some(most);
        Ok(self)
    }

    /// Something of ours that payments carry along. Never what a guest told us.
    pub fn with_metadata(mut self, key: &str, value: &str) -> Result<Self, NotAPreference> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if !key.starts_with(|c: char| c.is_ascii_lowercase()) || !key.bytes().all(plain) {
            return Err(NotAPreference::MetadataKey);
        }
        self.metadata.insert(key.to_owned(), value.to_owned());
        Ok(self)
    }

    /// What it is named.
    pub fn reference(&self) -> &ExternalReference {
        &self.reference
    }

    /// The body of `POST /checkout/preferences`.
    pub(in crate::mercadopago) fn to_body(&self) -> Result<Vec<u8>, serde_json::Error> {
        let body = Body {
            items: [Item {
                id: self.reference.as_str(),
                title: &self.title,
                category_id: "travels",
                quantity: 1,
                currency_id: self.amount.currency.as_str(),
                unit_price: RawValue::from_string(plain(self.amount))?,
            }],
            external_reference: self.reference.as_str(),
            metadata: &self.metadata,
            back_urls: self.back.as_ref().map(|back| Back {
                success: back.success.as_str(),
                pending: back.pending.as_str(),
                failure: back.failure.as_str(),
            }),
            auto_return: self.back.as_ref().map(|_| "approved"),
            notification_url: self.notification_url.as_ref().map(Url::as_str),
            statement_descriptor: self.descriptor.as_ref().map(StatementDescriptor::as_str),
            expires: true,
            expiration_date_from: write_time(self.opens_at),
            expiration_date_to: write_time(self.expires_at),
            date_of_expiration: write_time(self.expires_at),
            payment_methods: Methods {
                excluded_payment_types: SLOW.map(|id| Id { id }),
                installments: self.installments,
            },
        };
        serde_json::to_vec(&body)
    }
}
