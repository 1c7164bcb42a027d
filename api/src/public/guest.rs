//! One's own booking, by its signed link.
//!
//! Guaranteed: looking (GET, HEAD) changes nothing, so a preview of the link in a chat changes nothing; whoever has the
//! link sees and does what this booking's guest may, and nothing else. What changes something is a POST with a JSON
//! body that says so.

pub(super) mod pay;
mod view;

use axum::extract::State;
use posta_domain::cancellation::By as Who;
use posta_runtime::night_lock::Nights;
use posta_store::{
    booking::{self, Booking, cancel as cancelling, change as changing},
    catalog,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    auth::GuestLink, dto::Asked, extract::Body, nights, problem::Problem,
    public::quotes::MOST_STAYS, state::AppState,
};
use view::{Cancelled, GuestBooking, Outcome};

/// What is called off.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GuestCancel)]
pub(super) struct Cancel {
    /// Must be true: nobody cancels by looking.
    confirm: bool,
    /// As the booking was seen; left out: whatever it is now.
    #[serde(default)]
    version: Option<i32>,
    /// For the owner.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// What the booking should be instead.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GuestChange)]
pub(super) struct Change {
    /// As the booking was seen.
    version: i32,
    /// All of its cabins, as they should be.
    #[schema(min_items = 1, max_items = 10)]
    stays: Vec<Asked>,
}

/// One's booking
#[utoipa::path(
    get,
    path = "/guest/{token}",
    tag = "guest",
    operation_id = "guest_booking",
    params(("token" = String, Path, description = "From the link.")),
    responses((status = 200, description = "The booking.", body = GuestBooking))
)]
pub(super) async fn booking(
    link: GuestLink,
    State(state): State<AppState>,
) -> Result<Body<GuestBooking>, Problem> {
    let found = found(&state, &link).await?;
    show(&state, &link, &found).await.map(Body)
}

/// What cancelling would give back
#[utoipa::path(
    get,
    path = "/guest/{token}/cancellation",
    tag = "guest",
    operation_id = "guest_cancellation",
    params(("token" = String, Path, description = "From the link.")),
    responses(
        (status = 200, description = "If it were cancelled now.", body = Outcome),
        (status = 409, description = "It cannot be cancelled any more."),
    )
)]
pub(super) async fn cancellation(
    link: GuestLink,
    State(state): State<AppState>,
) -> Result<Body<Outcome>, Problem> {
    let mut conn = state.store.acquire().await?;
    let outcome = cancelling::preview(&mut conn, link.tenant, link.reservation, Who::Guest).await?;
    Ok(Body(Outcome::from(&outcome)))
}

/// Cancel it
///
/// What has been paid goes back as the policy says; ask before with `GET /guest/{token}/cancellation`.
#[utoipa::path(
    post,
    path = "/guest/{token}/cancel",
    tag = "guest",
    operation_id = "guest_cancel",
    params(("token" = String, Path, description = "From the link.")),
    request_body = Cancel,
    responses(
        (status = 200, description = "It is cancelled.", body = Cancelled),
        (status = 409, description = "It cannot be cancelled, or it has changed meanwhile."),
    )
)]
pub(super) async fn cancel(
    link: GuestLink,
    State(state): State<AppState>,
    Body(asked): Body<Cancel>,
) -> Result<Body<Cancelled>, Problem> {
    if !asked.confirm {
        return Err(Problem::invalid("confirm"));
    }
    let reason = crate::dto::words_or_none("reason", asked.reason.as_deref(), 500)?;
    let (cancelled, outcome) = cancelling::cancel(
        &state.store,
        &link.by(),
        link.reservation,
        Who::Guest,
        reason.as_deref().unwrap_or_default(),
        asked.version,
    )
    .await?;
    Ok(Body(Cancelled {
        outcome: Outcome::from(&outcome),
        booking: show(&state, &link, &cancelled).await?,
    }))
}

/// Change dates, cabins or party
///
/// All or nothing: the new nights are taken and the old ones let go in one step, at today's prices. What is missing
/// becomes something to pay; what is too much goes back as the policy says.
#[utoipa::path(
    post,
    path = "/guest/{token}/change",
    tag = "guest",
    operation_id = "guest_change",
    params(("token" = String, Path, description = "From the link.")),
    request_body = Change,
    responses(
        (status = 200, description = "It is changed.", body = GuestBooking),
        (status = 409, description = "The nights are taken, it cannot be changed, or it has changed meanwhile."),
    )
)]
pub(super) async fn change(
    link: GuestLink,
    State(state): State<AppState>,
    Body(asked): Body<Change>,
) -> Result<Body<GuestBooking>, Problem> {
    if asked.stays.is_empty() || asked.stays.len() > MOST_STAYS {
        return Err(posta_domain::refusal::Refusal::StaysImpossible.into());
    }
    let stays = asked
        .stays
        .iter()
        .map(Asked::asked)
        .collect::<Result<Vec<_>, _>>()?;
    let wanted = wanted(&state, &link, &stays).await?;
    let request = changing::ChangeRequest {
        to: changing::To::Stays(stays),
        by: changing::Changer::Guest,
        adjustments: Vec::new(),
        expected_version: Some(asked.version),
    };
    let guard = nights::take(&state, wanted).await;
    let changed = changing::change(&state.store, &link.by(), link.reservation, &request).await;
    guard.release().await;
    show(&state, &link, &changed?).await.map(Body)
}

/// The nights that a change would take, for the fast first layer.
async fn wanted(
    state: &AppState,
    link: &GuestLink,
    stays: &[booking::Asked],
) -> Result<Vec<Nights>, Problem> {
    let found = found(state, link).await?;
    let mut conn = state.store.acquire().await?;
    let place = catalog::place(&mut conn, Some(link.tenant), found.property).await?;
    Ok(place.map_or_else(Vec::new, |place| nights::asked(&place, stays)))
}

/// The link's booking.
async fn found(state: &AppState, link: &GuestLink) -> Result<Booking, Problem> {
    let mut conn = state.store.acquire().await?;
    booking::view::view(&mut conn, link.tenant, link.reservation)
        .await?
        .ok_or_else(|| Problem::not_found("link"))
}

async fn show(
    state: &AppState,
    link: &GuestLink,
    booking: &Booking,
) -> Result<GuestBooking, Problem> {
    let ways = pay::ways(state, booking).await?;
    let mut conn = state.store.acquire().await?;
    let quote = booking::quotes::get(&mut conn, Some(link.tenant), booking.quote)
        .await?
        .ok_or_else(|| Problem::not_found("link"))?;
    let place = catalog::place(&mut conn, Some(link.tenant), booking.property)
        .await?
        .ok_or_else(|| Problem::not_found("link"))?;
    let cancellation = cancelling::preview(&mut conn, link.tenant, link.reservation, Who::Guest)
        .await
        .ok();
    Ok(GuestBooking::of(
        booking,
        &quote,
        &place.property,
        cancellation.as_ref(),
        ways,
        link.expires_at,
    ))
}
