//! Named periods on the calendar, with the other ways people count them.

use chrono::{Datelike, NaiveDate, Weekday};

use super::item::{Feast, Month, Next, Period};
use super::long;
use super::period::LAST;
use super::pick::{Calendar, first_of, last_of, minus, monday, on_or_after, plus, weekday_from};
use crate::understand::Context;
use crate::understand::holidays::easter;

pub(super) type Span = (NaiveDate, NaiveDate);

/// A period and the other ways to count it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spell {
    pub(super) span: Span,
    pub(super) others: Vec<Span>,
}

impl Spell {
    pub(super) fn new(check_in: Option<NaiveDate>, check_out: Option<NaiveDate>) -> Option<Self> {
        Some(Self {
            span: (check_in?, check_out?),
            others: Vec::new(),
        })
    }

    /// Also counted so many days earlier or later at either end.
    pub(super) fn or(mut self, check_in: i64, check_out: i64) -> Self {
        let shift =
            |date: NaiveDate, days: i64| date.checked_add_signed(chrono::Duration::days(days));
        if let (Some(a), Some(b)) = (shift(self.span.0, check_in), shift(self.span.1, check_out)) {
            self.others.push((a, b));
        }
        self
    }
}

/// Puts a period on the calendar; `None` when there is none ahead.
pub(super) fn spell(period: Period, calendar: &Calendar, context: &Context<'_>) -> Option<Spell> {
    let today = calendar.today;
    let month = |month: Option<Month>| month.or(calendar.month.map(|(month, _)| month));
    let mut spell = match period {
        Period::Weekend(next) => weekend(next, today),
        Period::NthWeekend(nth, of) => nth_weekend(nth, month(of), today),
        Period::WeekendOf(day) => {
            let day = calendar.day(day)?;
            let feast = context.holidays.contains_key(&day);
            let long = feast.then(|| long::around(day, context)).flatten();
            long.or_else(|| weekend_of(day))
        }
        Period::Long(next, of, day) => long::long(
            next,
            of,
            day.and_then(|day| on_or_after(day, today, today)),
            context,
        ),
        Period::Half(nth, of) => half(nth, month(of), today),
        Period::Week(weeks) => {
            let monday = monday(today, weeks)?;
            Spell::new(Some(monday), plus(monday, 6)).map(|spell| spell.or(0, 1).or(-2, -1))
        }
        Period::NthWeek(nth, of) => nth_week(nth, month(of), today),
        Period::WeekOf(day) => {
            let day = calendar.day(day)?;
            Spell::new(Some(day), plus(day, 7)).map(|mut spell| {
                if let Some(monday) = monday(day, 0).filter(|monday| *monday != day) {
                    spell
                        .others
                        .extend(plus(monday, 6).map(|sunday| (monday, sunday)));
                }
                spell.or(0, -1)
            })
        }
        Period::Feast(feast, year) => feast_of(feast, year, today),
    }?;
    if spell.span.0 < today {
        spell.span.0 = today;
    }
    let span = spell.span;
    spell
        .others
        .retain(|other| other.0 >= today && other.1 > other.0 && *other != span);
    (span.1 > span.0).then_some(spell)
}

/// The next of a feast, or that of a year.
fn feast_of(feast: Feast, year: Option<i32>, today: NaiveDate) -> Option<Spell> {
    let of = |year: i32| -> Option<Span> {
        match feast {
            Feast::Easter => easter(year).and_then(|sunday| Some((minus(sunday, 3)?, sunday))),
            Feast::Carnival => {
                easter(year).and_then(|sunday| Some((minus(sunday, 51)?, minus(sunday, 47)?)))
            }
            Feast::Christmas => {
                NaiveDate::from_ymd_opt(year, 12, 24).and_then(|eve| Some((eve, plus(eve, 2)?)))
            }
            Feast::NewYear => {
                NaiveDate::from_ymd_opt(year - 1, 12, 31).and_then(|eve| Some((eve, plus(eve, 2)?)))
            }
        }
    };
    // The first two have begun when they are meant; the others are asked for before.
    let ahead = |span: &Span| match feast {
        Feast::Easter | Feast::Carnival => span.1 > today,
        Feast::Christmas | Feast::NewYear => span.0 >= today,
    };
    let span = match year {
        Some(year) => of(year).filter(ahead)?,
        None => (0..=1)
            .filter_map(|shift| of(today.year() + shift))
            .find(ahead)?,
    };
    let spell = Spell::new(Some(span.0), Some(span.1))?;
    Some(match feast {
        Feast::Easter => spell.or(-1, 0).or(1, 0).or(-4, 0),
        Feast::Carnival => spell.or(1, 0).or(0, 1).or(1, 1),
        Feast::Christmas => spell.or(0, -1).or(-1, 0).or(0, 1),
        Feast::NewYear => spell.or(0, -1).or(-1, -1).or(-1, 0).or(0, 1),
    })
}

/// Friday to Sunday; on a Saturday what is left of it.
fn weekend(next: Next, today: NaiveDate) -> Option<Spell> {
    let coming = weekday_from(today, Weekday::Fri)?;
    let friday = match (next, today.weekday()) {
        (Next::This, Weekday::Sat) => {
            let mut spell = Spell::new(Some(today), plus(today, 1))?;
            spell.others.push((coming, plus(coming, 2)?));
            return Some(spell);
        }
        (Next::Coming, Weekday::Fri) | (Next::Other, _) => plus(coming, 7)?,
        (Next::This | Next::Coming, _) => coming,
        (Next::Week(weeks), _) => plus(monday(today, weeks)?, 4)?,
    };
    let spell = Spell::new(Some(friday), plus(friday, 2))?;
    Some(match next {
        Next::This | Next::Coming => spell.or(7, 7).or(-7, -7).or(0, 1),
        Next::Other | Next::Week(_) => spell.or(-7, -7).or(7, 7),
    })
}

/// The weekend a day lies in or next to: its Friday to its Sunday.
fn weekend_of(day: NaiveDate) -> Option<Spell> {
    let friday = match day.weekday() {
        Weekday::Sun => minus(day, 2)?,
        Weekday::Sat => minus(day, 1)?,
        Weekday::Mon => minus(day, 3)?,
        _ => weekday_from(day, Weekday::Fri)?,
    };
    Spell::new(Some(friday), plus(friday, 2)).map(|spell| spell.or(1, 0).or(0, 1))
}

/// Counted by its Saturdays.
fn nth_weekend(nth: u32, month: Option<Month>, today: NaiveDate) -> Option<Spell> {
    let of = |first: NaiveDate| {
        let saturday = weekday_from(first, Weekday::Sat)?;
        let saturday = if nth == LAST {
            let last = last_of(first)?;
            minus(last, u64::from(last.weekday().days_since(Weekday::Sat)))?
        } else {
            plus(saturday, u64::from(nth.checked_sub(1)?) * 7)?
        };
        Some((minus(saturday, 1)?, plus(saturday, 1)?))
    };
    next_of_month(month, today, of)
}

/// The first week begins on the first.
fn nth_week(nth: u32, month: Option<Month>, today: NaiveDate) -> Option<Spell> {
    let of = |first: NaiveDate| {
        let from = if nth == LAST {
            minus(last_of(first)?, 7)?
        } else {
            plus(first, u64::from(nth.checked_sub(1)?) * 7)?
        };
        Some((from, plus(from, 7)?))
    };
    let spell = next_of_month(month, today, of)?.or(0, -1);
    let monday = if nth == LAST {
        monday(spell.span.1, 0)
    } else {
        weekday_from(spell.span.0, Weekday::Mon)
    };
    let mut spell = spell;
    if let Some(monday) = monday {
        spell
            .others
            .extend(plus(monday, 6).map(|sunday| (monday, sunday)));
        spell
            .others
            .extend(plus(monday, 7).map(|next| (monday, next)));
    }
    Some(spell)
}

/// 1 to 15, 16 to the last of the month.
fn half(nth: u32, month: Option<Month>, today: NaiveDate) -> Option<Spell> {
    let of = |first: NaiveDate| {
        if nth == 1 {
            Some((first, plus(first, 14)?))
        } else {
            Some((plus(first, 15)?, last_of(first)?))
        }
    };
    let spell = next_of_month(month, today, of)?;
    Some(if nth == 1 {
        spell.or(0, 1).or(1, 0).or(1, 1)
    } else {
        spell.or(-1, 0).or(0, -1).or(0, 1)
    })
}

/// Of the month said, this year or next; else of the next month that still has it ahead.
fn next_of_month(
    month: Option<Month>,
    today: NaiveDate,
    of: impl Fn(NaiveDate) -> Option<Span>,
) -> Option<Spell> {
    let span = if let Some(month) = month {
        let first = first_of(month, today)?;
        let span = of(first)?;
        if span.1 > today {
            span
        } else if month.year.is_none() {
            of(NaiveDate::from_ymd_opt(first.year() + 1, first.month(), 1)?)?
        } else {
            return None;
        }
    } else {
        let this = today.with_day(1)?;
        (0..=12)
            .filter_map(|shift| of(this.checked_add_months(chrono::Months::new(shift))?))
            .find(|span| span.0 >= today)?
    };
    Spell::new(Some(span.0), Some(span.1))
}
