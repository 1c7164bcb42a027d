//! Every operation × everybody. The operations are those of the served document: one that is missing from the table
//! fails, and so does one too many.

mod crossing;
mod owners;
mod table;
mod world;

use std::collections::BTreeSet;

use reqwest::{Method, RequestBuilder, StatusCode, header::COOKIE};
use serde_json::json;

use crate::{
    app::{Answer, send},
    people::login,
};
use table::{Need, Row, rows};
use world::{World, world};

/// Ready to be sent, by nobody.
fn request(world: &World, row: &Row) -> RequestBuilder {
    request_to(world, row, &row.path)
}

fn request_to(world: &World, row: &Row, path: &str) -> RequestBuilder {
    let key = uuid::Uuid::now_v7().to_string();
    let request = world
        .app
        .request(row.method.clone(), path)
        .header("Idempotency-Key", key);
    match &row.body {
        Some(body) => request.json(body),
        None => request,
    }
}

async fn as_bearer(world: &World, row: &Row, token: &str) -> Answer {
    send(request(world, row).bearer_auth(token)).await
}

const fn role_needed(need: Need) -> Option<u8> {
    match need {
        Need::Nothing | Need::Password | Need::Link => None,
        Need::Readonly => Some(0),
        Need::Staff => Some(1),
        Need::Owner | Need::OwnerInPerson => Some(2),
    }
}

#[tokio::test]
async fn the_table_has_every_operation_that_is_served() {
    let world = world().await;
    let document = world.app.get("/openapi.json").await.body;
    let mut served = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        for method in item.as_object().unwrap().keys() {
            served.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let listed: Vec<String> = rows(&world).iter().map(Row::name).collect();
    let once: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(listed.len(), once.len(), "twice in the table");
    let missing: Vec<_> = served.difference(&once).collect();
    let gone: Vec<_> = once.difference(&served).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "not in the table: {missing:?}; not served: {gone:?}"
    );
}

#[tokio::test]
async fn who_may_not_is_refused_and_nothing_changes() {
    let world = world().await;
    let session = login(&world.app, &world.owner).await;
    let before = world.state().await;
    let roles = [&world.readonly, &world.staff, &world.owner];
    let mut refusals = 0;
    for row in rows(&world) {
        let name = row.name();
        let Some(needed) = role_needed(row.need) else {
            continue;
        };
        let mut refused =
            async |who: &str, request: RequestBuilder, status: StatusCode, code: &str| {
                let answer = send(request).await;
                assert_eq!(
                    (answer.status, &answer.body["code"]),
                    (status, &json!(code)),
                    "{name} by {who}: {}",
                    answer.text
                );
                refusals += 1;
            };
        let nobody = StatusCode::UNAUTHORIZED;
        refused("nobody", request(&world, &row), nobody, "unauthorized").await;
        let guest = format!("posta_{}", world.link);
        for (who, token) in [
            ("a revoked token", world.revoked.as_str()),
            ("an expired token", &world.expired),
            ("a guest's link", &world.link),
            ("a guest's link, dressed up", &guest),
            (
                "a token nobody made",
                "posta_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            ),
        ] {
            refused(
                who,
                request(&world, &row).bearer_auth(token),
                nobody,
                "unauthorized",
            )
            .await;
        }
        let stale = request(&world, &row).header(COOKIE, "posta_session=AAAA");
        refused("a session nobody opened", stale, nobody, "unauthorized").await;
        for (role, person) in (0_u8..).zip(roles) {
            if role < needed {
                let request = request(&world, &row).bearer_auth(&person.token);
                refused(
                    "too small a role",
                    request,
                    StatusCode::FORBIDDEN,
                    "forbidden",
                )
                .await;
            }
        }
        if row.need == Need::OwnerInPerson {
            let request = request(&world, &row).bearer_auth(&world.owner.token);
            refused(
                "the owner's machine",
                request,
                StatusCode::FORBIDDEN,
                "forbidden",
            )
            .await;
        }
        if row.method != Method::GET {
            for csrf in [
                None,
                Some(""),
                Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            ] {
                let mut request = request(&world, &row).header(COOKIE, &session.cookie);
                if let Some(csrf) = csrf {
                    request = request.header("X-CSRF-Token", csrf);
                }
                refused("another site", request, StatusCode::FORBIDDEN, "csrf").await;
            }
        }
    }
    assert!(refusals > 300, "{refusals}");
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn links_that_are_wrong_over_or_revoked_are_one_and_the_same_404_and_change_nothing() {
    let world = world().await;
    let over = &world.other_link;
    sqlx::query("UPDATE guest_links SET expires_at = now() WHERE reservation_id = $1::uuid")
        .bind(&world.things.other_booking)
        .execute(world.app.database.pool())
        .await
        .unwrap();
    let shut = world.app.held(70, 2).await;
    let path = format!("/owner/reservations/{}/links", shut["id"].as_str().unwrap());
    let shutting = world
        .app
        .request(Method::DELETE, &path)
        .bearer_auth(&world.staff.token);
    assert_eq!(send(shutting).await.status, StatusCode::NO_CONTENT);
    let shut = shut["guest_link"]["token"].as_str().unwrap();
    let (last, head) = world.link.split_at(world.link.len() - 2);
    let bent = format!("{last}{}", if head == "AA" { "BB" } else { "AA" });
    let before = world.state().await;
    let mut told = BTreeSet::new();
    for row in rows(&world).iter().filter(|row| row.need == Need::Link) {
        for token in [shut, over, &bent, &world.things.booking] {
            let path = row.path.replace(&world.link, token);
            // Even the owner has to use her own way.
            for who in [None, Some(&world.owner)] {
                let mut request = request_to(&world, row, &path);
                if let Some(person) = who {
                    request = request.bearer_auth(&person.token);
                }
                let answer = send(request).await;
                assert!(
                    matches!(
                        answer.status,
                        StatusCode::NOT_FOUND | StatusCode::TOO_MANY_REQUESTS
                    ),
                    "{}: {}",
                    row.name(),
                    answer.text
                );
                if answer.status == StatusCode::NOT_FOUND {
                    let mut body = answer.body.clone();
                    body["instance"].take();
                    told.insert(body.to_string());
                }
            }
        }
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn looking_at_a_link_changes_nothing_and_shows_one_booking_alone() {
    let world = world().await;
    let before = world.state().await;
    for row in rows(&world)
        .iter()
        .filter(|row| row.need == Need::Link && row.method == Method::GET)
    {
        for _ in 0..2 {
            let answer = send(request(&world, row)).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            assert_eq!(answer.headers["cache-control"], "no-store");
            assert_eq!(answer.headers["referrer-policy"], "no-referrer");
            assert!(!answer.text.contains(&world.things.other_booking));
            let head = world
                .app
                .request(Method::HEAD, &row.path)
                .send()
                .await
                .unwrap();
            assert_eq!(head.status(), StatusCode::OK);
        }
        let path = row.path.replace(&world.link, &world.other_link);
        let other = send(request_to(&world, row, &path)).await;
        assert_eq!(other.status, StatusCode::OK);
        assert!(!other.text.contains(&world.things.code), "{}", other.text);
    }
    // What changes something is not done by looking.
    for row in rows(&world)
        .iter()
        .filter(|row| row.need == Need::Link && row.method != Method::GET)
    {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let status = world
                .app
                .request(method, &row.path)
                .send()
                .await
                .unwrap()
                .status();
            assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{}", row.name());
        }
    }
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn another_owner_finds_nothing_and_changes_nothing_of_ours() {
    let world = world().await;
    let before = world.state().await;
    for row in rows(&world)
        .iter()
        .filter(|row| role_needed(row.need).is_some())
    {
        if row.names_nothing && row.method != Method::GET {
            continue;
        }
        let answer = as_bearer(&world, row, &world.stranger.token).await;
        if row.names_nothing {
            assert_eq!(
                answer.status,
                StatusCode::OK,
                "{}: {}",
                row.name(),
                answer.text
            );
        } else {
            assert_eq!(
                answer.status,
                StatusCode::NOT_FOUND,
                "{}: {}",
                row.name(),
                answer.text
            );
        }
        let ours = [
            world.app.here.property.to_string(),
            world.app.here.house.to_string(),
            world.things.booking.clone(),
            world.things.code.clone(),
            world.things.block.clone(),
            world.things.refund.clone(),
            world.things.payment.clone(),
            world.things.request.clone(),
            world.things.attention.clone(),
            world.things.chat.clone(),
            world.things.guest.clone(),
            world.things.media.clone(),
            world.things.token.clone(),
            world.owner.user.to_string(),
        ];
        for id in ours {
            assert!(!answer.text.contains(&id), "{} shows {id}", row.name());
        }
    }
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn who_may_is_let_through() {
    let world = world().await;
    let mut rows = rows(&world);
    // What takes things away comes last.
    rows.sort_by_key(|row| match row.method {
        Method::GET => 0,
        Method::DELETE => 2,
        _ => 1,
    });
    // The owner first: for her there is something left to find.
    let people = [(2, &world.owner), (1, &world.staff), (0, &world.readonly)];
    for row in &rows {
        let name = row.name();
        let passed = |answer: &Answer| {
            let status = answer.status;
            assert!(
                status != StatusCode::UNAUTHORIZED
                    && status != StatusCode::FORBIDDEN
                    && !status.is_server_error(),
                "{name}: {}",
                answer.text
            );
        };
        match row.need {
            Need::Nothing | Need::Link => {
                let answer = send(request(&world, row)).await;
                passed(&answer);
                assert_ne!(
                    answer.status,
                    StatusCode::NOT_FOUND,
                    "{name}: {}",
                    answer.text
                );
            }
            Need::Password => {
                let answer = send(request(&world, row)).await;
                assert_eq!(answer.body["code"], "wrong_login");
            }
            Need::OwnerInPerson => {
                let session = login(&world.app, &world.owner).await;
                let request = request(&world, row)
                    .header(COOKIE, &session.cookie)
                    .header("X-CSRF-Token", &session.csrf);
                passed(&send(request).await);
            }
            Need::Readonly | Need::Staff | Need::Owner => {
                let needed = role_needed(row.need).unwrap();
                for (role, person) in people.into_iter().filter(|(role, _)| *role >= needed) {
                    let answer = as_bearer(&world, row, &person.token).await;
                    passed(&answer);
                    let gone = answer.status == StatusCode::NOT_FOUND;
                    assert!(role < 2 || !gone, "{name}: {}", answer.text);
                }
            }
        }
    }
}
