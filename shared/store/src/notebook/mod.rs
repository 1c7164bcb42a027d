//! The owner's notebook: bookings she took before Posta, read from a table that a spreadsheet saved as CSV.
//!
//! Guaranteed: all or nothing. Every problem of every line is said (with its line) and then nothing is written; what is
//! written is one transaction that has locked the cabins, so that it sells no night twice. Each line becomes a booking
//! that is confirmed (completed, if the guest has left already) at exactly the price that is written, with what was
//! paid in the ledger. A line that was imported before is skipped and said, also when its booking has been moved,
//! changed or cancelled since: importing a notebook that has grown adds what is new.
//!
//! Not guaranteed: that the notebook is right. Conditions of sale (minimum nights, arrival days, the horizon) are not
//! asked of what was agreed long ago; only that the guests fit.

mod cell;
mod columns;
mod compare;
mod entry;
mod seen;
mod table;
mod write;

use posta_domain::refusal::Refusal;

use crate::{
    audit::By,
    booking::{BookingError, units},
    catalog::{self, Place},
    error::{Doing as _, StoreError},
    ids::{AccommodationId, PropertyId},
    import::{FileProblem, FileProblems},
    pool::Store,
};

pub use columns::{ALL as COLUMNS, Column};
use entry::Entry;

/// A notebook has at most so many lines.
pub const MOST_LINES: usize = 5_000;

/// How to import.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// Look at everything, and write nothing.
    pub dry_run: bool,
    /// What the guest reads where the written price is not the table's: "Agreed price", in her language.
    pub agreed_price: &'a str,
}

/// One line's booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Of the file, from 1.
    pub line: usize,
    /// The booking's code; in a dry run one that nobody has.
    pub code: String,
}

/// What became of the lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Now bookings.
    pub made: Vec<Line>,
    /// Bookings before.
    pub skipped: Vec<Line>,
}

/// Nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum NotebookError {
    /// Everything that is wrong with the file.
    #[error("{0}")]
    Problems(FileProblems),
    /// There is none, or it is another tenant's.
    #[error("there is no such property")]
    NoProperty,
    /// Somebody works on these cabins for too long: try again.
    #[error("the cabins are being worked on: try again")]
    Busy(#[source] StoreError),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
}

/// Imports the bytes of a CSV file.
pub async fn import(
    store: &Store,
    by: &By,
    property: PropertyId,
    bytes: &[u8],
    options: &Options<'_>,
) -> Result<Report, NotebookError> {
    let mut tx = store.begin().await?;
    let place = catalog::place(&mut tx, Some(by.tenant), property)
        .await?
        .ok_or(NotebookError::NoProperty)?;
    let today = catalog::today(&mut tx, place.property.zone).await?;
    let (entries, mut problems) = read(bytes, &place, today);
    let cabins: Vec<AccommodationId> = entries.iter().map(|entry| entry.cabin).collect();
    let now = units::lock(&mut tx, by.tenant, &cabins).await?;
    let sorted = seen::sort(&mut tx, by.tenant, entries).await?;
    problems.extend(seen::taken(&mut tx, by.tenant, &sorted.new, now).await?);
    if !problems.is_empty() {
        return Err(NotebookError::Problems(FileProblems::new(problems)));
    }
    let at = write::At {
        by,
        place: &place,
        now,
        agreed_price: options.agreed_price,
    };
    let mut report = Report {
        made: Vec::new(),
        skipped: sorted.seen,
    };
    let mut guests = write::Guests::default();
    for (entry, key) in &sorted.new {
        let code = write::entry(&mut tx, &at, &mut guests, entry, key).await?;
        report.made.push(Line {
            line: entry.line,
            code,
        });
    }
    if options.dry_run {
        tx.rollback().await.doing("take back the dry run")?;
    } else {
        tx.commit().await.doing("commit the notebook")?;
    }
    Ok(report)
}

/// Everything that can be said without the bookings there are.
fn read(bytes: &[u8], place: &Place, today: chrono::NaiveDate) -> (Vec<Entry>, Vec<FileProblem>) {
    let mut problems = Vec::new();
    let Some(table) = table::read(bytes, &mut problems) else {
        return (Vec::new(), problems);
    };
    let entries: Vec<Entry> = table
        .rows
        .iter()
        .filter_map(|row| entry::read(row, place, today, &mut problems))
        .collect();
    compare::overlaps(&entries, place, &mut problems);
    (entries, problems)
}

fn problem(line: usize, at: &str, text: impl Into<String>) -> FileProblem {
    FileProblem {
        line: Some(line),
        at: at.to_owned(),
        text: text.into(),
    }
}

// === impl NotebookError ===

impl From<StoreError> for NotebookError {
    fn from(error: StoreError) -> Self {
        BookingError::from(error).into()
    }
}

impl From<BookingError> for NotebookError {
    fn from(error: BookingError) -> Self {
        match error {
            BookingError::Busy(source) => Self::Busy(source),
            BookingError::Store(source) => Self::Store(source),
            BookingError::Refused(Refusal::Taken { .. }) => Self::Busy(StoreError::Conflict(
                "some of the nights were taken meanwhile",
            )),
            _ => Self::Store(StoreError::Conflict("the bookings changed meanwhile")),
        }
    }
}
