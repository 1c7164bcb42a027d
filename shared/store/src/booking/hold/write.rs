//! The rows of a new booking.

use posta_domain::reservation::Reservation;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    audit::{self, By},
    booking::{
        BookingError, asking,
        claims::{self, Kind},
        code::codes,
        money::{self, Method, NewRequest, Purpose},
        quotes::Quote,
        requests,
    },
    error::{Doing as _, StoreError},
    ids::{AccommodationId, GuestId, ReservationId, StayId},
    text::storable,
};

/// Longer remarks are cut.
const LONGEST_NOTES: usize = 4_000;

/// How a booking came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// In the chat.
    Whatsapp,
    /// Through the API.
    Web,
    /// She called the owner.
    Phone,
    /// She stood at the door.
    WalkIn,
    /// From the owner's notebook.
    Import,
}

impl Source {
    /// Whether it is the owner who sells: what is hers to decide, she has decided then.
    #[must_use]
    pub const fn by_hand(self) -> bool {
        matches!(self, Self::Phone | Self::WalkIn | Self::Import)
    }

    /// As the database writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whatsapp => "whatsapp",
            Self::Web => "web",
            Self::Phone => "phone",
            Self::WalkIn => "walk_in",
            Self::Import => "import",
        }
    }
}

/// A booking to be written. The caller has locked the cabins and knows that the nights are free.
#[derive(Debug)]
pub(crate) struct NewBooking<'a> {
    /// At what price, which nights.
    pub(crate) quote: &'a Quote,
    /// Who.
    pub(crate) guest: GuestId,
    /// How it came.
    pub(crate) source: Source,
    /// One for each stay of the quote.
    pub(crate) cabins: &'a [AccommodationId],
    /// Held or confirmed.
    pub(crate) state: Reservation,
    /// How the deposit is asked for; nothing is asked for without.
    pub(crate) deposit_by: Option<Method>,
    /// Remarks.
    pub(crate) notes: &'a str,
}

/// Writes the booking, its stays with their claims, and what is to be paid.
pub(crate) async fn write(
    tx: &mut PgConnection,
    by: &By,
    new: &NewBooking<'_>,
) -> Result<ReservationId, BookingError> {
    let id = ReservationId::fresh();
    let code = reservation(tx, by, new, id).await?;
    for (at, (stay, cabin)) in (0_i32..).zip(new.quote.inputs.stays.iter().zip(new.cabins)) {
        let stay_id = StayId::fresh();
        sqlx::query!(
            "INSERT INTO stays (tenant_id, id, reservation_id, position, unit_type_id, accommodation_id,
                                check_in, check_out, adults, children, pets)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            by.tenant.uuid(),
            stay_id.uuid(),
            id.uuid(),
            at,
            stay.unit_type.uuid(),
            cabin.uuid(),
            stay.period.check_in(),
            stay.period.check_out(),
            i32::from(stay.party.adults()),
            serde_json::json!(stay.party.children()),
            i32::from(stay.party.pets()),
        )
        .execute(&mut *tx)
        .await
        .doing("write the stay")?;
        let kind = match new.state {
            Reservation::Held(hold) => Kind::Hold {
                until: hold.expires_at,
            },
            _ => Kind::Stay,
        };
        claims::take(tx, by.tenant, stay_id, *cabin, stay.period, kind).await?;
    }
    ask(tx, by, new, id, &code).await?;
    if let Some(until) = asking::waits(new.state) {
        asking::ask(tx, by.tenant, id, &code, until).await?;
    }
    let (action, until) = match new.state {
        Reservation::Held(hold) => ("held", Some(hold.expires_at)),
        _ => ("confirmed", None),
    };
    let detail = serde_json::json!({
        "code": code,
        "quote": new.quote.id,
        "source": new.source.as_str(),
        "cabins": new.cabins,
        "until": until,
    });
    audit::record(tx, by, &format!("reservation:{id}"), action, detail).await?;
    Ok(id)
}

/// The row, under a code nobody has yet.
async fn reservation(
    tx: &mut PgConnection,
    by: &By,
    new: &NewBooking<'_>,
    id: ReservationId,
) -> Result<String, BookingError> {
    let random: Uuid = sqlx::query_scalar!(r#"SELECT gen_random_uuid() AS "random!""#)
        .fetch_one(&mut *tx)
        .await
        .doing("draw a code")?;
    let breakdown = &new.quote.breakdown;
    let (awaiting, until) = match new.state {
        Reservation::Held(hold) => (Some(hold.awaiting.as_str()), Some(hold.expires_at)),
        _ => (None, None),
    };
    let notes: String = storable(new.notes).chars().take(LONGEST_NOTES).collect();
    for code in codes(random) {
        let written = sqlx::query!(
            "INSERT INTO reservations (tenant_id, id, code, property_id, guest_id, quote_id, status, awaiting,
                                       hold_expires_at, source, charge_currency, charge_total, deposit, notes,
                                       created_at, confirmed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, clock_timestamp(),
                     CASE WHEN $7 = 'confirmed' THEN clock_timestamp() END)
             ON CONFLICT ON CONSTRAINT reservations_code_key DO NOTHING",
            by.tenant.uuid(),
            id.uuid(),
            code,
            new.quote.property.uuid(),
            new.guest.uuid(),
            new.quote.id.uuid(),
            new.state.status().as_str(),
            awaiting,
            until,
            new.source.as_str(),
            breakdown.charge.currency.as_str(),
            breakdown.charge.minor,
            breakdown.deposit.minor,
            notes,
        )
        .execute(&mut *tx)
        .await
        .doing("write the booking")?
        .rows_affected();
        if written == 1 {
            return Ok(code);
        }
    }
    Err(StoreError::Conflict("three codes in a row were in use").into())
}

/// What is to be paid to confirm. A booking that is confirmed at once asks for nothing by itself.
async fn ask(
    tx: &mut PgConnection,
    by: &By,
    new: &NewBooking<'_>,
    id: ReservationId,
    code: &str,
) -> Result<(), BookingError> {
    let (Some(method), Reservation::Held(hold)) = (new.deposit_by, new.state) else {
        return Ok(());
    };
    let deposit = new.quote.breakdown.deposit;
    if deposit.is_zero() {
        return Ok(());
    }
    requests::possible(tx, by.tenant, method).await?;
    let request = NewRequest {
        reservation: id,
        code,
        purpose: Purpose::Deposit,
        method,
        amount: deposit,
        expires_at: Some(hold.expires_at),
    };
    money::request(tx, by.tenant, &request).await?;
    Ok(())
}
