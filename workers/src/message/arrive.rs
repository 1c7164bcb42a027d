//! From an envelope to what the store takes in: who said what, and whether it waits for a turn.
//!
//! Deliberate silence is decided here: reactions, notices of the system and what is said in groups are kept and enter
//! no mailbox.

use chrono::{DateTime, TimeDelta, Utc};
use posta_bus::Envelope;
use posta_domain::dialogue;
use posta_providers::whatsapp::inbound::{Alias, Content, FileKind, Message};
use posta_store::{
    guests::{self, AliasKind},
    inbox::InboxItem,
    mailbox::NewEntry,
    media::NewMedia,
    messages::{NewMessage, Speaker},
    receive::Arrival,
};

use super::payload::Payload;

/// How long a turn waits for a file to be fetched.
const FILE_WAIT: TimeDelta = TimeDelta::seconds(20);
/// A clock that is further ahead is wrong: believing it would keep the desk silent for as long.
const FURTHEST_AHEAD: TimeDelta = TimeDelta::days(1);

/// An envelope's item for the inbox.
pub(crate) fn item<'a>(
    envelope: &'a Envelope,
    provider_time: Option<DateTime<Utc>>,
    trace: Option<&'a str>,
) -> InboxItem<'a> {
    InboxItem {
        key: &envelope.key,
        source: &envelope.source,
        kind: &envelope.kind,
        account: envelope.account.as_deref(),
        provider_time,
        payload: envelope.payload.get().as_bytes(),
        received_at: envelope.received_at,
        signature: envelope
            .signature
            .map(|signature| i32::try_from(signature.secret).unwrap_or(i32::MAX)),
        trace_id: trace.and_then(trace_id),
    }
}

/// The trace of a W3C `traceparent`.
fn trace_id(traceparent: &str) -> Option<&str> {
    traceparent.split('-').nth(1).filter(|id| id.len() == 32)
}

/// The provider's time of an item that has none of its own.
pub(crate) fn entry_time(payload: &Payload<'_>) -> Option<DateTime<Utc>> {
    payload
        .entry_time()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
}

/// What cannot be taken in as a message, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// Not an object.
    Unreadable,
    /// Nobody to answer.
    NoSender,
    /// Said in a group.
    Group,
}

/// What a message's arrival is.
pub(crate) fn arrival<'a>(
    envelope: &'a Envelope,
    message: Option<Message>,
    speaker: Speaker,
    trace: Option<&'a str>,
) -> Result<Arrival<'a>, Unfit> {
    let message = message.ok_or(Unfit::Unreadable)?;
    if message.group {
        return Err(Unfit::Group);
    }
    if message.aliases.is_empty() {
        return Err(Unfit::NoSender);
    }
    let item = item(envelope, message.time, trace);
    let entry = match speaker {
        Speaker::Person => Some(NewEntry {
            content: dialogue::Content::Person,
            wait: None,
        }),
        Speaker::Guest => entry(&message.content),
    };
    let media = match &message.content {
        Content::File { media, .. } if speaker == Speaker::Guest => Some(NewMedia {
            provider_id: media.id.clone(),
            mime: media.mime.clone(),
        }),
        _ => None,
    };
    let moved_to = match &message.content {
        Content::Moved { to, .. } => to.iter().map(alias).collect(),
        _ => Vec::new(),
    };
    Ok(Arrival {
        item,
        aliases: message.aliases.iter().map(alias).collect(),
        // What the echo's contact is called is what the owner's phone calls it; the guest's own name is better.
        name: message.name.clone(),
        moved_to,
        message: kept(&message, speaker, envelope),
        media,
        entry,
    })
}

/// A message as the thread keeps it.
pub(crate) fn kept(message: &Message, speaker: Speaker, envelope: &Envelope) -> NewMessage {
    let index = envelope.request.as_ref().map_or(0, |request| request.index);
    NewMessage {
        speaker,
        kind: message.kind.clone(),
        provider_id: message.id.clone(),
        at: message
            .time
            .unwrap_or(envelope.received_at)
            .min(envelope.received_at + FURTHEST_AHEAD),
        received_at: envelope.received_at,
        index: i32::try_from(index).unwrap_or(i32::MAX),
        body: message.content.readable(),
        reply_to: message.reply_to.clone(),
    }
}

/// A name as the store keeps it.
pub(crate) fn alias(alias: &Alias) -> guests::Alias {
    let (kind, value) = match alias {
        Alias::Phone(phone) => (AliasKind::WaId, phone),
        Alias::UserId(id) => (AliasKind::UserId, id),
        Alias::Parent(id) => (AliasKind::Parent, id),
    };
    guests::Alias {
        kind,
        value: value.clone(),
    }
}

/// What waits for a turn; `None` where silence is the answer.
fn entry(content: &Content) -> Option<NewEntry> {
    use dialogue::Content as Said;
    let mut wait = None;
    let content = match content {
        Content::Text(text) => Said::Text { text: text.clone() },
        Content::Tap { id, title } => Said::Tap {
            id: id.clone(),
            title: title.clone(),
        },
        Content::File { kind, caption, .. } => match file(*kind) {
            Some(file) => {
                wait = Some(FILE_WAIT);
                Said::File {
                    file,
                    caption: caption.clone(),
                }
            }
            None => Said::Voice,
        },
        Content::Sticker => Said::Sticker,
        Content::Welcome => Said::Welcome,
        Content::Edit {
            original,
            text: Some(text),
        } => Said::Edit {
            original: original.clone(),
            text: text.clone(),
        },
        Content::Revoke { original } => Said::Revoke {
            original: original.clone(),
        },
        Content::Unreadable(what) => Said::Unreadable { what: what.clone() },
        Content::Edit { text: None, .. }
        | Content::Reaction(_)
        | Content::Moved { .. }
        | Content::System => return None,
    };
    Some(NewEntry { content, wait })
}

const fn file(kind: FileKind) -> Option<dialogue::FileKind> {
    match kind {
        FileKind::Image => Some(dialogue::FileKind::Image),
        FileKind::Document => Some(dialogue::FileKind::Document),
        FileKind::Video => Some(dialogue::FileKind::Video),
        FileKind::Audio => None,
    }
}
