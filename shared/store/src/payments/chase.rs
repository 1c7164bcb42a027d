//! The balance, before arrival.
//!
//! Guaranteed: it is asked for once, some days ahead as the property says, and once more the day before; between ten in
//! the morning and eight in the evening at the property; never of a guest who wants no messages that we begin, nor for a
//! booking from the owner's notebook, of which she may know more than we do. What is not paid on the day of arrival is
//! the owner's to settle at the door. Not guaranteed: that it is said; a guest without a chat finds it with her booking.

use posta_domain::dialogue::Event;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    attention::{self, NewAttention},
    audit::By,
    booking::{
        Booking, BookingError, Method,
        lock::{self, Locked},
        money::Purpose,
        requests::{self, NewAsk},
    },
    catalog,
    error::{Doing as _, StoreError},
    events,
    ids::{PaymentRequestId, TenantId},
    pool::Store,
};

/// Who asks.
const ACTOR: &str = "system:payments";
/// What the owner settles at the door.
pub(crate) const BALANCE_OPEN: &str = "balance_open";

/// A booking to be looked at, and why.
struct Due {
    tenant_id: Uuid,
    id: Uuid,
    /// The day of arrival has come.
    arrives: bool,
    /// Something is asked for already: it is only said once more.
    asked: Option<Uuid>,
}

/// Looks at so many bookings that arrive soon and are not paid; answers for how many something was done.
pub async fn due(store: &Store, limit: i64) -> Result<u64, StoreError> {
    let mut done = 0;
    for row in page(store, limit).await? {
        let by = By {
            tenant: row.tenant_id.into(),
            actor: ACTOR.to_owned(),
            request_id: None,
        };
        match one(store, &by, &row).await {
            Ok(()) => done += 1,
            Err(BookingError::Store(error)) if error.is_unavailable() => return Err(error),
            Err(BookingError::Busy(_)) => {}
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, reservation = %row.id, "a balance could not be asked for");
            }
        }
    }
    Ok(done)
}

async fn page(store: &Store, limit: i64) -> Result<Vec<Due>, StoreError> {
    sqlx::query_as!(
        Due,
        r#"SELECT r.tenant_id, r.id, it.days <= 0 AS "arrives!", q.id AS "asked?"
           FROM reservations r
           JOIN properties p ON p.id = r.property_id
           JOIN guests g ON g.id = r.guest_id
           CROSS JOIN LATERAL (SELECT clock_timestamp() AT TIME ZONE p.zone AS now) AS there
           CROSS JOIN LATERAL (SELECT min(s.check_in) - there.now::date AS days FROM stays s
                               WHERE s.reservation_id = r.id) AS it
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(CASE WHEN kind IN ('payment', 'credit_used', 'chargeback_reversed',
                                                      'retention_released', 'loss') THEN amount
                                        WHEN kind IN ('retention', 'credit', 'chargeback') THEN -amount END), 0)
                    - coalesce((SELECT sum(amount) FROM refunds
                                WHERE reservation_id = r.id AND currency = r.charge_currency
                                  AND state NOT IN ('credited', 'charged_back')), 0) AS paid
               FROM ledger_entries WHERE reservation_id = r.id AND currency = r.charge_currency) AS money
           -- What was paid for extras has not paid the price.
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(CASE e.state WHEN 'paid' THEN e.amount ELSE least(e.amount, it.came) END), 0) AS paid
               FROM payment_requests e
               CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS came FROM ledger_entries
                                   WHERE reservation_id = r.id AND payment_request_id = e.id
                                     AND kind IN ('payment', 'credit_used') AND currency = e.currency) AS it
               WHERE e.reservation_id = r.id AND e.purpose = 'extra' AND e.state IN ('open', 'paid')
                 AND e.currency = r.charge_currency) AS extras
           LEFT JOIN LATERAL (SELECT id, reminded_at, created_at FROM payment_requests
                              WHERE reservation_id = r.id AND state = 'open' AND purpose <> 'extra'
                              ORDER BY n LIMIT 1) AS q ON true
           WHERE r.status IN ('confirmed', 'checked_in') AND money.paid < r.charge_total + extras.paid
             AND it.days BETWEEN -30 AND 90
             AND CASE
                 -- The day has come: once for the owner, asked or not.
                 WHEN it.days <= 0
                 THEN r.status = 'confirmed' AND it.days = 0
                      AND NOT EXISTS (SELECT FROM attention a
                                      WHERE a.tenant_id = r.tenant_id AND a.kind = 'balance_open'
                                        AND a.subject = 'reservation:' || r.id)
                 WHEN r.source = 'import' OR g.kind <> 'guest' OR g.opted_out_at IS NOT NULL
                      OR there.now::time NOT BETWEEN '10:00' AND '20:00'
                 THEN false
                 -- Not yet asked for.
                 WHEN q.id IS NULL THEN r.status = 'confirmed' AND it.days <= p.balance_days AND p.balance_days > 0
                 -- The day before; what was asked for that day was asked for then.
                 ELSE r.status = 'confirmed' AND it.days = 1 AND q.reminded_at IS NULL AND p.balance_days > 0
                      AND q.created_at <= clock_timestamp() - interval '18 hours' END
           ORDER BY it.days, r.id
           LIMIT $1"#,
        limit,
    )
    .fetch_all(store.pool())
    .await
    .doing("look for balances that are due")
}

async fn one(store: &Store, by: &By, row: &Due) -> Result<(), BookingError> {
    let mut tx = store.begin().await?;
    let locked = lock::whole(&mut tx, by.tenant, row.id.into(), &[]).await?;
    let booking = &locked.booking;
    // Extras are asked for by whoever sells them.
    let open = booking.open().minor - requests::extras_open(&mut tx, booking).await?;
    if open > 0 {
        let mut asked = requests::open_rows(booking);
        let asked = asked.find(|it| it.purpose != Purpose::Extra);
        match asked.map(|it| it.id) {
            _ if row.arrives => tell_owner(&mut tx, by.tenant, booking, open).await?,
            Some(request) if row.asked == Some(request.uuid()) => {
                remind(&mut tx, by, booking, request).await?;
            }
            // Asked for between looking and locking.
            Some(_) => {}
            None => ask(&mut tx, by, &locked).await?,
        }
    }
    tx.commit().await.doing("commit the asking for a balance")?;
    Ok(())
}

/// By the link where there is one, else by transfer.
async fn ask(tx: &mut PgConnection, by: &By, locked: &Locked) -> Result<(), BookingError> {
    let method = match requests::possible(tx, by.tenant, Method::MercadoPago).await {
        Ok(()) => Method::MercadoPago,
        Err(BookingError::NotFound(_)) => Method::Transfer,
        Err(error) => return Err(error),
    };
    let new = NewAsk {
        purpose: Purpose::Balance,
        method,
        amount: None,
        expires_at: None,
        note: String::new(),
    };
    requests::ask_in(tx, by, locked, &new).await.map(|_| ())
}

/// Says once more what is asked for: by the link that can be opened, or without.
async fn remind(
    tx: &mut PgConnection,
    by: &By,
    booking: &Booking,
    request: PaymentRequestId,
) -> Result<(), BookingError> {
    let noted = sqlx::query!(
        "UPDATE payment_requests SET reminded_at = $2
         WHERE id = $1 AND state = 'open' AND reminded_at IS NULL",
        request.uuid(),
        catalog::now(tx).await?,
    )
    .execute(&mut *tx)
    .await
    .doing("note that the guest is reminded of a balance")?
    .rows_affected();
    if noted == 0 {
        return Ok(());
    }
    let reservation = booking.id;
    let row = booking.requests.iter().find(|row| row.id == request);
    let live = row
        .and_then(|row| row.link.as_ref())
        .is_some_and(|link| link.state == "live");
    let event = if live {
        Event::LinkReady { reservation }
    } else {
        Event::PaymentAsked { reservation }
    };
    let key = format!("balance_reminded:{request}");
    events::tell(tx, by.tenant, booking.guest, &event, &key).await?;
    Ok(())
}

async fn tell_owner(
    tx: &mut PgConnection,
    tenant: TenantId,
    booking: &Booking,
    open: i64,
) -> Result<(), StoreError> {
    let matter = NewAttention {
        tenant,
        kind: BALANCE_OPEN,
        subject: &booking.subject(),
        detail: serde_json::json!({
            "reservation": booking.id, "code": booking.code,
            "amount": { "minor": open, "currency": booking.charge.currency },
        }),
        deadline: None,
    };
    attention::raise(tx, &matter).await
}
