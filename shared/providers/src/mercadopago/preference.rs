//! A preference: the provider's word for a link to pay.
//!
//! Making one is not idempotent there, whatever key is sent; whoever retries first looks for what the attempt before it
//! may have made ([`super::MercadoPago::search_preferences`]) and asks whether it [`Preference::fits`]. One preference
//! can be paid any number of times until it expires.

mod new;
mod parts;

use chrono::{DateTime, Utc};
use posta_domain::money::{Currency, Money};
use url::Url;

pub use new::NewPreference;
pub use parts::{BackUrls, NotAPreference, StatementDescriptor};

use super::{
    ExternalReference, PreferenceId, Unfit,
    field::{currency, decimal, list, number, object, time, word},
};
use crate::shallow::Fields;

/// One that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preference {
    /// Its id.
    pub id: PreferenceId,
    /// Where the guest pays.
    pub url: Url,
    /// What we named the request.
    pub reference: Option<String>,
    /// Whose money it will be: the collector's user id.
    pub collector: Option<String>,
    /// What it asks for; absent when its items cannot be added up.
    pub amount: Option<Money>,
    /// Until when it can be paid; absent when it does not expire.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
}

/// One that a search found. It is read on its own ([`super::MercadoPago::preference`]) to learn more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreferenceHit {
    /// Its id.
    pub id: PreferenceId,
    /// What we named the request.
    pub reference: Option<String>,
    /// Until when it can be paid, if it says so.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
}

// === impl Preference ===

impl Preference {
    /// Reads the answer to making or reading one.
    pub fn parse(json: &str) -> Result<Self, Unfit> {
        let fields = object(json)?;
        let url = fields
            .text("init_point")
            .ok_or(Unfit::Missing("init_point"))?;
        let url: Url = url.parse().map_err(|_| Unfit::Malformed("init_point"))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(Unfit::Malformed("init_point"));
        }
        let hit = PreferenceHit::of(&fields)?;
        Ok(Self {
            id: hit.id,
            url,
            reference: hit.reference,
            collector: word(&fields, "collector_id"),
            amount: asked(&fields).ok(),
            expires_at: hit.expires_at,
            created_at: hit.created_at,
        })
    }

    /// Whether it asks for just this.
    pub fn fits(&self, reference: &ExternalReference, amount: Money) -> bool {
        self.reference.as_deref() == Some(reference.as_str()) && self.amount == Some(amount)
    }
}

impl PreferenceHit {
    /// Reads one of a search's results.
    pub(super) fn parse(json: &str) -> Result<Self, Unfit> {
        Self::of(&object(json)?)
    }

    fn of(fields: &Fields<'_>) -> Result<Self, Unfit> {
        let expires = fields.get("expires").is_none_or(|raw| raw.get() != "false");
        Ok(Self {
            id: number(fields, "id", PreferenceId::parse)?,
            reference: word(fields, "external_reference"),
            expires_at: if expires {
                time(fields, "expiration_date_to")?
            } else {
                None
            },
            created_at: time(fields, "date_created")?,
        })
    }
}

/// Σ quantity · unit price.
fn asked(fields: &Fields<'_>) -> Result<Money, Unfit> {
    let mut sum: Option<Money> = None;
    for item in list(fields, "items") {
        let item = object(item.get())?;
        let coin: Currency = currency(&item, "currency_id")?;
        let count = item.text("quantity").and_then(|text| text.parse().ok());
        let price = decimal(&item, "unit_price")?.and_then(|price| price.money(coin).ok());
        let worth = match (price, count) {
            (Some(price), Some(count)) => price.times(count).ok(),
            _ => None,
        };
        let worth = worth.ok_or(Unfit::Malformed("items"))?;
        let with = sum.map_or(Ok(worth), |sum| sum.plus(worth));
        sum = Some(with.map_err(|_| Unfit::Malformed("items"))?);
    }
    sum.ok_or(Unfit::Missing("items"))
}

#[cfg(test)]
mod tests;
