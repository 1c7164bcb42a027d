//! Every order in which the readings of one payment can arrive, each of them up to six times: always the same payment,
//! the same lines of the ledger, the same money for the booking.
//!
//! One thing depends on the order, by design: a payment whose money had already gone when it was read for the first time
//! confirms nothing and holds nothing again. So the booking's own state is compared among the orders in which as much
//! was there at the first look; the payment's row and the provider's lines are compared among all.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod lives;
mod situations;
mod together;

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, stream};
use posta_domain::payment::{Known, Order, Snapshot, order, plan};
use posta_store::testing::{Database, assert_books_balance, database};
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use lives::{LIVES, Life};
use situations::Situation;

/// So many orders are tried at the same time: each has a tenant of its own.
const TOGETHER: usize = 6;

/// All orders of so many things.
fn orders(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let shorter = orders(n - 1);
    let longer = shorter.iter().flat_map(|order| {
        (0..=order.len()).map(|at| {
            let mut order = order.clone();
            order.insert(at, n - 1);
            order
        })
    });
    longer.collect()
}

/// The same order with each reading once to six times: the first of them where it was, the others anywhere later.
fn repeated(order: &[usize], salt: usize) -> Vec<usize> {
    let mut all = order.to_vec();
    for (at, reading) in order.iter().enumerate() {
        let mut place = at;
        for copy in 0..(salt + reading * 5) % 6 {
            place = (place + 1 + (salt * 7 + copy * 3) % 4).min(all.len());
            all.insert(place, *reading);
        }
    }
    all
}

/// How much was there when the money was seen first; none if it never was.
fn seen_first(readings: &[&Snapshot]) -> Option<i64> {
    let mut newest: Option<&Snapshot> = None;
    for snapshot in readings {
        let at = snapshot.created_at;
        let overtaken = newest.is_some_and(|seen| {
            order(seen.updated_at, at, snapshot.updated_at, at) == Order::Older
        });
        if overtaken {
            continue;
        }
        newest = Some(snapshot);
        if snapshot.came() {
            return Some(plan(&Known::nothing(), snapshot).held);
        }
    }
    None
}

/// What there is in the end, without ids and times.
#[derive(Debug, Clone, PartialEq)]
struct Truth {
    /// The payment's row, and the ledger's lines of what the provider did.
    provider: Value,
    /// The booking, what was asked for, what is owed back, and the ledger's other lines.
    booking: Value,
}

async fn truth(pool: &PgPool, tenant: Uuid) -> Truth {
    let (provider, booking) = sqlx::query_as(
        "SELECT jsonb_build_object(
             'payments', (SELECT jsonb_agg(jsonb_build_array(status, status_detail, standing, verdict, currency, amount,
                                                             refunded, fee, withholdings, net) ORDER BY provider_id)
                          FROM payments WHERE tenant_id = $1),
             'lines', (SELECT jsonb_agg(jsonb_build_array(kind, detail, currency, amount) ORDER BY kind, detail, amount)
                       FROM ledger_entries WHERE tenant_id = $1 AND provider = 'mercadopago')),
         jsonb_build_object(
             'bookings', (SELECT jsonb_agg(jsonb_build_array(status, awaiting) ORDER BY created_at)
                          FROM reservations WHERE tenant_id = $1),
             'requests', (SELECT jsonb_agg(jsonb_build_array(purpose, state, amount) ORDER BY n, state)
                          FROM payment_requests WHERE tenant_id = $1),
             'refunds', (SELECT jsonb_agg(jsonb_build_array(state, reason, currency, amount)
                                          ORDER BY state, reason, amount)
                         FROM refunds WHERE tenant_id = $1),
             'lines', (SELECT jsonb_agg(jsonb_build_array(kind, currency, amount) ORDER BY kind, amount)
                       FROM ledger_entries WHERE tenant_id = $1 AND provider <> 'mercadopago'))",
    )
    .bind(tenant)
    .fetch_one(pool)
    .await
    .unwrap();
    Truth { provider, booking }
}

/// One order, in a place of its own.
async fn run(
    database: &Database,
    situation: Situation,
    life: &Life,
    order: &[usize],
) -> (Option<i64>, Truth) {
    let scene = situation.set_up(database).await;
    let readings = (life.readings)(&scene.remote());
    let delivered: Vec<&Snapshot> = order.iter().map(|at| &readings[*at]).collect();
    for snapshot in &delivered {
        scene
            .account
            .apply(database, &scene.lodge, snapshot)
            .await
            .unwrap_or_else(|error| panic!("{situation:?}, {}, {order:?}: {error:?}", life.name));
    }
    let seen = seen_first(&delivered);
    let booking = scene.lodge.booking(scene.booking).await;
    assert_eq!(
        booking.state.status(),
        situation.ends(seen.unwrap_or(0) >= booking.deposit.minor),
        "{situation:?}, {}, {order:?}",
        life.name,
    );
    (
        seen,
        truth(database.pool(), scene.lodge.tenant.uuid()).await,
    )
}

/// Every order of every life.
async fn in_every_order(situation: Situation) {
    let database = database().await;
    for life in LIVES {
        let scene = situation.set_up(&database).await;
        let n = (life.readings)(&scene.remote()).len();
        let all = orders(n).into_iter().enumerate();
        // The longer lives have enough orders without each of them twice.
        let all = all.flat_map(|(salt, order)| {
            let repeated = repeated(&order, salt);
            [Some(repeated), (n < 4).then_some(order)]
        });
        let all = all.flatten();
        let outcomes: Vec<_> = stream::iter(all)
            .map(|order| {
                let database = &database;
                async move {
                    let outcome = run(database, situation, life, &order).await;
                    (order, outcome)
                }
            })
            .buffer_unordered(TOGETHER)
            .collect()
            .await;
        let mut known: BTreeMap<Option<i64>, Truth> = BTreeMap::new();
        for (order, (seen, truth)) in outcomes {
            let what = format!("{situation:?}, {}, {order:?}", life.name);
            if let Some(other) = known.values().next() {
                assert_eq!(truth.provider, other.provider, "{what}");
            }
            let same = known.entry(seen).or_insert_with(|| truth.clone());
            assert_eq!(truth.booking, same.booking, "{what}");
        }
    }
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn a_payment_of_a_living_hold_ends_the_same_in_every_order() {
    in_every_order(Situation::Alive).await;
}

#[tokio::test]
async fn a_payment_days_after_the_hold_s_end_ends_the_same_in_every_order_where_the_nights_are_free()
 {
    in_every_order(Situation::LateFree).await;
}

#[tokio::test]
async fn a_payment_days_after_the_hold_s_end_ends_the_same_in_every_order_where_the_nights_are_gone()
 {
    in_every_order(Situation::LateTaken).await;
}

#[tokio::test]
async fn a_payment_after_the_cancellation_ends_the_same_in_every_order() {
    in_every_order(Situation::Cancelled).await;
}

#[tokio::test]
async fn a_payment_of_a_booking_that_is_sold_ends_the_same_in_every_order() {
    in_every_order(Situation::Sold).await;
}

#[tokio::test]
async fn a_second_payment_of_what_is_paid_ends_the_same_in_every_order() {
    in_every_order(Situation::PaidAlready).await;
}

#[tokio::test]
async fn a_payment_nobody_knows_ends_the_same_in_every_order() {
    in_every_order(Situation::Unknown).await;
}
