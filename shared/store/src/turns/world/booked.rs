//! Quotes and bookings in the dialogue's words.

use posta_domain::{
    dialogue::{Booked, BookedStay, Link, Quoted, Wanted},
    money::Money,
    reservation::Status,
    understand::PayBy,
};

use crate::booking::{Booking, Method, PaymentRequestRow, Quote, money::Purpose};

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
    let open = open_request(&booking);
    let to_pay = open.and_then(|request| to_pay(&booking, request));
    // A link is for what was asked for: where a part of that has come it is asked for anew.
    let fits = |request: &PaymentRequestRow| {
        request.method != Method::MercadoPago || to_pay == Some(request.amount)
    };
    let asked = open.filter(|request| to_pay.is_some() && fits(request));
    let pay_by = asked.map(|request| pay_by(request.method));
    let link = asked.map_or(Link::None, link);
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
        extras: booking.extras,
        deposit: booking.deposit,
        paid: booking.paid,
        refund_due: booking.refund_due,
        to_pay,
        pay_by,
        link,
        receipt_waits,
        created_at: booking.created_at,
    }
}

/// The first thing asked for that is open.
fn open_request(booking: &Booking) -> Option<&PaymentRequestRow> {
    let living = matches!(
        booking.state.status(),
        Status::Held | Status::Confirmed | Status::CheckedIn
    );
    let mut requests = booking.requests.iter();
    requests.find(|request| living && request.state == "open")
}

/// What is to be paid of it; of a deposit, what the booking still lacks.
fn to_pay(booking: &Booking, request: &PaymentRequestRow) -> Option<Money> {
    let same = booking.paid.currency == request.amount.currency;
    let minor = match request.purpose {
        Purpose::Deposit if same => {
            let lacks = booking.deposit.minor.saturating_sub(booking.paid.minor);
            request.amount.minor.min(lacks)
        }
        _ => request.amount.minor,
    };
    // Never more than is open of everything: a part of it may have come.
    let minor = if same {
        minor.min(booking.open().minor)
    } else {
        minor
    };
    (minor > 0).then_some(Money::new(minor, request.amount.currency))
}

const fn pay_by(method: Method) -> PayBy {
    match method {
        Method::Transfer => PayBy::Transfer,
        Method::MercadoPago => PayBy::MercadoPago,
        Method::Cash => PayBy::Cash,
    }
}

fn link(request: &PaymentRequestRow) -> Link {
    let Some(row) = &request.link else {
        return Link::None;
    };
    match (row.state.as_str(), &row.url) {
        ("live", Some(url)) => Link::Ready { url: url.clone() },
        ("wanted", _) if row.late => Link::Late,
        ("wanted", _) => Link::Soon,
        ("failed", _) => Link::Failed,
        // Taken back: none is coming by itself.
        _ => Link::None,
    }
}
