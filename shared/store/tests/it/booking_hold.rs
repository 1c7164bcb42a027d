//! Holding nights, one after the other.

use posta_domain::{
    refusal::Refusal,
    reservation::{Awaiting, Illegal, Reservation, Status},
};
use posta_store::{
    booking::{self, BookingError, What},
    testing::database,
};
use serde_json::json;

use crate::booking_world::{World, holding, rates};

fn refusal<T>(result: Result<T, BookingError>) -> Refusal {
    match result {
        Err(BookingError::Refused(refusal)) => refusal,
        Err(other) => panic!("refused for another reason: {other:?}"),
        Ok(_) => panic!("it was not refused"),
    }
}

fn awaiting(state: Reservation) -> Option<Awaiting> {
    match state {
        Reservation::Held(hold) => Some(hold.awaiting),
        _ => None,
    }
}

#[tokio::test]
async fn nights_that_are_held_are_refused_by_name_and_the_days_beside_them_are_sold() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let held = world
        .hold(&world.quote(world.nights(2, 3)).await)
        .await
        .unwrap();
    assert_eq!(awaiting(held.state), Some(Awaiting::Payment));
    assert_eq!(held.stays[0].cabin, world.cabins[0]);
    assert_eq!(held.guest_name, "Ana Díaz");
    for (from, nights) in [(2, 3), (1, 2), (4, 4), (3, 1), (0, 9)] {
        let overlapping = world.nights(from, nights);
        let refused = refusal(world.hold(&world.quote(overlapping).await).await);
        let taken = overlapping
            .nights()
            .filter(|night| world.nights(2, 3).nights().any(|held| held == *night));
        assert_eq!(
            refused,
            Refusal::Taken {
                nights: taken.collect()
            }
        );
    }
    world
        .hold(&world.quote(world.nights(0, 2)).await)
        .await
        .unwrap();
    world
        .hold(&world.quote(world.nights(5, 2)).await)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_kind_is_sold_until_its_last_cabin_and_a_booking_of_two_takes_both_or_none() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 3).await;
    let period = world.nights(0, 2);
    let stay = || world.asked(What::Type(world.kind), period);
    let two = world
        .hold(&world.quote_of(vec![stay(), stay()]).await)
        .await
        .unwrap();
    assert_ne!(two.stays[0].cabin, two.stays[1].cabin);
    let refused = refusal(
        world
            .hold(&world.quote_of(vec![stay(), stay()]).await)
            .await,
    );
    assert!(matches!(refused, Refusal::Taken { .. }));
    assert_eq!(
        world
            .count("SELECT count(*) FROM claims WHERE tenant_id = $1")
            .await,
        2
    );
    assert_eq!(
        world
            .count("SELECT count(*) FROM guests WHERE tenant_id = $1")
            .await,
        1
    );
    let one = world.hold(&world.quote(period).await).await.unwrap();
    assert!(
        two.stays
            .iter()
            .all(|stay| stay.cabin != one.stays[0].cabin)
    );
    assert!(matches!(
        refusal(world.hold(&world.quote(period).await).await),
        Refusal::Taken { .. }
    ));
}

#[tokio::test]
async fn nights_sold_on_another_channel_and_nights_the_owner_keeps_are_not_sold() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let cabin = world.cabins[0];
    sqlx::query(
        "WITH feed AS (INSERT INTO calendar_feeds (tenant_id, id, accommodation_id, channel)
                       VALUES ($1, gen_random_uuid(), $2, 'airbnb') RETURNING id)
         INSERT INTO external_nights (tenant_id, feed_id, accommodation_id, night) SELECT $1, id, $2, $3 FROM feed",
    )
    .bind(world.by.tenant.uuid())
    .bind(cabin.uuid())
    .bind(world.monday)
    .execute(database.pool())
    .await
    .unwrap();
    let refused = refusal(world.hold(&world.quote(world.nights(0, 2)).await).await);
    assert_eq!(
        refused,
        Refusal::Taken {
            nights: vec![world.monday]
        }
    );
    posta_store::blocks::add(
        &world.store,
        &world.by,
        cabin,
        world.nights(4, 2),
        "pintura",
    )
    .await
    .unwrap();
    let refused = refusal(world.hold(&world.quote(world.nights(3, 2)).await).await);
    let nights = world.nights(4, 1).nights().collect();
    assert_eq!(refused, Refusal::Taken { nights });
    world
        .hold(&world.quote(world.nights(1, 3)).await)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_quote_becomes_one_living_booking_and_only_while_it_is_valid() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 2).await;
    let quote = world.quote(world.nights(0, 2)).await;
    let first = world.hold(&quote).await.unwrap();
    assert_eq!(refusal(world.hold(&quote).await), Refusal::QuoteUsed);
    // The hold's time is over and nobody has swept: the quote is free with its nights.
    world.let_expire(first.id).await;
    let second = world.hold(&quote).await.unwrap();
    assert_eq!(
        world.booking(first.id).await.state.status(),
        Status::Expired
    );
    assert_ne!(first.code, second.code);

    // Even where the earlier hold's cabin does not come into question any more.
    world.let_expire(second.id).await;
    let other = world
        .cabins
        .iter()
        .find(|cabin| **cabin != second.stays[0].cabin);
    let mut named = holding(&quote);
    named.cabins = other.into_iter().copied().collect();
    world.hold_as(&named).await.unwrap();
    assert_eq!(
        world.booking(second.id).await.state.status(),
        Status::Expired
    );

    let quote = world.quote(world.nights(10, 2)).await;
    let mut tx = world.store.begin().await.unwrap();
    for sql in [
        "ALTER TABLE quotes DISABLE TRIGGER quotes_immutable",
        "UPDATE quotes SET valid_until = clock_timestamp()",
        "ALTER TABLE quotes ENABLE TRIGGER quotes_immutable",
    ] {
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    let stale = refusal(world.hold(&quote).await);
    assert!(matches!(stale, Refusal::StaleQuote { .. }));
}

#[tokio::test]
async fn what_was_taken_off_the_market_since_the_quote_is_not_sold() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 2).await;
    let kind = world.quote(world.nights(0, 2)).await;
    let certain = world.quote_cabin(world.cabins[0], world.nights(0, 2)).await;
    world
        .sql(
            "UPDATE accommodations SET active = false WHERE id = $1",
            &[world.cabins[0].uuid()],
        )
        .await;
    assert_eq!(refusal(world.hold(&certain).await), Refusal::Inactive);
    let held = world.hold(&kind).await.unwrap();
    assert_eq!(held.stays[0].cabin, world.cabins[1]);
    let later = world.quote(world.nights(4, 2)).await;
    world.set("active = false").await;
    assert_eq!(refusal(world.hold(&later).await), Refusal::Inactive);
}

#[tokio::test]
async fn the_caller_may_name_a_cabin_of_the_quoted_kind_and_no_other() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 2).await;
    let domo = world.add_kind("Domo", &rates()).await;
    let domo = world.add_cabin(domo, "Domo 1").await;
    let quote = world.quote(world.nights(0, 2)).await;
    let mut named = holding(&quote);
    named.cabins = vec![domo];
    assert!(matches!(
        refusal(world.hold_as(&named).await),
        Refusal::Unknown { .. }
    ));
    named.cabins = vec![world.cabins[0], world.cabins[1]];
    assert_eq!(
        refusal(world.hold_as(&named).await),
        Refusal::StaysImpossible
    );
    named.cabins = vec![world.cabins[1]];
    let held = world.hold_as(&named).await.unwrap();
    assert_eq!(held.stays[0].cabin, world.cabins[1]);
}

#[tokio::test]
async fn the_owner_says_yes_to_a_request_and_it_waits_for_its_deposit_then() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let mut on_request = rates();
    on_request["booking_mode"] = json!("request");
    let kind = world.add_kind("Casa", &on_request).await;
    world.add_cabin(kind, "Casa").await;
    let quote = world
        .quote_of(vec![world.asked(What::Type(kind), world.nights(0, 2))])
        .await;
    let held = world.hold(&quote).await.unwrap();
    assert_eq!(awaiting(held.state), Some(Awaiting::Owner));
    let stale = booking::confirm(&world.store, &world.by, held.id, Some(7), false).await;
    assert!(matches!(stale, Err(BookingError::Stale)));
    let accepted = booking::confirm(&world.store, &world.by, held.id, Some(1), false)
        .await
        .unwrap();
    assert_eq!(awaiting(accepted.state), Some(Awaiting::Payment));
    let until = |state| match state {
        Reservation::Held(waits) => waits.expires_at,
        other => panic!("held: {other:?}"),
    };
    assert!(
        until(accepted.state) < until(held.state),
        "30 minutes instead of 24 hours"
    );
    assert_eq!(accepted.requests[0].expires_at, Some(until(accepted.state)));
    let without = world.count(
        "SELECT count(*) FROM claims c JOIN reservations r ON r.hold_expires_at = c.expires_at",
    );
    assert_eq!(without.await, 1);
    let again = booking::confirm(&world.store, &world.by, held.id, None, false).await;
    assert!(matches!(
        again,
        Err(BookingError::Illegal(Illegal::From { .. }))
    ));
    let confirmed = booking::confirm(&world.store, &world.by, held.id, None, true)
        .await
        .unwrap();
    assert_eq!(confirmed.state, Reservation::Confirmed);
    assert!(confirmed.confirmed_at.is_some());
    assert_eq!(confirmed.requests[0].state, "open");
    assert_eq!(
        world
            .count("SELECT count(*) FROM claims WHERE kind = 'stay' AND expires_at IS NULL")
            .await,
        1
    );
    let twice = booking::confirm(&world.store, &world.by, held.id, None, true).await;
    assert!(matches!(twice, Err(BookingError::Illegal(_))));
    let steps: Vec<_> = world
        .history(held.id)
        .await
        .into_iter()
        .map(|(step, _)| step)
        .collect();
    assert_eq!(steps, ["held", "accepted", "confirmed"]);
}

#[tokio::test]
async fn what_the_owner_sells_by_hand_waits_for_no_yes_of_hers_and_may_be_a_cabin_that_is_not_let()
{
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let cabin = world.cabins[0];
    let mut on_request = rates();
    on_request["booking_mode"] = json!("request");
    sqlx::query("UPDATE unit_types SET rates = $1")
        .bind(on_request)
        .execute(database.pool())
        .await
        .unwrap();
    world
        .sql(
            "UPDATE accommodations SET active = false WHERE id = $1",
            &[cabin.uuid()],
        )
        .await;
    let mut request = world.request(vec![world.asked(What::Cabin(cabin), world.nights(0, 2))]);
    request.checks = booking::Checks::Owner;
    let quote = booking::quotes::make(&world.store, &world.by, &request)
        .await
        .unwrap();
    assert_eq!(refusal(world.hold(&quote).await), Refusal::Inactive);
    let mut by_phone = holding(&quote);
    by_phone.source = booking::Source::Phone;
    let held = world.hold_as(&by_phone).await.unwrap();
    assert_eq!(awaiting(held.state), Some(Awaiting::Payment));
}

#[tokio::test]
async fn a_hold_that_lost_a_claim_cannot_be_confirmed() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 2).await;
    let stay = || world.asked(What::Type(world.kind), world.nights(0, 2));
    let held = world
        .hold(&world.quote_of(vec![stay(), stay()]).await)
        .await
        .unwrap();
    world
        .sql(
            "DELETE FROM claims WHERE stay_id = $1",
            &[held.stays[1].id.uuid()],
        )
        .await;
    let refused = booking::confirm(&world.store, &world.by, held.id, None, true).await;
    assert!(matches!(refused, Err(BookingError::Busy(_))));
    assert_eq!(world.booking(held.id).await.state.status(), Status::Held);
    assert_eq!(
        world
            .count("SELECT count(*) FROM claims WHERE kind = 'stay'")
            .await,
        0
    );
}

#[tokio::test]
async fn a_booking_with_nothing_to_wait_for_is_confirmed_at_once() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 2).await;
    let mut by_hand = holding(&world.quote(world.nights(0, 2)).await);
    by_hand.confirm_now = true;
    let booking = world.hold_as(&by_hand).await.unwrap();
    assert_eq!(booking.state, Reservation::Confirmed);
    assert!(booking.requests.is_empty());
    world.set("deposit_bp = 0").await;
    let booking = world
        .hold(&world.quote(world.nights(4, 2)).await)
        .await
        .unwrap();
    assert_eq!(booking.state, Reservation::Confirmed);
    assert_eq!(
        world
            .count("SELECT count(*) FROM claims WHERE kind = 'stay'")
            .await,
        2
    );
}

#[tokio::test]
async fn no_hold_outlives_the_day_of_arrival() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    world.set("hold_minutes = 10080").await;
    let today: chrono::NaiveDate = sqlx::query_scalar(
        "SELECT (clock_timestamp() AT TIME ZONE 'America/Argentina/Buenos_Aires')::date",
    )
    .fetch_one(database.pool())
    .await
    .unwrap();
    let tomorrow = today + chrono::Days::new(1);
    let period =
        posta_domain::nights::Period::new(tomorrow, tomorrow + chrono::Days::new(2)).unwrap();
    let held = world.hold(&world.quote(period).await).await.unwrap();
    let Reservation::Held(waits) = held.state else {
        panic!("held: {:?}", held.state);
    };
    // Midnight after the day of arrival, three hours behind Greenwich.
    let midnight = (tomorrow + chrono::Days::new(1))
        .and_hms_opt(3, 0, 0)
        .unwrap()
        .and_utc();
    assert_eq!(waits.expires_at, midnight);
}

#[tokio::test]
async fn the_guests_link_is_made_with_the_booking_if_asked() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let mut request = holding(&world.quote(world.nights(0, 2)).await);
    request.link_until = true;
    let answered = booking::hold(
        &world.store,
        &world.by,
        &request,
        |booking| json!({ "link": booking.link.map(|link| link.to_string()) }),
    )
    .await
    .unwrap();
    assert!(answered.answer["link"].is_string());
    let lasts = "SELECT count(*) FROM guest_links l JOIN stays s USING (reservation_id)
                 WHERE l.expires_at::date = s.check_out + 30";
    assert_eq!(world.count(lasts).await, 1);
}

#[tokio::test]
async fn absurd_words_of_a_guest_are_kept_short_and_never_fail() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let mut request = holding(&world.quote(world.nights(0, 2)).await);
    request.notes = "\0ñ".repeat(100_000);
    request.who = booking::Who::New(booking::GuestInput {
        name: "\0é".repeat(100_000),
        phone: Some(String::new()),
        email: Some("a".repeat(10_000)),
    });
    let booking = world.hold_as(&request).await.unwrap();
    assert_eq!(booking.guest_name.chars().count(), 200);
    assert_eq!(booking.guest_phone, None);
    assert_eq!(booking.notes.chars().count(), 4_000);
}
