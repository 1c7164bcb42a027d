//! Stays of which both ends were said, or one and the nights.

use super::Found;
use super::assemble::{dated, dates, impossible};
use super::item::{Day, Next, Period, Role, What};
use super::pick::{Calendar, minus, plus};
use super::said::Said;
use super::spell::Span;
use crate::understand::{Context, Vague};

impl Said {
    /// "del 10 al 15", "15 y 16"; further ones are other possibilities.
    pub(super) fn by_range(&self, calendar: &Calendar) -> Option<Found> {
        let weeks = self.periods.iter().find_map(|period| match period {
            Period::Week(weeks) => Some(*weeks),
            _ => None,
        });
        let numbered = |range: &&What| {
            matches!(range, What::Range(from, to) | What::Nightly(from, to)
                if from.day.or(to.day).is_some() || from.date.or(to.date).is_some())
        };
        // "de sábado a sábado, del 1 al 8": the days of the week only describe the others.
        let by_number = self.ranges.iter().any(|range| numbered(&range));
        let described = !self.choice && by_number;
        let around = self
            .days
            .iter()
            .find(|(day, _)| day.day.is_some() || day.date.is_some());
        let calendar = match around
            .filter(|_| !by_number)
            .and_then(|(day, _)| calendar.day(*day))
        {
            Some(date) => Calendar {
                from: minus(date, 2).unwrap_or(date).max(calendar.today),
                ..*calendar
            },
            None => *calendar,
        };
        // "de viernes a domingo en enero": which of them was not said.
        let somewhere = self.months.first().is_some_and(|_| {
            self.ranges.iter().all(|range| !numbered(&range))
                && around.is_none()
                && self.periods.is_empty()
        });
        if somewhere {
            return None;
        }
        let mut stays = Vec::new();
        for range in self
            .ranges
            .iter()
            .filter(|range| !described || numbered(range))
        {
            let (mut from, mut to, nightly) = match *range {
                What::Range(from, to) => (from, to, false),
                What::Nightly(from, to) => (from, to, true),
                _ => continue,
            };
            for day in [&mut from, &mut to] {
                if day.weekday.is_some() && day.day.is_none() && day.next.is_none() {
                    day.next = weeks.map(Next::Week);
                }
            }
            let stay = if nightly {
                nightly_stay(&calendar, from, to)
            } else {
                calendar.stay(from, to).map(|stay| (stay, None))
            };
            match stay {
                Some((stay, other)) => {
                    let turns = from.weekday.is_some()
                        && from.day.is_none()
                        && from.next != Some(Next::This);
                    let again = turns
                        .then(|| Some((plus(stay.0, 7)?, plus(stay.1, 7)?)))
                        .flatten()
                        .filter(|_| !matches!(from.next, Some(Next::Week(_))));
                    stays.push((stay, other, again));
                }
                None if stays.is_empty() => return Some(impossible()),
                None => {}
            }
        }
        // "entre el 2 y el 20 de enero, una semana": there, but when was not said.
        if let (true, Some((n, _)), Some(((from, to), ..))) =
            (self.window, self.nights, stays.first())
            && i64::from(n) + 2 < (*to - *from).num_days()
        {
            return Some(Found {
                nights: Some(n),
                vague: Some(Vague::PartOfMonth),
                vague_month: chrono::Datelike::with_day(from, 1),
                ..Found::default()
            });
        }
        let mut stays = stays.into_iter();
        let (stay, other, again) = stays.next()?;
        let mut found = dated(stay);
        found.alternatives.extend(other.map(dates));
        // "del 10 al 15 o 16": another end.
        if let (true, Some(What::Range(from, _))) = (self.choice, self.ranges.first()) {
            let ends = self
                .days
                .iter()
                .filter(|(day, role)| day.day.is_some() && *role == Role::Any);
            found.alternatives.extend(
                ends.filter_map(|(day, _)| calendar.stay(*from, *day))
                    .map(dates),
            );
        }
        found
            .alternatives
            .extend(stays.map(|(stay, ..)| dates(stay)));
        found.alternatives.extend(again.map(dates));
        Some(found)
    }

    /// "llegamos el 18 y nos vamos el 25", "3 noches desde el 5", "hasta el 15".
    pub(super) fn by_ends(&self, calendar: &Calendar, context: &Context<'_>) -> Option<Found> {
        let last = self
            .days
            .iter()
            .rev()
            .find(|(_, role)| *role == Role::End)
            .map(|(day, _)| *day);
        let starts: Vec<Day> = self
            .days
            .iter()
            .filter(|(_, role)| *role != Role::End)
            .map(|(day, _)| *day)
            .collect();
        let start = self
            .days
            .iter()
            .find(|(_, role)| *role == Role::Start)
            .map(|(day, _)| *day)
            .or(starts.first().copied());
        // "salimos mañana y volvemos el martes": leaving home is arriving here.
        let start = start.or(match self.days.as_slice() {
            [(first, Role::End), .., (_, Role::End)] => Some(*first),
            _ => None,
        });
        match (start, last) {
            (Some(from), Some(to)) => {
                let stay = calendar.stay(from, to);
                // "salgo de Córdoba el 9 y llego el 10": leaving home is no departure.
                let long =
                    stay.is_none_or(|(a, b)| (b - a).num_days() > 21) || self.nights.is_some();
                if long && matches!(self.days.as_slice(), [(_, Role::End), (_, Role::Start)]) {
                    let check_in = calendar.day(from)?;
                    let check_out = self.nights.and_then(|(n, _)| plus(check_in, u64::from(n)));
                    return Some(Found {
                        check_in: Some(check_in),
                        check_out,
                        ..Found::default()
                    });
                }
                Some(stay.map_or_else(impossible, dated))
            }
            (None, Some(to)) => {
                let after = context.check_in.unwrap_or(context.today);
                let calendar = Calendar {
                    from: plus(after, 1)?,
                    ..*calendar
                };
                let check_out = calendar.day(to).filter(|out| *out > after);
                let Some(check_out) = check_out else {
                    return Some(impossible());
                };
                if let Some((n, None)) = self.nights
                    && let Some(check_in) =
                        minus(check_out, u64::from(n)).filter(|date| *date >= context.today)
                {
                    return Some(dated((check_in, check_out)));
                }
                Some(Found {
                    check_out: Some(check_out),
                    ..Found::default()
                })
            }
            (Some(from), None) => {
                let (n, other) = self.nights?;
                let stay = |from: Day| {
                    let check_in = calendar.day(from)?;
                    Some(dates((check_in, plus(check_in, u64::from(n))?)))
                };
                let Some(check_in) = calendar.day(self.in_week(from)) else {
                    return Some(impossible());
                };
                let out = |n: u32| plus(check_in, u64::from(n));
                Some(match other {
                    None => Found {
                        alternatives: starts.into_iter().filter_map(stay).collect(),
                        ..dated((check_in, out(n)?))
                    },
                    Some(m) => Found {
                        check_in: Some(check_in),
                        alternatives: vec![dates((check_in, out(n)?)), dates((check_in, out(m)?))],
                        ..Found::default()
                    },
                })
            }
            (None, None) => None,
        }
    }
}

/// The nights of these days, and the other way to count them.
fn nightly_stay(calendar: &Calendar, from: Day, to: Day) -> Option<(Span, Option<Span>)> {
    let (first, last) = if from == to {
        let day = calendar.day(from)?;
        (day, day)
    } else {
        calendar.stay(from, to)?
    };
    let night = (first, plus(last, 1)?);
    // "sabado y domingo" is a weekend: home on Sunday.
    let weekend = to.weekday == Some(chrono::Weekday::Sun) && from != to;
    Some(if weekend {
        ((first, last), Some(night))
    } else {
        (night, (first != last).then_some((first, last)))
    })
}
