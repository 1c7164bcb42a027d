//! Recording what became of a claimed row.
//!
//! A success is a fact and always recorded. Everything else counts only while the caller still holds the lease: a
//! worker that was too slow must not undo what another one did since. These functions say whether they did anything.

use std::time::Duration;

use uuid::Uuid;

use super::{
    State,
    claim::{Claimed, To, interval, settle},
};
use crate::{
    attention::{self, NewAttention},
    error::{Doing as _, StoreError},
    pool::Store,
    statuses,
};

/// Whether a claimed row may still be sent, asked right before the network call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// Send it.
    Go,
    /// The lease is over or somebody else has the row: leave it.
    Lost,
    /// A person took over, or the guest must not be written to any more.
    Stale,
    /// The account was stopped.
    Stopped,
    /// A person's message waits for its turn: that decides.
    Waits,
}

/// Asks the database whether the lease lasts for `needed` more and the reply is still wanted.
pub async fn readiness(
    store: &Store,
    row: &Claimed,
    needed: Duration,
) -> Result<Readiness, StoreError> {
    let facts = sqlx::query!(
        r#"SELECT o.state = 'sending' AND coalesce(o.lease_owner = $2 AND o.lease_until > now() + $3, false) AS "held!",
                  o.author = 'bot' AND coalesce(c.epoch > o.epoch OR c.mode = 'muted', false)
                      OR g.kind = 'personal' AS "stale!",
                  a.stopped_at IS NOT NULL AS "stopped!",
                  o.author = 'bot' AND EXISTS (
                      SELECT FROM mailbox m
                      WHERE m.conversation_id = o.conversation_id AND m.kind = 'person' AND m.handled_at IS NULL)
                      AS "waits!"
           FROM outbox o
           JOIN channel_accounts a ON a.id = o.account_id
           JOIN guests g ON g.id = o.guest_id
           LEFT JOIN conversations c ON c.id = o.conversation_id
           WHERE o.id = $1"#,
        row.id.uuid(),
        row.token,
        interval(needed),
    )
    .fetch_optional(store.pool())
    .await
    .doing("check the reply right before sending")?;
    Ok(match facts {
        Some(facts) if !facts.held => Readiness::Lost,
        Some(facts) if facts.stale => Readiness::Stale,
        Some(facts) if facts.stopped => Readiness::Stopped,
        Some(facts) if facts.waits => Readiness::Waits,
        Some(_) => Readiness::Go,
        None => Readiness::Lost,
    })
}

/// The provider took it. Also applies the statuses that arrived before this answer was recorded.
pub async fn sent(
    store: &Store,
    row: &Claimed,
    wamid: &str,
    number: Option<&str>,
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    sqlx::query!(
        "UPDATE outbox
         SET state               = CASE WHEN state IN ('pending', 'sending', 'unknown') THEN 'sent' ELSE state END,
             -- A second answer of a message that was sent twice: the first one stays.
             provider_message_id = coalesce(provider_message_id, $2),
             error               = CASE WHEN state IN ('pending', 'sending', 'unknown') THEN NULL ELSE error END,
             lease_until         = NULL,
             lease_owner         = NULL,
             sent_at             = coalesce(sent_at, now()),
             final_at            = coalesce(final_at, now())
         WHERE id = $1",
        row.id.uuid(),
        wamid,
    )
    .execute(&mut *tx)
    .await
    .doing("record that the reply was sent")?;
    statuses::name_message(&mut tx, row.id, wamid).await?;
    if let Some(number) =
        number.filter(|number| row.to != To::Phone((*number).to_owned()) && !number.is_empty())
    {
        // The provider's own form of the number (Argentina, Brazil and Mexico differ): statuses and answers use it.
        // The oldest time, so that the number the guest writes from stays the one we write to.
        sqlx::query!(
            // The guest may have been merged since the claim: the row, which we have locked, says whose it is now.
            "INSERT INTO guest_aliases (tenant_id, account_id, kind, value, guest_id, created_at)
             SELECT tenant_id, account_id, 'wa_id', $2, guest_id, 'epoch' FROM outbox
             WHERE id = $1 AND guest_id IS NOT NULL
             ON CONFLICT DO NOTHING",
            row.id.uuid(),
            number,
        )
        .execute(&mut *tx)
        .await
        .doing("remember the guest's number as the provider writes it")?;
    }
    statuses::apply(&mut tx, &[row.id.uuid()]).await?;
    tx.commit().await.doing("commit that the reply was sent")
}

/// It waits for `delay` and is tried again. `counts`: the provider refused it (else our own limits or a breaker did).
pub async fn postpone(
    store: &Store,
    row: &Claimed,
    delay: Duration,
    reason: &str,
    counts: bool,
) -> Result<bool, StoreError> {
    sqlx::query!(
        "UPDATE outbox
         SET state = 'pending', lease_until = NULL, lease_owner = NULL,
             not_before = now() + $3, attempts = attempts + $5::boolean::integer, error = $4
         WHERE id = $1 AND state = 'sending' AND lease_owner = $2",
        row.id.uuid(),
        row.token,
        interval(delay),
        reason,
        counts,
    )
    .execute(store.pool())
    .await
    .doing("put the reply off")
    .map(|done| done.rows_affected() == 1)
}

/// No clear answer: nobody knows whether it went out. The lease ends here; a status has the time of grace to tell.
pub async fn ambiguous(store: &Store, row: &Claimed, reason: &str) -> Result<bool, StoreError> {
    sqlx::query!(
        "UPDATE outbox SET lease_until = now(), error = $3
         WHERE id = $1 AND state = 'sending' AND lease_owner = $2",
        row.id.uuid(),
        row.token,
        reason,
    )
    .execute(store.pool())
    .await
    .doing("record that the reply got no clear answer")
    .map(|done| done.rows_affected() == 1)
}

/// It ends here, without having gone out (or, where an earlier attempt may have: unknown).
pub async fn finish(
    store: &Store,
    row: &Claimed,
    state: State,
    reason: &str,
    attention: Option<&'static str>,
) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let held = sqlx::query!(
        "SELECT id FROM outbox WHERE id = $1 AND state = 'sending' AND lease_owner = $2 FOR UPDATE",
        row.id.uuid(),
        row.token
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("lock the reply")?;
    if held.is_none() {
        return Ok(false);
    }
    let state = if row.resends > 0 {
        State::Unknown
    } else {
        state
    };
    settle(&mut tx, row, state, reason, attention).await?;
    tx.commit()
        .await
        .doing("commit the end of the reply")
        .map(|()| true)
}

/// The provider refuses this account: nothing is sent for it until a person clears it. The row waits with the others.
pub async fn stop_account(store: &Store, row: &Claimed, reason: &str) -> Result<(), StoreError> {
    postpone(store, row, Duration::ZERO, reason, false).await?;
    stop(store, row.account.uuid(), reason).await
}

/// Stops the account with this phone number id, as a status reported. An unknown number is nobody's to stop.
pub async fn stop_number(
    store: &Store,
    phone_number_id: &str,
    reason: &str,
) -> Result<(), StoreError> {
    let account = sqlx::query_scalar!(
        "SELECT id FROM channel_accounts WHERE provider = 'whatsapp' AND external_id = $1",
        phone_number_id
    )
    .fetch_optional(store.pool())
    .await
    .doing("find the account to stop")?;
    match account {
        Some(account) => stop(store, account, reason).await,
        None => Ok(()),
    }
}

async fn stop(store: &Store, account: Uuid, reason: &str) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let stopped = sqlx::query!(
        "UPDATE channel_accounts SET stopped_at = now(), stop_reason = $2
         WHERE id = $1 AND stopped_at IS NULL
         RETURNING tenant_id, provider, external_id",
        account,
        reason,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("stop the account")?;
    if let Some(stopped) = stopped {
        let detail = serde_json::json!({
            "provider": stopped.provider, "account": stopped.external_id, "reason": reason,
        });
        let subject = format!("account:{account}");
        let matter = NewAttention {
            tenant: stopped.tenant_id.into(),
            kind: "account_stopped",
            subject: &subject,
            detail,
            deadline: None,
        };
        attention::raise(&mut tx, &matter).await?;
    }
    tx.commit()
        .await
        .doing("commit that the account is stopped")
}

/// A person cleared it: sending goes on. False when it was not stopped.
pub async fn resume_account(
    store: &Store,
    provider: &str,
    external_id: &str,
) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let resumed = sqlx::query_scalar!(
        "UPDATE channel_accounts SET stopped_at = NULL, stop_reason = NULL
         WHERE provider = $1 AND external_id = $2 AND stopped_at IS NOT NULL
         RETURNING id",
        provider,
        external_id,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("resume the account")?;
    if let Some(account) = resumed {
        sqlx::query!(
            "UPDATE attention SET state = 'done', done_at = now()
             WHERE kind = 'account_stopped' AND subject = $1 AND state <> 'done'",
            format!("account:{account}"),
        )
        .execute(&mut *tx)
        .await
        .doing("close the matter of the stopped account")?;
    }
    tx.commit()
        .await
        .doing("commit that the account is resumed")?;
    Ok(resumed.is_some())
}
