//! The property in the database, and its clock.

use std::cell::RefCell;

use chrono::{Days, NaiveDate};
use posta_domain::{nights::Period, party::Party};
use posta_store::{
    Store,
    booking::{Asked, HoldRequest, Key, What, payments::NewPayment},
    ids::{FeedId, ReservationId},
    testing::{Database, Lodge},
};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    bug::Bug,
    steps::Steps,
    world::{CABINS, MOST, Nights},
};

/// A lodge of two cabins that has the model's rules.
pub(super) struct Place {
    pub(super) store: Store,
    pub(super) lodge: Lodge,
    pub(super) feed: FeedId,
    /// Today, which never changes: what is in the database moves instead.
    pub(super) today: NaiveDate,
    pub(super) made: RefCell<[Option<Made>; MOST]>,
}

/// What the client of a booking knows.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) id: ReservationId,
    pub(super) hold: HoldRequest,
    pub(super) payment: Option<(NewPayment, Key)>,
}

impl Place {
    pub(super) async fn new(database: &Database) -> Self {
        let lodge = database.lodge(CABINS).await;
        let pool = database.pool();
        // Midday there, so that no walk sees midnight, and the same day in UTC.
        let hour: i32 =
            sqlx::query_scalar("SELECT extract(hour FROM now() AT TIME ZONE 'UTC')::int")
                .fetch_one(pool)
                .await
                .expect("the hour");
        let zone = match hour - 12 {
            0 => "Etc/GMT".to_owned(),
            west => format!("Etc/GMT{west:+}"),
        };
        let policy = serde_json::to_value(Steps::new(Bug::None).policy).expect("a policy");
        sqlx::query("UPDATE properties SET zone = $2, cancellation = $3 WHERE id = $1")
            .bind(lodge.property.uuid())
            .bind(&zone)
            .bind(policy)
            .execute(pool)
            .await
            .expect("the rules are set");
        let today = sqlx::query_scalar("SELECT (now() AT TIME ZONE $1)::date")
            .bind(&zone)
            .fetch_one(pool)
            .await
            .expect("the date");
        let cabin = *lodge.cabins.first().expect("a cabin");
        let feed = posta_store::elsewhere::feed(database.store(), &lodge.by, cabin, "elsewhere");
        Self {
            feed: feed.await.expect("a feed"),
            store: database.store().clone(),
            lodge,
            today,
            made: RefCell::new(Default::default()),
        }
    }

    pub(super) const fn pool(&self) -> &PgPool {
        self.store.pool()
    }

    /// The date of a night, as the database has it at that tick.
    pub(super) fn date(&self, night: u8, now: u8) -> NaiveDate {
        let day = self.today + Days::new(u64::from(night) + 1);
        day - Days::new(u64::from(now))
    }

    /// The night of such a date.
    pub(super) fn night(&self, date: NaiveDate, now: u8) -> u8 {
        let days = (date - self.today).num_days() + i64::from(now) - 1;
        u8::try_from(days).expect("a night of the small world")
    }

    pub(super) fn stays(&self, nights: [Option<Nights>; CABINS], now: u8) -> Vec<Asked> {
        let asked = nights.iter().flatten().map(|nights| {
            let ends = (self.date(nights.from, now), self.date(nights.to, now));
            let cabin = self.lodge.cabins.get(usize::from(nights.cabin));
            Asked {
                what: What::Cabin(*cabin.expect("a cabin")),
                period: Period::new(ends.0, ends.1).expect("at least one night"),
                party: Party::new(2, Vec::new(), 0).expect("two adults"),
            }
        });
        asked.collect()
    }

    pub(super) fn key(route: &'static str) -> Key {
        Key {
            principal: "walk".to_owned(),
            route,
            key: Uuid::now_v7().to_string(),
            request_sha256: [7; 32],
        }
    }

    /// A day passes: everything moves a day into the past. Far away first and back from there, so that no two rows meet
    /// on the way; at once, since another walk's sweep would end the holds that it sees far in the past. The bookings are
    /// locked first, as the sweep does.
    pub(super) async fn tick(&self) {
        let mut tx = self.pool().begin().await.expect("a transaction");
        sqlx::query("SELECT id FROM reservations WHERE tenant_id = $1 ORDER BY id FOR UPDATE")
            .bind(self.lodge.tenant.uuid())
            .execute(&mut *tx)
            .await
            .expect("the bookings are locked");
        for days in [10_000, -9_999] {
            for sql in [
                "UPDATE claims SET period = daterange(lower(period) - $2, upper(period) - $2) WHERE tenant_id = $1",
                "UPDATE external_nights SET night = night - $2 WHERE tenant_id = $1",
                "UPDATE stays SET check_in = check_in - $2, check_out = check_out - $2, left_on = left_on - $2
                 WHERE tenant_id = $1",
                "UPDATE collisions SET nights = (SELECT array_agg(night - $2) FROM unnest(nights) AS n (night))
                 WHERE tenant_id = $1",
                "UPDATE reservations SET hold_expires_at = hold_expires_at - make_interval(hours => 24 * $2),
                                         created_at = created_at - make_interval(hours => 24 * $2),
                                         confirmed_at = confirmed_at - make_interval(hours => 24 * $2)
                 WHERE tenant_id = $1",
                "UPDATE claims SET expires_at = expires_at - make_interval(hours => 24 * $2) WHERE tenant_id = $1",
                "UPDATE payment_requests SET expires_at = expires_at - make_interval(hours => 24 * $2)
                 WHERE tenant_id = $1",
            ] {
                sqlx::query(sql)
                    .bind(self.lodge.tenant.uuid())
                    .bind(days)
                    .execute(&mut *tx)
                    .await
                    .expect("time passes");
            }
        }
        tx.commit().await.expect("a day has passed");
    }
}
