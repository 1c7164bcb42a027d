//! `POST /login`, `POST /logout`, `GET /me`.

use std::time::Duration;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use posta_domain::ids::UserId;
use posta_store::{
    access::{
        failures::{self, Attempt},
        sessions,
        users::{self, Email, User},
    },
    audit::By,
};
use rand::Rng as _;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    ClientAddress, Means, Readonly, cookies,
    secret::Secret,
    throttle::{self, Account, Counters},
};
use crate::{
    extract::{Body, RequestId},
    problem::Problem,
    state::AppState,
};

/// A working day; fixed from the login, however busy the session is.
const LIFETIME: Duration = Duration::from_hours(12);
/// How long a device counts as known.
const DEVICE_LIFETIME: Duration = Duration::from_hours(24 * 180);
/// What the session's secret is turned into for the CSRF header.
const CSRF: &str = "posta csrf v1";

/// Who logs in.
#[derive(Deserialize, ToSchema)]
pub(super) struct Credentials {
    /// The e-mail address.
    #[schema(max_length = 320, example = "ana@example.com")]
    email: String,
    /// The password.
    #[schema(value_type = String, format = Password, max_length = 1024)]
    password: Password,
}

/// As it arrives: kept out of `Debug` and wiped from memory from here on.
struct Password(SecretString);

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

/// Somebody with a login.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    /// Who.
    user: Uuid,
    /// How she is called.
    name: String,
    /// How she logs in.
    email: String,
    /// What this login may: `readonly`, `staff` or `owner`. A token's may be less than its user's.
    #[schema(example = "owner")]
    role: &'static str,
    /// To be repeated in `X-CSRF-Token` by all but GET. Null with a token, which needs none.
    csrf_token: Option<String>,
    /// When the session ends. Null with a token.
    session_until: Option<DateTime<Utc>>,
}

/// Logs in with e-mail and password.
///
/// Sets the cookie of the session, and another that says that this device is known. Each wrong password makes the
/// next wait longer.
#[utoipa::path(
    post, path = "/login", tag = "access", operation_id = "login",
    request_body = Credentials,
    responses(
        (status = 200, description = "Logged in.", body = Me,
         headers(("Set-Cookie" = String, description = "The session, and the known device."))),
        (status = 401, description = "Nobody has this address and this password."),
    ),
)]
pub(super) async fn login(
    State(state): State<AppState>,
    from: ClientAddress,
    request: RequestId,
    headers: HeaderMap,
    Body(Credentials { email, password }): Body<Credentials>,
) -> Result<Response, Problem> {
    let account = Account::of(&email);
    let device = cookies::read(&headers, cookies::DEVICE)
        .and_then(|text| state.auth.devices.open(text, account.bytes()));
    let counters = Counters::new(&account, device, from);
    if let Attempt::Blocked { wait, .. } =
        failures::attempt(&state.store, &counters.subjects()).await?
    {
        let wait = throttle::seconds(wait).max(1);
        tracing::info!(
            retry_after_seconds = wait,
            "a login came too soon after wrong ones"
        );
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "login_slowed")
            .value("seconds", u32::try_from(wait).unwrap_or(u32::MAX))
            .retry_after(wait));
    }
    let user = checked(&state, &email, password.0).await?;
    failures::succeeded(&state.store, &counters.own(), &counters.shared()).await?;
    let (me, session) = open(&state, &user, request).await?;
    let device = device.unwrap_or_else(|| rand::rng().random());
    let device = state.auth.devices.sign(device, account.bytes());
    let mut response = Body(me).into_response();
    for (name, value, age) in [
        (cookies::SESSION, session, LIFETIME),
        (cookies::DEVICE, device, DEVICE_LIFETIME),
    ] {
        append(
            &mut response,
            cookies::set(name, &value, age, state.auth.secure),
        )?;
    }
    Ok(response)
}

/// The user, if this is her password and she may come in. Whoever it is not, takes as long and is told the same.
async fn checked(state: &AppState, email: &str, password: SecretString) -> Result<User, Problem> {
    let mut found = None;
    if let Ok(email) = Email::parse(email) {
        let mut conn = state.store.acquire().await?;
        found = users::credentials(&mut conn, &email).await?;
    }
    let (user, hash) = found.unzip();
    let right = state.auth.passwords.verify(password, hash).await;
    match user {
        Some(user) if right && user.active => Ok(user),
        _ => {
            tracing::info!("a login failed");
            Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong_login"))
        }
    }
}

async fn open(state: &AppState, user: &User, request: RequestId) -> Result<(Me, String), Problem> {
    let by = By {
        tenant: user.tenant,
        actor: format!("user:{}", user.id),
        request_id: request.text(),
    };
    let secret = Secret::random();
    let csrf = secret.derive(CSRF);
    let lifetime = TimeDelta::from_std(LIFETIME).unwrap_or(TimeDelta::MAX);
    let until = sessions::open(
        &state.store,
        &by,
        user,
        secret.hash(),
        csrf.hash(),
        lifetime,
    )
    .await?;
    let me = Me {
        user: user.id.uuid(),
        name: user.name.clone(),
        email: user.email.clone(),
        role: user.role.as_str(),
        csrf_token: Some(csrf.text()),
        session_until: Some(until),
    };
    Ok((me, secret.text()))
}

/// Ends the session. With a token there is none to end; the token stays as it is.
#[utoipa::path(
    post, path = "/logout", tag = "access", operation_id = "logout",
    responses((status = 204, description = "Logged out.",
               headers(("Set-Cookie" = String, description = "Takes the session away.")))),
)]
pub(super) async fn logout(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let (Means::Session { .. }, Some(secret)) = (principal.means, session(&headers)) {
        sessions::close(&state.store, &principal.by(), secret.hash()).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    let gone = cookies::set(cookies::SESSION, "", Duration::ZERO, state.auth.secure);
    append(&mut response, gone)?;
    Ok(response)
}

/// Who one is, and what one may.
#[utoipa::path(
    get, path = "/me", tag = "access", operation_id = "me",
    responses((status = 200, description = "Somebody with a login.", body = Me)),
)]
pub(super) async fn me(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Body<Me>, Problem> {
    let mut conn = state.store.acquire().await?;
    let user: UserId = principal.user;
    let user = users::by_id(&mut conn, principal.tenant, user)
        .await?
        .ok_or_else(Problem::unauthorized)?;
    let (csrf_token, session_until) = match principal.means {
        Means::Session { expires_at } => (
            session(&headers).map(|secret| secret.derive(CSRF).text()),
            Some(expires_at),
        ),
        Means::Token(_) => (None, None),
    };
    Ok(Body(Me {
        user: user.id.uuid(),
        name: user.name,
        email: user.email,
        role: principal.role.as_str(),
        csrf_token,
        session_until,
    }))
}

fn session(headers: &HeaderMap) -> Option<Secret> {
    cookies::read(headers, cookies::SESSION).and_then(Secret::parse)
}

fn append(response: &mut Response, cookie: Option<HeaderValue>) -> Result<(), Problem> {
    // Our own cookies are base64url: a header can always be made of them.
    let cookie = cookie.ok_or_else(Problem::internal)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}
