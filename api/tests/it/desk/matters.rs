//! What needs a person.

use posta_store::{
    access::Role,
    attention::{self, NewAttention},
    booking::receipts,
    elsewhere::{self, Fetched},
    testing::assert_books_balance,
};
use serde_json::{Value, json};

use super::{Desk, contacts::chat_of, owner, path};
use crate::{
    files::photo,
    people::{by, person},
};

fn act(matter: &Value) -> String {
    format!("/owner/attention/{}", matter["id"].as_str().expect("an id"))
}

async fn matter(desk: &Desk, kind: &str) -> Value {
    desk.get(&format!("/owner/attention?kind={kind}")).await["matters"][0].clone()
}

#[tokio::test]
async fn a_matter_is_seen_then_done_and_what_does_not_belong_to_it_is_refused() {
    let desk = owner().await;
    let mut tx = desk
        .app
        .database
        .store()
        .begin()
        .await
        .expect("a transaction");
    let new = NewAttention {
        tenant: desk.app.here.tenant.into(),
        kind: "guest_waiting",
        subject: "conversation:0199aaaa-0000-7000-8000-000000000001",
        detail: json!({}),
        deadline: None,
    };
    attention::raise(&mut tx, &new).await.expect("a matter");
    tx.commit().await.expect("a commit");
    let waiting = matter(&desk, "guest_waiting").await;
    let no = desk
        .refused(&act(&waiting), &json!({ "action": "accepted" }))
        .await;
    assert_eq!(no, (409, "not_an_action".to_owned()));
    for (action, state) in [("seen", "seen"), ("done", "done"), ("seen", "done")] {
        let now = desk
            .post(&act(&waiting), &json!({ "action": action }))
            .await;
        assert_eq!(now["state"], state);
    }
    assert_eq!(desk.get("/owner/attention").await["matters"], json!([]));
    let over = desk.get("/owner/attention?done=true").await;
    assert_eq!(over["matters"][0]["id"], waiting["id"]);
}

#[tokio::test]
async fn two_matters_of_one_booking_both_say_what_they_are_about() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, false).await;
    let subject = format!("reservation:{}", booking["id"].as_str().expect("an id"));
    let store = desk.app.database.store();
    let mut tx = store.begin().await.expect("a transaction");
    for kind in ["link_failed", "payment_short"] {
        let new = NewAttention {
            tenant: desk.app.here.tenant.into(),
            kind,
            subject: &subject,
            detail: json!({}),
            deadline: None,
        };
        attention::raise(&mut tx, &new).await.expect("a matter");
    }
    tx.commit().await.expect("a commit");
    let listed = desk.get("/owner/attention").await;
    let about = |at: usize| &listed["matters"][at]["about"];
    assert_eq!(about(0), about(1));
    assert_eq!(about(0)["code"], booking["code"], "{listed}");
    assert_eq!(about(0)["amount"], booking["deposit"], "what is open");
}

#[tokio::test]
async fn a_collision_goes_away_when_its_stay_is_put_elsewhere() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, true).await;
    let cabin: uuid::Uuid =
        serde_json::from_value(booking["stays"][0]["accommodation"].clone()).expect("an id");
    let (store, by) = (desk.app.database.store(), by(&desk.app.here));
    let feed = elsewhere::feed(store, &by, cabin.into(), "airbnb")
        .await
        .expect("a feed");
    let fetched = Fetched {
        complete: true,
        nights: [desk.app.day(21)].into(),
    };
    elsewhere::import(store, by.tenant, feed, &fetched)
        .await
        .expect("an import");
    let collision = matter(&desk, "collision").await;
    assert_eq!(collision["actions"], json!(["reassign"]));
    assert_eq!(
        desk.refused(&act(&collision), &json!({ "action": "reassign" }))
            .await
            .0,
        422
    );
    let [first, second] = desk.app.here.cabins;
    let other = if cabin == first { second } else { first };
    let gone = desk
        .post(
            &act(&collision),
            &json!({ "action": "reassign", "to": other }),
        )
        .await;
    assert_eq!(gone["state"], "done");
    assert_eq!(
        desk.read(&booking).await["stays"][0]["accommodation"],
        json!(other)
    );
}

#[tokio::test]
async fn a_transfer_goes_from_its_receipt_to_confirmed_in_two_taps() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, false).await;
    let id: uuid::Uuid = serde_json::from_value(booking["id"].clone()).expect("an id");
    let chat = chat_of(&desk, "5491100000001").await;
    let file = photo(desk.app.database.pool(), &chat).await;
    let (store, by) = (desk.app.database.store(), by(&desk.app.here));
    receipts::submit(store, &by, id.into(), Some(file.into()))
        .await
        .expect("a receipt");
    // The first tap opens the list: everything she decides by is there.
    let receipt = matter(&desk, "receipt").await;
    let about = &receipt["about"];
    assert_eq!(about["amount"], booking["deposit"], "{receipt}");
    assert_eq!(
        (&about["guest_name"], &about["code"], &about["receipt"]),
        (&json!("Ana Peña"), &booking["code"], &json!(file))
    );
    assert_eq!(about["check_in"], json!(desk.app.day(20)));
    let thread = desk
        .get(&format!("/owner/chats/{}", chat.conversation))
        .await;
    assert_eq!(thread["messages"][0]["receipt_of"], booking["id"]);
    // The second one.
    for _ in 0..2 {
        let done = desk
            .post(&act(&receipt), &json!({ "action": "accept" }))
            .await;
        assert_eq!(done["state"], "done", "twice is once");
    }
    assert_eq!(desk.read(&booking).await["status"], "confirmed");
    let no = desk
        .refused(&act(&receipt), &json!({ "action": "refuse" }))
        .await;
    assert_eq!(no, (409, "changed_meanwhile".to_owned()));
    assert_books_balance(desk.app.database.pool()).await;
}

#[tokio::test]
async fn that_money_went_back_is_the_owners_to_say() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, false).await;
    let cash = json!({ "method": "cash", "amount": booking["deposit"] });
    desk.post(&path(&booking, "/payments"), &cash).await;
    desk.post(&path(&booking, "/cancel"), &json!({ "by": "owner" }))
        .await;
    let due = matter(&desk, "refund_due").await;
    let staff = person(&desk.app, &desk.app.here, Role::Staff).await;
    let done = json!({ "action": "done", "method": "cash" });
    let request = desk.app.request(reqwest::Method::POST, &act(&due));
    let refused = crate::app::send(request.bearer_auth(&staff.token).json(&done)).await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        desk.refused(&act(&due), &json!({ "action": "done" }))
            .await
            .0,
        422
    );
    assert_eq!(desk.post(&act(&due), &done).await["state"], "done");
    assert_eq!(desk.get("/owner/refunds").await["refunds"], json!([]));
    assert_books_balance(desk.app.database.pool()).await;
}
