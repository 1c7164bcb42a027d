//! Readings of one payment applied by many at once, while its hold ends and is called off.

use posta_domain::payment::Snapshot;
use posta_store::{
    booking::{
        BookingError,
        cancel::{self, CancelBy},
        expire_due,
    },
    payments,
    testing::{assert_books_balance, database},
};

use super::{situations::Situation, truth};

/// A clear no is fine; a database's error, or a deadlock, is not.
fn fair<T>(what: &str, result: Result<T, BookingError>) {
    match result {
        Ok(_) | Err(BookingError::Illegal(_) | BookingError::Stale) => {}
        Err(other) => panic!("{what}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_readers_of_one_payment_at_once_end_in_one_ledger() {
    let database = database().await;
    let mut outcomes = Vec::new();
    for round in 0..12_usize {
        let scene = Situation::Alive.set_up(&database).await;
        let mut remote = scene.remote();
        let part = remote.read().amount.minor / 4;
        let said = [
            remote.read().clone(),
            remote.becomes("approved", "accredited"),
            remote.gives_back(2_201, part),
            remote.gives_back(2_202, part),
        ];
        let eight = (0..8).map(|reader| {
            let mine: Vec<&Snapshot> = (0..4).map(|n| &said[(reader + n + round) % 4]).collect();
            let (database, scene) = (&database, &scene);
            async move {
                for snapshot in mine {
                    let reading = scene.account.reading(database.pool(), &scene.lodge).await;
                    let applied = payments::apply(database.store(), &reading, snapshot).await;
                    fair("apply", applied);
                }
            }
        });
        futures_util::future::join_all(eight).await;
        // Whatever order it was, the newest has been read by now.
        let last = scene.account.apply(&database, &scene.lodge, &said[3]).await;
        fair("apply", last);
        outcomes.push(
            truth(database.pool(), scene.lodge.tenant.uuid())
                .await
                .provider,
        );
    }
    assert!(
        outcomes.windows(2).all(|two| two[0] == two[1]),
        "{outcomes:#?}"
    );
    assert_books_balance(database.pool()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readings_an_expiry_and_a_cancellation_at_the_same_moment_lose_no_peso() {
    let database = database().await;
    let mut outcomes = Vec::new();
    for round in 0..20 {
        let scene = Situation::Alive.set_up(&database).await;
        let mut remote = scene.remote();
        let said = [
            remote.becomes("in_process", "pending_contingency"),
            remote.becomes("approved", "accredited"),
            remote.gives_back(2_201, 1_000_050),
        ];
        if round % 2 == 0 {
            scene.lodge.age(scene.booking).await;
        }
        let (lodge, account, store) = (&scene.lodge, &scene.account, database.store());
        let read = async |at: usize| {
            for n in 0..3 {
                let applied = account.apply(&database, lodge, &said[(at + n) % 3]).await;
                fair("apply", applied);
            }
        };
        let (.., swept, called_off) = tokio::join!(
            read(0),
            read(1),
            read(2),
            read(0),
            read(1),
            expire_due(store, 100),
            cancel::cancel(store, &lodge.by, scene.booking, CancelBy::Guest, "", None),
        );
        swept.unwrap();
        fair("cancel", called_off);
        fair("apply", account.apply(&database, lodge, &said[2]).await);
        let truth = truth(database.pool(), lodge.tenant.uuid()).await;
        outcomes.push(truth.provider.clone());
        let booking = lodge.booking(scene.booking).await;
        let due = booking.paid.minor + booking.refund_due.minor + booking.retained.minor;
        assert_eq!(
            due,
            scene.remote().read().amount.minor - 1_000_050,
            "{truth:?}"
        );
    }
    assert!(
        outcomes.windows(2).all(|two| two[0] == two[1]),
        "{outcomes:#?}"
    );
    assert_books_balance(database.pool()).await;
}
