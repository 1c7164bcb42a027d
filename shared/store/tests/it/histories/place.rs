//! Where a history happens.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use posta_store::testing::{Database, database};

use super::{History, dice::Dice};
use crate::mercadopago::Account;

/// A database that need not survive a power cut: what it would wait for the disk is spared to thousands of histories.
pub(super) async fn quick() -> Database {
    let database = database().await;
    for sql in [
        "SET synchronous_commit = off",
        "DO $$ BEGIN
             EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
         END $$",
    ] {
        sqlx::query(sql).execute(database.pool()).await.unwrap();
    }
    database
}

/// Two cabins, with prices in pesos, or in dollars charged in pesos; what is too much goes back or is kept.
pub(super) async fn open(database: &Database, mut dice: Dice) -> History<'_> {
    let lodge = database.lodge(2).await;
    let account = Account::of(database, &lodge).await;
    let mut setting = Vec::new();
    if dice.one_in(2) {
        setting.extend([
            "UPDATE unit_types SET rates = '{\"currency\": \"USD\", \"night\": 7333, \"included_guests\": 4}'
             WHERE tenant_id = $1",
            "UPDATE properties SET currency = 'USD', charge_currency = 'ARS' WHERE tenant_id = $1",
            "INSERT INTO exchange_rates (tenant_id, id, property_id, from_currency, to_currency, micros, source)
             SELECT tenant_id, gen_random_uuid(), id, 'USD', 'ARS', 1450500000, 'the owner'
             FROM properties WHERE tenant_id = $1",
        ]);
    }
    if dice.one_in(2) {
        setting.push("UPDATE properties SET overpaid = 'credit' WHERE tenant_id = $1");
    }
    for sql in setting {
        sqlx::query(sql)
            .bind(lodge.tenant.uuid())
            .execute(database.pool())
            .await
            .unwrap();
    }
    History {
        database,
        lodge,
        account,
        dice,
        guests: Vec::new(),
        bookings: Vec::new(),
        payments: Vec::new(),
        given_out: 0,
        trail: Vec::new(),
    }
}
