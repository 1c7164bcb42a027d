//! Mercado Pago as these tests need it: an account, and payments as the worker reads them.

use chrono::{DateTime, SubsecRound as _, Utc};
use posta_domain::{
    money::{Currency, Money},
    payment::Snapshot,
};
use posta_store::{
    ids::AccountId,
    payments::{self, Applied, Reading, links},
    testing::Database,
};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{app::TestApp, seed::Seed};

/// An owner's account.
pub(crate) struct Account {
    tenant: Uuid,
    id: AccountId,
    external: String,
}

/// Makes one.
pub(crate) async fn account(app: &TestApp, of: &Seed) -> Account {
    let id = AccountId::fresh();
    let external = (id.uuid().as_u128() % 1_000_000_000_000).to_string();
    sqlx::query(
        "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
         VALUES ($1, $2, 'mercadopago', $3, 'MERCADOPAGO_ACCESS_TOKEN')",
    )
    .bind(of.tenant)
    .bind(id.uuid())
    .bind(&external)
    .execute(app.database.pool())
    .await
    .expect("an account");
    Account {
        tenant: of.tenant,
        id,
        external,
    }
}

async fn now(pool: &PgPool) -> DateTime<Utc> {
    sqlx::query_scalar("SELECT clock_timestamp()")
        .fetch_one(pool)
        .await
        .expect("the clock")
}

impl Account {
    /// A payment is approved, and read.
    pub(crate) async fn paid(
        &self,
        database: &Database,
        number: u64,
        reference: Option<&str>,
        minor: i64,
    ) -> Applied {
        let now = now(database.pool()).await;
        let at = now.trunc_subsecs(0);
        let said = Snapshot {
            provider_id: number.to_string(),
            status: "approved".into(),
            status_detail: "accredited".into(),
            amount: Money::new(minor, Currency::ARS),
            refunded: 0,
            given: Vec::new(),
            collector: self.external.clone(),
            external_reference: reference.map(str::to_owned),
            operation_type: "regular_payment".into(),
            method: "visa".into(),
            method_type: "credit_card".into(),
            fee: minor / 20,
            net: Some(minor - minor / 20 - minor / 100),
            created_at: at,
            approved_at: Some(at),
            updated_at: at,
        };
        let reading = Reading {
            tenant: self.tenant.into(),
            account: self.id,
            account_external: self.external.clone(),
            read_from: now,
        };
        payments::apply(database.store(), &reading, &said)
            .await
            .expect("it is applied")
    }
}

/// A payment of 1,000 pesos that belongs to no booking.
pub(crate) async fn orphan(app: &TestApp, of: &Seed) -> Uuid {
    let account = account(app, of).await;
    let applied = account
        .paid(&app.database, 77, Some("de-otra-cosa"), 100_000)
        .await;
    applied.payment.uuid()
}

/// Every link that is wanted is made, as the worker does.
pub(crate) async fn make_links(database: &Database) {
    let store = database.store();
    let lease = std::time::Duration::from_secs(30);
    let wanted = links::claim(store, 10, lease, &[]).await.expect("links");
    for link in wanted {
        let name = format!("1-{}", link.reference);
        let url = format!("https://pagos.example/{}", link.reference);
        links::live(store, &link, &name, &url)
            .await
            .expect("a link");
    }
}
