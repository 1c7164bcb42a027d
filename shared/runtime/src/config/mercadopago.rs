//! Mercado Pago: the secrets of its notifications, and its API.

use secrecy::SecretString;
use url::Url;

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

pub(super) const VARS: &[Var] = &[
    MERCADOPAGO_WEBHOOK_SECRETS,
    MERCADOPAGO_ACCESS_TOKEN,
    MERCADOPAGO_API_URL,
];

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
}

impl Section for MercadoPagoApiConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let access_token = env.required(&MERCADOPAGO_ACCESS_TOKEN, parse::secret);
        let url = env.required(&MERCADOPAGO_API_URL, parse::http_url);
        Some(Self {
            access_token: access_token?,
            url: url?,
        })
    }
}
