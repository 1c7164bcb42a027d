use proptest::prelude::*;
use serde_json::{Value, json};

use super::{super::limits::units, *};

fn phone() -> Recipient {
    Recipient::phone("+54 9 294 412-3456").unwrap()
}

#[test]
fn a_text_has_the_documented_shape() {
    let body = Outgoing::text("Hola")
        .unwrap()
        .to_graph_body(&phone(), "outbox:1");
    assert_eq!(
        body,
        json!({
            "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+5492944123456", "type": "text",
            "text": {"preview_url": false, "body": "Hola"}, "biz_opaque_callback_data": "outbox:1"
        })
    );
}

#[test]
fn a_user_without_a_number_is_addressed_as_recipient_and_never_as_to() {
    let recipient = Recipient::user_id("AR.1349b").unwrap();
    let body = Outgoing::text("Hola")
        .unwrap()
        .to_graph_body(&recipient, "outbox:1");
    assert_eq!(
        (body.get("recipient"), body.get("to")),
        (Some(&json!("AR.1349b")), None)
    );
}

#[test]
fn interactive_messages_have_the_documented_shapes() {
    let buttons = Outgoing::buttons("¿Seguimos?", [("yes", "Sí"), ("no", "No")]).unwrap();
    assert_eq!(
        buttons.to_graph_body(&phone(), "o")["interactive"],
        json!({"type": "button", "body": {"text": "¿Seguimos?"}, "action": {"buttons": [
            {"type": "reply", "reply": {"id": "yes", "title": "Sí"}},
            {"type": "reply", "reply": {"id": "no", "title": "No"}}]}})
    );
    let row = Row::new("cabin:1", "Cabaña Coihue")
        .unwrap()
        .with_description("Hasta 4 personas")
        .unwrap();
    let list = Outgoing::list(
        "Libres",
        "Ver cabañas",
        vec![Section::titled("Cabañas", vec![row]).unwrap()],
    )
    .unwrap();
    assert_eq!(
        list.to_graph_body(&phone(), "o")["interactive"],
        json!({"type": "list", "body": {"text": "Libres"}, "action": {"button": "Ver cabañas", "sections": [
            {"title": "Cabañas", "rows": [{"id": "cabin:1", "title": "Cabaña Coihue", "description": "Hasta 4 personas"}]}]}})
    );
    let link = Outgoing::cta_url("Seña", "Pagar seña", "https://mpago.la/1").unwrap();
    assert_eq!(
        link.to_graph_body(&phone(), "o")["interactive"],
        json!({"type": "cta_url", "body": {"text": "Seña"}, "action": {"name": "cta_url",
            "parameters": {"display_text": "Pagar seña", "url": "https://mpago.la/1"}}})
    );
}

#[test]
fn pictures_files_and_templates_have_the_documented_shapes() {
    let image = Outgoing::image("https://posta.example/1.jpg", Some("El lago".to_owned())).unwrap();
    assert_eq!(
        image.to_graph_body(&phone(), "o")["image"],
        json!({"link": "https://posta.example/1.jpg", "caption": "El lago"})
    );
    let file = Outgoing::document("https://posta.example/1.pdf", "reserva.pdf", None).unwrap();
    assert_eq!(
        file.to_graph_body(&phone(), "o")["document"],
        json!({"link": "https://posta.example/1.pdf", "filename": "reserva.pdf"})
    );
    let template = Template::new("recordatorio", "es_AR", ["Ana"])
        .unwrap()
        .with_quick_reply(0, "pay:1")
        .unwrap();
    let template = Outgoing::Template(template);
    assert!(!template.needs_open_window());
    assert_eq!(
        template.to_graph_body(&phone(), "o")["template"],
        json!({"name": "recordatorio", "language": {"code": "es_AR"}, "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}]},
            {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "pay:1"}]}]})
    );
}

#[test]
fn what_meta_would_refuse_cannot_be_built() {
    let too_long = |text: &str| matches!(Outgoing::text(text), Err(LimitError::TooLong { .. }));
    assert!(Outgoing::text("a".repeat(4096)).is_ok() && too_long(&"a".repeat(4097)));
    assert!(too_long(&"🏔".repeat(2049)), "an emoji counts as two");
    assert_eq!(Outgoing::text(" \n").unwrap_err(), LimitError::Empty);
    assert_eq!(Outgoing::text("a\0b").unwrap_err(), LimitError::Nul);
    let none: [(&str, &str); 0] = [];
    assert!(matches!(
        Outgoing::buttons("b", none),
        Err(LimitError::Count { .. })
    ));
    assert!(matches!(
        Outgoing::buttons("b", [("1", "a"), ("2", "b"), ("3", "c"), ("4", "d")]),
        Err(LimitError::Count { .. })
    ));
    assert_eq!(
        Outgoing::buttons("b", [("1", "Sí"), ("2", "sí ")]).unwrap_err(),
        LimitError::Repeated("button titles")
    );
    assert_eq!(
        Outgoing::buttons("b", [("1", "Sí"), ("1", "No")]).unwrap_err(),
        LimitError::Repeated("button ids")
    );
    assert!(Outgoing::buttons("b", [("1", "Veintiuna letras aquí")]).is_err());
    let rows = |from: usize, to: usize| {
        (from..to)
            .map(|i| Row::new(format!("r{i}"), "Fila").unwrap())
            .collect::<Vec<_>>()
    };
    assert!(Outgoing::list("b", "Ver", vec![Section::untitled(rows(0, 10))]).is_ok());
    assert!(Outgoing::list("b", "Ver", vec![Section::untitled(rows(0, 11))]).is_err());
    let two = vec![
        Section::titled("A", rows(0, 6)).unwrap(),
        Section::titled("B", rows(6, 11)).unwrap(),
    ];
    assert!(matches!(
        Outgoing::list("b", "Ver", two),
        Err(LimitError::Count {
            what: "rows",
            count: 11,
            max: 10
        })
    ));
    let untitled = vec![Section::untitled(rows(0, 1)), Section::untitled(rows(1, 2))];
    assert_eq!(
        Outgoing::list("b", "Ver", untitled).unwrap_err(),
        LimitError::Untitled
    );
    for url in [
        "mpago.la/1",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
    ] {
        assert_eq!(
            Outgoing::cta_url("b", "Pagar", url).unwrap_err(),
            LimitError::Url,
            "{url}"
        );
    }
    assert_eq!(
        Template::new("Recordatorio!", "es_AR", ["x"]).unwrap_err(),
        LimitError::Name
    );
}

#[test]
fn the_outbox_gives_back_what_it_was_given_and_nothing_that_breaks_a_limit() {
    let list = Outgoing::list(
        "Libres",
        "Ver",
        vec![Section::untitled(vec![Row::new("1", "Una").unwrap()])],
    )
    .unwrap();
    let stored = serde_json::to_value(&list).unwrap();
    assert_eq!(stored["type"], "list");
    assert_eq!(serde_json::from_value::<Outgoing>(stored).unwrap(), list);
    let template = Outgoing::Template(Template::new("recordatorio", "es_AR", ["Ana"]).unwrap());
    assert_eq!(
        serde_json::from_value::<Outgoing>(serde_json::to_value(&template).unwrap()).unwrap(),
        template
    );
    for wrong in [
        json!({"type": "text", "body": ""}),
        json!({"type": "text", "body": "a".repeat(4097)}),
        json!({"type": "buttons", "body": "b", "buttons": []}),
        json!({"type": "buttons", "body": "b", "buttons": [{"id": "1", "title": "a"}, {"id": "2", "title": "A"}]}),
        json!({"type": "cta_url", "body": "b", "title": "t", "url": "javascript:1"}),
        json!({"type": "hologram"}),
    ] {
        assert!(
            serde_json::from_value::<Outgoing>(wrong.clone()).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn recipients_are_checked_and_masked() {
    assert_eq!(phone(), Recipient::Phone("5492944123456".to_owned()));
    assert_eq!(format!("{:?}", phone()), "phone …456");
    for wrong in [
        "",
        "+",
        "123456",
        "0294412345",
        "54929441234567890",
        "54 9 ABC",
        "AR.1349",
    ] {
        assert!(Recipient::phone(wrong).is_err(), "{wrong}");
    }
    for wrong in [
        "",
        "AR.",
        "ar.1",
        "ARG.1",
        "5492944123456",
        "AR.1 2",
        &format!("AR.{}", "1".repeat(141)),
    ] {
        assert!(Recipient::user_id(wrong).is_err(), "{wrong}");
    }
    let stored = serde_json::to_value(phone()).unwrap();
    assert_eq!(stored, json!({"phone": "5492944123456"}));
    assert!(serde_json::from_value::<Recipient>(json!({"phone": "no"})).is_err());
}

#[test]
fn debug_output_shows_neither_texts_nor_links() {
    let link = Outgoing::cta_url("Seña de Ana", "Pagar", "https://mpago.la/secreto").unwrap();
    let shown = format!("{link:?}");
    assert!(
        !shown.contains("Ana") && !shown.contains("secreto"),
        "{shown}"
    );
}

#[test]
fn fitting_cuts_at_words_and_never_inside_a_character() {
    assert_eq!(fit("Cabaña Coihue", 20), "Cabaña Coihue");
    assert_eq!(
        fit("Cabaña Coihue con vista al lago", 20),
        "Cabaña Coihue con…"
    );
    assert_eq!(fit("Supercalifragilístico", 10), "Supercali…");
    assert_eq!(fit("abc 👨‍👩‍👧", 10), "abc…", "a family is one character");
    assert_eq!(fit("abcdefg 🇦🇷🇦🇷", 13), "abcdefg 🇦🇷…");
    assert_eq!(
        fit("abcdefge\u{301}", 8),
        "abcdefg…",
        "an accent stays on its letter"
    );
    assert_eq!(fit("a\0b\u{7}\nc", 10), "ab\nc");
    assert_eq!(
        (fit("abc", 0), fit("abc", 1)),
        (String::new(), "…".to_owned())
    );
}

/// Every text in a body, with the name of the field it is in.
fn texts(value: &Value, key: &str, out: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => out.push((key.to_owned(), text.clone())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, key, out)),
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, value)| texts(value, key, out)),
        _ => {}
    }
}

fn check_limits(message: &Outgoing) -> Result<(), TestCaseError> {
    let body = message.to_graph_body(&phone(), "outbox:1");
    let mut found = Vec::new();
    texts(&body, "", &mut found);
    for (key, text) in found {
        let max = match key.as_str() {
            "title" => 24,
            "description" => 72,
            "button" | "display_text" => 20,
            "id" => 256,
            "caption" => 1024,
            _ => 4096,
        };
        prop_assert!(
            units(&text) <= max && !text.trim().is_empty(),
            "{key}: {text:?}"
        );
    }
    for button in body
        .pointer("/interactive/action/buttons")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        prop_assert!(units(button["reply"]["title"].as_str().unwrap_or_default()) <= 20);
    }
    let rows: usize = body
        .pointer("/interactive/action/sections")
        .and_then(Value::as_array)
        .map_or(0, |sections| {
            sections
                .iter()
                .map(|s| s["rows"].as_array().map_or(0, Vec::len))
                .sum()
        });
    prop_assert!(rows <= 10);
    Ok(())
}

proptest! {
    #[test]
    fn whatever_can_be_built_is_within_the_limits_and_survives_the_outbox(
        body in ".{0,1100}",
        titles in proptest::collection::vec((".{0,30}", ".{0,260}", proptest::option::of(".{0,90}")), 0..13),
    ) {
        let buttons = titles.iter().map(|(title, id, _)| (id.clone(), title.clone()));
        let rows: Result<Vec<Row>, _> = titles
            .iter()
            .map(|(title, id, description)| {
                let row = Row::new(id.clone(), title.clone())?;
                match description { Some(text) => row.with_description(text.clone()), None => Ok(row) }
            })
            .collect();
        let candidates = [
            Outgoing::text(body.clone()),
            Outgoing::buttons(body.clone(), buttons),
            rows.and_then(|rows| Outgoing::list(body.clone(), "Ver", vec![Section::untitled(rows)])),
            Outgoing::cta_url(body.clone(), "Pagar", "https://mpago.la/1"),
            Outgoing::image("https://posta.example/1.jpg", Some(body)),
        ];
        for message in candidates.into_iter().flatten() {
            check_limits(&message)?;
            let stored = serde_json::to_value(&message).unwrap();
            prop_assert_eq!(serde_json::from_value::<Outgoing>(stored).unwrap(), message);
        }
    }

    #[test]
    fn what_is_fitted_fits_and_a_fitted_list_can_be_built(
        texts in proptest::collection::vec("\\PC{1,200}", 1..10), max in 0_usize..100
    ) {
        for text in &texts {
            prop_assert!(units(&fit(text, max)) <= max);
        }
        let rows: Vec<Row> = texts
            .iter()
            .enumerate()
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(i, text)| Row::new(i.to_string(), fit(text, 24)).unwrap().with_description(fit(text, 72)).unwrap())
            .collect();
        if !rows.is_empty() {
            prop_assert!(Outgoing::list("b", "Ver", vec![Section::untitled(rows)]).is_ok());
        }
    }

    #[test]
    fn a_text_that_fits_is_left_alone(text in "[a-zñáé ,.🏔️]{0,80}") {
        prop_assert_eq!(fit(&text, 4096), text.trim());
    }
}
