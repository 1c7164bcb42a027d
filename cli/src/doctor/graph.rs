//! The Graph API: reachable, and the token may use our number.

use posta_providers::{
    http::{Timeouts, client, read_capped},
    whatsapp::{Disposition, GraphError, PhoneNumberId},
};
use posta_runtime::config::{TenantConfig, WhatsAppApiConfig};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::Finding;
use crate::setup;

/// The answer is a few hundred bytes.
const MAX_ANSWER: usize = 64 * 1024;

pub(super) async fn check() -> Vec<Finding> {
    let Ok((api, tenant)) = setup::load::<(WhatsAppApiConfig, TenantConfig)>() else {
        return vec![Finding::wrong(
            "not checked: its variables are missing or wrong",
            "see above",
        )];
    };
    let number = tenant
        .whatsapp_phone_number_id
        .as_deref()
        .and_then(PhoneNumberId::parse);
    let Some(number) = number else {
        return vec![Finding::Note(
            "the token is not checked: WHATSAPP_PHONE_NUMBER_ID is not set".to_owned(),
        )];
    };
    vec![ask(&api, &number).await.unwrap_or_else(|error| {
        Finding::failed(
            error,
            "can this machine reach WHATSAPP_API_URL? A proxy or firewall may be in the way",
        )
    })]
}

async fn ask(api: &WhatsAppApiConfig, number: &PhoneNumberId) -> anyhow::Result<Finding> {
    let mut url = api.url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty()
            .extend([api.version.as_str(), number.as_str()]);
    }
    url.query_pairs_mut()
        .append_pair("fields", "verified_name,quality_rating");
    let request = client(Timeouts::default())?
        .get(url)
        .bearer_auth(api.access_token.expose_secret());
    let response = request.send().await.map_err(reqwest::Error::without_url)?;
    let status = response.status();
    let body = read_capped(response, MAX_ANSWER).await?;
    if status.is_success() {
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        let text = |field: &str| {
            crate::output::readable(answer[field].as_str().unwrap_or("unknown").as_bytes())
        };
        return Ok(Finding::Fine(format!(
            "the token may use number {number}: {}, quality {}",
            text("verified_name"),
            text("quality_rating")
        )));
    }
    let Some(error) = GraphError::from_body(status.as_u16(), &body) else {
        return Ok(Finding::wrong(
            format!(
                "{} answered {status} with something that is not the Graph API's",
                api.url
            ),
            "WHATSAPP_API_URL is https://graph.facebook.com; WHATSAPP_API_VERSION is a version such as v26.0",
        ));
    };
    let code = error
        .code()
        .map_or_else(|| "no code".to_owned(), |code| code.to_string());
    let what = format!(
        "{code}: {}",
        crate::output::readable(error.text().as_bytes())
    );
    Ok(match error.disposition() {
        Disposition::StopAccount(reason) if reason.as_str() == "token" => Finding::wrong(
            what,
            "make a new system user token with whatsapp_business_messaging and set WHATSAPP_ACCESS_TOKEN",
        ),
        Disposition::StopAccount(_) => Finding::wrong(
            what,
            "look at the number in Meta's WhatsApp Manager; the token needs its permissions",
        ),
        _ => Finding::wrong(
            what,
            "is WHATSAPP_PHONE_NUMBER_ID the id of the number, not the number itself?",
        ),
    })
}
