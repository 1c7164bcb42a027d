//! Money arrives for a booking: what the rules say about it, carried out.
//!
//! Guaranteed: every centavo is entered into the ledger, and is applied to the stay or owed back with a reason; a hold
//! that is confirmed has its nights, one that was over is confirmed only if all of them could be taken again.

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::{
    dialogue::Event,
    money::Money,
    reservation::{Paid, Reservation, Settlement, Status, Step, View, settle},
};
use sqlx::PgConnection;

use super::{
    BookingError, change,
    claims::{self, Kind},
    lock::Locked,
    money::{self, Method, RequestEnd},
    nights,
    rules::rules,
    view::{self, Booking},
};
use crate::{
    attention::{self, NewAttention},
    audit::{self, By},
    error::{Doing as _, StoreError},
    events,
    ids::{LedgerEntryId, PaymentRequestId},
};

/// What arrived.
#[derive(Debug)]
pub(super) struct Arrived<'a> {
    /// By which way.
    pub(super) method: Method,
    /// Unique with the method.
    pub(super) payment: &'a str,
    /// How much.
    pub(super) amount: Money,
    /// What it was asked for, if that is known.
    pub(super) request: Option<PaymentRequestId>,
    /// In the words of whoever recorded it.
    pub(super) note: &'a str,
}

/// Settles it. The booking and its cabins are locked, and the payment is not in the ledger yet.
pub(super) async fn arrive(
    tx: &mut PgConnection,
    by: &By,
    locked: &Locked,
    arrived: &Arrived<'_>,
) -> Result<Settlement, BookingError> {
    let Locked { booking, now } = locked;
    let today = rules(tx, booking.property).await?.day(*now);
    let first = first_arrival(booking)?;
    let view = View {
        state: booking.state,
        paid: booking.paid,
        deposit: booking.deposit,
        total: booking.charge,
        can_hold_again: can_hold_again(tx, booking, *now, today, first).await?,
    };
    let settlement = settle(
        &view,
        Paid {
            amount: arrived.amount,
        },
    );
    enter(tx, by, booking, arrived).await?;
    match settlement.step {
        Step::Stay => {}
        Step::Confirm => {
            let to = booking.state.confirm(*now)?;
            view::step(tx, booking, to).await?;
            claims::confirm(tx, booking).await?;
        }
        Step::HoldAgain => {
            let to = booking.state.hold_again(today, first)?;
            view::step(tx, booking, to).await?;
            for stay in &booking.stays {
                claims::take(tx, by.tenant, stay.id, stay.cabin, stay.period, Kind::Stay).await?;
            }
            revive_request(tx, booking).await?;
        }
    }
    if let Some((amount, reason)) = settlement.refund {
        money::owe(tx, by.tenant, booking.id, amount, reason).await?;
    }
    let net = booking.paid.minor + settlement.applied.minor;
    let sold = settlement.step != Step::Stay || booking.state.status() != Status::Held;
    close_covered(tx, booking, net, sold).await?;
    tell(tx, by, booking, arrived, &settlement, sold).await?;
    Ok(settlement)
}

async fn can_hold_again(
    tx: &mut PgConnection,
    booking: &Booking,
    now: DateTime<Utc>,
    today: NaiveDate,
    first: NaiveDate,
) -> Result<bool, BookingError> {
    if booking.state.hold_again(today, first).is_err()
        || change::quote_taken(tx, booking.quote).await?
    {
        return Ok(false);
    }
    let wanted = booking.stays.iter().map(|stay| (stay.cabin, stay.period));
    claims::free_expired(tx, &wanted.collect::<Vec<_>>(), now).await?;
    for stay in &booking.stays {
        let taken = nights::taken(tx, stay.cabin, stay.period, now, |_| true).await?;
        if !taken.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn first_arrival(booking: &Booking) -> Result<NaiveDate, BookingError> {
    let arrivals = booking.stays.iter().map(|stay| stay.period.check_in());
    arrivals.min().ok_or(BookingError::NotFound("stay"))
}

/// Into the ledger. Money nobody asked for by name counts for the first open request.
async fn enter(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
    arrived: &Arrived<'_>,
) -> Result<(), BookingError> {
    let entered = sqlx::query!(
        "INSERT INTO ledger_entries (tenant_id, id, reservation_id, guest_id, payment_request_id, kind, provider, payment,
                                     currency, amount, gross, net, note, recorded_by)
         VALUES ($1, $2, $3, $4,
                 coalesce($5, (SELECT id FROM payment_requests WHERE reservation_id = $3 AND state = 'open'
                               ORDER BY n LIMIT 1)),
                 'payment', $6, $7, $8, $9, $9, $9, $10, $11)",
        by.tenant.uuid(),
        LedgerEntryId::fresh().uuid(),
        booking.id.uuid(),
        booking.guest.uuid(),
        arrived.request.map(PaymentRequestId::uuid),
        arrived.method.as_str(),
        arrived.payment,
        arrived.amount.currency.as_str(),
        arrived.amount.minor,
        arrived.note,
        by.actor,
    )
    .execute(tx)
    .await
    .doing("enter the payment into the ledger");
    match entered {
        Ok(_) => Ok(()),
        // Recorded for another booking a moment ago.
        Err(error) if error.constraint() == Some("ledger_entries_payment_key") => {
            Err(BookingError::KeyReused)
        }
        Err(error) => Err(error.into()),
    }
}

/// The deposit that ran out with the hold has been paid after all.
async fn revive_request(tx: &mut PgConnection, booking: &Booking) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE payment_requests SET state = 'paid', closed_at = clock_timestamp()
         WHERE id = (SELECT id FROM payment_requests
                     WHERE reservation_id = $1 AND purpose = 'deposit' AND state = 'expired'
                     ORDER BY n DESC LIMIT 1)",
        booking.id.uuid(),
    )
    .execute(tx)
    .await
    .doing("close the request that ran out")
    .map(|_| ())
}

/// Closes what has been paid: everything when nothing is open; the deposit when the booking is sold; else what its own
/// payments cover.
async fn close_covered(
    tx: &mut PgConnection,
    booking: &Booking,
    net: i64,
    sold: bool,
) -> Result<(), StoreError> {
    if net >= booking.charge.minor {
        return money::close_requests(tx, booking.id, RequestEnd::Paid).await;
    }
    sqlx::query!(
        "UPDATE payment_requests AS q SET state = 'paid', closed_at = clock_timestamp()
         WHERE q.reservation_id = $1 AND q.state = 'open'
           AND (q.purpose = 'deposit' AND $2
                OR q.amount <= (SELECT coalesce(sum(l.amount), 0) FROM ledger_entries l
                                WHERE l.payment_request_id = q.id AND l.kind = 'payment' AND l.currency = q.currency))",
        booking.id.uuid(),
        sold && net >= booking.deposit.minor,
    )
    .execute(tx)
    .await
    .doing("close the requests that were paid")
    .map(|_| ())
}

/// The audit; the guest, where it is sold now; and the owner where money came that confirms nothing yet. (Money owed back tells her by itself.)
async fn tell(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
    arrived: &Arrived<'_>,
    settlement: &Settlement,
    sold: bool,
) -> Result<(), StoreError> {
    let subject = format!("reservation:{}", booking.id);
    let step = match settlement.step {
        Step::Stay => "stay",
        Step::Confirm => "confirm",
        Step::HoldAgain => "hold_again",
    };
    audit::record(
        tx,
        by,
        &subject,
        "payment_recorded",
        serde_json::json!({
            "method": arrived.method,
            "amount": arrived.amount,
            "applied": settlement.applied,
            "refund": settlement.refund.map(|(amount, reason)| {
                serde_json::json!({ "amount": amount, "reason": reason.as_str() })
            }),
            "step": step,
        }),
    )
    .await?;
    if settlement.step != Step::Stay {
        let event = Event::Confirmed {
            reservation: booking.id,
        };
        let key = format!("confirmed:{}:{}", booking.id, booking.version);
        events::tell(tx, by.tenant, booking.guest, &event, &key).await?;
    } else if settlement.applied.minor > 0 {
        let event = Event::Paid {
            reservation: booking.id,
            amount: settlement.applied,
        };
        let key = format!(
            "paid:{}:{}:{}",
            booking.id,
            arrived.method.as_str(),
            arrived.payment
        );
        events::tell(tx, by.tenant, booking.guest, &event, &key).await?;
    }
    if sold {
        return attention::close(tx, by.tenant, "payment_short", &subject).await;
    }
    if settlement.applied.minor <= 0 {
        return Ok(());
    }
    let paid = booking.paid.minor + settlement.applied.minor;
    let matter = NewAttention {
        tenant: by.tenant,
        kind: "payment_short",
        subject: &subject,
        detail: serde_json::json!({
            "code": booking.code, "paid_minor": paid, "deposit": booking.deposit,
        }),
        deadline: None,
    };
    attention::raise(tx, &matter).await
}

/// The hold waits for something else, until another moment: its nights and what is asked for with it.
pub(super) async fn prolong(
    tx: &mut PgConnection,
    booking: &Booking,
    to: Reservation,
    until: DateTime<Utc>,
) -> Result<(), BookingError> {
    view::step(tx, booking, to).await?;
    claims::extend(tx, booking, until).await?;
    sqlx::query!(
        "UPDATE payment_requests SET expires_at = $2
         WHERE reservation_id = $1 AND state = 'open' AND expires_at IS NOT NULL",
        booking.id.uuid(),
        until,
    )
    .execute(tx)
    .await
    .doing("ask for the payment until another moment")?;
    Ok(())
}
