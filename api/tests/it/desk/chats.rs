//! Chats from the desk.

use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::{Desk, owner};

/// A guest of the tenant's who has just written.
async fn chat(pool: &PgPool, tenant: Uuid) -> Uuid {
    let (account, guest, chat) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    for sql in [
        "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
         VALUES ($1, $2, 'whatsapp', $2::text, 'WHATSAPP_ACCESS_TOKEN') -- $3 $4",
        "INSERT INTO guests (tenant_id, id, display_name) SELECT $1, $3, 'Ana' WHERE $2::uuid IS NOT NULL AND $4::uuid IS NOT NULL",
        "INSERT INTO conversations (tenant_id, id, account_id, guest_id, last_guest_at) VALUES ($1, $4, $2, $3, now())",
        "INSERT INTO messages (tenant_id, id, conversation_id, direction, author, kind, provider_time, received_at, body)
         SELECT $1, $3, $4, 'in', 'guest', 'text', now(), now(), 'hola, tenés lugar?' WHERE $2::uuid IS NOT NULL",
    ] {
        let sql = sql.replace(
            "VALUES ($1, $2, 'whatsapp', $2::text, 'WHATSAPP_ACCESS_TOKEN') -- $3 $4",
            "SELECT $1, $2, 'whatsapp', $2::text, 'WHATSAPP_ACCESS_TOKEN' WHERE $3::uuid IS NOT NULL AND $4::uuid IS NOT NULL",
        );
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(tenant)
            .bind(account)
            .bind(guest)
            .bind(chat)
            .execute(pool)
            .await
            .expect("a chat");
    }
    chat
}

async fn outbox(pool: &PgPool) -> Vec<(String, Value)> {
    sqlx::query_as("SELECT author, payload FROM outbox ORDER BY seq")
        .fetch_all(pool)
        .await
        .expect("the outbox")
}

async fn mode(desk: &Desk, chat: Uuid) -> Value {
    desk.get(&format!("/owner/chats/{chat}")).await["chat"]["mode"].clone()
}

#[tokio::test]
async fn a_reply_reaches_the_outbox_once_and_silences_the_bot() {
    let desk = owner().await;
    let pool = desk.app.database.pool();
    let id = chat(pool, desk.app.here.tenant).await;
    let listed = desk.get("/owner/chats").await;
    assert_eq!(listed["chats"][0]["last"]["text"], "hola, tenés lugar?");
    assert_eq!(
        (
            &listed["chats"][0]["mode"],
            &listed["chats"][0]["unanswered"]
        ),
        (&json!("bot"), &json!(1))
    );

    let reply = format!("/owner/chats/{id}/reply");
    let body = json!({ "text": "¡Hola Ana! Sí, hay lugar." });
    let first = desk.post_with_key(&reply, &body, "k").await;
    assert_eq!(first.status, 202, "{}", first.text);
    let again = desk.post_with_key(&reply, &body, "k").await;
    assert_eq!(again.body, first.body);
    let sent = outbox(pool).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(
        (sent[0].0.as_str(), &sent[0].1["body"]),
        ("person", &body["text"])
    );
    let waiting: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM mailbox WHERE kind = 'person' AND handled_at IS NULL",
    )
    .fetch_one(pool)
    .await
    .expect("a count");
    assert_eq!(
        waiting, 1,
        "the bot's replies are held back until its turn has read this"
    );

    let thread = desk.get(&format!("/owner/chats/{id}")).await;
    assert_eq!(thread["chat"]["mode"], "human");
    let authors: Vec<_> = thread["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|m| &m["author"])
        .collect();
    assert_eq!(authors, ["guest", "person"]);
    let other = desk
        .post_with_key(&reply, &json!({ "text": "otra cosa" }), "k")
        .await;
    assert_eq!(
        (other.status.as_u16(), &other.body["code"]),
        (422, &json!("key_reused"))
    );
}

#[tokio::test]
async fn outside_of_the_24_hours_and_outside_of_the_limits_nothing_is_sent() {
    let desk = owner().await;
    let pool = desk.app.database.pool();
    let id = chat(pool, desk.app.here.tenant).await;
    let reply = format!("/owner/chats/{id}/reply");
    for text in [
        String::new(),
        "  ".to_owned(),
        "a".repeat(4097),
        "a\0b".to_owned(),
    ] {
        assert_eq!(
            desk.refused(&reply, &json!({ "text": text })).await,
            (422, "invalid".to_owned())
        );
    }
    sqlx::query("UPDATE conversations SET last_guest_at = now() - interval '25 hours'")
        .execute(pool)
        .await
        .expect("an update");
    let late = desk.refused(&reply, &json!({ "text": "hola" })).await;
    assert_eq!(late, (409, "chat_window_closed".to_owned()));
    assert_eq!(outbox(pool).await.len(), 0);
    let long = json!({ "text": "a ".repeat(600), "template": true });
    assert_eq!(desk.refused(&reply, &long).await.0, 422);
    let wanted = json!({ "text": "Sí,\nhay    lugar.", "template": true });
    let sent = desk.post_with_key(&reply, &wanted, "k").await;
    assert_eq!(sent.status, 202, "{}", sent.text);
    let again = desk.post_with_key(&reply, &wanted, "k").await;
    assert_eq!(again.body, sent.body);
    let out = outbox(pool).await;
    assert_eq!(out.len(), 1);
    assert_eq!(
        (&out[0].1["type"], &out[0].1["name"], &out[0].1["body"]),
        (
            &json!("template"),
            &json!("person_reply"),
            &json!(["Sí, hay lugar."])
        )
    );
    let thread = desk.get(&format!("/owner/chats/{id}")).await;
    let last = &thread["messages"][1];
    assert_eq!(last["kind"], "template");
    let text = last["text"].as_str().expect("words");
    assert!(
        text.contains("consultaste: Sí, hay lugar. Si necesitás"),
        "{text}"
    );
}

#[tokio::test]
async fn a_muted_chat_stays_muted_until_it_is_unmuted() {
    let desk = owner().await;
    let pool = desk.app.database.pool();
    let id = chat(pool, desk.app.here.tenant).await;
    for (step, then) in [
        ("unmute", "bot"),
        ("take", "human"),
        ("unmute", "human"),
        ("mute", "muted"),
        ("mute", "muted"),
        ("take", "muted"),
        ("release", "muted"),
    ] {
        let answer = desk
            .post(&format!("/owner/chats/{id}/{step}"), &Value::Null)
            .await;
        assert_eq!(answer["mode"], then, "{step}");
        assert_eq!(mode(&desk, id).await, then, "{step}");
    }
    // As the turn writes it.
    for sql in [
        "UPDATE conversations SET mode = 'muted'",
        "UPDATE mailbox SET handled_at = now()",
    ] {
        sqlx::query(sql).execute(pool).await.expect("a turn");
    }
    let muted = desk.get("/owner/chats?mode=muted").await;
    assert_eq!(muted["chats"][0]["id"], json!(id));
    let unmuted = desk
        .post(&format!("/owner/chats/{id}/unmute"), &Value::Null)
        .await;
    assert_eq!(unmuted["mode"], "bot");
    assert_eq!(mode(&desk, id).await, "bot");
    let kinds: Vec<String> =
        sqlx::query_scalar("SELECT kind FROM mailbox WHERE handled_at IS NULL")
            .fetch_all(pool)
            .await
            .expect("the mailbox");
    assert_eq!(kinds, ["event"]);
}

#[tokio::test]
async fn a_chat_is_taken_and_given_back_and_another_owners_is_not_there() {
    let desk = owner().await;
    let pool = desk.app.database.pool();
    let id = chat(pool, desk.app.here.tenant).await;
    for (step, then) in [
        ("take", "human"),
        ("take", "human"),
        ("release", "bot"),
        ("release", "bot"),
    ] {
        let answer = desk
            .post(&format!("/owner/chats/{id}/{step}"), &Value::Null)
            .await;
        assert_eq!(answer["mode"], then);
        assert_eq!(mode(&desk, id).await, then);
    }
    let strange = chat(pool, desk.app.there.tenant).await;
    for step in ["take", "release", "reply"] {
        let path = format!("/owner/chats/{strange}/{step}");
        assert_eq!(desk.refused(&path, &json!({ "text": "hola" })).await.0, 404);
    }
    assert_eq!(
        desk.get("/owner/chats").await["chats"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}
