//! Twice the text, about twice the time: nothing in the rules can run away.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use posta_domain::understand::{Context, understand};

use crate::arbitrary::{FRAGMENTS, LONGEST};
use crate::rows;
use crate::score::{HOLIDAYS, read};

fn context() -> Context<'static> {
    Context {
        today: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
        holidays: &HOLIDAYS,
        asked: None,
        check_in: None,
        names: &[],
    }
}

fn time_once(text: &str) -> Duration {
    let start = Instant::now();
    std::hint::black_box(understand(std::hint::black_box(text), &context()));
    start.elapsed()
}

/// The best of some runs: the machine's other work only adds.
fn time(text: &str) -> Duration {
    (0..9).map(|_| time_once(text)).min().unwrap()
}

#[test]
#[ignore = "measures time: make bench-language"]
fn a_usual_message_takes_well_below_a_millisecond() {
    println!(
        "the first one, which builds the tables: {:.1?}",
        time_once("hola")
    );
    let mut times: Vec<_> = rows::ours()
        .into_iter()
        .flat_map(|(_, rows)| rows)
        .map(|row| {
            let start = Instant::now();
            std::hint::black_box(read(&row));
            (start.elapsed(), row.text)
        })
        .collect();
    times.sort();
    let total: Duration = times.iter().map(|(time, _)| *time).sum();
    let mean = total / u32::try_from(times.len()).unwrap();
    let (slowest, text) = times.last().unwrap();
    let median = times[times.len() / 2].0;
    println!(
        "{} rows: mean {mean:.1?}, median {median:.1?}, slowest {slowest:.1?} ({text:?})",
        times.len()
    );
    assert!(median < Duration::from_millis(1), "{median:?}");
}

#[test]
#[ignore = "measures time: make bench-language"]
fn time_grows_with_the_length_and_no_faster() {
    for fragment in FRAGMENTS {
        let of = |length: usize| -> String { fragment.chars().cycle().take(length).collect() };
        let (short, long, endless) = (
            time(&of(LONGEST / 8)),
            time(&of(LONGEST)),
            time(&of(LONGEST * 64)),
        );
        println!("{fragment:>40?}  {short:>10.1?}  {long:>10.1?}  {endless:>10.1?}");
        // Quadratic would be 64 times; small texts have a price of their own.
        assert!(
            long < short * 24 + Duration::from_micros(500),
            "{fragment:?}: {short:?}, then {long:?} for 8 times the text"
        );
        // Only the first 4096 characters are read.
        assert!(
            endless < long * 4 + Duration::from_millis(2),
            "{fragment:?}: {long:?}, then {endless:?} for a text no provider delivers"
        );
    }
}
