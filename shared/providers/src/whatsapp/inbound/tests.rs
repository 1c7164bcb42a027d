use proptest::prelude::*;
use serde_json::json;

use super::*;

fn phone(number: &str) -> Alias {
    Alias::Phone(number.to_owned())
}

fn user(id: &str) -> Alias {
    Alias::UserId(id.to_owned())
}

fn read(item: &Value) -> Message {
    Message::inbound(&item.to_string(), None).unwrap()
}

#[test]
fn a_text_brings_its_sender_by_every_name_and_the_name_of_the_matching_contact() {
    let contacts = json!([
        {"wa_id": "5215512345678", "user_id": "MX.9", "profile": {"name": "Juan"}},
        {"wa_id": "5492944550101", "user_id": "AR.1", "profile": {"name": "Lucía Gómez"}}
    ]);
    let item = json!({"from": "5492944550101", "from_user_id": "AR.1", "id": "wamid.1", "timestamp": "1795262400",
        "type": "text", "text": {"body": "Hola"}});
    let message = Message::inbound(&item.to_string(), Some(&contacts.to_string())).unwrap();
    assert_eq!(message.aliases, [phone("5492944550101"), user("AR.1")]);
    assert_eq!(message.name.as_deref(), Some("Lucía Gómez"));
    assert_eq!(message.time.unwrap().timestamp(), 1_795_262_400);
    assert_eq!(message.content, Content::Text("Hola".to_owned()));
}

#[test]
fn a_missing_phone_and_an_empty_one_are_the_same() {
    for item in [
        json!({"from": "", "from_user_id": "AR.1", "type": "text", "text": {"body": "Hola"}}),
        json!({"from_user_id": "AR.1", "type": "text", "text": {"body": "Hola"}}),
        json!({"from": null, "from_user_id": "AR.1", "type": "text", "text": {"body": "Hola"}}),
    ] {
        let contacts =
            json!([{"wa_id": "", "user_id": "AR.1", "profile": {"username": "lucia.gomez"}}]);
        let message = Message::inbound(&item.to_string(), Some(&contacts.to_string())).unwrap();
        assert_eq!(message.aliases, [user("AR.1")]);
        assert_eq!(message.name.as_deref(), Some("lucia.gomez"));
    }
}

#[test]
fn numbers_are_read_where_strings_are_documented() {
    let message = read(
        &json!({"from": 5492944550101_i64, "timestamp": 1795262400, "id": 7, "type": "text", "text": {"body": "x"}}),
    );
    assert_eq!(message.aliases, [phone("5492944550101")]);
    assert_eq!(message.id.as_deref(), Some("7"));
    assert!(message.time.is_some());
}

#[test]
fn both_kinds_of_buttons_are_taps() {
    let interactive = json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "menu:services", "title": "Servicios"}}});
    let template =
        json!({"type": "button", "button": {"payload": "menu:services", "text": "Servicios"}});
    let tap = Content::Tap {
        id: "menu:services".to_owned(),
        title: "Servicios".to_owned(),
    };
    assert_eq!(read(&interactive).content, tap);
    assert_eq!(read(&template).content, tap);
}

#[test]
fn a_file_has_its_id_its_plain_type_and_its_caption() {
    let item = json!({"type": "audio", "audio": {"id": "9", "mime_type": "audio/ogg; codecs=opus", "voice": true}});
    let Content::File {
        kind,
        media,
        caption,
    } = read(&item).content
    else {
        panic!("a file")
    };
    assert_eq!(
        (kind, media.mime.as_str(), caption),
        (FileKind::Audio, "audio/ogg", None)
    );
}

#[test]
fn a_changed_number_names_the_old_and_the_new() {
    let item = json!({"from": "5492944550101", "type": "system", "system": {"type": "user_changed_number", "wa_id": "5492944550909", "previous_user_id": "AR.1", "user_id": "AR.2"}});
    let message = read(&item);
    assert_eq!(message.aliases, [phone("5492944550101"), user("AR.1")]);
    assert_eq!(
        message.content,
        Content::Moved {
            from: vec![user("AR.1")],
            to: vec![phone("5492944550909"), user("AR.2")]
        }
    );
    assert_eq!(
        read(&json!({"type": "system", "system": {"type": "customer_identity_changed"}})).content,
        Content::System
    );
}

#[test]
fn what_is_unknown_or_broken_is_unreadable_and_never_an_error() {
    for (item, kind) in [
        (json!({"type": "hologram", "hologram": {}}), "hologram"),
        (json!({"type": "interactive"}), "interactive"),
        (
            json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}}),
            "interactive",
        ),
        (json!({"type": "text", "text": "not an object"}), "text"),
        (
            json!({"type": "image", "image": {"caption": "no id"}}),
            "image",
        ),
        (
            json!({"type": "unsupported", "errors": [{"code": 131_051}]}),
            "unsupported",
        ),
        (json!({"type": {"a": 1}}), "unknown"),
        (json!({}), "unknown"),
    ] {
        assert_eq!(
            read(&item).content,
            Content::Unreadable(kind.to_owned()),
            "{item}"
        );
    }
    assert!(Message::inbound("[]", None).is_none());
    assert!(Message::inbound("not json", None).is_none());
}

#[test]
fn an_echo_is_about_its_recipient() {
    let echo = json!({"from": "5492944550100", "to": "5492944550101", "to_user_id": "AR.1", "id": "wamid.e", "type": "text", "text": {"body": "Te respondo"}});
    assert_eq!(
        Message::echo(&echo.to_string(), None).unwrap().aliases,
        [phone("5492944550101"), user("AR.1")]
    );
}

#[test]
fn history_tells_what_the_guest_wrote_from_what_we_wrote() {
    let value = json!({"history": [{"metadata": {"phase": 0}, "threads": [{"id": "5492944550101", "messages": [
        {"from": "5492944550101", "id": "a", "timestamp": "1795262400", "type": "text", "text": {"body": "Hola"}},
        {"from": "5492944550100", "to": "5492944550101", "id": "b", "timestamp": "1795262401", "type": "text", "text": {"body": "Buenas"}},
        {"id": "c", "type": "media_placeholder"}
    ]}, {"messages": []}]}, {"errors": [{"code": 2_593_109}]}]});
    let threads = history(&value.to_string());
    assert_eq!(threads.len(), 1);
    let sides: Vec<bool> = threads[0]
        .messages
        .iter()
        .map(|(_, theirs)| *theirs)
        .collect();
    assert_eq!(sides, [true, false, false]);
}

#[test]
fn contacts_are_read_with_and_without_a_name() {
    let value = json!({"state_sync": [
        {"type": "contact", "action": "add", "contact": {"full_name": "Ana", "phone_number": "+54 9 294 455-0101"}},
        {"type": "contact", "action": "remove", "contact": {"phone_number": "5492944550102"}},
        {"type": "contact", "contact": {}}
    ]});
    let contacts = contacts(&value.to_string());
    assert_eq!(contacts.len(), 2);
    assert_eq!(
        (contacts[0].phone.as_str(), contacts[0].name.as_deref()),
        ("5492944550101", Some("Ana"))
    );
    assert!(contacts[1].removed);
}

fn any_json() -> impl Strategy<Value = Value> {
    let names = [
        "from",
        "type",
        "text",
        "body",
        "id",
        "interactive",
        "button_reply",
        "system",
        "wa_id",
        "image",
        "timestamp",
        "edit",
        "history",
        "threads",
        "messages",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|n| json!(n)),
        any::<String>().prop_map(Value::String),
        prop::sample::select(names.to_vec()).prop_map(|name| Value::String(name.to_owned())),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((prop::sample::select(names.to_vec()), inner), 0..6).prop_map(
                |pairs| Value::Object(
                    pairs
                        .into_iter()
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect()
                )
            ),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_read_without_a_panic(item in any_json(), contacts in any_json()) {
        let (item, contacts) = (item.to_string(), contacts.to_string());
        let message = Message::inbound(&item, Some(&contacts));
        prop_assert_eq!(message.is_some(), item.starts_with('{'));
        if let Some(message) = message {
            prop_assert!(!message.content.readable().unwrap_or_default().contains('\0'));
            prop_assert!(message.aliases.is_sorted());
        }
        super::history(&item);
        super::contacts(&item);
    }

    #[test]
    fn any_text_is_read_without_a_panic(item in any::<String>()) {
        Message::inbound(&item, Some(&item));
    }
}
