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

use super::{Case, Home, giving, orphaned, returning, telling};
use crate::{
    audit,
    booking::{
        BookingError,
        ledger::{self, NewLine, Of},
        view,
    },
    error::StoreError,
    events,
    ids::ReservationId,
};

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
    giving::refused(tx, case).await?;
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
        giving::open(tx, case, amount).await?
    };
    for open in owed {
        if left == 0 {
            break;
        }
        let take = open.amount.min(left);
        left -= take;
        giving::settle(tx, case, home, &open, take, "done", Some(id)).await?;
        part += 1;
        giving::enter_refund(tx, case, home, (id, part), take, open.id.into()).await?;
    }
    if left > 0 {
        let refund = giving::outside(tx, case, home, id, left).await?;
        giving::enter_refund(tx, case, home, (id, part + 1), left, refund).await?;
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
    for open in giving::open(tx, case, amount).await? {
        let take = open.amount.min(left);
        if take > 0 {
            left -= take;
            giving::settle(tx, case, home, &open, take, "charged_back", None).await?;
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

// === impl Home ===

impl Home {
    /// The booking, if it is one's.
    pub(super) const fn reservation(self) -> Option<ReservationId> {
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
