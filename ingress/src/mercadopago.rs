//! `POST /webhooks/mercadopago`: verified by what the query and the headers say, handed on as a hint.

use http::HeaderName;
use http::request::Parts;
use posta_providers::mercadopago::notification::{Notification, Query, is_ipn_body};
use posta_providers::mercadopago::signature::{self, SignatureError};

use crate::accept::{self, Batch, Notice};
use crate::answer::{self, Answer, Refusal};
use crate::app::App;
use crate::headers;
use crate::metrics::Source;
use crate::tally::Tally;

const SIGNATURE: HeaderName = HeaderName::from_static("x-signature");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) async fn receive(
    app: &App,
    head: &Parts,
    body: &[u8],
    tally: &mut Tally<'_>,
) -> Result<Answer, Refusal> {
    let query = Query::parse(head.uri.query());
    if query.is_ipn() {
        return Ok(ignore_ipn(app, tally));
    }
    let verified = match signature::verify(
        &app.secrets.mercadopago,
        headers::single(&head.headers, SIGNATURE),
        headers::single(&head.headers, REQUEST_ID),
        query.data_id.as_deref(),
    ) {
        Ok(verified) => verified,
        Err(_) if query.data_id.is_none() && is_ipn_body(body) => {
            return Ok(ignore_ipn(app, tally));
        }
        Err(error) => return Err(refusal(error)),
    };
    let notification = Notification::read(body, &query, &verified);
    if notification.unparsed {
        tracing::error!(
            bytes = body.len(),
            "keeping a signed notification that cannot be read"
        );
        tally.unparsed();
    }
    let notice = Notice {
        kind: notification.kind,
        key: notification.key,
        account: notification.account,
        payload: notification.payload,
    };
    let batch = Batch {
        source: Source::MercadoPago,
        secret: verified.secret,
        body,
        notices: vec![notice],
    };
    accept::accept(app, batch, tally).await
}

/// The older form cannot be verified. What it hints at is found by polling; a 200 stops its retries.
fn ignore_ipn(app: &App, tally: &mut Tally<'_>) -> Answer {
    app.metrics.ipn.inc();
    tally.rejected();
    answer::accepted()
}

fn refusal(error: SignatureError) -> Refusal {
    match error {
        SignatureError::NoSecret => Refusal::NoSecret,
        SignatureError::Missing => Refusal::NotSigned,
        _ => Refusal::WrongSignature,
    }
}
