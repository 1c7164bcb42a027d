//! The file, read and checked.
//!
//! Amounts are whole units of the property's currency (`85000`) or texts (`"85.000,50"`); floats are refused, since
//! they would not be exact and `85.000` would be eighty-five.

mod property;
mod rates;
mod season;
mod unit_type;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use posta_domain::{
    money::{Currency, RateMicros},
    rates::SeasonPrices,
};
use toml::de::DeTable;

use super::{
    problem::{FileProblem, FileProblems},
    reader::{Part, Reading},
};
use crate::catalog::{PropertyEdit, SeasonEdit, UnitTypeEdit};

/// A property as its file describes it. Everything in it has been checked, except against what is in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyFile {
    /// Its name: the property of that name is renewed, or made.
    pub name: String,
    /// Of its prices.
    pub currency: Currency,
    /// Whose holidays a new property is given.
    pub country: Option<String>,
    /// The settings that the file names; zone and hours always.
    pub settings: PropertyEdit,
    /// What the desk says.
    pub texts: BTreeMap<String, String>,
    /// Holidays besides the country's.
    pub holidays: BTreeMap<NaiveDate, String>,
    /// Days that are no holidays here, whatever the country's say.
    pub not_holidays: BTreeSet<NaiveDate>,
    /// What the charge currency costs.
    pub exchange_rate: Option<FileRate>,
    /// What it lets.
    pub unit_types: Vec<FileUnitType>,
    /// Its seasons.
    pub seasons: Vec<FileSeason>,
}

/// An exchange rate, from the currency of the prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRate {
    /// To this one.
    pub to: Currency,
    /// One unit in it.
    pub rate: RateMicros,
    /// Who said so.
    pub source: String,
}

/// A kind of cabin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileUnitType {
    /// The type of that name is renewed, or made.
    pub name: String,
    /// Guests at most.
    pub capacity: u32,
    /// What the file names of it.
    pub edit: UnitTypeEdit,
    /// What the desk says about every cabin of it.
    pub texts: BTreeMap<String, String>,
    /// What it says about single ones, by the cabin's name.
    pub cabin_texts: BTreeMap<String, BTreeMap<String, String>>,
    /// Its cabins, by name.
    pub accommodations: Vec<String>,
}

/// A season.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSeason {
    /// The season without prices.
    pub season: SeasonEdit,
    /// Its prices, by the name of the type.
    pub prices: BTreeMap<String, SeasonPrices>,
}

// === impl PropertyFile ===

impl PropertyFile {
    /// Reads the text of a file. All that is wrong comes back at once.
    pub fn parse(source: &str) -> Result<Self, FileProblems> {
        // Editors on Windows put it there.
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let mut reading = Reading::new(source);
        let (document, errors) = DeTable::parse_recoverable(source);
        if !errors.is_empty() {
            let problems = errors.iter().map(|error| FileProblem {
                line: error.span().map(|span| reading.line_of(span.start)),
                at: String::new(),
                text: error.message().to_owned(),
            });
            return Err(FileProblems::new(problems.collect()));
        }
        let mut whole = Part::whole(document.get_ref());
        let file = Self::read(&mut whole, &mut reading);
        whole.finish(&mut reading);
        match file {
            Some(file) if reading.problems.is_empty() => Ok(file),
            _ => Err(FileProblems::new(reading.problems)),
        }
    }

    fn read(whole: &mut Part<'_, '_>, reading: &mut Reading) -> Option<Self> {
        let part = whole.part(reading, "property");
        if part.is_none() {
            reading.problem("property", "is missing: the file describes one");
        }
        let property = part.map(|part| property::read(part, reading));
        // The rest is checked all the same.
        let currency = property
            .as_ref()
            .map_or(Currency::ARS, |property| property.currency);
        let parts = whole.parts(reading, "unit_types");
        if parts.is_empty() {
            reading.problem("unit_types", "is missing: name at least one type of cabin");
        }
        let unit_types: Vec<_> = parts
            .into_iter()
            .filter_map(|part| unit_type::read(part, currency, reading))
            .collect();
        twice(
            unit_types.iter().map(|it| it.name.as_str()),
            "unit_types",
            reading,
        );
        let names: BTreeSet<&str> = unit_types.iter().map(|it| it.name.as_str()).collect();
        let seasons: Vec<_> = whole
            .parts(reading, "seasons")
            .into_iter()
            .filter_map(|part| season::read(part, currency, &names, reading))
            .collect();
        twice(
            seasons.iter().map(|it| it.season.name.as_str()),
            "seasons",
            reading,
        );
        let property = property?;
        Some(Self {
            name: property.name,
            currency,
            country: property.country,
            settings: property.settings,
            texts: property.texts,
            holidays: property.holidays,
            not_holidays: property.not_holidays,
            exchange_rate: property.exchange_rate,
            unit_types,
            seasons,
        })
    }
}

/// Two of a name cannot be told apart.
fn twice<'n>(names: impl Iterator<Item = &'n str>, at: &str, reading: &mut Reading) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            reading.problem(at, format!("{name:?} is there twice"));
        }
    }
}
