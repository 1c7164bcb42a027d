//! Mercado Pago: the secrets of its notifications, and its API.

use secrecy::SecretString;
use url::Url;

use super::api::PUBLIC_URL;
use crate::env::{Env, Section, Var, parse};

const MERCADOPAGO_WEBHOOK_SECRETS: Var = Var::secret(
    "MERCADOPAGO_WEBHOOK_SECRETS",
    "secrets that may sign notifications, comma-separated; without one every notification is refused",
);
const MERCADOPAGO_ACCESS_TOKEN: Var = Var::secret(
    "MERCADOPAGO_ACCESS_TOKEN",
    "the bearer token of Mercado Pago's API",
);
const MERCADOPAGO_API_URL: Var = Var::with_default(
    "MERCADOPAGO_API_URL",
    "https://api.mercadopago.com",
    "Mercado Pago's API",
);
// A link carries it, and there it takes precedence over the address in the panel.
const MERCADOPAGO_NOTIFICATION_URL: Var = Var::new(
    "MERCADOPAGO_NOTIFICATION_URL",
    "where Mercado Pago reaches our webhook; without one the address in its panel is used",
);
// No number is published. Reads, links and refunds of one account share it.
const MERCADOPAGO_REQUESTS_PER_SECOND: Var = Var::with_default(
    "MERCADOPAGO_REQUESTS_PER_SECOND",
    "10",
    "requests per second and Mercado Pago account",
);

pub(super) const VARS: &[Var] = &[
    MERCADOPAGO_WEBHOOK_SECRETS,
    MERCADOPAGO_ACCESS_TOKEN,
    MERCADOPAGO_API_URL,
    MERCADOPAGO_NOTIFICATION_URL,
    MERCADOPAGO_REQUESTS_PER_SECOND,
];

/// Mercado Pago refuses longer ones.
const LONGEST_NOTIFICATION_URL: usize = 248;

/// What notifications are verified with.
#[derive(Debug, Clone)]
pub struct MercadoPagoWebhookConfig {
    /// Any of these may have signed. None: nothing is accepted.
    pub secrets: Vec<SecretString>,
}

impl Section for MercadoPagoWebhookConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let secrets = env.optional(&MERCADOPAGO_WEBHOOK_SECRETS, parse::secrets)?;
        Some(Self {
            secrets: secrets.unwrap_or_default(),
        })
    }
}

/// How to reach Mercado Pago's API.
#[derive(Debug, Clone)]
pub struct MercadoPagoApiConfig {
    /// The bearer token of the first account.
    pub access_token: SecretString,
    /// Base URL.
    pub url: Url,
    /// Requests per second and account.
    pub requests_per_second: u32,
}

impl Section for MercadoPagoApiConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let access_token = env.required(&MERCADOPAGO_ACCESS_TOKEN, parse::secret);
        let url = env.required(&MERCADOPAGO_API_URL, parse::http_url);
        let requests_per_second =
            env.required(&MERCADOPAGO_REQUESTS_PER_SECOND, parse::number(1..=1_000));
        Some(Self {
            access_token: access_token?,
            url: url?,
            requests_per_second: requests_per_second?,
        })
    }
}

/// What links to pay say of us.
#[derive(Debug, Clone)]
pub struct PaymentLinkConfig {
    /// Where notifications of payments by link go, asking for webhooks only: the older form cannot be verified.
    pub notification_url: Option<Url>,
    /// How browsers reach us; they come back only to `https`.
    pub public_url: Url,
}

impl Section for PaymentLinkConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let notification_url = env.optional(&MERCADOPAGO_NOTIFICATION_URL, notification_url);
        let public_url = env.required(&PUBLIC_URL, parse::http_url);
        Some(Self {
            notification_url: notification_url?,
            public_url: public_url?,
        })
    }
}

fn notification_url(raw: &str) -> Result<Url, String> {
    let mut url = parse::http_url(raw)?;
    url.set_query(Some("source_news=webhooks"));
    if url.as_str().len() > LONGEST_NOTIFICATION_URL {
        return Err(format!(
            "with ?source_news=webhooks it is longer than the {LONGEST_NOTIFICATION_URL} characters Mercado Pago takes"
        ));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(extra: &[(&str, &str)]) -> Result<PaymentLinkConfig, crate::env::ConfigError> {
        Env::from_map(extra.iter().copied()).load()
    }

    #[test]
    fn notifications_are_asked_for_in_the_form_that_can_be_verified() {
        let url = "https://posta.example/webhooks/mercadopago";
        let config = load(&[("MERCADOPAGO_NOTIFICATION_URL", url)]).unwrap();
        assert_eq!(
            config.notification_url.unwrap().as_str(),
            "https://posta.example/webhooks/mercadopago?source_news=webhooks"
        );
        assert!(load(&[]).unwrap().notification_url.is_none());
    }

    #[test]
    fn an_address_that_mercado_pago_would_not_take_is_refused_at_the_start() {
        let long = format!("https://posta.example/{}", "x".repeat(210));
        let error = load(&[("MERCADOPAGO_NOTIFICATION_URL", &long)]).unwrap_err();
        assert!(error.to_string().contains("248"), "{error}");
        assert!(load(&[("MERCADOPAGO_NOTIFICATION_URL", "posta.example")]).is_err());
    }
}
