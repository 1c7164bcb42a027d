//! `/api/v1/openapi.json`: complete, and true to form.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use serde_json::{Map, Value};

use crate::app::app;

async fn document() -> Value {
    let answer = app().await.get("/openapi.json").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "application/json");
    answer.body
}

fn operations(document: &Value) -> Vec<(String, &Map<String, Value>)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            let item = item.as_object().expect("operations");
            item.iter().map(move |(method, operation)| {
                let operation = operation.as_object().expect("an operation");
                (format!("{method} {path}"), operation)
            })
        })
        .collect()
}

#[tokio::test]
async fn every_operation_has_an_id_of_its_own_a_tag_a_summary_and_its_answers() {
    let document = document().await;
    let mut ids = BTreeSet::new();
    let known: BTreeSet<_> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].clone().to_string())
        .collect();
    for (name, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect(&name);
        assert!(ids.insert(id.to_owned()), "{name}: {id} is used twice");
        let tags = operation["tags"].as_array().expect(&name);
        assert!(
            tags.len() == 1 && known.contains(&tags[0].to_string()),
            "{name}: {tags:?}"
        );
        let summary = operation.get("summary").and_then(Value::as_str);
        assert!(
            summary.is_some_and(|summary| !summary.is_empty()),
            "{name} has no summary"
        );
        let responses = operation["responses"].as_object().expect(&name);
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{name} never succeeds"
        );
        for status in ["400", "429", "503"] {
            assert!(
                responses.contains_key(status),
                "{name} does not say {status}"
            );
        }
        for (status, response) in responses {
            let described = response["description"].as_str();
            assert!(
                described.is_some_and(|text| !text.is_empty()),
                "{name}: {status} says nothing"
            );
            if status.starts_with(['4', '5']) {
                let kinds: Vec<_> = response["content"]
                    .as_object()
                    .expect(&name)
                    .keys()
                    .collect();
                assert_eq!(kinds, ["application/problem+json"], "{name}: {status}");
            }
        }
    }
    assert!(ids.len() >= 12);
}

#[tokio::test]
async fn what_needs_a_login_says_so_and_nothing_else_does() {
    for (name, operation) in operations(&document().await) {
        let path = name.split_once("/api/v1").expect("under its base").1;
        let login = ["/owner", "/me", "/tokens", "/logout"]
            .iter()
            .any(|prefix| path.starts_with(prefix));
        assert_eq!(operation.contains_key("security"), login, "{name}");
        let responses = operation["responses"].as_object().expect("answers");
        assert!(
            !login || responses.contains_key("401") && responses.contains_key("403"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_every_parameter_of_a_path_is_described() {
    let document = document().await;
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("within the document");
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
    for (name, operation) in operations(&document) {
        let described: BTreeSet<_> = operation
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().expect("a name").to_owned())
            .collect();
        let named: BTreeSet<_> = name
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name.to_owned())
            .collect();
        assert_eq!(described, named, "{name}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                references.push(reference.clone());
            }
            map.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}
