//! Which request is for whom.

use http::Method;

use crate::answer::Refusal;
use crate::metrics::Source;

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Meta checks that the address is ours.
    Verification,
    /// A provider tells us something.
    Webhook(Source),
}

/// The route of a request, by its path and method alone.
pub(crate) fn route(method: &Method, path: &str) -> Result<Route, Refusal> {
    let (source, allowed) = match path {
        "/webhooks/whatsapp" => (Source::WhatsApp, "GET, POST"),
        "/webhooks/mercadopago" => (Source::MercadoPago, "POST"),
        _ => return Err(Refusal::UnknownPath),
    };
    match (source, method) {
        (_, &Method::POST) => Ok(Route::Webhook(source)),
        (Source::WhatsApp, &Method::GET) => Ok(Route::Verification),
        _ => Err(Refusal::WrongMethod { allowed }),
    }
}
