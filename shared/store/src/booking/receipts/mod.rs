//! A transfer's receipt: the guest sends it, the owner says whether the money is there.
//!
//! Guaranteed: a receipt keeps the nights for the owner's look, 48 hours at most and once per guest at a time; it never
//! confirms anything by itself; her yes enters the money and confirms in one transaction. Saying the same twice changes
//! nothing; saying the opposite later is refused.

mod rows;

use chrono::{DateTime, Utc};
use posta_domain::{
    dialogue::Event,
    money::Money,
    refusal::Refusal,
    reservation::{Awaiting, Hold, Illegal, Reservation, Status},
};
use sqlx::PgConnection;

pub(crate) use rows::in_review;
use rows::{before, exists, last, mark, only_one, set, waiting};

use super::{
    BookingError,
    lock::{self, Locked},
    money::{self, Method, NewRequest, Purpose, RequestEnd},
    prolong::wait_for_money,
    rules::{rules, until},
    settling::{self, Arrived},
    view::Booking,
};
use crate::{
    attention::{self, NewAttention},
    audit::{self, By},
    error::{Doing as _, StoreError},
    events,
    ids::{MediaId, PaymentRequestId, ReservationId},
    pool::Store,
};

/// What the owner says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The money is there.
    pub accept: bool,
    /// So much of it; none: what was asked for and has not come yet.
    pub amount: Option<Money>,
}

/// A receipt came. A hold waits for the owner from now on; a confirmed booking only shows it to her.
pub async fn submit(
    store: &Store,
    by: &By,
    id: ReservationId,
    media: Option<MediaId>,
) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let booking = submit_in(&mut tx, by, id, media).await?;
    tx.commit().await.doing("commit the receipt")?;
    Ok(booking)
}

/// The same, as part of a transaction.
pub(crate) async fn submit_in(
    tx: &mut PgConnection,
    by: &By,
    id: ReservationId,
    media: Option<MediaId>,
) -> Result<Booking, BookingError> {
    let Locked { booking, now, .. } = lock::whole(tx, by.tenant, id, &[]).await?;
    if waiting(tx, id).await?.is_some() {
        return Ok(booking);
    }
    let rules = rules(tx, booking.property).await?;
    let until = until(&rules, now, rules.verification, booking.check_in());
    let to = match booking.state {
        Reservation::Held(_) => Some(booking.state.await_now(
            now,
            Hold {
                expires_at: until,
                awaiting: Awaiting::Verification,
            },
        )?),
        Reservation::Confirmed | Reservation::CheckedIn => None,
        other => {
            return Err(Illegal::From {
                from: other.status(),
                step: "take a receipt",
            }
            .into());
        }
    };
    only_one(tx, by, &booking).await?;
    exists(tx, by, media).await?;
    if to.is_none() {
        ask_balance(tx, by, &booking).await?;
    }
    mark(tx, id, media).await?;
    if let Some(to) = to {
        settling::prolong(tx, &booking, to, until).await?;
    }
    tell(tx, by, &booking, until).await?;
    lock::read(tx, by.tenant, id).await
}

/// A receipt is of something that was asked for: of a booking that is sold, what is still open of its price.
async fn ask_balance(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
) -> Result<(), BookingError> {
    let asked = booking.requests.iter().any(|row| row.state == "open");
    let open = booking.open().minor;
    if asked || open <= 0 || booking.paid.currency != booking.charge.currency {
        return Ok(());
    }
    let balance = NewRequest {
        reservation: booking.id,
        code: &booking.code,
        purpose: Purpose::Balance,
        method: Method::Transfer,
        amount: Money::new(open, booking.charge.currency),
        expires_at: None,
    };
    money::request(tx, by.tenant, &balance).await?;
    Ok(())
}

/// The owner's yes or no.
pub async fn decide(
    store: &Store,
    by: &By,
    id: ReservationId,
    decision: &Decision,
) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let locked = lock::for_money(&mut tx, by.tenant, id).await?;
    let Some(receipt) = waiting(&mut tx, id).await? else {
        return match last(&mut tx, id).await?.as_deref() {
            Some("accepted") if decision.accept => Ok(locked.booking),
            Some("refused") if !decision.accept => Ok(locked.booking),
            Some(_) => Err(BookingError::Stale),
            None => Err(Illegal::From {
                from: locked.booking.state.status(),
                step: "have a receipt looked at that nobody sent",
            }
            .into()),
        };
    };
    if decision.accept {
        accept(&mut tx, by, &locked, receipt, decision.amount).await?;
    } else {
        refuse(&mut tx, by, &locked, receipt).await?;
    }
    attention::close(&mut tx, by.tenant, "receipt", &format!("reservation:{id}")).await?;
    let after = lock::read(&mut tx, by.tenant, id).await?;
    tx.commit()
        .await
        .doing("commit what the owner said of the receipt")?;
    Ok(after)
}

async fn accept(
    tx: &mut PgConnection,
    by: &By,
    locked: &Locked,
    receipt: PaymentRequestId,
    amount: Option<Money>,
) -> Result<(), BookingError> {
    let booking = &locked.booking;
    let asked = booking.requests.iter().find(|row| row.id == receipt);
    let asked = asked.ok_or(BookingError::NotFound("payment request"))?;
    let before = before(tx, receipt).await?;
    let open = asked.amount.minor.saturating_sub(before.sum);
    let amount = amount.unwrap_or(Money::new(open, asked.amount.currency));
    if amount.minor <= 0 {
        return Err(Refusal::PriceImpossible.into());
    }
    set(tx, receipt, "accepted").await?;
    let arrived = Arrived {
        method: Method::Transfer,
        payment: &reference(receipt, before.count),
        credit: None,
        payment_id: None,
        gone: 0,
        fees: None,
        amount,
        request: Some(receipt),
        by_itself: false,
        note: "",
    };
    settling::arrive(tx, by, locked, &arrived).await?;
    // Less than the deposit: the nights wait for the rest as they would for any payment.
    let now = lock::read(tx, by.tenant, booking.id).await?;
    if verifying(&now) {
        wait_for_money(tx, &now, locked.now).await?;
    }
    Ok(())
}

/// One for each receipt: the guest may pay what she was asked for in parts.
fn reference(receipt: PaymentRequestId, before: i64) -> String {
    match before {
        0 => format!("receipt:{receipt}"),
        more => format!("receipt:{receipt}:{}", more + 1),
    }
}

async fn refuse(
    tx: &mut PgConnection,
    by: &By,
    locked: &Locked,
    receipt: PaymentRequestId,
) -> Result<(), BookingError> {
    set(tx, receipt, "refused").await?;
    let asked = locked.booking.requests.iter().find(|row| row.id == receipt);
    if asked.is_some_and(|row| row.purpose == Purpose::Balance && row.method == Method::Transfer) {
        // It was asked for by her receipt alone; a link stays good.
        money::close_request(tx, receipt, RequestEnd::Withdrawn).await?;
    }
    let id = locked.booking.id;
    // What the provider looks at has its time all the same.
    if verifying(&locked.booking) && !in_review(tx, id, None).await? {
        wait_for_money(tx, &locked.booking, locked.now).await?;
    }
    let event = Event::ReceiptRefused { reservation: id };
    // A receipt may follow a refused one, and be refused again.
    let key = format!(
        "receipt_refused:{receipt}:{}",
        locked.now.timestamp_micros()
    );
    events::tell(tx, by.tenant, locked.booking.guest, &event, &key).await?;
    audit::record(
        tx,
        by,
        &format!("reservation:{id}"),
        "receipt_refused",
        serde_json::json!({ "request": receipt }),
    )
    .await?;
    Ok(())
}

const fn verifying(booking: &Booking) -> bool {
    matches!(
        booking.state,
        Reservation::Held(Hold {
            awaiting: Awaiting::Verification,
            ..
        })
    )
}

/// The owner has recorded the transfer herself, or what it is said to show was read at the provider: nothing waits for
/// her look any more.
pub(crate) async fn seen(
    tx: &mut PgConnection,
    by: &By,
    id: ReservationId,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE payment_requests SET receipt = 'accepted'
         WHERE reservation_id = $1 AND receipt = 'waiting' AND state <> 'open'",
        id.uuid(),
    )
    .execute(&mut *tx)
    .await
    .doing("note that the receipt was right")?;
    if waiting(tx, id).await?.is_none() {
        attention::close(tx, by.tenant, "receipt", &format!("reservation:{id}")).await?;
    }
    Ok(())
}

async fn tell(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    let subject = format!("reservation:{}", booking.id);
    audit::record(
        tx,
        by,
        &subject,
        "receipt_submitted",
        serde_json::json!({ "until": until }),
    )
    .await?;
    let held = booking.state.status() == Status::Held;
    let matter = NewAttention {
        tenant: by.tenant,
        kind: "receipt",
        subject: &subject,
        detail: serde_json::json!({ "reservation": booking.id, "code": booking.code }),
        deadline: held.then_some(until),
    };
    attention::raise_with(tx, &matter, &["accepted", "refused"]).await
}
