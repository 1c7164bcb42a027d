//! What a changed booking is asked to pay.

use posta_domain::{money::Money, reservation::Reservation};
use sqlx::PgConnection;

use crate::{
    booking::{
        money::{self, Method, NewRequest, Purpose, RequestEnd},
        quotes::Quote,
        view::{Booking, PaymentRequestRow},
    },
    error::StoreError,
    ids::TenantId,
};

/// Asks anew. A hold is asked for the new deposit as long as it lasts; a sold booking for what it became dearer by. `open`
/// is what is not paid of the new price; `covered` says that nothing is open, extras included.
pub(super) async fn ask(
    tx: &mut PgConnection,
    tenant: TenantId,
    booking: &Booking,
    quote: &Quote,
    to: Reservation,
    (open, covered): (Money, bool),
) -> Result<(), StoreError> {
    let asked: Vec<&PaymentRequestRow> = still_open(booking).collect();
    let method = asked
        .last()
        .copied()
        .or(booking.requests.last())
        .map_or(Method::Transfer, |row| row.method);
    let new = &quote.breakdown;
    let (purpose, amount, expires_at) = match to {
        Reservation::Held(hold) => {
            money::close_requests(tx, booking.id, RequestEnd::Withdrawn).await?;
            let paid = new.charge.minor + booking.extras.minor - open.minor;
            let missing = new.deposit.minor.min(new.charge.minor) - paid;
            (Purpose::Deposit, missing, Some(hold.expires_at))
        }
        _ if matches!(booking.state, Reservation::Held(_)) => {
            // The change sold it: what was asked for to that end is settled.
            return money::close_requests(tx, booking.id, RequestEnd::Withdrawn).await;
        }
        _ => (Purpose::Difference, dearer(booking, quote, open), None),
    };
    if purpose == Purpose::Difference {
        for row in asked {
            // Beside the price: what is paid beyond the new one has paid for it, or it stays open.
            if row.purpose == Purpose::Extra {
                if covered {
                    money::close_request(tx, row.id, RequestEnd::Paid).await?;
                }
                continue;
            }
            // Whatever was asked for and is no longer owed, and the earlier difference, which is part of the new one.
            if row.purpose == Purpose::Difference || open.minor == 0 {
                money::close_request(tx, row.id, RequestEnd::Withdrawn).await?;
            }
        }
    }
    if amount <= 0 {
        return Ok(());
    }
    let request = NewRequest {
        reservation: booking.id,
        code: &booking.code,
        purpose,
        method,
        amount: Money::new(amount, new.charge.currency),
        expires_at,
    };
    money::request(tx, tenant, &request).await.map(|_| ())
}

/// What the booking costs more than what has been asked for so far, at most what is open.
fn dearer(booking: &Booking, quote: &Quote, open: Money) -> i64 {
    let differences = still_open(booking).filter(|row| row.purpose == Purpose::Difference);
    let asked: i64 = differences.map(|row| row.amount.minor).sum();
    (quote.breakdown.charge.minor - (booking.charge.minor - asked)).min(open.minor)
}

fn still_open(booking: &Booking) -> impl Iterator<Item = &PaymentRequestRow> {
    booking.requests.iter().filter(|row| row.state == "open")
}
