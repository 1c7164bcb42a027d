//! With a thousand properties, asking one of them reads no table from end to end.

use std::collections::BTreeMap;

use posta_domain::{
    availability::{Among, Search},
    nights::Period,
    party::Party,
};
use posta_store::{
    availability::{calendar, offers},
    catalog,
    ids::PropertyId,
    testing::database,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::run;

/// A thousand properties of two types with two cabins each; each cabin with 30 blocks of three nights around today, and
/// ten nights sold elsewhere; two seasons with prices. Those of one tenant.
const MANY: &str = "
    INSERT INTO tenants (id, name) VALUES ('10000000-0000-0000-0000-000000000000', 'Todos');
    INSERT INTO properties (tenant_id, id, name, zone, currency, charge_currency, check_in_from, check_out_until)
    SELECT '10000000-0000-0000-0000-000000000000', gen_random_uuid(), 'p' || n, 'America/Argentina/Buenos_Aires',
           'USD', 'ARS', '15:00', '10:00'
    FROM generate_series(1, 1000) n;
    INSERT INTO unit_types (tenant_id, id, property_id, name, capacity, rates)
    SELECT tenant_id, gen_random_uuid(), id, 't' || n, 4,
           '{\"currency\": \"USD\", \"night\": 8000, \"included_guests\": 2}'
    FROM properties, generate_series(1, 2) n;
    INSERT INTO accommodations (tenant_id, id, unit_type_id, name)
    SELECT tenant_id, gen_random_uuid(), id, 'a' || n FROM unit_types, generate_series(1, 2) n;
    INSERT INTO seasons (tenant_id, id, property_id, name, first_night, last_night)
    SELECT tenant_id, gen_random_uuid(), id, 's' || n, current_date + 60 * n, current_date + 60 * n + 50
    FROM properties, generate_series(0, 1) n;
    INSERT INTO season_prices (tenant_id, season_id, unit_type_id, night)
    SELECT s.tenant_id, s.id, t.id, 9000 FROM seasons s JOIN unit_types t USING (property_id);
    INSERT INTO exchange_rates (tenant_id, id, property_id, from_currency, to_currency, micros, source, at)
    SELECT tenant_id, gen_random_uuid(), id, 'USD', 'ARS', 1450000000, 'owner', now() - n * interval '1 day'
    FROM properties, generate_series(1, 3) n;
    INSERT INTO blocks (tenant_id, id, accommodation_id, period, created_by)
    SELECT tenant_id, gen_random_uuid(), id, daterange(current_date + 5 * n, current_date + 5 * n + 3), 'test'
    FROM accommodations, generate_series(-15, 14) n;
    INSERT INTO claims (tenant_id, id, accommodation_id, period, kind, block_id)
    SELECT tenant_id, gen_random_uuid(), accommodation_id, period, 'block', id FROM blocks;
    INSERT INTO calendar_feeds (tenant_id, id, accommodation_id, channel)
    SELECT tenant_id, gen_random_uuid(), id, 'airbnb' FROM accommodations;
    INSERT INTO external_nights (tenant_id, feed_id, accommodation_id, night)
    SELECT tenant_id, id, accommodation_id, current_date + 5 * n + 4 FROM calendar_feeds, generate_series(0, 9) n;
    ANALYZE";

/// How often each table has been read from end to end.
async fn whole_reads(connection: &mut PgConnection) -> BTreeMap<String, i64> {
    // What this connection has counted is told to the others at the end of a statement, now and then; at once if asked.
    sqlx::query("SELECT pg_stat_force_next_flush()")
        .execute(&mut *connection)
        .await
        .unwrap();
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT relname::text, coalesce(seq_scan, 0) FROM pg_stat_user_tables")
            .fetch_all(connection)
            .await
            .unwrap();
    rows.into_iter().collect()
}

#[tokio::test]
async fn asking_one_of_a_thousand_properties_reads_no_table_from_end_to_end() {
    let database = database().await;
    run(database.pool(), MANY).await;
    let mut connection = database.pool().acquire().await.unwrap();
    let properties: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM properties LIMIT 20")
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    let before = whole_reads(&mut connection).await;
    // More often than the five times after which PostgreSQL keeps one plan for all.
    for property in properties {
        let property = PropertyId::from(property);
        let place = catalog::place(&mut connection, None, property)
            .await
            .unwrap()
            .unwrap();
        let today = catalog::today(&mut connection, place.property.zone)
            .await
            .unwrap();
        let day = |days| today + chrono::Days::new(days);
        let search = Search {
            period: Period::new(day(10), day(13)).unwrap(),
            party: Party::new(2, vec![], 0).unwrap(),
            among: Among::All,
        };
        let found = offers(&mut connection, &place, today, &search)
            .await
            .unwrap();
        // Each third night from the 10th on is the owner's.
        assert!(found.offers.is_empty() && found.refusal.is_some());
        let shown = calendar(&mut connection, &place, today, day(0), day(60))
            .await
            .unwrap()
            .unwrap();
        assert!(shown.days.iter().any(|day| day.free > 0));
        assert!(shown.cabins.iter().all(|cabin| cabin.taken.len() > 10));
    }
    let after = whole_reads(&mut connection).await;
    let read: Vec<_> = after
        .iter()
        .filter(|(table, count)| before.get(*table) != Some(count))
        .collect();
    assert!(read.is_empty(), "read from end to end: {read:?}");
    // The counting itself works: this one is.
    sqlx::query("SELECT count(period) FROM claims")
        .execute(&mut *connection)
        .await
        .unwrap();
    let counted = whole_reads(&mut connection).await;
    assert!(counted.get("claims") > after.get("claims"));
}
