//! Chats and messages as the desk reads them.

use chrono::{DateTime, TimeDelta, Utc};
use posta_domain::mode::Mode;
use posta_store::{
    chats::{self, Author},
    ids::{MediaId, ReservationId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How long `WhatsApp` takes free text after the guest's message.
const WINDOW: TimeDelta = TimeDelta::hours(24);

/// Who speaks in a chat: `bot`, `waiting` (a person was asked for), `human` (the bot is silent), `muted`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ChatMode {
    Bot,
    Waiting,
    Human,
    Muted,
}

/// Who said something.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Speaker {
    Guest,
    Bot,
    Person,
}

/// A page of chats.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Chats {
    /// Those that wait for a person first, then by who wrote last.
    pub(super) chats: Vec<ChatSummary>,
    /// There may be more: ask with `after`.
    pub(super) next: Option<String>,
}

/// One chat.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChatSummary {
    /// Which.
    pub(super) id: Uuid,
    /// Who writes.
    pub(super) guest: Uuid,
    /// As the profile shows it.
    pub(super) guest_name: Option<String>,
    /// The number she writes from, if she shows it.
    pub(super) guest_phone: Option<String>,
    /// Who speaks.
    pub(super) mode: ChatMode,
    /// The guest's messages since ours, 100 at most.
    pub(super) unanswered: i64,
    /// What was said last.
    pub(super) last: Option<LastMessage>,
    /// She wants no messages that we begin (reminders, offers).
    pub(super) opted_out: bool,
    /// Until when free text can be sent; null: the guest must write first.
    pub(super) reply_until: Option<DateTime<Utc>>,
}

/// What was said last.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LastMessage {
    /// By whom.
    pub(super) author: String,
    /// The provider's type: text, image, interactive, …
    pub(super) kind: String,
    /// Words, where there are some.
    pub(super) text: Option<String>,
    /// When.
    pub(super) at: DateTime<Utc>,
}

/// A chat with a part of its thread.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Thread {
    /// The chat.
    pub(super) chat: ChatSummary,
    /// Oldest first.
    pub(super) messages: Vec<Message>,
    /// There is more before: ask with `before`.
    pub(super) earlier: Option<Uuid>,
}

/// One message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Message {
    /// Which.
    pub(super) id: Uuid,
    /// By whom.
    pub(super) author: Speaker,
    /// The provider's type.
    pub(super) kind: String,
    /// Words, where there are some.
    pub(super) text: Option<String>,
    /// Of a voice note.
    pub(super) transcript: Option<String>,
    /// The file it carries: `GET /owner/media/{id}`.
    pub(super) media: Option<Uuid>,
    /// Its type, as whoever sent it says.
    pub(super) media_type: Option<String>,
    /// Whether it can be opened: `stored`; or it is `wanted` (on its way), `refused`, `lost`.
    pub(super) media_state: Option<String>,
    /// The booking whose transfer it is the receipt of.
    pub(super) receipt_of: Option<Uuid>,
    /// When.
    pub(super) at: DateTime<Utc>,
    /// How far ours is: pending, sending, sent, delivered, read, failed, unknown, expired, dropped.
    pub(super) delivery: Option<String>,
    /// Why it did not go out.
    pub(super) delivery_error: Option<String>,
}

impl From<Author> for Speaker {
    fn from(author: Author) -> Self {
        match author {
            Author::Guest => Self::Guest,
            Author::Bot => Self::Bot,
            Author::Person => Self::Person,
        }
    }
}

impl From<Mode> for ChatMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Bot => Self::Bot,
            Mode::Waiting => Self::Waiting,
            Mode::Human => Self::Human,
            Mode::Muted => Self::Muted,
        }
    }
}

impl From<ChatMode> for Mode {
    fn from(mode: ChatMode) -> Self {
        match mode {
            ChatMode::Bot => Self::Bot,
            ChatMode::Waiting => Self::Waiting,
            ChatMode::Human => Self::Human,
            ChatMode::Muted => Self::Muted,
        }
    }
}

impl From<chats::Summary> for ChatSummary {
    fn from(chat: chats::Summary) -> Self {
        Self {
            id: chat.id.uuid(),
            guest: chat.guest.uuid(),
            guest_name: chat.guest_name,
            guest_phone: chat.phone,
            mode: chat.mode.into(),
            unanswered: chat.unanswered,
            last: chat.last.map(|last| LastMessage {
                author: last.author,
                kind: last.kind,
                text: last.body,
                at: last.at,
            }),
            opted_out: chat.opted_out,
            reply_until: chat.last_guest_at.map(|at| at + WINDOW),
        }
    }
}

impl From<chats::Message> for Message {
    fn from(message: chats::Message) -> Self {
        Self {
            id: message.id.uuid(),
            author: message.author.into(),
            kind: message.kind,
            text: message.body,
            transcript: message.transcript,
            media: message.media.map(MediaId::uuid),
            media_type: message.media_mime,
            media_state: message.media_state,
            receipt_of: message.receipt_of.map(ReservationId::uuid),
            at: message.at,
            delivery: message.delivery,
            delivery_error: message.error,
        }
    }
}
