//! Properties and their settings.

use axum::extract::State;
use chrono_tz::Tz;
use posta_domain::{cancellation::Policy, money::BasisPoints};
use posta_store::{
    catalog::{self, Overpaid, PropertyEdit},
    ids::PropertyId,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    place, schema,
    view::{Properties, PropertyView, Settings},
};
use crate::{
    auth::{Owner, Principal, Readonly},
    extract::{Body, Path},
    owner::field::{Clock, currency},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_properties))
        .routes(routes!(get_property, edit_property))
}

/// Settings to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PropertyPatch {
    /// As guests know it.
    name: Option<String>,
    /// IANA. Nights are named by days here.
    zone: Option<String>,
    /// Of what guests pay; where it is not the prices', a rate is needed.
    #[schema(pattern = "^[A-Z]{3}$")]
    charge_currency: Option<String>,
    /// Hundredths of a percent of the charge, due to confirm.
    #[schema(minimum = 0, maximum = 10000)]
    deposit_bp: Option<u16>,
    /// How long a hold waits for money.
    #[schema(minimum = 1, maximum = 10080)]
    hold_minutes: Option<u32>,
    /// How long it waits for a look at a receipt.
    #[schema(minimum = 1, maximum = 48)]
    verification_hours: Option<u32>,
    /// How long it waits for the owner's yes.
    #[schema(minimum = 1, maximum = 168)]
    request_hours: Option<u32>,
    /// How long before a hold ends its guest is reminded; 0: never.
    #[schema(minimum = 0, maximum = 1440)]
    remind_minutes: Option<u32>,
    /// What becomes of more than was asked for.
    #[schema(value_type = Option<schema::Overpaid>)]
    overpaid: Option<Overpaid>,
    /// How long a credit can be used.
    #[schema(minimum = 1, maximum = 3650)]
    credit_days: Option<u32>,
    /// How many days before arrival the balance is asked for; 0: never, it is paid at the desk.
    #[schema(minimum = 0, maximum = 90)]
    balance_days: Option<u32>,
    /// How long a quote can be booked.
    #[schema(minimum = 1, maximum = 43200)]
    quote_minutes: Option<u32>,
    /// How far ahead nights are sold.
    #[schema(minimum = 1, maximum = 1100)]
    horizon_days: Option<u32>,
    /// How many nights are sold at once.
    #[schema(minimum = 1, maximum = 365)]
    max_nights: Option<u32>,
    /// What goes back when a guest cancels.
    #[schema(value_type = Option<schema::CancellationPolicy>)]
    cancellation: Option<Policy>,
    /// Arrival from.
    check_in_from: Option<Clock>,
    /// Departure until.
    check_out_until: Option<Clock>,
    /// When a person usually answers, from.
    answers_from: Option<Clock>,
    /// And until.
    answers_until: Option<Clock>,
    /// Whether anything of it is let.
    active: Option<bool>,
}

impl PropertyPatch {
    fn edit(self) -> Result<PropertyEdit, Problem> {
        let time = |clock: Option<Clock>, field| clock.map(|clock| clock.time(field)).transpose();
        let zone = |name: String| name.parse::<Tz>().map_err(|_| Problem::invalid("zone"));
        let share = |bp| BasisPoints::new(bp).ok_or_else(|| Problem::invalid("deposit_bp"));
        let charge = |code: String| currency(&code, "charge_currency");
        Ok(PropertyEdit {
            name: self.name,
            zone: self.zone.map(zone).transpose()?,
            charge_currency: self.charge_currency.map(charge).transpose()?,
            deposit: self.deposit_bp.map(share).transpose()?,
            hold_minutes: self.hold_minutes,
            verification_hours: self.verification_hours,
            request_hours: self.request_hours,
            remind_minutes: self.remind_minutes,
            overpaid: self.overpaid,
            credit_days: self.credit_days,
            balance_days: self.balance_days,
            quote_minutes: self.quote_minutes,
            horizon_days: self.horizon_days,
            max_nights: self.max_nights,
            cancellation: self.cancellation,
            check_in_from: time(self.check_in_from, "check_in_from")?,
            check_out_until: time(self.check_out_until, "check_out_until")?,
            answers_from: time(self.answers_from, "answers_from")?,
            answers_until: time(self.answers_until, "answers_until")?,
            active: self.active,
        })
    }
}

/// All properties with their settings
#[utoipa::path(get, path = "/owner/properties", tag = "owner", operation_id = "list_properties",
    responses((status = 200, description = "All of them.", body = Properties)))]
async fn list_properties(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
) -> Result<Body<Properties>, Problem> {
    let mut conn = state.store.acquire().await?;
    let places = catalog::properties(&mut conn, principal.tenant).await?;
    Ok(Body(Properties {
        properties: places
            .iter()
            .map(|place| Settings::from(&place.property))
            .collect(),
    }))
}

/// A property with all it lets, texts, seasons and holidays
#[utoipa::path(get, path = "/owner/properties/{id}", tag = "owner", operation_id = "get_property",
    params(("id" = Uuid, Path, description = "The property.")),
    responses((status = 200, description = "As it is now.", body = PropertyView)))]
async fn get_property(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<PropertyView>, Problem> {
    show(&state, &principal, id).await
}

/// Change a property's settings
#[utoipa::path(patch, path = "/owner/properties/{id}", tag = "owner", operation_id = "edit_property",
    params(("id" = Uuid, Path, description = "The property.")),
    request_body = PropertyPatch,
    responses((status = 200, description = "As it is now.", body = PropertyView),
              (status = 409, description = "Another one has that name.")))]
async fn edit_property(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(patch): Body<PropertyPatch>,
) -> Result<Body<PropertyView>, Problem> {
    let edit = patch.edit()?;
    catalog::edit_property(&state.store, &principal.by(), PropertyId::from(id), &edit).await?;
    show(&state, &principal, id).await
}

async fn show(
    state: &AppState,
    principal: &Principal,
    id: Uuid,
) -> Result<Body<PropertyView>, Problem> {
    let place = place(state, principal, id).await?;
    let mut conn = state.store.acquire().await?;
    let texts = catalog::texts(&mut conn, principal.tenant, place.property.id).await?;
    let of_cabins = catalog::cabin_texts(&mut conn, principal.tenant, place.property.id).await?;
    Ok(Body(PropertyView::of(&place, texts, &of_cabins)))
}
