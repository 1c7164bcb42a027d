//! People who log in, and machines with their tokens.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use posta_runtime::passwords;
use posta_store::{
    access::{
        Role, SecretHash,
        tokens::{self, NewToken},
        users::{self, Email, NewUser},
    },
    audit::By,
};
use rand::Rng as _;
use reqwest::{Method, StatusCode, header::SET_COOKIE};
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    app::{Answer, TestApp, send},
    seed::Seed,
};

/// Everybody's.
pub(crate) const PASSWORD: &str = "caballo correcto";
/// Made once: it is meant to take long.
static HASH: LazyLock<SecretString> =
    LazyLock::new(|| passwords::hash(&PASSWORD.into()).expect("a hash"));

/// Somebody, with a token of her role.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) user: Uuid,
    pub(crate) email: String,
    pub(crate) token: String,
    pub(crate) tenant: Uuid,
}

/// What a browser keeps.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// As it is sent: `posta_session=…`.
    pub(crate) cookie: String,
    /// As it is sent: `posta_device=…`.
    pub(crate) device: String,
    /// For the header.
    pub(crate) csrf: String,
}

pub(crate) fn by(seed: &Seed) -> By {
    By {
        tenant: seed.tenant.into(),
        actor: "cli".to_owned(),
        request_id: None,
    }
}

/// Makes one, who may work.
pub(crate) async fn person(app: &TestApp, seed: &Seed, role: Role) -> Person {
    let email = format!("{role}-{}@example.com", Uuid::now_v7().simple());
    let new = NewUser {
        email: Email::parse(&email).expect("an address"),
        name: "Ana Peña".to_owned(),
        role,
        password_hash: HASH.clone(),
    };
    let store = app.database.store();
    let user = users::add(store, &by(seed), &new).await.expect("a user");
    let person = Person {
        user: user.uuid(),
        email,
        token: String::new(),
        tenant: seed.tenant,
    };
    let token = token(app, &person, role, None).await;
    Person { token, ..person }
}

/// Another token of hers.
pub(crate) async fn token(
    app: &TestApp,
    person: &Person,
    role: Role,
    lifetime: Option<TimeDelta>,
) -> String {
    let secret: [u8; 32] = rand::rng().random();
    let new = NewToken {
        user: person.user.into(),
        name: "prueba".to_owned(),
        role,
        hash: SecretHash(Sha256::digest(secret).into()),
        lifetime,
    };
    let by = By {
        tenant: person.tenant.into(),
        actor: "cli".to_owned(),
        request_id: None,
    };
    tokens::make(app.database.store(), &by, &new)
        .await
        .expect("a token");
    format!("posta_{}", URL_SAFE_NO_PAD.encode(secret))
}

/// An attempt to log in.
pub(crate) fn credentials(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

/// Logs her in.
pub(crate) async fn login(app: &TestApp, person: &Person) -> Session {
    let request = app.request(Method::POST, "/login");
    let answer = send(request.json(&credentials(&person.email, PASSWORD))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    session(&answer)
}

/// What a login's answer set.
pub(crate) fn session(answer: &Answer) -> Session {
    let cookie = |name: &str| {
        answer
            .headers
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok()?.split(';').next())
            .find(|pair| pair.starts_with(name))
            .expect("a cookie")
            .to_owned()
    };
    Session {
        cookie: cookie("posta_session="),
        device: cookie("posta_device="),
        csrf: answer.body["csrf_token"]
            .as_str()
            .expect("a token")
            .to_owned(),
    }
}
