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

/// How its answers speak of refunds. The documentation does not say; each is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// What is on its way is counted when it is there.
    Settled,
    /// What is on its way is counted already.
    Eager,
    /// A refund is counted first and listed one change later.
    Lagging,
}

/// A payment there. Each change takes a second of its clock.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    said: Snapshot,
    given: Vec<Given>,
    manner: Manner,
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
            given: Vec::new(),
            manner: Manner::Settled,
        }
    }

    /// Whose answers are like that.
    pub(crate) fn speaking(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
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

    fn sum(&self, counts: impl Fn(GivenState) -> bool) -> i64 {
        let counted = self.given.iter().filter(|given| counts(given.state));
        counted.map(|given| given.amount).sum()
    }

    /// What went back.
    pub(crate) fn back(&self) -> i64 {
        self.sum(|state| state == GivenState::Done)
    }

    /// What can still be asked back: what neither went nor is on its way.
    pub(crate) fn left(&self) -> i64 {
        self.said.amount.minor - self.sum(|state| state != GivenState::Failed)
    }

    /// It changes.
    pub(crate) fn becomes(&mut self, status: &str, detail: &str) -> Snapshot {
        self.said.updated_at += TimeDelta::seconds(1);
        self.said.status = status.into();
        self.said.status_detail = detail.into();
        self.said.refunded = self.sum(|state| match state {
            GivenState::Done => true,
            GivenState::Pending => self.manner == Manner::Eager,
            GivenState::Failed => false,
        });
        self.said.given.clone_from(&self.given);
        if self.said.came() && self.said.approved_at.is_none() {
            self.said.approved_at = Some(self.said.updated_at);
        }
        self.said.clone()
    }

    /// As its refunds stand, it is approved or refunded.
    fn settles(&mut self) -> Snapshot {
        let amount = self.said.amount.minor;
        let counted = match self.manner {
            Manner::Eager => amount - self.left(),
            _ => self.back(),
        };
        match counted {
            0 => self.becomes("approved", "accredited"),
            counted if counted == amount => self.becomes("refunded", "refunded"),
            _ => self.becomes("approved", "partially_refunded"),
        }
    }

    /// So much of what is left goes back, all of it at most. Nothing, where nothing is left.
    pub(crate) fn gives_back(&mut self, id: u64, amount: i64) -> Snapshot {
        self.refund(id, amount, GivenState::Done)
    }

    /// The same, but it takes its time.
    pub(crate) fn will_give_back(&mut self, id: u64, amount: i64) -> Snapshot {
        let state = match self.manner {
            Manner::Lagging => GivenState::Done,
            _ => GivenState::Pending,
        };
        self.refund(id, amount, state)
    }

    fn refund(&mut self, id: u64, amount: i64, state: GivenState) -> Snapshot {
        let amount = amount.min(self.left());
        if amount <= 0 {
            return self.said.clone();
        }
        let id = id.to_string();
        self.given.push(Given { id, amount, state });
        let mut said = self.settles();
        if self.manner == Manner::Lagging {
            self.said.given.pop();
            said.given.pop();
        }
        said
    }

    /// The oldest refund that is on its way arrives, or does not. None, where none is.
    pub(crate) fn finishes(&mut self, state: GivenState) -> Option<Snapshot> {
        let mut pending = self.given.iter_mut();
        let refund = pending.find(|given| given.state == GivenState::Pending)?;
        refund.state = state;
        if matches!(self.said.status.as_str(), "approved" | "refunded") {
            return Some(self.settles());
        }
        let (status, detail) = (self.said.status.clone(), self.said.status_detail.clone());
        Some(self.becomes(&status, &detail))
    }

    /// Whether so much of it can be given back now.
    pub(crate) fn can_give_back(&self, amount: i64) -> bool {
        self.said.status == "approved" && amount <= self.left()
    }
}
