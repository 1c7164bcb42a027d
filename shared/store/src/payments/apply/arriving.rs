//! Money that is read for the first time, and has a booking.

use posta_domain::{payment::Plan, reservation::Step};
use sqlx::PgConnection;

use super::{Case, telling, waiting};
use crate::booking::{
    BookingError,
    ledger::Fees,
    lock::Locked,
    money::Method,
    receipts,
    settling::{self, Arrived},
};

/// Enters it, and settles with what is still there of it. The movements that follow take the rest away again.
pub(super) async fn enter(
    tx: &mut PgConnection,
    case: &Case<'_>,
    locked: &Locked,
    plan: &Plan,
) -> Result<(), BookingError> {
    let snapshot = case.snapshot;
    let request = case.asked.as_ref().map(|asked| asked.request);
    let arrived = Arrived {
        method: Method::MercadoPago,
        payment: &snapshot.provider_id,
        credit: None,
        payment_id: Some(case.id),
        amount: snapshot.amount,
        gone: snapshot.amount.minor - plan.held,
        fees: Some(fees(case)),
        request,
        by_itself: true,
        note: "",
    };
    let settlement = settling::arrive(tx, &case.by, locked, &arrived).await?;
    if settlement.step == Step::Stay {
        waiting::review_over(tx, case, locked).await?;
    }
    // A picture of this very payment is no transfer to be looked at.
    receipts::seen(tx, &case.by, locked.booking.id).await?;
    // A link that was taken back, or paid before: it counts all the same, and she should know why.
    let row = locked
        .booking
        .requests
        .iter()
        .find(|row| Some(row.id) == request);
    if let Some(row) = row.filter(|row| matches!(row.state.as_str(), "withdrawn" | "paid"))
        && plan.held > 0
    {
        telling::unexpected(tx, case, &locked.booking, &row.state).await?;
    }
    Ok(())
}

/// What is kept of it before it is ours.
pub(super) fn fees(case: &Case<'_>) -> Fees {
    Fees {
        fee: case.snapshot.fee,
        withholdings: case.snapshot.withholdings(),
        net: case.snapshot.net,
    }
}
