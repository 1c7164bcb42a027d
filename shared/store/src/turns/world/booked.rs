//! Quotes and bookings in the dialogue's words.

use posta_domain::{
    dialogue::{Booked, BookedStay, Quoted, Wanted},
    money::Money,
    reservation::Status,
};

use crate::booking::{Booking, PaymentRequestRow, Quote, money::Purpose};

pub(super) fn quoted(quote: Quote) -> Quoted {
    let stays = quote.inputs.stays.into_iter().map(|stay| {
        let wanted = Wanted {
            unit_type: stay.unit_type,
            cabin: stay.accommodation,
            period: stay.period,
            party: stay.party,
        };
        (wanted, stay.unit_type_name)
    });
    Quoted {
        id: quote.id,
        stays: stays.collect(),
        price: quote.breakdown,
        adjustments: quote.inputs.adjustments,
        valid_until: quote.valid_until,
    }
}

pub(super) fn booked(booking: Booking) -> Booked {
    let to_pay = to_pay(&booking);
    let receipt_waits = booking
        .requests
        .iter()
        .any(|request| request.receipt.as_deref() == Some("waiting"));
    let stays = booking.stays.into_iter().map(|stay| BookedStay {
        id: stay.id,
        unit_type: stay.unit_type,
        unit_type_name: stay.unit_type_name,
        cabin: stay.cabin,
        cabin_name: stay.cabin_name,
        period: stay.period,
        party: stay.party,
    });
    Booked {
        id: booking.id,
        code: booking.code,
        state: booking.state,
        stays: stays.collect(),
        quote: booking.quote,
        charge: booking.charge,
        deposit: booking.deposit,
        paid: booking.paid,
        refund_due: booking.refund_due,
        to_pay,
        receipt_waits,
        created_at: booking.created_at,
    }
}

/// The first thing asked for that is open; of a deposit, what has not been paid of it.
fn to_pay(booking: &Booking) -> Option<Money> {
    let living = matches!(
        booking.state.status(),
        Status::Held | Status::Confirmed | Status::CheckedIn
    );
    let open = |request: &&PaymentRequestRow| request.state == "open";
    let request = booking.requests.iter().find(open).filter(|_| living)?;
    let paid = match request.purpose {
        Purpose::Deposit if booking.paid.currency == request.amount.currency => booking.paid.minor,
        _ => 0,
    };
    let minor = request.amount.minor.saturating_sub(paid);
    // Never more than is open of the price: a part of it may have come.
    let same = booking.paid.currency == booking.charge.currency;
    let rest = booking.charge.minor.saturating_sub(booking.paid.minor);
    let minor = if same { minor.min(rest) } else { minor };
    (minor > 0).then_some(Money::new(minor, request.amount.currency))
}
