//! A booking through the API: what is free, its price line by line, the nights held, somebody else refused, and the
//! owner's word that the transfer is there. Every step must be answered as it should be, or the demo fails.

use anyhow::{Context as _, ensure};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::progress::Progress;
use crate::{script::owner::Owner, stack::Stack};

const GUEST: &str = "Sofía Ríos (web)";
const OTHER: &str = "Pablo Luna (web)";
const OWNER: &str = "Marta, la dueña";
const NIGHTS: u64 = 4;
/// Where to begin to look, in days from today, and how often a week later: seasons have conditions of their own.
const FIRST: u64 = 21;
const WEEKS: u64 = 26;

/// Where to look afterwards.
pub(crate) struct Desk {
    pub(crate) availability: String,
    pub(crate) reservations: String,
    pub(crate) document: String,
    pub(crate) token: String,
}

/// What can be had.
struct Found {
    question: String,
    period: Value,
    offer: Value,
}

/// Plays it.
pub(crate) async fn play(stack: &Stack, owner: &Owner) -> anyhow::Result<Desk> {
    let base = owner.base().to_owned();
    let token = owner.token().to_owned();
    let found = free(stack, &base).await?;
    let cabin = found.offer.pointer("/free/0").context("no cabin is free")?;
    let stay = json!({
        "accommodation": cabin,
        "check_in": found.period["check_in"],
        "check_out": found.period["check_out"],
        "party": {"adults": 2},
    });
    let wish = json!({"stays": [stay]});
    let quote = post(stack, &base, "quotes", &wish, 201).await?;
    let others = post(stack, &base, "quotes", &wish, 201).await?;
    Progress::says(GUEST, "¿me pasás el precio con el detalle?");
    priced(&quote)?;

    let held = hold(stack, &base, &quote, "Sofía Ríos", 201).await?;
    let code = text(&held, "/code")?;
    let line = format!(
        "{} queda reservada por un rato: {code}",
        text(&found.offer, "/name")?
    );
    Progress::says(GUEST, "la reservo, pago la seña por transferencia");
    Progress::says("Posta", &line);

    Progress::says(OTHER, "¡yo quiero esas mismas noches!");
    let refused = hold(stack, &base, &others, "Pablo Luna", 409).await?;
    Progress::says("Posta", &text(&refused, "/detail")?);

    let deposit = quote
        .pointer("/breakdown/deposit")
        .context("the quote has no deposit")?;
    Progress::says(
        OWNER,
        &format!("llegó la transferencia: {}", pesos(deposit)?),
    );
    let payment = json!({"method": "transfer", "amount": deposit, "reference": "CBU 0001"});
    let path = format!("owner/reservations/{}/payments", text(&held, "/id")?);
    let request = stack.client.post(format!("{base}/{path}")).json(&payment);
    let paid = request
        .bearer_auth(&token)
        .header("Idempotency-Key", "demo-transfer");
    let paid = answer(paid, &path, 201).await?;
    let status = text(&paid, "/status")?;
    ensure!(
        status == "confirmed" && paid.get("paid") == Some(deposit),
        "the booking was paid and is {status}: {paid}"
    );
    let stays: String = sqlx::query_scalar(
        "SELECT count(*) FILTER (WHERE c.kind = 'stay') || ' of ' || count(*) FROM claims c
         JOIN stays s ON s.id = c.stay_id JOIN reservations r ON r.id = s.reservation_id WHERE r.code = $1",
    )
    .bind(&code)
    .fetch_one(&stack.database)
    .await
    .context("could not ask whose the nights are")?;
    ensure!(stays == "1 of 1", "the nights are claimed once: {stays}");
    Progress::says(
        "Posta",
        &format!("{code}: confirmada, las noches son de Sofía"),
    );
    Ok(Desk {
        availability: found.question,
        reservations: format!("{base}/owner/reservations"),
        document: format!("{base}/openapi.json"),
        token,
    })
}

/// The first week in which something can be had at once.
async fn free(stack: &Stack, base: &str) -> anyhow::Result<Found> {
    let today: NaiveDate = stack
        .one_text("SELECT current_date::text")
        .await?
        .parse()
        .context("the database has no date")?;
    for week in 0..WEEKS {
        let check_in = today + Days::new(FIRST + 7 * week);
        let check_out = check_in + Days::new(NIGHTS);
        let question =
            format!("{base}/availability?check_in={check_in}&check_out={check_out}&adults=2");
        let asked = stack.client.get(&question).send().await;
        let asked = asked.context("could not ask what is free")?;
        // A season's conditions: refused with a reason.
        if asked.status().as_u16() == 422 {
            continue;
        }
        let asked = asked
            .error_for_status()
            .context("could not ask what is free")?;
        let answer: Value = asked.json().await.context("what is free is no JSON")?;
        let offers = answer.get("offers").and_then(Value::as_array);
        let offers = offers.context("the answer has no offers")?;
        let at_once = |it: &&Value| it.pointer("/price/booking_mode") == Some(&json!("instant"));
        let Some(offer) = offers.iter().find(at_once) else {
            continue;
        };
        Progress::says(
            GUEST,
            &format!("¿qué hay del {check_in} al {check_out} para dos?"),
        );
        for offer in offers {
            let total = offer.pointer("/price/charge").context("no price")?;
            Progress::says(
                "Posta",
                &format!("{}: {}", text(offer, "/name")?, pesos(total)?),
            );
        }
        return Ok(Found {
            question,
            period: json!({"check_in": check_in, "check_out": check_out}),
            offer: offer.clone(),
        });
    }
    anyhow::bail!("nothing is free in {WEEKS} weeks")
}

/// Prints the lines, which must add up.
fn priced(quote: &Value) -> anyhow::Result<()> {
    let breakdown = quote.get("breakdown").context("the quote has no lines")?;
    let lines = breakdown.get("lines").and_then(Value::as_array);
    let lines = lines.context("the quote has no lines")?;
    let mut sum = 0;
    for line in lines {
        sum += minor(&line["amount"])?;
        let kind = ["/rate", "/season"].map(|key| text(line, key).unwrap_or_default());
        let words = format!(
            "{:>3} × {:<12} {:<28} {:>12}",
            line["count"],
            text(line, "/kind")?,
            kind.join(" "),
            pesos(&line["amount"])?
        );
        Progress::says("Posta", &words);
    }
    ensure!(
        sum == minor(&breakdown["total"])?,
        "the lines are not the total: {breakdown}"
    );
    let words = format!(
        "total {}, seña {}",
        pesos(&breakdown["charge"])?,
        pesos(&breakdown["deposit"])?
    );
    Progress::says("Posta", &words);
    Ok(())
}

async fn hold(
    stack: &Stack,
    base: &str,
    quote: &Value,
    name: &str,
    expected: u16,
) -> anyhow::Result<Value> {
    let guest = json!({"name": name, "phone": "+54 9 294 455-0103"});
    let body = json!({"quote": quote["id"], "guest": guest, "method": "transfer"});
    let request = stack
        .client
        .post(format!("{base}/reservations"))
        .json(&body);
    let key = format!("demo {name}").replace(|c: char| !c.is_ascii_graphic(), "-");
    answer(
        request.header("Idempotency-Key", key),
        "reservations",
        expected,
    )
    .await
}

async fn post(
    stack: &Stack,
    base: &str,
    path: &str,
    body: &Value,
    expected: u16,
) -> anyhow::Result<Value> {
    let request = stack.client.post(format!("{base}/{path}")).json(body);
    answer(request, path, expected).await
}

async fn answer(
    request: reqwest::RequestBuilder,
    path: &str,
    expected: u16,
) -> anyhow::Result<Value> {
    let answer = request.send().await;
    let answer = answer.with_context(|| format!("no answer to {path}"))?;
    let status = answer.status().as_u16();
    let body = answer.text().await.context("the answer broke off")?;
    ensure!(
        status == expected,
        "{path} was answered with {status}, not {expected}: {body}"
    );
    serde_json::from_str(&body).with_context(|| format!("{path} was not answered in JSON"))
}

fn text(value: &Value, pointer: &str) -> anyhow::Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.map(str::to_owned)
        .with_context(|| format!("no {pointer} in {value}"))
}

fn minor(money: &Value) -> anyhow::Result<i64> {
    let minor = money.get("amount_minor").and_then(Value::as_i64);
    minor.with_context(|| format!("{money} is no amount"))
}

/// `$ 85.000`: the demo's prices have no centavos to speak of.
fn pesos(money: &Value) -> anyhow::Result<String> {
    let minor = minor(money)?;
    let digits = (minor.abs() / 100).to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    Ok(format!("{}$ {grouped}", if minor < 0 { "-" } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_read_them() {
        let pesos = |minor: i64| pesos(&json!({"amount_minor": minor, "currency": "ARS"}));
        assert_eq!(pesos(8_500_000).unwrap(), "$ 85.000");
        assert_eq!(pesos(-123_456_700).unwrap(), "-$ 1.234.567");
        assert!(super::pesos(&json!({})).is_err());
    }
}
