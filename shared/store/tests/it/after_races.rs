//! Everything at once: whatever the order, no night has two owners and no peso is lost.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use posta_domain::reservation::Reservation;
use posta_store::{
    StoreError,
    booking::{
        BookingError, Who,
        cancel::{self, CancelBy},
        change::{self, ChangeRequest, Changer, To},
        confirm, expire_due, hold, reassign,
    },
    guests::{self, Alias, AliasKind, At},
    ids::{GuestId, ReservationId},
    testing::{Database, Lodge, assert_books_balance, database},
};

use crate::after_money::{cash, try_pay};

/// xorshift: the same sequence for the same seed, printed when a test fails.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// A clear no is fine; a database's error, or a deadlock, is not.
fn fair<T: std::fmt::Debug>(what: &str, result: Result<T, BookingError>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(
            BookingError::Refused(_)
            | BookingError::Illegal(_)
            | BookingError::Stale
            | BookingError::NotFound(_),
        ) => None,
        Err(other) => panic!("{what}: {other:?}"),
    }
}

async fn cancelled(database: &Database, lodge: &Lodge, id: ReservationId) -> bool {
    let done = cancel::cancel(database.store(), &lodge.by, id, CancelBy::Guest, "", None).await;
    fair("cancel", done).is_some()
}

#[tokio::test]
async fn a_cancellation_and_a_payment_at_the_same_moment_lose_nothing() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    for _ in 0..25 {
        let held = lodge.held(10, 12).await;
        let money = cash(Lodge::pesos(100_000), "");
        let (_, paid) = tokio::join!(
            cancelled(&database, &lodge, held.id),
            try_pay(&database, &lodge, held.id, &money),
        );
        paid.unwrap();
        let after = lodge.booking(held.id).await;
        assert_eq!(after.state, Reservation::Cancelled);
        assert_eq!(after.refund_due.minor + after.retained.minor, 10_000_000);
    }
    assert_books_balance(database.pool()).await;
}

#[tokio::test]
async fn an_expiry_a_payment_and_another_guest_at_the_same_moment_sell_the_night_once() {
    let database = database().await;
    let lodge = database.lodge(1).await;
    let mut revived = 0;
    for _ in 0..25 {
        let held = lodge.held(10, 12).await;
        lodge.age(held.id).await;
        let money = cash(Lodge::pesos(100_000), "");
        let (_, paid, other) = tokio::join!(
            expire_due(database.store(), 10),
            try_pay(&database, &lodge, held.id, &money),
            lodge.try_hold(vec![lodge.any(11, 13)]),
        );
        let paid = paid.unwrap();
        let other = fair("hold", other);
        assert_ne!(
            paid.state == Reservation::Confirmed,
            other.is_some(),
            "one of the two"
        );
        assert_books_balance(database.pool()).await;
        revived += u32::from(other.is_none());
        for id in [Some(held.id), other.map(|other| other.id)]
            .into_iter()
            .flatten()
        {
            cancelled(&database, &lodge, id).await;
        }
    }
    println!("revived {revived} of 25");
}

#[tokio::test]
async fn a_hundred_rounds_of_everything_at_once_keep_both_promises() {
    const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
    let database = database().await;
    let lodge = database.lodge(2).await;
    println!("seed {SEED:#x}");
    let mut dice = Dice(SEED);
    let mut known: Vec<ReservationId> = Vec::new();
    for round in 0..100 {
        let mut deeds = Vec::new();
        for _ in 0..5 {
            let target = (!known.is_empty())
                .then(|| known[usize::try_from(dice.roll(known.len() as u64)).unwrap()]);
            deeds.push((dice.roll(9), target, 10 + dice.roll(12), 1 + dice.roll(4)));
        }
        let running = deeds
            .into_iter()
            .map(|(deed, target, from, nights)| act(&database, &lodge, deed, target, from, nights));
        let made = futures_util::future::join_all(running).await;
        known.extend(made.into_iter().flatten());
        let keep = known.len().saturating_sub(6);
        known.drain(..keep);
        if round % 5 == 0 {
            assert_books_balance(database.pool()).await;
        }
    }
    assert_books_balance(database.pool()).await;
    let ends: Vec<(String, i64)> =
        sqlx::query_as("SELECT status, count(*) FROM reservations GROUP BY status ORDER BY status")
            .fetch_all(database.pool())
            .await
            .unwrap();
    println!("{ends:?}");
    // Which bookings are held at the very end is chance.
    assert!(ends.len() >= 3, "the rounds reach most states: {ends:?}");
}

/// One deed on one booking, with nights that overlap with everybody's.
async fn act(
    database: &Database,
    lodge: &Lodge,
    deed: u64,
    target: Option<ReservationId>,
    from: u64,
    nights: u64,
) -> Option<ReservationId> {
    let store = database.store();
    let Some(id) = target.filter(|_| deed > 1) else {
        let stays = if deed == 0 && nights == 1 {
            vec![
                lodge.in_cabin(0, from, from + 2),
                lodge.in_cabin(1, from, from + 2),
            ]
        } else {
            vec![lodge.any(from, from + nights)]
        };
        return fair("hold", lodge.try_hold(stays).await).map(|held| held.id);
    };
    match deed {
        2 => {
            let amount = Lodge::pesos(i64::try_from(nights).unwrap() * 60_000);
            fair("pay", try_pay(database, lodge, id, &cash(amount, "")).await);
        }
        3 => {
            fair("confirm", confirm(store, &lodge.by, id, None, true).await);
        }
        4 => {
            cancelled(database, lodge, id).await;
        }
        5 | 6 => {
            let request = ChangeRequest {
                to: To::Stays(vec![lodge.any(from, from + nights)]),
                by: Changer::Owner,
                adjustments: Vec::new(),
                expected_version: None,
            };
            fair(
                "change",
                change::change(store, &lodge.by, id, &request).await,
            );
        }
        7 => {
            let stay = lodge.booking(id).await.stays[0].id;
            let cabin = lodge.cabins[usize::try_from(from % 2).unwrap()];
            fair(
                "reassign",
                reassign::reassign(store, &lodge.by, stay, cabin, None).await,
            );
        }
        _ => {
            lodge.age(id).await;
            expire_due(store, 10).await.unwrap();
        }
    }
    None
}

#[tokio::test]
async fn guests_that_turn_out_to_be_one_keep_their_bookings_and_money() {
    let database = database().await;
    let chat = database.chat("1001", "5491155550001").await;
    let lodge = database.lodge(2).await;
    // The lodge is another tenant's: make its guests by its own account.
    let account = uuid::Uuid::now_v7();
    sqlx::query(
        "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
         VALUES ($1, $2, 'whatsapp', '1002', 'WHATSAPP_ACCESS_TOKEN')",
    )
    .bind(lodge.tenant.uuid())
    .bind(account)
    .execute(database.pool())
    .await
    .unwrap();
    let at = At {
        tenant: lodge.tenant,
        account: account.into(),
    };
    let phone = Alias {
        kind: AliasKind::WaId,
        value: "5491155550002".to_owned(),
    };
    let user = Alias {
        kind: AliasKind::UserId,
        value: "AR.1".to_owned(),
    };
    let (old, new) = (
        resolve(&database, at, std::slice::from_ref(&phone))
            .await
            .unwrap(),
        resolve(&database, at, std::slice::from_ref(&user))
            .await
            .unwrap(),
    );
    let mut bookings = Vec::new();
    for guest in [old, new] {
        let quote = lodge.quote(vec![lodge.any(10, 12)]).await.unwrap();
        let mut request = Lodge::request(&quote);
        request.who = Who::Known(guest);
        let held = hold(database.store(), &lodge.by, &request, |_| {
            serde_json::Value::Null
        })
        .await
        .unwrap();
        bookings.push(held.reservation.unwrap());
    }
    // While they are merged, both are paid for.
    let money = cash(Lodge::pesos(100_000), "");
    let both = [phone, user];
    let (merged, one, other) = tokio::join!(
        resolve(&database, at, &both),
        try_pay(&database, &lodge, bookings[0], &money),
        try_pay(&database, &lodge, bookings[1], &money),
    );
    assert_eq!(merged.unwrap(), old);
    one.unwrap();
    other.unwrap();
    for id in bookings {
        let booking = lodge.booking(id).await;
        assert_eq!(booking.guest, old);
        assert_eq!(booking.state, Reservation::Confirmed);
    }
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM reservations WHERE guest_id = $1)
              + (SELECT count(*) FROM quotes WHERE guest_id = $1)",
    )
    .bind(new.uuid())
    .fetch_one(database.pool())
    .await
    .unwrap();
    assert_eq!(left, 0);
    assert_ne!(chat.guest, old);
    assert_books_balance(database.pool()).await;
}

async fn resolve(database: &Database, at: At, aliases: &[Alias]) -> Result<GuestId, StoreError> {
    let mut tx = database.store().begin().await?;
    let guest = guests::resolve(&mut tx, at, aliases, None).await?;
    tx.commit().await.unwrap();
    Ok(guest)
}
