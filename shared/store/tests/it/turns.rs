//! A turn is one transaction: what it does to bookings, what it says and where the chat stands.

use chrono::TimeDelta;
use posta_domain::{
    availability::{Among, Search},
    dialogue::{Attention, Content, Denied, State, Template, World as _},
    refusal::Refusal,
    reservation::{Reservation, Status},
    understand::PayBy,
};
use posta_store::{
    booking::{
        cancel::{CancelBy, cancel},
        confirm,
    },
    ids::ReservationId,
    testing::{Lodge, assert_books_balance},
    turns::{self, Taken},
};

use crate::{
    support::round,
    turn_world::{Inn, commit, hold, said, saying},
};

#[tokio::test]
async fn a_hold_its_reply_and_the_chats_state_are_committed_together() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let quoted = inn.quoted(&ana, 10, 12).await;
    let (mut turn, entry) = inn.turn_of(&ana).await;
    let held = hold(&mut turn, quoted.id, entry).await.unwrap().unwrap();
    assert!(matches!(held.state, Reservation::Held(_)));
    assert_eq!(held.to_pay, Some(held.deposit));
    assert_eq!(inn.count("SELECT count(*) FROM reservations").await, 0);
    let mut decision = saying(&turn, "Reservado");
    decision.chat.state = State::Thanked;
    turn.commit(&decision, Some(said("Reservado")))
        .await
        .unwrap()
        .unwrap();

    assert_eq!(
        inn.count("SELECT count(*) FROM claims WHERE kind = 'hold'")
            .await,
        1
    );
    assert_eq!(
        inn.text("SELECT state FROM conversations").await.as_deref(),
        Some("thanked")
    );
    assert_eq!(
        inn.count("SELECT count(*) FROM mailbox WHERE handled_at IS NULL")
            .await,
        0
    );
    assert_eq!(round(inn.store()).await.send.len(), 1);
    // From the booking one walks back to the chat, the turn and its entries.
    let walked = inn
        .count(
            "SELECT count(*) FROM audit_log a
             JOIN turns t ON a.request_id = 'turn:' || t.id
             JOIN mailbox m ON m.turn_id = t.id
             WHERE a.action = 'held' AND a.actor = 'guest:chat:' || t.conversation_id",
        )
        .await;
    assert_eq!(walked, 1);
    assert_books_balance(inn.database.pool()).await;
}

#[tokio::test]
async fn a_worker_that_dies_before_the_commit_leaves_nothing_and_the_turn_is_made_again() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let quoted = inn.quoted(&ana, 10, 12).await;
    let (mut turn, entry) = inn.turn_of(&ana).await;
    hold(&mut turn, quoted.id, entry).await.unwrap().unwrap();
    drop(turn);
    assert_eq!(inn.count("SELECT count(*) FROM reservations").await, 0);
    assert_eq!(inn.count("SELECT count(*) FROM claims").await, 0);

    let mut again = inn.turn().await;
    assert_eq!(
        again
            .entries
            .iter()
            .map(|entry| entry.id)
            .collect::<Vec<_>>(),
        [entry]
    );
    hold(&mut again, quoted.id, entry).await.unwrap().unwrap();
    commit(again, "Reservado").await.unwrap();
    assert_eq!(inn.count("SELECT count(*) FROM reservations").await, 1);
}

#[tokio::test]
async fn a_connection_cut_in_the_middle_of_a_turn_leaves_nothing() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let quoted = inn.quoted(&ana, 10, 12).await;
    let (mut turn, entry) = inn.turn_of(&ana).await;
    hold(&mut turn, quoted.id, entry).await.unwrap().unwrap();
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'idle in transaction'",
    )
    .execute(inn.database.pool())
    .await
    .unwrap();
    let error = commit(turn, "Reservado").await.unwrap_err();
    assert!(error.is_unavailable(), "{error:?}");
    assert_eq!(inn.count("SELECT count(*) FROM reservations").await, 0);
    assert_eq!(
        inn.count("SELECT count(*) FROM outbox WHERE payload ->> 'body' = 'Reservado'")
            .await,
        0
    );
    let (mut turn, entry) = (inn.turn().await, entry);
    hold(&mut turn, quoted.id, entry).await.unwrap().unwrap();
    commit(turn, "Reservado").await.unwrap();
    assert_books_balance(inn.database.pool()).await;
}

#[tokio::test]
async fn a_turn_that_fails_is_put_off_and_leaves_nothing() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let quoted = inn.quoted(&ana, 10, 12).await;
    let (mut turn, entry) = inn.turn_of(&ana).await;
    hold(&mut turn, quoted.id, entry).await.unwrap().unwrap();
    turn.give_up(inn.store(), "the decision panicked")
        .await
        .unwrap();
    assert_eq!(inn.count("SELECT count(*) FROM reservations").await, 0);
    let seconds = inn
        .count("SELECT ceil(extract(epoch FROM turn_due_at - clock_timestamp()))::bigint FROM conversations")
        .await;
    assert!((1..=2).contains(&seconds), "{seconds}");
    assert!(matches!(
        turns::take(inn.store()).await.unwrap(),
        Taken::Nothing(Some(_))
    ));
}

#[tokio::test]
async fn a_cabin_that_stays_locked_puts_the_turn_off_and_takes_nothing() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let quoted = inn.quoted(&ana, 10, 12).await;
    let (mut turn, entry) = inn.turn_of(&ana).await;
    let mut stuck = inn.store().begin().await.unwrap();
    sqlx::query("SELECT id FROM accommodations FOR UPDATE")
        .execute(&mut *stuck)
        .await
        .unwrap();
    let error = hold(&mut turn, quoted.id, entry).await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    turn.give_up(inn.store(), &error.to_string()).await.unwrap();
    stuck.rollback().await.unwrap();
    assert_eq!(inn.count("SELECT count(*) FROM reservations").await, 0);
    assert_eq!(
        inn.count("SELECT turn_failures::bigint FROM conversations")
            .await,
        1
    );
}

#[tokio::test]
async fn a_refusal_leaves_neither_rows_nor_locks_and_the_turn_goes_on() {
    let inn = Inn::open(1).await;
    let (ana, bea) = (inn.guest(1).await, inn.guest(2).await);
    let quoted = inn.quoted(&bea, 10, 12).await;
    inn.held(&ana, 11, 13).await;
    let (mut turn, entry) = inn.turn_of(&bea).await;
    let denied = hold(&mut turn, quoted.id, entry)
        .await
        .unwrap()
        .unwrap_err();
    let night = inn.lodge.day(11);
    assert_eq!(
        denied,
        Denied::Refused(Refusal::Taken {
            nights: vec![night]
        })
    );
    // The cabin is nobody's while the turn is still open.
    let mut other = inn.store().begin().await.unwrap();
    sqlx::query("SELECT id FROM accommodations FOR UPDATE NOWAIT")
        .execute(&mut *other)
        .await
        .unwrap();
    other.rollback().await.unwrap();
    let search = Search {
        period: inn.lodge.period(10, 12),
        party: inn.lodge.any(10, 12).party,
        among: Among::All,
    };
    let offers = turn.world().offers(&search).await.unwrap();
    assert!(offers.offers.is_empty());
    assert!(!offers.alternatives.dates.is_empty());
    commit(turn, "Se ocupó").await.unwrap();
    assert_eq!(inn.count("SELECT count(*) FROM reservations").await, 1);
    assert_books_balance(inn.database.pool()).await;
}

#[tokio::test]
async fn a_second_tap_on_the_same_price_finds_the_booking_of_the_first() {
    let inn = Inn::open(2).await;
    let ana = inn.guest(1).await;
    let quoted = inn.quoted(&ana, 10, 12).await;
    let (mut turn, entry) = inn.turn_of(&ana).await;
    let first = hold(&mut turn, quoted.id, entry).await.unwrap().unwrap();
    let same_turn = hold(&mut turn, quoted.id, entry).await.unwrap().unwrap();
    assert_eq!(first.id, same_turn.id);
    commit(turn, "Reservado").await.unwrap();
    let (mut turn, entry) = inn.turn_of(&ana).await;
    let second = hold(&mut turn, quoted.id, entry).await.unwrap().unwrap();
    assert_eq!(first.id, second.id);
    commit(turn, "Ya está reservado").await.unwrap();
    assert_eq!(inn.count("SELECT count(*) FROM reservations").await, 1);
}

#[tokio::test]
async fn one_tap_holds_once_whatever_it_is_taken_for() {
    let inn = Inn::open(2).await;
    let ana = inn.guest(1).await;
    let (one, other) = (
        inn.quoted(&ana, 10, 12).await,
        inn.quoted(&ana, 20, 22).await,
    );
    let (mut turn, entry) = inn.turn_of(&ana).await;
    let mut world = turn.world();
    let first = world.hold(one.id, PayBy::Transfer, entry).await.unwrap();
    let second = world.hold(other.id, PayBy::Cash, entry).await.unwrap();
    assert_eq!(first, second);
    commit(turn, "Reservado").await.unwrap();
    assert_eq!(inn.count("SELECT count(*) FROM reservations").await, 1);
}

#[tokio::test]
async fn what_is_somebody_elses_is_not_found_by_any_id() {
    let inn = Inn::open(2).await;
    let (ana, eva) = (inn.guest(1).await, inn.guest(2).await);
    let quoted = inn.quoted(&ana, 20, 22).await;
    let booking = inn.held(&ana, 10, 12).await;
    let of_eva = inn.quoted(&eva, 30, 32).await;
    let (mut turn, entry) = inn.turn_of(&eva).await;
    let mut world = turn.world();
    assert_eq!(world.quoted(quoted.id).await.unwrap(), None);
    assert_eq!(
        world.hold(quoted.id, PayBy::Cash, entry).await.unwrap(),
        Err(Denied::NotFound)
    );
    assert_eq!(world.booking(booking).await.unwrap(), None);
    assert_eq!(world.bookings().await.unwrap(), Vec::new());
    assert_eq!(
        world.cancellation(booking).await.unwrap(),
        Err(Denied::NotFound)
    );
    assert_eq!(world.cancel(booking).await.unwrap(), Err(Denied::NotFound));
    assert_eq!(
        world.change(booking, of_eva.id).await.unwrap(),
        Err(Denied::NotFound)
    );
    assert_eq!(
        world.receipt(booking, entry).await.unwrap(),
        Err(Denied::NotFound)
    );
    let made_up = ReservationId::fresh();
    assert_eq!(world.booking(made_up).await.unwrap(), None);
    assert_eq!(world.cancel(made_up).await.unwrap(), Err(Denied::NotFound));
    commit(turn, "No la encuentro").await.unwrap();
    assert_eq!(
        inn.lodge.booking(booking).await.state.status(),
        Status::Held
    );
    // Hers to somebody else's price: neither.
    let (mut turn, _) = inn.turn_of(&ana).await;
    assert_eq!(
        turn.world().change(booking, of_eva.id).await.unwrap(),
        Err(Denied::NotFound)
    );
}

#[tokio::test]
async fn a_guest_cancels_and_moves_her_own_and_sends_its_receipt() {
    let inn = Inn::open(2).await;
    let ana = inn.guest(1).await;
    let booking = inn.held(&ana, 10, 12).await;
    let other = inn.quoted(&ana, 20, 23).await;
    let (mut turn, entry) = inn.turn_of(&ana).await;
    let moved = turn
        .world()
        .change(booking, other.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(moved.quote, other.id);
    assert_eq!(moved.stays.len(), 1);
    // Tapped twice.
    let again = turn
        .world()
        .change(booking, other.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(again, moved);
    let sent = turn.world().receipt(booking, entry).await.unwrap().unwrap();
    assert!(sent.receipt_waits);
    commit(turn, "Recibido").await.unwrap();
    assert_eq!(
        inn.count("SELECT count(*) FROM attention WHERE kind = 'receipt'")
            .await,
        1
    );

    let (mut turn, _) = inn.turn_of(&ana).await;
    let outcome = turn.world().cancellation(booking).await.unwrap().unwrap();
    let (cancelled, done) = turn.world().cancel(booking).await.unwrap().unwrap();
    assert_eq!(cancelled.state, Reservation::Cancelled);
    assert_eq!(outcome, done);
    assert_eq!(
        turn.world().cancel(booking).await.unwrap(),
        Err(Denied::State(Status::Cancelled))
    );
    assert_eq!(
        turn.world().receipt(booking, entry).await.unwrap(),
        Err(Denied::State(Status::Cancelled))
    );
    commit(turn, "Cancelada").await.unwrap();
    assert_eq!(inn.count("SELECT count(*) FROM claims").await, 0);
    assert!(inn.events(&ana).await.is_empty(), "she knows it all");
    assert_books_balance(inn.database.pool()).await;
}

#[tokio::test]
async fn the_guests_bookings_are_the_living_ones_first_and_none_of_long_ago() {
    let inn = Inn::open(4).await;
    let ana = inn.guest(1).await;
    let over = inn.held(&ana, 10, 12).await;
    inn.lodge.age(over).await;
    let living = inn.held(&ana, 20, 22).await;
    let later = inn.held(&ana, 30, 32).await;
    let long_ago = inn.held(&ana, 40, 42).await;
    let (mut turn, _) = inn.turn_of(&ana).await;
    turn.world().cancel(long_ago).await.unwrap().unwrap();
    commit(turn, "Cancelada").await.unwrap();
    sqlx::query(
        "UPDATE reservations SET ended_at = now() - interval '31 days' WHERE status = 'cancelled'",
    )
    .execute(inn.database.pool())
    .await
    .unwrap();
    let (mut turn, _) = inn.turn_of(&ana).await;
    let found = turn.world().bookings().await.unwrap();
    let ids: Vec<_> = found.iter().map(|booked| booked.id).collect();
    assert_eq!(ids, [later, living, over]);
    assert_eq!(found.last().unwrap().state, Reservation::Expired);
    assert_eq!(found.last().unwrap().to_pay, None);
    assert!(turn.world().booking(long_ago).await.unwrap().is_some());
}

#[tokio::test]
async fn a_guest_who_wants_no_messages_is_remembered_as_such() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let out = "SELECT count(*) FROM guests WHERE opted_out_at IS NOT NULL";
    for (wants, expected) in [(true, 1), (true, 1), (false, 0)] {
        let (mut turn, _) = inn.turn_of(&ana).await;
        turn.world().opt_out(wants).await.unwrap();
        commit(turn, "Listo").await.unwrap();
        assert_eq!(inn.count(out).await, expected);
    }
}

#[tokio::test]
async fn each_matter_is_raised_about_its_booking_or_the_chat_with_what_can_be_done() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let booking = inn.held(&ana, 10, 12).await;
    let (turn, _) = inn.turn_of(&ana).await;
    let mut decision = saying(&turn, "Le pregunto");
    let deadline = turn.now + TimeDelta::hours(1);
    for about in [None, Some(booking)] {
        decision.attention.push(Attention {
            kind: Attention::DISCOUNT,
            about,
            deadline,
            detail: vec![("quote", "q\0".to_owned())],
            actions: &["offer", "decline"],
        });
    }
    turn.commit(&decision, None).await.unwrap();
    let rows: Vec<(String, serde_json::Value, serde_json::Value)> =
        sqlx::query_as("SELECT subject, detail, actions FROM attention ORDER BY subject")
            .fetch_all(inn.database.pool())
            .await
            .unwrap();
    let [(chat, detail, actions), (reservation, ..)] = rows.as_slice() else {
        panic!("{rows:?}");
    };
    assert_eq!(*chat, format!("conversation:{}", ana.conversation));
    assert_eq!(*reservation, format!("reservation:{booking}"));
    assert_eq!(detail["quote"], "q\u{fffd}");
    assert_eq!(detail["guest"], ana.guest.to_string());
    assert_eq!(*actions, serde_json::json!(["offer", "decline"]));
}

#[tokio::test]
async fn a_session_message_ends_with_the_guests_day_and_a_template_only_when_it_is_useless() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let ends = "SELECT coalesce(not_after::text, 'never') FROM outbox ORDER BY seq DESC LIMIT 1";
    let (turn, _) = inn.turn_of(&ana).await;
    let wrote = turn.chat.last_guest_at.unwrap();
    commit(turn, "Hola").await.unwrap();
    let day = inn
        .count("SELECT floor(extract(epoch FROM max(o.not_after)))::bigint FROM outbox o")
        .await;
    assert_eq!(day, (wrote + TimeDelta::hours(24)).timestamp());

    let (turn, _) = inn.turn_of(&ana).await;
    let mut decision = saying(&turn, "Vence pronto");
    let template = Template {
        name: "hold_ending",
        parameters: Vec::new(),
        choices: Vec::new(),
    };
    if let Some(reply) = &mut decision.reply {
        reply.template = Some(template.clone());
    }
    let words = said("Vence pronto");
    turn.commit(&decision, Some(words)).await.unwrap();
    assert_eq!(inn.text(ends).await.as_deref(), Some("never"));

    let (turn, _) = inn.turn_of(&ana).await;
    let until = turn.now + TimeDelta::minutes(7);
    let mut decision = saying(&turn, "Vence pronto");
    if let Some(reply) = &mut decision.reply {
        reply.template = Some(template);
        reply.useful_until = Some(until);
    }
    turn.commit(&decision, Some(said("Vence pronto")))
        .await
        .unwrap();
    let off = inn
        .count("SELECT round(extract(epoch FROM max(not_after) - clock_timestamp()) / 60)::bigint FROM outbox WHERE seq = (SELECT max(seq) FROM outbox)")
        .await;
    assert_eq!(off, 7);
}

#[tokio::test]
async fn the_desk_knows_the_place_its_kinds_its_cabins_and_their_texts() {
    let inn = Inn::open(2).await;
    let ana = inn.guest(1).await;
    let Lodge {
        tenant,
        property,
        kind,
        ref cabins,
        ..
    } = inn.lodge;
    for sql in [
        "INSERT INTO property_texts (tenant_id, property_id, key, body) VALUES ($1, $2, 'transfer', 'Alias lago.mp')"
            .to_owned(),
        "INSERT INTO holidays (tenant_id, property_id, day, name) VALUES ($1, $2, '2031-02-03', 'Fiesta del lago')".to_owned(),
        format!(
            "INSERT INTO cabin_texts (tenant_id, property_id, unit_type_id, key, body)
             VALUES ($1, $2, '{kind}', 'services', 'Con parrilla')"
        ),
        format!(
            "INSERT INTO cabin_texts (tenant_id, property_id, unit_type_id, accommodation_id, key, body)
             VALUES ($1, $2, '{kind}', '{}', 'access', 'Clave 1234')",
            cabins[1]
        ),
        format!("INSERT INTO unit_types (tenant_id, id, property_id, name, capacity, active)
             VALUES ($1, '{}', $2, 'Vieja', 2, false)", uuid::Uuid::now_v7()),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(tenant.uuid())
            .bind(property.uuid())
            .execute(inn.database.pool())
            .await
            .unwrap();
    }
    let (turn, _) = inn.turn_of(&ana).await;
    let desk = &turn.desk;
    assert_eq!(desk.name, "Lago");
    assert_eq!(desk.text("transfer"), Some("Alias lago.mp"));
    let feast = "2031-02-03".parse().unwrap();
    assert_eq!(desk.holidays[&feast], "Fiesta del lago");
    let [of] = desk.kinds.as_slice() else {
        panic!("{:?}", desk.kinds);
    };
    assert_eq!((of.id, of.capacity), (kind, 4));
    assert_eq!(of.texts["services"], "Con parrilla");
    let access: Vec<_> = of
        .cabins
        .iter()
        .map(|cabin| cabin.texts.get("access").map(String::as_str))
        .collect();
    assert_eq!(access, [None, Some("Clave 1234")]);
}

#[tokio::test]
async fn nothing_is_sold_where_no_property_is() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    sqlx::query("UPDATE properties SET active = false")
        .execute(inn.database.pool())
        .await
        .unwrap();
    inn.says(
        &ana,
        &Content::Text {
            text: "tenés lugar?".to_owned(),
        },
    )
    .await;
    let mut turn = inn.turn().await;
    let wanted = inn.wanted(10, 12);
    let refused = turn.world().quote(&[wanted]).await.unwrap();
    assert_eq!(refused, Err(Refusal::Inactive));
    let search = Search {
        period: inn.lodge.period(10, 12),
        party: inn.lodge.any(10, 12).party,
        among: Among::All,
    };
    let offers = turn.world().offers(&search).await.unwrap();
    assert_eq!(offers.refusal, Some(Refusal::Inactive));
}

#[tokio::test]
async fn the_owner_is_asked_for_her_yes_and_no_longer_once_she_has_said_it() {
    let inn = Inn::open(2).await;
    let ana = inn.guest(1).await;
    sqlx::query(
        "INSERT INTO seasons (tenant_id, id, property_id, name, first_night, last_night, priority, booking_mode)
         SELECT tenant_id, gen_random_uuid(), id, 'Feria', current_date, current_date + 300, 1, 'request'
         FROM properties",
    )
    .execute(inn.database.pool())
    .await
    .unwrap();
    let (asked, refused) = (inn.held(&ana, 10, 12).await, inn.held(&ana, 20, 22).await);
    let open =
        "SELECT count(*) FROM attention WHERE kind = 'booking_requested' AND state <> 'done'";
    assert_eq!(inn.count(open).await, 2);
    assert_books_balance(inn.database.pool()).await;
    confirm(inn.store(), &inn.lodge.by, asked, None, false)
        .await
        .unwrap();
    assert_eq!(inn.count(open).await, 1);
    cancel(
        inn.store(),
        &inn.lodge.by,
        refused,
        CancelBy::Owner,
        "",
        None,
    )
    .await
    .unwrap();
    assert_eq!(inn.count(open).await, 0);
    assert_eq!(inn.events(&ana).await, ["agreed", "cancelled_by_owner"]);
    assert_books_balance(inn.database.pool()).await;
}
