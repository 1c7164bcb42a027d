//! An installation that is older than the bookings.
#![expect(
    clippy::unwrap_used,
    reason = "tests stop at the first thing that is not as it must be"
)]

use posta_domain::cancellation::Policy;
use posta_store::{
    audit::By,
    ids::{PropertyId, TenantId},
    import::{PropertyFile, import},
    migrate::{self, MIGRATIONS},
    testing::{Database, empty},
};
use sqlx::migrate::Migrator;
use uuid::Uuid;

use crate::catalog::{LAKE, count, read};

/// The last one before prices and bookings.
const BEFORE_BOOKINGS: i64 = 7;

async fn migrated_until(last: i64) -> Database {
    let database = empty().await;
    let old = MIGRATIONS.iter().filter(|it| it.version <= last).cloned();
    Migrator::with_migrations(old.collect())
        .run(database.pool())
        .await
        .unwrap();
    database
}

/// A place as the release before wrote it.
async fn let_a_cabin(database: &Database, tenant: TenantId, name: &str) -> PropertyId {
    let (property, of_type) = (PropertyId::fresh(), Uuid::now_v7());
    sqlx::query(
        "INSERT INTO properties (tenant_id, id, name, zone, currency, check_in_from, check_out_until)
         VALUES ($1, $2, $3, 'America/Argentina/Buenos_Aires', 'ARS', '15:00', '10:00')",
    )
    .bind(tenant.uuid())
    .bind(property.uuid())
    .bind(name)
    .execute(database.pool())
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO unit_types (tenant_id, id, property_id, name, capacity) VALUES ($1, $2, $3, 'Grande', 4)",
    )
    .bind(tenant.uuid())
    .bind(of_type)
    .bind(property.uuid())
    .execute(database.pool())
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO accommodations (tenant_id, id, unit_type_id, name) VALUES ($1, $2, $3, 'Uno')",
    )
    .bind(tenant.uuid())
    .bind(Uuid::now_v7())
    .bind(of_type)
    .execute(database.pool())
    .await
    .unwrap();
    property
}

#[tokio::test]
async fn a_database_with_chats_and_cabins_gets_prices_and_bookings_and_loses_nothing() {
    let database = migrated_until(BEFORE_BOOKINGS).await;
    let chat = database.chat("1001", "5491155550001").await;
    let old = let_a_cabin(&database, chat.tenant, "Lago").await;
    let applied = migrate::apply(database.pool()).await.unwrap();
    assert_eq!(applied.first(), Some(&(BEFORE_BOOKINGS + 1)));
    assert!(migrate::apply(database.pool()).await.unwrap().is_empty());
    for table in ["guests", "conversations", "properties", "accommodations"] {
        assert_eq!(count(&database, table).await, 1, "{table}");
    }

    // What the release before still running writes is as good as what it wrote before.
    let new = let_a_cabin(&database, chat.tenant, "Bosque").await;
    let national = count(&database, "national_holidays").await;
    for property in [old, new] {
        let place = read(database.store(), property).await;
        assert_eq!(i64::try_from(place.holidays.len()).unwrap(), national);
        assert_eq!(
            place.property.charge_currency, place.property.currency,
            "nothing is converted that was not asked for"
        );
        assert_eq!(place.property.cancellation, standard());
        assert!(place.types[0].active && place.types[0].rates.is_none());
    }

    let by = By {
        tenant: chat.tenant,
        actor: "test".to_owned(),
        request_id: None,
    };
    let renewed = import(database.store(), &by, &PropertyFile::parse(LAKE).unwrap())
        .await
        .unwrap();
    assert_eq!((renewed.property, renewed.is_new), (old, false));
    let place = read(database.store(), old).await;
    assert!(place.types[0].rates.is_some());
}

/// As sandbox/demo/property.toml says it is where nothing is said.
fn standard() -> Policy {
    let file = include_str!("../../../../sandbox/demo/property.toml");
    let file = PropertyFile::parse(file).unwrap();
    file.settings.cancellation.unwrap()
}
