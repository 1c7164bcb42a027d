//! Logging in, sessions, tokens, and how guesses get slower.

use posta_store::access::{
    Role,
    users::{self, UserEdit},
};
use reqwest::{
    Method, RequestBuilder, StatusCode,
    header::{COOKIE, RETRY_AFTER, SET_COOKIE},
};
use serde_json::json;

use crate::{
    app::{Answer, TestApp, app, app_with, send},
    people::{PASSWORD, Person, Session, by, credentials, login, person, session},
};

fn with(request: RequestBuilder, session: &Session) -> RequestBuilder {
    request
        .header(COOKIE, &session.cookie)
        .header("X-CSRF-Token", &session.csrf)
}

async fn me(app: &TestApp, session: &Session) -> Answer {
    send(
        app.request(Method::GET, "/me")
            .header(COOKIE, &session.cookie),
    )
    .await
}

/// Through a proxy that says where it comes from.
async fn guess(app: &TestApp, email: &str, password: &str, from: &str, device: &str) -> Answer {
    let request = app
        .request(Method::POST, "/login")
        .header("X-Forwarded-For", from)
        .header(COOKIE, device);
    send(request.json(&credentials(email, password))).await
}

async fn behind_a_proxy() -> (TestApp, Person) {
    let app = app_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let ana = person(&app, &app.here, Role::Owner).await;
    (app, ana)
}

/// As if the waits were over.
async fn waits_over(app: &TestApp) {
    sqlx::query("UPDATE login_failures SET blocked_until = NULL")
        .execute(app.database.pool())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_session_is_kept_from_scripts_and_other_sites_and_ends_with_logout() {
    let app = app().await;
    let ana = person(&app, &app.here, Role::Staff).await;
    let answer = app
        .post("/login", &credentials(&ana.email.to_uppercase(), PASSWORD))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
    for cookie in answer.headers.get_all(SET_COOKIE) {
        let cookie = cookie.to_str().unwrap();
        for part in [
            "; HttpOnly",
            "; SameSite=Lax",
            "; Secure",
            "; Path=/",
            "; Max-Age=",
        ] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
    let session = session(&answer);
    let kept: Vec<Vec<u8>> = sqlx::query_scalar("SELECT token_hash FROM sessions")
        .fetch_all(app.database.pool())
        .await
        .unwrap();
    assert_eq!((kept.len(), kept[0].len()), (1, 32), "only a hash is kept");

    let seen = me(&app, &session).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert_eq!(seen.body["csrf_token"], session.csrf.as_str());
    assert_eq!(
        (&seen.body["role"], &seen.body["email"]),
        (&json!("staff"), &json!(ana.email))
    );

    let bare = app
        .request(Method::POST, "/logout")
        .header(COOKIE, &session.cookie);
    let refused = send(bare).await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (StatusCode::FORBIDDEN, &json!("csrf"))
    );
    assert_eq!(me(&app, &session).await.status, StatusCode::OK);

    let out = send(with(app.request(Method::POST, "/logout"), &session)).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(
        out.headers[SET_COOKIE]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(me(&app, &session).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_wrong_password_an_unknown_address_and_somebody_switched_off_are_told_the_same() {
    let app = app().await;
    let ana = person(&app, &app.here, Role::Owner).await;
    let eva = person(&app, &app.here, Role::Owner).await;
    let off = UserEdit {
        active: Some(false),
        ..UserEdit::default()
    };
    let store = app.database.store();
    users::edit(store, &by(&app.here), eva.user.into(), &off)
        .await
        .unwrap();
    let mut told = Vec::new();
    for (email, password) in [
        (ana.email.as_str(), "otra contraseña"),
        ("nadie@example.com", PASSWORD),
        (eva.email.as_str(), PASSWORD),
        ("no es un correo", PASSWORD),
        (ana.email.as_str(), ""),
    ] {
        let answer = app.post("/login", &credentials(email, password)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(!answer.headers.contains_key(SET_COOKIE));
        told.push((answer.body["code"].clone(), answer.body["detail"].clone()));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    // Her token rests too.
    let request = app.request(Method::GET, "/me").bearer_auth(&eva.token);
    assert_eq!(send(request).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn thirty_guesses_get_slower_and_the_owner_still_comes_in() {
    let (app, ana) = behind_a_proxy().await;
    let (villain, home) = ("198.51.100.7", "203.0.113.9");
    // She has logged in at home before.
    let known = session(&guess(&app, &ana.email, PASSWORD, home, "").await);

    let mut waits = Vec::new();
    for _ in 0..30 {
        let answer = guess(&app, &ana.email, "adivino", villain, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        // A minute more, so that the next one comes too early however slow this machine is.
        sqlx::query(
            "UPDATE login_failures SET blocked_until = blocked_until + interval '1 minute'",
        )
        .execute(app.database.pool())
        .await
        .unwrap();
        let wait: Option<i64> = sqlx::query_scalar(
            "SELECT round(max(extract(epoch FROM blocked_until - last_at)))::bigint - 60 FROM login_failures
              WHERE subject = 'address:198.51.100.7'",
        )
        .fetch_one(app.database.pool())
        .await
        .unwrap();
        waits.push(wait.unwrap_or(0));
        if wait.is_some() {
            let early = guess(&app, &ana.email, PASSWORD, villain, "").await;
            assert_eq!(
                early.status,
                StatusCode::TOO_MANY_REQUESTS,
                "even when it is right"
            );
            assert_eq!(early.body["code"], "login_slowed");
            let told: i64 = early.headers[RETRY_AFTER]
                .to_str()
                .unwrap()
                .parse()
                .unwrap();
            let wait = waits.last().unwrap() + 60;
            assert!(told > wait - 60 && told <= wait, "{told} of {wait}");
        }
        waits_over(&app).await;
    }
    assert_eq!(waits[..8], [0, 0, 0, 0, 0, 1, 2, 4]);
    assert_eq!(waits[29], 900);
    assert!(waits.is_sorted());

    // The address and the account wait again; her own device does not.
    let last = guess(&app, &ana.email, "adivino", villain, "").await;
    assert_eq!(last.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        guess(&app, &ana.email, PASSWORD, villain, "").await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    let elsewhere = guess(&app, &ana.email, PASSWORD, "192.0.2.1", "").await;
    assert_eq!(
        elsewhere.status,
        StatusCode::TOO_MANY_REQUESTS,
        "a new device waits with the account"
    );
    let wait: u64 = elsewhere.headers[RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(wait <= 60, "but a minute at most, not {wait} s");
    let hers = guess(&app, &ana.email, PASSWORD, villain, &known.device).await;
    assert_eq!(hers.status, StatusCode::OK, "{}", hers.text);

    // A device that is known for one account is not known for another.
    let eva = person(&app, &app.here, Role::Owner).await;
    let other = guess(&app, &eva.email, PASSWORD, villain, &known.device).await;
    assert_eq!(other.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        guess(&app, &eva.email, PASSWORD, home, "").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_known_device_that_guesses_gets_slower_too() {
    let (app, ana) = behind_a_proxy().await;
    let known = session(&guess(&app, &ana.email, PASSWORD, "203.0.113.9", "").await);
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let answer = guess(&app, &ana.email, "adivino", "203.0.113.9", &known.device).await;
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [StatusCode::UNAUTHORIZED; 6]);
    sqlx::query("UPDATE login_failures SET blocked_until = blocked_until + interval '1 minute'")
        .execute(app.database.pool())
        .await
        .unwrap();
    let slowed = guess(&app, &ana.email, PASSWORD, "203.0.113.9", &known.device).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn bad_links_from_one_address_get_slower_and_good_ones_do_not() {
    let app = app_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let ask = async |path: &str, from: &str| {
        send(
            app.request(Method::GET, path)
                .header("X-Forwarded-For", from),
        )
        .await
    };
    let mut statuses = Vec::new();
    for n in 0..12 {
        let token = "A".repeat(60 + n % 5);
        statuses.push(ask(&format!("/guest/{token}"), "198.51.100.7").await.status);
    }
    assert_eq!(statuses[..10], [StatusCode::NOT_FOUND; 10]);
    assert_eq!(statuses[11], StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        ask("/guest/x", "203.0.113.9").await.status,
        StatusCode::NOT_FOUND
    );
    let link = TestApp::link(&app.held(20, 2).await);
    assert_eq!(ask(&link, "198.51.100.7").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_is_shown_once_works_until_it_is_revoked_and_makes_no_others() {
    let app = app().await;
    let ana = person(&app, &app.here, Role::Owner).await;
    let session = login(&app, &ana).await;
    let wanted = json!({ "name": "planilla", "role": "readonly", "days": 30 });
    let request = app.request(Method::POST, "/tokens").json(&wanted);
    let made = send(with(request, &session)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let secret = made.body["secret"].as_str().unwrap().to_owned();
    let id = made.body["token"]["id"].as_str().unwrap().to_owned();

    let seen = send(app.request(Method::GET, "/me").bearer_auth(&secret)).await;
    assert_eq!(
        (seen.status, &seen.body["role"]),
        (StatusCode::OK, &json!("readonly"))
    );
    assert!(seen.body["csrf_token"].is_null());
    let list = send(app.request(Method::GET, "/tokens").bearer_auth(&ana.token)).await;
    assert_eq!(list.body.as_array().unwrap().len(), 2);
    assert!(!list.text.contains(&secret));

    let by_machine = app
        .request(Method::POST, "/tokens")
        .bearer_auth(&ana.token)
        .json(&wanted);
    assert_eq!(send(by_machine).await.status, StatusCode::FORBIDDEN);
    for wrong in [
        json!({ "name": " ", "role": "staff" }),
        json!({ "name": "x", "role": "staff", "days": 0 }),
        json!({ "name": "x", "role": "admin" }),
    ] {
        let request = app.request(Method::POST, "/tokens").json(&wrong);
        let refused = send(with(request, &session)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }

    let stranger = person(&app, &app.there, Role::Owner).await;
    let path = format!("/tokens/{id}");
    let theirs = app
        .request(Method::DELETE, &path)
        .bearer_auth(&stranger.token);
    assert_eq!(send(theirs).await.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        let ours = with(app.request(Method::DELETE, &path), &session);
        assert_eq!(send(ours).await.status, StatusCode::NO_CONTENT);
    }
    let seen = send(app.request(Method::GET, "/me").bearer_auth(&secret)).await;
    assert_eq!(seen.status, StatusCode::UNAUTHORIZED);
    // A wrong token is not made good by a session.
    let both = app
        .request(Method::GET, "/me")
        .bearer_auth(&secret)
        .header(COOKIE, &session.cookie);
    assert_eq!(send(both).await.status, StatusCode::UNAUTHORIZED);
}
