//! Who is a guest, what was said and sent, and the owner's words about cabins.

use posta_store::testing::Chat;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::{Desk, owner};
use crate::files::{BYTES, file, photo};

/// A chat of the desk's tenant.
pub(super) async fn chat_of(desk: &Desk, phone: &str) -> Chat {
    let pool = desk.app.database.pool();
    sqlx::query(
        "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
         VALUES ($1, $2, 'whatsapp', '1001', 'WHATSAPP_ACCESS_TOKEN') ON CONFLICT DO NOTHING",
    )
    .bind(desk.app.here.tenant)
    .bind(Uuid::now_v7())
    .execute(pool)
    .await
    .expect("an account");
    desk.app.database.chat("1001", phone).await
}

async fn said(pool: &PgPool, chat: &Chat, body: &str) {
    sqlx::query(
        "INSERT INTO messages (tenant_id, id, conversation_id, direction, author, kind, provider_time, received_at, body)
         VALUES ($1, $2, $3, 'in', 'guest', 'text', clock_timestamp(), clock_timestamp(), $4)",
    )
    .bind(chat.tenant.uuid())
    .bind(Uuid::now_v7())
    .bind(chat.conversation.uuid())
    .bind(body)
    .execute(pool)
    .await
    .expect("a message");
}

fn texts(found: &Value) -> Vec<&str> {
    let messages = found["messages"].as_array().expect("messages");
    messages.iter().filter_map(|m| m["text"].as_str()).collect()
}

#[tokio::test]
async fn what_was_said_is_found_newest_first_in_all_chats_or_in_one() {
    let desk = owner().await;
    let pool = desk.app.database.pool();
    let (ana, eva) = (
        chat_of(&desk, "5491100000001").await,
        chat_of(&desk, "5491100000002").await,
    );
    said(pool, &ana, "¿La Lenga tiene pileta?").await;
    said(pool, &eva, "hola, busco la lenga para enero").await;
    said(pool, &ana, "gracias").await;
    let all = desk.get("/owner/chats/search?q=LENGA").await;
    assert_eq!(
        texts(&all),
        ["hola, busco la lenga para enero", "¿La Lenga tiene pileta?"]
    );
    let one = format!("/owner/chats/search?q=lenga&chat={}", ana.conversation);
    assert_eq!(texts(&desk.get(&one).await), ["¿La Lenga tiene pileta?"]);
    let first = desk.get("/owner/chats/search?q=lenga&limit=1").await;
    let next = first["next"].as_str().expect("more");
    let second = desk
        .get(&format!(
            "/owner/chats/search?q=lenga&limit=1&before={next}"
        ))
        .await;
    assert_eq!(texts(&second), ["¿La Lenga tiene pileta?"]);
    assert_eq!(
        texts(&desk.get("/owner/chats/search?q=lenga%20-pileta").await).len(),
        1
    );
    assert_eq!(
        texts(&desk.get("/owner/chats/search?q=%22%20%26%7C!(").await).len(),
        0
    );
    for q in ["", "%20", "a%00b"] {
        let answer = desk
            .bare(Method::GET, &format!("/owner/chats/search?q={q}"))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{q}");
    }
}

#[tokio::test]
async fn a_personal_contact_is_neither_shown_nor_searched_and_can_be_a_guest_again() {
    let desk = owner().await;
    let pool = desk.app.database.pool();
    let sister = chat_of(&desk, "5491100000001").await;
    said(pool, &sister, "¿venís el domingo a lo de mamá?").await;
    let picture = photo(pool, &sister).await;
    let kind = format!("/owner/guests/{}/kind", sister.guest);
    let marked = json!({ "kind": "personal" });
    for _ in 0..2 {
        let answer = desk.send(Method::PUT, &kind, &marked).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    }
    assert_eq!(desk.get("/owner/chats").await["chats"], json!([]));
    assert_eq!(
        texts(&desk.get("/owner/chats/search?q=domingo").await).len(),
        0
    );
    let hidden = [
        format!("/owner/chats/{}", sister.conversation),
        format!("/owner/media/{picture}"),
    ];
    for path in &hidden {
        assert_eq!(desk.bare(Method::GET, path).await.status, 404, "{path}");
    }
    let listed = desk.get("/owner/guests?kind=personal").await;
    assert_eq!(listed["contacts"][0]["phone"], "5491100000001");
    let marks: i64 =
        sqlx::query_scalar("SELECT count(*) FROM audit_log WHERE action = 'guest_marked'")
            .fetch_one(pool)
            .await
            .expect("a count");
    assert_eq!(marks, 1, "twice is once");
    desk.send(Method::PUT, &kind, &json!({ "kind": "guest" }))
        .await;
    assert_eq!(
        texts(&desk.get("/owner/chats/search?q=domingo").await).len(),
        1
    );
    for path in &hidden {
        assert_eq!(desk.bare(Method::GET, path).await.status, 200, "{path}");
    }
    sqlx::query("UPDATE guests SET kind = 'operator'")
        .execute(pool)
        .await
        .expect("an update");
    assert_eq!(
        desk.send(Method::PUT, &kind, &marked).await.status,
        404,
        "who works here stays"
    );
}

#[tokio::test]
async fn a_file_is_saved_by_the_browser_and_never_run() {
    let desk = owner().await;
    let pool = desk.app.database.pool();
    let chat = chat_of(&desk, "5491100000001").await;
    let picture = photo(pool, &chat).await;
    let request = desk
        .bare(Method::GET, &format!("/owner/media/{picture}"))
        .await;
    assert_eq!(request.status, StatusCode::OK);
    let header = |name: &str| request.headers[name].to_str().expect("a header").to_owned();
    assert_eq!(header("content-type"), "image/jpeg");
    assert_eq!(
        header("content-disposition"),
        format!("attachment; filename=\"{picture}.jpg\"")
    );
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(
        request.text.as_bytes(),
        String::from_utf8_lossy(BYTES).as_bytes()
    );
    let page = file(pool, &chat, "text/html", "stored").await;
    let page = desk
        .bare(Method::GET, &format!("/owner/media/{page}"))
        .await;
    assert_eq!(page.headers["content-type"], "application/octet-stream");
    for state in ["wanted", "refused", "lost"] {
        let absent = file(pool, &chat, "image/jpeg", state).await;
        let answer = desk
            .bare(Method::GET, &format!("/owner/media/{absent}"))
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{state}");
    }
    let thread = desk
        .get(&format!("/owner/chats/{}", chat.conversation))
        .await;
    let states: Vec<_> = thread["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|m| m["media_state"].as_str().expect("a state").to_owned())
        .collect();
    assert_eq!(states, ["stored", "stored", "wanted", "refused", "lost"]);
}

#[tokio::test]
async fn a_cabin_has_words_of_its_own_and_none_of_them_is_public() {
    let desk = owner().await;
    let here = &desk.app.here;
    let kind = format!("/owner/unit-types/{}/texts/services", here.cabin_type);
    let cabin = format!("/owner/accommodations/{}/texts/access", here.cabins[0]);
    for (path, words) in [
        (&kind, "Con parrilla."),
        (&cabin, "Código 4417"),
        (&cabin, "Código 2206"),
    ] {
        let put = desk
            .send(Method::PUT, path, &json!({ "body": words }))
            .await;
        assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text);
    }
    let property = format!("/owner/properties/{}", here.property);
    let access = format!("{property}/texts/access");
    desk.send(Method::PUT, &access, &json!({ "body": "Tranquera 9135" }))
        .await;
    let shown = desk.get(&property).await;
    let of = |list: &str, id: Uuid| {
        let list = shown[list].as_array().expect("a list");
        let one = list.iter().find(|one| one["id"] == json!(id));
        one.expect("it is there")["texts"].clone()
    };
    assert_eq!(
        of("unit_types", here.cabin_type),
        json!({ "services": "Con parrilla." })
    );
    assert_eq!(
        of("accommodations", here.cabins[0]),
        json!({ "access": "Código 2206" })
    );
    assert_eq!(of("accommodations", here.cabins[1]), json!({}));
    let one = desk
        .get(&format!("/owner/unit-types/{}", here.cabin_type))
        .await;
    assert_eq!(one["texts"]["services"], "Con parrilla.");
    let public = desk
        .app
        .get(&format!("/accommodations?property={}", here.property))
        .await;
    for secret in ["2206", "9135"] {
        assert!(!public.text.contains(secret), "{}", public.text);
    }
    let logged: Vec<String> = sqlx::query_scalar("SELECT detail::text FROM audit_log")
        .fetch_all(desk.app.database.pool())
        .await
        .expect("the audit log");
    assert!(
        logged
            .iter()
            .all(|it| !it.contains("2206") && !it.contains("9135"))
    );
    for path in [&kind, &cabin] {
        assert_eq!(desk.bare(Method::DELETE, path).await.status, 204, "{path}");
        assert_eq!(desk.bare(Method::DELETE, path).await.status, 404, "{path}");
    }
    let wrong = desk
        .send(Method::PUT, &format!("{kind}X"), &json!({ "body": "x" }))
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_templates_are_as_they_are_submitted() {
    let desk = owner().await;
    let templates = desk.get("/owner/templates").await;
    let names: Vec<_> = templates
        .as_array()
        .expect("a list")
        .iter()
        .map(|template| template["name"].as_str().expect("a name"))
        .collect();
    assert!(names.contains(&"hold_ending") && names.contains(&"person_reply"));
}
