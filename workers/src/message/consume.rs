//! What comes over `posta.messages.v1`, and what is done with each kind of it.

use std::sync::Arc;

use async_trait::async_trait;
use posta_bus::{Envelope, Handler, Incoming, Verdict};
use posta_domain::quiet::Windows;
use posta_providers::whatsapp::inbound::{self, Message};
use posta_store::{
    Store, StoreError,
    golive::{self, Imported, Thread},
    guests::Contact,
    inbox,
    messages::Speaker,
    receive::{self, Notice, Received},
};
use serde_json::json;
use tokio::sync::Notify;

use super::{
    arrive::{self, Unfit},
    payload::Payload,
};
use crate::compose::POSTGRES;

/// Stores messages and notices; the turns are made elsewhere.
pub struct Messages {
    store: Store,
    windows: Windows,
    wake: Arc<Notify>,
}

/// Fields that a person of ours should read: they say that something is wrong with the account.
const ALARMS: [&str; 8] = [
    "account_update",
    "account_alerts",
    "account_review_update",
    "phone_number_quality_update",
    "message_template_status_update",
    "message_template_quality_update",
    "business_capability_update",
    "messages",
];

impl Messages {
    /// `wake` is told when a turn may be due.
    #[must_use]
    pub const fn new(store: Store, windows: Windows, wake: Arc<Notify>) -> Self {
        Self {
            store,
            windows,
            wake,
        }
    }

    async fn take(&self, envelope: &Envelope, trace: Option<&str>) -> Result<Verdict, StoreError> {
        let payload = Payload::parse(&envelope.payload);
        let (item, contacts) = payload
            .as_ref()
            .map_or((None, None), |payload| (payload.item(), payload.contacts()));
        let json = item.unwrap_or_default();
        match envelope.kind.as_str() {
            "conversation.turn" => {
                self.wake.notify_one();
                Ok(Verdict::Done)
            }
            "echo" => {
                self.message(
                    envelope,
                    Message::echo(json, contacts),
                    Speaker::Person,
                    trace,
                )
                .await
            }
            kind if kind.starts_with("message.") => {
                self.message(
                    envelope,
                    Message::inbound(json, contacts),
                    Speaker::Guest,
                    trace,
                )
                .await
            }
            "field.history" => self.history(envelope, json, trace).await,
            "field.smb_app_state_sync" => self.contacts(envelope, json, trace).await,
            kind => match kind.strip_prefix("field.") {
                Some(field) => self.field(envelope, field, payload.as_ref(), trace).await,
                None => {
                    self.unreadable(envelope, "not in a form this version reads", trace)
                        .await
                }
            },
        }
    }

    async fn message(
        &self,
        envelope: &Envelope,
        message: Option<Message>,
        speaker: Speaker,
        trace: Option<&str>,
    ) -> Result<Verdict, StoreError> {
        match arrive::arrival(envelope, message, speaker, trace) {
            Ok(arrival) => {
                let received = receive::receive(&self.store, &self.windows, &arrival).await?;
                self.wake.notify_one();
                Ok(verdict(&received))
            }
            Err(Unfit::Group) => self.silent(envelope, "said in a group", trace).await,
            Err(Unfit::NoSender) => self.unreadable(envelope, "names no sender", trace).await,
            Err(Unfit::Unreadable) => self.unreadable(envelope, "not an object", trace).await,
        }
    }

    async fn history(
        &self,
        envelope: &Envelope,
        json: &str,
        trace: Option<&str>,
    ) -> Result<Verdict, StoreError> {
        let threads: Vec<Thread> = inbound::history(json)
            .into_iter()
            .map(|thread| Thread {
                guest: arrive::alias(&thread.guest),
                messages: thread
                    .messages
                    .iter()
                    .map(|(message, theirs)| {
                        let speaker = if *theirs {
                            Speaker::Guest
                        } else {
                            Speaker::Person
                        };
                        arrive::kept(message, speaker, envelope)
                    })
                    .collect(),
            })
            .collect();
        let item = arrive::item(envelope, None, trace);
        golive::import_history(&self.store, &item, &threads)
            .await
            .map(|imported| imported_verdict(&imported))
    }

    async fn contacts(
        &self,
        envelope: &Envelope,
        json: &str,
        trace: Option<&str>,
    ) -> Result<Verdict, StoreError> {
        // A contact deleted on the phone may still be a guest of ours: only erasing forgets a guest.
        let contacts: Vec<Contact> = inbound::contacts(json)
            .into_iter()
            .filter(|contact| !contact.removed)
            .map(|contact| Contact {
                phone: contact.phone,
                name: contact.name,
            })
            .collect();
        let item = arrive::item(envelope, None, trace);
        golive::import_contacts(&self.store, &item, &contacts)
            .await
            .map(|imported| imported_verdict(&imported))
    }

    async fn field(
        &self,
        envelope: &Envelope,
        field: &str,
        payload: Option<&Payload<'_>>,
        trace: Option<&str>,
    ) -> Result<Verdict, StoreError> {
        let about = envelope
            .account
            .as_deref()
            .or_else(|| payload.and_then(Payload::waba))
            .unwrap_or("unknown");
        let attention = ALARMS.contains(&field).then(|| {
            let detail = json!({ "field": field, "event": envelope.key });
            ("account_notice", format!("account:{about}:{field}"), detail)
        });
        let time = payload.and_then(arrive::entry_time);
        self.keep(Notice {
            item: arrive::item(envelope, time, trace),
            verdict: inbox::Verdict::Effected,
            reason: None,
            attention,
        })
        .await
    }

    async fn silent(
        &self,
        envelope: &Envelope,
        why: &'static str,
        trace: Option<&str>,
    ) -> Result<Verdict, StoreError> {
        let item = arrive::item(envelope, None, trace);
        self.keep(Notice {
            item,
            verdict: inbox::Verdict::Effected,
            reason: Some(why),
            attention: None,
        })
        .await
    }

    async fn unreadable(
        &self,
        envelope: &Envelope,
        why: &'static str,
        trace: Option<&str>,
    ) -> Result<Verdict, StoreError> {
        let attention = (
            "unreadable_item",
            format!("event:{}", envelope.key),
            json!({ "why": why }),
        );
        let item = arrive::item(envelope, None, trace);
        let notice = Notice {
            item,
            verdict: inbox::Verdict::Rejected,
            reason: Some(why),
            attention: Some(attention),
        };
        match self.keep(notice).await? {
            Verdict::Done => Ok(Verdict::Rejected(why.to_owned())),
            other => Ok(other),
        }
    }

    async fn keep(&self, notice: Notice<'_>) -> Result<Verdict, StoreError> {
        let fresh = receive::keep(&self.store, &notice).await?;
        Ok(if fresh {
            Verdict::Done
        } else {
            Verdict::Duplicate
        })
    }
}

#[async_trait]
impl Handler for Messages {
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

/// What became of an item, for the broker.
pub(crate) fn verdict(received: &Received) -> Verdict {
    match received {
        Received::Duplicate => Verdict::Duplicate,
        Received::Stored { .. } => Verdict::Done,
        Received::Rejected(reason) => Verdict::Rejected((*reason).to_owned()),
    }
}

fn imported_verdict(imported: &Imported) -> Verdict {
    match imported {
        Imported::New(_) => Verdict::Done,
        Imported::Duplicate => Verdict::Duplicate,
        Imported::Rejected(reason) => Verdict::Rejected((*reason).to_owned()),
    }
}

/// What a failed transaction means for the broker.
pub(crate) fn failed(error: StoreError) -> Verdict {
    let unavailable = error.is_unavailable();
    let words = format!("{:#}", anyhow::Error::new(error));
    if unavailable {
        Verdict::Unavailable {
            dependency: POSTGRES.to_owned(),
            error: words,
        }
    } else {
        Verdict::Retry {
            error: words,
            after: None,
        }
    }
}
