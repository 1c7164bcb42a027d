//! Bookings made by hand: somebody called, or stands at the door.
//!
//! Who is too late is told what is free instead, as guests are.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use posta_domain::refusal::Refusal;
use posta_store::booking::{
    self, Booking, BookingError, GuestInput, HoldRequest, Key, Method, Source, Who,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::view::BookingView;
use crate::{
    auth::Staff,
    dto::{words, words_or_none},
    extract::{Body, IdempotencyKey, fingerprint},
    nights,
    owner::field::replayed,
    problem::Problem,
    public::reservations::{self, taken},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(make_reservation))
}

/// As keys are remembered by it.
const ROUTE: &str = "POST /owner/reservations";
const MOST_NAME: usize = 120;
const MOST_PHONE: usize = 40;
const MOST_EMAIL: usize = 254;
const MOST_NOTES: usize = 2000;
/// So many stays has a quote at most.
const MOST_STAYS: usize = 10;

/// A booking to be made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ManualBody {
    /// The price it is made at, from `POST /owner/quotes`.
    quote: Uuid,
    /// Somebody new.
    #[serde(default)]
    guest: Option<ManualGuest>,
    /// Or somebody known.
    #[serde(default)]
    guest_id: Option<Uuid>,
    /// How it came.
    source: ManualSource,
    /// How she will pay.
    method: ManualMethod,
    /// Certain cabins, in the order of the quote's stays; absent: ours to choose.
    #[serde(default)]
    #[schema(max_items = 10)]
    accommodations: Vec<Uuid>,
    /// Sold at once, whatever has been paid; otherwise held until the deposit comes.
    #[serde(default)]
    confirm: bool,
    /// Make a link for the guest.
    #[serde(default)]
    guest_link: bool,
    /// For the desk.
    #[serde(default)]
    #[schema(max_length = 2000)]
    notes: Option<String>,
}

/// Somebody new.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ManualGuest {
    /// Her name.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// Her number.
    #[serde(default)]
    #[schema(max_length = 40)]
    phone: Option<String>,
    /// Her address.
    #[serde(default)]
    #[schema(max_length = 254)]
    email: Option<String>,
}

/// How a booking by hand came.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ManualSource {
    Phone,
    WalkIn,
}

/// How it will be paid.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ManualMethod {
    Transfer,
    Cash,
    MercadoPago,
}

/// A booking that was made.
#[derive(Debug, Serialize, ToSchema)]
struct ManualBooking {
    /// As it is now.
    reservation: BookingView,
    /// For `/guest/{token}`, if a link was wanted.
    guest_token: Option<String>,
}

impl ManualBody {
    fn who(&self) -> Result<Who, Problem> {
        match (&self.guest, self.guest_id) {
            (Some(guest), None) => Ok(Who::New(GuestInput {
                name: words("guest.name", &guest.name, MOST_NAME)?,
                phone: words_or_none("guest.phone", guest.phone.as_deref(), MOST_PHONE)?,
                email: words_or_none("guest.email", guest.email.as_deref(), MOST_EMAIL)?,
            })),
            (None, Some(known)) => Ok(Who::Known(known.into())),
            _ => Err(Problem::invalid("guest")),
        }
    }

    fn request(&self, key: Key) -> Result<HoldRequest, Problem> {
        if self.accommodations.len() > MOST_STAYS {
            return Err(Problem::invalid("accommodations"));
        }
        let notes = words_or_none("notes", self.notes.as_deref(), MOST_NOTES)?;
        Ok(HoldRequest {
            quote: self.quote.into(),
            who: self.who()?,
            source: match self.source {
                ManualSource::Phone => Source::Phone,
                ManualSource::WalkIn => Source::WalkIn,
            },
            method: match self.method {
                ManualMethod::Transfer => Method::Transfer,
                ManualMethod::Cash => Method::Cash,
                ManualMethod::MercadoPago => Method::MercadoPago,
            },
            cabins: self.accommodations.iter().map(|id| (*id).into()).collect(),
            link_until: self.guest_link,
            notes: notes.unwrap_or_default(),
            confirm_now: self.confirm,
            key: Some(key),
        })
    }
}

/// Make a booking by hand
///
/// Send the same `Idempotency-Key` when you ask again because no answer came: you get the answer of the first time.
#[utoipa::path(post, path = "/owner/reservations", tag = "owner", operation_id = "make_reservation",
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 255,
            description = "Of your own making: one for each booking you mean to make.")),
    request_body = ManualBody,
    responses((status = 201, description = "It is held, or sold.", body = ManualBooking,
               headers(("Idempotent-Replayed" = Option<bool>, description = "This is the answer of the first time."))),
              (status = 404, description = "There is no such quote, cabin or guest."),
              (status = 409, description = "The nights are taken (with `alternatives`), or the quote is over or used.")))]
async fn make_reservation(
    Staff(principal): Staff,
    State(state): State<AppState>,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<ManualBody>,
) -> Result<Response, Problem> {
    let request = body.request(Key {
        principal: principal.actor.clone(),
        route: ROUTE,
        key,
        request_sha256: fingerprint(&body)?,
    })?;
    let (quote, place) = reservations::read(&state, request.quote, Some(principal.tenant)).await?;
    let guard = nights::take(&state, nights::wanted(&place, &quote, &request.cabins)).await;
    let held = booking::hold(&state.store, &principal.by(), &request, answer).await;
    guard.release().await;
    let answered = match held {
        Ok(answered) => answered,
        Err(BookingError::Refused(refusal @ Refusal::Taken { .. })) => {
            return Err(taken::problem(&state, &place, &quote, refusal).await);
        }
        Err(error) => return Err(error.into()),
    };
    let shown = with_token(&state, answered.answer)?;
    let response = (StatusCode::CREATED, Body(shown)).into_response();
    Ok(replayed(response, answered.replayed))
}

/// As it is kept with its key: whoever reads the database must not be able to use the link.
fn answer(booking: &Booking) -> Value {
    json!({ "reservation": BookingView::from(booking), "guest_token": booking.link })
}

/// As it is given.
fn with_token(state: &AppState, mut answer: Value) -> Result<Value, Problem> {
    if let Some(link) = answer.get_mut("guest_token").filter(|link| !link.is_null()) {
        let id: Uuid = serde_json::from_value(link.take()).map_err(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "could not read the link of an answer");
            Problem::internal()
        })?;
        *link = state.auth.link_token(id.into()).into();
    }
    Ok(answer)
}
