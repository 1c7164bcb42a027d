//! One line of the notebook, read.

use chrono::{Days, NaiveDate};
use posta_domain::{
    money::{Currency, Money},
    nights::Period,
    party::Party,
    rates::{MOST_AMOUNT, Rates},
    refusal::Refusal,
};

use super::{
    columns::{Column, plain},
    problem,
    table::{Row, short},
};
use crate::{
    booking::money::Method,
    catalog::{Cabin, Place},
    ids::{AccommodationId, UnitTypeId},
    import::{FileProblem, amount},
};

/// Nobody's notebook goes further back, or ahead, than this.
const MOST_YEARS_BACK: u64 = 10;
const MOST_YEARS_AHEAD: u64 = 4;
const LONGEST_NAME: usize = 120;
const LONGEST_NOTES: usize = 2_000;

/// A booking as the notebook has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) line: usize,
    pub(super) guest: String,
    pub(super) phone: Option<String>,
    pub(super) cabin: AccommodationId,
    pub(super) unit_type: UnitTypeId,
    pub(super) period: Period,
    pub(super) party: Party,
    pub(super) total: Money,
    /// Above zero.
    pub(super) paid: Option<Money>,
    pub(super) method: Option<Method>,
    pub(super) booked_on: Option<NaiveDate>,
    pub(super) source: Option<String>,
    pub(super) notes: String,
}

/// Reads one row. Each cell that cannot be read is a problem; a line with any is none.
pub(super) fn read(
    row: &Row,
    place: &Place,
    today: NaiveDate,
    problems: &mut Vec<FileProblem>,
) -> Option<Entry> {
    let mut cells = Cells { row, problems };
    let guest = cells.need(Column::Guest, name);
    let phone = cells.get(Column::Phone, phone);
    let cabin = cells.need(Column::Cabin, |text| cabin(text, place));
    let near = |text: &str| date(text).and_then(|day| near(day, today));
    let check_in = cells.need(Column::CheckIn, near);
    let check_out = cells.need(Column::CheckOut, near);
    let booked_on = cells.get(Column::BookedOn, |text| match near(text)? {
        day if day > today => Err("is in the future".to_owned()),
        day => Ok(day),
    });
    let adults = cells.get(Column::Adults, count(1));
    let children = cells.get(Column::Children, count(0));
    let currency = cells
        .get(Column::Currency, |text| currency(text, place))
        .map(|found| found.unwrap_or(place.property.charge_currency));
    // An amount in an unknown currency is read all the same, for its own mistakes.
    let of = *currency.as_ref().unwrap_or(&place.property.charge_currency);
    let total = cells.need(Column::Total, |text| money(text, of));
    let paid = cells.get(Column::Paid, |text| money(text, of));
    let method = cells.get(Column::Method, method);
    let source = cells.get(Column::Source, |text| bounded(text, LONGEST_NAME));
    let notes = cells.get(Column::Notes, |text| bounded(text, LONGEST_NOTES));
    let paid = paid.ok()?.filter(|paid| !paid.is_zero());
    if let (Some(paid), Some(total)) = (paid, total)
        && paid.minor > total.minor
    {
        cells.wrong(Column::Paid, "is more than the total");
    }
    let period = match (check_in, check_out) {
        (Some(from), Some(until)) => cells.period(from, until),
        _ => None,
    };
    let cabin = cabin?;
    let party = cells.party(
        adults.ok()?.unwrap_or(1),
        children.ok()?.unwrap_or(0),
        cabin,
        place,
    );
    currency.ok()?;
    let paid_fits = paid.is_none_or(|paid| total.is_some_and(|total| paid.minor <= total.minor));
    Some(Entry {
        line: row.line,
        guest: guest?,
        phone: phone.ok()?,
        cabin: cabin.id,
        unit_type: cabin.unit_type,
        period: period?,
        party: party?,
        total: total.filter(|_| paid_fits)?,
        paid,
        method: method.ok()?,
        booked_on: booked_on.ok()?,
        source: source.ok()?,
        notes: notes.ok()?.unwrap_or_default(),
    })
}

/// The cell is wrong, and that has been said.
struct Said;

/// A row whose problems are collected.
struct Cells<'r, 'p> {
    row: &'r Row,
    problems: &'p mut Vec<FileProblem>,
}

impl Cells<'_, '_> {
    fn wrong(&mut self, column: Column, text: impl Into<String>) {
        self.problems
            .push(problem(self.row.line, column.name(), text));
    }

    /// Nothing where the cell is empty.
    fn get<T>(
        &mut self,
        column: Column,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Said> {
        let Some(cell) = self.row.cell(column) else {
            return Ok(None);
        };
        match read(cell) {
            Ok(value) => Ok(Some(value)),
            Err(text) => {
                self.wrong(column, format!("{:?} {text}", short(cell)));
                Err(Said)
            }
        }
    }

    fn need<T>(
        &mut self,
        column: Column,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if self.row.cell(column).is_none() {
            self.wrong(column, "is empty");
        }
        self.get(column, read).ok().flatten()
    }

    fn period(&mut self, from: NaiveDate, until: NaiveDate) -> Option<Period> {
        match Period::new(from, until) {
            Ok(period) => Some(period),
            Err(refusal) => {
                self.wrong(Column::CheckOut, refusal.to_string());
                None
            }
        }
    }

    /// They must fit: each child counts, whatever its age.
    fn party(&mut self, adults: u8, children: u8, cabin: &Cabin, place: &Place) -> Option<Party> {
        let children = vec![None; usize::from(children)];
        let party = match Party::new(adults, children, 0) {
            Ok(party) => party,
            Err(refusal @ Refusal::TooManyGuests { .. }) => {
                self.wrong(Column::Children, refusal.to_string());
                return None;
            }
            Err(refusal) => {
                self.wrong(Column::Adults, refusal.to_string());
                return None;
            }
        };
        let of_type = place.unit_type(cabin.unit_type)?;
        let by_hand = Rates::by_hand(place.property.currency, of_type.capacity);
        let rates = of_type.rates.as_ref().unwrap_or(&by_hand);
        if posta_domain::quote::places(rates, &party) > of_type.capacity {
            let text = format!(
                "{} guests, and {} takes {} (leave out babies who take no place)",
                party.guests(),
                cabin.name,
                of_type.capacity
            );
            self.wrong(Column::Adults, text);
            return None;
        }
        Some(party)
    }
}

// === cells ===

fn name(text: &str) -> Result<String, String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(&name, LONGEST_NAME)
}

fn bounded(text: &str, longest: usize) -> Result<String, String> {
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
fn phone(text: &str) -> Result<String, String> {
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

fn cabin<'p>(text: &str, place: &'p Place) -> Result<&'p Cabin, String> {
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
fn date(text: &str) -> Result<NaiveDate, String> {
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

fn near(day: NaiveDate, today: NaiveDate) -> Result<NaiveDate, String> {
    let back = today - Days::new(MOST_YEARS_BACK * 366);
    let ahead = today + Days::new(MOST_YEARS_AHEAD * 366);
    if day < back || day > ahead {
        return Err(format!("is too far away (today is {today})"));
    }
    Ok(day)
}

fn count(least: u8) -> impl Fn(&str) -> Result<u8, String> {
    // A spreadsheet may have made 2,00 of it.
    move |text| match amount::parse(text, 0).map(u8::try_from) {
        Ok(Ok(count)) if count >= least => Ok(count),
        _ => Err(format!("is not a number of people from {least} on")),
    }
}

/// The price's, or what is charged.
fn currency(text: &str, place: &Place) -> Result<Currency, String> {
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

fn money(text: &str, currency: Currency) -> Result<Money, String> {
    let minor = amount::parse(text, currency.decimals()).map_err(|error| error.to_string())?;
    if !(0..=MOST_AMOUNT).contains(&minor) {
        return Err("is negative, or too large".to_owned());
    }
    Ok(Money::new(minor, currency))
}

fn method(text: &str) -> Result<Method, String> {
    match plain(text).as_str() {
        "cash" | "efectivo" => Ok(Method::Cash),
        "transfer" | "transferencia" => Ok(Method::Transfer),
        _ => Err("is neither cash (efectivo) nor transfer (transferencia)".to_owned()),
    }
}
