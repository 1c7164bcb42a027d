//! WhatsApp's webhooks through real HTTP, on the real broker and Redis.

mod support;

use posta_bus::Queue;
use serde_json::Value;
use support::broker::Broker;
use support::http::Request;
use support::{APP_SECRET, Setup, signed};

macro_rules! samples {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_bytes!(concat!(
            "../../shared/providers/tests/data/whatsapp/", $name, ".json"
        )).as_slice())),+]
    };
}

/// `(file, body)` of every sample.
const SAMPLES: [(&str, &[u8]); 21] = samples![
    "01_text",
    "02_voice_audio",
    "03_image_caption",
    "04_interactive_button_reply",
    "05_interactive_list_reply",
    "06_batched_2_entries_x_2_changes",
    "07_status_sent",
    "08_status_delivered",
    "09_status_failed_131047",
    "10_reaction",
    "12_location",
    "13_unsupported_131051",
    "14_system_user_changed_number",
    "15_button_template_quick_reply",
    "16_text_reply_context",
    "17_account_update_restriction",
    "20_text_username_user_phone_empty_string",
    "22_text_ctwa_referral",
    "33_status_read_no_pricing_no_conversation",
    "36_smb_message_echo",
    "40_text_escaped_compact_raw",
];

const SIGNATURES: &str = include_str!("../../shared/providers/tests/data/whatsapp/SIGNATURES.tsv");

#[tokio::test]
async fn every_sample_with_its_published_signature_becomes_one_message_per_item_and_only_once() {
    let broker = Broker::new().await;
    let ingress = Setup::new(&broker.namespace()).ready().await;
    let request = |name: &str, body: &[u8]| {
        let signature = SIGNATURES
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}.json\t")))
            .unwrap();
        Request::post(signed::WHATSAPP, body).header("x-hub-signature-256", signature)
    };

    let mut items = 0;
    for (name, body) in SAMPLES {
        assert_eq!(
            ingress.send(request(name, body)).await.status,
            200,
            "{name}"
        );
        let count = |messages: Vec<_>| messages.len() as u64;
        let published = count(broker.take_all().await);
        // Five messages, four statuses and one account update.
        let expected = if name.starts_with("06") { 10 } else { 1 };
        assert_eq!(published, expected, "{name}");
        items += published;
    }
    assert_eq!(items, 30);
    ingress.remembers(items).await;

    for (name, body) in SAMPLES {
        assert_eq!(
            ingress.send(request(name, body)).await.status,
            200,
            "{name}"
        );
    }
    assert_eq!(broker.take_all().await.len(), 0);
    assert_eq!(ingress.items("whatsapp").await, [60, 30, 30, 0, 0]);
    assert_eq!(
        ingress.metric("posta_ingress_idempotency_hits_total").await,
        30
    );
    assert_eq!(
        ingress
            .metric("posta_ingress_idempotency_misses_total")
            .await,
        30
    );
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn a_batch_goes_to_the_queues_of_its_items_with_their_exact_bytes() {
    let broker = Broker::new().await;
    let ingress = Setup::new(&broker.namespace()).ready().await;
    let message = r#"{ "id":"w\u0041", "type":"text","timestamp":"1795262400", "text":{"body":"a\u0000b 👍 \/"} }"#;
    let body = format!(
        r#"{{"entry":[{{"id":"9","time":1795262504,"changes":[{{"field":"messages","value":{{
        "metadata":{{"phone_number_id":"106"}},"contacts":[{{"wa_id":"549"}}],
        "messages":[{message},{{"id":"v","type":"audio"}},{{"id":"i","type":"image"}},{{"id":"s","type":"sticker"}},
        {message},{{"type":"hologram"}},7],
        "statuses":[{{"id":"o","status":"sent","recipient_id":"549"}}]}}}}]}}]}}"#
    );
    let request = signed::whatsapp(body.clone());
    assert_eq!(ingress.send(request).await.status, 200);

    let keys = |messages: &[support::broker::Message]| -> Vec<String> {
        messages
            .iter()
            .map(|message| message.routing_key.clone())
            .collect()
    };
    // Published side by side, so in any order.
    let take = async |queue| {
        let mut messages = broker.take(queue).await;
        messages.sort_by_key(|message| message.envelope["request"]["index"].as_u64());
        messages
    };
    let media = take(Queue::Media).await;
    assert_eq!(keys(&media), ["whatsapp.audio", "whatsapp.media"]);
    let statuses = take(Queue::Statuses).await;
    assert_eq!(keys(&statuses), ["whatsapp.status"]);
    let texts = take(Queue::Messages).await;
    assert_eq!(
        keys(&texts),
        [
            "whatsapp.message.text",
            "whatsapp.message.sticker",
            "whatsapp.message.hologram",
            "whatsapp.message.unknown",
        ]
    );
    assert!(broker.take_unrouted().await.is_empty());

    let first = &texts[0];
    assert!(
        String::from_utf8_lossy(&first.raw).contains(message),
        "the bytes are those received"
    );
    let envelope = &first.envelope;
    assert_eq!(envelope["v"], 1);
    assert_eq!(envelope["id"], Value::from(first.id.clone()));
    assert_eq!(envelope["key"], "wa:106:wA");
    assert_eq!(envelope["account"], "106");
    assert_eq!(
        envelope["signature"]["secret"], 1,
        "the second of the two secrets"
    );
    assert_eq!(envelope["payload"]["waba"], "9");
    assert_eq!(envelope["payload"]["field"], "messages");
    assert_eq!(envelope["payload"]["contacts"][0]["wa_id"], "549");
    let sha256: Vec<u8> = <sha2::Sha256 as sha2::Digest>::digest(body.as_bytes()).to_vec();
    assert_eq!(envelope["request"]["sha256"], hex::encode(sha256));
    // The repeated message is one message.
    assert_eq!(ingress.items("whatsapp").await, [8, 7, 1, 0, 0]);
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn what_is_signed_and_cannot_be_read_is_kept_and_answered_200() {
    let broker = Broker::new().await;
    let ingress = Setup::new(&broker.namespace()).ready().await;
    let deep = "[".repeat(200_000);
    let bodies: [&[u8]; 7] = [
        b"",
        b"hola",
        b"[]",
        b"{}",
        b"\xff\xfe\x00",
        br#"{"entry":"#,
        deep.as_bytes(),
    ];
    for body in bodies {
        assert_eq!(ingress.send(signed::whatsapp(body)).await.status, 200);
    }
    let kept = broker.take(Queue::Messages).await;
    assert_eq!(kept.len(), bodies.len());
    for (message, body) in kept.iter().zip(bodies) {
        assert_eq!(message.routing_key, "whatsapp.unparsed");
        let base64 = message.envelope["payload"]["unparsed_base64"]
            .as_str()
            .unwrap();
        let bytes =
            base64::Engine::decode(&base64::engine::general_purpose::STANDARD, base64).unwrap();
        assert_eq!(bytes, body);
    }
    let unparsed = "posta_ingress_items_unparsed_total{source=\"whatsapp\"}";
    assert_eq!(ingress.metric(unparsed).await, 7);
    assert_eq!(ingress.items("whatsapp").await, [7, 7, 0, 0, 0]);
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn what_is_not_signed_by_any_secret_is_401_and_never_published() {
    let broker = Broker::new().await;
    let ingress = Setup::new(&broker.namespace()).ready().await;
    let (_, body) = SAMPLES[0];
    let hex = signed::hmac(APP_SECRET, body);
    let right = format!("sha256={hex}");
    let post = || Request::post(signed::WHATSAPP, body);
    let with = |signature: &str| post().header("x-hub-signature-256", signature);
    let refused = [
        post(),
        with(""),
        with(&hex),
        with(&right[..70]),
        with(&format!("{right}00")),
        with(&right.replace("sha256", "sha1")),
        with(&format!("sha256={}", signed::hmac("another", body))),
        with(&format!(
            "sha256={}",
            signed::hmac(APP_SECRET, b"another body")
        )),
        with(&right).header("x-hub-signature-256", &right),
        with("sha256=é").header("x-signature", &right),
        with(&"a".repeat(30_000)),
        signed::whatsapp_with("", body),
    ];
    let count = refused.len() as u64;
    for request in refused {
        let reply = ingress.send(request).await;
        assert_eq!((reply.status, reply.text()), (401, String::new()));
    }
    assert!(broker.take_all().await.is_empty());
    assert_eq!(ingress.items("whatsapp").await, [count, 0, 0, count, 0]);

    // However often that was: a valid signature is accepted, in either case of hex.
    let upper = format!("sha256={}", hex.to_uppercase());
    assert_eq!(ingress.send(with(&upper)).await.status, 200);
    assert_eq!(
        ingress
            .send(signed::whatsapp_with("previous_secret", "{}"))
            .await
            .status,
        200
    );
    assert_eq!(broker.take_all().await.len(), 2);
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn without_a_secret_everything_is_401_and_without_a_token_verification_is_403() {
    let ingress = Setup::alone()
        .with("WHATSAPP_APP_SECRETS", "")
        .with("WHATSAPP_VERIFY_TOKEN", "")
        .with("MERCADOPAGO_WEBHOOK_SECRETS", "")
        .start()
        .await;
    assert_eq!(
        ingress.send(signed::whatsapp_with("", "{}")).await.status,
        401
    );
    let notification = signed::mercadopago(Some("1"), None, "1742505638", "data.id=1", "{}");
    assert_eq!(ingress.send(notification).await.status, 401);
    let query = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=";
    let get = Request::get(&format!("{}?{query}", signed::WHATSAPP));
    assert_eq!(ingress.send(get).await.status, 403);
    assert_eq!(
        ingress
            .metric("posta_ingress_errors_total{type=\"no_secret\"}")
            .await,
        2
    );
    ingress.stop().await;
}

#[tokio::test]
async fn verification_answers_the_bare_challenge_to_the_right_token_only() {
    let ingress = Setup::alone().start().await;
    let get = |query: &str| Request::get(&format!("{}?{query}", signed::WHATSAPP));
    let right = ingress
        .send(get(
            "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify-me",
        ))
        .await;
    assert_eq!((right.status, right.text().as_str()), (200, "1158201444"));
    assert!(
        right
            .header("content-type")
            .unwrap()
            .starts_with("text/plain")
    );
    for query in [
        "",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=verify-m",
        "hub.challenge=1&hub.verify_token=verify-me",
    ] {
        let wrong = ingress.send(get(query)).await;
        assert_eq!((wrong.status, wrong.text()), (403, String::new()));
    }
    ingress.stop().await;
}
