//! What a matter is about, as it is now: enough to act on a receipt or a request for a lower price without looking
//! anything else up.
//!
//! Read with the matters and kept nowhere: names stay where erasing a guest finds them.

use std::collections::HashMap;

use chrono::NaiveDate;
use posta_domain::money::{Currency, Money};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Matter;
use crate::{
    error::{Doing as _, StoreError},
    ids::{ConversationId, GuestId, MediaId, QuoteId, ReservationId, TenantId},
};

/// What it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Who.
    pub guest: Option<GuestId>,
    /// The legal name, or else what she calls herself.
    pub guest_name: Option<String>,
    /// Her chat; not a personal contact's.
    pub chat: Option<ConversationId>,
    /// The booking.
    pub reservation: Option<ReservationId>,
    /// Its code.
    pub code: Option<String>,
    /// The quote she asks a lower price for.
    pub quote: Option<QuoteId>,
    /// The first night.
    pub check_in: Option<NaiveDate>,
    /// The day of leaving.
    pub check_out: Option<NaiveDate>,
    /// The names of the cabins, or of their kinds where it is a quote.
    pub cabins: Vec<String>,
    /// A receipt: what should have come with it. A quote: its price.
    pub amount: Option<Money>,
    /// The receipt's file.
    pub receipt: Option<MediaId>,
}

/// What each is about, by its subject. Those that are about neither a booking nor a chat are not there.
pub async fn about(
    conn: &mut PgConnection,
    tenant: TenantId,
    matters: &[Matter],
) -> Result<HashMap<String, About>, StoreError> {
    let of = |kind: &str| -> Vec<Uuid> {
        let subjects = matters
            .iter()
            .filter_map(|matter| matter.subject.split_once(':'));
        subjects
            .filter(|(what, _)| *what == kind)
            .filter_map(|(_, id)| Uuid::try_parse(id).ok())
            .collect()
    };
    let mut found = HashMap::new();
    let reservations = of("reservation");
    if !reservations.is_empty() {
        bookings(conn, tenant, &reservations, &mut found).await?;
    }
    let chats = of("conversation");
    if !chats.is_empty() {
        let quotes = matters.iter().filter_map(|matter| {
            let quote = Uuid::try_parse(matter.detail["quote"].as_str()?).ok()?;
            Some((matter.subject.clone(), quote))
        });
        conversations(conn, tenant, &chats, &quotes.collect(), &mut found).await?;
    }
    Ok(found)
}

async fn bookings(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[Uuid],
    found: &mut HashMap<String, About>,
) -> Result<(), StoreError> {
    let rows = sqlx::query!(
        r#"SELECT r.id, r.code, r.guest_id, coalesce(g.legal_name, g.display_name) AS guest_name, s.check_in, s.check_out,
                  s.cabins AS "cabins!", q.receipt_media_id AS "receipt?", q.currency AS "currency?", q.open AS "open?",
                  (SELECT c.id FROM conversations c
                   WHERE c.tenant_id = $1 AND c.guest_id = r.guest_id AND g.kind <> 'personal'
                   ORDER BY c.last_guest_at DESC NULLS LAST LIMIT 1) AS chat
           FROM reservations r
           JOIN guests g ON g.id = r.guest_id
           CROSS JOIN LATERAL (
               SELECT min(s.check_in) AS check_in, max(s.check_out) AS check_out, array_agg(a.name ORDER BY s.position) AS cabins
               FROM stays s JOIN accommodations a ON a.id = s.accommodation_id
               WHERE s.reservation_id = r.id) AS s
           LEFT JOIN LATERAL (
               SELECT q.receipt_media_id, q.currency::text AS currency,
                      q.amount - coalesce((SELECT sum(l.amount) FROM ledger_entries l
                                           WHERE l.payment_request_id = q.id AND l.kind = 'payment'
                                             AND l.currency = q.currency), 0)::bigint AS open
               FROM payment_requests q
               WHERE q.reservation_id = r.id AND q.receipt IS NOT NULL
               ORDER BY (q.receipt = 'waiting') DESC, q.n DESC LIMIT 1) AS q ON true
           WHERE r.tenant_id = $1 AND r.id = ANY($2)"#,
        tenant.uuid(),
        ids,
    )
    .fetch_all(conn)
    .await
    .doing("read what matters are about")?;
    for row in rows {
        let amount = money(row.open, row.currency.as_deref());
        let about = About {
            guest: Some(row.guest_id.into()),
            guest_name: row.guest_name,
            chat: row.chat.map(ConversationId::from),
            reservation: Some(row.id.into()),
            code: Some(row.code),
            check_in: row.check_in,
            check_out: row.check_out,
            cabins: row.cabins,
            amount,
            receipt: row.receipt.map(MediaId::from),
            ..About::default()
        };
        found.insert(format!("reservation:{}", row.id), about);
    }
    Ok(())
}

async fn conversations(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[Uuid],
    quotes: &HashMap<String, Uuid>,
    found: &mut HashMap<String, About>,
) -> Result<(), StoreError> {
    let rows = sqlx::query!(
        "SELECT c.id, c.guest_id, coalesce(g.legal_name, g.display_name) AS guest_name
         FROM conversations c JOIN guests g ON g.id = c.guest_id
         WHERE c.tenant_id = $1 AND c.id = ANY($2) AND g.kind <> 'personal'",
        tenant.uuid(),
        ids,
    )
    .fetch_all(&mut *conn)
    .await
    .doing("read which chats matters are about")?;
    for row in rows {
        let subject = format!("conversation:{}", row.id);
        let mut about = About {
            guest: Some(row.guest_id.into()),
            guest_name: row.guest_name,
            chat: Some(row.id.into()),
            ..About::default()
        };
        if let Some(quote) = quotes.get(&subject) {
            priced(conn, tenant, (*quote).into(), &mut about).await?;
        }
        found.insert(subject, about);
    }
    Ok(())
}

/// Requests for a lower price are few: one look each.
async fn priced(
    conn: &mut PgConnection,
    tenant: TenantId,
    quote: QuoteId,
    about: &mut About,
) -> Result<(), StoreError> {
    let Some(quote) = crate::booking::quotes::get(conn, Some(tenant), quote).await? else {
        return Ok(());
    };
    let stays = &quote.inputs.stays;
    about.quote = Some(quote.id);
    about.check_in = stays.iter().map(|stay| stay.period.check_in()).min();
    about.check_out = stays.iter().map(|stay| stay.period.check_out()).max();
    about.cabins = stays.iter().map(|it| it.unit_type_name.clone()).collect();
    about.amount = Some(quote.breakdown.total);
    Ok(())
}

fn money(minor: Option<i64>, currency: Option<&str>) -> Option<Money> {
    let currency: Currency = currency?.parse().ok()?;
    Some(Money::new(minor?, currency))
}
