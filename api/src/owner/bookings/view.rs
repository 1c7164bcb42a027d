//! A booking as the desk sees it.

use chrono::{DateTime, Utc};
use posta_domain::reservation::{Awaiting, Reservation, Status};
use posta_store::booking::{
    Booking,
    view::{BookedStay, PaymentRequestRow},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dto::{Date, Money, Party, PayLink};

/// A booking, with who it is for and what has been paid.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnerBooking)]
pub(in crate::owner) struct BookingView {
    /// Which.
    id: Uuid,
    /// Said on the phone.
    #[schema(example = "K7M3PX")]
    code: String,
    /// Where.
    property: Uuid,
    /// Where it stands; a hold whose time is over reads as expired.
    status: BookingStatus,
    /// What a hold waits for.
    awaiting: Option<BookingAwaiting>,
    /// From then on a hold's nights are free.
    hold_expires_at: Option<DateTime<Utc>>,
    /// Send it back with a step: the step is refused if the booking has moved on.
    version: i32,
    /// Who comes.
    guest: GuestView,
    /// How it came: web, whatsapp, phone, `walk_in`, import, channel.
    source: String,
    /// The quote in force.
    quote: Uuid,
    /// What it costs.
    charge: Money,
    /// What was asked for beside that.
    extras: Money,
    /// Part of it, due to confirm.
    deposit: Money,
    /// What has come in for it, less what went or must go back.
    paid: Money,
    /// What must go back and has not yet.
    refund_due: Money,
    /// Its cabins.
    stays: Vec<StayView>,
    /// What was asked for.
    payment_requests: Vec<RequestView>,
    /// For the desk.
    notes: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was sold.
    confirmed_at: Option<DateTime<Utc>>,
}

/// Where a booking stands.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum BookingStatus {
    Held,
    Confirmed,
    CheckedIn,
    Completed,
    Expired,
    Cancelled,
    Yielded,
    NoShow,
}

/// What a hold waits for: money, a look at a receipt, the owner's yes.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BookingAwaiting {
    Payment,
    Verification,
    Owner,
}

/// Who booked.
#[derive(Debug, Serialize, ToSchema)]
struct GuestView {
    /// Which.
    id: Uuid,
    /// Her name; may be empty.
    name: String,
    /// Her number.
    phone: Option<String>,
    /// Her address.
    email: Option<String>,
}

/// One cabin of a booking.
#[derive(Debug, Serialize, ToSchema)]
struct StayView {
    /// Which.
    id: Uuid,
    /// The kind of cabin.
    unit_type: Uuid,
    /// Its name.
    unit_type_name: String,
    /// The cabin.
    accommodation: Uuid,
    /// Its name.
    accommodation_name: String,
    /// The day of arrival.
    check_in: Date,
    /// The day of departure, as it was sold.
    check_out: Date,
    /// Who comes.
    party: Party,
    /// When the guest left before that.
    left_on: Option<Date>,
}

/// Something to be paid.
#[derive(Debug, Serialize, ToSchema)]
struct RequestView {
    /// Which.
    id: Uuid,
    /// 1, 2, … within the booking.
    n: i32,
    /// deposit, balance, difference, extra.
    purpose: String,
    /// mercadopago, transfer, cash.
    method: String,
    /// How much.
    amount: Money,
    /// What whoever pays quotes.
    reference: String,
    /// open, paid, expired, withdrawn.
    state: String,
    /// Until when.
    expires_at: Option<DateTime<Utc>>,
    /// A transfer's receipt: waiting, accepted, refused.
    receipt: Option<String>,
    /// By Mercado Pago: the link to pay it.
    link: Option<PayLink>,
}

impl From<&Booking> for BookingView {
    fn from(booking: &Booking) -> Self {
        let hold = match booking.state {
            Reservation::Held(hold) => Some(hold),
            _ => None,
        };
        Self {
            id: booking.id.uuid(),
            code: booking.code.clone(),
            property: booking.property.uuid(),
            status: booking.state.status().into(),
            awaiting: hold.map(|hold| hold.awaiting.into()),
            hold_expires_at: hold.map(|hold| hold.expires_at),
            version: booking.version,
            guest: GuestView {
                id: booking.guest.uuid(),
                name: booking.guest_name.clone(),
                phone: booking.guest_phone.clone(),
                email: booking.guest_email.clone(),
            },
            source: booking.source.clone(),
            quote: booking.quote.uuid(),
            charge: booking.charge.into(),
            extras: booking.extras.into(),
            deposit: booking.deposit.into(),
            paid: booking.paid.into(),
            refund_due: booking.refund_due.into(),
            stays: booking.stays.iter().map(StayView::from).collect(),
            payment_requests: booking.requests.iter().map(RequestView::from).collect(),
            notes: booking.notes.clone(),
            created_at: booking.created_at,
            confirmed_at: booking.confirmed_at,
        }
    }
}

impl From<&BookedStay> for StayView {
    fn from(stay: &BookedStay) -> Self {
        Self {
            id: stay.id.uuid(),
            unit_type: stay.unit_type.uuid(),
            unit_type_name: stay.unit_type_name.clone(),
            accommodation: stay.cabin.uuid(),
            accommodation_name: stay.cabin_name.clone(),
            check_in: stay.period.check_in().into(),
            check_out: stay.period.check_out().into(),
            party: (&stay.party).into(),
            left_on: stay.left_on.map(Date::from),
        }
    }
}

impl From<&PaymentRequestRow> for RequestView {
    fn from(request: &PaymentRequestRow) -> Self {
        Self {
            id: request.id.uuid(),
            n: request.n,
            purpose: request.purpose.as_str().to_owned(),
            method: request.method.as_str().to_owned(),
            amount: request.amount.into(),
            reference: request.external_reference.clone(),
            state: request.state.clone(),
            expires_at: request.expires_at,
            receipt: request.receipt.clone(),
            link: request.link.as_ref().map(PayLink::from),
        }
    }
}

impl From<Status> for BookingStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Held => Self::Held,
            Status::Confirmed => Self::Confirmed,
            Status::CheckedIn => Self::CheckedIn,
            Status::Completed => Self::Completed,
            Status::Expired => Self::Expired,
            Status::Cancelled => Self::Cancelled,
            Status::Yielded => Self::Yielded,
            Status::NoShow => Self::NoShow,
        }
    }
}

impl From<BookingStatus> for Status {
    fn from(status: BookingStatus) -> Self {
        match status {
            BookingStatus::Held => Self::Held,
            BookingStatus::Confirmed => Self::Confirmed,
            BookingStatus::CheckedIn => Self::CheckedIn,
            BookingStatus::Completed => Self::Completed,
            BookingStatus::Expired => Self::Expired,
            BookingStatus::Cancelled => Self::Cancelled,
            BookingStatus::Yielded => Self::Yielded,
            BookingStatus::NoShow => Self::NoShow,
        }
    }
}

impl From<Awaiting> for BookingAwaiting {
    fn from(awaiting: Awaiting) -> Self {
        match awaiting {
            Awaiting::Payment => Self::Payment,
            Awaiting::Verification => Self::Verification,
            Awaiting::Owner => Self::Owner,
        }
    }
}
