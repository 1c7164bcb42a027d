//! A guest asks for a lower price, and the owner answers.

use posta_domain::dialogue::Attention;
use posta_store::{
    attention::{self, NewAttention},
    testing::Chat,
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Desk, contacts::chat_of, owner};

/// A quote for the chat's guest.
async fn quote_for(desk: &Desk, guest: Uuid) -> Value {
    let stay = desk.app.stay(20, 3);
    let body = json!({ "property": desk.app.here.property, "stays": [stay], "guest": guest });
    desk.post("/owner/quotes", &body).await
}

/// She asks for less.
async fn asked(desk: &Desk, chat: &Chat, quote: &Value) -> Value {
    let mut tx = desk
        .app
        .database
        .store()
        .begin()
        .await
        .expect("a transaction");
    let new = NewAttention {
        tenant: chat.tenant,
        kind: Attention::DISCOUNT,
        subject: &format!("conversation:{}", chat.conversation),
        detail: json!({ "quote": quote["id"], "asked": "¿me hacés precio?" }),
        deadline: None,
    };
    attention::raise_with(&mut tx, &new, &["offer", "decline"])
        .await
        .expect("a matter");
    tx.commit().await.expect("a commit");
    desk.get("/owner/attention?kind=discount_requested").await["matters"][0].clone()
}

async fn events(desk: &Desk) -> Vec<Value> {
    sqlx::query_scalar(
        "SELECT payload -> 'event' FROM mailbox WHERE kind = 'event' ORDER BY stored_at",
    )
    .fetch_all(desk.app.database.pool())
    .await
    .expect("the mailbox")
}

fn act(matter: &Value) -> String {
    format!("/owner/attention/{}", matter["id"].as_str().expect("an id"))
}

#[tokio::test]
async fn an_amount_taken_off_is_a_quote_an_offer_and_a_closed_matter_at_once() {
    let desk = owner().await;
    let chat = chat_of(&desk, "5491100000001").await;
    let quote = quote_for(&desk, chat.guest.uuid()).await;
    let matter = asked(&desk, &chat, &quote).await;
    assert_eq!(matter["about"]["quote"], quote["id"]);
    assert_eq!(matter["about"]["amount"], quote["breakdown"]["total"]);
    assert_eq!(matter["about"]["cabins"], json!(["Cabaña"]));
    let less =
        json!({ "action": "offer", "amount": { "amount_minor": 1_000_000, "currency": "ARS" } });
    for _ in 0..2 {
        let now = desk.post(&act(&matter), &less).await;
        assert_eq!(now["state"], "done", "the same again changes nothing");
    }
    let said = events(&desk).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0]["what"], "offer");
    let offered = said[0]["quote"].as_str().expect("a quote").to_owned();
    let lower = desk.app.get(&format!("/quotes/{offered}")).await.body;
    let total = |quote: &Value| {
        quote["breakdown"]["total"]["amount_minor"]
            .as_i64()
            .expect("an amount")
    };
    assert_eq!(total(&lower), total(&quote) - 1_000_000);
    assert!(lower.to_string().contains("Descuento"), "{lower}");
    let whose: Uuid = sqlx::query_scalar("SELECT guest_id FROM quotes WHERE id = $1::uuid")
        .bind(&offered)
        .fetch_one(desk.app.database.pool())
        .await
        .expect("the quote");
    assert_eq!(whose, chat.guest.uuid());
    let due: bool = sqlx::query_scalar("SELECT turn_due_at IS NOT NULL FROM conversations")
        .fetch_one(desk.app.database.pool())
        .await
        .expect("the chat");
    assert!(due, "it is said at once");
    let more =
        json!({ "action": "offer", "amount": { "amount_minor": 2_000_000, "currency": "ARS" } });
    assert_eq!(
        desk.refused(&act(&matter), &more).await,
        (409, "changed_meanwhile".to_owned())
    );
    let no = json!({ "action": "decline" });
    assert_eq!(
        desk.refused(&act(&matter), &no).await,
        (409, "changed_meanwhile".to_owned())
    );
    assert_eq!(events(&desk).await.len(), 1);
}

#[tokio::test]
async fn of_two_answers_at_once_one_is_given() {
    let desk = owner().await;
    let chat = chat_of(&desk, "5491100000001").await;
    let quote = quote_for(&desk, chat.guest.uuid()).await;
    let matter = asked(&desk, &chat, &quote).await;
    let path = act(&matter);
    let less = |amount: i64| json!({ "action": "offer", "amount": { "amount_minor": amount, "currency": "ARS" } });
    let (one, other, no) = (less(1_000), less(2_000), json!({ "action": "decline" }));
    let (one, other, no) = tokio::join!(
        desk.send(Method::POST, &path, &one),
        desk.send(Method::POST, &path, &other),
        desk.send(Method::POST, &path, &no),
    );
    let mut statuses = [one, other, no].map(|answer| answer.status.as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409]);
    assert_eq!(events(&desk).await.len(), 1);
    let quotes: i64 = sqlx::query_scalar("SELECT count(*) FROM quotes")
        .fetch_one(desk.app.database.pool())
        .await
        .expect("a count");
    assert!(
        quotes <= 2,
        "{quotes}: a refused answer leaves no price behind"
    );
}

#[tokio::test]
async fn an_amount_that_is_not_possible_changes_nothing() {
    let desk = owner().await;
    let chat = chat_of(&desk, "5491100000001").await;
    let quote = quote_for(&desk, chat.guest.uuid()).await;
    let matter = asked(&desk, &chat, &quote).await;
    let offer = |amount: i64, currency: &str| json!({ "action": "offer", "amount": { "amount_minor": amount, "currency": currency } });
    for (body, status) in [
        (offer(0, "ARS"), 422),
        (offer(-5, "ARS"), 422),
        (offer(1_000, "USD"), 422),
        (offer(900_000_000_000, "ARS"), 422),
        (json!({ "action": "offer" }), 422),
        (json!({ "action": "accepted" }), 409),
    ] {
        assert_eq!(desk.refused(&act(&matter), &body).await.0, status, "{body}");
    }
    assert_eq!(events(&desk).await, Vec::<Value>::new());
    assert_eq!(desk.get(&act(&matter)).await["state"], "open");
}

#[tokio::test]
async fn no_is_said_once_and_only_to_who_asked() {
    let desk = owner().await;
    let chat = chat_of(&desk, "5491100000001").await;
    let path = format!("/owner/chats/{}/decline", chat.conversation);
    assert_eq!(
        desk.refused(&path, &Value::Null).await,
        (409, "not_an_action".to_owned())
    );
    let quote = quote_for(&desk, chat.guest.uuid()).await;
    let matter = asked(&desk, &chat, &quote).await;
    desk.post(&path, &Value::Null).await;
    desk.post(&path, &Value::Null).await;
    assert_eq!(
        desk.post(&act(&matter), &json!({ "action": "decline" }))
            .await["state"],
        "done"
    );
    let said = events(&desk).await;
    assert_eq!(said, [json!({ "what": "no_discount" })]);
    let again = asked(&desk, &chat, &quote).await;
    desk.post(&act(&again), &json!({ "action": "decline" }))
        .await;
    assert_eq!(
        events(&desk).await.len(),
        2,
        "who asks again is answered again"
    );
}

#[tokio::test]
async fn a_quote_is_offered_to_the_guest_it_was_made_for_and_to_nobody_else() {
    let desk = owner().await;
    let (ana, eva) = (
        chat_of(&desk, "5491100000001").await,
        chat_of(&desk, "5491100000002").await,
    );
    let quote = quote_for(&desk, ana.guest.uuid()).await;
    let offer = |chat: &Chat| format!("/owner/chats/{}/offer", chat.conversation);
    let body = json!({ "quote": quote["id"] });
    let other = desk.refused(&offer(&eva), &body).await;
    assert_eq!(other, (409, "quote_of_somebody_else".to_owned()));
    let nobodys = json!({ "quote": desk.quote(20, 3).await["id"] });
    assert_eq!(desk.refused(&offer(&ana), &nobodys).await.0, 409);
    let matter = asked(&desk, &ana, &quote).await;
    for _ in 0..2 {
        desk.post(&offer(&ana), &body).await;
    }
    assert_eq!(
        events(&desk).await,
        [json!({ "what": "offer", "quote": quote["id"] })]
    );
    assert_eq!(desk.get(&act(&matter)).await["state"], "done");
    desk.post(
        &format!("/owner/chats/{}/mute", ana.conversation),
        &Value::Null,
    )
    .await;
    assert_eq!(
        desk.refused(&offer(&ana), &body).await,
        (409, "chat_muted".to_owned())
    );
    sqlx::query("ALTER TABLE quotes DISABLE TRIGGER quotes_immutable")
        .execute(desk.app.database.pool())
        .await
        .expect("no trigger");
    sqlx::query("UPDATE quotes SET guest_id = $1, valid_until = now()")
        .bind(eva.guest.uuid())
        .execute(desk.app.database.pool())
        .await
        .expect("an old quote");
    assert_eq!(
        desk.refused(&offer(&eva), &body).await,
        (409, "stale_quote".to_owned())
    );
}
