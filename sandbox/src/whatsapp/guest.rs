//! The guest's and the owner's side: what they write becomes a chat entry and a webhook.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use super::chat::{ChoiceKind, Entry, Side};
use super::ids::{self, Direction};
use super::media::{self, File};
use super::simulator::Inner;
use super::world::{Media, World};
use super::{delivery, webhook};
use crate::lock::lock;

/// What a guest does: exactly one of the contents.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Say {
    /// The guest's phone number.
    pub from: String,
    /// The profile's name.
    pub name: Option<String>,
    /// Writes this.
    pub text: Option<String>,
    /// Taps this button.
    pub button_id: Option<String>,
    /// Chooses this list row.
    pub list_id: Option<String>,
    /// Sends a voice note: a file's path, or `sample`.
    pub audio_file: Option<String>,
    /// Sends a picture: a file's path, or `sample`.
    pub image_file: Option<String>,
    /// Sends a picture: its bytes in base64 (the chat page does).
    pub image_base64: Option<String>,
    /// Words under the picture.
    pub caption: Option<String>,
    /// HTTP only: answer when the webhook got its 200.
    pub wait: bool,
}

impl Say {
    /// A text.
    pub fn text(from: &str, name: &str, text: &str) -> Self {
        Self {
            from: from.to_owned(),
            name: Some(name.to_owned()),
            text: Some(text.to_owned()),
            ..Self::default()
        }
    }
}

/// What became of it.
#[derive(Debug)]
pub struct Said {
    /// The message's wamid.
    pub id: String,
    /// Says whether the webhook got its 200.
    pub delivered: oneshot::Receiver<bool>,
}

/// Why a guest cannot do that.
#[derive(Debug, thiserror::Error)]
pub enum SayError {
    /// No usable phone number.
    #[error("`{0}` is no phone number")]
    Phone(String),
    /// None or several contents.
    #[error("say exactly one of text, button_id, list_id, audio_file, image_file and image_base64")]
    Content,
    /// Nobody offered this choice.
    #[error("no message in this chat offers `{0}`")]
    NotOffered(String),
    /// The file cannot be read.
    #[error("could not read the file `{path}`")]
    File {
        /// As it was given.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Not base64.
    #[error("the picture is not base64")]
    Base64(#[source] base64::DecodeError),
}

enum Content {
    Text(String),
    Choice(ChoiceKind, String),
    File(File),
}

pub(crate) fn say(inner: &Arc<Inner>, say: &Say) -> Result<Said, SayError> {
    let phone = phone(&say.from)?;
    let caption = say.caption.clone().unwrap_or_default();
    let content = content(say)?;
    let at = inner.clock.now();
    let (id, body) = {
        let mut world = lock(&inner.world);
        let guest = world.guest(&phone, say.name.as_deref());
        let id = ids::wamid(&mut world.rng, &phone, Direction::FromGuest);
        let mut entry = entry(&id, Side::Guest, at);
        let payload = match content {
            Content::Text(text) => {
                entry.kind = "text".into();
                entry.text.clone_from(&text);
                payload("text", json!({ "body": text }))
            }
            Content::Choice(kind, choice) => {
                tapped(inner, &world, &phone, kind, &choice, &mut entry)?
            }
            Content::File(file) => {
                entry.text.clone_from(&caption);
                attached(inner, &mut world, file, &caption, &mut entry)
            }
        };
        world.last_guest_at.insert(phone.clone(), at);
        world
            .chats
            .entry(phone.clone())
            .or_default()
            .messages
            .push(entry);
        (
            id.clone(),
            webhook::message(&inner.config, &guest, &id, at, payload),
        )
    };
    let delivered = delivery::dispatch(inner, body, Some((phone, id.clone())));
    Ok(Said { id, delivered })
}

pub(crate) fn echo(inner: &Arc<Inner>, to: &str, text: &str) -> Result<Said, SayError> {
    let phone = phone(to)?;
    let at = inner.clock.now();
    let (id, body) = {
        let mut world = lock(&inner.world);
        let guest = world.guest(&phone, None);
        let id = ids::wamid(&mut world.rng, &phone, Direction::FromBusiness);
        let mut entry = entry(&id, Side::Owner, at);
        entry.kind = "text".into();
        text.clone_into(&mut entry.text);
        world
            .chats
            .entry(phone.clone())
            .or_default()
            .messages
            .push(entry);
        (
            id.clone(),
            webhook::echo(&inner.config, &guest, &id, at, text),
        )
    };
    let delivered = delivery::dispatch(inner, body, Some((phone, id.clone())));
    Ok(Said { id, delivered })
}

/// Gets to know the guests whose messages a raw body holds, so that they can be answered.
pub(crate) fn meet(inner: &Inner, body: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return;
    };
    let now = inner.clock.now();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for change in list(&body["entry"])
        .iter()
        .flat_map(|entry| list(&entry["changes"]))
    {
        for message in list(&change["value"]["messages"]) {
            let user_id = message["from_user_id"].as_str().unwrap_or_default();
            let shown = message["from"]
                .as_str()
                .map(ids::digits)
                .filter(|from| !from.is_empty());
            // Who hides the number still has one; it is ours to make up.
            let phone = shown.unwrap_or_else(|| ids::digits(user_id).chars().take(15).collect());
            let mut world = lock(&inner.world);
            world.guest(&phone, None);
            if let Some(guest) = world.guests.get_mut(&phone).filter(|_| !user_id.is_empty()) {
                user_id.clone_into(&mut guest.user_id);
            }
            world.last_guest_at.insert(phone, now);
        }
    }
}

fn phone(text: &str) -> Result<String, SayError> {
    let digits = ids::digits(text);
    if (7..=15).contains(&digits.len()) {
        Ok(digits)
    } else {
        Err(SayError::Phone(text.to_owned()))
    }
}

fn content(say: &Say) -> Result<Content, SayError> {
    let read = |path: &str, default: fn() -> File| {
        if path == "sample" {
            return Ok(default());
        }
        media::read(path).map_err(|source| SayError::File {
            path: path.to_owned(),
            source,
        })
    };
    let mut contents = Vec::new();
    if let Some(text) = &say.text {
        contents.push(Content::Text(text.clone()));
    }
    if let Some(id) = &say.button_id {
        contents.push(Content::Choice(ChoiceKind::Button, id.clone()));
    }
    if let Some(id) = &say.list_id {
        contents.push(Content::Choice(ChoiceKind::Row, id.clone()));
    }
    if let Some(path) = &say.audio_file {
        contents.push(Content::File(read(path, media::sample_voice)?));
    }
    if let Some(path) = &say.image_file {
        contents.push(Content::File(read(path, media::sample_picture)?));
    }
    if let Some(encoded) = &say.image_base64 {
        contents.push(Content::File(media::picture(
            STANDARD.decode(encoded).map_err(SayError::Base64)?,
        )));
    }
    match (contents.pop(), contents.is_empty()) {
        (Some(content), true) => Ok(content),
        _ => Err(SayError::Content),
    }
}

fn tapped(
    inner: &Inner,
    world: &World,
    phone: &str,
    kind: ChoiceKind,
    id: &str,
    entry: &mut Entry,
) -> Result<Map<String, Value>, SayError> {
    let offered = world
        .chats
        .get(phone)
        .and_then(|chat| chat.offered(kind, id));
    let (message, choice) = offered.ok_or_else(|| SayError::NotOffered(id.to_owned()))?;
    entry.kind = "interactive".into();
    entry.text.clone_from(&choice.title);
    entry.context = Some(message.id.clone());
    let context = json!({ "from": inner.config.display_phone, "id": message.id });
    // A quick reply of a template comes back as a message type of its own.
    if message.kind == "template" {
        entry.kind = "button".into();
        let reply = json!({ "payload": choice.id, "text": choice.title });
        let mut payload = payload("button", reply);
        payload.insert("context".into(), context);
        return Ok(payload);
    }
    let mut reply = json!({ "id": choice.id, "title": choice.title });
    let name = match kind {
        ChoiceKind::Button => "button_reply",
        ChoiceKind::Row => {
            if let Some(description) = &choice.description {
                reply["description"] = json!(description);
            }
            "list_reply"
        }
    };
    let mut payload = payload("interactive", json!({ "type": name, name: reply }));
    payload.insert("context".into(), context);
    Ok(payload)
}

fn attached(
    inner: &Inner,
    world: &mut World,
    file: File,
    caption: &str,
    entry: &mut Entry,
) -> Map<String, Value> {
    let id = ids::media_id(&mut world.rng);
    let created = inner.clock.now();
    let mut content = json!({
        "mime_type": file.mime,
        "sha256": STANDARD.encode(Sha256::digest(&file.bytes)),
        "id": id,
        "url": media::url(inner, &id, "webhook"),
    });
    if file.kind == "audio" {
        content["voice"] = json!(true);
    } else if !caption.is_empty() {
        content["caption"] = json!(caption);
    }
    entry.kind = file.kind.into();
    entry.media_id = Some(id.clone());
    world.media.insert(
        id,
        Media {
            mime: file.mime.into(),
            bytes: file.bytes,
            created,
        },
    );
    payload(file.kind, content)
}

fn payload(kind: &str, content: Value) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("type".into(), json!(kind));
    map.insert(kind.into(), content);
    map
}

pub(crate) fn entry(id: &str, side: Side, at: chrono::DateTime<chrono::Utc>) -> Entry {
    Entry {
        id: id.to_owned(),
        side,
        at,
        kind: String::new(),
        text: String::new(),
        choices: Vec::new(),
        link: None,
        media_id: None,
        callback_data: None,
        context: None,
        statuses: Vec::new(),
        seen_by_business: false,
        cut: false,
        taken: false,
    }
}
