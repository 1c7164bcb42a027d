//! WhatsApp: the secrets of its webhooks, and its API.

use secrecy::SecretString;
use url::Url;

use crate::env::{Env, Section, Var, parse};

const WHATSAPP_APP_SECRETS: Var = Var::secret(
    "WHATSAPP_APP_SECRETS",
    "app secrets that may sign webhooks, comma-separated; without one every webhook is refused",
);
const WHATSAPP_VERIFY_TOKEN: Var = Var::secret(
    "WHATSAPP_VERIFY_TOKEN",
    "the token of the verification request; without one it is refused",
);
const WHATSAPP_ACCESS_TOKEN: Var =
    Var::secret("WHATSAPP_ACCESS_TOKEN", "the bearer token of the Graph API");
const WHATSAPP_API_URL: Var = Var::with_default(
    "WHATSAPP_API_URL",
    "https://graph.facebook.com",
    "the Graph API",
);
// The version decides the shape of webhooks, too: change it only with the samples at hand.
const WHATSAPP_API_VERSION: Var = Var::with_default(
    "WHATSAPP_API_VERSION",
    "v26.0",
    "the version of the Graph API",
);
// The bearer token is sent to these hosts and to the API itself, and to nobody else.
const WHATSAPP_MEDIA_HOSTS: Var = Var::with_default(
    "WHATSAPP_MEDIA_HOSTS",
    "lookaside.fbsbx.com",
    "hosts that media may be downloaded from, comma-separated",
);
// 80 by default at Meta; 20 for a number that is also used in the WhatsApp Business app.
const WHATSAPP_MESSAGES_PER_SECOND: Var = Var::with_default(
    "WHATSAPP_MESSAGES_PER_SECOND",
    "80",
    "messages per second and number (20 for a number in Coexistence)",
);

pub(super) const VARS: &[Var] = &[
    WHATSAPP_APP_SECRETS,
    WHATSAPP_VERIFY_TOKEN,
    WHATSAPP_ACCESS_TOKEN,
    WHATSAPP_API_URL,
    WHATSAPP_API_VERSION,
    WHATSAPP_MEDIA_HOSTS,
    WHATSAPP_MESSAGES_PER_SECOND,
];

/// What webhooks are verified with.
#[derive(Debug, Clone)]
pub struct WhatsAppWebhookConfig {
    /// Any of these may have signed. None: nothing is accepted.
    pub app_secrets: Vec<SecretString>,
    /// Token of the verification request. None: it is refused.
    pub verify_token: Option<SecretString>,
}

impl Section for WhatsAppWebhookConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let app_secrets = env.optional(&WHATSAPP_APP_SECRETS, parse::secrets);
        let verify_token = env.optional(&WHATSAPP_VERIFY_TOKEN, parse::secret);
        Some(Self {
            app_secrets: app_secrets?.unwrap_or_default(),
            verify_token: verify_token?,
        })
    }
}

/// How to reach the Graph API.
#[derive(Debug, Clone)]
pub struct WhatsAppApiConfig {
    /// The bearer token of the first account.
    pub access_token: SecretString,
    /// Base URL, without version.
    pub url: Url,
    /// Version, as in `v26.0`.
    pub version: String,
    /// Hosts that may receive the bearer besides the API's own.
    pub media_hosts: Vec<String>,
    /// Throughput of one number.
    pub messages_per_second: u32,
}

impl Section for WhatsAppApiConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let access_token = env.required(&WHATSAPP_ACCESS_TOKEN, parse::secret);
        let url = env.required(&WHATSAPP_API_URL, parse::http_url);
        let version = env.required(&WHATSAPP_API_VERSION, version);
        let media_hosts = env.required(&WHATSAPP_MEDIA_HOSTS, parse::hosts);
        let messages_per_second =
            env.required(&WHATSAPP_MESSAGES_PER_SECOND, parse::number(1..=1_000));
        Some(Self {
            access_token: access_token?,
            url: url?,
            version: version?,
            media_hosts: media_hosts?,
            messages_per_second: messages_per_second?,
        })
    }
}

fn version(raw: &str) -> Result<String, String> {
    let (major, minor) = raw
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'))
        .ok_or("expected a version such as v26.0")?;
    if major.parse::<u16>().is_ok() && minor.parse::<u16>().is_ok() {
        Ok(raw.to_owned())
    } else {
        Err("expected a version such as v26.0".to_owned())
    }
}
