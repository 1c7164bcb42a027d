//! How guests write, and what must be understood: rows of text with the intent, dates and guests a person would read
//! in them, some with several honest readings. `make test-language` prints the confusion table and every miss.
//!
//! Guaranteed: the rows of each file were written without looking at the rules, their dates computed apart from them;
//! the rates below are those of the rows as a whole, so a single row may be missed. Not guaranteed: that other
//! sentences are understood as often.

#![expect(clippy::unwrap_used, reason = "these are tests")]

mod arbitrary;
mod combined;
mod complete;
mod every_day;
mod growth;
mod report;
mod row;
mod rows;
mod score;
mod variations;

use score::{Least, Score};

/// What the project promises of the intents, dates and guests of rows nobody tuned the rules on.
const LEAST: Least = Least {
    intents: 0.97,
    dates: 0.97,
    guests: 0.97,
    details: 0.90,
};

#[test]
fn the_given_rows_are_understood() {
    let score = Score::of("given", &rows::given());
    report::print(&score);
    assert_eq!(score.problems(&LEAST), Vec::<String>::new());
}

#[test]
fn the_rows_beside_the_project_are_understood() {
    let Some(rows) = rows::beside_the_project() else {
        eprintln!("SKIPPED: there is no ../shared/corpus/language beside this project");
        return;
    };
    let score = Score::of("beside the project", &rows);
    report::print(&score);
    assert_eq!(score.problems(&LEAST), Vec::<String>::new());
}

#[test]
fn our_rows_are_understood() {
    let files = rows::ours();
    for (file, rows) in &files {
        report::line(&Score::of(file, rows));
    }
    let all: Vec<_> = files.into_iter().flat_map(|(_, rows)| rows).collect();
    assert!(all.len() >= 282, "rows have gone missing: {}", all.len());
    let score = Score::of("ours", &all);
    report::print(&score);
    assert_eq!(score.problems(&LEAST), Vec::<String>::new());
}

#[test]
fn the_rows_spread_over_the_year() {
    use chrono::Datelike;
    let days: std::collections::BTreeSet<_> = rows::ours()
        .into_iter()
        .flat_map(|(_, rows)| rows)
        .map(|row| row.reference_date)
        .collect();
    let months: std::collections::BTreeSet<_> = days.iter().map(Datelike::month).collect();
    assert_eq!(months.len(), 12, "{months:?}");
}
