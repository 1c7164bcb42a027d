//! What is asked and answered.

use posta_domain::reservation::Reservation;
use posta_store::booking::{Booking, GuestInput, Method};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    dto::{Money, PayLink, Stretch, words, words_or_none},
    problem::Problem,
    state::AppState,
};

/// Longest name that is kept.
const MOST_NAME: usize = 120;
/// Longest address: what e-mail allows.
const MOST_EMAIL: usize = 254;
/// Longest telephone number, as people write them.
const MOST_PHONE: usize = 40;
/// Longest note.
const MOST_NOTES: usize = 2000;

/// A booking to be made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReservation {
    /// The price it is made at.
    pub(crate) quote: Uuid,
    /// Who books.
    guest: Guest,
    /// How she will pay.
    method: PaymentMethod,
    /// Certain cabins, in the order of the quote's stays; left out: ours to choose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10)]
    cabins: Vec<Uuid>,
    /// For the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    notes: Option<String>,
}

/// Who books. A telephone number or an e-mail address is needed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewGuest)]
pub(crate) struct Guest {
    /// Her name.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// With the country: `+54 9 294 …`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40)]
    phone: Option<String>,
    /// Her address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 254)]
    email: Option<String>,
}

/// How a booking is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = GuestPaymentMethod)]
pub(crate) enum PaymentMethod {
    /// By bank transfer; the owner looks at the receipt.
    Transfer,
    /// In cash.
    Cash,
    /// By Mercado Pago.
    MercadoPago,
}

/// Nights that are held.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Held)]
pub(crate) struct Held {
    /// Which booking.
    id: Uuid,
    /// To be said on the phone.
    #[schema(example = "K7M3PX")]
    code: String,
    /// `held`; or `confirmed`, where nothing is due to confirm.
    #[schema(example = "held")]
    status: String,
    /// What it waits for: `payment`, `owner`.
    awaiting: Option<String>,
    /// The nights are kept until then.
    expires_at: Option<chrono::DateTime<chrono::Utc>>,
    /// The cabins.
    stays: Vec<HeldStay>,
    /// What the whole costs.
    charge: Money,
    /// What confirms it.
    deposit: Money,
    /// What the rest is.
    balance: Money,
    /// What to pay now.
    requests: Vec<Due>,
    /// The guest's way to her booking. Whoever has it can do with it what she can.
    guest_link: Option<Link>,
}

/// One cabin.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldStay {
    /// Its type.
    unit_type: String,
    /// Its name.
    cabin: String,
    /// Which.
    accommodation: Uuid,
    /// The nights.
    period: Stretch,
}

/// Something to pay.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeldPaymentRequest)]
pub(crate) struct Due {
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
    /// By Mercado Pago: the link to pay it. `soon`, as a rule: ask for the booking again by `guest_link`.
    link: Option<PayLink>,
}

/// The guest's way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeldLink)]
pub(crate) struct Link {
    /// For her browser.
    url: String,
    /// For programs: what `/guest/{token}` takes.
    token: String,
}

impl NewReservation {
    pub(crate) fn guest(&self) -> Result<GuestInput, Problem> {
        let phone = words_or_none("guest.phone", self.guest.phone.as_deref(), MOST_PHONE)?;
        let email = words_or_none("guest.email", self.guest.email.as_deref(), MOST_EMAIL)?;
        if phone.as_ref().is_some_and(|phone| !is_phone(phone))
            || phone.is_none() && email.is_none()
        {
            return Err(Problem::invalid("guest.phone"));
        }
        if email.as_ref().is_some_and(|email| !is_email(email)) {
            return Err(Problem::invalid("guest.email"));
        }
        Ok(GuestInput {
            name: words("guest.name", &self.guest.name, MOST_NAME)?,
            phone,
            email,
        })
    }

    pub(crate) const fn method(&self) -> Method {
        self.method.method()
    }

    pub(crate) fn notes(&self) -> Result<String, Problem> {
        let notes = words_or_none("notes", self.notes.as_deref(), MOST_NOTES)?;
        Ok(notes.unwrap_or_default())
    }

    pub(crate) fn cabins(&self) -> Vec<posta_domain::ids::AccommodationId> {
        self.cabins.iter().map(|id| (*id).into()).collect()
    }
}

impl PaymentMethod {
    pub(crate) const fn method(self) -> Method {
        match self {
            Self::Transfer => Method::Transfer,
            Self::Cash => Method::Cash,
            Self::MercadoPago => Method::MercadoPago,
        }
    }
}

fn is_phone(phone: &str) -> bool {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let others =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.' | '/');
    (6..=20).contains(&digits) && phone.chars().all(others)
}

/// Enough to find a slip of the finger; whether it arrives only sending tells.
fn is_email(email: &str) -> bool {
    email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !email.contains(char::is_whitespace)
    })
}

/// The answer as it is kept with its key: the link is its id there, since whoever reads the database must not be able
/// to use it.
pub(super) fn answer(booking: &Booking) -> Value {
    let (awaiting, expires_at) = match booking.state {
        Reservation::Held(hold) => (Some(hold.awaiting), Some(hold.expires_at)),
        _ => (None, None),
    };
    let money = |money| Money::from(money);
    let balance = booking.charge.minor - booking.deposit.minor;
    let stays = booking.stays.iter().map(|stay| {
        json!({
            "unit_type": stay.unit_type_name,
            "cabin": stay.cabin_name,
            "accommodation": stay.cabin,
            "period": Stretch::from(stay.period),
        })
    });
    let requests = booking.requests.iter().map(|request| {
        json!({
            "purpose": request.purpose.as_str(),
            "method": request.method.as_str(),
            "amount": money(request.amount),
            "reference": request.external_reference,
            "link": request.link.as_ref().map(PayLink::from),
        })
    });
    json!({
        "id": booking.id,
        "code": booking.code,
        "status": booking.state.status(),
        "awaiting": awaiting,
        "expires_at": expires_at,
        "stays": stays.collect::<Vec<_>>(),
        "charge": money(booking.charge),
        "deposit": money(booking.deposit),
        "balance": money(posta_domain::money::Money::new(balance, booking.charge.currency)),
        "requests": requests.collect::<Vec<_>>(),
        "guest_link": booking.link,
    })
}

/// The answer as it is given.
pub(super) fn with_link(state: &AppState, mut answer: Value) -> Result<Value, Problem> {
    if let Some(link) = answer.get_mut("guest_link").filter(|link| !link.is_null()) {
        let id: Uuid = serde_json::from_value(link.take()).map_err(|error| {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "could not read the link of an answer"
            );
            Problem::internal()
        })?;
        let token = state.auth.link_token(id.into());
        *link = json!({ "url": url(state, &token), "token": token });
    }
    Ok(answer)
}

fn url(state: &AppState, token: &str) -> String {
    let base = state.config.public_url.as_str().trim_end_matches('/');
    format!("{base}/r/{token}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_are_taken_as_people_write_them() {
        assert!(is_phone("+54 9 (294) 4-123456"));
        assert!(!is_phone("no tengo"));
        assert!(!is_phone("12345"));
    }

    #[test]
    fn an_address_has_both_of_its_parts() {
        assert!(is_email("ana@lago.example"));
        assert!(!is_email("ana@"));
        assert!(!is_email("@lago.example"));
        assert!(!is_email("ana lago@example.com"));
    }
}
