//! `posta reservations list`.

use std::{collections::BTreeMap, process::ExitCode};

use anyhow::Context as _;
use chrono::NaiveDate;
use posta_domain::{money::Money, nights, reservation::Status};
use posta_store::{
    booking::{Booking, Filter, list, view::Before},
    ids::PropertyId,
};
use serde_json::json;

use super::{open, property};
use crate::output::{line, readable};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// With a night on or after this day, YYYY-MM-DD.
    #[arg(long, value_parser = date)]
    from: Option<NaiveDate>,
    /// With a night before this day.
    #[arg(long, value_parser = date)]
    to: Option<NaiveDate>,
    /// held, confirmed, `checked_in`, completed, expired, cancelled, yielded or `no_show`.
    #[arg(long, value_parser = status)]
    status: Option<Status>,
    /// In the code, the guest's name, phone or address.
    #[arg(long)]
    text: Option<String>,
    /// Of one property; all if left out.
    #[arg(long)]
    property: Option<String>,
    /// So many at most, those made last.
    #[arg(long, default_value_t = 200)]
    limit: usize,
    /// One JSON object a line, amounts in minor units.
    #[arg(long)]
    json: bool,
}

fn date(text: &str) -> Result<NaiveDate, String> {
    nights::parse_date(text).map_err(|refusal| format!("{refusal}: write it as 2027-01-31"))
}

fn status(text: &str) -> Result<Status, String> {
    serde_json::from_value(json!(text)).map_err(|_| {
        "not one of held, confirmed, checked_in, completed, expired, cancelled, yielded, no_show"
            .to_owned()
    })
}

pub(super) async fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (store, by) = open().await?;
    let only = match &arguments.property {
        Some(name) => Some(property(&store, &by, Some(name)).await?.property.id),
        None => None,
    };
    let mut connection = store.acquire().await?;
    let mut bookings: Vec<Booking> = Vec::new();
    let mut filter = filter(arguments, only);
    // One more than asked for says whether there are more.
    while bookings.len() <= arguments.limit {
        let page = list(&mut connection, by.tenant, &filter).await?;
        let Some(last) = page.last() else { break };
        filter.before = Some(Before::from(last));
        bookings.extend(page);
    }
    let more = bookings.len() > arguments.limit;
    bookings.truncate(arguments.limit);
    bookings.sort_by_key(|booking| (booking.check_in(), booking.created_at, booking.id));
    for booking in &bookings {
        if arguments.json {
            line(&as_json(booking)?)?;
        } else {
            line(&as_text(booking))?;
        }
    }
    if bookings.is_empty() && !arguments.json {
        line("no bookings")?;
    }
    if more {
        eprintln!("there are more: narrow it with --from and --to, or raise --limit");
    }
    Ok(ExitCode::SUCCESS)
}

fn filter(arguments: &Arguments, property: Option<PropertyId>) -> Filter {
    Filter {
        property,
        status: arguments.status,
        from: arguments.from,
        to: arguments.to,
        text: arguments.text.clone(),
        before: None,
        limit: 200,
    }
}

fn as_text(booking: &Booking) -> String {
    let mut cabins: BTreeMap<(NaiveDate, NaiveDate), Vec<String>> = BTreeMap::new();
    for stay in &booking.stays {
        let dates = (stay.period.check_in(), stay.period.check_out());
        let cabin = format!("{} ({})", stay.cabin_name, stay.party.guests());
        cabins.entry(dates).or_default().push(cabin);
    }
    let stays: Vec<String> = cabins
        .iter()
        .map(|((from, until), cabins)| format!("{from} → {until}  {}", cabins.join(" + ")))
        .collect();
    let name = if booking.guest_name.is_empty() {
        "(no name)"
    } else {
        &booking.guest_name
    };
    let mut money = format!("{}, paid {}", amount(booking.charge), amount(booking.paid));
    if !booking.refund_due.is_zero() {
        money = format!("{money}, to give back {}", amount(booking.refund_due));
    }
    let text = format!(
        "{}  {:<10}  {}  {name}  {money}",
        booking.code,
        booking.state.status().as_str(),
        stays.join(", "),
    );
    readable(text.as_bytes())
}

fn as_json(booking: &Booking) -> anyhow::Result<String> {
    let stays: Vec<_> = booking
        .stays
        .iter()
        .map(|stay| {
            json!({
                "cabin": stay.cabin_name,
                "unit_type": stay.unit_type_name,
                "check_in": stay.period.check_in(),
                "check_out": stay.period.check_out(),
                "adults": stay.party.adults(),
                "children": stay.party.children().len(),
                "left_on": stay.left_on,
            })
        })
        .collect();
    serde_json::to_string(&json!({
        "id": booking.id,
        "code": booking.code,
        "status": booking.state.status(),
        "source": booking.source,
        "guest": booking.guest_name,
        "phone": booking.guest_phone,
        "check_in": booking.check_in(),
        "check_out": booking.check_out(),
        "stays": stays,
        "currency": booking.charge.currency,
        "total": booking.charge.minor,
        "deposit": booking.deposit.minor,
        "paid": booking.paid.minor,
        "refund_due": booking.refund_due.minor,
        "notes": booking.notes,
        "created_at": booking.created_at,
    }))
    .context("could not write the booking as JSON")
}

/// As it is written in Argentina: `ARS 450.000,50`; whole amounts without decimals.
pub(super) fn amount(money: Money) -> String {
    let decimals = money.currency.decimals();
    let unit = 10_u64.pow(decimals);
    let all = money.minor.unsigned_abs();
    let (whole, rest) = (all / unit, all % unit);
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    let sign = if money.minor < 0 { "-" } else { "" };
    let fraction = if rest == 0 {
        String::new()
    } else {
        format!(",{rest:0>width$}", width = decimals as usize)
    };
    format!("{} {sign}{grouped}{fraction}", money.currency)
}

#[cfg(test)]
mod tests {
    use posta_domain::money::{Currency, Money};

    use super::amount;

    #[test]
    fn amounts_are_written_as_people_read_them() {
        let ars = |minor| amount(Money::new(minor, Currency::ARS));
        assert_eq!(ars(45_000_050), "ARS 450.000,50");
        assert_eq!(ars(123_456_700), "ARS 1.234.567");
        assert_eq!(ars(-5), "ARS -0,05");
        assert_eq!(ars(0), "ARS 0");
    }
}
