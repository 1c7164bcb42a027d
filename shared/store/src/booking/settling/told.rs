//! Who hears of money that arrived.

use posta_domain::{
    dialogue::Event,
    reservation::{Reason, Settlement, Step},
};
use sqlx::PgConnection;

use super::Arrived;
use crate::{
    attention::{self, NewAttention},
    audit::{self, By},
    booking::{money::Method, view::Booking},
    error::StoreError,
    events,
    payments::chase::BALANCE_OPEN,
};

/// The audit; the guest, of what became of it; and the owner where money came that confirms nothing yet. (Money owed back
/// tells her by itself.) `sold`: the booking is; `credited`: what is too much is kept for a later stay.
pub(super) async fn tell(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
    arrived: &Arrived<'_>,
    settlement: &Settlement,
    (sold, credited): (bool, bool),
) -> Result<(), StoreError> {
    let subject = booking.subject();
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
            "credit": arrived.credit,
            "amount": arrived.amount,
            "applied": settlement.applied,
            "refund": settlement.refund.map(|(amount, reason)| {
                serde_json::json!({ "amount": amount, "reason": reason.as_str(), "credited": credited })
            }),
            "step": step,
        }),
    )
    .await?;
    guest(tx, by, booking, arrived, settlement, credited).await?;
    if booking.paid.minor + settlement.applied.minor >= booking.total().minor {
        attention::close(tx, by.tenant, BALANCE_OPEN, &subject).await?;
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

async fn guest(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
    arrived: &Arrived<'_>,
    settlement: &Settlement,
    credited: bool,
) -> Result<(), StoreError> {
    let reservation = booking.id;
    let which = format!(
        "{reservation}:{}:{}",
        arrived.method.as_str(),
        arrived.payment
    );
    if settlement.step != Step::Stay {
        let event = Event::Confirmed { reservation };
        let key = format!("confirmed:{reservation}:{}", booking.version);
        events::tell(tx, by.tenant, booking.guest, &event, &key).await?;
    } else if settlement.applied.minor > 0 {
        let event = Event::Paid {
            reservation,
            amount: settlement.applied,
        };
        events::tell(
            tx,
            by.tenant,
            booking.guest,
            &event,
            &format!("paid:{which}"),
        )
        .await?;
    }
    // What she paid by hand, she hears of from whoever took it.
    let Some((amount, reason)) = settlement.refund else {
        return Ok(());
    };
    if credited || arrived.method != Method::MercadoPago {
        return Ok(());
    }
    let event = match reason {
        Reason::Overpaid | Reason::WrongCurrency => Event::PaidTooMuch {
            reservation,
            amount,
        },
        _ => Event::PaidTooLate {
            reservation,
            amount,
        },
    };
    events::tell(
        tx,
        by.tenant,
        booking.guest,
        &event,
        &format!("paid_back:{which}"),
    )
    .await?;
    Ok(())
}
