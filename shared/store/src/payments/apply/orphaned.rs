//! Money that came and has no booking.
//!
//! In the ledger: what came is `orphan`, and whatever takes it off the owner's list is `orphan_out`. What waits for her is
//! the difference.

use posta_domain::{money::Money, payment::Snapshot};
use sqlx::PgConnection;

use super::{Case, arriving, row, row::Verdict};
use crate::{
    attention::{self, NewAttention},
    booking::ledger::{self, NewLine},
    error::{Doing as _, StoreError},
    ids::PaymentId,
};

/// Why an orphan is off the list that nobody took off it: its money has gone.
pub(super) const GONE: &str = "gone";

/// What can be done about one.
const ACTIONS: &[&str] = &["assign", "refund", "dismiss"];

/// Enters it, and tells the owner.
pub(super) async fn enter(
    tx: &mut PgConnection,
    case: &Case<'_>,
    reason: &str,
) -> Result<(), StoreError> {
    let line = NewLine {
        kind: "orphan",
        fees: Some(arriving::fees(case)),
        ..case.line("", None)
    };
    ledger::enter(tx, &case.by, case.snapshot.amount, &line).await?;
    tell(tx, case, reason).await
}

/// Takes some of it off the list.
pub(super) async fn out(
    tx: &mut PgConnection,
    case: &Case<'_>,
    amount: i64,
    detail: &str,
) -> Result<(), StoreError> {
    let amount = amount.min(waiting(tx, case.id).await?);
    let line = NewLine {
        kind: "orphan_out",
        provider: "internal",
        ..case.line(detail, None)
    };
    let money = Money::new(amount, case.snapshot.amount.currency);
    ledger::enter(tx, &case.by, money, &line).await
}

/// What of it waits for the owner.
pub(in crate::payments) async fn waiting(
    tx: &mut PgConnection,
    id: PaymentId,
) -> Result<i64, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(sum(CASE kind WHEN 'orphan' THEN amount WHEN 'orphan_out' THEN -amount END), 0)::bigint
                  AS "waiting!"
           FROM ledger_entries WHERE payment_id = $1"#,
        id.uuid(),
    )
    .fetch_one(tx)
    .await
    .doing("read what waits of a payment without a booking")
}

/// Whether there is still something to be placed of it.
pub(super) async fn look(tx: &mut PgConnection, case: &Case<'_>) -> Result<Verdict, StoreError> {
    let (verdict, reason) = match waiting(tx, case.id).await? {
        0 => (Verdict::Dismissed, GONE),
        _ => (Verdict::Orphan, ""),
    };
    if verdict == Verdict::Dismissed {
        attention::close(tx, case.by.tenant, "payment_orphan", &case.subject()).await?;
    }
    if verdict != Verdict::Orphan || case.before.verdict == Verdict::Dismissed {
        row::place(tx, case.id, verdict, reason, None).await?;
    }
    Ok(verdict)
}

/// Tells the owner.
pub(super) async fn tell(
    tx: &mut PgConnection,
    case: &Case<'_>,
    reason: &str,
) -> Result<(), StoreError> {
    let Snapshot {
        provider_id,
        amount,
        method,
        external_reference,
        approved_at,
        ..
    } = case.snapshot;
    let matter = NewAttention {
        tenant: case.by.tenant,
        kind: "payment_orphan",
        subject: &case.subject(),
        detail: serde_json::json!({
            "provider_id": provider_id, "amount": amount, "method": method, "reason": reason,
            "external_reference": external_reference, "approved_at": approved_at,
        }),
        deadline: None,
    };
    attention::raise_with(tx, &matter, ACTIONS).await
}
