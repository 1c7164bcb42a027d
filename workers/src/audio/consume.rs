//! What comes over `posta.media.v1`.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use posta_bus::{Envelope, Handler, Incoming, Verdict};
use posta_domain::quiet::Windows;
use posta_providers::whatsapp::{
    inbound::{Content, FileKind, Message},
    media::{MediaDisposition, MediaError, MediaKind},
};
use posta_store::{
    Store, StoreError,
    inbox::{self, EventRef},
    media::{self, Fate},
    messages::Speaker,
    receive::{self, Notice, Received},
};
use serde_json::json;

use super::fetch::Source;
use crate::message::{
    arrive::{self, Unfit},
    failed,
    payload::Payload,
    verdict,
};

/// Takes in messages with files and fetches the files.
pub struct Files {
    store: Store,
    windows: Windows,
    source: Arc<dyn Source>,
}

/// When an account that was refused is tried again: a person has to renew its token meanwhile.
const REFUSED_ACCOUNT: Duration = Duration::from_mins(5);

impl Files {
    /// Fetches from `source`.
    #[must_use]
    pub fn new(store: Store, windows: Windows, source: Arc<dyn Source>) -> Self {
        Self {
            store,
            windows,
            source,
        }
    }

    async fn take(&self, envelope: &Envelope, trace: Option<&str>) -> Result<Verdict, StoreError> {
        let payload = Payload::parse(&envelope.payload);
        let message = payload
            .as_ref()
            .and_then(|payload| Message::inbound(payload.item()?, payload.contacts()));
        let file = message.as_ref().and_then(|message| match &message.content {
            Content::File { kind, media, .. } => Some((media_kind(*kind), media.id.clone())),
            _ => None,
        });
        let arrival = match arrive::arrival(envelope, message, Speaker::Guest, trace) {
            Ok(arrival) => arrival,
            Err(unfit) => return self.keep(envelope, unfit, trace).await,
        };
        let received = receive::receive(&self.store, &self.windows, &arrival).await?;
        let (
            Received::Stored {
                media: Some(wanted),
                ..
            },
            Some((kind, provider_id)),
        ) = (&received, file)
        else {
            return Ok(verdict(&received));
        };
        if !wanted.missing {
            return Ok(Verdict::Done);
        }
        // Nothing is locked from here on: the file may take its time.
        let number = envelope.account.as_deref().unwrap_or_default();
        let fetched = self.source.fetch(number, &provider_id, kind).await;
        self.settle(&arrival.item.event(), wanted.id, fetched).await
    }

    async fn settle(
        &self,
        event: &EventRef,
        id: posta_store::ids::MediaId,
        fetched: Result<posta_providers::whatsapp::media::Downloaded, MediaError>,
    ) -> Result<Verdict, StoreError> {
        let error = match fetched {
            Ok(file) => {
                let fate = Fate::Stored {
                    content: &file.bytes,
                    sha256: &file.sha256,
                    mime: &file.mime,
                };
                media::settle(&self.store, event, id, fate).await?;
                return Ok(Verdict::Done);
            }
            Err(error) => error,
        };
        let disposition = error.disposition();
        let refused = matches!(error, MediaError::TooLarge(_) | MediaError::Type);
        let words = format!("{:#}", anyhow::Error::new(error));
        match disposition {
            MediaDisposition::Retry => Ok(Verdict::Retry {
                error: words,
                after: None,
            }),
            MediaDisposition::StopAccount(_) => Ok(Verdict::Postpone {
                error: words,
                after: Some(REFUSED_ACCOUNT),
            }),
            MediaDisposition::GiveUp => {
                let fate = if refused {
                    Fate::Refused(&words)
                } else {
                    Fate::Lost(&words)
                };
                media::settle(&self.store, event, id, fate).await?;
                tracing::warn!(media.id = %id, error = words, "a guest's file cannot be kept");
                Ok(Verdict::Done)
            }
        }
    }

    async fn keep(
        &self,
        envelope: &Envelope,
        unfit: Unfit,
        trace: Option<&str>,
    ) -> Result<Verdict, StoreError> {
        let (verdict, reason, told) = match unfit {
            Unfit::Group => (inbox::Verdict::Effected, "said in a group", false),
            Unfit::NoSender => (inbox::Verdict::Rejected, "names no sender", true),
            Unfit::Unreadable => (inbox::Verdict::Rejected, "not an object", true),
        };
        let attention = told.then(|| {
            (
                "unreadable_item",
                format!("event:{}", envelope.key),
                json!({ "why": reason }),
            )
        });
        let item = arrive::item(envelope, None, trace);
        let fresh = receive::keep(
            &self.store,
            &Notice {
                item,
                verdict,
                reason: Some(reason),
                attention,
            },
        )
        .await?;
        Ok(match (fresh, told) {
            (false, _) => Verdict::Duplicate,
            (true, false) => Verdict::Done,
            (true, true) => Verdict::Rejected(reason.to_owned()),
        })
    }
}

#[async_trait]
impl Handler for Files {
    async fn handle(&self, incoming: &Incoming) -> Verdict {
        match self
            .take(&incoming.envelope, incoming.traceparent.as_deref())
            .await
        {
            Ok(verdict) => verdict,
            Err(error) => failed(error),
        }
    }
}

const fn media_kind(kind: FileKind) -> MediaKind {
    match kind {
        FileKind::Image => MediaKind::Image,
        FileKind::Document => MediaKind::Document,
        FileKind::Video => MediaKind::Video,
        FileKind::Audio => MediaKind::Audio,
    }
}
