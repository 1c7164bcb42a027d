//! From all that was said to one stay: corrections first, then ranges, ends, periods, single days.

use super::Found;
use super::item::{Day, Item, Month, Next, Period, Role, What};
use super::pick::{Calendar, first_of, minus, plus};
use super::spell::{Spell, spell};
use crate::understand::lex::Token;
use crate::understand::{Asked, Context, Dates, Vague};

use chrono::NaiveDate;

/// What remains once corrections are made, by kind.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) ranges: Vec<What>,
    pub(super) days: Vec<(Day, Role)>,
    pub(super) periods: Vec<Period>,
    pub(super) nights: Option<(u32, Option<u32>)>,
    pub(super) months: Vec<(Month, usize)>,
    pub(super) about: Option<Day>,
    pub(super) vague: Option<Vague>,
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

pub(super) fn assemble(items: &[Item], tokens: &[Token], context: &Context<'_>) -> Found {
    let (said, correction) = super::settle::settle(items, tokens);
    let mut found = said.found(context);
    found.correction = correction;
    found.alternatives.retain(|other| {
        other.check_in >= context.today
            && other.check_out.is_none_or(|out| out > other.check_in)
            && (Some(other.check_in), other.check_out) != (found.check_in, found.check_out)
    });
    let mut seen = Vec::new();
    found.alternatives.retain(|other| {
        let new = !seen.contains(other);
        seen.push(*other);
        new
    });
    found.alternatives.truncate(6);
    found
}

impl Said {
    fn month(&self) -> Option<(Month, bool)> {
        let before = self.months.iter().rev().find(|(_, at)| *at < self.first);
        before
            .or(self.months.first())
            .map(|(month, at)| (*month, *at < self.first))
            .or_else(|| self.shared_month())
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

    fn found(&self, context: &Context<'_>) -> Found {
        let mut calendar = Calendar {
            today: context.today,
            from: context.today,
            month: self.month(),
        };
        let named = self
            .periods
            .first()
            .and_then(|period| spell(*period, &calendar, context));
        if let Some(named) = &named
            && calendar.month.is_none()
        {
            calendar.from = minus(named.span.0, 4)
                .unwrap_or(context.today)
                .max(context.today);
        }
        if self.feasts {
            let mid = NaiveDate::from_ymd_opt(chrono::Datelike::year(&context.today), 12, 15);
            calendar.from = mid.unwrap_or(context.today).max(context.today);
        }
        let mut found = self
            .by_range(&calendar)
            .or_else(|| self.by_ends(&calendar, context))
            .or_else(|| {
                named
                    .as_ref()
                    .and_then(|named| self.by_period(named, &calendar, context))
            })
            .or_else(|| self.by_day(&calendar, context))
            .unwrap_or_else(|| self.vaguely(&calendar, context));
        if let (Some(check_in), Some(check_out)) = (found.check_in, found.check_out) {
            found.nights = u32::try_from((check_out - check_in).num_days()).ok();
        }
        found
    }

    /// "del 10 al 15", "15 y 16"; further ones are other possibilities.
    fn by_range(&self, calendar: &Calendar) -> Option<Found> {
        let weeks = self.periods.iter().find_map(|period| match period {
            Period::Week(weeks) => Some(*weeks),
            _ => None,
        });
        let numbered = |range: &&What| {
            matches!(range, What::Range(from, to) | What::Nightly(from, to)
                if from.day.or(to.day).is_some() || from.date.or(to.date).is_some())
        };
        // "de sábado a sábado, del 1 al 8": the days of the week only describe the others.
        let described = !self.choice && self.ranges.iter().any(|range| numbered(&range));
        let around = self
            .days
            .iter()
            .find(|(day, _)| day.day.is_some() || day.date.is_some());
        let calendar = match around
            .filter(|_| !described)
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
        found
            .alternatives
            .extend(stays.map(|(stay, ..)| dates(stay)));
        found.alternatives.extend(again.map(dates));
        Some(found)
    }

    /// "llegamos el 18 y nos vamos el 25", "3 noches desde el 5", "hasta el 15".
    fn by_ends(&self, calendar: &Calendar, context: &Context<'_>) -> Option<Found> {
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
        match (start, last) {
            (Some(from), Some(to)) => Some(calendar.stay(from, to).map_or_else(impossible, dated)),
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

    /// "la semana que viene el martes": the day of that week.
    fn in_week(&self, mut day: Day) -> Day {
        if day.weekday.is_some() && day.day.is_none() && day.next.is_none() {
            day.next = self.periods.iter().find_map(|period| match period {
                Period::Week(weeks) => Some(Next::Week(*weeks)),
                _ => None,
            });
        }
        day
    }

    fn by_period(
        &self,
        named: &Spell,
        calendar: &Calendar,
        context: &Context<'_>,
    ) -> Option<Found> {
        if let Some((day, _)) = self.days.first() {
            let mut day = self.in_week(*day);
            if let Some(Period::Long(_, Some(month), None)) = self.periods.first()
                && day.month.is_none()
                && day.date.is_none()
            {
                day.month = Some(month.month);
                day.year = month.year;
            }
            let date = calendar.day(day)?;
            let (eve, after) = (minus(named.span.0, 1)?, plus(named.span.1, 1)?);
            // "el finde largo, el del 8" says which; another day says something else.
            if !(eve..=after).contains(&date) || matches!(day.next, Some(Next::Week(_))) {
                if let Some(Period::Long(next, month, None)) = self.periods.first()
                    && let Some(other) =
                        spell(Period::Long(*next, *month, Some(day)), calendar, context)
                {
                    return Some(spelt(&other));
                }
                return None;
            }
        }
        let mut found = spelt(named);
        // Feasts of no fixed length: where to look, with the usual ways to count them.
        if matches!(
            self.periods.first(),
            Some(Period::Christmas | Period::NewYear | Period::NthWeek(..))
        ) && self.nights.is_none()
        {
            found.alternatives.insert(0, dates(named.span));
            return Some(Found {
                check_in: None,
                check_out: None,
                vague: Some(
                    if matches!(self.periods.first(), Some(Period::NthWeek(..))) {
                        Vague::PartOfMonth
                    } else {
                        Vague::Other
                    },
                ),
                vague_month: chrono::Datelike::with_day(&named.span.0, 1),
                ..found
            });
        }
        if let Some((n, None)) = self.nights {
            let own = (named.span.1 - named.span.0).num_days();
            let longer = i64::from(n) > own;
            let fixed_end = longer
                && matches!(
                    self.periods.first(),
                    Some(Period::Easter | Period::Carnival | Period::Long(..))
                );
            let stay = if fixed_end {
                (
                    minus(named.span.1, u64::from(n))?.max(context.today),
                    named.span.1,
                )
            } else {
                (named.span.0, plus(named.span.0, u64::from(n))?)
            };
            if stay != named.span {
                found = dated(stay);
                found.alternatives = vec![dates(named.span)];
            }
        }
        for period in self.periods.iter().skip(1) {
            found.alternatives.splice(
                0..0,
                spell(*period, calendar, context).map(|other| dates(other.span)),
            );
        }
        Some(found)
    }

    /// One day only; two without a word between them are its two ends.
    fn by_day(&self, calendar: &Calendar, context: &Context<'_>) -> Option<Found> {
        let asked = matches!(context.asked, Some(Asked::Dates | Asked::CheckOut));
        let (first, _) = self.days.first()?;
        if let ([(a, Role::Any | Role::Start), (b, Role::Any)], false) =
            (self.days.as_slice(), self.choice)
            && (a.month.is_some() || b.month.is_some() || asked)
            && a.day.is_some()
            && b.day.is_some()
            && let Some(stay) = calendar.stay(*a, *b)
        {
            return Some(dated(stay));
        }
        let day = self.in_week(*first);
        let Some(check_in) = calendar.day(day) else {
            return Some(impossible());
        };
        let mut found = Found {
            check_in: Some(check_in),
            check_out: plus(check_in, 1).filter(|_| self.tonight && self.days.len() == 1),
            ..Found::default()
        };
        for (other, _) in self.days.iter().skip(1) {
            found
                .alternatives
                .extend(calendar.day(*other).map(|check_in| Dates {
                    check_in,
                    check_out: None,
                }));
        }
        let turns = day.weekday.is_some()
            && day.day.is_none()
            && (check_in == calendar.today || day.next == Some(Next::Coming));
        if turns {
            found
                .alternatives
                .extend(plus(check_in, 7).map(|check_in| Dates {
                    check_in,
                    check_out: None,
                }));
        }
        Some(found)
    }

    fn vaguely(&self, calendar: &Calendar, context: &Context<'_>) -> Found {
        let mut found = Found::default();
        let month = self
            .months
            .first()
            .map(|(month, _)| *month)
            .or(self.periods.iter().find_map(|period| match period {
                Period::Half(_, month)
                | Period::NthWeek(_, month)
                | Period::NthWeekend(_, month) => *month,
                _ => None,
            }));
        found.vague_month = month.and_then(|month| first_of(month, calendar.today));
        if let Some(day) = self.about {
            let date = calendar.day(day);
            found.vague = Some(Vague::PartOfMonth);
            found.vague_month = date.and_then(|date| chrono::Datelike::with_day(&date, 1));
            found.alternatives.extend(date.map(|check_in| Dates {
                check_in,
                check_out: None,
            }));
        } else {
            let part = self.periods.first().map(|_| Vague::PartOfMonth);
            let part = part.or(self
                .unsure
                .then_some(self.vague.unwrap_or(if month.is_some() {
                    Vague::Month
                } else {
                    Vague::Other
                })));
            found.vague = part.or(self.vague).or(month.map(|_| Vague::Month));
        }
        if let Some((n, other)) = self.nights {
            found.nights = Some(n).filter(|_| other.is_none());
            if let (Some(check_in), None, None) = (context.check_in, other, found.vague) {
                found.check_out = plus(check_in, u64::from(n)).filter(|out| *out > context.today);
            }
        }
        found
    }
}

fn nightly_stay(
    calendar: &Calendar,
    from: Day,
    to: Day,
) -> Option<((NaiveDate, NaiveDate), Option<(NaiveDate, NaiveDate)>)> {
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

fn impossible() -> Found {
    Found {
        vague: Some(Vague::Other),
        ..Found::default()
    }
}

fn dates((check_in, check_out): (NaiveDate, NaiveDate)) -> Dates {
    Dates {
        check_in,
        check_out: Some(check_out),
    }
}

fn dated((check_in, check_out): (NaiveDate, NaiveDate)) -> Found {
    Found {
        check_in: Some(check_in),
        check_out: Some(check_out),
        ..Found::default()
    }
}

fn spelt(spell: &Spell) -> Found {
    let mut found = dated(spell.span);
    found.alternatives = spell.others.iter().copied().map(dates).collect();
    found
}
