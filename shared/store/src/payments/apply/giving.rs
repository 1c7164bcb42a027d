//! Refunds of ours, settled by what the provider says went back, was taken, or was refused.

use posta_domain::{money::Money, payment::GivenState};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Case, Home};
use crate::{
    booking::{
        ledger::{self, NewLine},
        money::{self, NewRefund},
        refunds,
    },
    error::{Doing as _, StoreError},
    ids::{RefundId, ReservationId},
};

/// A refund of ours that waits to be given back out of the payment.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) id: Uuid,
    pub(super) amount: i64,
    reason: String,
    state: String,
    error: Option<String>,
}

/// What is open for this payment; what is of that very amount first, then what was asked for, then the oldest.
pub(super) async fn open(
    tx: &mut PgConnection,
    case: &Case<'_>,
    amount: i64,
) -> Result<Vec<Open>, StoreError> {
    sqlx::query_as!(
        Open,
        "SELECT id, amount, reason, state, error FROM refunds
         WHERE payment_id = $1 AND state IN ('due', 'requested', 'failed', 'by_hand')
         ORDER BY amount = $2 DESC, state = 'requested' DESC, created_at, id",
        case.id.uuid(),
        amount,
    )
    .fetch_all(tx)
    .await
    .doing("read what is owed back out of a payment")
}

/// Closes a refund of ours, or the part of it that went. The rest is owed under another id: this one's is the key under
/// which the provider was asked for the whole.
pub(super) async fn settle(
    tx: &mut PgConnection,
    case: &Case<'_>,
    home: Home,
    open: &Open,
    part: i64,
    state: &str,
    provider_refund: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE refunds
         SET state = $2, amount = $3, lease_until = NULL,
             provider_refund_id = nullif(concat_ws(' ', provider_refund_id, $4::text), ''),
             done_at = CASE WHEN $2 = 'done' THEN clock_timestamp() END, error = NULL
         WHERE id = $1",
        open.id,
        state,
        part,
        provider_refund,
    )
    .execute(&mut *tx)
    .await
    .doing("settle what was owed back")?;
    money::settled(tx, case.by.tenant, open.id.into()).await?;
    let rest = open.amount - part;
    if rest <= 0 {
        return Ok(());
    }
    let new = NewRefund {
        tenant: case.by.tenant,
        reservation: home.reservation(),
        payment: Some(case.id),
        amount: Money::new(rest, case.snapshot.amount.currency),
        reason: &open.reason,
    };
    let id = money::refund(tx, &new).await?;
    if matches!(open.state.as_str(), "failed" | "by_hand") {
        let error = open.error.as_deref().unwrap_or_default();
        refunds::by_hand_in(tx, case.by.tenant, id, error).await?;
    }
    Ok(())
}

/// A refund nobody here asked for.
pub(super) async fn outside(
    tx: &mut PgConnection,
    case: &Case<'_>,
    home: Home,
    provider_refund: &str,
    amount: i64,
) -> Result<RefundId, StoreError> {
    let id = RefundId::fresh();
    sqlx::query!(
        "INSERT INTO refunds (tenant_id, id, reservation_id, payment_id, provider_refund_id, currency, amount, reason,
                              state, done_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'outside', 'done', clock_timestamp())",
        case.by.tenant.uuid(),
        id.uuid(),
        home.reservation().map(ReservationId::uuid),
        case.id.uuid(),
        provider_refund,
        case.snapshot.amount.currency.as_str(),
        amount,
    )
    .execute(tx)
    .await
    .doing("note what was given back outside")?;
    Ok(id)
}

/// The ledger's line of a part of the provider's refund.
pub(super) async fn enter_refund(
    tx: &mut PgConnection,
    case: &Case<'_>,
    home: Home,
    (id, part): (&str, usize),
    amount: i64,
    refund: RefundId,
) -> Result<(), StoreError> {
    let detail = match part {
        1 => id.to_owned(),
        part => format!("{id}#{part}"),
    };
    let line = NewLine {
        kind: "refund",
        refund: Some(refund),
        ..case.line(&detail, case.of(tx, home).await?)
    };
    let money = Money::new(amount, case.snapshot.amount.currency);
    ledger::enter(tx, &case.by, money, &line).await
}

/// Refunds the provider was asked for and did not carry out are the owner's. While another one of that size is on its
/// way, the one that failed may have been the owner's own.
pub(super) async fn refused(tx: &mut PgConnection, case: &Case<'_>) -> Result<(), StoreError> {
    let given = &case.snapshot.given;
    let on_its_way = |amount| {
        let mut pending = given.iter().filter(|it| it.state == GivenState::Pending);
        pending.any(|it| it.amount == amount)
    };
    for given in given.iter().filter(|it| it.state == GivenState::Failed) {
        if on_its_way(given.amount) {
            continue;
        }
        let refund = sqlx::query_scalar!(
            "UPDATE refunds SET provider_refund_id = concat_ws(' ', provider_refund_id, $2::text)
             WHERE id = (SELECT id FROM refunds
                         WHERE payment_id = $1 AND state = 'requested' AND amount = $3
                         ORDER BY requested_at, id LIMIT 1)
               -- Each failure is one refund's.
               AND NOT EXISTS (SELECT FROM refunds
                               WHERE payment_id = $1 AND $2 = ANY (string_to_array(provider_refund_id, ' ')))
             RETURNING id",
            case.id.uuid(),
            given.id,
            given.amount,
        )
        .fetch_optional(&mut *tx)
        .await
        .doing("look for a refund that was refused")?;
        if let Some(refund) = refund {
            refunds::by_hand_in(tx, case.by.tenant, refund.into(), "rejected").await?;
        }
    }
    Ok(())
}
