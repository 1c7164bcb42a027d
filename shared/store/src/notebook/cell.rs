//! What is written in one cell. Errors say what is wrong with it, to follow what is written.

use chrono::{Days, NaiveDate};
use posta_domain::{
    money::{Currency, Money},
    rates::MOST_AMOUNT,
};

use super::columns::plain;
use crate::{
    booking::money::Method,
    catalog::{Cabin, Place},
    import::amount,
};

/// Nobody's notebook goes further back, or ahead, than this.
const MOST_YEARS_BACK: u64 = 10;
const MOST_YEARS_AHEAD: u64 = 4;
pub(super) const LONGEST_NAME: usize = 120;

pub(super) fn name(text: &str) -> Result<String, String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(&name, LONGEST_NAME)
}

pub(super) fn bounded(text: &str, longest: usize) -> Result<String, String> {
    if text.chars().count() > longest {
        return Err(format!("has more than {longest} characters"));
    }
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err("has characters that are no text".to_owned());
    }
    Ok(text.replace("\r\n", "\n"))
}

/// Digits, with the + that was there.
pub(super) fn phone(text: &str) -> Result<String, String> {
    if text.contains(['e', 'E']) {
        return Err(
            "is a number that the spreadsheet has shortened: format the column as text".to_owned(),
        );
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let fine = text.chars().all(|c| {
        c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | ' ' | '\u{a0}')
    });
    if !fine || !(6..=15).contains(&digits.len()) {
        return Err("is not a phone number".to_owned());
    }
    let plus = if text.trim_start().starts_with('+') {
        "+"
    } else {
        ""
    };
    Ok(format!("{plus}{digits}"))
}

pub(super) fn cabin<'p>(text: &str, place: &'p Place) -> Result<&'p Cabin, String> {
    let wanted = plain(text);
    let mut found: Vec<&Cabin> = place
        .cabins
        .iter()
        .filter(|cabin| plain(&cabin.name) == wanted)
        .collect();
    if found.is_empty() {
        let of_type = place.types.iter().filter(|it| plain(&it.name) == wanted);
        found = of_type.flat_map(|it| place.cabins_of(it.id)).collect();
        if found.len() > 1 {
            return Err("is a type with several cabins: name the cabin".to_owned());
        }
    }
    match found.as_slice() {
        [cabin] => Ok(cabin),
        [] => {
            let names: Vec<&str> = place.cabins.iter().map(|it| it.name.as_str()).collect();
            Err(format!("is no cabin here; those are {}", names.join(", ")))
        }
        _ => Err("is the name of several cabins: rename one of them first".to_owned()),
    }
}

/// Day first, as it is written in Argentina, or `2027-01-10`.
pub(super) fn date(text: &str) -> Result<NaiveDate, String> {
    let text = text.split_whitespace().next().unwrap_or_default();
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let numbers: Option<Vec<i32>> = parts
        .iter()
        .map(|part| {
            let digits =
                !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        })
        .collect();
    let (year, month, day) = match (numbers.as_deref(), parts.as_slice()) {
        (Some([year, month, day]), [first, ..]) if first.len() == 4 => (*year, *month, *day),
        (Some([day, month, year]), [.., last]) if last.len() == 4 => (*year, *month, *day),
        (Some([day, month, year]), [.., last]) if last.len() == 2 => (2000 + *year, *month, *day),
        _ => return Err("is not a date such as 10/01/2027".to_owned()),
    };
    let part = |number: i32| u32::try_from(number).unwrap_or(0);
    NaiveDate::from_ymd_opt(year, part(month), part(day))
        .ok_or_else(|| "does not exist (the day comes first, then the month)".to_owned())
}

pub(super) fn near(day: NaiveDate, today: NaiveDate) -> Result<NaiveDate, String> {
    let back = today - Days::new(MOST_YEARS_BACK * 366);
    let ahead = today + Days::new(MOST_YEARS_AHEAD * 366);
    if day < back || day > ahead {
        return Err(format!("is too far away (today is {today})"));
    }
    Ok(day)
}

pub(super) fn count(least: u8) -> impl Fn(&str) -> Result<u8, String> {
    // A spreadsheet may have made 2,00 of it.
    move |text| match amount::parse(text, 0).map(u8::try_from) {
        Ok(Ok(count)) if count >= least => Ok(count),
        _ => Err(format!("is not a number of people from {least} on")),
    }
}

/// The price's, or what is charged.
pub(super) fn currency(text: &str, place: &Place) -> Result<Currency, String> {
    let wanted = match plain(text).as_str() {
        "$" | "ar$" | "peso" | "pesos" => "ARS".to_owned(),
        "u$s" | "us$" | "dolar" | "dolares" => "USD".to_owned(),
        other => other.to_uppercase(),
    };
    let property = &place.property;
    [property.charge_currency, property.currency]
        .into_iter()
        .find(|known| known.as_str() == wanted)
        .ok_or_else(|| {
            let (charge, price) = (property.charge_currency, property.currency);
            if charge == price {
                format!("is not the property's currency, {price}")
            } else {
                format!("is neither {price}, of the prices, nor {charge}, which is charged")
            }
        })
}

pub(super) fn money(text: &str, currency: Currency) -> Result<Money, String> {
    let minor = amount::parse(text, currency.decimals()).map_err(|error| error.to_string())?;
    if !(0..=MOST_AMOUNT).contains(&minor) {
        return Err("is negative, or too large".to_owned());
    }
    Ok(Money::new(minor, currency))
}

pub(super) fn method(text: &str) -> Result<Method, String> {
    match plain(text).as_str() {
        "cash" | "efectivo" => Ok(Method::Cash),
        "transfer" | "transferencia" => Ok(Method::Transfer),
        _ => Err("is neither cash (efectivo) nor transfer (transferencia)".to_owned()),
    }
}
