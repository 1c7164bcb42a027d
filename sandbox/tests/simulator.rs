//! The simulator against our own reading of the documentation, and against our own splitter and verifier.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use posta_providers::whatsapp::{signature, webhook};
use sandbox::whatsapp::{
    Fault, Kind, Past, RetrySchedule, Say, Side, Simulator, StatusDelays, Target, WhatsappConfig,
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const GUEST: &str = "5492944550101";
const WITHIN: Duration = Duration::from_secs(10);

/// Signature and body.
type Webhook = (Option<String>, Bytes);

/// Something that receives webhooks, refusing the first few.
#[derive(Clone, Default)]
struct Received {
    bodies: Arc<Mutex<Vec<Webhook>>>,
    refuse: Arc<Mutex<u32>>,
}

async fn receive(State(received): State<Received>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers
        .get("x-hub-signature-256")
        .map(|value| value.to_str().unwrap().to_owned());
    received.bodies.lock().unwrap().push((signature, body));
    let mut refuse = received.refuse.lock().unwrap();
    if *refuse > 0 {
        *refuse -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    StatusCode::OK
}

struct World {
    simulator: Simulator,
    received: Received,
    client: reqwest::Client,
}

async fn world(refuse: u32) -> World {
    posta_runtime::tls::install();
    let received = Received::default();
    *received.refuse.lock().unwrap() = refuse;
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(any).await.unwrap();
    let webhook = format!(
        "http://{}/webhooks/whatsapp",
        listener.local_addr().unwrap()
    )
    .parse()
    .unwrap();
    let router = Router::new()
        .route("/webhooks/whatsapp", post(receive))
        .with_state(received.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut config = WhatsappConfig::random(webhook);
    let short = |ms| Some(Duration::from_millis(ms));
    config.statuses = StatusDelays {
        sent: short(5),
        delivered: short(10),
        read: short(15),
    };
    config.retry = RetrySchedule {
        first: Duration::from_millis(5),
        ..RetrySchedule::default()
    };
    let simulator = Simulator::start(config, any).await.unwrap();
    World {
        simulator,
        received,
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
    }
}

impl World {
    async fn send(&self, body: &Value) -> Result<(u16, Value), reqwest::Error> {
        let config = self.simulator.config();
        let url = format!(
            "{}/v26.0/{}/messages",
            self.simulator.addresses().whatsapp_api_url,
            config.phone_number_id
        );
        let answer = self
            .client
            .post(url)
            .bearer_auth(config.access_token.expose_secret())
            .json(body)
            .send()
            .await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    async fn control(&self, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}{path}", self.simulator.addresses().control);
        let answer = self.client.post(url).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn guest_writes(&self, text: &str) {
        assert!(
            self.simulator
                .say(&Say::text(GUEST, "Lucía Gómez", text))
                .unwrap()
                .delivered
                .await
                .unwrap()
        );
    }

    fn bodies(&self) -> Vec<Value> {
        let bodies = self.received.bodies.lock().unwrap();
        bodies
            .iter()
            .map(|(_, body)| serde_json::from_slice(body).unwrap())
            .collect()
    }
}

fn text(words: &str) -> Value {
    json!({ "messaging_product": "whatsapp", "to": format!("+{GUEST}"), "type": "text",
            "text": { "body": words }, "biz_opaque_callback_data": "outbox-1" })
}

#[tokio::test]
async fn webhooks_are_signed_over_their_bytes_and_our_splitter_reads_them() {
    let world = world(0).await;
    world.guest_writes("¿Tenés cabaña para 4? 🏔 a/b").await;
    let (header, body) = world.received.bodies.lock().unwrap()[0].clone();
    let secrets = [world.simulator.config().app_secret.clone()];
    signature::verify(&secrets, header.as_deref().map(str::as_bytes), &body).unwrap();
    let items = webhook::split(&body).unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].kind, "message.text");
}

#[tokio::test]
async fn a_webhook_is_repeated_until_it_is_answered_by_200() {
    let world = world(3).await;
    world.guest_writes("hola").await;
    let bodies = world.received.bodies.lock().unwrap();
    assert_eq!(bodies.len(), 4);
    assert!(
        bodies.windows(2).all(|pair| pair[0] == pair[1]),
        "a repetition has the same bytes"
    );
}

#[tokio::test]
async fn an_accepted_message_gets_a_wamid_and_three_statuses_with_the_callback_data() {
    let world = world(0).await;
    world.guest_writes("hola").await;
    let (status, answer) = world.send(&text("Buenas")).await.unwrap();
    assert_eq!(status, 200);
    let wamid = answer["messages"][0]["id"].as_str().unwrap().to_owned();
    assert!(wamid.starts_with("wamid."));
    assert_eq!(answer["contacts"][0]["wa_id"], GUEST);
    let statuses = || -> Vec<Value> {
        let found = world
            .bodies()
            .into_iter()
            .map(|b| b["entry"][0]["changes"][0]["value"]["statuses"][0].clone());
        found.filter(|status| !status.is_null()).collect()
    };
    tokio::time::timeout(WITHIN, async {
        while statuses().len() < 3 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
    let mut names: Vec<String> = statuses()
        .iter()
        .map(|s| s["status"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["delivered", "read", "sent"]);
    for status in statuses() {
        assert_eq!(status["id"], json!(wamid));
        assert_eq!(status["biz_opaque_callback_data"], "outbox-1");
        assert_eq!(status["recipient_id"], GUEST);
        assert!(status["timestamp"].is_string());
    }
    for (_, body) in world.received.bodies.lock().unwrap().iter().skip(1) {
        assert_eq!(webhook::split(body).unwrap()[0].kind, "status");
    }
}

#[tokio::test]
async fn refusals_have_the_documented_shape() {
    let world = world(0).await;
    let code = |answer: &(u16, Value)| (answer.0, answer.1["error"]["code"].as_i64().unwrap());
    let closed = world.send(&text("a quien nunca escribió")).await.unwrap();
    assert_eq!(code(&closed), (400, 131047));
    assert!(
        closed.1["error"]["error_data"]["details"]
            .as_str()
            .unwrap()
            .contains("24 hours")
    );
    assert!(closed.1["error"]["fbtrace_id"].is_string());
    world.guest_writes("hola").await;
    assert_eq!(
        code(&world.send(&text(&"a".repeat(4097))).await.unwrap()),
        (400, 100)
    );
    let mut own = text("a mí mismo");
    own["to"] = json!(world.simulator.config().display_phone);
    assert_eq!(code(&world.send(&own).await.unwrap()), (400, 131021));
    let url = format!(
        "{}/v26.0/106540352242922/messages",
        world.simulator.addresses().whatsapp_api_url
    );
    let wrong = world
        .client
        .post(url)
        .bearer_auth("wrong")
        .json(&text("x"))
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status(), 401);
    assert_eq!(wrong.json::<Value>().await.unwrap()["error"]["code"], 190);
}

#[tokio::test]
async fn the_window_closes_after_24_hours_of_the_simulated_clock() {
    let world = world(0).await;
    world.guest_writes("hola").await;
    assert_eq!(world.send(&text("a tiempo")).await.unwrap().0, 200);
    let (_, moved) = world
        .control("/clock", &json!({ "advance_seconds": 24 * 3600 + 1 }))
        .await;
    assert_eq!(moved["offset_seconds"], 24 * 3600 + 1);
    assert_eq!(
        world.send(&text("tarde")).await.unwrap().1["error"]["code"],
        131047
    );
}

#[tokio::test]
async fn the_forty_sixth_message_in_a_row_hits_the_pair_limit() {
    let world = world(0).await;
    world.guest_writes("hola").await;
    for _ in 0..45 {
        assert_eq!(world.send(&text("…")).await.unwrap().0, 200);
    }
    assert_eq!(
        world.send(&text("…")).await.unwrap().1["error"]["code"],
        131056
    );
}

#[tokio::test]
async fn a_cut_message_was_accepted_and_is_listed_and_a_dropped_one_was_not() {
    let world = world(0).await;
    world.guest_writes("hola").await;
    world
        .control(
            "/faults",
            &json!({ "target": "whatsapp", "kind": "cut", "count": 1 }),
        )
        .await;
    assert!(world.send(&text("cortado")).await.is_err());
    let state = world.simulator.state();
    assert_eq!((state.counters.accepted, state.counters.cut), (1, 1));
    assert_eq!(state.cut_callbacks, ["outbox-1"]);
    world
        .simulator
        .fault(Fault::new(Target::Whatsapp, Kind::Drop).times(1));
    assert!(world.send(&text("perdido")).await.is_err());
    assert_eq!(world.simulator.state().counters.accepted, 1);
    assert_eq!(world.send(&text("otra vez")).await.unwrap().0, 200);
    assert_eq!(world.simulator.state().repeated.get("outbox-1"), Some(&2));
}

#[tokio::test]
async fn a_failure_can_come_later_by_a_status_without_contacts() {
    let world = world(0).await;
    world.guest_writes("hola").await;
    let fault = json!({ "target": "whatsapp", "kind": "status", "code": 131026, "asynchronous": true, "count": 1 });
    assert_eq!(world.control("/faults", &fault).await.0, 200);
    assert_eq!(world.send(&text("no llega")).await.unwrap().0, 200);
    tokio::time::timeout(WITHIN, async {
        while world.bodies().len() < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
    let value = world.bodies()[1]["entry"][0]["changes"][0]["value"].clone();
    assert_eq!(value["statuses"][0]["status"], "failed");
    assert_eq!(value["statuses"][0]["errors"][0]["code"], 131026);
    assert!(value.get("contacts").is_none());
}

#[tokio::test]
async fn a_tap_carries_the_title_and_the_message_that_offered_it() {
    let world = world(0).await;
    world.guest_writes("hola").await;
    let menu = json!({ "messaging_product": "whatsapp", "to": GUEST, "type": "interactive", "interactive": {
        "type": "button", "body": { "text": "¿Qué necesitás?" }, "action": { "buttons": [
            { "type": "reply", "reply": { "id": "menu:location", "title": "¿Dónde queda?" } }] } } });
    let wamid = world.send(&menu).await.unwrap().1["messages"][0]["id"].clone();
    let (status, _) = world
        .control(
            "/whatsapp/say",
            &json!({ "from": GUEST, "button_id": "menu:location", "wait": true }),
        )
        .await;
    assert_eq!(status, 200);
    let mut tap = world
        .bodies()
        .into_iter()
        .map(|b| b["entry"][0]["changes"][0]["value"]["messages"][0].clone());
    let tap = tap
        .rfind(|message| message["type"] == "interactive")
        .unwrap();
    assert_eq!(
        tap["interactive"]["button_reply"],
        json!({ "id": "menu:location", "title": "¿Dónde queda?" })
    );
    assert_eq!(tap["context"]["id"], wamid);
    let (status, refusal) = world
        .control(
            "/whatsapp/say",
            &json!({ "from": GUEST, "button_id": "nope" }),
        )
        .await;
    assert_eq!(status, 400);
    assert!(refusal["error"].as_str().unwrap().contains("nope"));
}

#[tokio::test]
async fn media_has_an_address_for_five_minutes_and_wants_the_bearer() {
    let world = world(0).await;
    let said = Say {
        from: GUEST.into(),
        image_file: Some("sample".into()),
        ..Say::default()
    };
    world.simulator.say(&said).unwrap().delivered.await.unwrap();
    let image =
        world.bodies()[0]["entry"][0]["changes"][0]["value"]["messages"][0]["image"].clone();
    assert_eq!(image["mime_type"], "image/png");
    let token = world
        .simulator
        .config()
        .access_token
        .expose_secret()
        .to_owned();
    let get = |url: String, token: String| {
        let client = world.client.clone();
        async move { client.get(url).bearer_auth(token).send().await.unwrap() }
    };
    let about = format!(
        "{}/v26.0/{}",
        world.simulator.addresses().whatsapp_api_url,
        image["id"].as_str().unwrap()
    );
    let about: Value = get(about, token.clone()).await.json().await.unwrap();
    let url = about["url"].as_str().unwrap().to_owned();
    assert_eq!(about["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(get(url.clone(), "wrong".into()).await.status(), 401);
    let bytes = get(url.clone(), token.clone()).await.bytes().await.unwrap();
    assert_eq!(
        bytes.len().to_string(),
        about["file_size"].as_str().unwrap()
    );
    world.simulator.clock().advance(301);
    assert_eq!(get(url, token).await.status(), 404);
}

#[tokio::test]
async fn what_the_owner_types_is_an_echo_that_opens_no_window() {
    let world = world(0).await;
    let (status, _) = world
        .control(
            "/whatsapp/echo",
            &json!({ "to": GUEST, "text": "Te respondo yo", "wait": true }),
        )
        .await;
    assert_eq!(status, 200);
    let (_, body) = world.received.bodies.lock().unwrap()[0].clone();
    assert_eq!(webhook::split(&body).unwrap()[0].kind, "echo");
    assert_eq!(
        world.send(&text("hola")).await.unwrap().1["error"]["code"],
        131047
    );
    assert_eq!(world.simulator.chat(GUEST).messages[0].side, Side::Owner);
}

#[tokio::test]
async fn an_old_phones_past_arrives_as_history_and_contacts() {
    let world = world(0).await;
    let sent = world.simulator.history(&Past::default());
    assert_eq!((sent.contact_webhooks, sent.active.len()), (3, 20));
    for delivered in sent.delivered {
        assert!(delivered.await.unwrap());
    }
    let mut kinds: Vec<String> = Vec::new();
    for (_, body) in world.received.bodies.lock().unwrap().iter() {
        kinds.extend(
            webhook::split(body)
                .unwrap()
                .into_iter()
                .map(|item| item.kind.clone()),
        );
    }
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds, ["field.history", "field.smb_app_state_sync"]);
    assert_eq!(sent.messages, 120 * 12);
}

#[tokio::test]
async fn a_duplicated_webhook_arrives_twice_and_a_lost_one_again() {
    let world = world(0).await;
    world
        .simulator
        .fault(Fault::new(Target::Webhook, Kind::Duplicate).times(1));
    world.guest_writes("dos veces").await;
    assert_eq!(world.bodies().len(), 2);
    world
        .simulator
        .fault(Fault::new(Target::Webhook, Kind::Cut).times(1));
    world.guest_writes("respuesta perdida").await;
    assert_eq!(world.bodies().len(), 4);
}

#[tokio::test]
async fn the_chat_page_is_static_and_forbids_foreign_scripts() {
    let world = world(0).await;
    let page = world
        .client
        .get(world.simulator.addresses().chat_page)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("script-src 'self'")
    );
    let script = world
        .client
        .get(format!("{}chat.js", world.simulator.addresses().chat_page))
        .send()
        .await
        .unwrap();
    assert!(!script.text().await.unwrap().contains("innerHTML"));
}
