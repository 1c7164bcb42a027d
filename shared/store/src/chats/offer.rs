//! A price for one guest, said in her chat; or that there is none better.
//!
//! The word and the closing of what she asked for are one transaction. What is said comes from the chat's next turn,
//! which checks again whose quote it is.

use posta_domain::{
    dialogue::{Content, Event},
    mode::Mode,
    refusal::Refusal,
};
use sqlx::PgConnection;

use super::{
    ChatError,
    discount::{self, Settled},
    hands::{Held, hold, put},
};
use crate::{
    audit::{self, By},
    booking::{BookingError, quotes},
    error::Doing as _,
    ids::{ConversationId, GuestId, QuoteId},
    pool::Store,
};

/// Offers a quote that was made for this guest. The same one again changes nothing.
pub async fn offer(
    store: &Store,
    by: &By,
    chat: ConversationId,
    quote: QuoteId,
) -> Result<Mode, ChatError> {
    let mut tx = store.begin().await?;
    let held = speaking(&mut tx, by, chat).await?;
    check(&mut tx, by, &held, quote).await?;
    if say(&mut tx, by, chat, &held, quote).await? {
        let settled = Settled::Offered {
            quote,
            taken_off: None,
        };
        discount::close(&mut tx, by.tenant, chat, &settled).await?;
    }
    tx.commit().await.doing("commit the offer")?;
    Ok(held.mode)
}

/// There is no better price: closes what the guest asked for, and says so. Twice is once.
pub async fn decline(store: &Store, by: &By, chat: ConversationId) -> Result<Mode, ChatError> {
    let mut tx = store.begin().await?;
    let held = speaking(&mut tx, by, chat).await?;
    let Some(asked) = discount::last(&mut tx, by.tenant, chat).await? else {
        return Err(ChatError::NothingAsked);
    };
    if asked.open {
        refuse(&mut tx, by, chat, &held, &asked).await?;
    } else if !asked.was_declined() {
        return Err(ChatError::NothingAsked);
    }
    tx.commit()
        .await
        .doing("commit that there is no better price")?;
    Ok(held.mode)
}

/// The chat, locked; not one where the bot says nothing.
pub(super) async fn speaking(
    tx: &mut PgConnection,
    by: &By,
    chat: ConversationId,
) -> Result<Held, ChatError> {
    let held = hold(tx, by.tenant, chat).await?;
    let held = held.ok_or(ChatError::NotFound)?;
    if held.mode == Mode::Muted {
        return Err(ChatError::Muted);
    }
    Ok(held)
}

/// Puts the offer into the mailbox; false if it was there.
pub(super) async fn say(
    tx: &mut PgConnection,
    by: &By,
    chat: ConversationId,
    held: &Held,
    quote: QuoteId,
) -> Result<bool, ChatError> {
    let content = Content::Event {
        event: Event::Offer { quote },
    };
    let key = format!("offer:{quote}");
    if !put(tx, by.tenant, held, &content, None, &key).await? {
        return Ok(false);
    }
    let subject = format!("conversation:{chat}");
    let detail = serde_json::json!({ "quote": quote });
    audit::record(tx, by, &subject, "price_offered", detail).await?;
    Ok(true)
}

pub(super) async fn refuse(
    tx: &mut PgConnection,
    by: &By,
    chat: ConversationId,
    held: &Held,
    asked: &discount::Asked,
) -> Result<(), ChatError> {
    let content = Content::Event {
        event: Event::NoDiscount,
    };
    let key = format!("no_discount:{}", asked.matter);
    put(tx, by.tenant, held, &content, None, &key).await?;
    discount::close(tx, by.tenant, chat, &Settled::Declined).await?;
    let subject = format!("conversation:{chat}");
    audit::record(tx, by, &subject, "discount_declined", serde_json::json!({})).await?;
    Ok(())
}

/// Hers, and one that can be booked.
async fn check(
    tx: &mut PgConnection,
    by: &By,
    held: &Held,
    quote: QuoteId,
) -> Result<(), ChatError> {
    let found = quotes::get(tx, Some(by.tenant), quote).await?;
    let found = found.ok_or(BookingError::NotFound("quote"))?;
    whose(held, found.guest)?;
    let row = sqlx::query!(
        r#"SELECT clock_timestamp() AS "now!",
                  EXISTS (SELECT FROM reservations WHERE tenant_id = $1 AND quote_id = $2) AS "used!""#,
        by.tenant.uuid(),
        quote.uuid(),
    )
    .fetch_one(tx)
    .await
    .doing("read whether the quote can be booked")?;
    if row.used {
        return Err(BookingError::Refused(Refusal::QuoteUsed).into());
    }
    if row.now >= found.valid_until {
        let valid_until = found.valid_until;
        return Err(BookingError::Refused(Refusal::StaleQuote { valid_until }).into());
    }
    Ok(())
}

/// Guests who are merged take their quotes along.
pub(super) fn whose(held: &Held, guest: Option<GuestId>) -> Result<(), ChatError> {
    if guest == Some(held.locked.guest) {
        Ok(())
    } else {
        Err(ChatError::QuoteOfSomebodyElse)
    }
}
