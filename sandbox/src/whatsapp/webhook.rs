//! Bodies of webhooks in the documented shapes, escaped the way Meta escapes them.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::config::WhatsappConfig;
use super::errors::GraphError;

/// A guest as webhooks show one.
#[derive(Debug, Clone)]
pub(crate) struct Guest {
    pub(crate) phone: String,
    pub(crate) name: String,
    pub(crate) user_id: String,
}

/// A status of one of our messages.
#[derive(Debug, Clone)]
pub(crate) struct Status<'a> {
    pub(crate) wamid: &'a str,
    pub(crate) name: &'a str,
    pub(crate) at: DateTime<Utc>,
    pub(crate) callback_data: Option<&'a str>,
    pub(crate) error: Option<&'a GraphError>,
}

/// One change of any field, in its envelope.
pub(crate) fn envelope(config: &WhatsappConfig, field: &str, value: &Value) -> String {
    escaped(&json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": config.waba_id, "changes": [{ "value": value, "field": field }] }],
    }))
}

/// A message from a guest; `content` holds `type` and its payload.
pub(crate) fn message(
    config: &WhatsappConfig,
    guest: &Guest,
    id: &str,
    at: DateTime<Utc>,
    content: Map<String, Value>,
) -> String {
    let mut message = Map::new();
    message.insert("from".into(), json!(guest.phone));
    message.insert("from_user_id".into(), json!(guest.user_id));
    message.insert("id".into(), json!(id));
    message.insert("timestamp".into(), json!(at.timestamp().to_string()));
    message.extend(content);
    let mut value = base(config);
    value["contacts"] = contacts(guest);
    value["messages"] = json!([message]);
    envelope(config, "messages", &value)
}

/// What the owner typed on her own phone.
pub(crate) fn echo(
    config: &WhatsappConfig,
    guest: &Guest,
    id: &str,
    at: DateTime<Utc>,
    text: &str,
) -> String {
    let mut value = base(config);
    value["contacts"] = contacts(guest);
    value["message_echoes"] = json!([{
        "from": config.display_phone,
        "to": guest.phone,
        "to_user_id": guest.user_id,
        "id": id,
        "timestamp": at.timestamp().to_string(),
        "type": "text",
        "text": { "body": text },
    }]);
    envelope(config, "smb_message_echoes", &value)
}

/// A status. A failed one has no contacts, as documented; pricing comes on the first two.
pub(crate) fn status(config: &WhatsappConfig, guest: &Guest, status: &Status<'_>) -> String {
    let mut body = json!({
        "id": status.wamid,
        "status": status.name,
        "timestamp": status.at.timestamp().to_string(),
        "recipient_id": guest.phone,
    });
    if let Some(data) = status.callback_data {
        body["biz_opaque_callback_data"] = json!(data);
    }
    let mut value = base(config);
    if let Some(error) = status.error {
        body["errors"] = json!([error.in_status()]);
    } else {
        body["recipient_user_id"] = json!(guest.user_id);
        if status.name != "read" {
            body["pricing"] = json!({
                "billable": false, "pricing_model": "PMP", "type": "free_customer_service", "category": "service",
            });
        }
        value["contacts"] = contacts(guest);
    }
    value["statuses"] = json!([body]);
    envelope(config, "messages", &value)
}

/// `messaging_product` and `metadata`.
pub(crate) fn base(config: &WhatsappConfig) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": config.display_phone,
            "phone_number_id": config.phone_number_id,
        },
    })
}

fn contacts(guest: &Guest) -> Value {
    json!([{ "profile": { "name": guest.name }, "wa_id": guest.phone, "user_id": guest.user_id }])
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// JSON as Meta writes it: pure ASCII, lowercase `\u` escapes, slashes escaped. The signature covers these bytes.
pub(crate) fn escaped(value: &Value) -> String {
    let plain = value.to_string();
    let mut out = String::with_capacity(plain.len() + plain.len() / 8);
    let mut units = [0_u16; 2];
    for c in plain.chars() {
        match c {
            '/' => out.push_str("\\/"),
            c if c.is_ascii() => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut units).iter() {
                    out.push_str("\\u");
                    for shift in [12, 8, 4, 0] {
                        out.push(char::from(HEX[usize::from(*unit >> shift & 0xf)]));
                    }
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_changes_the_bytes_and_not_the_value() {
        let value = json!({ "text": "¿Cabaña? 🏔 a/b \"c\" \\ \u{0}" });
        let bytes = escaped(&value);
        assert!(bytes.is_ascii());
        assert!(
            bytes.contains("\\u00bfCaba\\u00f1a")
                && bytes.contains("a\\/b")
                && bytes.contains("\\ud83c\\udfd4")
        );
        assert_eq!(serde_json::from_str::<Value>(&bytes).unwrap(), value);
    }
}
