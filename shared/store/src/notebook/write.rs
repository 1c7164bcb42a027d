//! Writing a line: guest, quote, booking, stay, claim, money, and the row in the audit log.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use posta_domain::{
    ids::{LedgerEntryId, QuoteId, ReservationId},
    quote::{Adjustment, Breakdown, Inputs, StayInputs, price},
    rates::Rates,
    reservation::Reservation,
};
use serde_json::json;
use sqlx::PgConnection;

use super::{NotebookError, entry::Entry};
use crate::{
    audit::{self, By},
    booking::{
        Method, Quote,
        guest::{self, GuestInput},
        hold::{NewBooking, Source, write},
        quotes,
    },
    catalog::Place,
    error::{Doing as _, StoreError},
    ids::GuestId,
};

/// What every line has in common.
pub(super) struct At<'a> {
    pub(super) by: &'a By,
    pub(super) place: &'a Place,
    pub(super) now: DateTime<Utc>,
    pub(super) agreed_price: &'a str,
}

/// Guests this notebook has named already, by phone and name.
pub(super) type Guests = BTreeMap<(String, String), GuestId>;

/// Writes one line; answers the booking's code. The nights are free and locked.
pub(super) async fn entry(
    tx: &mut PgConnection,
    at: &At<'_>,
    guests: &mut Guests,
    entry: &Entry,
    key: &str,
) -> Result<String, NotebookError> {
    let guest = guest(tx, at, guests, entry).await?;
    let (inputs, breakdown) = priced(at, entry)?;
    let quote = Quote {
        id: QuoteId::fresh(),
        tenant: at.by.tenant,
        property: at.place.property.id,
        guest: Some(guest),
        inputs,
        breakdown,
        created_at: at.now,
        // Nobody else can book it.
        valid_until: at.now,
        created_by: at.by.actor.clone(),
    };
    quotes::insert(tx, &quote).await?;
    let zone = at.place.property.zone;
    let gone = entry.period.check_out() <= at.now.with_timezone(&zone).date_naive();
    let new = NewBooking {
        quote: &quote,
        guest,
        source: Source::Import,
        cabins: &[entry.cabin],
        state: if gone {
            Reservation::Completed
        } else {
            Reservation::Confirmed
        },
        deposit_by: None,
        notes: &notes(entry),
    };
    let id = write(tx, at.by, &new).await?;
    let code = date_back(tx, at, entry, id).await?;
    payment(tx, at, entry, id, guest).await?;
    let charge = quote.breakdown.charge;
    let detail = json!({ "line": entry.line, "key": key, "charge": charge, "paid": entry.paid });
    audit::record(tx, at.by, &format!("reservation:{id}"), "imported", detail).await?;
    Ok(code)
}

fn notes(entry: &Entry) -> String {
    match (&entry.source, entry.notes.as_str()) {
        (None, notes) => notes.to_owned(),
        (Some(source), "") => source.clone(),
        (Some(source), notes) => format!("{source}: {notes}"),
    }
}

/// The same name and phone are the same guest; without a phone nobody can tell.
async fn guest(
    tx: &mut PgConnection,
    at: &At<'_>,
    guests: &mut Guests,
    entry: &Entry,
) -> Result<GuestId, StoreError> {
    let who = entry
        .phone
        .as_ref()
        .map(|phone| (phone.clone(), super::columns::plain(&entry.guest)));
    if let Some(known) = who.as_ref().and_then(|who| guests.get(who)) {
        return Ok(*known);
    }
    let tenant = at.by.tenant.uuid();
    let known = sqlx::query_scalar!(
        "SELECT id FROM guests
         WHERE tenant_id = $1 AND phone = $2 AND lower(coalesce(legal_name, display_name)) = lower($3)
           AND kind = 'guest' AND merged_into IS NULL
         ORDER BY id LIMIT 1",
        tenant,
        entry.phone,
        entry.guest,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("look for the guest")?;
    let id = if let Some(known) = known {
        known.into()
    } else {
        let input = GuestInput {
            name: entry.guest.clone(),
            phone: entry.phone.clone(),
            email: None,
        };
        guest::new(tx, at.by.tenant, &input).await?
    };
    if let Some(who) = who {
        guests.insert(who, id);
    }
    Ok(id)
}

/// The table's price and the difference to what was agreed; or, in another currency than the table's or without one,
/// what was agreed alone. Either way the quote is what is written, to the cent.
fn priced(at: &At<'_>, entry: &Entry) -> Result<(Inputs, Breakdown), StoreError> {
    let conflict = |_| StoreError::Conflict("the price of a line cannot be written");
    let of_type = at
        .place
        .unit_type(entry.unit_type)
        .ok_or(StoreError::Conflict("the cabin's type is gone"))?;
    let currency = entry.total.currency;
    let table = of_type
        .rates
        .clone()
        .filter(|rates| rates.currency == currency);
    let seasons = match &table {
        Some(_) => at.place.seasons_for(of_type.id, entry.period),
        None => Vec::new(),
    };
    let mut inputs = Inputs {
        v: 1,
        priced_on: at.now.with_timezone(&at.place.property.zone).date_naive(),
        stays: vec![StayInputs {
            unit_type: of_type.id,
            unit_type_name: of_type.name.clone(),
            accommodation: Some(entry.cabin),
            capacity: of_type.capacity,
            period: entry.period,
            party: entry.party.clone(),
            rates: table.unwrap_or_else(|| Rates::by_hand(currency, of_type.capacity)),
            seasons,
        }],
        holidays: at.place.holidays_for(entry.period),
        adjustments: Vec::new(),
        exchange: None,
        deposit: at.place.property.deposit,
        policy: Some(at.place.property.cancellation.clone()),
    };
    let listed = price(&inputs).map_err(conflict)?;
    let difference = entry.total.minus(listed.total);
    let difference = difference.map_err(|_| StoreError::Conflict("the price is too large"))?;
    if !difference.is_zero() {
        inputs.adjustments.push(Adjustment {
            amount: difference.minor,
            reason: at.agreed_price.to_owned(),
            author: at.by.actor.clone(),
        });
    }
    let breakdown = price(&inputs).map_err(conflict)?;
    if breakdown.charge != entry.total {
        return Err(StoreError::Conflict(
            "the price of a line is not what is written",
        ));
    }
    Ok((inputs, breakdown))
}

/// It was booked when the notebook says, not now: that is what the right of withdrawal counts from.
async fn date_back(
    tx: &mut PgConnection,
    at: &At<'_>,
    entry: &Entry,
    id: ReservationId,
) -> Result<String, StoreError> {
    let zone = at.place.property.zone;
    let booked_at = entry
        .booked_on
        .map_or(at.now, |day| noon(day, zone).min(at.now));
    sqlx::query_scalar!(
        "UPDATE reservations
         SET created_at = $3, confirmed_at = $3, ended_at = CASE WHEN status = 'completed' THEN $4::timestamptz END
         WHERE tenant_id = $1 AND id = $2
         RETURNING code",
        at.by.tenant.uuid(),
        id.uuid(),
        booked_at,
        at.now,
    )
    .fetch_one(tx)
    .await
    .doing("date the booking of a line back")
}

fn noon(day: NaiveDate, zone: chrono_tz::Tz) -> DateTime<Utc> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    let there = zone.from_local_datetime(&day.and_time(noon)).earliest();
    there.map_or_else(
        || Utc.from_utc_datetime(&day.and_time(noon)),
        |there| there.with_timezone(&Utc),
    )
}

/// What was paid before Posta knew of it. Where nobody wrote how, it is no payment of a provider's.
async fn payment(
    tx: &mut PgConnection,
    at: &At<'_>,
    entry: &Entry,
    reservation: ReservationId,
    guest: GuestId,
) -> Result<(), StoreError> {
    let Some(paid) = entry.paid else {
        return Ok(());
    };
    sqlx::query!(
        "INSERT INTO ledger_entries (tenant_id, id, reservation_id, guest_id, kind, provider, payment, currency, amount,
                                     gross, net, note, recorded_by)
         VALUES ($1, $2, $3, $4, 'payment', $5, $6, $7, $8, $8, $8, 'notebook', $9)",
        at.by.tenant.uuid(),
        LedgerEntryId::fresh().uuid(),
        reservation.uuid(),
        guest.uuid(),
        entry.method.map_or("internal", Method::as_str),
        format!("notebook:{reservation}"),
        paid.currency.as_str(),
        paid.minor,
        at.by.actor,
    )
    .execute(tx)
    .await
    .doing("enter what was paid into the ledger")?;
    Ok(())
}
