//! Where files come from.

use std::time::Duration;

use async_trait::async_trait;
use posta_providers::{
    http::Timeouts,
    whatsapp::{
        GraphClient, PhoneNumberId,
        media::{Downloaded, MediaError, MediaKind, MediaLimits},
    },
};
use posta_runtime::config::WhatsAppApiConfig;
use secrecy::SecretString;

/// Fetches a file by the provider's id.
#[async_trait]
pub trait Source: Send + Sync {
    /// `number` is our account's phone number id.
    async fn fetch(
        &self,
        number: &str,
        id: &str,
        kind: MediaKind,
    ) -> Result<Downloaded, MediaError>;
}

/// The Graph API.
pub struct GraphFiles {
    client: GraphClient,
    token: SecretString,
    limits: MediaLimits,
}

/// For a large file over a slow line; lookup and download together stay below the handler's time.
const LONGEST: Duration = Duration::from_secs(20);

impl GraphFiles {
    /// At the configured address.
    pub fn new(api: &WhatsAppApiConfig) -> anyhow::Result<Self> {
        let timeouts = Timeouts {
            request: LONGEST,
            ..Timeouts::default()
        };
        let client = GraphClient::new(
            api.url.clone(),
            api.version.clone(),
            api.media_hosts.clone(),
            timeouts,
        )?;
        Ok(Self {
            client,
            token: api.access_token.clone(),
            limits: MediaLimits::default(),
        })
    }
}

#[async_trait]
impl Source for GraphFiles {
    async fn fetch(
        &self,
        number: &str,
        id: &str,
        kind: MediaKind,
    ) -> Result<Downloaded, MediaError> {
        let number = PhoneNumberId::parse(number).ok_or(MediaError::Id)?;
        self.client
            .fetch_media(&number, &self.token, id, kind, &self.limits)
            .await
    }
}
