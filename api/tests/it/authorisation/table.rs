//! Every operation, who may do it, and a request that would do it.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    owners::{bookings, desk, money, places, prices},
    world::World,
};

/// Who may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Everybody.
    Nothing,
    /// Whoever knows a password.
    Password,
    /// Whoever has this booking's link.
    Link,
    /// Roles; each includes those before it.
    Readonly,
    Staff,
    Owner,
    /// The owner herself: not her machines.
    OwnerInPerson,
}

/// One operation.
pub(super) struct Row {
    pub(super) method: Method,
    /// As the document names it.
    pub(super) operation: &'static str,
    pub(super) need: Need,
    /// What to ask for: ids of the first owner's.
    pub(super) path: String,
    /// With what.
    pub(super) body: Option<Value>,
    /// Whether another owner can be told more than that there is no such thing: it names nothing.
    pub(super) names_nothing: bool,
}

impl Row {
    /// As the document has it.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.operation)
    }
}

/// The whole table.
pub(super) fn rows(world: &World) -> Vec<Row> {
    [
        public(world),
        access(world),
        places(world),
        prices(world),
        bookings(world),
        money(world),
        desk(world),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn row(
    method: Method,
    operation: &'static str,
    need: Need,
    id: &str,
    body: impl Into<Option<Value>>,
) -> Row {
    let (path, query) = id
        .split_once('?')
        .map_or((id, ""), |(id, query)| (id, query));
    let mut concrete = operation.to_owned();
    for value in path.split('/').filter(|value| !value.is_empty()) {
        let (before, rest) = concrete
            .split_once('{')
            .expect("a parameter for each value");
        let (_, after) = rest.split_once('}').expect("its end");
        concrete = format!("{before}{value}{after}");
    }
    assert!(!concrete.contains('{'), "{operation}: {concrete}");
    if !query.is_empty() {
        concrete = format!("{concrete}?{query}");
    }
    Row {
        method,
        operation,
        need,
        path: concrete,
        body: body.into(),
        names_nothing: false,
    }
}

/// What is about nothing in particular.
pub(super) fn any(
    method: Method,
    operation: &'static str,
    need: Need,
    query: &str,
    body: impl Into<Option<Value>>,
) -> Row {
    Row {
        names_nothing: true,
        ..row(method, operation, need, query, body)
    }
}

fn public(world: &World) -> Vec<Row> {
    use Method as M;
    use Need::{Link, Nothing};
    let (app, link) = (&world.app, world.link.as_str());
    let property = app.here.property;
    let (from, until) = (app.day(30), app.day(33));
    let stay = app.stay(40, 3);
    let query = format!("?property={property}&check_in={from}&check_out={until}&adults=2");
    let calendar = format!("?property={property}&from={from}&until={until}");
    let quote = json!({ "property": property, "stays": [stay] });
    let hold = json!({ "quote": world.things.quote, "guest": { "name": "Eva", "phone": "+54 9 11 5555-0000" },
                       "method": "transfer" });
    vec![
        any(
            M::GET,
            "/accommodations",
            Nothing,
            &format!("?property={property}"),
            None,
        ),
        any(M::GET, "/availability", Nothing, &query, None),
        any(M::GET, "/availability/calendar", Nothing, &calendar, None),
        any(M::POST, "/quotes", Nothing, "", quote),
        any(M::GET, "/quotes/{id}", Nothing, &world.things.quote, None),
        any(M::POST, "/reservations", Nothing, "", hold),
        row(M::GET, "/guest/{token}", Link, link, None),
        row(M::GET, "/guest/{token}/cancellation", Link, link, None),
        row(
            M::POST,
            "/guest/{token}/change",
            Link,
            link,
            json!({ "version": 1, "stays": [app.stay(21, 3)] }),
        ),
        row(
            M::POST,
            "/guest/{token}/pay",
            Link,
            link,
            json!({ "method": "mercadopago" }),
        ),
        row(
            M::POST,
            "/guest/{token}/cancel",
            Link,
            link,
            json!({ "confirm": true }),
        ),
    ]
}

fn access(world: &World) -> Vec<Row> {
    use Method as M;
    use Need::{Owner, OwnerInPerson, Password, Readonly};
    let token = json!({ "name": "planilla", "role": "readonly" });
    vec![
        any(
            M::POST,
            "/login",
            Password,
            "",
            json!({ "email": "nadie@example.com", "password": "x" }),
        ),
        any(M::POST, "/logout", Readonly, "", None),
        any(M::GET, "/me", Readonly, "", None),
        any(M::GET, "/tokens", Owner, "", None),
        any(M::POST, "/tokens", OwnerInPerson, "", token),
        row(M::DELETE, "/tokens/{id}", Owner, &world.things.token, None),
    ]
}
