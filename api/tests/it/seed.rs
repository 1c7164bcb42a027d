//! Two owners with the same cabins each, so that one can be looked for in the other's data.

use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

/// What one of them has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed {
    /// The owner.
    pub(crate) tenant: Uuid,
    /// Her place: pesos, 50 % deposit, 365 days ahead, 30 nights at most.
    pub(crate) property: Uuid,
    /// For four, at least two nights, $ 100.000 a night, instantly.
    pub(crate) cabin_type: Uuid,
    /// Its two units.
    pub(crate) cabins: [Uuid; 2],
    /// For six, arrivals on Saturdays.
    pub(crate) house_type: Uuid,
    /// Its one unit.
    pub(crate) house: Uuid,
    /// A unit of `cabin_type` that is not let.
    pub(crate) closed: Uuid,
}

/// Makes one.
pub(crate) async fn seed(pool: &PgPool, name: &str) -> Seed {
    let seed = Seed {
        tenant: Uuid::now_v7(),
        property: Uuid::now_v7(),
        cabin_type: Uuid::now_v7(),
        cabins: [Uuid::now_v7(), Uuid::now_v7()],
        house_type: Uuid::now_v7(),
        house: Uuid::now_v7(),
        closed: Uuid::now_v7(),
    };
    sqlx::query("INSERT INTO tenants (id, name) VALUES ($1, $2)")
        .bind(seed.tenant)
        .bind(name)
        .execute(pool)
        .await
        .expect("a tenant");
    sqlx::query(
        "INSERT INTO properties (tenant_id, id, name, zone, currency, check_in_from, check_out_until, horizon_days,
                                 max_nights)
         VALUES ($1, $2, $3, 'America/Argentina/Buenos_Aires', 'ARS', '14:00', '10:00', 365, 30)",
    )
    .bind(seed.tenant)
    .bind(seed.property)
    .bind(name)
    .execute(pool)
    .await
    .expect("a property");
    let cabin = json!({ "currency": "ARS", "night": 10_000_000, "included_guests": 2, "min_nights": 2,
                        "extra_guest_night": 1_500_000, "cleaning_fee": 2_000_000 });
    let house = json!({ "currency": "ARS", "night": 20_000_000, "included_guests": 6, "arrival_days": ["sat"] });
    unit_type(pool, &seed, seed.cabin_type, "Cabaña", 4, cabin).await;
    unit_type(pool, &seed, seed.house_type, "Casa", 6, house).await;
    for (id, unit_type, name, active) in [
        (seed.cabins[0], seed.cabin_type, "Arrayán", true),
        (seed.cabins[1], seed.cabin_type, "Coihue", true),
        (seed.closed, seed.cabin_type, "Lenga", false),
        (seed.house, seed.house_type, "Casa del lago", true),
    ] {
        sqlx::query(
            "INSERT INTO accommodations (tenant_id, id, unit_type_id, name, active) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(seed.tenant)
        .bind(id)
        .bind(unit_type)
        .bind(name)
        .bind(active)
        .execute(pool)
        .await
        .expect("a cabin");
    }
    seed
}

async fn unit_type(pool: &PgPool, seed: &Seed, id: Uuid, name: &str, capacity: i32, rates: Value) {
    sqlx::query(
        "INSERT INTO unit_types (tenant_id, id, property_id, name, capacity, rates) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(seed.tenant)
    .bind(id)
    .bind(seed.property)
    .bind(name)
    .bind(capacity)
    .bind(rates)
    .execute(pool)
    .await
    .expect("a type");
}
