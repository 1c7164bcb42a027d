//! One of everything that a path or a body can name, all of it the first owner's.

use posta_domain::ids::TenantId;
use posta_store::{
    access::Role,
    attention::{self, NewAttention},
    testing::Chat,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    app::{Answer, TestApp, app, send},
    people::{Person, person, token},
};

/// The server, the people, and the things.
pub(super) struct World {
    pub(super) app: TestApp,
    pub(super) owner: Person,
    pub(super) staff: Person,
    pub(super) readonly: Person,
    /// Another tenant's.
    pub(super) stranger: Person,
    /// Of the owner's, and of no use any more.
    pub(super) revoked: String,
    pub(super) expired: String,
    /// Tokens of guests' links, and the bookings they open.
    pub(super) link: String,
    pub(super) other_link: String,
    pub(super) things: Things,
}

/// Ids.
pub(super) struct Things {
    pub(super) booking: String,
    pub(super) other_booking: String,
    pub(super) code: String,
    pub(super) quote: String,
    pub(super) season: String,
    pub(super) block: String,
    pub(super) refund: String,
    /// At Mercado Pago, without a booking.
    pub(super) payment: String,
    /// What the booking's guest was asked for.
    pub(super) request: String,
    pub(super) attention: String,
    pub(super) chat: String,
    /// Who writes in it, and a photo she sent.
    pub(super) guest: String,
    pub(super) media: String,
    pub(super) token: String,
}

/// Makes one.
pub(super) async fn world() -> World {
    let app = app().await;
    let owner = person(&app, &app.here, Role::Owner).await;
    let staff = person(&app, &app.here, Role::Staff).await;
    let readonly = person(&app, &app.here, Role::Readonly).await;
    let stranger = person(&app, &app.there, Role::Owner).await;
    let revoked = token(&app, &owner, Role::Owner, None).await;
    sqlx::query(
        "UPDATE api_tokens SET revoked_at = now()
          WHERE id = (SELECT id FROM api_tokens WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1)",
    )
    .bind(owner.user)
    .execute(app.database.pool())
    .await
    .unwrap();
    let past = Some(chrono::TimeDelta::seconds(-1));
    let expired = token(&app, &owner, Role::Owner, past).await;
    let (held, other) = (app.held(20, 3).await, app.held(20, 3).await);
    let link_of = |held: &Value| held["guest_link"]["token"].as_str().unwrap().to_owned();
    let (link, other_link) = (link_of(&held), link_of(&other));
    let things = things(&app, &owner, &held, &other).await;
    World {
        app,
        owner,
        staff,
        readonly,
        stranger,
        revoked,
        expired,
        link,
        other_link,
        things,
    }
}

async fn things(app: &TestApp, owner: &Person, held: &Value, other: &Value) -> Things {
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let do_it = async |path: &str, body: Value| -> Answer {
        let request = app.request(Method::POST, path).bearer_auth(&owner.token);
        let answer = send(request.header("Idempotency-Key", "a").json(&body)).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        answer
    };
    let season =
        json!({ "name": "Verano", "first_night": app.day(100), "last_night": app.day(120) });
    let season = do_it(
        &format!("/owner/properties/{}/seasons", app.here.property),
        season,
    )
    .await;
    let block = json!({ "accommodation": app.here.house, "check_in": app.day(60), "check_out": app.day(62) });
    let block = do_it("/owner/blocks", block).await;
    // Too much: the rest is owed back.
    let mut amount = other["charge"].clone();
    amount["amount_minor"] = json!(amount["amount_minor"].as_i64().unwrap() + 100_000);
    let payment = json!({ "method": "cash", "amount": amount, "reference": "recibo 1" });
    let path = format!("/owner/reservations/{}/payments", text(&other["id"]));
    do_it(&path, payment).await;
    let refunds = send(
        app.request(Method::GET, "/owner/refunds")
            .bearer_auth(&owner.token),
    )
    .await;
    assert_eq!(refunds.status, StatusCode::OK);
    let tokens = send(
        app.request(Method::GET, "/tokens")
            .bearer_auth(&owner.token),
    )
    .await;
    let revoked = tokens
        .body
        .as_array()
        .unwrap()
        .iter()
        .find(|token| !token["revoked_at"].is_null());
    let path = format!("/owner/reservations/{}", text(&held["id"]));
    let booking = app.request(Method::GET, &path).bearer_auth(&owner.token);
    let booking = send(booking).await;
    let chat = chat(app).await;
    Things {
        booking: text(&held["id"]),
        other_booking: text(&other["id"]),
        code: text(&held["code"]),
        quote: text(&app.quote(30, 3).await["id"]),
        season: text(&season.body["id"]),
        block: text(&block.body["id"]),
        refund: text(&refunds.body["refunds"][0]["id"]),
        payment: crate::money::orphan(app, &app.here).await.to_string(),
        request: text(&booking.body["payment_requests"][0]["id"]),
        attention: matter(app).await.to_string(),
        chat: chat.conversation.to_string(),
        guest: chat.guest.to_string(),
        media: crate::files::photo(app.database.pool(), &chat)
            .await
            .to_string(),
        token: text(&revoked.unwrap()["id"]),
    }
}

async fn matter(app: &TestApp) -> Uuid {
    let tenant: TenantId = app.here.tenant.into();
    let mut conn = app.database.store().acquire().await.unwrap();
    let new = NewAttention {
        tenant,
        kind: "wants_person",
        subject: "conversation:0",
        detail: json!({}),
        deadline: None,
    };
    attention::raise(&mut conn, &new).await.unwrap();
    sqlx::query_scalar("SELECT id FROM attention WHERE tenant_id = $1 AND kind = 'wants_person'")
        .bind(app.here.tenant)
        .fetch_one(app.database.pool())
        .await
        .unwrap()
}

async fn chat(app: &TestApp) -> Chat {
    sqlx::query(
        "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
         VALUES ($1, $2, 'whatsapp', '1001', 'WHATSAPP_ACCESS_TOKEN')",
    )
    .bind(app.here.tenant)
    .bind(Uuid::now_v7())
    .execute(app.database.pool())
    .await
    .unwrap();
    app.database.chat("1001", "5492944123456").await
}

impl World {
    /// Everything there is, as a fingerprint of each table.
    pub(super) async fn state(&self) -> Vec<(String, String)> {
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT relname::text FROM pg_class
              WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
              ORDER BY 1",
        )
        .fetch_all(self.app.database.pool())
        .await
        .unwrap();
        let mut state = Vec::with_capacity(tables.len());
        for table in tables {
            let sql = format!(
                "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {table} t"
            );
            let rows: String = sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_one(self.app.database.pool())
                .await
                .unwrap();
            state.push((table, rows));
        }
        state
    }
}
