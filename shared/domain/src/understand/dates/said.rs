//! What was said, sorted by kind.

use super::item::{Day, Item, Month, Next, Period, Role, What};
use super::settle::is_date;
use crate::understand::Vague;
use crate::understand::lex::Token;

/// What remains once corrections are made, by kind.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "several of them can be true of one text"
)]
pub(super) struct Said {
    pub(super) ranges: Vec<What>,
    pub(super) days: Vec<(Day, Role)>,
    pub(super) periods: Vec<Period>,
    pub(super) nights: Option<(u32, Option<u32>)>,
    /// With their places.
    pub(super) months: Vec<(Month, usize)>,
    pub(super) about: Option<Day>,
    pub(super) vague: Option<Vague>,
    /// "o", "si no".
    pub(super) choice: bool,
    /// Two ends to look between, not to stay between: "entre el 2 y el 20".
    pub(super) window: bool,
    /// "esta noche".
    pub(super) tonight: bool,
    /// "las fiestas": the end of the year.
    pub(super) feasts: bool,
    /// "no sé qué días": a period is only where to look.
    pub(super) unsure: bool,
    /// Where the first date stands.
    pub(super) first: usize,
}

impl Said {
    pub(super) fn month(&self) -> Option<(Month, bool)> {
        let before = self.months.iter().rev().find(|(_, at)| *at < self.first);
        before
            .or(self.months.first())
            .map(|(month, at)| (*month, *at < self.first))
            .or_else(|| self.shared_month())
    }

    /// Says a day by its number.
    pub(super) fn is_numbered(&self) -> bool {
        let ranges = self.ranges.iter().filter_map(|range| match range {
            What::Range(from, _) | What::Nightly(from, _) => Some(*from),
            _ => None,
        });
        ranges
            .chain(self.days.iter().map(|(day, _)| *day))
            .any(|day| day.day.is_some())
    }

    /// "el 10 o el 11 de enero": the month of a later one is that of all.
    fn shared_month(&self) -> Option<(Month, bool)> {
        let ranges = self.ranges.iter().filter_map(|range| match range {
            What::Range(from, to) | What::Nightly(from, to) => {
                Some(if to.month.is_some() { *to } else { *from })
            }
            _ => None,
        });
        let days = self
            .days
            .iter()
            .filter(|(_, role)| *role == Role::Any && self.choice)
            .map(|(day, _)| *day);
        let of = |day: Day| {
            Some((
                Month {
                    month: day.month?,
                    year: day.year,
                },
                false,
            ))
        };
        ranges.chain(days).find_map(of)
    }

    /// "la semana que viene el martes": the day of that week.
    pub(super) fn in_week(&self, mut day: Day) -> Day {
        if day.weekday.is_some() && day.day.is_none() && day.next.is_none() {
            day.next = self.periods.iter().find_map(|period| match period {
                Period::Week(weeks) => Some(Next::Week(*weeks)),
                _ => None,
            });
        }
        day
    }
}

pub(super) fn sort(items: &[Item], tokens: &[Token]) -> Said {
    let mut said = Said {
        first: usize::MAX,
        ..Said::default()
    };
    for item in items {
        if is_date(item.what) && said.first == usize::MAX {
            said.first = item.at;
        }
        match item.what {
            What::Range(..) | What::Nightly(..) => {
                said.window |= tokens
                    .get(item.at)
                    .is_some_and(|token| token.any(&["entre", "between"]));
                said.ranges.push(item.what);
            }
            What::Day(day, role) => {
                said.tonight |= day.date.is_some() && role != Role::End && is_night(tokens, item);
                said.days.push((day, role));
            }
            What::Period(period) => said.periods.push(period),
            What::Nights(n, other) => said.nights = said.nights.or(Some((n, other))),
            What::Month(month) => said.months.push((month, item.at)),
            What::About(day) => said.about = said.about.or(Some(day)),
            What::Vague(vague) => {
                said.vague = said.vague.or(Some(vague));
                said.feasts |= vague == Vague::Season
                    && tokens
                        .iter()
                        .take(item.end)
                        .skip(item.at)
                        .any(|token| token.is("fiestas"));
            }
            What::Or => said.choice = true,
            What::Unsure => said.unsure = true,
            What::Correction | What::Instead | What::No => {}
        }
    }
    said
}

/// "esta noche", "hoy a la noche": one night, not the hour of an arrival.
fn is_night(tokens: &[Token], item: &Item) -> bool {
    let said = tokens.get(item.at..item.end).unwrap_or_default();
    let night = said.iter().any(|token| token.any(&["noche", "tonight"]));
    let word = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| token.any(words));
    let behind = word(item.end, &["noche"])
        || word(item.end, &["a", "por", "de"])
            && (word(item.end + 1, &["noche"])
                || word(item.end + 1, &["la"]) && word(item.end + 2, &["noche"]));
    night
        || behind
            && matches!(item.what, What::Day(_, Role::Any))
            && said
                .iter()
                .any(|token| token.any(&["hoy", "hoje", "today"]))
}
