//! Every operation, who may do it, and a request that would do it.

use reqwest::Method;
use serde_json::{Value, json};

use super::world::World;

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
        configuration(world),
        bookings(world),
        desk(world),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn row(
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
fn any(
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

fn configuration(world: &World) -> Vec<Row> {
    use Method as M;
    use Need::{Owner, Readonly};
    let (app, things) = (&world.app, &world.things);
    let property = app.here.property.to_string();
    let kind = app.here.cabin_type.to_string();
    let cabin = app.here.closed.to_string();
    let text = format!("{property}/location");
    let day = format!("{property}/{}", app.day(200));
    let season =
        json!({ "name": "Invierno", "first_night": app.day(130), "last_night": app.day(140) });
    let rate = json!({ "to": "USD", "rate_micros": 1_450_000_000, "source": "Banco Nación" });
    vec![
        any(M::GET, "/owner/properties", Readonly, "", None),
        row(M::GET, "/owner/properties/{id}", Readonly, &property, None),
        row(
            M::PATCH,
            "/owner/properties/{id}",
            Owner,
            &property,
            json!({ "hold_minutes": 45 }),
        ),
        row(
            M::PUT,
            "/owner/properties/{id}/texts/{key}",
            Owner,
            &text,
            json!({ "body": "Ruta 40" }),
        ),
        row(
            M::DELETE,
            "/owner/properties/{id}/texts/{key}",
            Owner,
            &text,
            None,
        ),
        row(
            M::GET,
            "/owner/properties/{id}/seasons",
            Readonly,
            &property,
            None,
        ),
        row(
            M::POST,
            "/owner/properties/{id}/seasons",
            Owner,
            &property,
            season.clone(),
        ),
        row(M::PUT, "/owner/seasons/{id}", Owner, &things.season, season),
        row(
            M::DELETE,
            "/owner/seasons/{id}",
            Owner,
            &things.season,
            None,
        ),
        row(
            M::GET,
            "/owner/properties/{id}/holidays",
            Readonly,
            &property,
            None,
        ),
        row(
            M::PUT,
            "/owner/properties/{id}/holidays/{day}",
            Owner,
            &day,
            json!({ "name": "Aniversario" }),
        ),
        row(
            M::DELETE,
            "/owner/properties/{id}/holidays/{day}",
            Owner,
            &day,
            None,
        ),
        row(
            M::PUT,
            "/owner/properties/{id}/exchange-rate",
            Owner,
            &property,
            rate,
        ),
        row(
            M::POST,
            "/owner/properties/{id}/unit-types",
            Owner,
            &property,
            json!({ "name": "Domo", "capacity": 2 }),
        ),
        row(M::GET, "/owner/unit-types/{id}", Readonly, &kind, None),
        row(
            M::PATCH,
            "/owner/unit-types/{id}",
            Owner,
            &kind,
            json!({ "description": "De madera." }),
        ),
        row(
            M::POST,
            "/owner/unit-types/{id}/accommodations",
            Owner,
            &kind,
            json!({ "name": "Radal" }),
        ),
        row(
            M::PATCH,
            "/owner/accommodations/{id}",
            Owner,
            &cabin,
            json!({ "name": "Lenga" }),
        ),
    ]
}

fn bookings(world: &World) -> Vec<Row> {
    use Method as M;
    use Need::{Readonly, Staff};
    let (app, things) = (&world.app, &world.things);
    let id = things.booking.as_str();
    let quote = json!({ "property": app.here.property, "stays": [app.stay(50, 3)] });
    let manual = json!({ "quote": things.quote, "guest": { "name": "Eva", "phone": "+54 9 11 5555-0000" },
                         "source": "phone", "method": "cash" });
    let money = json!({ "amount_minor": 1000, "currency": "ARS" });
    let payment = json!({ "method": "cash", "amount": money, "reference": "recibo 7" });
    let none = || json!({});
    let quoting = Row {
        // It names a property, in the body.
        names_nothing: false,
        ..any(M::POST, "/owner/quotes", Staff, "", quote)
    };
    let booking = Row {
        names_nothing: false,
        ..any(M::POST, "/owner/reservations", Staff, "", manual)
    };
    let on = |path, body| row(M::POST, path, Staff, id, body);
    vec![
        quoting,
        booking,
        any(M::GET, "/owner/reservations", Readonly, "", None),
        row(M::GET, "/owner/reservations/{id}", Readonly, id, None),
        row(
            M::GET,
            "/owner/reservations/{id}/history",
            Readonly,
            id,
            None,
        ),
        row(
            M::GET,
            "/owner/reservations/{id}/payments",
            Readonly,
            id,
            None,
        ),
        on("/owner/reservations/{id}/payments", payment),
        on(
            "/owner/reservations/{id}/receipt",
            json!({ "accept": true }),
        ),
        on(
            "/owner/reservations/{id}/confirm",
            json!({ "without_payment": true }),
        ),
        on(
            "/owner/reservations/{id}/change",
            json!({ "stays": [app.stay(22, 3)] }),
        ),
        on(
            "/owner/reservations/{id}/reassign",
            json!({ "to": app.here.cabins[0] }),
        ),
        on("/owner/reservations/{id}/check-in", none()),
        on(
            "/owner/reservations/{id}/early-departure",
            json!({ "on": app.day(21) }),
        ),
        on("/owner/reservations/{id}/check-out", none()),
        on("/owner/reservations/{id}/no-show", none()),
        on("/owner/reservations/{id}/cancel", json!({ "by": "owner" })),
        row(M::POST, "/owner/reservations/{id}/links", Staff, id, None),
        row(M::DELETE, "/owner/reservations/{id}/links", Staff, id, None),
    ]
}

fn desk(world: &World) -> Vec<Row> {
    use Method as M;
    use Need::{Owner, Readonly, Staff};
    let (app, things) = (&world.app, &world.things);
    let (from, until) = (app.day(0), app.day(90));
    let block = json!({ "accommodation": app.here.house, "check_in": app.day(70), "check_out": app.day(72) });
    let blocking = Row {
        names_nothing: false,
        ..any(M::POST, "/owner/blocks", Staff, "", block)
    };
    let given = json!({ "method": "transfer", "reference": "123" });
    let chat = things.chat.as_str();
    vec![
        any(M::GET, "/owner/refunds", Readonly, "", None),
        row(
            M::POST,
            "/owner/refunds/{id}/done",
            Owner,
            &things.refund,
            given,
        ),
        any(
            M::GET,
            "/owner/blocks",
            Readonly,
            &format!("?from={from}&until={until}"),
            None,
        ),
        blocking,
        row(M::DELETE, "/owner/blocks/{id}", Staff, &things.block, None),
        any(M::GET, "/owner/attention", Readonly, "", None),
        row(
            M::GET,
            "/owner/attention/{id}",
            Readonly,
            &things.attention,
            None,
        ),
        row(
            M::POST,
            "/owner/attention/{id}",
            Staff,
            &things.attention,
            json!({ "action": "seen" }),
        ),
        any(M::GET, "/owner/chats", Readonly, "", None),
        row(M::GET, "/owner/chats/{id}", Readonly, chat, None),
        row(
            M::POST,
            "/owner/chats/{id}/reply",
            Staff,
            chat,
            json!({ "text": "Hola" }),
        ),
        row(M::POST, "/owner/chats/{id}/take", Staff, chat, None),
        row(M::POST, "/owner/chats/{id}/release", Staff, chat, None),
    ]
}
