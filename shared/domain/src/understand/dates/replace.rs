//! What a correction does to what was said before it.

use super::item::{Day, Item, Month, Period, Role, What};
use super::settle::is_date;

/// Takes out of what was said what the rest says anew.
pub(super) fn replace(kept: &mut Vec<Item>, rest: &[Item]) {
    let until = rest
        .iter()
        .position(|item| matches!(item.what, What::Correction))
        .map_or(rest, |end| &rest[..end]);
    let whole = until.iter().any(|item| {
        matches!(
            item.what,
            What::Range(..) | What::Nightly(..) | What::Period(_)
        )
    });
    let any_day = until
        .iter()
        .any(|item| matches!(item.what, What::Day(_, Role::Any)));
    let start = until
        .iter()
        .any(|item| matches!(item.what, What::Day(_, Role::Start)));
    let end = until
        .iter()
        .any(|item| matches!(item.what, What::Day(_, Role::End)));
    let nights = until
        .iter()
        .any(|item| matches!(item.what, What::Nights(..)));
    let months: Vec<Item> = kept.iter().filter_map(|item| month_of(*item)).collect();
    if whole || any_day || start && end {
        kept.extend(months);
        kept.retain(|item| {
            !is_date(item.what) || matches!(item.what, What::Nights(..)) && any_day && !nights
        });
        return;
    }
    if !(start || end || nights) {
        return;
    }
    let mut out = Vec::new();
    for item in kept.iter() {
        match item.what {
            What::Range(mut from, to) => {
                if !start {
                    if from.day <= to.day && from.day.is_some() {
                        from.month = from.month.or(to.month);
                    }
                    out.push(Item {
                        what: What::Day(from, Role::Start),
                        ..*item
                    });
                }
                if !(end || nights) {
                    out.push(Item {
                        what: What::Day(to, Role::End),
                        ..*item
                    });
                }
            }
            said => {
                let anew = match said {
                    What::Day(_, Role::End) | What::Nights(..) => end || nights,
                    What::Day(_, Role::Any | Role::Start) => start,
                    _ => false,
                };
                if !anew {
                    out.push(*item);
                }
            }
        }
    }
    *kept = out;
}

/// "del 4 al 11 de enero, no, de febrero": only the month changes.
pub(super) fn in_month(item: &mut Item, month: Month) {
    let set = |day: &mut Day| {
        if day.month.is_some() {
            day.month = Some(month.month);
            day.year = month.year;
        }
    };
    match &mut item.what {
        What::Range(from, to) | What::Nightly(from, to) => {
            set(from);
            set(to);
        }
        What::Day(day, _) => set(day),
        What::Period(
            Period::Half(_, of)
            | Period::NthWeek(_, of)
            | Period::NthWeekend(_, of)
            | Period::Long(_, of, _),
        ) => {
            *of = Some(month);
        }
        _ => {}
    }
}

/// The month of what is taken back still holds for what follows without one.
pub(super) fn month_of(item: Item) -> Option<Item> {
    let (What::Range(day, other) | What::Nightly(day, other)) = item.what else {
        let What::Day(day, _) = item.what else {
            return None;
        };
        return Some(Item {
            what: What::Month(Month {
                month: day.month?,
                year: day.year,
            }),
            ..item
        });
    };
    let month = Month {
        month: day.month.or(other.month)?,
        year: day.year.or(other.year),
    };
    Some(Item {
        what: What::Month(month),
        ..item
    })
}
