//! The way to the Graph API.

use std::{collections::HashMap, time::Duration};

use async_trait::async_trait;
use posta_providers::{
    http::Timeouts,
    whatsapp::{
        Disposition, GraphClient, Outgoing, PhoneNumberId, Recipient, SendError,
        errors::{GiveUp, StopReason},
    },
};
use posta_runtime::config::WhatsAppApiConfig;
use posta_store::outbox::claim::{Claimed, To};
use secrecy::SecretString;

use super::outcome::{Outcome, Transport};

/// What `channel_accounts.secret_ref` says for accounts whose token is in the environment.
const TOKEN: &str = "WHATSAPP_ACCESS_TOKEN";
/// For an app or business account that made too many calls: "minutes up to an hour".
const ACCOUNT_PAUSE: Duration = Duration::from_mins(5);

/// Sends rows as messages of the account they belong to.
pub struct Graph {
    client: GraphClient,
    tokens: HashMap<String, SecretString>,
}

impl Graph {
    /// As the environment says.
    pub fn new(api: &WhatsAppApiConfig) -> anyhow::Result<Self> {
        let hosts = api.media_hosts.clone();
        let client = GraphClient::new(
            api.url.clone(),
            api.version.clone(),
            hosts,
            Timeouts::default(),
        )?;
        Ok(Self {
            client,
            tokens: HashMap::from([(TOKEN.to_owned(), api.access_token.clone())]),
        })
    }
}

#[async_trait]
impl Transport for Graph {
    async fn send(&self, row: &Claimed) -> Outcome {
        let Some(token) = self.tokens.get(&row.secret_ref) else {
            return Outcome::StopAccount(format!(
                "{}: {} is not set here",
                StopReason::Token.as_str(),
                row.secret_ref
            ));
        };
        let Some(from) = PhoneNumberId::parse(&row.account_external) else {
            return Outcome::StopAccount(format!(
                "{}: not a phone number id",
                StopReason::Configuration.as_str()
            ));
        };
        let message: Outgoing = match serde_json::from_value(row.payload.clone()) {
            Ok(message) => message,
            Err(error) => return bad_request(&format!("not a message that can be sent: {error}")),
        };
        let to = match &row.to {
            To::Phone(number) => Recipient::phone(number),
            To::UserId(id) => Recipient::user_id(id),
        };
        let to = match to {
            Ok(to) => to,
            Err(error) => return bad_request(&error.to_string()),
        };
        let body = message.to_graph_body(&to, &row.id.to_string());
        match self.client.send(&from, token, &body).await {
            Ok(sent) => Outcome::Sent {
                message_id: sent.wamid,
                number: sent.wa_id,
            },
            Err(error) => outcome(error, row.attempts),
        }
    }
}

fn bad_request(why: &str) -> Outcome {
    Outcome::GiveUp(format!("{}: {why}", GiveUp::BadRequest.as_str()))
}

/// What a failed call means for the row.
fn outcome(error: SendError, refusals: i32) -> Outcome {
    let after = error.retry_after();
    let disposition = error.disposition();
    let unreachable = matches!(error, SendError::NotConnected(_));
    let words = format!("{}: {:#}", disposition.as_str(), anyhow::Error::new(error));
    match disposition {
        _ if unreachable => Outcome::Unreachable(words),
        Disposition::RetryGuest => Outcome::RetryGuest(words),
        Disposition::RetryNumber => Outcome::RetryNumber {
            error: words,
            after,
        },
        Disposition::RetryAccount => Outcome::RetryNumber {
            error: words,
            after: Some(after.unwrap_or_default().max(ACCOUNT_PAUSE)),
        },
        Disposition::RetryFew(most) if refusals + 1 >= i32::from(most) => Outcome::GiveUp(words),
        Disposition::RetryLater | Disposition::RetryFew(_) => Outcome::RetryLater {
            error: words,
            after,
        },
        Disposition::StopAccount(_) => Outcome::StopAccount(words),
        Disposition::NeedsTemplate => Outcome::NeedsTemplate(words),
        Disposition::Ambiguous => Outcome::Ambiguous(words),
        Disposition::GiveUp(_) => Outcome::GiveUp(words),
    }
}
