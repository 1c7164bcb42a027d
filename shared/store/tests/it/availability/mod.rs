//! What is free, against a real database.
#![expect(
    clippy::unwrap_used,
    reason = "tests stop at the first thing that is not as it must be"
)]

mod plans;

use chrono::{Days, NaiveDate};
use posta_domain::{
    availability::{Among, Offers, Search},
    money::Currency,
    nights::Period,
    party::Party,
    rates::Rates,
    refusal::Refusal,
};
use posta_store::{
    audit::By,
    availability::{calendar, offers, taken},
    booking::quotes::{Asked, Checks, QuoteRequest, What, make},
    catalog::{self, Place},
    ids::{AccommodationId, PropertyId, TenantId, UnitTypeId},
    testing::{Database, database},
};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

/// A property with one type of four cabins for four.
struct Lake {
    database: Database,
    tenant: TenantId,
    property: PropertyId,
    unit_type: UnitTypeId,
    cabins: Vec<AccommodationId>,
    today: NaiveDate,
}

async fn run(pool: &PgPool, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(pool)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn lake() -> Lake {
    let database = database().await;
    let (tenant, property, unit_type) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let rates = Rates {
        night: 8_000_000,
        weekend_night: Some(9_500_000),
        min_nights: 2,
        ..Rates::by_hand(Currency::ARS, 2)
    };
    let rates = serde_json::to_string(&rates).unwrap();
    let cabins: Vec<_> = (0..4).map(|_| Uuid::now_v7()).collect();
    let mut sql = format!(
        "INSERT INTO tenants (id, name) VALUES ('{tenant}', 'Lago');
         INSERT INTO properties (tenant_id, id, name, zone, currency, check_in_from, check_out_until)
         VALUES ('{tenant}', '{property}', 'Lago', 'America/Argentina/Buenos_Aires', 'ARS', '15:00', '10:00');
         INSERT INTO unit_types (tenant_id, id, property_id, name, capacity, rates)
         VALUES ('{tenant}', '{unit_type}', '{property}', 'Cabaña', 4, '{rates}');"
    );
    let named = cabins.iter().enumerate();
    sql.extend(named.map(|(at, cabin)| {
        format!(
            "INSERT INTO accommodations (tenant_id, id, unit_type_id, name)
             VALUES ('{tenant}', '{cabin}', '{unit_type}', '{at}');"
        )
    }));
    run(database.pool(), &sql).await;
    let mut connection = database.pool().acquire().await.unwrap();
    let zone = "America/Argentina/Buenos_Aires".parse().unwrap();
    let today = catalog::today(&mut connection, zone).await.unwrap();
    Lake {
        tenant: tenant.into(),
        property: property.into(),
        unit_type: unit_type.into(),
        cabins: cabins.into_iter().map(Into::into).collect(),
        today,
        database,
    }
}

impl Lake {
    fn day(&self, days: u64) -> NaiveDate {
        self.today + Days::new(days)
    }

    fn period(&self, first: u64, until: u64) -> Period {
        Period::new(self.day(first), self.day(until)).unwrap()
    }

    async fn place(&self) -> Place {
        let mut connection = self.database.pool().acquire().await.unwrap();
        let place = catalog::place(&mut connection, None, self.property);
        place.await.unwrap().unwrap()
    }

    async fn ask(&self, period: Period, among: Among) -> Offers {
        let mut connection = self.database.pool().acquire().await.unwrap();
        let search = Search {
            period,
            party: Party::new(3, vec![], 0).unwrap(),
            among,
        };
        let place = self.place().await;
        offers(&mut connection, &place, self.today, &search)
            .await
            .unwrap()
    }

    /// The owner keeps some nights of a cabin to herself.
    async fn block(&self, cabin: usize, first: u64, until: u64) {
        let (tenant, cabin, block) = (self.tenant, self.cabins[cabin], Uuid::now_v7());
        let nights = format!("daterange('{}', '{}')", self.day(first), self.day(until));
        run(
            self.database.pool(),
            &format!(
                "INSERT INTO blocks (tenant_id, id, accommodation_id, period, created_by)
                 VALUES ('{tenant}', '{block}', '{cabin}', {nights}, 'test');
                 INSERT INTO claims (tenant_id, id, accommodation_id, period, kind, block_id)
                 VALUES ('{tenant}', gen_random_uuid(), '{cabin}', {nights}, 'block', '{block}')"
            ),
        )
        .await;
    }

    /// A guest holds some nights of a cabin, until some seconds from now.
    async fn hold(&self, cabin: usize, first: u64, until: u64, seconds: i32) {
        let (tenant, property, cabin) = (self.tenant, self.property, self.cabins[cabin]);
        let unit_type = self.unit_type;
        let (guest, quote, booking, stay) = (
            Uuid::now_v7(),
            Uuid::now_v7(),
            Uuid::now_v7(),
            Uuid::now_v7(),
        );
        let (first, until) = (self.day(first), self.day(until));
        let over = format!("clock_timestamp() + interval '{seconds} seconds'");
        run(
            self.database.pool(),
            &format!(
                "INSERT INTO guests (tenant_id, id) VALUES ('{tenant}', '{guest}');
                 INSERT INTO quotes (tenant_id, id, property_id, inputs, breakdown, currency, total, charge_currency,
                                     charge_total, deposit, created_by, valid_until)
                 VALUES ('{tenant}', '{quote}', '{property}', '{{}}', '{{}}', 'ARS', 0, 'ARS', 0, 0, 'test', now());
                 INSERT INTO reservations (tenant_id, id, code, property_id, guest_id, quote_id, status, awaiting,
                                           hold_expires_at, source, charge_currency, charge_total, deposit)
                 VALUES ('{tenant}', '{booking}', '{booking}', '{property}', '{guest}', '{quote}', 'held', 'payment',
                         {over}, 'web', 'ARS', 0, 0);
                 INSERT INTO stays (tenant_id, id, reservation_id, position, unit_type_id, accommodation_id, check_in,
                                    check_out, adults)
                 VALUES ('{tenant}', '{stay}', '{booking}', 0, '{unit_type}', '{cabin}', '{first}', '{until}', 2);
                 INSERT INTO claims (tenant_id, id, accommodation_id, period, kind, stay_id, expires_at)
                 VALUES ('{tenant}', gen_random_uuid(), '{cabin}', daterange('{first}', '{until}'), 'hold', '{stay}',
                         {over})"
            ),
        )
        .await;
    }

    /// Another channel has sold a night of a cabin.
    async fn elsewhere(&self, cabin: usize, night: u64) {
        let (tenant, cabin, night) = (self.tenant, self.cabins[cabin], self.day(night));
        let feed = Uuid::now_v7();
        run(
            self.database.pool(),
            &format!(
                "INSERT INTO calendar_feeds (tenant_id, id, accommodation_id, channel)
                 VALUES ('{tenant}', '{feed}', '{cabin}', 'airbnb');
                 INSERT INTO external_nights (tenant_id, feed_id, accommodation_id, night)
                 VALUES ('{tenant}', '{feed}', '{cabin}', '{night}')"
            ),
        )
        .await;
    }
}

#[tokio::test]
async fn blocks_holds_and_nights_sold_elsewhere_are_not_offered_and_overdue_holds_are_free() {
    let lake = lake().await;
    lake.block(0, 12, 13).await;
    lake.elsewhere(1, 13).await;
    lake.hold(2, 8, 11, 600).await;
    // Its time is over and nobody has swept it.
    lake.hold(3, 8, 20, -1).await;
    let found = lake.ask(lake.period(10, 14), Among::All).await;
    assert_eq!(found.offers.len(), 1);
    assert_eq!(found.offers[0].free, [lake.cabins[3]]);
    // Nights touch at their ends only.
    let found = lake.ask(lake.period(8, 12), Among::All).await;
    let free = [0, 1, 3].map(|at| lake.cabins[at]);
    assert_eq!(found.offers[0].free, free);
}

#[tokio::test]
async fn an_offer_costs_what_its_quote_does() {
    let lake = lake().await;
    let period = lake.period(10, 17);
    let found = lake.ask(period, Among::All).await;
    let by = By {
        tenant: lake.tenant,
        actor: "web".to_owned(),
        request_id: None,
    };
    let asked = Asked {
        what: What::Type(lake.unit_type),
        period,
        party: Party::new(3, vec![], 0).unwrap(),
    };
    let request = QuoteRequest {
        property: lake.property,
        stays: vec![asked],
        charge_currency: None,
        adjustments: Vec::new(),
        guest: None,
        checks: Checks::Guest,
    };
    let quote = make(lake.database.store(), &by, &request).await.unwrap();
    assert_eq!(found.offers[0].price, quote.breakdown);
    assert!(quote.breakdown.total.minor >= 7 * 8_000_000);
}

#[tokio::test]
async fn where_everything_is_taken_the_nearest_dates_and_the_nights_are_said() {
    let lake = lake().await;
    for cabin in 0..4 {
        lake.block(cabin, 10, 12).await;
    }
    let found = lake.ask(lake.period(9, 12), Among::All).await;
    let nights = vec![lake.day(10), lake.day(11)];
    assert_eq!(found.refusal, Some(Refusal::Taken { nights }));
    let starts: Vec<_> = found
        .alternatives
        .dates
        .iter()
        .map(|offer| offer.period.check_in())
        .collect();
    assert_eq!(starts, [lake.day(7), lake.day(12), lake.day(6)]);
    // Another cabin than the one asked for.
    lake.block(0, 20, 22).await;
    let only = Among::Cabin(lake.cabins[0]);
    let found = lake.ask(lake.period(19, 22), only).await;
    assert_eq!(found.alternatives.cabins[0].free, lake.cabins[1..]);
}

#[tokio::test]
async fn a_calendar_shows_each_night_with_its_price() {
    let lake = lake().await;
    lake.block(0, 1, 3).await;
    lake.elsewhere(0, 2).await;
    let mut connection = lake.database.pool().acquire().await.unwrap();
    let place = lake.place().await;
    let shown = calendar(
        &mut connection,
        &place,
        lake.today,
        lake.day(0),
        lake.day(4),
    )
    .await
    .unwrap()
    .unwrap();
    let free: Vec<_> = shown.days.iter().map(|day| day.free).collect();
    assert_eq!(free, [4, 3, 3, 4]);
    assert!(shown.days.iter().all(|day| day.from.is_some()));
    assert_eq!(shown.cabins[0].taken, [(lake.day(1), lake.day(3))]);
    let inverted = calendar(
        &mut connection,
        &place,
        lake.today,
        lake.day(4),
        lake.day(4),
    );
    assert!(inverted.await.unwrap().is_err());
}

#[tokio::test]
async fn ranges_are_those_of_the_cabins_asked_about_only() {
    let lake = lake().await;
    lake.block(0, 10, 12).await;
    lake.block(1, 10, 12).await;
    let mut connection = lake.database.pool().acquire().await.unwrap();
    let mut found = async |cabins: &[AccommodationId], first, until| {
        taken(&mut connection, cabins, lake.day(first), lake.day(until))
            .await
            .unwrap()
    };
    let rows = found(&lake.cabins[..1], 0, 30).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].accommodation, rows[0].first, rows[0].until),
        (lake.cabins[0], lake.day(10), lake.day(12))
    );
    assert_eq!(found(&lake.cabins, 12, 30).await, []);
    assert_eq!(found(&[], 0, 30).await, []);
    assert_eq!(found(&lake.cabins, 30, 0).await, []);
}
