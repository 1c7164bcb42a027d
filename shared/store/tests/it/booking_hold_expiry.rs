//! Holds whose time is over: free to the second, swept or not; and lists and views of bookings.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use posta_domain::{refusal::Refusal, reservation::Status};
use posta_store::{
    booking::{self, BookingError, Filter, What, claims, expire_due, units, view::Before},
    ids::{ReservationId, StayId},
    testing::database,
};

use crate::booking_world::{World, holding};

/// Pays a part of the deposit, by hand.
async fn pay(world: &World, id: ReservationId, amount: i64) {
    sqlx::query(
        "INSERT INTO ledger_entries (tenant_id, id, reservation_id, kind, provider, payment, currency, amount,
                                     recorded_by)
         VALUES ($1, gen_random_uuid(), $2, 'payment', 'cash', gen_random_uuid()::text, 'ARS', $3, 'user:1')",
    )
    .bind(world.by.tenant.uuid())
    .bind(id.uuid())
    .bind(amount)
    .execute(world.store.pool())
    .await
    .unwrap();
}

#[tokio::test]
async fn a_hold_is_over_to_the_second_without_any_sweep_and_what_was_paid_is_owed_back() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let quote = world.quote(world.nights(0, 3)).await;
    let first = world.hold(&quote).await.unwrap();
    pay(&world, first.id, 1_234).await;
    assert_eq!(world.booking(first.id).await.paid.minor, 1_234);
    let overlapping = world.quote(world.nights(2, 3)).await;
    // Two seconds to go, by the database's clock.
    world
        .sql(
            "WITH over AS (UPDATE reservations SET hold_expires_at = clock_timestamp() + interval '2 seconds'
                           WHERE id = $1 RETURNING hold_expires_at)
             UPDATE claims SET expires_at = over.hold_expires_at FROM over",
            &[first.id.uuid()],
        )
        .await;
    let refused = world.hold(&overlapping).await;
    assert!(matches!(
        refused,
        Err(BookingError::Refused(Refusal::Taken { .. }))
    ));
    let mut tries = 0;
    let second = loop {
        tries += 1;
        match world.hold(&overlapping).await {
            Ok(booking) => break booking,
            Err(BookingError::Refused(Refusal::Taken { .. })) if tries < 10_000 => {}
            Err(error) => panic!("held once the time is over: {error:?}"),
        }
    };
    let late: f64 = sqlx::query_scalar(
        "SELECT extract(epoch FROM (SELECT created_at FROM reservations WHERE id = $2)
                                   - (SELECT ended_at FROM reservations WHERE id = $1))::float8",
    )
    .bind(first.id.uuid())
    .bind(second.id.uuid())
    .fetch_one(database.pool())
    .await
    .unwrap();
    assert!(
        (0.0..1.0).contains(&late),
        "expired by the hold that wanted the nights"
    );

    let expired = world.booking(first.id).await;
    assert_eq!(expired.state.status(), Status::Expired);
    assert_eq!(expired.requests[0].state, "expired");
    assert_eq!((expired.paid.minor, expired.refund_due.minor), (0, 1_234));
    let history = world.history(first.id).await;
    assert_eq!(
        history.last(),
        Some(&("expired".to_owned(), "system:expiry".to_owned()))
    );
}

#[tokio::test]
async fn a_hold_of_two_cabins_ends_whole_when_one_of_them_is_wanted() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 2).await;
    let both = world
        .cabins
        .iter()
        .map(|cabin| world.asked(What::Cabin(*cabin), world.nights(0, 2)))
        .collect();
    let first = world.hold(&world.quote_of(both).await).await.unwrap();
    world.let_expire(first.id).await;
    world
        .hold(&world.quote_cabin(world.cabins[1], world.nights(1, 3)).await)
        .await
        .unwrap();
    assert_eq!(
        world.booking(first.id).await.state.status(),
        Status::Expired
    );
    assert_eq!(world.count("SELECT count(*) FROM claims").await, 1);
}

#[tokio::test]
async fn an_overdue_hold_reads_as_expired_before_anybody_has_swept_and_cannot_be_confirmed() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let held = world
        .hold(&world.quote(world.nights(0, 2)).await)
        .await
        .unwrap();
    world.let_expire(held.id).await;
    assert_eq!(world.booking(held.id).await.state.status(), Status::Expired);
    let mut conn = database.pool().acquire().await.unwrap();
    let expired = Filter {
        status: Some(Status::Expired),
        ..Filter::default()
    };
    assert_eq!(
        booking::list(&mut conn, world.by.tenant, &expired)
            .await
            .unwrap()
            .len(),
        1
    );
    let refused = booking::confirm(&world.store, &world.by, held.id, None, true).await;
    assert!(matches!(refused, Err(BookingError::Illegal(_))));
}

#[tokio::test]
async fn the_sweep_ends_what_is_over_once_and_passes_by_cabins_somebody_works_on() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 3).await;
    let mut held = Vec::new();
    for cabin in &world.cabins {
        held.push(
            world
                .hold(&world.quote_cabin(*cabin, world.nights(0, 2)).await)
                .await
                .unwrap(),
        );
    }
    world.let_expire(held[0].id).await;
    world.let_expire(held[1].id).await;
    let mut busy = world.store.begin().await.unwrap();
    units::lock(&mut busy, world.by.tenant, &[world.cabins[1]])
        .await
        .unwrap();
    assert_eq!(expire_due(&world.store, 100).await.unwrap(), 1);
    busy.rollback().await.unwrap();
    let (one, other) = tokio::join!(expire_due(&world.store, 100), expire_due(&world.store, 100));
    assert_eq!(
        one.unwrap() + other.unwrap(),
        1,
        "one of two sweeps at once ends it"
    );
    assert_eq!(expire_due(&world.store, 100).await.unwrap(), 0);
    assert_eq!(world.booking(held[2].id).await.state.status(), Status::Held);
    for booking in &held[..2] {
        let steps = world.history(booking.id).await;
        assert_eq!(
            steps.iter().filter(|(step, _)| step == "expired").count(),
            1
        );
    }
    assert_eq!(world.count("SELECT count(*) FROM claims").await, 1);
}

#[tokio::test]
async fn the_constraint_refuses_what_no_lock_prevented_and_that_reads_as_taken() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let held = world
        .hold(&world.quote(world.nights(0, 2)).await)
        .await
        .unwrap();
    world
        .sql(
            "DELETE FROM claims WHERE stay_id = $1",
            &[held.stays[0].id.uuid()],
        )
        .await;
    let mut tx = world.store.begin().await.unwrap();
    let take = async |tx: &mut sqlx::PgConnection, stay: StayId, period| {
        claims::take(
            tx,
            world.by.tenant,
            stay,
            world.cabins[0],
            period,
            claims::Kind::Stay,
        )
        .await
    };
    take(&mut tx, held.stays[0].id, world.nights(0, 2))
        .await
        .unwrap();
    let other = world
        .hold(&world.quote(world.nights(5, 1)).await)
        .await
        .unwrap();
    world
        .sql(
            "DELETE FROM claims WHERE stay_id = $1",
            &[other.stays[0].id.uuid()],
        )
        .await;
    let refused = take(&mut tx, other.stays[0].id, world.nights(1, 2)).await;
    assert!(matches!(
        refused,
        Err(BookingError::Refused(Refusal::Taken { .. }))
    ));
}

#[tokio::test]
async fn bookings_are_listed_newest_first_by_the_page_and_by_what_is_asked() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let mut made = Vec::new();
    for n in 0..5 {
        let mut request = holding(&world.quote(world.nights(n * 3, 2)).await);
        request.who = booking::Who::New(booking::GuestInput {
            name: format!("Guest 100%_{n}"),
            phone: None,
            email: None,
        });
        made.push(world.hold_as(&request).await.unwrap());
    }
    made.reverse();
    let mut conn = database.pool().acquire().await.unwrap();
    let mut filter = Filter {
        limit: 2,
        ..Filter::default()
    };
    let mut pages = Vec::new();
    loop {
        let page = booking::list(&mut conn, world.by.tenant, &filter)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        filter.before = Some(Before::from(last));
        pages.extend(page);
    }
    assert_eq!(pages, made);

    let mut found = async |filter: Filter| {
        let page = booking::list(&mut conn, world.by.tenant, &filter)
            .await
            .unwrap();
        page.into_iter()
            .map(|booking| booking.id)
            .collect::<Vec<_>>()
    };
    let text = |text: &str| Filter {
        text: Some(text.to_owned()),
        ..Filter::default()
    };
    assert_eq!(found(text("0%_3")).await, [made[1].id]);
    assert_eq!(found(text("%_%_%")).await, []);
    assert_eq!(
        found(text(&made[0].code.to_lowercase())).await,
        [made[0].id]
    );
    let days = Filter {
        from: Some(world.nights(4, 1).check_in()),
        to: Some(world.nights(6, 1).check_in()),
        ..Filter::default()
    };
    assert_eq!(found(days).await, [made[3].id]);
    let confirmed = Filter {
        status: Some(Status::Confirmed),
        property: Some(world.property),
        ..Filter::default()
    };
    assert_eq!(found(confirmed).await, []);
    let code = made[2].code.to_lowercase();
    let by_code = booking::by_code(&mut conn, world.by.tenant, &code);
    assert_eq!(by_code.await.unwrap().as_ref(), Some(&made[2]));
}
