//! Quotes: what a booking costs, said once and kept.
//!
//! Guaranteed: a quote holds everything its price follows from, so that pricing its inputs again gives the same
//! breakdown whatever the owner has edited since; it never changes (the table refuses), and what is charged is its
//! amount. Not guaranteed: that the nights are free, then or later. Nothing is locked here.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use posta_domain::{
    conditions::{Limits, Wanted, check, check_together},
    money::Currency,
    nights::Period,
    party::Party,
    quote::{Adjustment, Breakdown, Exchange, Inputs, StayInputs, price},
    rates::Rates,
    refusal::Refusal,
};
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use super::BookingError;
use crate::{
    audit::By,
    catalog::{self, Place},
    error::{Doing as _, StoreError},
    ids::{AccommodationId, GuestId, PropertyId, QuoteId, TenantId, UnitTypeId},
    pool::Store,
    text::storable,
};

pub use posta_domain::conditions::Checks;

/// The owner's reason for an adjustment is cut after so many characters.
const LONGEST_REASON: usize = 200;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Any cabin of a kind.
    Type(UnitTypeId),
    /// A certain one.
    Cabin(AccommodationId),
}

/// One cabin, asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub what: What,
    /// The nights.
    pub period: Period,
    /// Who comes.
    pub party: Party,
}

/// What a quote is made from.
#[derive(Debug, Clone)]
pub struct QuoteRequest {
    /// Where.
    pub property: PropertyId,
    /// One to ten cabins.
    pub stays: Vec<Asked>,
    /// Another currency than the property charges in: the owner's only.
    pub charge_currency: Option<Currency>,
    /// Likewise.
    pub adjustments: Vec<Adjustment>,
    /// Who asks, if we know.
    pub guest: Option<GuestId>,
    /// Who sells.
    pub checks: Checks,
}

/// A price that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Which.
    pub id: QuoteId,
    /// Whose data.
    pub tenant: TenantId,
    /// Where.
    pub property: PropertyId,
    /// Who asked, if we knew.
    pub guest: Option<GuestId>,
    /// Everything the price follows from.
    pub inputs: Inputs,
    /// The price.
    pub breakdown: Breakdown,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// Until when it can be booked.
    pub valid_until: DateTime<Utc>,
    /// By whom, as the audit writes it.
    pub created_by: String,
}

/// Makes a quote. Its row says who made it, and is never changed: it is its own audit.
pub async fn make(store: &Store, by: &By, request: &QuoteRequest) -> Result<Quote, BookingError> {
    let mut tx = store.begin().await?;
    let quote = make_in(&mut tx, by, request).await?;
    tx.commit().await.doing("commit the quote")?;
    Ok(quote)
}

/// The same, as part of a transaction.
pub async fn make_in(
    tx: &mut PgConnection,
    by: &By,
    request: &QuoteRequest,
) -> Result<Quote, BookingError> {
    let place = catalog::place(tx, Some(by.tenant), request.property).await?;
    let place = place.ok_or(BookingError::NotFound("property"))?;
    let now = catalog::now(tx).await?;
    let today = now.with_timezone(&place.property.zone).date_naive();
    let to = charged_in(&place, request);
    let exchange = if to == place.property.currency {
        None
    } else {
        catalog::exchange(tx, request.property, place.property.currency, to).await?
    };
    let inputs = inputs(&place, today, exchange, request)?;
    let breakdown = price(&inputs)?;
    let guest = match request.guest {
        Some(guest) => Some(super::guest::known(tx, by.tenant, guest).await?),
        None => None,
    };
    let valid = Duration::minutes(i64::from(place.property.quote_minutes));
    let quote = Quote {
        id: QuoteId::fresh(),
        tenant: by.tenant,
        property: request.property,
        guest,
        inputs,
        breakdown,
        created_at: now,
        valid_until: now + valid,
        created_by: by.actor.clone(),
    };
    insert(tx, &quote).await?;
    Ok(quote)
}

/// What the price follows from: the prices and conditions of the place as they are, and what was asked. Refused is what
/// cannot be sold; whether the nights are free is not asked.
pub fn inputs(
    place: &Place,
    today: NaiveDate,
    exchange: Option<Exchange>,
    request: &QuoteRequest,
) -> Result<Inputs, Refusal> {
    let property = &place.property;
    if request.checks == Checks::Guest && !request.adjustments.is_empty() {
        return Err(Refusal::NeedsOwner);
    }
    let limits = Limits {
        today,
        horizon_days: property.horizon_days,
        max_nights: property.max_nights,
    };
    let stays = request
        .stays
        .iter()
        // However many were asked for, no more are looked at than it takes to refuse them.
        .take(posta_domain::conditions::MOST_STAYS + 1)
        .map(|asked| stay(place, asked, &limits, request.checks))
        .collect::<Result<Vec<_>, _>>()?;
    check_together(
        stays
            .iter()
            .map(|stay| (stay.accommodation, stay.period, Some(&stay.rates))),
    )?;
    let to = charged_in(place, request);
    let holidays = stays.iter().map(|stay| place.holidays_for(stay.period));
    Ok(Inputs {
        v: 1,
        priced_on: today,
        holidays: holidays.flatten().collect(),
        adjustments: request.adjustments.iter().map(tidy).collect(),
        exchange: checked(place, request, to, exchange)?,
        deposit: property.deposit,
        policy: Some(property.cancellation.clone()),
        stays,
    })
}

fn stay(
    place: &Place,
    asked: &Asked,
    limits: &Limits,
    checks: Checks,
) -> Result<StayInputs, Refusal> {
    let unknown = |what: &str| Refusal::Unknown {
        what: what.to_owned(),
    };
    let (unit_type, cabin) = match asked.what {
        What::Type(id) => (id, None),
        What::Cabin(id) => {
            let cabin = place.cabin(id).ok_or_else(|| unknown("accommodation"))?;
            (cabin.unit_type, Some(cabin))
        }
    };
    let unit_type = place
        .unit_type(unit_type)
        .ok_or_else(|| unknown("unit_type"))?;
    let cabin_active = match cabin {
        Some(cabin) => cabin.active,
        None => place.cabins_of(unit_type.id).any(|cabin| cabin.active),
    };
    let seasons = place.seasons_for(unit_type.id, asked.period);
    check(
        &Wanted {
            period: asked.period,
            party: &asked.party,
            capacity: unit_type.capacity,
            active: place.property.active && unit_type.active && cabin_active,
            rates: unit_type.rates.as_ref(),
            seasons: &seasons,
        },
        limits,
        checks,
    )?;
    let rates = match &unit_type.rates {
        Some(rates) => rates.clone(),
        None => Rates::by_hand(place.property.currency, unit_type.capacity),
    };
    Ok(StayInputs {
        unit_type: unit_type.id,
        unit_type_name: unit_type.name.clone(),
        accommodation: cabin.map(|cabin| cabin.id),
        capacity: unit_type.capacity,
        period: asked.period,
        party: asked.party.clone(),
        rates,
        seasons,
    })
}

fn charged_in(place: &Place, request: &QuoteRequest) -> Currency {
    request
        .charge_currency
        .unwrap_or(place.property.charge_currency)
}

/// The rate that is needed, if one is. A guest pays in the currency the property charges in; the owner may take any
/// that she has a rate for.
fn checked(
    place: &Place,
    request: &QuoteRequest,
    to: Currency,
    exchange: Option<Exchange>,
) -> Result<Option<Exchange>, Refusal> {
    let property = &place.property;
    let refused = |possible| Refusal::WrongCurrency {
        asked: to,
        possible: vec![possible],
    };
    if request.checks == Checks::Guest && to != property.charge_currency {
        return Err(refused(property.charge_currency));
    }
    if to == property.currency {
        return Ok(None);
    }
    match exchange {
        Some(exchange) if exchange.to == to => Ok(Some(exchange)),
        // Without a rate there is the currency of the prices.
        _ => Err(refused(property.currency)),
    }
}

fn tidy(adjustment: &Adjustment) -> Adjustment {
    let reason: String = adjustment.reason.chars().take(LONGEST_REASON).collect();
    Adjustment {
        amount: adjustment.amount,
        reason: storable(&reason).into_owned(),
        author: adjustment.author.clone(),
    }
}

/// Stores it as it is.
pub(crate) async fn insert(tx: &mut PgConnection, quote: &Quote) -> Result<(), StoreError> {
    let breakdown = &quote.breakdown;
    sqlx::query!(
        "INSERT INTO quotes (tenant_id, id, property_id, guest_id, inputs, breakdown, currency, total,
                             charge_currency, charge_total, deposit, created_by, created_at, valid_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        quote.tenant.uuid(),
        quote.id.uuid(),
        quote.property.uuid(),
        quote.guest.map(GuestId::uuid),
        json("quotes.inputs", &quote.inputs)?,
        json("quotes.breakdown", breakdown)?,
        breakdown.total.currency.as_str(),
        breakdown.total.minor,
        breakdown.charge.currency.as_str(),
        breakdown.charge.minor,
        breakdown.deposit.minor,
        quote.created_by,
        quote.created_at,
        quote.valid_until,
    )
    .execute(tx)
    .await
    .doing("store the quote")
    .map(|_| ())
}

/// A quote. With `tenant`, another tenant's is not found; without, any is: who knows its id was given it.
pub async fn get(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
    id: QuoteId,
) -> Result<Option<Quote>, StoreError> {
    let row = sqlx::query!(
        "SELECT tenant_id, property_id, guest_id, inputs, breakdown, created_by, created_at, valid_until
         FROM quotes WHERE id = $1 AND ($2::uuid IS NULL OR tenant_id = $2)",
        id.uuid(),
        tenant.map(TenantId::uuid),
    )
    .fetch_optional(conn)
    .await
    .doing("read the quote")?;
    row.map(|row| {
        Ok(Quote {
            id,
            tenant: row.tenant_id.into(),
            property: row.property_id.into(),
            guest: row.guest_id.map(GuestId::from),
            inputs: read("quotes.inputs", row.inputs)?,
            breakdown: read("quotes.breakdown", row.breakdown)?,
            created_at: row.created_at,
            valid_until: row.valid_until,
            created_by: row.created_by,
        })
    })
    .transpose()
}

fn json(
    what: &'static str,
    value: &impl serde::Serialize,
) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(value).map_err(|source| StoreError::Unreadable {
        what,
        source: source.into(),
    })
}

fn read<T: DeserializeOwned>(
    what: &'static str,
    value: serde_json::Value,
) -> Result<T, StoreError> {
    serde_json::from_value(value).map_err(|source| StoreError::Unreadable {
        what,
        source: source.into(),
    })
}
