//! Writing what a turn decided: one transaction with everything that follows from it.

use chrono::{DateTime, TimeDelta, Utc};
use posta_domain::{
    dialogue::{Attention, Content, Decision},
    mode::Mode,
};
use uuid::Uuid;

use super::Turn;
use crate::{
    attention::{self, NewAttention},
    error::{Doing as _, StoreError},
    ids::{MessageId, OutboxId},
    outbox::{self, Author, Channel, NewOutbox},
    text::{storable, storable_json},
};

/// A reply in its final words.
#[derive(Debug, Clone)]
pub struct Said {
    /// The provider's message, without the recipient.
    pub payload: serde_json::Value,
    /// What a person reads in the thread.
    pub body: String,
    /// The provider's type of it.
    pub kind: &'static str,
}

/// How long the provider takes an answer after the guest's message.
const SESSION: TimeDelta = TimeDelta::hours(24);

impl Turn {
    /// Commits the turn. `said` is the decision's reply in words; the row it got in the outbox comes back.
    pub async fn commit(
        mut self,
        decision: &Decision,
        said: Option<Said>,
    ) -> Result<Option<OutboxId>, StoreError> {
        self.record(decision).await?;
        self.mark_handled().await?;
        self.write_chat(decision).await?;
        self.close_matters(decision).await?;
        for matter in &decision.attention {
            self.raise(matter).await?;
        }
        let outbox = match said {
            Some(said) => Some(self.say(decision, said).await?),
            None => None,
        };
        self.tx.commit().await.doing("commit the turn")?;
        Ok(outbox)
    }

    /// Tells a person of ours, with what she needs to know to act.
    async fn raise(&mut self, matter: &Attention) -> Result<(), StoreError> {
        let subject = matter.about.map_or_else(
            || format!("conversation:{}", self.conversation),
            |booking| format!("reservation:{booking}"),
        );
        let mut detail = serde_json::Map::new();
        for (name, value) in &matter.detail {
            detail.insert((*name).to_owned(), value.as_str().into());
        }
        detail.insert("guest".to_owned(), self.guest.to_string().into());
        detail.insert(
            "conversation".to_owned(),
            self.conversation.to_string().into(),
        );
        detail.insert("turn".to_owned(), self.id.to_string().into());
        attention::raise_with(
            &mut self.tx,
            &NewAttention {
                tenant: self.tenant,
                kind: matter.kind,
                subject: &subject,
                detail: detail.into(),
                deadline: Some(matter.deadline),
            },
            matter.actions,
        )
        .await
    }

    async fn record(&mut self, decision: &Decision) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO turns (tenant_id, id, conversation_id, decision, entries, at)
             VALUES ($1, $2, $3, $4, $5, clock_timestamp())",
            self.tenant.uuid(),
            self.id.uuid(),
            self.conversation.uuid(),
            decision.verdict.name(),
            i32::try_from(self.entries.len()).unwrap_or(i32::MAX),
        )
        .execute(&mut *self.tx)
        .await
        .doing("record the turn")
        .map(|_| ())
    }

    async fn mark_handled(&mut self) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = self.entries.iter().map(|entry| entry.id.uuid()).collect();
        let handled = sqlx::query!(
            "UPDATE mailbox SET handled_at = clock_timestamp(), turn_id = $2
             WHERE id = ANY($1) AND handled_at IS NULL",
            &ids,
            self.id.uuid(),
        )
        .execute(&mut *self.tx)
        .await
        .doing("mark the entries handled")?;
        if usize::try_from(handled.rows_affected()).is_ok_and(|handled| handled == ids.len()) {
            Ok(())
        } else {
            Err(StoreError::Conflict(
                "another turn has handled some of these entries",
            ))
        }
    }

    async fn write_chat(&mut self, decision: &Decision) -> Result<(), StoreError> {
        let chat = &decision.chat;
        let slots = serde_json::to_value(&chat.slots).map_err(|source| StoreError::Unreadable {
            what: "the chat's slots",
            source: source.into(),
        })?;
        sqlx::query!(
            "UPDATE conversations
             SET state = $2, slots = $3, mode = $4, epoch = $5, misunderstandings = $6, last_person_at = $7,
                 turn_due_at = NULL, turn_wanted_at = NULL, turn_failures = 0, last_turn_at = clock_timestamp()
             WHERE id = $1",
            self.conversation.uuid(),
            chat.state.name(),
            storable_json(&slots),
            chat.mode.name(),
            chat.epoch,
            chat.misunderstandings,
            chat.last_person_at,
        )
        .execute(&mut *self.tx)
        .await
        .doing("write the chat")
        .map(|_| ())
    }

    /// A person who has taken the chat, has given it back or wants it silent has seen that the guest waits: the next
    /// time is a new matter.
    async fn close_matters(&mut self, decision: &Decision) -> Result<(), StoreError> {
        let has = |content: &Content| self.entries.iter().any(|entry| entry.content == *content);
        let taken = has(&Content::Person) && decision.chat.mode == Mode::Human;
        let silenced = has(&Content::Muted { muted: true });
        if !taken && !silenced && !has(&Content::Released) {
            return Ok(());
        }
        sqlx::query!(
            "UPDATE attention SET state = 'done', done_at = now()
             WHERE tenant_id = $1 AND kind = ANY($2) AND subject = $3 AND state <> 'done'",
            self.tenant.uuid(),
            &[
                Attention::WAITING.to_owned(),
                Attention::UNANSWERED.to_owned()
            ],
            format!("conversation:{}", self.conversation),
        )
        .execute(&mut *self.tx)
        .await
        .doing("close what the person has seen to")
        .map(|_| ())
    }

    async fn say(&mut self, decision: &Decision, said: Said) -> Result<OutboxId, StoreError> {
        let answered = decision.reply.as_ref().and_then(|reply| reply.cause);
        let cause = answered
            .and_then(|entry| self.causes.iter().find(|(id, _)| *id == entry))
            .and_then(|(_, cause)| cause.clone());
        let outbox = outbox::enqueue(
            &mut self.tx,
            &NewOutbox {
                tenant: self.tenant,
                account: self.account,
                channel: Channel::Whatsapp,
                guest: self.guest,
                conversation: self.conversation,
                payload: storable_json(&said.payload),
                // An entry is answered once, whatever happens.
                dedupe_key: answered.map_or_else(
                    || format!("turn:{}", self.id),
                    |entry| format!("entry:{entry}"),
                ),
                author: Author::Bot,
                epoch: decision.chat.epoch,
                not_before: None,
                not_after: useful_until(decision),
                turn: Some(self.id),
                cause,
            },
        )
        .await?;
        sqlx::query!(
            "INSERT INTO messages (tenant_id, id, conversation_id, direction, author, kind, provider_time, received_at,
                                   body, outbox_id)
             VALUES ($1, $2, $3, 'out', 'bot', $4, clock_timestamp(), clock_timestamp(), $5, $6)",
            self.tenant.uuid(),
            MessageId::fresh().uuid(),
            self.conversation.uuid(),
            said.kind,
            &*storable(&said.body),
            outbox.uuid(),
        )
        .execute(&mut *self.tx)
        .await
        .doing("keep the reply in the thread")?;
        Ok(outbox)
    }
}

/// Nobody hears it after this: its own end, and for everything but a template the end of the provider's 24 hours, which
/// count from what the guest wrote.
fn useful_until(decision: &Decision) -> Option<DateTime<Utc>> {
    let reply = decision.reply.as_ref();
    let session = match reply {
        Some(reply) if reply.template.is_some() => None,
        _ => decision.chat.last_guest_at.map(|at| at + SESSION),
    };
    let useful = reply.and_then(|reply| reply.useful_until);
    [session, useful].into_iter().flatten().min()
}
