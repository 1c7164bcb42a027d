//! A place that lets cabins: whatever a test about bookings needs around it.

use chrono::{Days, NaiveDate};
use posta_domain::{
    conditions::Checks,
    money::{Currency, Money},
    nights::Period,
    party::Party,
};
use uuid::Uuid;

use super::Database;
use crate::{
    audit::By,
    booking::{
        Asked, Booking, BookingError, GuestInput, HoldRequest, Method, Quote, QuoteRequest, Source,
        What, Who, hold, quotes,
    },
    catalog,
    ids::{AccommodationId, PropertyId, ReservationId, TenantId, UnitTypeId},
    pool::Store,
};

/// What a night costs, in centavos.
const NIGHT: i64 = 10_000_000;

/// A property with one kind of cabin at $ 100.000 a night for up to four guests, half of it due to confirm, everything
/// else as a new property has it.
#[derive(Debug, Clone)]
pub struct Lodge {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub property: PropertyId,
    /// Its only kind of cabin.
    pub kind: UnitTypeId,
    /// Its cabins, ascending.
    pub cabins: Vec<AccommodationId>,
    /// Somebody who works there.
    pub by: By,
    /// Today there.
    pub today: NaiveDate,
    store: Store,
}

impl Database {
    /// Makes one with so many cabins, of a tenant of its own.
    pub async fn lodge(&self, cabins: usize) -> Lodge {
        let (tenant, property, kind) = (Uuid::now_v7(), PropertyId::fresh(), UnitTypeId::fresh());
        let rates = serde_json::json!({ "currency": "ARS", "night": NIGHT, "included_guests": 4 });
        let mut tx = self.store.begin().await.expect("a transaction");
        sqlx::query("INSERT INTO tenants (id, name) VALUES ($1, $2)")
            .bind(tenant)
            .bind(tenant.to_string())
            .execute(&mut *tx)
            .await
            .expect("a tenant");
        sqlx::query(
            "INSERT INTO properties (tenant_id, id, name, zone, currency, check_in_from, check_out_until)
             VALUES ($1, $2, 'Lago', 'America/Argentina/Buenos_Aires', 'ARS', '15:00', '10:00')",
        )
        .bind(tenant)
        .bind(property.uuid())
        .execute(&mut *tx)
        .await
        .expect("a property");
        sqlx::query(
            "INSERT INTO unit_types (tenant_id, id, property_id, name, capacity, rates)
             VALUES ($1, $2, $3, 'Cabaña', 4, $4)",
        )
        .bind(tenant)
        .bind(kind.uuid())
        .bind(property.uuid())
        .bind(rates)
        .execute(&mut *tx)
        .await
        .expect("a kind of cabin");
        let mut ids: Vec<AccommodationId> = (0..cabins).map(|_| AccommodationId::fresh()).collect();
        ids.sort_unstable();
        for (at, id) in ids.iter().enumerate() {
            sqlx::query(
                "INSERT INTO accommodations (tenant_id, id, unit_type_id, name) VALUES ($1, $2, $3, $4)",
            )
            .bind(tenant)
            .bind(id.uuid())
            .bind(kind.uuid())
            .bind(format!("Cabaña {}", at + 1))
            .execute(&mut *tx)
            .await
            .expect("a cabin");
        }
        let today = catalog::today(&mut tx, chrono_tz::America::Argentina::Buenos_Aires)
            .await
            .expect("the day");
        tx.commit().await.expect("the lodge is committed");
        Lodge {
            tenant: tenant.into(),
            property,
            kind,
            cabins: ids,
            by: By {
                tenant: tenant.into(),
                actor: "system:test".to_owned(),
                request_id: None,
            },
            today,
            store: self.store.clone(),
        }
    }
}

impl Lodge {
    /// So many days from today.
    #[must_use]
    pub fn day(&self, ahead: u64) -> NaiveDate {
        self.today
            .checked_add_days(Days::new(ahead))
            .expect("a day")
    }

    /// From one day until another.
    #[must_use]
    pub fn period(&self, from: u64, until: u64) -> Period {
        Period::new(self.day(from), self.day(until)).expect("at least one night")
    }

    /// Pesos, as centavos.
    #[must_use]
    pub const fn pesos(pesos: i64) -> Money {
        Money::new(pesos * 100, Currency::ARS)
    }

    /// Two adults in any cabin.
    #[must_use]
    pub fn any(&self, from: u64, until: u64) -> Asked {
        Asked {
            what: What::Type(self.kind),
            period: self.period(from, until),
            party: Party::new(2, Vec::new(), 0).expect("two adults"),
        }
    }

    /// Two adults in a certain cabin.
    #[must_use]
    pub fn in_cabin(&self, cabin: usize, from: u64, until: u64) -> Asked {
        let cabin = *self.cabins.get(cabin).expect("a cabin");
        Asked {
            what: What::Cabin(cabin),
            ..self.any(from, until)
        }
    }

    /// A guest's quote.
    pub async fn quote(&self, stays: Vec<Asked>) -> Result<Quote, BookingError> {
        let request = QuoteRequest {
            property: self.property,
            stays,
            charge_currency: None,
            adjustments: Vec::new(),
            guest: None,
            checks: Checks::Guest,
        };
        quotes::make(&self.store, &self.by, &request).await
    }

    /// What a new guest asks who pays by transfer.
    #[must_use]
    pub fn request(quote: &Quote) -> HoldRequest {
        HoldRequest {
            quote: quote.id,
            who: Who::New(GuestInput {
                name: "Ana".to_owned(),
                phone: None,
                email: None,
            }),
            source: Source::Web,
            method: Method::Transfer,
            cabins: Vec::new(),
            link_until: false,
            notes: String::new(),
            confirm_now: false,
            key: None,
        }
    }

    /// Quotes and holds.
    pub async fn try_hold(&self, stays: Vec<Asked>) -> Result<Booking, BookingError> {
        let quote = self.quote(stays).await?;
        let held = hold(&self.store, &self.by, &Self::request(&quote), |_| {
            serde_json::Value::Null
        })
        .await?;
        Ok(self.booking(held.reservation.expect("a booking")).await)
    }

    /// Quotes and holds any cabin.
    pub async fn held(&self, from: u64, until: u64) -> Booking {
        self.try_hold(vec![self.any(from, until)])
            .await
            .expect("the nights are free")
    }

    /// The booking now.
    pub async fn booking(&self, id: ReservationId) -> Booking {
        let mut conn = self.store.acquire().await.expect("a connection");
        crate::booking::view::view(&mut conn, self.tenant, id)
            .await
            .expect("the booking is read")
            .expect("the booking is there")
    }

    /// The hold's time is over from now on, and has not been swept. Nothing, if it is no hold any more.
    pub async fn age(&self, id: ReservationId) {
        let mut tx = self.store.begin().await.expect("a transaction");
        // The booking before its claims, as everybody.
        for sql in [
            "UPDATE reservations SET hold_expires_at = now() - interval '1 second' WHERE id = $1 AND status = 'held'",
            "UPDATE claims SET expires_at = now() - interval '1 second'
             WHERE kind = 'hold' AND stay_id IN (SELECT id FROM stays WHERE reservation_id = $1)",
            "UPDATE payment_requests SET expires_at = now() - interval '1 second'
             WHERE reservation_id = $1 AND state = 'open' AND expires_at IS NOT NULL",
        ] {
            sqlx::query(sql)
                .bind(id.uuid())
                .execute(&mut *tx)
                .await
                .expect("the hold is aged");
        }
        tx.commit().await.expect("the hold's age is committed");
    }
}
