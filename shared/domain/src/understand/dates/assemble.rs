//! From all that was said to one stay: corrections first, then ranges, ends, periods, single days.

use super::Found;
use super::item::{Feast, Item, Next, Period, Role};
use super::pick::{Calendar, first_of, minus, plus};
use super::said::Said;
use super::spell::{Spell, spell};
use crate::understand::lex::Token;
use crate::understand::{Asked, Context, Dates, Vague};

use chrono::NaiveDate;

/// A day without a month is looked for from so many days before the arrival that is known.
const NEAR: u64 = 15;

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
            calendar.from = minus(named.span.0, if self.is_numbered() { 10 } else { 3 })
                .unwrap_or(context.today)
                .max(context.today);
        }
        // "mejor del 12 al 15": near what was spoken of before.
        if let (Some(known), None) = (context.check_in, calendar.month)
            && self.is_numbered()
        {
            calendar.from = minus(known, NEAR).unwrap_or(known).max(context.today);
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
            Some(Period::Feast(Feast::Christmas | Feast::NewYear, _) | Period::NthWeek(..))
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
                    Some(Period::Feast(Feast::Easter | Feast::Carnival, _) | Period::Long(..))
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
            && a.day != b.day
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

pub(super) fn impossible() -> Found {
    Found {
        vague: Some(Vague::Other),
        ..Found::default()
    }
}

pub(super) fn dates((check_in, check_out): (NaiveDate, NaiveDate)) -> Dates {
    Dates {
        check_in,
        check_out: Some(check_out),
    }
}

pub(super) fn dated((check_in, check_out): (NaiveDate, NaiveDate)) -> Found {
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
