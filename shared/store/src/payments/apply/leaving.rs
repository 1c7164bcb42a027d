//! Money that leaves a payment: refunds and disputes, as the provider says.
//!
//! Guaranteed: each refund of the provider's settles refunds of ours that were open for this payment, or counts as given
//! back outside; what leaves without having been owed is taken from what is applied to the stay, else from what was
//! retained, else it is the owner's loss, so that no booking holds less than nothing.

use posta_domain::{
    dialogue::Event,
    money::Money,
    payment::{Movement, Plan},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Case, Home, orphaned, returning, telling};
use crate::{
    audit,
    booking::{
        BookingError,
        ledger::{self, NewLine, Of},
        money::{self, NewRefund},
        refunds, view,
    },
    error::{Doing as _, StoreError},
    events,
    ids::{RefundId, ReservationId},
};

/// A refund of ours that waits to be given back out of the payment.
#[derive(Debug)]
struct Open {
    id: Uuid,
    amount: i64,
    reason: String,
    state: String,
    error: Option<String>,
}

/// Enters everything of the plan but the money's coming.
pub(super) async fn carry_out(
    tx: &mut PgConnection,
    case: &Case<'_>,
    home: Home,
    plan: &Plan,
) -> Result<(), BookingError> {
    for movement in &plan.movements {
        match movement {
            Movement::In { .. } => {}
            Movement::Refunded { id, amount } => refunded(tx, case, home, id, *amount).await?,
            Movement::ChargedBack { n, amount } => taken(tx, case, home, *n, *amount).await?,
            Movement::Returned { n, amount } => {
                returning::returned(tx, case, home, *n, *amount).await?;
            }
        }
    }
    refused(tx, case).await?;
    Ok(())
}

/// A part of it went back.
async fn refunded(
    tx: &mut PgConnection,
    case: &Case<'_>,
    home: Home,
    id: &str,
    amount: i64,
) -> Result<(), BookingError> {
    let mut left = amount;
    let mut part = 0;
    // What went before anybody looked was never part of what is owed since then.
    let owed = if case.arrives() {
        Vec::new()
    } else {
        open(tx, case, amount).await?
    };
    for open in owed {
        if left == 0 {
            break;
        }
        let take = open.amount.min(left);
        left -= take;
        settle(tx, case, home, &open, take, "done", Some(id)).await?;
        part += 1;
        enter_refund(tx, case, home, (id, part), take, open.id.into()).await?;
    }
    if left > 0 {
        let refund = outside(tx, case, home, id, left).await?;
        enter_refund(tx, case, home, (id, part + 1), left, refund).await?;
        match home {
            Home::Booking(booking) => cover(tx, case, booking, id).await?,
            Home::Orphan => {
                orphaned::out(tx, case, left, &format!("refund:{refund}")).await?;
            }
            Home::Nowhere => {}
        }
        telling::refunded(tx, case, left).await?;
    }
    let Home::Booking(reservation) = home else {
        return Ok(());
    };
    let money = Money::new(amount, case.snapshot.amount.currency);
    if let Some(booking) = view::view(tx, case.by.tenant, reservation).await? {
        let event = Event::Refunded {
            reservation,
            amount: money,
        };
        let key = format!("refunded:{}:{id}", case.id);
        events::tell(tx, case.by.tenant, booking.guest, &event, &key).await?;
        let detail = serde_json::json!({ "payment": case.id, "amount": money, "outside": left });
        audit::record(tx, &case.by, &booking.subject(), "refunded", detail).await?;
    }
    Ok(())
}

/// A dispute took it. What was owed back out of it need not be given back a second time.
async fn taken(
    tx: &mut PgConnection,
    case: &Case<'_>,
    home: Home,
    n: u32,
    amount: i64,
) -> Result<(), BookingError> {
    let mut left = amount;
    for open in open(tx, case, amount).await? {
        let take = open.amount.min(left);
        if take > 0 {
            left -= take;
            settle(tx, case, home, &open, take, "charged_back", None).await?;
        }
    }
    let detail = n.to_string();
    let money = Money::new(amount, case.snapshot.amount.currency);
    let line = NewLine {
        kind: "chargeback",
        ..case.line(&detail, case.of(tx, home).await?)
    };
    ledger::enter(tx, &case.by, money, &line).await?;
    match home {
        Home::Booking(booking) => {
            cover(tx, case, booking, &format!("cb:{n}")).await?;
            let subject = format!("reservation:{booking}");
            let detail = serde_json::json!({ "payment": case.id, "amount": money });
            audit::record(tx, &case.by, &subject, "charged_back", detail).await?;
        }
        Home::Orphan => orphaned::out(tx, case, left, &format!("taken:{n}")).await?,
        Home::Nowhere => {}
    }
    Ok(())
}

/// What is open for this payment; what is of that very amount first, then what was asked for, then the oldest.
async fn open(
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
async fn settle(
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
         SET state = $2, amount = $3, provider_refund_id = coalesce($4, provider_refund_id), lease_until = NULL,
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
async fn outside(
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

async fn enter_refund(
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

/// More has left than the booking held of what is applied: from what was retained, and the rest is a loss.
async fn cover(
    tx: &mut PgConnection,
    case: &Case<'_>,
    booking: ReservationId,
    detail: &str,
) -> Result<(), StoreError> {
    let currency = case.snapshot.amount.currency;
    let balance = returning::balance(tx, booking, currency).await?;
    let missing = balance.net.saturating_neg().max(0);
    let released = missing.min(balance.retained.max(0));
    let of = case.of(tx, Home::Booking(booking)).await?;
    for (kind, amount) in [
        ("retention_released", released),
        ("loss", missing - released),
    ] {
        let line = NewLine {
            kind,
            provider: "internal",
            ..case.line(detail, of)
        };
        ledger::enter(tx, &case.by, Money::new(amount, currency), &line).await?;
    }
    Ok(())
}

/// Refunds the provider was asked for and did not carry out are the owner's.
async fn refused(tx: &mut PgConnection, case: &Case<'_>) -> Result<(), StoreError> {
    use posta_domain::payment::GivenState;
    let failed = case.snapshot.given.iter();
    for given in failed.filter(|given| given.state == GivenState::Failed) {
        let refund = sqlx::query_scalar!(
            "UPDATE refunds SET provider_refund_id = $2
             WHERE id = (SELECT id FROM refunds
                         WHERE payment_id = $1 AND state = 'requested' AND amount = $3
                         ORDER BY requested_at, id LIMIT 1)
               AND NOT EXISTS (SELECT FROM refunds WHERE payment_id = $1 AND provider_refund_id = $2)
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

// === impl Home ===

impl Home {
    const fn reservation(self) -> Option<ReservationId> {
        match self {
            Self::Booking(id) => Some(id),
            _ => None,
        }
    }
}

// === impl Case ===

impl Case<'_> {
    /// A line about it.
    pub(super) fn line<'l>(&'l self, detail: &'l str, of: Option<Of>) -> NewLine<'l> {
        NewLine {
            provider: "mercadopago",
            payment: &self.snapshot.provider_id,
            detail,
            of,
            payment_id: Some(self.id),
            ..NewLine::default()
        }
    }

    /// Whose line it is.
    pub(super) async fn of(
        &self,
        tx: &mut PgConnection,
        home: Home,
    ) -> Result<Option<Of>, StoreError> {
        match home.reservation() {
            Some(id) => {
                let booking = view::view(tx, self.by.tenant, id).await?;
                Ok(booking.as_ref().map(Of::from))
            }
            None => Ok(None),
        }
    }
}
