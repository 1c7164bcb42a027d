//! The page where a person pays: what is asked, and buttons for how it turns out.
//!
//! Everything shown is escaped text; there is no script. Nobody has to show who they are.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::method::METHODS;
use super::pay::{self, Paid, Pay};
use super::preference::Preference;
use super::simulator::Inner;
use super::till::Refusal;
use crate::lock::lock;

const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// How it can turn out, as the buttons say it.
const OUTCOMES: [(&str, &str, &str); 8] = [
    ("approved", "", "Pagar"),
    (
        "rejected",
        "cc_rejected_insufficient_amount",
        "Rechazar: sin fondos",
    ),
    (
        "rejected",
        "cc_rejected_bad_filled_security_code",
        "Rechazar: código de seguridad",
    ),
    (
        "rejected",
        "cc_rejected_call_for_authorize",
        "Rechazar: hay que llamar al banco",
    ),
    ("rejected", "cc_rejected_high_risk", "Rechazar: riesgo"),
    (
        "rejected",
        "cc_rejected_other_reason",
        "Rechazar: otro motivo",
    ),
    ("pending", "", "Dejar pendiente"),
    ("in_process", "", "Dejar en revisión"),
];

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    pref_id: String,
}

/// `GET /checkout/v1/redirect?pref_id=…`
pub(crate) async fn page(State(inner): State<Arc<Inner>>, Query(asked): Query<Asked>) -> Response {
    let world = lock(&inner.world);
    let Some(preference) = world.preferences.get(&asked.pref_id) else {
        return show(
            StatusCode::NOT_FOUND,
            &paragraph("Este link de pago no existe."),
        );
    };
    if !preference.payable(inner.clock.now()) {
        return show(StatusCode::GONE, &paragraph("Este link de pago venció."));
    }
    show(StatusCode::OK, &form(preference))
}

/// What the person chose.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    pref_id: String,
    #[serde(default = "card")]
    method: String,
    /// A status, and behind a colon its detail.
    outcome: String,
}

fn card() -> String {
    "visa".to_owned()
}

/// `POST /checkout/v1/pay`
pub(crate) async fn pay(State(inner): State<Arc<Inner>>, Form(chosen): Form<Chosen>) -> Response {
    let (status, detail) = chosen
        .outcome
        .split_once(':')
        .unwrap_or((&chosen.outcome, ""));
    let known = OUTCOMES
        .iter()
        .any(|outcome| outcome.0 == status && (detail.is_empty() || outcome.1 == detail));
    if !known {
        return show(
            StatusCode::BAD_REQUEST,
            &paragraph("Eso no se puede elegir."),
        );
    }
    let done = pay::pay(
        &inner,
        &Pay {
            preference_id: Some(chosen.pref_id.clone()),
            status: Some(status.to_owned()),
            detail: Some(detail.to_owned()).filter(|detail| !detail.is_empty()),
            method: Some(chosen.method),
            ..Pay::default()
        },
    );
    match done {
        Ok(paid) => {
            let world = lock(&inner.world);
            let preference = world.preferences.get(&chosen.pref_id);
            show(StatusCode::OK, &outcome(&paid, preference))
        }
        Err(refusal) => show(StatusCode::CONFLICT, &paragraph(words(&refusal))),
    }
}

/// `GET /checkout/checkout.css`
pub(crate) async fn style() -> Response {
    let css = include_str!("../../assets/mercadopago/checkout.css");
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}

fn form(preference: &Preference) -> String {
    let wanted = &preference.wanted;
    let methods: String = METHODS
        .iter()
        .filter(|method| !wanted.excludes(method.kind))
        .map(|method| option(method.id, method.label))
        .collect();
    let buttons: String = OUTCOMES
        .iter()
        .filter(|outcome| !wanted.binary_mode || matches!(outcome.0, "approved" | "rejected"))
        .map(|(status, detail, label)| button(status, detail, label))
        .collect();
    format!(
        "<p class=\"title\">{}</p><p class=\"amount\">{} {}</p><form method=\"post\" action=\"pay\">\
         <input type=\"hidden\" name=\"pref_id\" value=\"{}\">\
         <label>Medio de pago <select name=\"method\">{methods}</select></label>{buttons}</form>",
        escape(&wanted.title),
        escape(&wanted.currency),
        wanted.total,
        escape(&preference.id)
    )
}

fn option(id: &str, label: &str) -> String {
    format!("<option value=\"{id}\">{label}</option>")
}

fn button(status: &str, detail: &str, label: &str) -> String {
    format!(
        "<button class=\"{status}\" name=\"outcome\" value=\"{status}:{detail}\">{label}</button>"
    )
}

fn anchor(url: &str, label: &str) -> String {
    format!("<p><a href=\"{}\">{label}</a></p>", escape(url))
}

fn outcome(paid: &Paid, preference: Option<&Preference>) -> String {
    let (said, back) = match paid.status.as_str() {
        "approved" => ("¡Listo! Se acreditó tu pago.", "success"),
        "rejected" => ("El pago fue rechazado. Podés volver a intentar.", "failure"),
        _ => ("Tu pago está pendiente.", "pending"),
    };
    let again = preference
        .filter(|_| paid.status == "rejected")
        .map(|preference| format!("redirect?pref_id={}", preference.id));
    let home = preference.and_then(|preference| {
        let url = preference.wanted.back_url(back)?;
        returned(&url, paid, preference)
    });
    let mut html = paragraph(said);
    html.push_str(&small(paid));
    if let Some(url) = again {
        html.push_str(&anchor(&url, "Intentar de nuevo"));
    }
    if let Some(url) = home {
        html.push_str(&anchor(url.as_str(), "Volver al sitio"));
    }
    html
}

fn small(paid: &Paid) -> String {
    format!(
        "<p class=\"small\">Operación {} · {} · {}</p>",
        paid.payment_id,
        escape(&paid.status),
        escape(&paid.detail)
    )
}

/// The seller's address with what the provider appends: for display, since anybody can write it.
fn returned(url: &str, paid: &Paid, preference: &Preference) -> Option<url::Url> {
    let mut url: url::Url = url.parse().ok()?;
    let id = paid.payment_id.to_string();
    let order = paid.merchant_order_id.unwrap_or_default().to_string();
    url.query_pairs_mut()
        .append_pair("collection_id", &id)
        .append_pair("collection_status", &paid.status)
        .append_pair("payment_id", &id)
        .append_pair("status", &paid.status)
        .append_pair(
            "external_reference",
            preference.wanted.reference.as_deref().unwrap_or("null"),
        )
        .append_pair("payment_type", "credit_card")
        .append_pair("merchant_order_id", &order)
        .append_pair("preference_id", &preference.id)
        .append_pair("site_id", "MLA")
        .append_pair("processing_mode", "aggregator")
        .append_pair("merchant_account_id", "null");
    Some(url)
}

fn words(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownPreference => "Este link de pago no existe.",
        Refusal::Expired => "Este link de pago venció.",
        Refusal::Excluded | Refusal::UnknownMethod => "Este medio de pago no está disponible.",
        _ => "Este pago no se puede hacer.",
    }
}

fn show(status: StatusCode, content: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"es-AR\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Mercado Pago (simulado)</title>\
         <link rel=\"stylesheet\" href=\"/mercadopago/checkout/checkout.css\">\
         <main><h1>Mercado Pago <small>simulado: no se mueve plata</small></h1>{content}</main></html>"
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, Html(page)).into_response()
}

fn paragraph(words: &str) -> String {
    format!("<p>{}</p>", escape(words))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
