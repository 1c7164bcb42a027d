//! The booking or chat a matter is about, as the desk reads it.

use posta_domain::ids::{
    ConversationId, GuestId, MediaId, PaymentId, QuoteId, RefundId, ReservationId,
};
use posta_store::matters;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dto::{Date, Money};

/// What a matter is about, as it is now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MatterAbout)]
pub(super) struct AboutView {
    /// Who.
    guest: Option<Uuid>,
    /// By which name she is known.
    guest_name: Option<String>,
    /// Her chat.
    chat: Option<Uuid>,
    /// The booking.
    reservation: Option<Uuid>,
    /// Its code.
    code: Option<String>,
    /// The quote a lower price is asked for.
    quote: Option<Uuid>,
    /// The first night.
    check_in: Option<Date>,
    /// The day of leaving.
    check_out: Option<Date>,
    /// The cabins; of a quote, their kinds.
    cabins: Vec<String>,
    /// Of a receipt: what should have come with it. Of a quote: its price. Of a payment or a refund: how much it is. Of
    /// anything else about a booking: what is open of what was asked for.
    amount: Option<Money>,
    /// The receipt: `GET /owner/media/{id}`.
    receipt: Option<Uuid>,
    /// The payment at Mercado Pago: `GET /owner/payments/{id}`.
    payment: Option<Uuid>,
    /// Its number at Mercado Pago.
    provider_payment: Option<String>,
    /// The money that is owed back.
    refund: Option<Uuid>,
}

impl From<matters::About> for AboutView {
    fn from(about: matters::About) -> Self {
        Self {
            guest: about.guest.map(GuestId::uuid),
            guest_name: about.guest_name,
            chat: about.chat.map(ConversationId::uuid),
            reservation: about.reservation.map(ReservationId::uuid),
            code: about.code,
            quote: about.quote.map(QuoteId::uuid),
            check_in: about.check_in.map(Date::from),
            check_out: about.check_out.map(Date::from),
            cabins: about.cabins,
            amount: about.amount.map(Money::from),
            receipt: about.receipt.map(MediaId::uuid),
            payment: about.payment.map(PaymentId::uuid),
            provider_payment: about.provider_payment,
            refund: about.refund.map(RefundId::uuid),
        }
    }
}
