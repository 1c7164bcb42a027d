//! Paying another way, and asking the provider whether she has paid.

use posta_domain::{
    dialogue::{Booked, Denied},
    reservation::Status,
    understand::PayBy,
};
use sqlx::{Connection as _, PgConnection};

use super::{TurnWorld, booked, effects::in_savepoint, look::settled};
use crate::{
    audit::By,
    booking::{
        BookingError, Method,
        lock::{self, Locked},
        money::Purpose,
        requests::{self, NewAsk},
        view::Booking,
    },
    error::{Doing as _, StoreError},
    ids::ReservationId,
    payments::reads::{self, ReadKind},
};

/// How the store calls it.
pub(super) const fn method(way: PayBy) -> Method {
    match way {
        PayBy::Transfer => Method::Transfer,
        PayBy::MercadoPago => Method::MercadoPago,
        PayBy::Cash => Method::Cash,
    }
}

impl TurnWorld<'_> {
    pub(super) async fn switch_to(
        &mut self,
        id: ReservationId,
        way: PayBy,
    ) -> Result<Result<Booked, Denied>, StoreError> {
        let Some(status) = self.own_status(id).await? else {
            return Ok(Err(Denied::NotFound));
        };
        if !matches!(status, Status::Held | Status::Confirmed | Status::CheckedIn) {
            return Ok(Err(Denied::State(status)));
        }
        let by = &self.by;
        let method = method(way);
        let answer = in_savepoint!(self.conn, |tx| switch(tx, by, id, method));
        settled(answer.map(booked::booked), status)
    }

    /// All payments of what was asked for last by link are read again, whether it is still open or not.
    pub(super) async fn ask_provider(&mut self, id: ReservationId) -> Result<bool, StoreError> {
        let asked = sqlx::query!(
            r#"SELECT p.external_reference, a.id AS "account!"
               FROM payment_requests p
               JOIN reservations r ON r.id = p.reservation_id
               -- The account that its link was made with; before there is one, the tenant's.
               CROSS JOIN LATERAL (
                   SELECT c.id
                   FROM channel_accounts c
                   LEFT JOIN payment_links l ON l.account_id = c.id AND l.payment_request_id = p.id
                   WHERE c.tenant_id = p.tenant_id AND c.provider = 'mercadopago'
                   ORDER BY l.created_at DESC NULLS LAST, c.created_at, c.id
                   LIMIT 1) AS a
               WHERE p.tenant_id = $1 AND p.reservation_id = $2 AND r.guest_id = $3 AND p.method = 'mercadopago'
               ORDER BY p.n DESC
               LIMIT 1"#,
            self.whose.tenant.uuid(),
            id.uuid(),
            self.whose.guest.uuid(),
        )
        .fetch_optional(&mut *self.conn)
        .await
        .doing("look for what was asked for by link")?;
        let Some(asked) = asked else {
            return Ok(false);
        };
        reads::want(
            self.conn,
            self.whose.tenant,
            asked.account.into(),
            ReadKind::Reference,
            &asked.external_reference,
        )
        .await?;
        Ok(true)
    }
}

/// What is asked for is asked for anew; of a booking that is sold and asked for nothing, what is open of its price.
async fn switch(
    tx: &mut PgConnection,
    by: &By,
    id: ReservationId,
    method: Method,
) -> Result<Booking, BookingError> {
    let locked: Locked = lock::whole(tx, by.tenant, id, &[]).await?;
    let asked = locked
        .booking
        .requests
        .iter()
        .any(|row| row.state == "open");
    if asked {
        return requests::switch_in(tx, by, id, method).await;
    }
    let balance = NewAsk {
        purpose: Purpose::Balance,
        method,
        amount: None,
        expires_at: None,
        note: String::new(),
    };
    requests::ask_in(tx, by, &locked, &balance).await?;
    lock::read(tx, by.tenant, id).await
}
