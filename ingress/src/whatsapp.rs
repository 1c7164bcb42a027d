//! `POST /webhooks/whatsapp`: verified over the raw bytes, split, handed on.

use http::HeaderName;
use http::request::Parts;
use posta_providers::whatsapp::signature::{self, SignatureError};
use posta_providers::whatsapp::webhook;

use crate::accept::{self, Batch, Notice};
use crate::answer::{Answer, Refusal};
use crate::app::App;
use crate::headers;
use crate::metrics::Source;
use crate::tally::Tally;

const SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature-256");

pub(crate) async fn receive(
    app: &App,
    head: &Parts,
    body: &[u8],
    tally: &mut Tally<'_>,
) -> Result<Answer, Refusal> {
    let signature = headers::single(&head.headers, SIGNATURE);
    let secret = signature::verify(&app.secrets.whatsapp, signature, body).map_err(refusal)?;
    let notices = match webhook::split(body) {
        Ok(items) => items.into_iter().map(Notice::from).collect(),
        Err(reason) => {
            // Signed, so it is Meta's: answered 200, or the same bytes would come for seven days.
            tracing::error!(%reason, bytes = body.len(), "keeping a signed webhook that cannot be split");
            tally.unparsed();
            vec![Notice::unparsed("wa", body)]
        }
    };
    let batch = Batch {
        source: Source::WhatsApp,
        secret,
        body,
        notices,
    };
    accept::accept(app, batch, tally).await
}

fn refusal(error: SignatureError) -> Refusal {
    match error {
        SignatureError::NoSecret => Refusal::NoSecret,
        SignatureError::Missing => Refusal::NotSigned,
        SignatureError::Malformed | SignatureError::Mismatch => Refusal::WrongSignature,
    }
}

// === impl Notice ===

impl From<webhook::Item> for Notice {
    fn from(item: webhook::Item) -> Self {
        Self {
            kind: item.kind,
            key: item.key,
            account: item.account,
            payload: item.payload,
        }
    }
}
