//! What the random histories and the permutations found.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::time::Duration;

use posta_domain::payment::GivenState;
use posta_store::{
    booking::{
        Method,
        cancel::{self, CancelBy},
        change::{self, ChangeRequest, Changer, To},
        money::Purpose,
        refunds::{self, ClaimedRefund, RefundRow},
        requests::{self, NewAsk},
    },
    testing::{Database, Lodge, assert_books_balance, database},
};

use crate::{
    after_money::pay,
    mercadopago::{Account, Remote, held, reference},
};

#[tokio::test]
async fn what_is_paid_beyond_a_cheaper_price_has_paid_for_the_extra() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let booking = lodge.held(20, 23).await;
    pay(&database, &lodge, booking.id, Lodge::pesos(300_000)).await;
    let new = NewAsk {
        purpose: Purpose::Extra,
        method: Method::Transfer,
        amount: Some(Lodge::pesos(50_000)),
        expires_at: None,
        note: String::new(),
    };
    requests::ask(store, &lodge.by, booking.id, &new, None, |_| {
        serde_json::Value::Null
    })
    .await
    .unwrap();
    let request = ChangeRequest {
        to: To::Stays(vec![lodge.any(20, 21)]),
        by: Changer::Owner,
        adjustments: Vec::new(),
        expected_version: None,
    };
    let after = change::change(store, &lodge.by, booking.id, &request)
        .await
        .unwrap();
    assert_eq!(after.paid, Lodge::pesos(150_000));
    assert_eq!(after.refund_due, Lodge::pesos(150_000));
    let extra = after
        .requests
        .iter()
        .find(|row| row.purpose == Purpose::Extra);
    assert_eq!(extra.unwrap().state, "paid");
    assert_books_balance(database.pool()).await;
}

async fn refund(database: &Database, lodge: &Lodge) -> RefundRow {
    let mut conn = database.store().acquire().await.unwrap();
    let all = refunds::list(&mut conn, lodge.tenant, false).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

/// Claims the only one, and says that the provider is asked.
async fn asked(database: &Database) -> ClaimedRefund {
    let store = database.store();
    let claimed = refunds::claim(store, 10, Duration::from_mins(1), &[]).await;
    let [claimed] = <[_; 1]>::try_from(claimed.unwrap()).unwrap();
    assert!(refunds::requested(store, &claimed).await.unwrap());
    claimed
}

#[tokio::test]
async fn a_refund_that_the_provider_began_and_dropped_is_asked_for_under_another_key() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let account = Account::of(&database, &lodge).await;
    let booking = held(&database, &lodge, 30, 32).await;
    let mut remote = Remote::begun(&account, 7, Some(&reference(&booking)), booking.deposit);
    let read = async |remote: &Remote| {
        account
            .apply(&database, &lodge, remote.read())
            .await
            .unwrap();
    };
    remote.becomes("approved", "accredited");
    read(&remote).await;
    cancel::cancel(store, &lodge.by, booking.id, CancelBy::Owner, "", None)
        .await
        .unwrap();
    let first = asked(&database).await;
    remote.will_give_back(2_201, first.amount.minor);
    read(&remote).await;
    assert_eq!(refund(&database, &lodge).await.state, "requested");
    remote.finishes(GivenState::Failed).unwrap();
    read(&remote).await;
    assert_eq!(refund(&database, &lodge).await.state, "by_hand");
    assert_books_balance(database.pool()).await;

    let again = refunds::again(store, &lodge.by, first.id).await.unwrap();
    assert_ne!(again.id, first.id);
    let second = asked(&database).await;
    assert_eq!((second.id, second.amount), (again.id, first.amount));
    // What failed before is still on its list, and is not this one.
    remote.will_give_back(2_202, second.amount.minor);
    read(&remote).await;
    assert_eq!(refund(&database, &lodge).await.state, "requested");
    remote.finishes(GivenState::Done).unwrap();
    read(&remote).await;
    assert_eq!(refund(&database, &lodge).await.state, "done");
    assert_eq!(lodge.booking(booking.id).await.refund_due, Lodge::pesos(0));
    assert_books_balance(database.pool()).await;
}
