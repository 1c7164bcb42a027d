//! Matters of a booking.

use std::collections::HashMap;

use posta_domain::money::Money;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{About, amount};
use crate::{
    error::{Doing as _, StoreError},
    ids::{ConversationId, MediaId, TenantId},
};

/// A booking that matters.
pub(super) struct Booked {
    /// Without amount and receipt.
    booking: About,
    /// What should have come with its receipt.
    with_receipt: Option<Money>,
    receipt: Option<MediaId>,
    /// What is open of what was asked for.
    open: Option<Money>,
}

impl Booked {
    /// What a matter of this kind is about.
    pub(super) fn about(&self, kind: &str) -> About {
        let receipt = kind == "receipt";
        About {
            amount: if receipt {
                self.with_receipt
            } else {
                self.open
            },
            receipt: self.receipt.filter(|_| receipt),
            ..self.booking.clone()
        }
    }

    /// The booking alone.
    pub(super) fn alone(&self) -> About {
        self.booking.clone()
    }
}

/// By their ids.
pub(super) async fn bookings(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Booked>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"WITH asked AS (
               SELECT q.reservation_id, q.n, q.state, q.receipt, q.receipt_media_id, q.currency::text AS currency,
                      q.amount - coalesce((SELECT sum(l.amount) FROM ledger_entries l
                                           WHERE l.payment_request_id = q.id AND l.kind = 'payment'
                                             AND l.currency = q.currency), 0)::bigint AS open
               FROM payment_requests q
               WHERE q.tenant_id = $1 AND q.reservation_id = ANY($2))
           SELECT r.id, r.code, r.guest_id, coalesce(g.legal_name, g.display_name) AS guest_name, s.check_in, s.check_out,
                  s.cabins AS "cabins!", q.receipt_media_id AS "receipt?", q.currency AS "receipt_currency?",
                  q.open AS "receipt_open?", o.currency AS "currency?", o.open AS "open?",
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
               SELECT q.receipt_media_id, q.currency, q.open
               FROM asked q
               WHERE q.reservation_id = r.id AND q.receipt IS NOT NULL
               ORDER BY (q.receipt = 'waiting') DESC, q.n DESC LIMIT 1) AS q ON true
           LEFT JOIN LATERAL (
               SELECT q.currency, q.open
               FROM asked q
               WHERE q.reservation_id = r.id AND q.state = 'open'
               ORDER BY q.n LIMIT 1) AS o ON true
           WHERE r.tenant_id = $1 AND r.id = ANY($2)"#,
        tenant.uuid(),
        ids,
    )
    .fetch_all(conn)
    .await
    .doing("read what matters are about")?;
    let booked = rows.into_iter().map(|row| {
        let booking = About {
            guest: Some(row.guest_id.into()),
            guest_name: row.guest_name,
            chat: row.chat.map(ConversationId::from),
            reservation: Some(row.id.into()),
            code: Some(row.code),
            check_in: row.check_in,
            check_out: row.check_out,
            cabins: row.cabins,
            ..About::default()
        };
        let booked = Booked {
            booking,
            with_receipt: amount(row.receipt_open, row.receipt_currency.as_deref()),
            receipt: row.receipt.map(MediaId::from),
            open: amount(row.open, row.currency.as_deref()),
        };
        (row.id, booked)
    });
    Ok(booked.collect())
}
