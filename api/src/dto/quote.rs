//! A price that was given.

use chrono::{DateTime, Utc};
use posta_domain::ids::AccommodationId;
use posta_store::booking;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Breakdown, Exchange, Party, Stretch};

/// A price that was given: what is charged is this, to the cent, whatever prices do meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Quote {
    /// What to hold with.
    pub id: Uuid,
    /// Of which property.
    pub property: Uuid,
    /// What for.
    pub stays: Vec<QuotedStay>,
    /// How much.
    pub breakdown: Breakdown,
    /// The rate, where another currency is charged than that of the prices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Exchange>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// It can be booked until then.
    pub valid_until: DateTime<Utc>,
}

/// One cabin of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotedStay {
    /// The type.
    pub unit_type: Uuid,
    /// Its name.
    pub name: String,
    /// A certain cabin, if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accommodation: Option<Uuid>,
    /// The nights.
    pub period: Stretch,
    /// How many.
    pub nights: u32,
    /// Who comes.
    pub party: Party,
}

impl From<&booking::Quote> for Quote {
    fn from(quote: &booking::Quote) -> Self {
        Self {
            id: quote.id.uuid(),
            property: quote.property.uuid(),
            stays: quote.inputs.stays.iter().map(Into::into).collect(),
            breakdown: (&quote.breakdown).into(),
            exchange: quote.inputs.exchange.as_ref().map(Into::into),
            created_at: quote.created_at,
            valid_until: quote.valid_until,
        }
    }
}

impl From<&posta_domain::quote::StayInputs> for QuotedStay {
    fn from(stay: &posta_domain::quote::StayInputs) -> Self {
        Self {
            unit_type: stay.unit_type.uuid(),
            name: stay.unit_type_name.clone(),
            accommodation: stay.accommodation.map(AccommodationId::uuid),
            period: stay.period.into(),
            nights: stay.period.len(),
            party: (&stay.party).into(),
        }
    }
}
