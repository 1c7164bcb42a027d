//! A Graph API that answers as it is told and remembers what it was sent.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{Json, Router, body::Body, extract::State, http::HeaderMap, response::Response};
use serde_json::{Value, json};
use url::Url;

/// One message as it was received.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) authorization: String,
    pub(crate) body: Value,
}

/// What to answer.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// A status and a body.
    Error(u16, Value),
    /// Takes the message and breaks the connection off.
    Cut,
}

#[derive(Clone, Default)]
pub(crate) struct GraphApi {
    received: Arc<Mutex<Vec<Received>>>,
    /// For numbers (by a part of the path), what the next requests get; success when there is nothing.
    answers: Arc<Mutex<VecDeque<(String, Answer)>>>,
}

impl GraphApi {
    pub(crate) async fn start() -> (Self, Url) {
        let api = Self::default();
        let router = Router::new().fallback(answer).with_state(api.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/whatsapp", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (api, url)
    }

    pub(crate) fn next(&self, number: &str, answer: Answer) {
        self.answers
            .lock()
            .unwrap()
            .push_back((number.to_owned(), answer));
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

pub(crate) fn error(code: i64) -> Value {
    json!({ "error": { "message": "(#x) No", "type": "OAuthException", "code": code, "fbtrace_id": "A1",
                       "error_data": { "messaging_product": "whatsapp", "details": "No." } } })
}

async fn answer(
    State(api): State<GraphApi>,
    uri: axum::http::Uri,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let path = uri.path().to_owned();
    let count = {
        let mut received = api.received.lock().unwrap();
        let authorization = headers["authorization"].to_str().unwrap().to_owned();
        received.push(Received {
            path: path.clone(),
            authorization,
            body: body.clone(),
        });
        received.len()
    };
    let told = {
        let mut answers = api.answers.lock().unwrap();
        let at = answers
            .iter()
            .position(|(number, _)| path.contains(number.as_str()));
        at.and_then(|at| answers.remove(at))
    };
    let json = |status: u16, body: &Value| {
        let response = Response::builder()
            .status(status)
            .header("content-type", "application/json");
        response.body(Body::from(body.to_string())).unwrap()
    };
    match told {
        None => {
            let number = body["to"]
                .as_str()
                .unwrap_or_default()
                .trim_start_matches('+')
                .to_owned();
            let sent = json!({ "messaging_product": "whatsapp",
                "contacts": [{ "input": number, "wa_id": number }], "messages": [{ "id": format!("wamid.{count}") }] });
            json(200, &sent)
        }
        Some((_, Answer::Error(status, body))) => json(status, &body),
        Some((_, Answer::Cut)) => {
            // A body that breaks off: the client has an answer's head and never its end.
            let broken = futures_util::stream::once(std::future::ready(Err::<&str, _>(
                std::io::Error::other("cut"),
            )));
            Response::builder()
                .status(200)
                .header("content-length", "200")
                .body(Body::from_stream(broken))
                .unwrap()
        }
    }
}
