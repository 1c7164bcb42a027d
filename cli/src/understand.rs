//! `posta understand`: what a message says and wants, as the desk reads it.
//!
//! JSON lines in, JSON lines out, in order, one at a time. Needs no environment: no database, no configuration; the
//! holidays are those of the law, not a property's. A line that cannot be read is answered by `{"error": …}` in its
//! place, and the exit code is 1 in the end.

use std::{
    collections::BTreeMap,
    io::{self, BufRead as _, Write as _},
    process::ExitCode,
};

use chrono::{Datelike as _, NaiveDate};
use posta_domain::understand::{Context, Understanding, holidays, understand};
use posta_runtime::clock::{Clock as _, SystemClock};
use serde_json::json;

/// Days a message may be read on; beyond them a calendar means nothing.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The day at the property, YYYY-MM-DD, for lines without `reference_date`; today in Argentina if left out.
    #[arg(long, value_parser = day)]
    date: Option<NaiveDate>,
}

/// A line of the input. Other fields are ignored.
struct Line {
    text: String,
    reference_date: Option<NaiveDate>,
}

/// Reads lines from standard input until it ends.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let today = arguments.date.unwrap_or_else(today);
    let mut reader = Reader::default();
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut bytes = Vec::new();
    let mut wrong = false;
    while {
        bytes.clear();
        input.read_until(b'\n', &mut bytes)? > 0
    } {
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let answer = match parse(&bytes) {
            Ok(line) => serde_json::to_string(&reader.read(&line, today))?,
            Err(problem) => {
                wrong = true;
                json!({ "error": problem }).to_string()
            }
        };
        match writeln!(output, "{answer}").and_then(|()| output.flush()) {
            // Whoever closed the pipe has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            written => written?,
        }
    }
    Ok(if wrong {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Reads messages; holidays are computed once a year.
#[derive(Default)]
struct Reader {
    holidays: BTreeMap<i32, BTreeMap<NaiveDate, String>>,
}

impl Reader {
    fn read(&mut self, line: &Line, today: NaiveDate) -> Understanding {
        let today = line.reference_date.unwrap_or(today);
        let year = today.year();
        let holidays = self
            .holidays
            .entry(year)
            .or_insert_with(|| holidays::argentina(year - 1..=year + 2));
        let context = Context {
            today,
            holidays,
            asked: None,
            check_in: None,
            names: &[],
        };
        understand(&line.text, &context)
    }
}

fn parse(bytes: &[u8]) -> Result<Line, String> {
    let value: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| format!("not a JSON object: {error}"))?;
    let text = value
        .get("text")
        .and_then(serde_json::Value::as_str)
        .ok_or("no \"text\"")?;
    let reference_date = match value.get("reference_date") {
        None | Some(serde_json::Value::Null) => None,
        Some(date) => Some(
            date.as_str()
                .ok_or_else(|| "\"reference_date\" is no text".to_owned())
                .and_then(day)?,
        ),
    };
    Ok(Line {
        text: text.to_owned(),
        reference_date,
    })
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse::<NaiveDate>()
        .ok()
        .filter(|day| YEARS.contains(&day.year()))
        .ok_or_else(|| format!("{text:?} is no day, YYYY-MM-DD"))
}

fn today() -> NaiveDate {
    SystemClock
        .now()
        .with_timezone(&chrono_tz::America::Argentina::Buenos_Aires)
        .date_naive()
}
