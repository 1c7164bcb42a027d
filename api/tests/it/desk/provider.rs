//! Money at Mercado Pago: asking for it, orphans, refunds that were refused, credits, and the days of the ledger.
#![expect(clippy::unwrap_used, reason = "tests")]

use posta_store::{access::Role, booking::refunds, testing::assert_books_balance};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Desk, owner, path};
use crate::{
    app::send,
    money::{Account, account, make_links, orphan},
    people::person,
};

fn minor(money: &Value) -> i64 {
    money["amount_minor"].as_i64().unwrap()
}

async fn matter(desk: &Desk, kind: &str) -> Value {
    desk.get(&format!("/owner/attention?kind={kind}")).await["matters"][0].clone()
}

fn act(matter: &Value) -> String {
    format!("/owner/attention/{}", matter["id"].as_str().unwrap())
}

/// A booking whose deposit came by Mercado Pago.
async fn sold(desk: &Desk, account: &Account) -> Value {
    let quote = desk.quote(20, 3).await;
    let body = json!({ "quote": quote["id"], "guest": { "name": "Ana Peña" }, "source": "phone",
                       "method": "mercadopago" });
    let booking = desk.post("/owner/reservations", &body).await["reservation"].clone();
    let due = &booking["payment_requests"][0];
    let reference = due["reference"].as_str();
    account
        .paid(&desk.app.database, 1, reference, minor(&due["amount"]))
        .await;
    desk.read(&booking).await
}

#[tokio::test]
async fn an_extra_is_asked_for_once_for_its_key_and_taken_back() {
    let desk = owner().await;
    let account = account(&desk.app, &desk.app.here).await;
    let booking = sold(&desk, &account).await;
    assert_eq!(booking["status"], "confirmed");
    let amount = json!({ "amount_minor": 1_500_000, "currency": "ARS" });
    let body =
        json!({ "purpose": "extra", "method": "mercadopago", "amount": amount, "note": "Leña" });
    let asking = path(&booking, "/requests");
    let first = desk.post_with_key(&asking, &body, "k").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let again = desk.post_with_key(&asking, &body, "k").await;
    assert_eq!(again.text, first.text);
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(first.body["extras"], amount);
    let asked = first.body["payment_requests"].as_array().unwrap();
    let extra = asked.iter().find(|row| row["purpose"] == "extra").unwrap();
    assert_eq!(extra["link"], json!({ "state": "soon" }));
    make_links(&desk.app.database).await;
    let now = desk.read(&booking).await;
    let asked = now["payment_requests"].as_array().unwrap();
    let extra = asked.iter().find(|row| row["purpose"] == "extra").unwrap();
    assert_eq!(extra["link"]["state"], "ready");

    let withdraw = format!("/owner/requests/{}/withdraw", extra["id"].as_str().unwrap());
    for _ in 0..2 {
        let answer = desk.bare(Method::POST, &withdraw).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.body["extras"]["amount_minor"], 0);
        let asked = answer.body["payment_requests"].as_array().unwrap();
        let extra = asked.iter().find(|row| row["purpose"] == "extra").unwrap();
        assert_eq!(
            (&extra["state"], &extra["link"]),
            (&json!("withdrawn"), &json!({ "state": "closed" }))
        );
    }
    assert_books_balance(desk.app.database.pool()).await;
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused() {
    let desk = owner().await;
    let held = desk.booking(20, 3, false).await;
    let asked = |purpose: &str, method: &str, minor: i64| json!({ "purpose": purpose, "method": method, "amount": { "amount_minor": minor, "currency": "ARS" } });
    let refused = desk
        .refused(&path(&held, "/requests"), &asked("extra", "transfer", 5))
        .await;
    assert_eq!(
        refused,
        (409, "not_possible_now".to_owned()),
        "its deposit comes first"
    );
    let booking = desk.booking(30, 3, true).await;
    let asking = path(&booking, "/requests");
    for (body, code) in [
        (asked("extra", "transfer", 0), "invalid"),
        (asked("extra", "transfer", -5), "invalid"),
        (
            json!({ "purpose": "extra", "method": "transfer" }),
            "invalid",
        ),
        (asked("deposit", "transfer", 5), "invalid_body"),
        (asked("extra", "mercadopago", 5), "no_such_way"),
        (
            asked("balance", "transfer", 99_000_000_000),
            "price_impossible",
        ),
        (
            json!({ "purpose": "balance", "method": "transfer", "expires_at": "2020-01-01T00:00:00Z" }),
            "invalid",
        ),
    ] {
        let refused = desk.refused(&asking, &body).await;
        assert_eq!(refused, (422, code.to_owned()), "{body}");
    }
    // Without an amount: all that is open.
    let body = json!({ "purpose": "balance", "method": "transfer" });
    let asked = desk.post(&asking, &body).await;
    let asked = asked["payment_requests"].as_array().unwrap();
    let balance = asked
        .iter()
        .find(|row| row["purpose"] == "balance")
        .unwrap();
    assert_eq!(balance["amount"], booking["charge"]);
    let nobody = format!("/owner/requests/{}/withdraw", Uuid::now_v7());
    assert_eq!(desk.refused(&nobody, &json!({})).await.0, 404);
}

#[tokio::test]
async fn a_payment_without_a_booking_is_told_of_and_assigned_in_one_tap() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, false).await;
    let payment = orphan(&desk.app, &desk.app.here).await;
    let listed = desk.get("/owner/payments?state=orphan").await;
    let row = &listed["payments"][0];
    assert_eq!(
        (&row["id"], &row["verdict"], &row["standing"]),
        (&json!(payment), &json!("orphan"), &json!("paid"))
    );
    assert_eq!(row["fee"]["amount_minor"], 5_000);
    assert_eq!(row["withholdings"]["amount_minor"], 1_000);
    let told = matter(&desk, "payment_orphan").await;
    assert_eq!(told["actions"], json!(["assign", "refund", "dismiss"]));
    assert_eq!(
        (&told["about"]["payment"], &told["about"]["amount"]),
        (&json!(payment), &row["amount"])
    );
    // Having seen it is not enough: its money must end somewhere.
    let refused = desk
        .refused(&act(&told), &json!({ "action": "done" }))
        .await;
    assert_eq!(refused, (409, "not_an_action".to_owned()));
    let refused = desk
        .refused(&act(&told), &json!({ "action": "assign" }))
        .await;
    assert_eq!(refused, (422, "invalid".to_owned()));
    let nobody = json!({ "action": "assign", "reservation": Uuid::now_v7() });
    assert_eq!(desk.refused(&act(&told), &nobody).await.0, 404);

    let assign = json!({ "action": "assign", "reservation": booking["id"] });
    for _ in 0..2 {
        let done = desk.post(&act(&told), &assign).await;
        assert_eq!(done["state"], "done", "twice is once");
        assert_eq!(done["about"]["code"], booking["code"]);
    }
    let now = desk.read(&booking).await;
    assert_eq!(now["paid"], row["amount"]);
    let money = desk.get(&path(&booking, "/payments")).await;
    assert_eq!(money["entries"].as_array().unwrap().len(), 1);
    assert_eq!(money["mercadopago"][0]["verdict"], "assigned");
    let late = format!("/owner/payments/{payment}/dismiss");
    let late = desk.refused(&late, &json!({})).await;
    assert_eq!(late.0, 409, "it is no orphan any more");
    assert_eq!(
        desk.get("/owner/payments?state=orphan").await["payments"],
        json!([])
    );
    assert_books_balance(desk.app.database.pool()).await;
}

#[tokio::test]
async fn a_payment_without_a_booking_goes_back_or_is_let_go_by_the_owner_alone() {
    for (action, verdict) in [("refund", "dismissed"), ("dismiss", "dismissed")] {
        let desk = owner().await;
        let payment = orphan(&desk.app, &desk.app.here).await;
        let told = matter(&desk, "payment_orphan").await;
        let staff = person(&desk.app, &desk.app.here, Role::Staff).await;
        for path in [act(&told), format!("/owner/payments/{payment}/{action}")] {
            let body = json!({ "action": action });
            let request = desk
                .app
                .request(Method::POST, &path)
                .bearer_auth(&staff.token);
            let refused = send(request.json(&body)).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        }
        let done = desk.post(&act(&told), &json!({ "action": action })).await;
        assert_eq!(done["state"], "done");
        let again = format!("/owner/payments/{payment}/{action}");
        let again = desk.bare(Method::POST, &again).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.text);
        assert_eq!(again.body["verdict"], verdict);
        let refunds = desk.get("/owner/refunds").await;
        let owed: Vec<_> = refunds["refunds"].as_array().unwrap().iter().collect();
        if action == "refund" {
            assert_eq!(owed.len(), 1, "once");
            assert_eq!(
                (
                    &owed[0]["payment"],
                    &owed[0]["reservation"],
                    &owed[0]["code"]
                ),
                (&json!(payment), &Value::Null, &Value::Null)
            );
            assert_eq!(
                (&owed[0]["state"], minor(&owed[0]["amount"])),
                (&json!("due"), 100_000)
            );
        } else {
            assert_eq!(owed, Vec::<&Value>::new());
        }
        assert_books_balance(desk.app.database.pool()).await;
    }
}

#[tokio::test]
async fn a_refund_that_mercado_pago_refuses_is_tried_again_or_kept_for_the_next_stay() {
    let desk = owner().await;
    let account = account(&desk.app, &desk.app.here).await;
    let booking = sold(&desk, &account).await;
    desk.post(&path(&booking, "/cancel"), &json!({ "by": "owner" }))
        .await;
    let refunds = desk.get("/owner/refunds").await;
    let refund = &refunds["refunds"][0];
    assert!(
        refund["payment"].is_string(),
        "it goes back by itself: {refund}"
    );
    let of = |rest: &str| format!("/owner/refunds/{}/{rest}", refund["id"].as_str().unwrap());
    // As the worker does when it was refused for good.
    let store = desk.app.database.store();
    let lease = std::time::Duration::from_secs(30);
    let claimed = refunds::claim(store, 10, lease, &[]).await.unwrap();
    assert!(refunds::requested(store, &claimed[0]).await.unwrap());
    refunds::by_hand(store, &claimed[0], "2030").await.unwrap();
    let refused = desk.get("/owner/refunds").await["refunds"][0].clone();
    assert_eq!(
        (&refused["state"], &refused["error"]),
        (&json!("by_hand"), &json!("2030"))
    );
    let due = matter(&desk, "refund_due").await;
    assert_eq!(
        (
            &due["about"]["refund"],
            &due["about"]["code"],
            &due["about"]["amount"]
        ),
        (&refund["id"], &booking["code"], &refund["amount"])
    );

    for _ in 0..2 {
        let again = desk.bare(Method::POST, &of("retry")).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.text);
        assert_eq!(
            (&again.body["state"], &again.body["error"]),
            (&json!("due"), &Value::Null)
        );
    }
    let credited = desk.bare(Method::POST, &of("credit")).await;
    assert_eq!(credited.status, StatusCode::OK, "{}", credited.text);
    for rest in ["credit", "retry"] {
        let late = desk.bare(Method::POST, &of(rest)).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{rest}: {}", late.text);
    }
    assert_eq!(desk.get("/owner/refunds").await["refunds"], json!([]));
    let credits = desk.get("/owner/credits").await;
    let credit = &credits["credits"][0];
    assert_eq!(
        (&credit["id"], &credit["left"], &credit["code"]),
        (&credited.body["id"], &refund["amount"], &booking["code"])
    );
    assert_books_balance(desk.app.database.pool()).await;

    // Her next stay.
    let quote = desk.quote(40, 3).await;
    let body = json!({ "quote": quote["id"], "guest_id": credit["guest"], "source": "phone", "method": "transfer" });
    let next = desk.post("/owner/reservations", &body).await["reservation"].clone();
    let paid = desk.bare(Method::POST, &path(&next, "/credit")).await;
    assert_eq!(paid.status, StatusCode::OK, "{}", paid.text);
    assert_eq!(
        (&paid.body["paid"], &paid.body["status"]),
        (&refund["amount"], &json!("confirmed"))
    );
    let left = desk
        .get(&format!(
            "/owner/credits?guest={}",
            credit["guest"].as_str().unwrap()
        ))
        .await;
    assert_eq!(left["credits"][0]["left"]["amount_minor"], 0);
    assert_books_balance(desk.app.database.pool()).await;
}

#[tokio::test]
async fn each_day_says_what_came_what_was_kept_and_what_is_left() {
    let desk = owner().await;
    let account = account(&desk.app, &desk.app.here).await;
    let booking = sold(&desk, &account).await;
    let (from, to) = (desk.app.today.pred_opt().unwrap(), desk.app.day(1));
    let path = format!("/owner/ledger/days?from={from}&to={to}");
    let days = desk.get(&path).await;
    let lines = desk.get(&super::path(&booking, "/payments")).await;
    let line = &lines["entries"][0];
    assert_eq!(minor(&line["fee"]), minor(&line["amount"]) / 20);
    assert_eq!(
        (&line["payment"], &line["price"]),
        (&lines["mercadopago"][0]["id"], &Value::Null)
    );
    let day = &days["days"][0];
    let paid = minor(&booking["paid"]);
    assert_eq!(days["days"].as_array().unwrap().len(), 1, "{days}");
    assert_eq!((minor(&day["received"]), &day["count"]), (paid, &json!(1)));
    assert_eq!(minor(&day["fees"]), paid / 20);
    assert_eq!(minor(&day["withholdings"]), paid / 100);
    assert_eq!(minor(&day["net"]), paid - paid / 20 - paid / 100);
    assert_eq!(
        (minor(&day["theirs"]), &day["reconciled"]),
        (paid, &Value::Null)
    );
    for wrong in [
        format!("from={to}&to={from}"),
        "from=2020-01-01&to=2027-01-01".to_owned(),
    ] {
        let answer = desk
            .bare(Method::GET, &format!("/owner/ledger/days?{wrong}"))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
}
