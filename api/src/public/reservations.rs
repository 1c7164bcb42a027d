//! Holding nights.

mod request;
pub(crate) mod taken;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, StatusCode};
use posta_domain::{
    ids::{QuoteId, TenantId},
    refusal::Refusal,
};
use posta_store::{
    audit::By,
    booking::{self, BookingError, HoldRequest, Key, Quote, Source, Who, quotes},
    catalog::Place,
};

pub(super) use request::{Held, NewReservation, PaymentMethod};

use crate::{
    auth::ClientAddress,
    extract::{Body, IdempotencyKey, RequestId, fingerprint},
    nights,
    problem::Problem,
    state::AppState,
};

/// Says that this answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// As keys are remembered by it.
const ROUTE: &str = "POST /reservations";

/// Hold the nights of a quote
///
/// The nights are kept until `expires_at`; paying the deposit confirms them. Send the same `Idempotency-Key` when you
/// ask again because no answer came: you get the answer of the first time. A key with another body is refused. A
/// refused attempt does not use its key up.
#[utoipa::path(
    post,
    path = "/reservations",
    tag = "booking",
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 255,
            description = "Of your own making: a UUID for each booking you mean to make.")),
    request_body = NewReservation,
    responses(
        (status = 201, description = "The nights are held.", body = Held,
         headers(("Idempotent-Replayed" = Option<bool>, description = "This is the answer of the first time."))),
        (status = 404, description = "There is no such quote."),
        (status = 409, description = "The nights are taken (with `alternatives`), or the quote is over or used."),
    )
)]
pub(super) async fn reserve(
    State(state): State<AppState>,
    from: ClientAddress,
    request_id: RequestId,
    IdempotencyKey(key): IdempotencyKey,
    Body(asked): Body<NewReservation>,
) -> Result<Response, Problem> {
    let (guest, method, notes) = (asked.guest()?, asked.method(), asked.notes()?);
    if let Err(wait) = state.rate_limit.hold(from).await {
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_holds");
        return Err(problem.retry_after(wait));
    }
    let (quote, place) = read(&state, asked.quote.into(), None).await?;
    let by = By {
        tenant: quote.tenant,
        actor: "web".to_owned(),
        request_id: request_id.text(),
    };
    let request = HoldRequest {
        quote: quote.id,
        who: Who::New(guest),
        source: Source::Web,
        method,
        cabins: asked.cabins(),
        link_until: true,
        notes,
        confirm_now: false,
        key: Some(Key {
            principal: format!("quote:{}", quote.id),
            route: ROUTE,
            key,
            request_sha256: fingerprint(&asked)?,
        }),
    };
    let guard = nights::take(&state, nights::wanted(&place, &quote, &request.cabins)).await;
    let held = booking::hold(&state.store, &by, &request, request::answer).await;
    guard.release().await;
    state.metrics.holds.with_label_values(&[label(&held)]).inc();
    match held {
        Ok(answered) => {
            let body = request::with_link(&state, answered.answer)?;
            let mut response = (StatusCode::CREATED, Body(body)).into_response();
            if answered.replayed {
                response
                    .headers_mut()
                    .insert(REPLAYED, HeaderValue::from_static("true"));
            }
            Ok(response)
        }
        Err(BookingError::Refused(refusal @ Refusal::Taken { .. })) => {
            Err(taken::problem(&state, &place, &quote, refusal).await)
        }
        Err(error) => Err(error.into()),
    }
}

/// The quote, of `tenant` alone where it is named, and where it is about.
pub(crate) async fn read(
    state: &AppState,
    id: QuoteId,
    tenant: Option<TenantId>,
) -> Result<(Quote, Place), Problem> {
    let unknown = || Refusal::Unknown {
        what: "quote".to_owned(),
    };
    let mut conn = state.store.acquire().await?;
    let quote = quotes::get(&mut conn, tenant, id)
        .await?
        .ok_or_else(unknown)?;
    let place = posta_store::catalog::place(&mut conn, Some(quote.tenant), quote.property)
        .await?
        .ok_or_else(unknown)?;
    Ok((quote, place))
}

fn label(held: &Result<booking::Answered, BookingError>) -> &'static str {
    match held {
        Ok(answered) if answered.replayed => "replayed",
        Ok(_) => "held",
        Err(BookingError::Refused(refusal)) => refusal.code(),
        Err(BookingError::Busy(_)) => "busy",
        Err(_) => "failed",
    }
}
