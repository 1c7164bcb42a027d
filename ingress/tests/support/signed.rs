//! Requests as the providers make them.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use posta_providers::mercadopago::signature::manifest;
use sha2::Sha256;

use super::http::Request;
use super::{APP_SECRET, MERCADOPAGO_SECRET};

pub(crate) const WHATSAPP: &str = "/webhooks/whatsapp";
pub(crate) const MERCADOPAGO: &str = "/webhooks/mercadopago";

/// HMAC-SHA256 in hex.
pub(crate) fn hmac(secret: &str, bytes: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(bytes);
    hex::encode(mac.finalize().into_bytes())
}

pub(crate) fn whatsapp(body: impl Into<Vec<u8>>) -> Request {
    whatsapp_with(APP_SECRET, body)
}

pub(crate) fn whatsapp_with(secret: &str, body: impl Into<Vec<u8>>) -> Request {
    let request = Request::post(WHATSAPP, body);
    let signature = format!("sha256={}", hmac(secret, request.body()));
    request.header("X-Hub-Signature-256", signature)
}

/// A webhook of text messages with these ids.
pub(crate) fn texts(ids: &[String]) -> Request {
    let mut messages = String::new();
    for id in ids {
        let comma = if messages.is_empty() { "" } else { "," };
        write!(
            messages,
            r#"{comma}{{"from":"5492944550101","id":"{id}","timestamp":"1795262400","type":"text","text":{{"body":"Hola"}}}}"#
        )
        .unwrap();
    }
    whatsapp(format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{
        "metadata":{{"phone_number_id":"106"}},"messages":[{messages}]}}}}]}}]}}"#
    ))
}

/// An id nobody else uses.
pub(crate) fn id() -> String {
    format!("wamid.{}", uuid::Uuid::now_v7().simple())
}

/// A notification about `data_id`, signed over id, request id and time.
pub(crate) fn mercadopago(
    data_id: Option<&str>,
    request_id: Option<&str>,
    ts: &str,
    query: &str,
    body: &str,
) -> Request {
    let v1 = hmac(
        MERCADOPAGO_SECRET,
        manifest(data_id, request_id, ts).as_bytes(),
    );
    let mut request = Request::post(&format!("{MERCADOPAGO}?{query}"), body)
        .header("x-signature", format!("ts={ts},v1={v1}"));
    if let Some(request_id) = request_id {
        request = request.header("x-request-id", request_id);
    }
    request
}
