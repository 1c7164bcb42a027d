//! A lodge that is paid through Mercado Pago, and a guest who hears of it in her chat.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use posta_domain::{money::Money, payment::Snapshot};
use posta_store::{
    booking::{Booking, HoldRequest, Method, Who, hold},
    ids::{PaymentId, ReservationId},
    payments::{self, Applied, Became, PaymentRow},
    testing::{Database, Lodge, assert_books_balance, database},
};
use uuid::Uuid;

use crate::mercadopago::{Account, Remote, reference};

/// Everything there is.
pub(crate) struct Scene {
    pub(crate) database: Database,
    pub(crate) lodge: Lodge,
    pub(crate) account: Account,
    guests: std::sync::atomic::AtomicU32,
}

impl Scene {
    pub(crate) async fn open(cabins: usize) -> Self {
        let database = database().await;
        let lodge = database.lodge(cabins).await;
        sqlx::query(
            "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
             VALUES ($1, $2, 'whatsapp', '1', 'WHATSAPP_ACCESS_TOKEN')",
        )
        .bind(lodge.tenant.uuid())
        .bind(Uuid::now_v7())
        .execute(database.pool())
        .await
        .unwrap();
        let account = Account::of(&database, &lodge).await;
        Self {
            database,
            lodge,
            account,
            guests: 0.into(),
        }
    }

    /// A guest with a chat holds any cabin, to be paid by link. Half of $ 100.000 a night confirms.
    pub(crate) async fn held(&self, from: u64, until: u64) -> Booking {
        let quote = self
            .lodge
            .quote(vec![self.lodge.any(from, until)])
            .await
            .unwrap();
        let number = self
            .guests
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let chat = self.database.chat("1", &format!("54911{number:08}")).await;
        let request = HoldRequest {
            method: Method::MercadoPago,
            who: Who::Known(chat.guest),
            ..Lodge::request(&quote)
        };
        let held = hold(self.database.store(), &self.lodge.by, &request, |_| {
            serde_json::Value::Null
        })
        .await
        .unwrap();
        self.lodge.booking(held.reservation.unwrap()).await
    }

    /// Her payment, begun, of so many pesos.
    pub(crate) fn payment(&self, id: u64, booking: &Booking, pesos: i64) -> Remote {
        let reference = reference(booking);
        Remote::begun(&self.account, id, Some(&reference), Lodge::pesos(pesos))
    }

    /// It is read now, and applied.
    pub(crate) async fn read(&self, snapshot: &Snapshot) -> Applied {
        self.account
            .apply(&self.database, &self.lodge, snapshot)
            .await
            .unwrap()
    }

    /// A payment of so many pesos is approved.
    pub(crate) async fn paid(&self, id: u64, booking: &Booking, pesos: i64) -> (Remote, Applied) {
        let mut remote = self.payment(id, booking, pesos);
        let applied = self.read(&remote.becomes("approved", "accredited")).await;
        (remote, applied)
    }

    /// A confirmed booking of three nights; its deposit is the payment.
    pub(crate) async fn confirmed(&self, id: u64) -> (Booking, Remote) {
        let booking = self.held(10, 13).await;
        let (remote, applied) = self.paid(id, &booking, 150_000).await;
        assert_eq!(applied.became, Became::Entered);
        (self.lodge.booking(booking.id).await, remote)
    }

    /// What the guests' chats were told, in order.
    pub(crate) async fn heard(&self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT payload #>> '{event,what}' FROM mailbox WHERE kind = 'event' ORDER BY received_at, id",
        )
        .fetch_all(self.database.pool())
        .await
        .unwrap()
    }

    /// What waits for the owner.
    pub(crate) async fn matters(&self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT kind FROM attention WHERE state <> 'done' ORDER BY created_at, id",
        )
        .fetch_all(self.database.pool())
        .await
        .unwrap()
    }

    /// The ledger: kind, amount, detail where it is a number or nothing.
    pub(crate) async fn lines(&self) -> Vec<(String, Money)> {
        let rows: Vec<(String, i64, String)> =
            sqlx::query_as("SELECT kind, amount, currency FROM ledger_entries ORDER BY at, id")
                .fetch_all(self.database.pool())
                .await
                .unwrap();
        rows.into_iter()
            .map(|(kind, minor, currency)| (kind, Money::new(minor, currency.parse().unwrap())))
            .collect()
    }

    /// What is owed back and where that is: amount in minor units, state.
    pub(crate) async fn refunds(&self) -> Vec<(i64, String)> {
        sqlx::query_as("SELECT amount, state FROM refunds ORDER BY created_at, id")
            .fetch_all(self.database.pool())
            .await
            .unwrap()
    }

    pub(crate) async fn payment_row(&self, id: PaymentId) -> PaymentRow {
        let mut conn = self.database.store().acquire().await.unwrap();
        payments::list::one(&mut conn, self.lodge.tenant, id)
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn booking(&self, id: ReservationId) -> Booking {
        self.lodge.booking(id).await
    }

    /// Something of the property.
    pub(crate) async fn set(&self, what: &str) {
        sqlx::query(sqlx::AssertSqlSafe(format!("UPDATE properties SET {what}")))
            .execute(self.database.pool())
            .await
            .unwrap();
    }

    /// Every promise is kept.
    pub(crate) async fn balances(&self) {
        assert_books_balance(self.database.pool()).await;
    }
}

/// The kinds of the lines alone.
pub(crate) fn kinds(lines: &[(String, Money)]) -> Vec<&str> {
    lines.iter().map(|(kind, _)| kind.as_str()).collect()
}
