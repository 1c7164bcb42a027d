//! One line of the notebook, read.

use chrono::NaiveDate;
use posta_domain::{money::Money, nights::Period, party::Party, rates::Rates, refusal::Refusal};

use super::{
    cell::{LONGEST_NAME, bounded, cabin, count, currency, date, method, money, name, near, phone},
    columns::Column,
    problem,
    table::{Row, short},
};
use crate::{
    booking::money::Method,
    catalog::{Cabin, Place},
    ids::{AccommodationId, UnitTypeId},
    import::FileProblem,
};

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
