//! The layers of one request, outermost first.

use std::sync::Arc;

use http::Request;
use hyper::body::Incoming;

use crate::answer::{Answer, Refusal};
use crate::app::App;
use crate::metrics::Source;
use crate::route::{Route, route};
use crate::tally::Tally;
use crate::{body, mercadopago, verification, whatsapp};

/// Answers one request. Never fails: every refusal is an answer, too.
pub(crate) async fn serve(app: Arc<App>, request: Request<Incoming>) -> Answer {
    // Nobody's: refused by path and method alone, and not counted as items.
    match route(request.method(), request.uri().path()) {
        Err(refusal) => refuse(&app, refusal),
        Ok(Route::Verification) => verification::answer(
            request.uri().query(),
            app.secrets.whatsapp_verify_token.as_ref(),
        )
        .unwrap_or_else(|refusal| refuse(&app, refusal)),
        Ok(Route::Webhook(source)) => webhook(&app, source, request).await,
    }
}

async fn webhook(app: &App, source: Source, request: Request<Incoming>) -> Answer {
    let mut tally = Tally::of_request(app, source);
    match admitted(app, source, request, &mut tally).await {
        Ok(answer) => answer,
        Err(refusal) => {
            if !refusal.is_ours() {
                tally.rejected();
            }
            refuse(app, refusal)
        }
    }
}

async fn admitted(
    app: &App,
    source: Source,
    request: Request<Incoming>,
    tally: &mut Tally<'_>,
) -> Result<Answer, Refusal> {
    // Load shedding: bounds what is in flight. Before the body, so that refusing costs nothing.
    let arriving = app.admission.admit().ok_or(Refusal::TooManyInFlight)?;
    // Body cap and time: bounds what one sender can make us hold, and for how long.
    let (head, incoming) = request.into_parts();
    let (body, _held) = body::read(incoming, app.limits, arriving).await?;
    // Signature, splitting, publishing: the only layers that know who is speaking.
    match source {
        Source::WhatsApp => whatsapp::receive(app, &head, &body, tally).await,
        Source::MercadoPago => mercadopago::receive(app, &head, &body, tally).await,
    }
}

fn refuse(app: &App, refusal: Refusal) -> Answer {
    app.metrics.refused(refusal);
    if let Some(held_back) = app.refusals.pass(app.clock.monotonic()) {
        tracing::warn!(
            reason = refusal.word(),
            others = held_back,
            "refused a request"
        );
    }
    refusal.into_answer()
}
