//! Money that a person records: cash, transfers she has seen, receipts she accepts or not.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::StatusCode;
use posta_domain::money;
use posta_store::{
    booking::{
        Booking, Key,
        ledger::{self, LedgerLine},
        payments::{self, NewPayment},
        receipts::{self, Decision},
    },
    ids::{PaymentId, PaymentRequestId, ReservationId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    bookings::{BookingView, booking},
    field::replayed,
    provider::ProviderPayment,
    refunds::HandMethod,
};
use crate::{
    auth::{Readonly, Staff},
    dto::{Money, words_or_none},
    extract::{Body, IdempotencyKey, Path, fingerprint},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_payments, record_payment))
        .routes(routes!(decide_receipt))
}

/// As keys are remembered by it.
const ROUTE: &str = "POST /owner/reservations/{id}/payments";
/// Longest reference.
pub(super) const MOST_REFERENCE: usize = 200;
/// Longest note.
const MOST_NOTE: usize = 500;

/// A booking's money.
#[derive(Debug, Serialize, ToSchema)]
struct Payments {
    /// What has come in for the stay, less what went or must go back.
    paid: Money,
    /// What it costs.
    charge: Money,
    /// What was asked for beside that.
    extras: Money,
    /// What must go back and has not yet.
    refund_due: Money,
    /// The ledger, oldest first.
    entries: Vec<LedgerEntry>,
    /// Its payments at Mercado Pago as they were read last, those too that came to nothing; oldest first.
    mercadopago: Vec<ProviderPayment>,
}

/// A line of the ledger.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerEntry {
    /// Which.
    id: Uuid,
    /// payment, refund, retention, credit, `credit_used`, chargeback, `chargeback_reversed`, `retention_released`, loss.
    kind: String,
    /// cash, transfer, mercadopago, internal.
    method: String,
    /// As it was recorded.
    reference: String,
    /// How much; the kind says which way.
    amount: Money,
    /// What it is worth in the currency of the prices, where that is another one.
    price: Option<Money>,
    /// At which rate: the quote's, in millionths.
    rate_micros: Option<i64>,
    /// What Mercado Pago kept of it.
    fee: Option<Money>,
    /// What taxes took.
    withholdings: Option<Money>,
    /// What was received, where that is known.
    net: Option<Money>,
    /// The payment at Mercado Pago: `GET /owner/payments/{id}`.
    payment: Option<Uuid>,
    /// What it was asked for.
    request: Option<Uuid>,
    /// In the words of whoever recorded it.
    note: String,
    /// Who.
    recorded_by: String,
    /// When.
    at: DateTime<Utc>,
}

/// Money that came.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PaymentBody {
    /// How.
    method: HandMethod,
    /// How much.
    amount: Money,
    /// The bank's, or yours; with the method it names one payment. Absent: ours.
    #[serde(default)]
    #[schema(max_length = 200)]
    reference: Option<String>,
    /// For whoever reads the ledger.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
    /// What it was asked for; absent: what is open.
    #[serde(default)]
    request: Option<Uuid>,
}

/// What the look at a receipt came to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReceiptBody {
    /// The money is there; false: it is not, and the hold waits for payment again.
    accept: bool,
    /// So much of it; absent: what was asked for.
    amount: Option<Money>,
}

/// A booking's money, line by line
#[utoipa::path(get, path = "/owner/reservations/{id}/payments", tag = "owner", operation_id = "list_payments",
    params(("id" = Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Its ledger.", body = Payments)))]
async fn list_payments(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<Payments>, Problem> {
    let booking = booking(&state, &principal, id).await?;
    let mut conn = state.store.acquire().await?;
    let lines = ledger::lines(&mut conn, principal.tenant, booking.id).await?;
    let at_provider =
        posta_store::payments::of_booking(&mut conn, principal.tenant, booking.id).await?;
    Ok(Body(Payments {
        paid: booking.paid.into(),
        charge: booking.charge.into(),
        extras: booking.extras.into(),
        refund_due: booking.refund_due.into(),
        entries: lines.into_iter().map(LedgerEntry::from).collect(),
        mercadopago: at_provider.into_iter().map(ProviderPayment::from).collect(),
    }))
}

/// Record a payment
///
/// What it means follows at once: a living hold that is covered is confirmed, an expired one is held again where its
/// nights are free, what is too much is owed back.
#[utoipa::path(post, path = "/owner/reservations/{id}/payments", tag = "owner", operation_id = "record_payment",
    params(("id" = Uuid, Path, description = "The booking."),
           ("Idempotency-Key" = String, Header, min_length = 1, max_length = 255,
            description = "The same key records one payment, however often.")),
    request_body = PaymentBody,
    responses((status = 201, description = "It is in the ledger.", body = BookingView,
               headers(("Idempotent-Replayed" = Option<bool>, description = "This is the answer of the first time."))),
              (status = 409, description = "It is not possible as things are.")))]
async fn record_payment(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<PaymentBody>,
) -> Result<Response, Problem> {
    let amount = money::Money::try_from(&body.amount)?;
    if amount.minor <= 0 {
        return Err(Problem::invalid("amount"));
    }
    let reference = words_or_none("reference", body.reference.as_deref(), MOST_REFERENCE)?;
    let note = words_or_none("note", body.note.as_deref(), MOST_NOTE)?;
    let key = Key {
        principal: principal.actor.clone(),
        route: ROUTE,
        key,
        request_sha256: fingerprint(&(id, &body))?,
    };
    let new = NewPayment {
        method: body.method.into(),
        amount,
        reference: reference.unwrap_or_default(),
        note: note.unwrap_or_default(),
        request: body.request.map(Into::into),
    };
    let (by, id) = (principal.by(), ReservationId::from(id));
    let answered = payments::record(&state.store, &by, id, &new, Some(key), answer).await?;
    let response = (StatusCode::CREATED, Body(answered.answer)).into_response();
    Ok(replayed(response, answered.replayed))
}

fn answer(booking: &Booking) -> serde_json::Value {
    serde_json::json!(BookingView::from(booking))
}

/// Say whether a transfer's money is there
#[utoipa::path(post, path = "/owner/reservations/{id}/receipt", tag = "owner", operation_id = "decide_receipt",
    params(("id" = Uuid, Path, description = "The booking.")),
    request_body = ReceiptBody,
    responses((status = 200, description = "As it is now: confirmed, or waiting for payment again.", body = BookingView),
              (status = 409, description = "No receipt waits, or the opposite has been said.")))]
async fn decide_receipt(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<ReceiptBody>,
) -> Result<Body<BookingView>, Problem> {
    let decision = decision(body.accept, body.amount.as_ref())?;
    let booking = receipts::decide(&state.store, &principal.by(), id.into(), &decision).await?;
    Ok(Body((&booking).into()))
}

/// The desk's word about a receipt.
pub(super) fn decision(accept: bool, amount: Option<&Money>) -> Result<Decision, Problem> {
    let amount = amount.map(money::Money::try_from).transpose()?;
    if amount.is_some_and(|amount| amount.minor <= 0) {
        return Err(Problem::invalid("amount"));
    }
    Ok(Decision { accept, amount })
}

impl From<LedgerLine> for LedgerEntry {
    fn from(line: LedgerLine) -> Self {
        let money = |minor| Money::from(money::Money::new(minor, line.amount.currency));
        Self {
            id: line.id.uuid(),
            kind: line.kind,
            method: line.provider,
            reference: line.reference,
            amount: line.amount.into(),
            price: line.price.map(|(price, _)| price.into()),
            rate_micros: line.price.map(|(_, rate)| rate),
            fee: line.fee.map(money),
            withholdings: line.withholdings.map(money),
            net: line.net.map(money),
            payment: line.payment.map(PaymentId::uuid),
            request: line.request.map(PaymentRequestId::uuid),
            note: line.note,
            recorded_by: line.recorded_by,
            at: line.at,
        }
    }
}
