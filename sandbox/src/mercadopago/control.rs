//! The control API: a test or a person makes people pay, banks decide, things fail, and time pass.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::faults::{Fault, Gone};
use super::money::Amount;
use super::pay::Pay;
use super::simulator::MercadoPago;
use super::till::{Refusal, Update};

type Simulator = State<MercadoPago>;

pub(crate) async fn pay(State(simulator): Simulator, Json(pay): Json<Pay>) -> Response {
    answer(simulator.pay(&pay).map(|paid| {
        json!({
            "payment_id": paid.payment_id,
            "merchant_order_id": paid.merchant_order_id,
            "status": paid.status,
            "status_detail": paid.detail,
        })
    }))
}

pub(crate) async fn update(State(simulator): Simulator, Json(update): Json<Update>) -> Response {
    let done = simulator.update(&update);
    answer(done.map(|()| json!(simulator.payment(update.payment_id))))
}

/// The owner refunds in the panel.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GiveBack {
    payment_id: u64,
    amount: Option<Amount>,
}

pub(crate) async fn refund(State(simulator): Simulator, Json(back): Json<GiveBack>) -> Response {
    let refunded = simulator.refund(back.payment_id, back.amount);
    answer(refunded.map(|id| json!({ "refund_id": id })))
}

/// How refunds go from now on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Waiting {
    wait: bool,
}

pub(crate) async fn refunds_wait(
    State(simulator): Simulator,
    Json(waiting): Json<Waiting>,
) -> Json<Value> {
    simulator.let_refunds_wait(waiting.wait);
    Json(json!({ "wait": waiting.wait }))
}

/// What becomes of a refund that waits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    refund_id: u64,
    done: bool,
}

pub(crate) async fn decide_refund(
    State(simulator): Simulator,
    Json(decision): Json<Decision>,
) -> Response {
    let done = simulator.decide_refund(decision.refund_id, decision.done);
    answer(done.map(|()| json!({ "done": decision.done })))
}

/// A dispute begins, or ends when an outcome is given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dispute {
    payment_id: u64,
    outcome: Option<Outcome>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Won,
    Lost,
}

pub(crate) async fn charge_back(
    State(simulator): Simulator,
    Json(dispute): Json<Dispute>,
) -> Response {
    match dispute.outcome {
        None => answer(
            simulator
                .charge_back(dispute.payment_id)
                .map(|id| json!({ "chargeback_id": id.to_string() })),
        ),
        Some(outcome) => {
            let won = matches!(outcome, Outcome::Won);
            let done = simulator.resolve(dispute.payment_id, won);
            answer(done.map(|()| json!(simulator.payment(dispute.payment_id))))
        }
    }
}

/// Notifications of a payment, once more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notify {
    payment_id: u64,
    #[serde(default = "once")]
    times: u32,
    #[serde(default)]
    late_ms: u64,
}

fn once() -> u32 {
    1
}

pub(crate) async fn notify(State(simulator): Simulator, Json(notify): Json<Notify>) -> Response {
    let late = Duration::from_millis(notify.late_ms);
    let done = simulator.notify(notify.payment_id, notify.times, late);
    answer(done.map(|()| json!({ "begun": notify.times })))
}

/// Whether anybody is told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Silence {
    silent: bool,
}

pub(crate) async fn silence(
    State(simulator): Simulator,
    Json(silence): Json<Silence>,
) -> Json<Value> {
    simulator.silence(silence.silent);
    Json(json!({ "silent": silence.silent }))
}

/// How the API goes, and for how long.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Down {
    #[serde(default = "closed")]
    how: Gone,
    seconds: Option<u64>,
}

fn closed() -> Gone {
    Gone::Closed
}

pub(crate) async fn down(State(simulator): Simulator, Json(down): Json<Down>) -> Json<Value> {
    simulator.down(down.how, down.seconds.map(Duration::from_secs));
    Json(json!({ "down": true }))
}

pub(crate) async fn up(State(simulator): Simulator) -> Json<Value> {
    simulator.up();
    Json(json!({ "down": false }))
}

pub(crate) async fn links(State(simulator): Simulator) -> Json<Value> {
    Json(json!(simulator.links()))
}

pub(crate) async fn payments(State(simulator): Simulator) -> Json<Value> {
    Json(json!(simulator.payments()))
}

pub(crate) async fn add_fault(State(simulator): Simulator, Json(fault): Json<Fault>) -> Response {
    if let Some(why) = fault.problem() {
        return problem(why);
    }
    simulator.fault(fault);
    Json(json!({ "faults": simulator.state().faults })).into_response()
}

pub(crate) async fn clear_faults(State(simulator): Simulator) -> Json<Value> {
    simulator.clear_faults();
    Json(json!({ "faults": [] }))
}

/// Moves the simulated clock.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    advance_seconds: i64,
}

pub(crate) async fn clock(
    State(simulator): Simulator,
    Json(advance): Json<Advance>,
) -> Json<Value> {
    let clock = simulator.clock();
    clock.advance(advance.advance_seconds);
    Json(json!({ "now": clock.now(), "offset_seconds": clock.offset_seconds() }))
}

pub(crate) async fn state(State(simulator): Simulator) -> Json<Value> {
    let mut state = json!(simulator.state());
    state["links"] = json!(simulator.links());
    state["payments"] = json!(simulator.payments());
    Json(state)
}

fn answer(done: Result<Value, Refusal>) -> Response {
    match done {
        Ok(value) => Json(value).into_response(),
        Err(refusal) => problem(&refusal.to_string()),
    }
}

fn problem(words: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": words }))).into_response()
}
