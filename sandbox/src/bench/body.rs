//! Signed webhooks, cheaply: one text message of WhatsApp's shape and usual size, of which only the id changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::ExposeSecret as _;
use serde_json::json;
use sha2::Sha256;

use crate::drill::load;
use crate::whatsapp::Simulator;

/// Where the digits of the id go; as many as the largest number has.
const PLACE: &str = "00000000000000000000";

/// Makes bodies; no id comes twice, in this run or, but for chance, in any other.
#[derive(Debug, Clone)]
pub(crate) struct Bodies {
    template: Arc<[u8]>,
    place: usize,
    next: Arc<AtomicU64>,
    /// Keyed once.
    mac: Hmac<Sha256>,
}

impl Bodies {
    pub(crate) fn new(simulator: &Simulator) -> anyhow::Result<Self> {
        let config = simulator.config();
        let from = load::phone(0);
        let template = json!({
            "object": "whatsapp_business_account",
            "entry": [{ "id": config.waba_id, "changes": [{ "field": "messages", "value": {
                "messaging_product": "whatsapp",
                "metadata": { "display_phone_number": config.display_phone, "phone_number_id": config.phone_number_id },
                "contacts": [{ "profile": { "name": "Carolina" }, "wa_id": from, "user_id": "AR.01234567890123456789" }],
                "messages": [{
                    "from": from, "from_user_id": "AR.01234567890123456789",
                    "id": format!("wamid.HBgNNTQ5Mjk0NDcwMDAwMBUCABIYFDNB{PLACE}AA=="),
                    "timestamp": simulator.clock().now().timestamp().to_string(),
                    "type": "text",
                    "text": { "body": "Hola, buenas tardes, tienen lugar para cuatro del 10 al 15 de enero?" },
                }],
            } }] }],
        })
        .to_string();
        let place = template.find(PLACE).context("the body has no id")?;
        Ok(Self {
            template: template.into_bytes().into(),
            place,
            next: Arc::new(AtomicU64::new(rand::random::<u64>() / 2)),
            mac: Hmac::new_from_slice(config.app_secret.expose_secret().as_bytes())
                .context("the app secret is no key")?,
        })
    }

    /// How long each is.
    pub(crate) fn size(&self) -> usize {
        self.template.len()
    }

    /// The next body and its `X-Hub-Signature-256`.
    pub(crate) fn next(&self) -> (Bytes, String) {
        let id = format!("{:020}", self.next.fetch_add(1, Ordering::Relaxed));
        let mut body = self.template.to_vec();
        body[self.place..self.place + PLACE.len()].copy_from_slice(id.as_bytes());
        let mut mac = self.mac.clone();
        mac.update(&body);
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        (body.into(), signature)
    }
}
