//! A booking as its guest sees it: no notes of the owner's, no ids of other things than hers.

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::{
    cancellation::{self, Rule},
    reservation::{Reservation, Status},
};
use posta_store::{
    booking::{Booking, Quote},
    catalog::Property,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::pay::Ways;
use crate::{
    dto::{Breakdown, Money, Party, PayLink, Stretch},
    public::reservations::PaymentMethod,
};

/// One's booking.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::public) struct GuestBooking {
    /// To be said on the phone.
    #[schema(example = "K7M3PX")]
    code: String,
    /// `held`, `confirmed`, `checked_in`, `completed`, `expired`, `cancelled`, `yielded`, `no_show`.
    #[schema(value_type = String, example = "confirmed")]
    status: Status,
    /// What a hold waits for: `payment`, `verification`, `owner`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "payment")]
    awaiting: Option<posta_domain::reservation::Awaiting>,
    /// The nights of a hold are kept until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<DateTime<Utc>>,
    /// Raised by every change; what is decided on an older one is refused.
    version: i32,
    /// Her name.
    guest: String,
    /// Where.
    property: Where,
    /// The cabins.
    stays: Vec<Stay>,
    /// Why it costs what it costs.
    breakdown: Breakdown,
    /// What the whole costs.
    charge: Money,
    /// What was asked for beside that.
    extras: Money,
    /// What confirms it.
    deposit: Money,
    /// What has been paid and not gone back.
    paid: Money,
    /// What is still to pay.
    open: Money,
    /// What goes back to her.
    refund_due: Money,
    /// What is to pay, and what was.
    requests: Vec<Request>,
    /// How she can pay what is open: `mercadopago`, `transfer`.
    ways: Vec<PaymentMethod>,
    /// Where to transfer to, in the owner's words; while something is to be paid so.
    #[serde(skip_serializing_if = "Option::is_none")]
    transfer: Option<String>,
    /// What she can do now: `cancel`, `change`, `pay` (another way).
    actions: Vec<String>,
    /// What cancelling now would give back.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellation: Option<Outcome>,
    /// When this link ends.
    link_expires_at: DateTime<Utc>,
}

/// Where she goes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuestProperty)]
pub(super) struct Where {
    /// Which property.
    id: Uuid,
    /// Its name.
    name: String,
    /// Arrival from.
    #[schema(example = "14:00")]
    check_in_from: String,
    /// Departure until.
    #[schema(example = "10:00")]
    check_out_until: String,
}

/// One cabin.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuestStay)]
pub(super) struct Stay {
    /// Its type.
    unit_type: Uuid,
    /// The type's name.
    unit_type_name: String,
    /// The cabin; another one of the type until arrival, if need be.
    cabin: String,
    /// The nights.
    period: Stretch,
    /// Who comes.
    party: Party,
    /// When she left, if that was earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_on: Option<NaiveDate>,
}

/// Something to pay.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuestPaymentRequest)]
pub(super) struct Request {
    /// What for: `deposit`, `balance`, `difference`, `extra`.
    #[schema(example = "deposit")]
    purpose: String,
    /// How.
    #[schema(example = "transfer")]
    method: String,
    /// How much.
    amount: Money,
    /// To be named when paying.
    reference: String,
    /// `open`, `paid`, `expired`, `withdrawn`.
    #[schema(example = "open")]
    state: String,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<DateTime<Utc>>,
    /// By Mercado Pago: the link to pay it.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<PayLink>,
}

/// Where the money goes when it is cancelled.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuestCancellation)]
pub(in crate::public) struct Outcome {
    /// Goes back.
    refund: Money,
    /// Stays.
    retained: Money,
    /// Which rule decided: `withdrawal` (the law's right), `tier` (the owner's), `too_late`, `by_owner`, `only_held`.
    #[schema(example = "tier")]
    rule: String,
    /// Of a tier: so many days before arrival.
    #[serde(skip_serializing_if = "Option::is_none")]
    days_before: Option<u32>,
}

/// A booking that was called off.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuestCancelled)]
pub(in crate::public) struct Cancelled {
    /// Where the money goes.
    pub(super) outcome: Outcome,
    /// The booking.
    pub(super) booking: GuestBooking,
}

impl From<&cancellation::Outcome> for Outcome {
    fn from(outcome: &cancellation::Outcome) -> Self {
        let (rule, days_before) = match outcome.rule {
            Rule::Withdrawal => ("withdrawal", None),
            Rule::Tier { days_before } => ("tier", Some(days_before)),
            Rule::TooLate => ("too_late", None),
            Rule::ByOwner => ("by_owner", None),
            Rule::OnlyHeld => ("only_held", None),
        };
        Self {
            refund: outcome.refund.into(),
            retained: outcome.retained.into(),
            rule: rule.to_owned(),
            days_before,
        }
    }
}

impl GuestBooking {
    pub(super) fn of(
        booking: &Booking,
        quote: &Quote,
        property: &Property,
        cancellation: Option<&cancellation::Outcome>,
        ways: Ways,
        link_expires_at: DateTime<Utc>,
    ) -> Self {
        let hold = match booking.state {
            Reservation::Held(hold) => Some(hold),
            _ => None,
        };
        let mut actions = Vec::new();
        if cancellation.is_some() {
            actions.push("cancel".to_owned());
        }
        if matches!(booking.state, Reservation::Held(_) | Reservation::Confirmed) {
            actions.push("change".to_owned());
        }
        if ways.ways.len() > 1 {
            actions.push("pay".to_owned());
        }
        Self {
            code: booking.code.clone(),
            status: booking.state.status(),
            awaiting: hold.map(|hold| hold.awaiting),
            expires_at: hold.map(|hold| hold.expires_at),
            version: booking.version,
            guest: booking.guest_name.clone(),
            property: Where {
                id: property.id.uuid(),
                name: property.name.clone(),
                check_in_from: property.check_in_from.format("%H:%M").to_string(),
                check_out_until: property.check_out_until.format("%H:%M").to_string(),
            },
            stays: booking.stays.iter().map(Into::into).collect(),
            breakdown: (&quote.breakdown).into(),
            charge: booking.charge.into(),
            extras: booking.extras.into(),
            deposit: booking.deposit.into(),
            paid: booking.paid.into(),
            open: booking.open().into(),
            refund_due: booking.refund_due.into(),
            requests: booking.requests.iter().map(Into::into).collect(),
            ways: ways.ways,
            transfer: ways.transfer,
            actions,
            cancellation: cancellation.map(Into::into),
            link_expires_at,
        }
    }
}

impl From<&posta_store::booking::BookedStay> for Stay {
    fn from(stay: &posta_store::booking::BookedStay) -> Self {
        Self {
            unit_type: stay.unit_type.uuid(),
            unit_type_name: stay.unit_type_name.clone(),
            cabin: stay.cabin_name.clone(),
            period: stay.period.into(),
            party: (&stay.party).into(),
            left_on: stay.left_on,
        }
    }
}

impl From<&posta_store::booking::PaymentRequestRow> for Request {
    fn from(request: &posta_store::booking::PaymentRequestRow) -> Self {
        Self {
            purpose: request.purpose.as_str().to_owned(),
            method: request.method.as_str().to_owned(),
            amount: request.amount.into(),
            reference: request.external_reference.clone(),
            state: request.state.clone(),
            expires_at: request.expires_at,
            link: request.link.as_ref().map(PayLink::from),
        }
    }
}
