//! Splitting WhatsApp webhooks: every sample, every broken shape we could think of, and random ones.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::collections::HashSet;

use posta_providers::whatsapp::webhook::{Item, Unparsed, split};
use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;

macro_rules! sample {
    ($name:literal) => {
        include_bytes!(concat!("data/whatsapp/", $name, ".json")).as_slice()
    };
}

fn kinds(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.kind.as_str()).collect()
}

fn keys(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.key.as_str()).collect()
}

/// The exact bytes of the item inside a payload.
fn bytes(item: &Item) -> String {
    #[derive(serde::Deserialize)]
    struct Payload<'a> {
        #[serde(borrow)]
        item: &'a RawValue,
    }
    let payload: Payload<'_> = serde_json::from_str(item.payload.get()).unwrap();
    payload.item.get().to_owned()
}

fn payload(item: &Item) -> Value {
    serde_json::from_str(item.payload.get()).unwrap()
}

/// A body with one change of messages around `messages`.
fn body(messages: &str) -> String {
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"value":{{
        "metadata":{{"phone_number_id":"106"}},"messages":{messages}}},"field":"messages"}}]}}]}}"#
    )
}

#[test]
fn each_sample_of_one_update_is_one_item_of_its_kind() {
    for (sample, kind) in [
        (sample!("01_text"), "message.text"),
        (sample!("02_voice_audio"), "audio"),
        (sample!("03_image_caption"), "media"),
        (
            sample!("04_interactive_button_reply"),
            "message.interactive",
        ),
        (sample!("05_interactive_list_reply"), "message.interactive"),
        (sample!("07_status_sent"), "status"),
        (sample!("08_status_delivered"), "status"),
        (sample!("09_status_failed_131047"), "status"),
        (sample!("10_reaction"), "message.reaction"),
        (sample!("12_location"), "message.location"),
        (sample!("13_unsupported_131051"), "message.unsupported"),
        (sample!("14_system_user_changed_number"), "message.system"),
        (sample!("15_button_template_quick_reply"), "message.button"),
        (sample!("16_text_reply_context"), "message.text"),
        (
            sample!("17_account_update_restriction"),
            "field.account_update",
        ),
        (
            sample!("20_text_username_user_phone_empty_string"),
            "message.text",
        ),
        (sample!("22_text_ctwa_referral"), "message.text"),
        (
            sample!("33_status_read_no_pricing_no_conversation"),
            "status",
        ),
        (sample!("36_smb_message_echo"), "echo"),
        (sample!("40_text_escaped_compact_raw"), "message.text"),
    ] {
        let items = split(sample).unwrap();
        assert_eq!(kinds(&items), [kind]);
        assert!(items[0].provider_time.is_some(), "{kind}");
        assert_eq!(keys(&items), keys(&split(sample).unwrap()));
    }
}

#[test]
fn the_batched_sample_gives_its_nine_messages_and_statuses_and_its_account_update() {
    let items = split(sample!("06_batched_2_entries_x_2_changes")).unwrap();
    assert_eq!(
        kinds(&items),
        [
            "message.text",
            "message.text",
            "message.text",
            "status",
            "status",
            "status",
            "media",
            "message.sticker",
            "status",
            "field.account_update",
        ]
    );
    let distinct: HashSet<_> = keys(&items).into_iter().collect();
    assert_eq!(distinct.len(), items.len());
    assert_eq!(
        items[0].key,
        "wa:106540352242922:wamid.SEJnTjU0OTI5NDQ1NTAxMDFfYnQx"
    );
    assert_eq!(
        items[4].key,
        "wa:106540352242922:wamid.SEJnTjU0OTI5NDQ1NTAxMDFfb3V0MQ==:delivered:5492944550101"
    );
    assert_eq!(items[7].account.as_deref(), Some("106540352242999"));
    assert_eq!(items[9].account, None);
    assert_eq!(payload(&items[9])["waba"], "102290129340777");
    assert_eq!(payload(&items[9])["time"], 1_795_262_504);
}

#[test]
fn the_bytes_of_an_item_are_those_received() {
    let item = r#"{ "id" : "w1", "type":"text","timestamp":"1795262400" ,
        "text":{"body":"S\u00ed \u0000 \/ \ud83d\udc4d 👍 1.0e2"}, "n": 1.10, "id":"w2" }"#;
    let items = split(body(&format!("[{item}]")).as_bytes()).unwrap();
    assert_eq!(bytes(&items[0]), item);
    assert_eq!(
        items[0].key, "wa:106:w2",
        "the last of repeated keys counts"
    );
}

#[test]
fn one_broken_message_does_not_affect_its_siblings() {
    let whole = r#"{"id":"w1","type":"text","timestamp":"1795262400","text":{"body":"x"}}"#;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for broken in [
        "5",
        "null",
        "[]",
        "{}",
        r#"{"id":7,"type":["text"]}"#,
        r#"{"id":"","type":""}"#,
        r#"{"\ud800":1}"#,
        r#"{"id":"w\u0000","type":"hologram_v2"}"#,
        r#"{"id":"w3","type":"Text.#"}"#,
        deep.as_str(),
    ] {
        let items = split(body(&format!("[{whole},{broken},{whole}]")).as_bytes()).unwrap();
        assert_eq!(items.len(), 3, "{broken:.40}");
        assert_eq!(items[0].key, "wa:106:w1");
        assert_eq!(items[2].key, items[0].key);
        assert_eq!(bytes(&items[0]), whole);
        assert_eq!(bytes(&items[1]), broken);
        assert!(items[1].kind.starts_with("message."), "{}", items[1].kind);
        assert!(!items[1].key.contains(char::is_control));
    }
}

#[test]
fn structures_of_another_shape_are_kept_whole_beside_good_ones() {
    let good = r#"{"id":"1","changes":[{"field":"messages","value":{"messages":[{"id":"w1","type":"text"}]}}]}"#;
    for (broken, kind) in [
        ("7", "unparsed"),
        (r#"{"id":"2"}"#, "unparsed"),
        (r#"{"changes":{}}"#, "unparsed"),
        (r#"{"changes":[3]}"#, "unparsed"),
        (r#"{"changes":[{"field":"messages"}]}"#, "unparsed"),
        (
            r#"{"changes":[{"field":"messages","value":3}]}"#,
            "field.messages",
        ),
        (
            r#"{"changes":[{"field":"messages","value":{"messages":{}}}]}"#,
            "field.messages",
        ),
        (
            r#"{"changes":[{"field":"messages","value":{"calls":[]}}]}"#,
            "field.messages",
        ),
        (
            r#"{"changes":[{"field":"messages","value":{"errors":[{"code":131000}]}}]}"#,
            "field.messages",
        ),
        (
            r#"{"changes":[{"field":"smb_message_echoes","value":{}}]}"#,
            "field.smb_message_echoes",
        ),
        (
            r#"{"changes":[{"field":"history","value":{"history":[]}}]}"#,
            "field.history",
        ),
        (
            r#"{"changes":[{"field":"A.B","value":{}}]}"#,
            "field.unknown",
        ),
        (r#"{"changes":[{"value":{}}]}"#, "field.unknown"),
    ] {
        let body = format!(r#"{{"entry":[{good},{broken}],"object":"x"}}"#);
        let items = split(body.as_bytes()).unwrap();
        assert_eq!(kinds(&items), ["message.text", kind], "{broken}");
    }
}

#[test]
fn errors_beside_a_message_are_an_item_of_their_own() {
    let body = r#"{"entry":[{"changes":[{"field":"messages","value":{
        "messages":[{"id":"w","type":"interactive"}],"errors":[{"code":131000}]}}]}]}"#;
    let items = split(body.as_bytes()).unwrap();
    assert_eq!(kinds(&items), ["message.interactive", "field.messages"]);
    assert_eq!(bytes(&items[1]), r#"[{"code":131000}]"#);
}

#[test]
fn repeated_structural_keys_lose_nothing() {
    let body = r#"{"entry":[{"changes":[{"field":"messages","value":{
        "messages":[{"id":"a","type":"text"}],"messages":[{"id":"b","type":"text"}]}}]}],
        "entry":[{"changes":[{"field":"messages","value":{"messages":[{"id":"c","type":"text"}]}}]}]}"#;
    let items = split(body.as_bytes()).unwrap();
    assert_eq!(keys(&items), ["wa::a", "wa::b", "wa::c"]);
}

#[test]
fn bodies_that_cannot_be_split_say_why() {
    let flood = format!(r#"{{"entry":[{}1]}}"#, "1,".repeat(10_000));
    for (body, why) in [
        (&b""[..], Unparsed::Json),
        (b"hola", Unparsed::Json),
        (b"[]", Unparsed::Json),
        (b"{\"entry\":[", Unparsed::Json),
        (b"{} {}", Unparsed::Json),
        (b"{\"entry\":[\"\xff\"]}", Unparsed::Encoding),
        (b"{}", Unparsed::Empty),
        (b"{\"entry\":[]}", Unparsed::Empty),
        (b"{\"object\":\"page\"}", Unparsed::Empty),
        (flood.as_bytes(), Unparsed::TooMany),
    ] {
        assert_eq!(split(body).unwrap_err(), why);
    }
    let deep = "[".repeat(3_000_000);
    assert_eq!(split(deep.as_bytes()).unwrap_err(), Unparsed::Json);
}

#[test]
fn equal_bytes_of_two_accounts_or_of_two_times_are_two_updates() {
    let of = |waba: &str, time: u64| {
        let body = format!(
            r#"{{"entry":[{{"id":"{waba}","time":{time},"changes":[{{"field":"account_update","value":{{"event":"X"}}}}]}}]}}"#
        );
        split(body.as_bytes()).unwrap().remove(0).key
    };
    assert_eq!(of("1", 1_795_262_504), of("1", 1_795_262_504));
    assert_ne!(of("1", 1_795_262_504), of("2", 1_795_262_504));
    assert_ne!(of("1", 1_795_262_504), of("1", 1_795_262_505));
}

#[test]
fn a_status_is_named_by_whoever_received_the_message() {
    let of = |who: &str| {
        let body = format!(
            r#"{{"entry":[{{"changes":[{{"field":"messages","value":{{"statuses":[{{"id":"w","status":"read"{who}}}]}}}}]}}]}}"#
        );
        split(body.as_bytes()).unwrap().remove(0).key
    };
    assert_eq!(of(r#","recipient_id":"549""#), "wa::w:read:549");
    assert_eq!(of(r#","recipient_id":549"#), "wa::w:read:549");
    assert_eq!(
        of(r#","recipient_id":"","recipient_user_id":"AR.1""#),
        "wa::w:read:AR.1"
    );
    assert_eq!(
        of(r#","recipient_id":"group","recipient_participant_id":"549""#),
        "wa::w:read:549"
    );
    assert_eq!(of(""), "wa::w:read:");
}

#[test]
fn in_a_batch_each_message_takes_only_its_own_contact_along() {
    let contacts: Vec<String> = (0..600)
        .map(|n| format!(r#"{{"wa_id":"{n}","user_id":"AR.{n}","profile":{{"name":"N{n}"}}}}"#))
        .collect();
    let messages: Vec<String> = (0..600)
        .map(|n| format!(r#"{{"from":"","from_user_id":"AR.{n}","id":"w{n}","type":"text"}}"#))
        .collect();
    let body = format!(
        r#"{{"entry":[{{"changes":[{{"field":"messages","value":{{"contacts":[{}],"messages":[{}]}}}}]}}]}}"#,
        contacts.join(","),
        messages.join(",")
    );
    let items = split(body.as_bytes()).unwrap();
    assert_eq!(items.len(), 600);
    for (n, item) in items.iter().enumerate() {
        let contacts = payload(item)["contacts"].clone();
        assert_eq!(contacts.as_array().unwrap().len(), 1);
        assert_eq!(contacts[0]["profile"]["name"], format!("N{n}"));
    }
}

/// JSON of any shape, written with arbitrary white space and escapes.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("-1.50E+3".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        ".*".prop_map(|text| serde_json::to_string(&text).unwrap()),
        "[0-9a-f]{4}".prop_map(|hex| format!(r#""\u{hex}""#)),
    ];
    let name = prop_oneof![
        Just(r#""id""#.to_owned()),
        Just(r#""type""#.to_owned()),
        Just(r#""t\u0079pe""#.to_owned()),
        "[a-z]{0,3}".prop_map(|name| format!("\"{name}\"")),
    ];
    let space = prop_oneof![Just(""), Just(" "), Just("\n\t")];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        let field = (name.clone(), space.clone(), inner.clone());
        prop_oneof![
            prop::collection::vec((inner, space.clone()), 0..5).prop_map(|all| {
                let all: Vec<String> = all.iter().map(|(v, s)| format!("{s}{v}{s}")).collect();
                format!("[{}]", all.join(","))
            }),
            prop::collection::vec(field, 0..5).prop_map(|all| {
                let all: Vec<String> = all
                    .iter()
                    .map(|(n, s, v)| format!("{s}{n}{s}:{s}{v}"))
                    .collect();
                format!("{{{}}}", all.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_stands_in_the_list_comes_out_with_the_same_bytes(all in prop::collection::vec(json(), 1..6)) {
        let items = split(body(&format!("[{}]", all.join(" , "))).as_bytes()).unwrap();
        prop_assert_eq!(items.len(), all.len());
        for (item, json) in items.iter().zip(&all) {
            prop_assert_eq!(&bytes(item), json.trim());
            prop_assert!(item.key.len() < 700 && !item.key.contains(char::is_control));
            prop_assert!(item.kind.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.')));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
        drop(split(&body));
    }

    #[test]
    fn no_damage_to_a_real_body_makes_it_panic(at in 0..5_800usize, with in any::<u8>(), cut in 0..5_800usize) {
        let mut body = sample!("06_batched_2_entries_x_2_changes").to_vec();
        body[at] = with;
        drop(split(&body));
        body.truncate(cut);
        prop_assert!(split(&body).is_err());
    }
}

#[test]
fn surroundings_are_not_copied_without_bounds() {
    let messages = |count: usize| {
        let one = r#"{"id":"wamid.X","type":"text"}"#;
        let messages = format!("[{}]", vec![one; count].join(","));
        // Each item of this body carries nearly 16 KiB of metadata.
        body(&messages).replace(r#""106""#, &format!(r#""{}""#, "1".repeat(16_000)))
    };
    assert_eq!(split(messages(100).as_bytes()).unwrap().len(), 100);
    let flood = messages(1_000);
    assert!(flood.len() < 64 * 1024);
    assert_eq!(split(flood.as_bytes()).unwrap_err(), Unparsed::TooMany);
}
