//! Many who want the same nights at once.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;

use posta_domain::refusal::Refusal;
use posta_store::{
    Store,
    booking::{self, BookingError, HoldRequest, What, expire_due},
    ids::ReservationId,
    pool::PoolConfig,
    testing::{Database, database},
};
use tokio::{sync::Barrier, task::JoinSet};

use crate::booking_world::{World, holding};

const TASKS: u64 = 64;

fn processes(database: &Database, count: usize) -> Vec<Store> {
    (0..count)
        .map(|_| {
            let mut config = PoolConfig::new(database.url(), "race");
            config.connections = 6;
            config.acquire_timeout = std::time::Duration::from_secs(30);
            Store::lazy(&config).unwrap()
        })
        .collect()
}

/// What became of the attempts.
#[derive(Debug, Default)]
struct Tally {
    held: Vec<ReservationId>,
    taken: usize,
    /// Waited for three seconds: on a machine that does much else, nobody's fault.
    busy: usize,
}

impl Tally {
    fn note(&mut self, result: Result<ReservationId, BookingError>) {
        match result {
            Ok(id) => self.held.push(id),
            Err(BookingError::Refused(Refusal::Taken { .. })) => self.taken += 1,
            Err(BookingError::Busy(error)) => {
                let why = std::error::Error::source(&error).unwrap().to_string();
                assert!(!why.contains("deadlock"), "{why}");
                self.busy += 1;
            }
            Err(other) => panic!("neither held nor taken: {other:?}"),
        }
    }
}

async fn all_at_once(world: &World, stores: &[Store], requests: Vec<HoldRequest>) -> Tally {
    let start = Arc::new(Barrier::new(requests.len()));
    let mut tasks = JoinSet::new();
    for (store, request) in stores.iter().cycle().zip(requests) {
        let (store, by, start) = (store.clone(), world.by.clone(), Arc::clone(&start));
        tasks.spawn(async move {
            start.wait().await;
            let answered =
                booking::hold(&store, &by, &request, |_| serde_json::Value::Null).await?;
            answered
                .reservation
                .ok_or(BookingError::NotFound("reservation"))
        });
    }
    let mut tally = Tally::default();
    while let Some(done) = tasks.join_next().await {
        tally.note(done.unwrap());
    }
    tally
}

/// No night of a cabin belongs to two living bookings, whatever the claims say.
async fn assert_no_night_twice(world: &World) {
    let twice = "SELECT count(*) FROM stays a
         JOIN reservations ra ON ra.id = a.reservation_id AND ra.status IN ('held', 'confirmed')
         JOIN stays b ON b.accommodation_id = a.accommodation_id AND b.id > a.id
                     AND b.check_in < a.check_out AND a.check_in < b.check_out
         JOIN reservations rb ON rb.id = b.reservation_id AND rb.status IN ('held', 'confirmed')";
    assert_eq!(world.count(twice).await, 0);
    let unclaimed = "SELECT count(*) FROM stays s
         JOIN reservations r ON r.id = s.reservation_id
         LEFT JOIN claims c ON c.stay_id = s.id AND c.accommodation_id = s.accommodation_id
                           AND c.period = daterange(s.check_in, s.check_out)
         WHERE (c.id IS NULL) = (r.status IN ('held', 'confirmed'))";
    assert_eq!(world.count(unclaimed).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_overlapping_holds_of_one_and_two_cabins_no_two_win_the_same_night() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 2).await;
    let stores = processes(&database, 4);
    for round in 0..4 {
        let mut requests = Vec::new();
        for n in 0..TASKS {
            let period = world.nights(round * 20 + n % 7, 1 + n % 4);
            let mut asked = match n % 5 {
                // Both, in either order: whoever locked as asked would deadlock here.
                0 => vec![What::Cabin(world.cabins[0]), What::Cabin(world.cabins[1])],
                1 => vec![What::Cabin(world.cabins[1]), What::Cabin(world.cabins[0])],
                2 => vec![What::Type(world.kind), What::Type(world.kind)],
                3 => vec![What::Type(world.kind)],
                _ => vec![What::Cabin(world.cabins[usize::from(n % 2 == 0)])],
            };
            if n % 3 == 0 {
                asked.reverse();
            }
            let stays = asked
                .into_iter()
                .map(|what| world.asked(what, period))
                .collect();
            requests.push(holding(&world.quote_of(stays).await));
        }
        let tally = all_at_once(&world, &stores, requests).await;
        assert!(!tally.held.is_empty());
        assert_eq!(tally.held.len() + tally.taken + tally.busy, 64);
        assert_no_night_twice(&world).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn holds_that_end_and_are_swept_and_confirmed_in_between_collide_with_nobody() {
    let database = database().await;
    let world = Arc::new(World::with_cabins(database.store(), 2).await);
    let stores = processes(&database, 3);
    let mut won = 0;
    for round in 0..6_u64 {
        let mut old = Vec::new();
        for n in 0..8 {
            let quote = world.quote(world.nights(round * 10 + n, 2)).await;
            if let Ok(booking) = world.hold(&quote).await {
                old.push(booking.id);
            }
        }
        for id in old.iter().step_by(2) {
            world.let_expire(*id).await;
        }
        let mut requests = Vec::new();
        for n in 0..32 {
            let period = world.nights(round * 10 + n % 8, 1 + n % 3);
            let stays =
                vec![world.asked(What::Type(world.kind), period); if n % 4 == 0 { 2 } else { 1 }];
            requests.push(holding(&world.quote_of(stays).await));
        }
        let mut others = JoinSet::new();
        for store in &stores {
            let store = store.clone();
            others.spawn(async move {
                expire_due(&store, 50)
                    .await
                    .map(|_| ())
                    .map_err(BookingError::from)
            });
        }
        for id in old {
            let (world, store) = (Arc::clone(&world), stores[0].clone());
            others.spawn(async move {
                match booking::confirm(&store, &world.by, id, None, true).await {
                    Ok(_) | Err(BookingError::Illegal(_)) => Ok(()),
                    Err(error) => Err(error),
                }
            });
        }
        let tally = all_at_once(&world, &stores, requests).await;
        while let Some(done) = others.join_next().await {
            done.unwrap().unwrap();
        }
        won += tally.held.len();
        assert_no_night_twice(&world).await;
    }
    assert!(won > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_quote_held_by_many_at_once_becomes_one_booking() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 2).await;
    let stores = processes(&database, 2);
    let quote = world.quote(world.nights(0, 2)).await;
    // Different cabins, so that no lock keeps them apart: the unique key does.
    let start = Arc::new(Barrier::new(16));
    let mut tasks = JoinSet::new();
    for n in 0..16 {
        let mut request = holding(&quote);
        request.cabins = vec![world.cabins[n % 2]];
        let (store, by, start) = (stores[n % 2].clone(), world.by.clone(), Arc::clone(&start));
        tasks.spawn(async move {
            start.wait().await;
            booking::hold(&store, &by, &request, |_| serde_json::Value::Null).await
        });
    }
    let mut held = 0;
    while let Some(done) = tasks.join_next().await {
        match done.unwrap() {
            Ok(_) => held += 1,
            Err(BookingError::Refused(Refusal::QuoteUsed)) => {}
            Err(other) => panic!("neither held nor used: {other:?}"),
        }
    }
    assert_eq!(held, 1);
    assert_no_night_twice(&world).await;
}
