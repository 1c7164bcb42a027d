//! What the owner hears of a payment.

use posta_domain::payment::{Dispute, Standing};
use sqlx::PgConnection;

use super::Case;
use crate::{
    attention::{self, NewAttention},
    booking::Booking,
    error::StoreError,
    payments::apply::row::Verdict,
};

/// It was collected by somebody else: nothing of ours, and nothing follows from it.
pub(super) async fn foreign(tx: &mut PgConnection, case: &Case<'_>) -> Result<(), StoreError> {
    if !case.before.fresh && case.before.verdict == Verdict::Foreign {
        return Ok(());
    }
    raise(tx, case, "payment_foreign", serde_json::json!({})).await
}

/// It came for something that was no longer asked for. It counts all the same.
pub(super) async fn unexpected(
    tx: &mut PgConnection,
    case: &Case<'_>,
    booking: &Booking,
    request: &str,
) -> Result<(), StoreError> {
    let detail = serde_json::json!({ "code": booking.code, "request": request });
    raise(tx, case, "payment_unexpected", detail).await
}

/// It went back, or a part of it, and nobody here had asked for that. The booking stays as it is.
pub(super) async fn refunded(
    tx: &mut PgConnection,
    case: &Case<'_>,
    amount: i64,
) -> Result<(), StoreError> {
    let detail = serde_json::json!({ "refunded_minor": amount });
    raise(tx, case, "payment_refunded", detail).await
}

/// It is disputed, or is not any more; or it says what cannot be.
pub(super) async fn standing(tx: &mut PgConnection, case: &Case<'_>) -> Result<(), StoreError> {
    if !case.changed() {
        return Ok(());
    }
    let snapshot = case.snapshot;
    let dispute = match snapshot.dispute() {
        Dispute::None => {
            let (tenant, subject) = (case.by.tenant, case.subject());
            attention::close(tx, tenant, "payment_disputed", &subject).await?;
            // Its money is in the ledger: it cannot be rejected any more, nor wait.
            if !snapshot.came() {
                return unknown(tx, case).await;
            }
            return Ok(());
        }
        Dispute::Claim => "claim",
        Dispute::Withheld => "withheld",
        Dispute::Lost => "lost",
        Dispute::Won => "won",
    };
    let detail = serde_json::json!({ "dispute": dispute });
    raise(tx, case, "payment_disputed", detail).await
}

/// It says what is known: whatever was said to be unknown of it is so no longer.
pub(super) async fn known(tx: &mut PgConnection, case: &Case<'_>) -> Result<(), StoreError> {
    if case.before.fresh || !case.changed() || case.snapshot.standing() == Standing::Unknown {
        return Ok(());
    }
    attention::close(tx, case.by.tenant, "payment_unknown", &case.subject()).await
}

/// It says what nobody knows.
pub(super) async fn unknown(tx: &mut PgConnection, case: &Case<'_>) -> Result<(), StoreError> {
    let detail = serde_json::json!({
        "status": case.snapshot.status, "status_detail": case.snapshot.status_detail,
        "known": case.snapshot.standing() != Standing::Unknown,
    });
    raise(tx, case, "payment_unknown", detail).await
}

async fn raise(
    tx: &mut PgConnection,
    case: &Case<'_>,
    kind: &str,
    mut detail: serde_json::Value,
) -> Result<(), StoreError> {
    let booking = case.locked.as_ref().map(|locked| &locked.booking);
    if let Some(detail) = detail.as_object_mut() {
        let ours = kind != "payment_foreign";
        detail.insert(
            "provider_id".to_owned(),
            case.snapshot.provider_id.clone().into(),
        );
        detail.insert("amount".to_owned(), serde_json::json!(case.snapshot.amount));
        if let Some(booking) = booking.filter(|_| ours) {
            detail.insert("reservation".to_owned(), serde_json::json!(booking.id));
            detail.insert("code".to_owned(), booking.code.clone().into());
        }
    }
    let matter = NewAttention {
        tenant: case.by.tenant,
        kind,
        subject: &case.subject(),
        detail,
        deadline: None,
    };
    attention::raise(tx, &matter).await
}
