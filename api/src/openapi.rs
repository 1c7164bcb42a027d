//! The document at `/api/v1/openapi.json`: made from the handlers, then completed with what is true of all of them, so
//! that it names every answer there is.
//!
//! Handlers document what they answer when all is well and what is particular to them (a 409, say). Added here: the
//! problems that the layers and extractors answer (400, 404 for ids in the path, 413, 415 and 422 for bodies, 401 and
//! 403 where a login is needed, 429, 500, 503), the header `X-Request-Id`, and who may ask.

use anyhow::Context as _;
use axum::response::{IntoResponse, Response};
use http::header;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::{
    PartialSchema as _, ToSchema,
    openapi::{InfoBuilder, OpenApi, OpenApiBuilder, tag::TagBuilder},
};

use crate::problem::PROBLEM_JSON;

/// RFC 9457. Further members, by code, are for programs: `refusal` says what was refused and why, `alternatives` what
/// is free instead.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
struct ProblemBody {
    /// `urn:posta:problem:<code>`.
    #[schema(example = "urn:posta:problem:taken")]
    r#type: String,
    /// In few words; Spanish.
    title: String,
    /// As a guest or owner reads it; Spanish.
    detail: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// This request: `urn:uuid:` and what `X-Request-Id` says.
    instance: String,
    /// For programs.
    #[schema(example = "taken")]
    code: String,
}

/// What the document says of the whole.
pub(crate) fn head() -> OpenApi {
    let tag = |name: &str, about: &str| {
        TagBuilder::new()
            .name(name)
            .description(Some(about.to_owned()))
            .build()
    };
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Posta")
                .version("1")
                .description(Some(
                    "Holiday cabins: what is free, what it costs, holding it, and the owner's desk. Amounts are whole \
                     minor units with their currency; days are days at the property; moments are UTC. Errors are \
                     problems (RFC 9457) with words in Spanish.",
                ))
                .build(),
        )
        .tags(Some([
            tag("catalogue", "What can be let."),
            tag("booking", "Prices and holds."),
            tag("guest", "One's own booking, by a signed link."),
            tag("access", "Login and tokens."),
            tag("owner", "The owner's desk."),
        ]))
        .build()
}

/// Completes the document.
pub(crate) fn finish(document: OpenApi) -> anyhow::Result<Value> {
    let mut document = serde_json::to_value(document).context("could not write the document")?;
    let problem =
        serde_json::to_value(ProblemBody::schema()).context("could not write a schema")?;
    let components = object(&mut document, "components");
    object_of(components, "schemas").insert("Problem".to_owned(), problem);
    components.insert("securitySchemes".to_owned(), security_schemes());
    components.insert("headers".to_owned(), headers());
    for (path, item) in object(&mut document, "paths") {
        let Some(item) = item.as_object_mut() else {
            continue;
        };
        for (method, operation) in item {
            if let Some(operation) = operation.as_object_mut() {
                complete(path, method, operation);
            }
        }
    }
    Ok(document)
}

/// The document, ready to be answered.
pub(crate) fn serve(document: &Value) -> anyhow::Result<impl IntoResponse + Clone + use<>> {
    let bytes = serde_json::to_vec(document).context("could not write the document")?;
    Ok(Served(axum::body::Bytes::from(bytes)))
}

#[derive(Clone)]
struct Served(axum::body::Bytes);

impl IntoResponse for Served {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0).into_response()
    }
}

fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let login = needs_login(path);
    let mut statuses = vec!["400", "429", "500", "503"];
    if path.contains('{') {
        statuses.push("404");
    }
    if has_parameters_in(operation, "query") {
        statuses.push("422");
    }
    if operation.contains_key("requestBody") {
        statuses.extend(["408", "413", "415", "422"]);
    }
    if login {
        statuses.extend(["401", "403"]);
        operation.insert("security".to_owned(), security(method));
    }
    let responses = object_of(operation, "responses");
    for status in statuses {
        responses
            .entry(status)
            .or_insert_with(|| json!({ "description": meaning(status) }));
    }
    for (status, response) in responses {
        let Some(response) = response.as_object_mut() else {
            continue;
        };
        let headers = object_of(response, "headers");
        headers.insert(
            "X-Request-Id".to_owned(),
            json!({ "$ref": "#/components/headers/RequestId" }),
        );
        if matches!(status.as_str(), "429" | "503") {
            headers.insert(
                "Retry-After".to_owned(),
                json!({ "$ref": "#/components/headers/RetryAfter" }),
            );
        }
        if status.starts_with(['4', '5']) {
            response.insert(
                "content".to_owned(),
                json!({ PROBLEM_JSON: { "schema": { "$ref": "#/components/schemas/Problem" } } }),
            );
        }
    }
}

/// Where a session or a token is asked for.
fn needs_login(path: &str) -> bool {
    let path = path.strip_prefix(crate::stack::BASE).unwrap_or(path);
    ["/owner", "/me", "/tokens", "/logout"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

fn security(method: &str) -> Value {
    if method == "get" {
        json!([{ "bearer": [] }, { "session": [] }])
    } else {
        json!([{ "bearer": [] }, { "session": [], "csrf": [] }])
    }
}

fn security_schemes() -> Value {
    json!({
        "bearer": { "type": "http", "scheme": "bearer", "description": "A machine's token, from POST /tokens." },
        "session": { "type": "apiKey", "in": "cookie", "name": "posta_session", "description": "From POST /login." },
        "csrf": { "type": "apiKey", "in": "header", "name": "X-CSRF-Token",
                  "description": "As POST /login and GET /me gave it; with a session, for all but GET." },
    })
}

fn headers() -> Value {
    json!({
        "RequestId": { "description": "Name it when you ask about this answer.", "required": true,
                       "schema": { "type": "string", "format": "uuid" } },
        "RetryAfter": { "description": "Seconds to wait before asking again.",
                        "schema": { "type": "integer", "minimum": 1 } },
    })
}

fn meaning(status: &str) -> &'static str {
    match status {
        "400" => "The request cannot be read.",
        "401" => "Nobody known asks, or no longer.",
        "403" => "Not for this role, or without the CSRF token.",
        "404" => "There is no such thing, or it is somebody else's.",
        "408" => "The body took too long to arrive.",
        "413" => "The body is too large.",
        "415" => "The body is not JSON.",
        "422" => "Readable, but not possible: the code and the words say why.",
        "429" => "Too many requests.",
        "503" => "Not now; ask again.",
        _ => "Our fault.",
    }
}

fn has_parameters_in(operation: &Map<String, Value>, place: &str) -> bool {
    operation
        .get("parameters")
        .and_then(Value::as_array)
        .is_some_and(|parameters| parameters.iter().any(|one| one["in"] == place))
}

fn object<'v>(value: &'v mut Value, name: &str) -> &'v mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    match value {
        Value::Object(map) => object_of(map, name),
        _ => unreachable!("made an object above"),
    }
}

fn object_of<'m>(map: &'m mut Map<String, Value>, name: &str) -> &'m mut Map<String, Value> {
    let value = map.entry(name).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    match value {
        Value::Object(map) => map,
        _ => unreachable!("made an object above"),
    }
}
