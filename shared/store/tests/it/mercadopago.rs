//! Mercado Pago as these tests need it: an account of a tenant, and payments that change and can be read at any moment.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use chrono::{DateTime, TimeDelta, Utc};
use posta_domain::{
    money::Money,
    payment::{Given, GivenState, Snapshot},
};
use posta_store::{
    booking::{Booking, BookingError, HoldRequest, Method, hold},
    ids::AccountId,
    payments::{self, Applied, Reading},
    testing::{Database, Lodge},
};
use sqlx::PgPool;

/// An account, and when it was made.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) external: String,
    pub(crate) since: DateTime<Utc>,
}

impl Account {
    /// Makes the lodge's.
    pub(crate) async fn of(database: &Database, lodge: &Lodge) -> Self {
        let id = AccountId::fresh();
        let external = (id.uuid().as_u128() % 1_000_000_000_000).to_string();
        let since = sqlx::query_scalar(
            "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
             VALUES ($1, $2, 'mercadopago', $3, 'MERCADOPAGO_ACCESS_TOKEN')
             RETURNING date_trunc('second', clock_timestamp())",
        )
        .bind(lodge.tenant.uuid())
        .bind(id.uuid())
        .bind(&external)
        .fetch_one(database.pool())
        .await
        .unwrap();
        Self {
            id,
            external,
            since,
        }
    }

    /// Somebody asks now.
    pub(crate) async fn reading(&self, pool: &PgPool, lodge: &Lodge) -> Reading {
        Reading {
            tenant: lodge.tenant,
            account: self.id,
            account_external: self.external.clone(),
            read_from: now(pool).await,
        }
    }

    /// It was read now, and is applied.
    pub(crate) async fn apply(
        &self,
        database: &Database,
        lodge: &Lodge,
        snapshot: &Snapshot,
    ) -> Result<Applied, BookingError> {
        let reading = self.reading(database.pool(), lodge).await;
        payments::apply(database.store(), &reading, snapshot).await
    }
}

/// The database's clock.
pub(crate) async fn now(pool: &PgPool) -> DateTime<Utc> {
    sqlx::query_scalar("SELECT clock_timestamp()")
        .fetch_one(pool)
        .await
        .unwrap()
}

/// Quotes any cabin and holds it, to be paid through Mercado Pago.
pub(crate) async fn held(database: &Database, lodge: &Lodge, from: u64, until: u64) -> Booking {
    let quote = lodge.quote(vec![lodge.any(from, until)]).await.unwrap();
    let request = HoldRequest {
        method: Method::MercadoPago,
        ..Lodge::request(&quote)
    };
    let held = hold(database.store(), &lodge.by, &request, |_| {
        serde_json::Value::Null
    })
    .await
    .unwrap();
    lodge.booking(held.reservation.unwrap()).await
}

/// What of the booking's requests a payer quotes: the newest.
pub(crate) fn reference(booking: &Booking) -> String {
    let newest = booking.requests.iter().max_by_key(|row| row.n).unwrap();
    newest.external_reference.clone()
}

/// A payment there. Each change takes a second of its clock.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    said: Snapshot,
}

impl Remote {
    /// Begun, and nothing is paid.
    pub(crate) fn begun(
        account: &Account,
        id: u64,
        reference: Option<&str>,
        amount: Money,
    ) -> Self {
        Self {
            said: Snapshot {
                provider_id: id.to_string(),
                status: "pending".into(),
                status_detail: "pending_challenge".into(),
                amount,
                refunded: 0,
                given: Vec::new(),
                collector: account.external.clone(),
                external_reference: reference.map(str::to_owned),
                operation_type: "regular_payment".into(),
                method: "visa".into(),
                method_type: "credit_card".into(),
                fee: amount.minor / 20,
                net: Some(amount.minor - amount.minor / 20 - amount.minor / 100),
                created_at: account.since,
                approved_at: None,
                updated_at: account.since,
            },
        }
    }

    /// What a reading says.
    pub(crate) const fn read(&self) -> &Snapshot {
        &self.said
    }

    /// Something else about it.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Snapshot)) -> Self {
        change(&mut self.said);
        self
    }

    fn tick(&mut self) {
        self.said.updated_at += TimeDelta::seconds(1);
    }

    /// It changes.
    pub(crate) fn becomes(&mut self, status: &str, detail: &str) -> Snapshot {
        self.tick();
        self.said.status = status.into();
        self.said.status_detail = detail.into();
        if self.said.came() && self.said.approved_at.is_none() {
            self.said.approved_at = Some(self.said.updated_at);
        }
        self.said.clone()
    }

    /// Of what has not gone back, so much at most goes back. Nothing, where nothing is left.
    pub(crate) fn gives_back(&mut self, id: u64, amount: i64) -> Snapshot {
        let amount = amount.min(self.said.amount.minor - self.said.refunded);
        if amount > 0 {
            self.said.refunded += amount;
            self.said.given.push(Given {
                id: id.to_string(),
                amount,
                state: GivenState::Done,
            });
            let (status, detail) = if self.said.refunded == self.said.amount.minor {
                ("refunded", "refunded")
            } else {
                ("approved", "partially_refunded")
            };
            return self.becomes(status, detail);
        }
        self.said.clone()
    }

    /// Whether its money can be given back now.
    pub(crate) fn can_give_back(&self) -> bool {
        self.said.status == "approved"
    }
}
