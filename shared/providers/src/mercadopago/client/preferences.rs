//! Preferences: links to pay.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use secrecy::SecretString;
use serde_json::json;
use url::Url;
use uuid::Uuid;

use super::{MercadoPago, Sending, same};
use crate::mercadopago::{
    ExternalReference, MercadoPagoError, NewPreference, Preference, PreferenceHit, PreferenceId,
    Unfit,
    field::{inner, list, object, write_time},
};

/// Of one reference there are hardly ever two.
const PAGE: usize = 50;
/// More than this many pages are not ours.
const MAX_PAGES: usize = 4;

impl MercadoPago {
    /// Makes a link. Not idempotent, whatever the key: after an error that
    /// [`may_have_happened`](MercadoPagoError::may_have_happened), search before trying again.
    pub async fn create_preference(
        &self,
        token: &SecretString,
        new: &NewPreference,
        key: Uuid,
    ) -> Result<Preference, MercadoPagoError> {
        let body = new
            .to_body()
            .map_err(|error| MercadoPagoError::NotBuilt(Box::new(error)))?;
        let sending = Sending {
            body: Some(body),
            key: Some(key),
        };
        let url = self.url(&["checkout", "preferences"]);
        let answer = self.call(Method::POST, url, token, sending).await?;
        answer.read(|json| {
            let made = Preference::parse(json)?;
            let named = made.reference.as_deref() == Some(new.reference().as_str());
            if named || made.reference.is_none() {
                Ok(made)
            } else {
                Err(Unfit::Another("reference"))
            }
        })
    }

    /// Reads a link.
    pub async fn preference(
        &self,
        token: &SecretString,
        id: &PreferenceId,
    ) -> Result<Preference, MercadoPagoError> {
        let url = self.url(&["checkout", "preferences", id.as_str()]);
        self.get(url, token).await?.read(|json| {
            let preference = Preference::parse(json)?;
            same(id, &preference.id, "preference").map(|()| preference)
        })
    }

    /// Every link made for a request, newest first. Those that say they were made for another are left out.
    pub async fn search_preferences(
        &self,
        token: &SecretString,
        reference: &ExternalReference,
    ) -> Result<Vec<PreferenceHit>, MercadoPagoError> {
        let mut hits = Vec::new();
        let mut offset = 0;
        for _ in 0..MAX_PAGES {
            let mut url = self.url(&["checkout", "preferences", "search"]);
            write_search(&mut url, reference, offset);
            let (page, next) = self.get(url, token).await?.read(read_page)?;
            hits.extend(page);
            match next {
                Some(next) if next > offset => offset = next,
                _ => break,
            }
        }
        hits.retain(|hit: &PreferenceHit| match &hit.reference {
            Some(found) => found == reference.as_str(),
            None => true,
        });
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.created_at));
        Ok(hits)
    }

    /// Ends a link: from `at`, which is past, nobody can pay with it. Harmless to repeat.
    pub async fn expire_preference(
        &self,
        token: &SecretString,
        id: &PreferenceId,
        at: DateTime<Utc>,
    ) -> Result<(), MercadoPagoError> {
        // It may have begun after that, and a window that ends before it begins is refused.
        let body = json!({
            "expires": true,
            "expiration_date_from": write_time(at - TimeDelta::minutes(1)),
            "expiration_date_to": write_time(at),
        });
        self.change_preference(token, id, &body).await
    }

    /// Lets a link be paid until then. Harmless to repeat.
    pub async fn extend_preference(
        &self,
        token: &SecretString,
        id: &PreferenceId,
        until: DateTime<Utc>,
    ) -> Result<(), MercadoPagoError> {
        let until = write_time(until);
        let body = json!({
            "expires": true,
            "expiration_date_to": until,
            "date_of_expiration": until,
        });
        self.change_preference(token, id, &body).await
    }

    async fn change_preference(
        &self,
        token: &SecretString,
        id: &PreferenceId,
        body: &serde_json::Value,
    ) -> Result<(), MercadoPagoError> {
        let sending = Sending {
            body: Some(body.to_string().into_bytes()),
            key: None,
        };
        let url = self.url(&["checkout", "preferences", id.as_str()]);
        // What it answers is what was sent: nothing is read from it.
        self.call(Method::PUT, url, token, sending)
            .await
            .map(|_| ())
    }
}

fn write_search(url: &mut Url, reference: &ExternalReference, offset: usize) {
    url.query_pairs_mut()
        .append_pair("external_reference", reference.as_str())
        .append_pair("limit", &PAGE.to_string())
        .append_pair("offset", &offset.to_string());
}

/// Reads `{"elements": […], "next_offset", "total"}`; `elements` may be `null`. A result without an id is an error: it
/// could be one that has to be closed.
fn read_page(json: &str) -> Result<(Vec<PreferenceHit>, Option<usize>), Unfit> {
    let fields = object(json)?;
    let known = ["elements", "total", "next_offset"];
    if !known.iter().any(|name| fields.get(name).is_some()) && inner(&fields, "paging").is_none() {
        return Err(Unfit::Missing("elements"));
    }
    let elements = list(&fields, "elements");
    let hits: Vec<PreferenceHit> = elements
        .iter()
        .map(|one| PreferenceHit::parse(one.get()))
        .collect::<Result<_, _>>()?;
    let figure = |name: &str| {
        fields
            .text(name)
            .and_then(|text| text.parse::<usize>().ok())
    };
    let next = figure("next_offset")
        .filter(|next| !hits.is_empty() && figure("total").is_none_or(|total| *next < total));
    Ok((hits, next))
}
