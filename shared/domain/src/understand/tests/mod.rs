//! How the parts work together. Whole sentences, rated by the hundred, stand in `tests/language`.

mod answers;
mod bookings;
mod names;
mod party;
mod questions;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Asked, Context, Understanding, holidays, understand};

/// A Friday before a long weekend.
const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();

fn read(text: &str) -> Understanding {
    read_after(None, text)
}

fn read_after(asked: Option<Asked>, text: &str) -> Understanding {
    read_with(asked, &[], text)
}

fn read_with(asked: Option<Asked>, names: &[String], text: &str) -> Understanding {
    let holidays: BTreeMap<NaiveDate, String> = holidays::argentina(2026..=2027);
    let context = Context {
        today: TODAY,
        holidays: &holidays,
        asked,
        check_in: None,
        names,
    };
    understand(text, &context)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
