//! A place to book in: a property with one kind of cabin, and short words for asking and holding.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use chrono::{Days, NaiveDate};
use posta_domain::{nights::Period, party::Party};
use posta_store::{
    Store,
    audit::By,
    booking::{
        self, Answered, Asked, Booking, BookingError, Checks, GuestInput, HoldRequest, Key, Method,
        Quote, QuoteRequest, Source, What, Who, quotes,
    },
    ids::{AccommodationId, PropertyId, ReservationId, TenantId, UnitTypeId},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// A property.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) by: By,
    pub(crate) property: PropertyId,
    pub(crate) kind: UnitTypeId,
    /// In ascending order.
    pub(crate) cabins: Vec<AccommodationId>,
    /// A Monday at least sixty days ahead, by the database's clock.
    pub(crate) monday: NaiveDate,
}

/// $ 100,00 a night, two guests included, cleaning $ 50,00.
pub(crate) fn rates() -> Value {
    json!({ "currency": "ARS", "night": 10_000, "included_guests": 2, "cleaning_fee": 5_000 })
}

impl World {
    /// One with so many cabins of one kind.
    pub(crate) async fn with_cabins(store: &Store, cabins: usize) -> Self {
        let monday: NaiveDate = sqlx::query_scalar(
            "SELECT (date_trunc('week', clock_timestamp() + interval '67 days'))::date",
        )
        .fetch_one(store.pool())
        .await
        .unwrap();
        let tenant = TenantId::fresh();
        let mut world = Self {
            store: store.clone(),
            by: By {
                tenant,
                actor: "web".to_owned(),
                request_id: None,
            },
            property: PropertyId::fresh(),
            kind: UnitTypeId::fresh(),
            cabins: Vec::new(),
            monday,
        };
        world
            .sql(
                "INSERT INTO tenants (id, name) VALUES ($1, 'Lago ' || $1::text)",
                &[tenant.uuid()],
            )
            .await;
        world
            .sql(
                "INSERT INTO properties (tenant_id, id, name, zone, currency, check_in_from, check_out_until)
                 VALUES ($1, $2, 'Cabañas', 'America/Argentina/Buenos_Aires', 'ARS', '15:00', '10:00')",
                &[tenant.uuid(), world.property.uuid()],
            )
            .await;
        world.kind = world.add_kind("Cabaña", &rates()).await;
        for at in 0..cabins {
            let cabin = world.add_cabin(world.kind, &format!("Cabaña {at}")).await;
            world.cabins.push(cabin);
        }
        world
    }

    /// Another kind of cabin, for four.
    pub(crate) async fn add_kind(&self, name: &str, rates: &Value) -> UnitTypeId {
        let kind = UnitTypeId::fresh();
        sqlx::query(
            "INSERT INTO unit_types (tenant_id, id, property_id, name, capacity, rates) VALUES ($1, $2, $3, $4, 4, $5)",
        )
        .bind(self.by.tenant.uuid())
        .bind(kind.uuid())
        .bind(self.property.uuid())
        .bind(name)
        .bind(rates)
        .execute(self.store.pool())
        .await
        .unwrap();
        kind
    }

    /// Another cabin.
    pub(crate) async fn add_cabin(&self, kind: UnitTypeId, name: &str) -> AccommodationId {
        let cabin = AccommodationId::fresh();
        sqlx::query(
            "INSERT INTO accommodations (tenant_id, id, unit_type_id, name) VALUES ($1, $2, $3, $4)",
        )
        .bind(self.by.tenant.uuid())
        .bind(cabin.uuid())
        .bind(kind.uuid())
        .bind(name)
        .execute(self.store.pool())
        .await
        .unwrap();
        cabin
    }

    /// A statement whose parameters are ids.
    pub(crate) async fn sql(&self, sql: &'static str, ids: &[Uuid]) -> u64 {
        let mut query = sqlx::query(sql);
        for id in ids {
            query = query.bind(*id);
        }
        query
            .execute(self.store.pool())
            .await
            .unwrap()
            .rows_affected()
    }

    /// How many rows a query counts; its one parameter, if it has one, is the tenant.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let mut query = sqlx::query_scalar(sql);
        if sql.contains("$1") {
            query = query.bind(self.by.tenant.uuid());
        }
        query.fetch_one(self.store.pool()).await.unwrap()
    }

    /// Sets something of the property.
    pub(crate) async fn set(&self, what: &'static str) {
        let sql = format!("UPDATE properties SET {what} WHERE id = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(self.property.uuid())
            .execute(self.store.pool())
            .await
            .unwrap();
    }

    /// Nights from so many days after the Monday.
    pub(crate) fn nights(&self, from: u64, nights: u64) -> Period {
        let first = self.monday + Days::new(from);
        Period::new(first, first + Days::new(nights)).unwrap()
    }

    /// Two adults.
    #[expect(clippy::unused_self, reason = "read beside the others")]
    pub(crate) fn asked(&self, what: What, period: Period) -> Asked {
        Asked {
            what,
            period,
            party: Party::new(2, vec![], 0).unwrap(),
        }
    }

    pub(crate) fn request(&self, stays: Vec<Asked>) -> QuoteRequest {
        QuoteRequest {
            property: self.property,
            stays,
            charge_currency: None,
            adjustments: Vec::new(),
            guest: None,
            checks: Checks::Guest,
        }
    }

    /// A quote for any cabin of the kind.
    pub(crate) async fn quote(&self, period: Period) -> Quote {
        self.quote_of(vec![self.asked(What::Type(self.kind), period)])
            .await
    }

    /// A quote for one cabin.
    pub(crate) async fn quote_cabin(&self, cabin: AccommodationId, period: Period) -> Quote {
        self.quote_of(vec![self.asked(What::Cabin(cabin), period)])
            .await
    }

    pub(crate) async fn quote_of(&self, stays: Vec<Asked>) -> Quote {
        quotes::make(&self.store, &self.by, &self.request(stays))
            .await
            .unwrap()
    }

    /// Holds it; what comes back is the booking.
    pub(crate) async fn hold(&self, quote: &Quote) -> Result<Booking, BookingError> {
        self.hold_as(&holding(quote)).await
    }

    pub(crate) async fn hold_as(&self, request: &HoldRequest) -> Result<Booking, BookingError> {
        let answered = self.answered(request).await?;
        Ok(self.booking(answered.reservation.unwrap()).await)
    }

    pub(crate) async fn answered(&self, request: &HoldRequest) -> Result<Answered, BookingError> {
        booking::hold(&self.store, &self.by, request, answer).await
    }

    /// As it is now.
    pub(crate) async fn booking(&self, id: ReservationId) -> Booking {
        let mut conn = self.store.pool().acquire().await.unwrap();
        booking::view::view(&mut conn, self.by.tenant, id)
            .await
            .unwrap()
            .unwrap()
    }

    /// Lets the time of a hold be over, as if nobody had swept since.
    pub(crate) async fn let_expire(&self, id: ReservationId) {
        self.sql(
            "UPDATE claims SET expires_at = clock_timestamp() - interval '1 second'
             WHERE kind = 'hold' AND stay_id IN (SELECT id FROM stays WHERE reservation_id = $1)",
            &[id.uuid()],
        )
        .await;
        self.sql(
            "UPDATE reservations SET hold_expires_at = clock_timestamp() - interval '1 second' WHERE id = $1",
            &[id.uuid()],
        )
        .await;
    }

    /// Steps of a booking, in order, with who took them.
    pub(crate) async fn history(&self, id: ReservationId) -> Vec<(String, String)> {
        sqlx::query_as("SELECT action, actor FROM audit_log WHERE subject = $1 ORDER BY at, id")
            .bind(format!("reservation:{id}"))
            .fetch_all(self.store.pool())
            .await
            .unwrap()
    }
}

/// Holding a quote over the web.
pub(crate) fn holding(quote: &Quote) -> HoldRequest {
    HoldRequest {
        quote: quote.id,
        who: Who::New(GuestInput {
            name: "Ana Díaz".to_owned(),
            phone: Some("+54 9 294 400-0000".to_owned()),
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

/// A key for it.
pub(crate) fn key(key: &str, body: u8) -> Key {
    Key {
        principal: "quote:1".to_owned(),
        route: "POST /reservations",
        key: key.to_owned(),
        request_sha256: [body; 32],
    }
}

fn answer(booking: &Booking) -> Value {
    json!({ "code": booking.code, "id": booking.id })
}
