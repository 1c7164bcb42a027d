//! Users, sessions, tokens, links and the slowing down of guesses.
#![expect(
    clippy::unwrap_used,
    reason = "tests stop at the first thing that is not as it must be"
)]

use std::time::Duration;

use chrono::TimeDelta;
use posta_store::{
    access::{
        Role, SecretHash,
        failures::{self, Attempt, Subject},
        sessions,
        tokens::{self, NewToken},
        users::{self, Email, NewUser, User, UserEdit, UserError},
    },
    audit::{self, By},
    ids::TenantId,
    testing::{Database, database},
};
use secrecy::SecretString;
use uuid::Uuid;

async fn tenant(database: &Database) -> By {
    let tenant = TenantId::fresh();
    sqlx::query("INSERT INTO tenants (id, name) VALUES ($1, 'Lago')")
        .bind(tenant.uuid())
        .execute(database.pool())
        .await
        .unwrap();
    By {
        tenant,
        actor: "cli".to_owned(),
        request_id: None,
    }
}

async fn user(database: &Database, by: &By, email: &str, role: Role) -> User {
    let new = NewUser {
        email: Email::parse(email).unwrap(),
        name: "Ana".to_owned(),
        role,
        password_hash: SecretString::from("$argon2id$"),
    };
    users::add(database.store(), by, &new).await.unwrap();
    let mut conn = database.store().acquire().await.unwrap();
    let (user, _) = users::credentials(&mut conn, &new.email)
        .await
        .unwrap()
        .unwrap();
    user
}

fn hash(of: u8) -> SecretHash {
    SecretHash([of; 32])
}

async fn session(database: &Database, by: &By, user: &User, token: u8, lifetime: TimeDelta) {
    sessions::open(database.store(), by, user, hash(token), hash(99), lifetime)
        .await
        .unwrap();
}

async fn alive(database: &Database, token: u8) -> Option<Role> {
    let mut conn = database.store().acquire().await.unwrap();
    let session = sessions::find(&mut conn, hash(token)).await.unwrap();
    session.map(|session| session.user.role)
}

#[tokio::test]
async fn an_address_logs_one_person_in_whatever_the_tenant() {
    let database = database().await;
    let (ours, theirs) = (tenant(&database).await, tenant(&database).await);
    user(&database, &ours, "ana@example.com", Role::Owner).await;
    let again = NewUser {
        email: Email::parse("ANA@example.com").unwrap(),
        name: "Otra".to_owned(),
        role: Role::Owner,
        password_hash: SecretString::from("$argon2id$"),
    };
    let refused = users::add(database.store(), &theirs, &again).await;
    assert!(matches!(refused, Err(UserError::EmailTaken)));
    let mut conn = database.store().acquire().await.unwrap();
    assert!(
        users::list(&mut conn, theirs.tenant)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(users::list(&mut conn, ours.tenant).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_session_ends_by_time_by_logout_by_a_new_password_and_when_its_user_is_switched_off() {
    let database = database().await;
    let by = tenant(&database).await;
    let ana = user(&database, &by, "ana@example.com", Role::Staff).await;
    let hours = TimeDelta::hours(12);
    session(&database, &by, &ana, 1, hours).await;
    session(&database, &by, &ana, 2, TimeDelta::seconds(-1)).await;
    assert_eq!(alive(&database, 1).await, Some(Role::Staff));
    assert_eq!(alive(&database, 2).await, None);
    assert!(
        sessions::close(database.store(), &by, hash(1))
            .await
            .unwrap()
    );
    assert!(
        !sessions::close(database.store(), &by, hash(1))
            .await
            .unwrap()
    );
    assert_eq!(alive(&database, 1).await, None);

    session(&database, &by, &ana, 3, hours).await;
    let edit = |edit: UserEdit| {
        let (by, store) = (by.clone(), database.store().clone());
        async move { users::edit(&store, &by, ana.id, &edit).await.unwrap() }
    };
    edit(UserEdit {
        password_hash: Some(SecretString::from("$argon2id$new")),
        ..UserEdit::default()
    })
    .await;
    assert_eq!(alive(&database, 3).await, None);

    session(&database, &by, &ana, 4, hours).await;
    edit(UserEdit {
        active: Some(false),
        ..UserEdit::default()
    })
    .await;
    assert_eq!(alive(&database, 4).await, None);

    session(&database, &by, &ana, 5, TimeDelta::seconds(-1)).await;
    let mut conn = database.store().acquire().await.unwrap();
    assert_eq!(sessions::forget_ended(&mut conn, 100).await.unwrap(), 1);
}

#[tokio::test]
async fn a_token_does_no_more_than_its_user_may_at_the_moment() {
    let database = database().await;
    let by = tenant(&database).await;
    let ana = user(&database, &by, "ana@example.com", Role::Owner).await;
    let new = |name: &str, of: u8, role, lifetime| NewToken {
        user: ana.id,
        name: name.to_owned(),
        role,
        hash: hash(of),
        lifetime,
    };
    let store = database.store();
    let owner = tokens::make(store, &by, &new("todo", 1, Role::Owner, None))
        .await
        .unwrap();
    tokens::make(store, &by, &new("mirar", 2, Role::Readonly, None))
        .await
        .unwrap();
    let over = Some(TimeDelta::seconds(-1));
    tokens::make(store, &by, &new("vencido", 3, Role::Owner, over))
        .await
        .unwrap();
    let role_of = async |of| {
        let mut conn = store.acquire().await.unwrap();
        let token = tokens::find(&mut conn, hash(of)).await.unwrap();
        token.map(|token| token.role)
    };
    assert_eq!(role_of(1).await, Some(Role::Owner));
    assert_eq!(role_of(2).await, Some(Role::Readonly));
    assert_eq!(role_of(3).await, None);

    let demote = UserEdit {
        role: Some(Role::Staff),
        ..UserEdit::default()
    };
    users::edit(store, &by, ana.id, &demote).await.unwrap();
    assert_eq!(role_of(1).await, Some(Role::Staff));
    assert_eq!(role_of(2).await, Some(Role::Readonly));

    // Another tenant finds nothing to revoke.
    let theirs = tenant(&database).await;
    assert!(!tokens::revoke(store, &theirs, owner.id).await.unwrap());
    assert_eq!(role_of(1).await, Some(Role::Staff));
    assert!(tokens::revoke(store, &by, owner.id).await.unwrap());
    assert!(tokens::revoke(store, &by, owner.id).await.unwrap());
    assert_eq!(role_of(1).await, None);

    let mut conn = store.acquire().await.unwrap();
    let steps = audit::history(&mut conn, by.tenant, &format!("token:{}", owner.id))
        .await
        .unwrap();
    let actions: Vec<_> = steps.iter().map(|step| step.action.as_str()).collect();
    assert_eq!(actions, ["token_made", "token_revoked"]);
    let theirs = audit::history(&mut conn, theirs.tenant, &format!("token:{}", owner.id))
        .await
        .unwrap();
    assert!(theirs.is_empty());
}

fn subject(name: &str) -> Subject {
    Subject {
        name: name.to_owned(),
        free: 5,
        longest: Duration::from_mins(15),
    }
}

async fn sql(database: &Database, sql: &'static str) {
    sqlx::query(sql).execute(database.pool()).await.unwrap();
}

async fn attempt(database: &Database, subject: &Subject) -> Attempt {
    failures::attempt(database.store(), std::slice::from_ref(subject))
        .await
        .unwrap()
}

#[tokio::test]
async fn waits_double_from_a_second_to_a_quarter_of_an_hour() {
    let database = database().await;
    let address = subject("address:198.51.100.7");
    let mut waits = Vec::new();
    for _ in 0..18 {
        assert_eq!(attempt(&database, &address).await, Attempt::Allowed);
        let wait: f64 = sqlx::query_scalar(
            "SELECT coalesce(extract(epoch FROM blocked_until - last_at), 0)::float8 FROM login_failures",
        )
        .fetch_one(database.pool())
        .await
        .unwrap();
        waits.push(wait.round().to_string());
        // As if the wait were over.
        sql(
            &database,
            "UPDATE login_failures SET blocked_until = clock_timestamp()",
        )
        .await;
    }
    assert_eq!(
        waits.join(" "),
        "0 0 0 0 0 1 2 4 8 16 32 64 128 256 512 900 900 900"
    );
}

#[tokio::test]
async fn an_attempt_that_comes_too_early_counts_for_nothing() {
    let database = database().await;
    let address = subject("address:198.51.100.7");
    sql(
        &database,
        "INSERT INTO login_failures (subject, failures, blocked_until)
         VALUES ('address:198.51.100.7', 14, clock_timestamp() + interval '512 s')",
    )
    .await;
    for _ in 0..20 {
        let Attempt::Blocked { wait, .. } = attempt(&database, &address).await else {
            panic!("it must wait");
        };
        assert!((500..=512).contains(&wait.as_secs()), "{wait:?}");
    }
    let failures: i32 = sqlx::query_scalar("SELECT failures FROM login_failures")
        .fetch_one(database.pool())
        .await
        .unwrap();
    assert_eq!(failures, 14);
    // Others are not concerned.
    let other = subject("address:203.0.113.9");
    assert_eq!(attempt(&database, &other).await, Attempt::Allowed);
}

#[tokio::test]
async fn a_crowd_of_simultaneous_guesses_is_counted_one_by_one() {
    let database = database().await;
    sql(
        &database,
        "INSERT INTO login_failures (subject, failures) VALUES ('account:x', 14), ('address:y', 14)",
    )
    .await;
    let subjects = [subject("account:x"), subject("address:y")];
    let mut crowd = tokio::task::JoinSet::new();
    for n in 0..40 {
        let (store, mut subjects) = (database.store().clone(), subjects.clone());
        if n % 2 == 0 {
            subjects.reverse();
        }
        crowd.spawn(async move { failures::attempt(&store, &subjects).await.unwrap() });
    }
    let attempts = crowd.join_all().await;
    let allowed = attempts.iter().filter(|a| **a == Attempt::Allowed).count();
    assert_eq!(allowed, 1, "the first begins the wait for all others");
}

#[tokio::test]
async fn a_right_password_takes_its_count_back_and_no_more_of_a_shared_address() {
    let database = database().await;
    let subjects = [subject("account:x"), subject("address:y")];
    let store = database.store();
    for _ in 0..4 {
        failures::attempt(store, &subjects).await.unwrap();
    }
    failures::succeeded(store, &["account:x"], &["address:y"])
        .await
        .unwrap();
    let left: Vec<(String, i32)> =
        sqlx::query_as("SELECT subject, failures FROM login_failures ORDER BY subject")
            .fetch_all(database.pool())
            .await
            .unwrap();
    assert_eq!(left, [("address:y".to_owned(), 3)]);
    let mut conn = store.acquire().await.unwrap();
    assert_eq!(failures::forget_old(&mut conn, 100).await.unwrap(), 0);
    sqlx::query("UPDATE login_failures SET last_at = now() - interval '25 hours', failures = 1000")
        .execute(database.pool())
        .await
        .unwrap();
    // After a day it begins afresh, swept or not.
    assert_eq!(
        failures::attempt(store, &subjects).await.unwrap(),
        Attempt::Allowed
    );
    assert_eq!(
        failures::attempt(store, &subjects).await.unwrap(),
        Attempt::Allowed
    );
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let database = database().await;
    let mut conn = database.store().acquire().await.unwrap();
    let link = posta_store::access::links::find(&mut conn, Uuid::now_v7().into())
        .await
        .unwrap();
    assert!(link.is_none());
    assert!(tokens::find(&mut conn, hash(7)).await.unwrap().is_none());
    assert!(sessions::find(&mut conn, hash(7)).await.unwrap().is_none());
}
