//! Money arrives for a booking: what the rules say about it, carried out.
//!
//! Guaranteed: every centavo is entered into the ledger, and is applied to the stay, owed back with a reason, or kept as a
//! credit where the property wants that of what is too much; a hold that is confirmed has its nights, one that was over
//! is confirmed only if all of them could be taken again; money that came by itself is not the owner's yes. Money that
//! has gone back before anybody looked settles nothing.

mod told;

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::{
    money::Money,
    rates::BookingMode,
    reservation::{Paid, Reason, Reservation, Settlement, Status, Step, View, settle},
};
use sqlx::PgConnection;

use super::{
    BookingError, again, asking, change,
    claims::{self, Kind},
    credits,
    ledger::{self, Fees, NewLine},
    lock::Locked,
    money::{self, Method, RequestEnd},
    quotes,
    rules::rules,
    view::{self, Booking},
};
use crate::{
    audit::By,
    error::{Doing as _, StoreError},
    ids::{AccommodationId, CreditId, PaymentId, PaymentRequestId},
    payments::links,
};

/// What arrived.
#[derive(Debug)]
pub(crate) struct Arrived<'a> {
    /// By which way; of a credit, whichever.
    pub(crate) method: Method,
    /// Unique with the method.
    pub(crate) payment: &'a str,
    /// Which credit of the guest's it is, where it is one.
    pub(crate) credit: Option<CreditId>,
    /// Its row, where it was read.
    pub(crate) payment_id: Option<PaymentId>,
    /// How much.
    pub(crate) amount: Money,
    /// Of that, what has gone back or was taken already, minor units: it is entered, and settles nothing.
    pub(crate) gone: i64,
    /// What is kept of it before it is ours.
    pub(crate) fees: Option<Fees>,
    /// What it was asked for, if that is known.
    pub(crate) request: Option<PaymentRequestId>,
    /// It was read at the provider, and nobody here has looked at it: it is nobody's yes.
    pub(crate) by_itself: bool,
    /// In the words of whoever recorded it.
    pub(crate) note: &'a str,
}

/// Settles it. The booking and its cabins are locked, and the payment is not in the ledger yet.
pub(crate) async fn arrive(
    tx: &mut PgConnection,
    by: &By,
    locked: &Locked,
    arrived: &Arrived<'_>,
) -> Result<Settlement, BookingError> {
    let Locked { booking, now, .. } = locked;
    let today = rules(tx, booking.property).await?.day(*now);
    let first = first_arrival(booking)?;
    let cabins = nights_again(tx, locked, arrived, today, first).await?;
    let view = View {
        state: booking.state,
        paid: booking.paid,
        deposit: booking.deposit,
        total: booking.total(),
        can_hold_again: cabins.is_some(),
    };
    let still = Money::new(arrived.amount.minor - arrived.gone, arrived.amount.currency);
    let mut settlement = settle(&view, Paid { amount: still });
    // By a link from before a change that needs her yes: it is paid, and waits for that.
    let waits = arrived.by_itself && asking::waits(booking.state).is_some();
    let paid_first = waits && settlement.step == Step::Confirm;
    if paid_first {
        settlement.step = Step::Stay;
    }
    let request = enter(tx, by, booking, arrived).await?;
    if still.minor <= 0 {
        return Ok(settlement);
    }
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
            for (stay, cabin) in booking.stays.iter().zip(cabins.unwrap_or_default()) {
                again::put(tx, stay, cabin).await?;
                claims::take(tx, by.tenant, stay.id, cabin, stay.period, Kind::Stay).await?;
            }
            revive_request(tx, booking).await?;
        }
    }
    let credited = beyond(tx, by, booking, arrived, &settlement).await?;
    let net = booking.paid.minor + settlement.applied.minor;
    let sold =
        paid_first || settlement.step != Step::Stay || booking.state.status() != Status::Held;
    close_covered(tx, booking, net, sold, request.map(|id| (id, arrived.gone))).await?;
    links::sync(tx, booking.id).await?;
    told::tell(tx, by, booking, arrived, &settlement, (sold, credited)).await?;
    Ok(settlement)
}

/// What is not applied goes back, or is kept for a later stay where the property wants that of what is too much. Answers
/// whether it is kept.
async fn beyond(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
    arrived: &Arrived<'_>,
    settlement: &Settlement,
) -> Result<bool, BookingError> {
    let Some((amount, reason)) = settlement.refund else {
        return Ok(false);
    };
    if reason == Reason::Overpaid && credits_overpaid(tx, booking).await? {
        credits::grant(tx, by, booking.id, booking.guest, amount).await?;
        return Ok(true);
    }
    match arrived.payment_id {
        Some(payment) => {
            money::owe_from(tx, by.tenant, booking.id, amount, reason, payment).await?;
        }
        None => {
            money::owe(tx, by.tenant, booking.id, amount, reason).await?;
        }
    }
    Ok(false)
}

async fn credits_overpaid(tx: &mut PgConnection, booking: &Booking) -> Result<bool, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT overpaid = 'credit' AS "credit!" FROM properties WHERE id = $1"#,
        booking.property.uuid(),
    )
    .fetch_one(tx)
    .await
    .doing("read what becomes of more than was asked for")
}

/// The cabins in which a booking that has lost its nights can have them again.
async fn nights_again(
    tx: &mut PgConnection,
    locked: &Locked,
    arrived: &Arrived<'_>,
    today: NaiveDate,
    first: NaiveDate,
) -> Result<Option<Vec<AccommodationId>>, BookingError> {
    let booking = &locked.booking;
    if booking.state.hold_again(today, first).is_err()
        || change::quote_taken(tx, booking.quote).await?
        || (arrived.by_itself && unagreed(tx, booking, arrived.request).await?)
    {
        return Ok(None);
    }
    again::cabins(tx, locked).await
}

/// Whether the owner may never have said yes: it waits for that, and the link is one of before.
async fn unagreed(
    tx: &mut PgConnection,
    booking: &Booking,
    request: Option<PaymentRequestId>,
) -> Result<bool, StoreError> {
    let mut asked = booking.requests.iter();
    if !asked.any(|row| Some(row.id) == request && row.state == "withdrawn") {
        return Ok(false);
    }
    let quote = quotes::get(tx, Some(booking.tenant), booking.quote).await?;
    Ok(quote.is_some_and(|quote| quote.breakdown.booking_mode == BookingMode::Request))
}

fn first_arrival(booking: &Booking) -> Result<NaiveDate, BookingError> {
    let arrivals = booking.stays.iter().map(|stay| stay.period.check_in());
    arrivals.min().ok_or(BookingError::NotFound("stay"))
}

/// Into the ledger. Money nobody asked for by name counts for the first open request; answers for which it counts.
async fn enter(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
    arrived: &Arrived<'_>,
) -> Result<Option<PaymentRequestId>, BookingError> {
    let mut open = booking.requests.iter().filter(|row| row.state == "open");
    let request = arrived.request.or_else(|| open.next().map(|row| row.id));
    let credit = arrived.credit.map(|id| format!("credit:{id}"));
    let (kind, provider, payment, detail) = match &credit {
        None => ("payment", arrived.method.as_str(), arrived.payment, ""),
        Some(credit) => ("credit_used", "internal", credit.as_str(), arrived.payment),
    };
    let line = NewLine {
        kind,
        provider,
        payment,
        detail,
        of: Some(booking.into()),
        request,
        payment_id: arrived.payment_id,
        fees: arrived.fees,
        note: arrived.note,
        ..NewLine::default()
    };
    match ledger::enter(tx, by, arrived.amount, &line).await {
        Ok(()) => Ok(request),
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
/// payments cover, but for what of them is gone.
async fn close_covered(
    tx: &mut PgConnection,
    booking: &Booking,
    net: i64,
    sold: bool,
    gone: Option<(PaymentRequestId, i64)>,
) -> Result<(), StoreError> {
    if net >= booking.total().minor {
        return money::close_requests(tx, booking.id, RequestEnd::Paid).await;
    }
    sqlx::query!(
        "UPDATE payment_requests AS q SET state = 'paid', closed_at = clock_timestamp()
         WHERE q.reservation_id = $1 AND q.state = 'open'
           AND (q.purpose = 'deposit' AND $2
                OR q.amount <= (SELECT coalesce(sum(l.amount), 0) FROM ledger_entries l
                                WHERE l.payment_request_id = q.id AND l.kind IN ('payment', 'credit_used')
                                  AND l.currency = q.currency)
                               - CASE WHEN q.id = $3::uuid THEN $4::bigint ELSE 0 END)",
        booking.id.uuid(),
        sold && net >= booking.deposit.minor,
        gone.map(|(request, _)| request.uuid()),
        gone.map(|(_, amount)| amount),
    )
    .execute(tx)
    .await
    .doing("close the requests that were paid")
    .map(|_| ())
}

/// The hold waits for something else, until another moment: its nights and what is asked for with it.
pub(crate) async fn prolong(
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
    .execute(&mut *tx)
    .await
    .doing("ask for the payment until another moment")?;
    Ok(links::sync(tx, booking.id).await?)
}
