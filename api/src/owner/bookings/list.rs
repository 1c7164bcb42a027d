//! Looking for bookings, one of them, and who did what with it.

use axum::extract::State;
use chrono::{DateTime, Utc};
use posta_domain::reservation::Status;
use posta_store::{
    audit,
    booking::view::{self, Before, Filter},
    ids::{PropertyId, ReservationId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    booking,
    view::{BookingStatus, BookingView},
};
use crate::{
    auth::Readonly,
    dto::{Date, words_or_none},
    extract::{Body, Path, Query},
    owner::field::limit,
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_reservations))
        .routes(routes!(get_reservation))
        .routes(routes!(reservation_history))
}

/// Longer than any name or code.
const MOST_TEXT: usize = 200;

/// Which bookings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BookingsQuery {
    /// Of one property.
    property: Option<Uuid>,
    /// Where they stand.
    #[param(inline)]
    status: Option<BookingStatus>,
    /// With a night on or after this day.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// With a night before this day.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// In the code, the guest's name, phone or address.
    #[param(max_length = 200)]
    text: Option<String>,
    /// Go on after this place in the list: the last page's `next`.
    before: Option<String>,
    /// So many at most; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A page of bookings.
#[derive(Debug, Serialize, ToSchema)]
struct Bookings {
    /// Newest first.
    reservations: Vec<BookingView>,
    /// There may be more: ask with `before`.
    next: Option<String>,
}

/// Who or what did each step.
#[derive(Debug, Serialize, ToSchema)]
struct History {
    /// Oldest first.
    steps: Vec<HistoryStep>,
}

/// One step.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryStep {
    /// user:…, token:…, guest:…, web, system:…, import.
    actor: String,
    /// held, confirmed, `payment_recorded`, …
    action: String,
    /// With what.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
    /// In which request.
    request_id: Option<String>,
    /// When.
    at: DateTime<Utc>,
}

/// Bookings, newest first
#[utoipa::path(get, path = "/owner/reservations", tag = "owner", operation_id = "list_reservations",
    params(BookingsQuery),
    responses((status = 200, description = "A page of them.", body = Bookings)))]
async fn list_reservations(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Query(query): Query<BookingsQuery>,
) -> Result<Body<Bookings>, Problem> {
    let limit = limit(query.limit)?;
    let day = |day: Option<Date>| day.map(|day| day.day()).transpose();
    let before = query.before.as_deref().map(read_place).transpose()?;
    let filter = Filter {
        property: query.property.map(PropertyId::from),
        status: query.status.map(Status::from),
        from: day(query.from)?,
        to: day(query.to)?,
        text: words_or_none("text", query.text.as_deref(), MOST_TEXT)?,
        before,
        limit: limit.into(),
    };
    let mut conn = state.store.acquire().await?;
    let found = view::list(&mut conn, principal.tenant, &filter).await?;
    let full = found.len() == usize::from(limit);
    let next = found.last().filter(|_| full);
    let next = next.map(|last| write_place(&Before::from(last)));
    Ok(Body(Bookings {
        reservations: found.iter().map(BookingView::from).collect(),
        next,
    }))
}

/// A booking
#[utoipa::path(get, path = "/owner/reservations/{id}", tag = "owner", operation_id = "get_reservation",
    params(("id" = Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "As it is now.", body = BookingView)))]
async fn get_reservation(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<BookingView>, Problem> {
    let booking = booking(&state, &principal, id).await?;
    Ok(Body((&booking).into()))
}

/// Who or what did each step of a booking
#[utoipa::path(get, path = "/owner/reservations/{id}/history", tag = "owner", operation_id = "reservation_history",
    params(("id" = Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Its steps, the last thousand.", body = History)))]
async fn reservation_history(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<History>, Problem> {
    booking(&state, &principal, id).await?;
    let mut conn = state.store.acquire().await?;
    let subject = format!("reservation:{}", ReservationId::from(id));
    let entries = audit::history(&mut conn, principal.tenant, &subject).await?;
    let steps = entries.into_iter().map(|entry| HistoryStep {
        actor: entry.actor,
        action: entry.action,
        detail: entry.detail,
        request_id: entry.request_id,
        at: entry.at,
    });
    Ok(Body(History {
        steps: steps.collect(),
    }))
}

/// A place in the list, for whoever asks for the next page.
fn write_place(place: &Before) -> String {
    format!("{}.{}", place.created_at.timestamp_micros(), place.id)
}

fn read_place(text: &str) -> Result<Before, Problem> {
    let read = || {
        let (micros, id) = text.split_once('.')?;
        let created_at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
        // What PostgreSQL can compare.
        let sane = (1..=9999).contains(&chrono::Datelike::year(&created_at));
        let id = Uuid::try_parse(id).ok()?.into();
        sane.then_some(Before { created_at, id })
    };
    read().ok_or_else(|| Problem::invalid("before"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_reads_back_and_nonsense_is_refused() {
        let text = "1795273200000000.0199aaaa-0000-7000-8000-000000000001";
        assert_eq!(write_place(&read_place(text).unwrap()), text);
        for nonsense in ["", ".", "1.x", "x.0199aaaa-0000-7000-8000-000000000001"] {
            assert!(read_place(nonsense).is_err());
        }
    }
}
