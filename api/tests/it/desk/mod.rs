//! What the owner and her staff do, over HTTP.

mod bookings;
mod chats;
mod configuration;
mod contacts;
mod matters;
mod money;
mod prices;
mod provider;

use posta_store::access::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    app::{Answer, TestApp, app, send},
    people::person,
};

/// Somebody at the desk.
pub(crate) struct Desk {
    pub(crate) app: TestApp,
    token: String,
}

/// The owner of the first property.
pub(crate) async fn owner() -> Desk {
    let app = app().await;
    let token = person(&app, &app.here, Role::Owner).await.token;
    Desk { app, token }
}

impl Desk {
    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.app.request(method, path).bearer_auth(&self.token);
        let request = request.header("Idempotency-Key", Uuid::now_v7().to_string());
        send(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    /// GET, which must work.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.body
    }

    /// Any method.
    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.ask(method, path, Some(body)).await
    }

    /// A method without a body.
    pub(crate) async fn bare(&self, method: Method, path: &str) -> Answer {
        self.ask(method, path, None).await
    }

    /// POST, which must work.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.send(Method::POST, path, body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        answer.body
    }

    /// POST, which must be refused: the status and the code.
    pub(crate) async fn refused(&self, path: &str, body: &Value) -> (u16, String) {
        let answer = self.send(Method::POST, path, body).await;
        let code = answer.body["code"].as_str();
        (answer.status.as_u16(), code.unwrap_or_default().to_owned())
    }

    /// With a key of the caller's.
    pub(crate) async fn post_with_key(&self, path: &str, body: &Value, key: &str) -> Answer {
        let request = self
            .app
            .request(Method::POST, path)
            .bearer_auth(&self.token);
        send(request.header("Idempotency-Key", key).json(body)).await
    }

    /// A price for two in a cabin of the first type.
    pub(crate) async fn quote(&self, ahead: u64, nights: u64) -> Value {
        let stay = self.app.stay(ahead, nights);
        let body = json!({ "property": self.app.here.property, "stays": [stay] });
        self.post("/owner/quotes", &body).await
    }

    /// A booking made by hand: the desk's view of it.
    pub(crate) async fn booking(&self, ahead: u64, nights: u64, confirm: bool) -> Value {
        let quote = self.quote(ahead, nights).await;
        let body = json!({ "quote": quote["id"], "guest": { "name": "Ana Peña" }, "source": "phone",
                           "method": "transfer", "confirm": confirm });
        self.post("/owner/reservations", &body).await["reservation"].clone()
    }

    /// The booking as it is now.
    pub(crate) async fn read(&self, booking: &Value) -> Value {
        self.get(&path(booking, "")).await
    }

    /// How many cabins of the first type a guest is offered for these nights.
    pub(crate) async fn free(&self, ahead: u64, nights: u64) -> usize {
        let (from, until) = (self.app.day(ahead), self.app.day(ahead + nights));
        let property = self.app.here.property;
        let path =
            format!("/availability?property={property}&check_in={from}&check_out={until}&adults=2");
        let answer = self.app.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let kind = json!(self.app.here.cabin_type);
        let offers = answer.body["offers"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let offer = offers.iter().find(|offer| offer["unit_type"] == kind);
        offer.map_or(0, |offer| offer["free"].as_array().map_or(0, Vec::len))
    }
}

/// Of a booking, after `/api/v1`.
pub(crate) fn path(booking: &Value, rest: &str) -> String {
    let id = booking["id"].as_str().expect("an id");
    format!("/owner/reservations/{id}{rest}")
}
