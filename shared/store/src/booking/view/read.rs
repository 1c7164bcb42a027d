//! Reading bookings with all their parts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use posta_domain::{
    money::{Currency, Money},
    nights::Period,
    party::Party,
    reservation::{Awaiting, Hold, Reservation, Status},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{BookedStay, Booking, LinkRow, PaymentRequestRow};
use crate::{
    booking::money::{Method, Purpose},
    error::{Doing as _, StoreError},
    ids::{QuoteId, ReservationId, TenantId},
};

/// One booking. Nothing for another tenant's.
pub async fn view(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ReservationId,
) -> Result<Option<Booking>, StoreError> {
    Ok(current(conn, tenant, &[id.uuid()]).await?.pop())
}

/// One booking by what is said on the phone.
pub async fn by_code(
    conn: &mut PgConnection,
    tenant: TenantId,
    code: &str,
) -> Result<Option<Booking>, StoreError> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM reservations WHERE tenant_id = $1 AND code = upper($2)",
        tenant.uuid(),
        &*crate::text::storable(code),
    )
    .fetch_optional(&mut *conn)
    .await
    .doing("look for the booking by its code")?;
    match id {
        Some(id) => view(conn, tenant, id.into()).await,
        None => Ok(None),
    }
}

/// Whether a living booking has this quote. A hold whose time is over is none.
pub async fn quote_in_use(conn: &mut PgConnection, quote: QuoteId) -> Result<bool, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM reservations
               WHERE quote_id = $1
                 AND (status IN ('confirmed', 'checked_in', 'completed')
                      OR (status = 'held' AND hold_expires_at > clock_timestamp()))) AS "used!""#,
        quote.uuid(),
    )
    .fetch_one(conn)
    .await
    .doing("look whether the quote is in use")
}

/// Those of the ids that are the tenant's, in the order of the ids, as the clock sees them.
pub(crate) async fn current(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[Uuid],
) -> Result<Vec<Booking>, StoreError> {
    let loaded = load(conn, Some(tenant), ids).await?;
    let current = loaded.into_iter().map(|(mut booking, now)| {
        booking.state = booking.state.at(now);
        booking
    });
    Ok(current.collect())
}

/// Likewise, each as its row says, with the database's clock.
pub(crate) async fn load(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
    ids: &[Uuid],
) -> Result<Vec<(Booking, DateTime<Utc>)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT r.tenant_id, r.id, r.code, r.property_id, r.guest_id, r.quote_id, r.status, r.awaiting,
                  r.hold_expires_at, r.source, r.charge_currency, r.charge_total, r.deposit, r.version, r.notes,
                  r.created_at, r.confirmed_at,
                  coalesce(g.legal_name, g.display_name, '') AS "guest_name!", g.phone, g.email,
                  l.received AS "received!", l.retained AS "retained!", l.balance AS "balance!",
                  f.owed AS "owed!", f.due AS "due!", e.extras AS "extras!", clock_timestamp() AS "now!"
           FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, at)
           JOIN reservations r ON r.id = wanted.id
           JOIN guests g ON g.id = r.guest_id
           -- What came in is applied, retained, credited or owed back: see booking::money.
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(amount) FILTER (WHERE kind IN ('payment', 'credit_used')), 0)::bigint AS received,
                      coalesce(sum(CASE kind WHEN 'retention' THEN amount
                                             WHEN 'retention_released' THEN -amount END), 0)::bigint     AS retained,
                      coalesce(sum(CASE WHEN kind IN ('payment', 'credit_used', 'chargeback_reversed',
                                                      'retention_released', 'loss') THEN amount
                                        WHEN kind IN ('retention', 'credit', 'chargeback') THEN -amount
                                        END), 0)::bigint                                                 AS balance
               FROM ledger_entries WHERE reservation_id = r.id AND currency = r.charge_currency) AS l
           CROSS JOIN LATERAL (
               -- What became a credit, or was taken by a dispute, the ledger counts.
               SELECT coalesce(sum(amount) FILTER (WHERE state NOT IN ('credited', 'charged_back')), 0)::bigint AS owed,
                      coalesce(sum(amount) FILTER (WHERE state NOT IN ('done', 'credited', 'charged_back')), 0)::bigint
                                                                                                                AS due
               FROM refunds WHERE reservation_id = r.id AND currency = r.charge_currency) AS f
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(amount), 0)::bigint AS extras
               FROM payment_requests
               WHERE reservation_id = r.id AND purpose = 'extra' AND state IN ('open', 'paid')
                 AND currency = r.charge_currency) AS e
           WHERE $2::uuid IS NULL OR r.tenant_id = $2
           ORDER BY wanted.at"#,
        ids,
        tenant.map(TenantId::uuid),
    )
    .fetch_all(&mut *conn)
    .await
    .doing("read the bookings")?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut stays = stays(conn, ids).await?;
    let mut requests = requests(conn, ids).await?;
    rows.into_iter()
        .map(|row| {
            let currency: Currency = parsed("reservations.charge_currency", &row.charge_currency)?;
            let money = |minor| Money::new(minor, currency);
            let booking = Booking {
                id: row.id.into(),
                tenant: row.tenant_id.into(),
                code: row.code,
                property: row.property_id.into(),
                guest: row.guest_id.into(),
                guest_name: row.guest_name,
                guest_phone: row.phone,
                guest_email: row.email,
                quote: row.quote_id.into(),
                state: state(&row.status, row.awaiting.as_deref(), row.hold_expires_at)?,
                source: row.source,
                charge: money(row.charge_total),
                extras: money(row.extras),
                deposit: money(row.deposit),
                received: money(row.received),
                paid: money(row.balance - row.owed),
                retained: money(row.retained),
                refund_due: money(row.due),
                version: row.version,
                notes: row.notes,
                created_at: row.created_at,
                confirmed_at: row.confirmed_at,
                stays: stays.remove(&row.id).unwrap_or_default(),
                requests: requests.remove(&row.id).unwrap_or_default(),
                link: None,
            };
            Ok((booking, row.now))
        })
        .collect()
}

async fn stays(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<BookedStay>>, StoreError> {
    let rows = sqlx::query!(
        "SELECT s.reservation_id, s.id, s.unit_type_id, t.name AS unit_type_name, s.accommodation_id,
                a.name AS accommodation_name, s.check_in, s.check_out, s.adults, s.children, s.pets, s.left_on
         FROM stays s
         JOIN unit_types t ON t.id = s.unit_type_id
         JOIN accommodations a ON a.id = s.accommodation_id
         WHERE s.reservation_id = ANY($1)
         ORDER BY s.reservation_id, s.position",
        ids,
    )
    .fetch_all(conn)
    .await
    .doing("read the bookings' stays")?;
    let mut of: HashMap<Uuid, Vec<BookedStay>> = HashMap::new();
    for row in rows {
        let party = Party::new(
            u8::try_from(row.adults).map_err(|error| unreadable("stays.adults", error))?,
            serde_json::from_value(row.children)
                .map_err(|error| unreadable("stays.children", error))?,
            u8::try_from(row.pets).map_err(|error| unreadable("stays.pets", error))?,
        );
        of.entry(row.reservation_id).or_default().push(BookedStay {
            id: row.id.into(),
            unit_type: row.unit_type_id.into(),
            unit_type_name: row.unit_type_name,
            cabin: row.accommodation_id.into(),
            cabin_name: row.accommodation_name,
            period: Period::new(row.check_in, row.check_out)
                .map_err(|error| unreadable("stays.check_in", error))?,
            party: party.map_err(|error| unreadable("stays.children", error))?,
            left_on: row.left_on,
        });
    }
    Ok(of)
}

async fn requests(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<PaymentRequestRow>>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT q.reservation_id, q.id, q.n, q.purpose, q.method, q.currency, q.amount, q.external_reference, q.state,
                  q.expires_at, q.receipt, l.state AS "link_state?", l.url AS "link_url?",
                  (l.state = 'wanted' AND l.created_at <= clock_timestamp() - interval '20 seconds') AS "link_late?"
           FROM payment_requests q
           LEFT JOIN LATERAL (SELECT state, url, created_at FROM payment_links
                              WHERE payment_request_id = q.id ORDER BY created_at DESC, id DESC LIMIT 1) AS l ON true
           WHERE q.reservation_id = ANY($1)
           ORDER BY q.reservation_id, q.n"#,
        ids,
    )
    .fetch_all(conn)
    .await
    .doing("read what was asked for")?;
    let mut of: HashMap<Uuid, Vec<PaymentRequestRow>> = HashMap::new();
    for row in rows {
        let currency = parsed("payment_requests.currency", &row.currency)?;
        let request = PaymentRequestRow {
            id: row.id.into(),
            n: row.n,
            purpose: Purpose::parse(&row.purpose)
                .ok_or_else(|| unreadable("payment_requests.purpose", "not one that is known"))?,
            method: Method::parse(&row.method)
                .ok_or_else(|| unreadable("payment_requests.method", "not one that is known"))?,
            amount: Money::new(row.amount, currency),
            external_reference: row.external_reference,
            state: row.state,
            expires_at: row.expires_at,
            receipt: row.receipt,
            link: row.link_state.map(|state| LinkRow {
                state,
                url: row.link_url,
                late: row.link_late.unwrap_or(false),
            }),
        };
        of.entry(row.reservation_id).or_default().push(request);
    }
    Ok(of)
}

fn state(
    status: &str,
    awaiting: Option<&str>,
    expires_at: Option<DateTime<Utc>>,
) -> Result<Reservation, StoreError> {
    let not_known = || unreadable("reservations.status", "not one that is known");
    let status: Status = status.parse().map_err(|_| not_known())?;
    Ok(match status {
        Status::Held => {
            let awaiting: Option<Awaiting> = awaiting.and_then(|text| text.parse().ok());
            let (Some(awaiting), Some(expires_at)) = (awaiting, expires_at) else {
                return Err(unreadable(
                    "reservations.awaiting",
                    "a hold without its parts",
                ));
            };
            Reservation::Held(Hold {
                expires_at,
                awaiting,
            })
        }
        Status::Confirmed => Reservation::Confirmed,
        Status::CheckedIn => Reservation::CheckedIn,
        Status::Completed => Reservation::Completed,
        Status::Expired => Reservation::Expired,
        Status::Cancelled => Reservation::Cancelled,
        Status::Yielded => Reservation::Yielded,
        Status::NoShow => Reservation::NoShow,
    })
}

fn parsed(what: &'static str, text: &str) -> Result<Currency, StoreError> {
    text.parse().map_err(|error| unreadable(what, error))
}

fn unreadable<E>(what: &'static str, source: E) -> StoreError
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    StoreError::Unreadable {
        what,
        source: source.into(),
    }
}
