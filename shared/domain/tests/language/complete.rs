//! When a message needs no waiting for the next one.

use posta_domain::understand::{Intent, is_complete};

use crate::row::Row;
use crate::rows;
use crate::score::context;

fn share(rows: &[Row], complete: bool) -> Vec<String> {
    rows.iter()
        .filter(|row| is_complete(&row.text, &context(row)) != complete)
        .map(|row| row.text.clone())
        .collect()
}

fn some(wanted: impl Fn(&Row) -> bool) -> Vec<Row> {
    rows::ours()
        .into_iter()
        .flat_map(|(_, rows)| rows)
        .filter(|row| row.asked.is_none() && wanted(row))
        .collect()
}

#[test]
fn dates_with_guests_need_no_waiting() {
    let rows =
        some(|row| row.check_out.is_some() && row.check_in.is_some() && row.guests_total.is_some());
    let missed = share(&rows, true);
    assert!(
        missed.len() * 50 < rows.len(),
        "{} of {}: {missed:?}",
        missed.len(),
        rows.len()
    );
}

#[test]
fn what_is_sure_to_be_followed_is_waited_for() {
    let rows = some(|row| {
        row.intent == Intent::Greeting
            || row.intent == Intent::Availability
                && row.check_in.is_none()
                && row.guests_total.is_none()
    });
    let missed = share(&rows, false);
    assert!(
        missed.len() * 50 < rows.len(),
        "{} of {}: {missed:?}",
        missed.len(),
        rows.len()
    );
}
