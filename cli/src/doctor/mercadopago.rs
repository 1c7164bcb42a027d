//! Mercado Pago: reachable, the token may read payments, and it is the account's that we think it is.

use posta_providers::{
    http::Timeouts,
    mercadopago::{
        Disposition, ExternalReference, MercadoPago, MercadoPagoError, PaymentsBy, Search,
    },
};
use posta_runtime::config::{MercadoPagoApiConfig, PaymentLinkConfig, TenantConfig};
use secrecy::{ExposeSecret as _, SecretString};

use super::Finding;
use crate::setup;

/// No request of ours is named like this: its search finds nothing.
const NOBODYS: &str = "posta-doctor";

pub(super) async fn check() -> Vec<Finding> {
    let Ok(tenant) = setup::load::<TenantConfig>() else {
        return vec![Finding::wrong(
            "not checked: the tenant's variables are wrong",
            "see above",
        )];
    };
    let Some(user) = tenant.mercadopago_user_id else {
        return vec![Finding::Note(
            "MERCADOPAGO_USER_ID is not set: guests cannot pay by link".to_owned(),
        )];
    };
    let Ok((api, link)) = setup::load::<(MercadoPagoApiConfig, PaymentLinkConfig)>() else {
        return vec![Finding::wrong(
            "MERCADOPAGO_USER_ID is set, and MERCADOPAGO_ACCESS_TOKEN is missing or wrong",
            "copy the production access token from Mercado Pago (Tus integraciones, Credenciales)",
        )];
    };
    let mut findings = Vec::new();
    if let Some(other) = owner_of(&api.access_token).filter(|other| *other != user) {
        findings.push(Finding::wrong(
            format!("the access token is account {other}'s, and MERCADOPAGO_USER_ID is {user}"),
            "every payment would count as somebody else's: set both from the same account",
        ));
    }
    if link.notification_url.is_none() {
        findings.push(Finding::Note(
            "MERCADOPAGO_NOTIFICATION_URL is not set: notifications come only if the panel has the address".to_owned(),
        ));
    }
    if link.public_url.scheme() != "https" {
        findings.push(Finding::Note(
            "PUBLIC_URL is not https: nobody comes back to us from the checkout".to_owned(),
        ));
    }
    findings.push(ask(api).await);
    findings
}

async fn ask(api: MercadoPagoApiConfig) -> Finding {
    let client = match MercadoPago::new(api.url, Timeouts::default()) {
        Ok(client) => client,
        Err(error) => return Finding::failed(error, "this is a fault of the program"),
    };
    let Some(reference) = ExternalReference::parse(NOBODYS) else {
        return Finding::Note("the token is not checked".to_owned());
    };
    let search = Search::new(PaymentsBy::Reference(reference));
    match client.search_payments(&api.access_token, &search).await {
        Ok(_) => Finding::Fine("the token may read payments".to_owned()),
        Err(error) => not_read(error),
    }
}

fn not_read(error: MercadoPagoError) -> Finding {
    let remedy = match error.disposition() {
        Disposition::Auth(_) => {
            "copy the production access token from Mercado Pago (Tus integraciones, Credenciales)"
        }
        Disposition::Unreachable => {
            "can this machine reach MERCADOPAGO_API_URL? A proxy or firewall may be in the way"
        }
        _ => {
            "MERCADOPAGO_API_URL is https://api.mercadopago.com; if it is, Mercado Pago has trouble: try again later"
        }
    };
    Finding::failed(error, remedy)
}

/// The account a token says it belongs to: `APP_USR-…-<user id>`.
fn owner_of(token: &SecretString) -> Option<String> {
    let token = token.expose_secret();
    let last = token.strip_prefix("APP_USR-")?.rsplit('-').next()?;
    let is_id = last.len() < 20 && last.bytes().all(|byte| byte.is_ascii_digit());
    (is_id && !last.is_empty() && token.matches('-').count() >= 4).then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::owner_of;

    #[test]
    fn a_token_names_its_account() {
        let of = |token: &str| owner_of(&token.to_owned().into());
        let token = "APP_USR-5601993310457712-011415-0123456789abcdef0123456789abcdef-418820117";
        assert_eq!(of(token).as_deref(), Some("418820117"));
        for other in ["APP_USR-123", "APP_USR-1-2-3-x9", "secret", ""] {
            assert!(of(other).is_none(), "{other}");
        }
    }
}
