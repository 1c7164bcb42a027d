//! Sending, and marking as read.

use reqwest::header;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{GraphClient, MAX_ANSWER, PhoneNumberId, bearer, refusal};
use crate::{http::read_capped, whatsapp::errors::SendError};

/// Accepted by Meta, which is not yet delivered.
#[derive(Clone, PartialEq, Eq)]
pub struct Sent {
    /// The message's id; statuses carry it.
    pub wamid: String,
    /// The guest's number as Meta knows it, which may differ from the one used: an alias to remember.
    pub wa_id: Option<String>,
    /// The guest's business-scoped id, if Meta told it.
    pub user_id: Option<String>,
}

/// Without the guest's addresses.
impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sent")
            .field("wamid", &self.wamid)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    contacts: Vec<Contact>,
    #[serde(default)]
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Contact {
    wa_id: Option<String>,
    user_id: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    id: String,
}

impl GraphClient {
    /// Sends a body made by [`crate::whatsapp::Outgoing::to_graph_body`]. Not idempotent: an error whose
    /// disposition is `Ambiguous` may have sent it.
    pub async fn send(
        &self,
        from: &PhoneNumberId,
        token: &SecretString,
        body: &Value,
    ) -> Result<Sent, SendError> {
        let answer = self.post(from, token, body).await?;
        let answer: Answer = serde_json::from_slice(&answer).map_err(|_| SendError::NoId)?;
        let message = answer
            .messages
            .into_iter()
            .find(|m| !m.id.is_empty())
            .ok_or(SendError::NoId)?;
        let contact = answer.contacts.into_iter().next();
        let (wa_id, user_id) = contact.map_or((None, None), |c| (c.wa_id, c.user_id));
        let told = |id: Option<String>| id.filter(|id| !id.is_empty());
        Ok(Sent {
            wamid: message.id,
            wa_id: told(wa_id),
            user_id: told(user_id),
        })
    }

    /// Marks a guest's message as read; with `typing`, shows that an answer is being written (for 25 s at most).
    /// Harmless to repeat, and to fail.
    pub async fn mark_read(
        &self,
        from: &PhoneNumberId,
        token: &SecretString,
        wamid: &str,
        typing: bool,
    ) -> Result<(), SendError> {
        let mut body =
            json!({ "messaging_product": "whatsapp", "status": "read", "message_id": wamid });
        if typing {
            body["typing_indicator"] = json!({ "type": "text" });
        }
        self.post(from, token, &body).await.map(|_| ())
    }

    async fn post(
        &self,
        from: &PhoneNumberId,
        token: &SecretString,
        body: &Value,
    ) -> Result<bytes::Bytes, SendError> {
        let request = self
            .http
            .post(self.url(&[from.as_str(), "messages"]))
            .header(header::AUTHORIZATION, bearer(token)?)
            .json(body);
        let response = request.send().await.map_err(SendError::from_request)?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        read_capped(response, MAX_ANSWER)
            .await
            .map_err(SendError::Unreadable)
    }
}
