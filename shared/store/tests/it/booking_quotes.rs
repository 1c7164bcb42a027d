//! Quotes: kept whole, never changed, and what is charged.

use posta_domain::{
    money::{Currency, Money},
    party::Party,
    quote::{Adjustment, price},
    refusal::Refusal,
};
use posta_store::{
    booking::{BookingError, Checks, What, quotes},
    ids::{AccommodationId, GuestId, UnitTypeId},
    testing::{Database, database},
};
use serde_json::json;

use crate::booking_world::{World, holding};

async fn world(database: &Database) -> World {
    World::with_cabins(database.store(), 2).await
}

/// Small numbers that differ, always the same ones.
fn some(seed: u64, below: u64) -> u64 {
    let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (seed << 13);
    (mixed >> 17) % below
}

#[tokio::test]
async fn what_is_charged_is_what_was_quoted_to_the_cent_while_prices_are_edited() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let mut conn = database.pool().acquire().await.unwrap();
    for n in 1..=36_u64 {
        let table = |night: u64| {
            json!({
                "currency": "ARS", "night": night, "weekend_night": night + some(n * 3, 9_999),
                "included_guests": 2, "extra_guest_night": some(n * 5, 3_333), "cleaning_fee": some(n * 7, 7_777),
                "age_bands": [{ "up_to": 2, "extra_night": 0, "takes_place": false },
                              { "up_to": 11, "extra_night": 1_111, "takes_place": true }],
                "long_stay": [{ "nights": 5, "discount": 1_000 + some(n, 999) }],
            })
        };
        let edit = async |night: u64| {
            sqlx::query("UPDATE unit_types SET rates = $1 WHERE id = $2")
                .bind(table(night))
                .bind(world.kind.uuid())
                .execute(database.pool())
                .await
                .unwrap();
        };
        edit(10_001 + some(n * 11, 55_555)).await;
        let deposit = i32::try_from(some(n * 13, 10_000) + 1).unwrap();
        sqlx::query("UPDATE properties SET deposit_bp = $1")
            .bind(deposit)
            .execute(database.pool())
            .await
            .unwrap();
        let mut asked = world.asked(
            What::Type(world.kind),
            world.nights((n - 1) * 8, 1 + some(n * 17, 8)),
        );
        let children = vec![Some(1), Some(u8::try_from(some(n, 10)).unwrap())];
        asked.party = Party::new(2, children, 0).unwrap();
        let quote = world.quote_of(vec![asked]).await;
        assert!(quote.breakdown.charge.minor > 10_000);

        edit(77_777).await;
        world.set("deposit_bp = 0").await;
        let kept = quotes::get(&mut conn, Some(world.by.tenant), quote.id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(kept, quote);
        assert_eq!(price(&kept.inputs).unwrap(), quote.breakdown);

        let booking = world.hold(&quote).await.unwrap();
        assert_eq!(booking.charge, quote.breakdown.charge);
        assert_eq!(booking.deposit, quote.breakdown.deposit);
        assert_eq!(booking.requests.len(), 1);
        assert_eq!(booking.requests[0].amount, quote.breakdown.deposit);
        assert_eq!(
            booking.requests[0].external_reference,
            format!("{}-1", booking.code)
        );
    }
}

#[tokio::test]
async fn a_quote_cannot_be_changed_by_anybody() {
    let database = database().await;
    let world = world(&database).await;
    let quote = world.quote(world.nights(0, 2)).await;
    for change in [
        "UPDATE quotes SET charge_total = 1, deposit = 0 WHERE id = $1",
        "UPDATE quotes SET valid_until = valid_until + interval '1 day' WHERE id = $1",
        "UPDATE quotes SET inputs = '{}' WHERE id = $1",
    ] {
        let refused = sqlx::query(change)
            .bind(quote.id.uuid())
            .execute(database.pool())
            .await;
        assert!(
            refused
                .unwrap_err()
                .to_string()
                .contains("cannot be changed")
        );
    }
}

#[tokio::test]
async fn a_rate_of_exchange_is_frozen_with_its_source_and_time() {
    let database = database().await;
    let world = world(&database).await;
    world.set("charge_currency = 'USD'").await;
    let asked = || vec![world.asked(What::Type(world.kind), world.nights(0, 2))];
    let request = world.request(asked());
    let without = quotes::make(&world.store, &world.by, &request).await;
    let no_rate = matches!(
        without,
        Err(BookingError::Refused(Refusal::WrongCurrency { asked, .. })) if asked == Currency::USD
    );
    assert!(no_rate, "no rate is known yet");
    let say = async |micros: i64| {
        sqlx::query(
            "INSERT INTO exchange_rates (tenant_id, id, property_id, from_currency, to_currency, micros, source)
             VALUES ($1, gen_random_uuid(), $2, 'ARS', 'USD', $3, 'the owner')",
        )
        .bind(world.by.tenant.uuid())
        .bind(world.property.uuid())
        .bind(micros)
        .execute(database.pool())
        .await
        .unwrap();
    };
    say(1_000).await;
    let quote = world.quote_of(asked()).await;
    say(2_000).await;
    // $ 250,00 at a thousandth.
    assert_eq!(quote.breakdown.total, Money::new(25_000, Currency::ARS));
    assert_eq!(quote.breakdown.charge, Money::new(25, Currency::USD));
    assert_eq!(quote.inputs.exchange.as_ref().unwrap().source, "the owner");
    assert_eq!(price(&quote.inputs).unwrap(), quote.breakdown);
    assert_eq!(
        world.hold(&quote).await.unwrap().charge,
        quote.breakdown.charge
    );

    let mut pesos = world.request(asked());
    pesos.charge_currency = Some(Currency::ARS);
    let refused = quotes::make(&world.store, &world.by, &pesos).await;
    assert!(matches!(
        refused,
        Err(BookingError::Refused(Refusal::WrongCurrency { .. }))
    ));
    pesos.checks = Checks::Owner;
    assert!(quotes::make(&world.store, &world.by, &pesos).await.is_ok());
}

#[tokio::test]
async fn what_cannot_be_sold_is_refused_with_its_reason() {
    let database = database().await;
    let world = world(&database).await;
    let unpriced = world.add_kind("Domo", &serde_json::Value::Null).await;
    world
        .sql(
            "UPDATE unit_types SET rates = NULL WHERE id = $1",
            &[unpriced.uuid()],
        )
        .await;
    let domo = world.add_cabin(unpriced, "Domo 1").await;
    world
        .sql(
            "UPDATE accommodations SET active = false WHERE id = $1",
            &[world.cabins[1].uuid()],
        )
        .await;
    let period = world.nights(0, 2);
    let code = async |what: What| {
        let request = world.request(vec![world.asked(what, period)]);
        match quotes::make(&world.store, &world.by, &request).await {
            Err(BookingError::Refused(refusal)) => refusal.code(),
            other => panic!("refused: {other:?}"),
        }
    };
    assert_eq!(code(What::Cabin(AccommodationId::fresh())).await, "unknown");
    assert_eq!(code(What::Type(UnitTypeId::fresh())).await, "unknown");
    assert_eq!(code(What::Cabin(world.cabins[1])).await, "inactive");
    assert_eq!(code(What::Cabin(domo)).await, "no_price");
    let twice = world.asked(What::Cabin(world.cabins[0]), period);
    for stays in [vec![], vec![twice.clone(), twice.clone()], vec![twice; 11]] {
        let refused = quotes::make(&world.store, &world.by, &world.request(stays)).await;
        assert!(matches!(
            refused,
            Err(BookingError::Refused(Refusal::StaysImpossible))
        ));
    }
}

#[tokio::test]
async fn the_owner_sells_what_has_no_price_for_what_she_says_and_a_guest_adjusts_nothing() {
    let database = database().await;
    let world = world(&database).await;
    world
        .sql(
            "UPDATE unit_types SET rates = NULL WHERE id = $1",
            &[world.kind.uuid()],
        )
        .await;
    let mut request = world.request(vec![
        world.asked(What::Type(world.kind), world.nights(0, 2)),
    ]);
    request.adjustments = vec![Adjustment {
        amount: 123_456,
        reason: "Precio\0 amigo".to_owned(),
        author: "user:1".to_owned(),
    }];
    let refused = quotes::make(&world.store, &world.by, &request).await;
    assert!(matches!(
        refused,
        Err(BookingError::Refused(Refusal::NeedsOwner))
    ));
    request.checks = Checks::Owner;
    let quote = quotes::make(&world.store, &world.by, &request)
        .await
        .unwrap();
    assert_eq!(quote.breakdown.charge, Money::new(123_456, Currency::ARS));
    let mut by_hand = holding(&quote);
    by_hand.confirm_now = true;
    let booking = world.hold_as(&by_hand).await.unwrap();
    assert_eq!(booking.charge, quote.breakdown.charge);
}

#[tokio::test]
async fn another_tenants_property_quote_cabin_guest_and_booking_are_not_there() {
    let database = database().await;
    let ours = world(&database).await;
    let theirs = World::with_cabins(database.store(), 1).await;
    let period = ours.nights(0, 2);

    let request = theirs.request(vec![theirs.asked(What::Type(theirs.kind), period)]);
    let property = quotes::make(&ours.store, &ours.by, &request).await;
    assert!(matches!(property, Err(BookingError::NotFound("property"))));

    let request = ours.request(vec![ours.asked(What::Cabin(theirs.cabins[0]), period)]);
    let cabin = quotes::make(&ours.store, &ours.by, &request).await;
    assert!(matches!(
        cabin,
        Err(BookingError::Refused(Refusal::Unknown { .. }))
    ));

    let quote = theirs.quote(period).await;
    let held = ours.hold(&quote).await;
    assert!(matches!(held, Err(BookingError::NotFound("quote"))));

    let mut named = holding(&ours.quote(period).await);
    named.cabins = vec![theirs.cabins[0]];
    let held = ours.hold_as(&named).await;
    assert!(matches!(held, Err(BookingError::NotFound("accommodation"))));

    let booking = theirs.hold(&quote).await.unwrap();
    let mut as_guest = holding(&ours.quote(period).await);
    as_guest.who = posta_store::booking::Who::Known(booking.guest);
    let held = ours.hold_as(&as_guest).await;
    assert!(matches!(held, Err(BookingError::NotFound("guest"))));
    let mut asking = ours.request(vec![ours.asked(What::Type(ours.kind), period)]);
    asking.guest = Some(GuestId::fresh());
    let unknown = quotes::make(&ours.store, &ours.by, &asking).await;
    assert!(matches!(unknown, Err(BookingError::NotFound("guest"))));

    let mut conn = database.pool().acquire().await.unwrap();
    let seen = posta_store::booking::view::view(&mut conn, ours.by.tenant, booking.id).await;
    assert_eq!(seen.unwrap(), None);
    let confirmed =
        posta_store::booking::confirm(&ours.store, &ours.by, booking.id, None, true).await;
    assert!(matches!(
        confirmed,
        Err(BookingError::NotFound("reservation"))
    ));
    assert_eq!(
        ours.count("SELECT count(*) FROM reservations WHERE tenant_id = $1")
            .await,
        0
    );
}
