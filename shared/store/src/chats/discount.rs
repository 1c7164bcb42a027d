//! A guest asked for a lower price: the owner takes something off, or does not.
//!
//! Guaranteed: a request is answered once; the lower price (a quote with her adjustment), the word to the guest and the
//! closing of the matter are one transaction. The same answer again changes nothing, another one is refused.

use posta_domain::{dialogue::Attention, money::Money, quote::Adjustment};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{
    ChatError,
    hands::Held,
    offer::{refuse, say, speaking, whose},
};
use crate::{
    audit::By,
    booking::{Asked as AskedStay, BookingError, Checks, Quote, QuoteRequest, What, quotes},
    error::{Doing as _, StoreError},
    ids::{AttentionId, ConversationId, QuoteId, TenantId},
    matters::Matter,
    pool::Store,
};

/// What the owner says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// So much less.
    Less {
        /// Positive, in the currency of the prices.
        amount: Money,
        /// The guest reads it in the breakdown.
        reason: String,
    },
    /// No.
    Decline,
}

/// What was asked for, as the matter keeps it.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) matter: AttentionId,
    pub(super) open: bool,
    detail: Value,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub(super) enum Settled {
    Offered {
        #[serde(rename = "offered")]
        quote: QuoteId,
        taken_off: Option<Money>,
    },
    Declined,
}

/// Answers a matter of kind `discount_requested`.
pub async fn answer(
    store: &Store,
    by: &By,
    matter: &Matter,
    answer: &Answer,
) -> Result<(), ChatError> {
    let chat = chat_of(matter).ok_or(ChatError::NothingAsked)?;
    let mut tx = store.begin().await?;
    let held = speaking(&mut tx, by, chat).await?;
    let asked = one(&mut tx, by.tenant, matter.id).await?;
    let asked = asked.ok_or(ChatError::NothingAsked)?;
    match answer {
        _ if !asked.open => return asked.same(answer),
        Answer::Less { amount, reason } => {
            lower(&mut tx, by, chat, &held, &asked, *amount, reason).await?;
        }
        Answer::Decline => refuse(&mut tx, by, chat, &held, &asked).await?,
    }
    tx.commit()
        .await
        .doing("commit the answer about the price")?;
    Ok(())
}

/// The same stays at today's prices, with so much taken off.
async fn lower(
    tx: &mut PgConnection,
    by: &By,
    chat: ConversationId,
    held: &Held,
    asked: &Asked,
    amount: Money,
    reason: &str,
) -> Result<(), ChatError> {
    let quote = asked.detail["quote"]
        .as_str()
        .and_then(|id| id.parse().ok());
    let quote: QuoteId = quote.ok_or(ChatError::NothingAsked)?;
    let before = quotes::get(tx, Some(by.tenant), quote).await?;
    let before = before.ok_or(BookingError::NotFound("quote"))?;
    whose(held, before.guest)?;
    let currency = before.breakdown.total.currency;
    if amount.currency != currency {
        let refusal = posta_domain::refusal::Refusal::WrongCurrency {
            asked: amount.currency,
            possible: vec![currency],
        };
        return Err(BookingError::Refused(refusal).into());
    }
    let adjustment = Adjustment {
        amount: amount.minor.saturating_neg(),
        reason: reason.to_owned(),
        author: by.actor.clone(),
    };
    let request = again(&before, adjustment);
    let lower = quotes::make_in(tx, by, &request).await?;
    say(tx, by, chat, held, lower.id).await?;
    let settled = Settled::Offered {
        quote: lower.id,
        taken_off: Some(amount),
    };
    close(tx, by.tenant, chat, &settled).await?;
    Ok(())
}

fn again(before: &Quote, adjustment: Adjustment) -> QuoteRequest {
    let stays = before.inputs.stays.iter().map(|stay| AskedStay {
        what: stay
            .accommodation
            .map_or(What::Type(stay.unit_type), What::Cabin),
        period: stay.period,
        party: stay.party.clone(),
    });
    let mut adjustments = before.inputs.adjustments.clone();
    adjustments.push(adjustment);
    QuoteRequest {
        property: before.property,
        stays: stays.collect(),
        charge_currency: Some(before.breakdown.charge.currency),
        adjustments,
        guest: before.guest,
        checks: Checks::Owner,
    }
}

/// The newest request of a chat, whether it is answered or not. The caller holds the chat's lock.
pub(super) async fn last(
    tx: &mut PgConnection,
    tenant: TenantId,
    chat: ConversationId,
) -> Result<Option<Asked>, StoreError> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM attention WHERE tenant_id = $1 AND kind = $2 AND subject = $3 ORDER BY id DESC LIMIT 1",
        tenant.uuid(),
        Attention::DISCOUNT,
        format!("conversation:{chat}"),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("look for who asked for a lower price")?;
    match id {
        Some(id) => one(tx, tenant, id.into()).await,
        None => Ok(None),
    }
}

async fn one(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: AttentionId,
) -> Result<Option<Asked>, StoreError> {
    let row = sqlx::query!(
        "SELECT state, detail FROM attention WHERE tenant_id = $1 AND id = $2 AND kind = $3 FOR NO KEY UPDATE",
        tenant.uuid(),
        id.uuid(),
        Attention::DISCOUNT,
    )
    .fetch_optional(tx)
    .await
    .doing("lock who asked for a lower price")?;
    Ok(row.map(|row| Asked {
        matter: id,
        open: row.state != "done",
        detail: row.detail,
    }))
}

/// Closes a chat's request, if one is open, and keeps what was answered.
pub(super) async fn close(
    tx: &mut PgConnection,
    tenant: TenantId,
    chat: ConversationId,
    settled: &Settled,
) -> Result<(), StoreError> {
    let answer = match settled {
        Settled::Offered { quote, taken_off } => {
            json!({ "answer": "offered", "offered": quote, "taken_off": taken_off })
        }
        Settled::Declined => json!({ "answer": "declined" }),
    };
    sqlx::query!(
        "UPDATE attention SET state = 'done', done_at = clock_timestamp(), detail = detail || $4
         WHERE tenant_id = $1 AND kind = $2 AND subject = $3 AND state <> 'done'",
        tenant.uuid(),
        Attention::DISCOUNT,
        format!("conversation:{chat}"),
        answer,
    )
    .execute(tx)
    .await
    .doing("close who asked for a lower price")
    .map(|_| ())
}

fn chat_of(matter: &Matter) -> Option<ConversationId> {
    let (what, id) = matter.subject.split_once(':')?;
    (what == "conversation").then(|| id.parse().ok())?
}

// === impl Asked ===

impl Asked {
    fn settled(&self) -> Option<Settled> {
        serde_json::from_value(self.detail.clone()).ok()
    }

    pub(super) fn was_declined(&self) -> bool {
        self.settled() == Some(Settled::Declined)
    }

    /// Nothing, if this is what was answered.
    fn same(&self, answer: &Answer) -> Result<(), ChatError> {
        let same = match (self.settled(), answer) {
            (Some(Settled::Declined), Answer::Decline) => true,
            (Some(Settled::Offered { taken_off, .. }), Answer::Less { amount, .. }) => {
                taken_off == Some(*amount)
            }
            _ => false,
        };
        if same {
            Ok(())
        } else {
            Err(BookingError::Stale.into())
        }
    }
}
