//! What a message says, by type.

use serde_json::Value;

use super::{
    Alias,
    value::{digits, text, words},
};

/// Files people send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A photo.
    Image,
    /// A document.
    Document,
    /// A video.
    Video,
    /// A voice note or another sound.
    Audio,
}

/// Where a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// The provider's id; lives seven days.
    pub id: String,
    /// Without parameters: `audio/ogg`, not `audio/ogg; codecs=opus`.
    pub mime: String,
    /// As the sender named it.
    pub filename: Option<String>,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Words.
    Text(String),
    /// A tap on a button or a row, or on a template's button.
    Tap {
        /// The id it was given.
        id: String,
        /// What it read.
        title: String,
    },
    /// A file.
    File {
        /// Which kind.
        kind: FileKind,
        /// Where it is.
        media: Media,
        /// Words with it.
        caption: Option<String>,
    },
    /// A sticker.
    Sticker,
    /// An emoji on an earlier message; none: taken back.
    Reaction(Option<String>),
    /// The guest's aliases changed: these are the old ones the item names beside the sender, and the new ones.
    Moved {
        /// Old ones.
        from: Vec<Alias>,
        /// New ones.
        to: Vec<Alias>,
    },
    /// Another notice of the system; nothing a guest said.
    System,
    /// An earlier message was corrected.
    Edit {
        /// Which.
        original: String,
        /// To what.
        text: Option<String>,
    },
    /// An earlier message was taken back.
    Revoke {
        /// Which.
        original: String,
    },
    /// The chat was opened for the first time.
    Welcome,
    /// Something else; the provider's name of it.
    Unreadable(String),
}

impl Content {
    pub(super) fn of(item: &Value) -> Self {
        let kind = text(&item["type"]).unwrap_or_else(|| "unknown".to_owned());
        Self::read(&kind, item).unwrap_or(Self::Unreadable(kind))
    }

    fn read(kind: &str, item: &Value) -> Option<Self> {
        let body = &item[kind];
        Some(match kind {
            "text" => Self::Text(words(&body["body"])?),
            "button" => Self::tap(&body["payload"], &body["text"])?,
            "interactive" => {
                let reply = [&body["button_reply"], &body["list_reply"]]
                    .into_iter()
                    .find(|reply| reply.is_object())?;
                Self::tap(&reply["id"], &reply["title"])?
            }
            "image" => Self::file(FileKind::Image, body)?,
            "document" => Self::file(FileKind::Document, body)?,
            "video" => Self::file(FileKind::Video, body)?,
            "audio" => Self::file(FileKind::Audio, body)?,
            "sticker" => Self::Sticker,
            "reaction" => Self::Reaction(text(&body["emoji"])),
            "system" => Self::system(body),
            "request_welcome" => Self::Welcome,
            "edit" => Self::Edit {
                original: text(&body["original_message_id"])?,
                text: words(&body["message"]["text"]["body"]).or_else(|| {
                    ["image", "video", "document"]
                        .iter()
                        .find_map(|kind| words(&body["message"][kind]["caption"]))
                }),
            },
            "revoke" => Self::Revoke {
                original: text(&body["original_message_id"])?,
            },
            _ => return None,
        })
    }

    fn tap(id: &Value, title: &Value) -> Option<Self> {
        let title = words(title);
        let id = text(id).or_else(|| title.clone())?;
        Some(Self::Tap {
            title: title.unwrap_or_else(|| id.clone()),
            id,
        })
    }

    fn file(kind: FileKind, body: &Value) -> Option<Self> {
        let mime = text(&body["mime_type"]).unwrap_or_default();
        let mime = mime
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        Some(Self::File {
            kind,
            media: Media {
                id: text(&body["id"])?,
                mime,
                filename: text(&body["filename"]),
            },
            caption: words(&body["caption"]),
        })
    }

    fn system(body: &Value) -> Self {
        let users = |names: [&str; 2]| {
            let user = text(&body[names[0]]).map(Alias::UserId);
            let parent = text(&body[names[1]]).map(Alias::Parent);
            user.into_iter().chain(parent)
        };
        let from: Vec<Alias> = users(["previous_user_id", "previous_parent_user_id"]).collect();
        let phone = text(&body["wa_id"])
            .and_then(|phone| digits(&phone))
            .map(Alias::Phone);
        let to: Vec<Alias> = phone
            .into_iter()
            .chain(users(["user_id", "parent_user_id"]))
            .collect();
        match text(&body["type"]).as_deref() {
            Some("user_changed_number" | "user_changed_user_id") if !to.is_empty() => {
                Self::Moved { from, to }
            }
            _ => Self::System,
        }
    }

    /// What a person reads in the thread; `None` where there are no words.
    pub fn readable(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Tap { title, .. } => Some(title.clone()),
            Self::File { caption, media, .. } => caption.clone().or_else(|| media.filename.clone()),
            Self::Reaction(emoji) => emoji.clone(),
            Self::Edit { text, .. } => text.clone(),
            _ => None,
        }
    }
}
