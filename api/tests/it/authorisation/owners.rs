//! The owner's part of the table.

use reqwest::Method;
use serde_json::json;

use super::{
    table::{Need, Row, any, row},
    world::World,
};

pub(super) fn places(world: &World) -> Vec<Row> {
    use Method as M;
    use Need::{Owner, Readonly};
    let app = &world.app;
    let property = app.here.property.to_string();
    let kind = app.here.cabin_type.to_string();
    let cabin = app.here.closed.to_string();
    let text = format!("{property}/location");
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
            M::PUT,
            "/owner/unit-types/{id}/texts/{key}",
            Owner,
            &format!("{kind}/services"),
            json!({ "body": "Wifi" }),
        ),
        row(
            M::DELETE,
            "/owner/unit-types/{id}/texts/{key}",
            Owner,
            &format!("{kind}/services"),
            None,
        ),
        row(
            M::PUT,
            "/owner/accommodations/{id}/texts/{key}",
            Owner,
            &format!("{cabin}/access"),
            json!({ "body": "4417" }),
        ),
        row(
            M::DELETE,
            "/owner/accommodations/{id}/texts/{key}",
            Owner,
            &format!("{cabin}/access"),
            None,
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

pub(super) fn prices(world: &World) -> Vec<Row> {
    use Method as M;
    use Need::{Owner, Readonly};
    let (app, things) = (&world.app, &world.things);
    let property = app.here.property.to_string();
    let day = format!("{property}/{}", app.day(200));
    let season =
        json!({ "name": "Invierno", "first_night": app.day(130), "last_night": app.day(140) });
    let rate = json!({ "to": "USD", "rate_micros": 1_450_000_000, "source": "Banco Nación" });
    vec![
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
    ]
}

pub(super) fn bookings(world: &World) -> Vec<Row> {
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

pub(super) fn money(world: &World) -> Vec<Row> {
    use Method as M;
    use Need::{Owner, Readonly, Staff};
    let (app, things) = (&world.app, &world.things);
    let (booking, payment, refund) = (&things.booking, &things.payment, &things.refund);
    let given = json!({ "method": "transfer", "reference": "123" });
    let asked = json!({ "purpose": "extra", "method": "transfer", "note": "Leña",
                        "amount": { "amount_minor": 1000, "currency": "ARS" } });
    let days = format!("?from={}&to={}", app.day(0), app.day(1));
    let on = |path, id: &str, body| row(M::POST, path, Owner, id, body);
    vec![
        row(
            M::POST,
            "/owner/reservations/{id}/requests",
            Staff,
            booking,
            asked,
        ),
        row(
            M::POST,
            "/owner/requests/{id}/withdraw",
            Staff,
            &things.request,
            None,
        ),
        row(
            M::POST,
            "/owner/reservations/{id}/credit",
            Staff,
            booking,
            None,
        ),
        any(M::GET, "/owner/credits", Readonly, "", None),
        any(M::GET, "/owner/ledger/days", Readonly, &days, None),
        any(M::GET, "/owner/payments", Readonly, "?state=orphan", None),
        row(M::GET, "/owner/payments/{id}", Readonly, payment, None),
        row(
            M::POST,
            "/owner/payments/{id}/assign",
            Staff,
            payment,
            json!({ "reservation": things.booking }),
        ),
        on("/owner/payments/{id}/refund", payment, None),
        on("/owner/payments/{id}/dismiss", payment, None),
        any(M::GET, "/owner/refunds", Readonly, "", None),
        on("/owner/refunds/{id}/retry", refund, None),
        on("/owner/refunds/{id}/credit", refund, None),
        on("/owner/refunds/{id}/done", refund, Some(given)),
    ]
}

pub(super) fn desk(world: &World) -> Vec<Row> {
    use Method as M;
    use Need::{Readonly, Staff};
    let (app, things) = (&world.app, &world.things);
    let (from, until) = (app.day(0), app.day(90));
    let block = json!({ "accommodation": app.here.house, "check_in": app.day(70), "check_out": app.day(72) });
    let blocking = Row {
        names_nothing: false,
        ..any(M::POST, "/owner/blocks", Staff, "", block)
    };
    let chat = things.chat.as_str();
    vec![
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
        row(M::POST, "/owner/chats/{id}/mute", Staff, chat, None),
        row(M::POST, "/owner/chats/{id}/unmute", Staff, chat, None),
        row(
            M::POST,
            "/owner/chats/{id}/offer",
            Staff,
            chat,
            json!({ "quote": things.quote }),
        ),
        row(M::POST, "/owner/chats/{id}/decline", Staff, chat, None),
        any(M::GET, "/owner/chats/search", Readonly, "?q=hola", None),
        row(M::GET, "/owner/media/{id}", Readonly, &things.media, None),
        any(M::GET, "/owner/guests", Staff, "?kind=guest", None),
        row(
            M::PUT,
            "/owner/guests/{id}/kind",
            Staff,
            &things.guest,
            json!({ "kind": "guest" }),
        ),
        any(M::GET, "/owner/templates", Readonly, "", None),
    ]
}
