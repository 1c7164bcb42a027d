//! Paying by Mercado Pago, as a guest sees it over the API.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    app::{Answer, TestApp, app},
    money::{account, make_links},
};

/// A hold to be paid by Mercado Pago.
async fn hold(app: &TestApp) -> Answer {
    let quote = app.quote(20, 3).await;
    let body = json!({ "quote": quote["id"], "guest": { "name": "Ana Peña", "phone": "+54 9 294 412-3456" },
                       "method": "mercadopago" });
    app.hold_as(&body, "k").await
}

async fn held(app: &TestApp) -> Value {
    let answer = hold(app).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.body
}

/// Where to transfer to, as the owner wrote it.
async fn takes_transfers(app: &TestApp) {
    sqlx::query("INSERT INTO property_texts (tenant_id, property_id, key, body) VALUES ($1, $2, 'transfer', $3)")
        .bind(app.here.tenant)
        .bind(app.here.property)
        .bind("Alias LAGO.CABANAS")
        .execute(app.database.pool())
        .await
        .unwrap();
}

fn minor(money: &Value) -> i64 {
    money["amount_minor"].as_i64().unwrap()
}

#[tokio::test]
async fn a_hold_shows_its_link_once_it_is_made_and_is_confirmed_by_the_payment() {
    let app = app().await;
    let account = account(&app, &app.here).await;
    let held = held(&app).await;
    let due = &held["requests"][0];
    assert_eq!(
        (&due["method"], &due["link"]),
        (&json!("mercadopago"), &json!({ "state": "soon" }))
    );
    let path = TestApp::link(&held);
    let seen = app.get(&path).await.body;
    assert_eq!(seen["ways"], json!(["mercadopago"]));
    assert_eq!(seen["requests"][0]["link"], json!({ "state": "soon" }));

    make_links(&app.database).await;
    let seen = app.get(&path).await.body;
    let reference = due["reference"].as_str().unwrap();
    let url = format!("https://pagos.example/{reference}");
    assert_eq!(
        seen["requests"][0]["link"],
        json!({ "state": "ready", "url": url })
    );

    account
        .paid(&app.database, 1, Some(reference), minor(&due["amount"]))
        .await;
    let seen = app.get(&path).await.body;
    assert_eq!(
        (&seen["status"], &seen["paid"]),
        (&json!("confirmed"), &due["amount"])
    );
    // A link that can be paid twice is not shown twice.
    assert_eq!(seen["requests"][0]["state"], "paid");
    assert_eq!(seen["requests"][0]["link"], json!({ "state": "closed" }));
    assert_eq!(seen["ways"], json!([]));
}

#[tokio::test]
async fn a_guest_pays_another_way_and_the_link_of_the_first_is_shut() {
    let app = app().await;
    account(&app, &app.here).await;
    takes_transfers(&app).await;
    let held = held(&app).await;
    make_links(&app.database).await;
    let path = TestApp::link(&held);
    let seen = app.get(&path).await.body;
    assert_eq!(seen["ways"], json!(["mercadopago", "transfer"]));
    assert!(seen["actions"].as_array().unwrap().contains(&json!("pay")));
    assert_eq!(seen["transfer"], Value::Null);

    let pay = format!("{path}/pay");
    for _ in 0..2 {
        let now = app.post(&pay, &json!({ "method": "transfer" })).await;
        assert_eq!(now.status, StatusCode::OK, "{}", now.text);
        assert_eq!(now.body["transfer"], "Alias LAGO.CABANAS");
        let requests = now.body["requests"].as_array().unwrap();
        assert_eq!(requests.len(), 2, "twice is once");
        assert_eq!(requests[0]["state"], "withdrawn");
        assert_eq!(requests[0]["link"], json!({ "state": "closed" }));
        assert_eq!(
            (&requests[1]["method"], &requests[1]["state"]),
            (&json!("transfer"), &json!("open"))
        );
        assert_eq!(requests[1]["amount"], requests[0]["amount"]);
        assert_eq!(requests[1]["expires_at"], requests[0]["expires_at"]);
    }
    let back = app.post(&pay, &json!({ "method": "mercadopago" })).await;
    assert_eq!(back.body["requests"][2]["link"], json!({ "state": "soon" }));

    let cash = app.post(&pay, &json!({ "method": "cash" })).await;
    assert_eq!(
        (cash.status, &cash.body["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("no_such_way"))
    );
    let cancelled = app
        .post(&format!("{path}/cancel"), &json!({ "confirm": true }))
        .await;
    assert_eq!(cancelled.status, StatusCode::OK, "{}", cancelled.text);
    let over = app.post(&pay, &json!({ "method": "transfer" })).await;
    assert_eq!(
        (over.status, &over.body["code"]),
        (StatusCode::CONFLICT, &json!("nothing_to_pay"))
    );
}

#[tokio::test]
async fn where_there_is_no_account_nobody_is_sent_to_mercado_pago() {
    let app = app().await;
    // Another owner's account is no way to pay here.
    account(&app, &app.there).await;
    let answer = hold(&app).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("no_such_way")),
        "{}",
        answer.text
    );
    let claims: i64 = sqlx::query_scalar("SELECT count(*) FROM claims")
        .fetch_one(app.database.pool())
        .await
        .unwrap();
    assert_eq!(claims, 0, "no night is kept");
}
