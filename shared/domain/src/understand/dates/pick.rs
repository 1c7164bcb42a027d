//! From a day as it was said to a day of the calendar: the next that fits, never one that has passed.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::item::{Day, Month, Next};

/// Nobody books a stay longer than this by chat; what reads so was misread.
const LONGEST: i64 = 190;

/// The calendar as seen from today.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    pub(super) today: NaiveDate,
    /// No day is looked for before this one: today, or shortly before a period that was named.
    pub(super) from: NaiveDate,
    /// For days without one. `true`: it was said before them.
    pub(super) month: Option<(Month, bool)>,
}

pub(super) fn plus(date: NaiveDate, days: u64) -> Option<NaiveDate> {
    date.checked_add_days(Days::new(days))
}

pub(super) fn minus(date: NaiveDate, days: u64) -> Option<NaiveDate> {
    date.checked_sub_days(Days::new(days))
}

/// The first such day of the week on or after a date.
pub(super) fn weekday_from(date: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    plus(date, u64::from(weekday.days_since(date.weekday())))
}

/// The Monday of the week so many weeks after today's.
pub(super) fn monday(today: NaiveDate, weeks: u32) -> Option<NaiveDate> {
    minus(today, u64::from(today.weekday().num_days_from_monday()))
        .and_then(|monday| plus(monday, u64::from(weeks) * 7))
}

/// First day of the month `shift` months after a date's.
fn month_from(date: NaiveDate, shift: u32) -> Option<NaiveDate> {
    date.with_day(1)?
        .checked_add_months(chrono::Months::new(shift))
}

/// The first day of a month: of its year, or of the next such month.
pub(super) fn first_of(month: Month, today: NaiveDate) -> Option<NaiveDate> {
    let year = month
        .year
        .unwrap_or_else(|| today.year() + i32::from(month.month < today.month()));
    NaiveDate::from_ymd_opt(year, month.month, 1)
}

/// The last day of the month that begins here.
pub(super) fn last_of(first: NaiveDate) -> Option<NaiveDate> {
    month_from(first, 1).and_then(|next| next.pred_opt())
}

/// The first day that fits, on or after `after`.
pub(super) fn on_or_after(day: Day, after: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
    if let Some(date) = day.date {
        return Some(date);
    }
    match (day.day, day.month) {
        (Some(number), Some(month)) => match day.year {
            Some(year) => NaiveDate::from_ymd_opt(year, month, number),
            None => (0..=2)
                .filter(|shift| *shift < 2 || (month, number) == (2, 29))
                .filter_map(|shift| NaiveDate::from_ymd_opt(after.year() + shift, month, number))
                .find(|date| *date >= after)
                // The next 29 of February may be years away: nobody means that one.
                .filter(|date| (*date - after).num_days() <= 366),
        },
        (Some(number), None) => {
            let mut candidates = (0..12)
                .filter_map(|shift| month_from(after, shift)?.with_day(number))
                .filter(|date| *date >= after);
            let first = candidates.clone().next()?;
            let matching = day
                .weekday
                .and_then(|weekday| candidates.find(|date| date.weekday() == weekday));
            Some(matching.unwrap_or(first))
        }
        (None, month) => {
            let weekday = day.weekday?;
            let after = match month {
                Some(month) => first_of(
                    Month {
                        month,
                        year: day.year,
                    },
                    today,
                )?
                .max(after),
                None => after,
            };
            match day.next {
                Some(Next::Week(weeks)) => plus(
                    monday(today, weeks)?,
                    u64::from(weekday.num_days_from_monday()),
                ),
                Some(Next::Coming) => weekday_from(after.max(plus(today, 1)?), weekday),
                Some(Next::Other) => plus(weekday_from(after, weekday)?, 7),
                Some(Next::This) | None => weekday_from(after, weekday),
            }
        }
    }
}

/// The last day that fits before `end`.
fn last_before(day: Day, end: NaiveDate) -> Option<NaiveDate> {
    if let Some(date) = day.date {
        return Some(date);
    }
    match (day.day, day.month) {
        (Some(number), Some(month)) => [0, 1]
            .into_iter()
            .filter_map(|back| NaiveDate::from_ymd_opt(end.year() - back, month, number))
            .find(|date| *date < end),
        (Some(number), None) => (0..12)
            .filter_map(|back| {
                end.with_day(1)?
                    .checked_sub_months(chrono::Months::new(back))?
                    .with_day(number)
            })
            .find(|date| *date < end),
        (None, _) => {
            let weekday = day.weekday?;
            (1..=7)
                .filter_map(|days| minus(end, days))
                .find(|date| date.weekday() == weekday)
        }
    }
}

impl Calendar {
    /// One day.
    pub(super) fn day(&self, day: Day) -> Option<NaiveDate> {
        on_or_after(self.with_month(day), self.from, self.today).filter(|date| *date >= self.today)
    }

    fn with_month(&self, mut day: Day) -> Day {
        if let Some((month, _)) = self.month {
            if day.day.is_some() && day.month.is_none() && day.date.is_none() {
                day.month = Some(month.month);
                day.year = month.year;
            } else if day.month == Some(month.month) && day.year.is_none() {
                day.year = month.year;
            }
        }
        day
    }

    /// From a day to a day.
    pub(super) fn stay(&self, mut from: Day, mut to: Day) -> Option<(NaiveDate, NaiveDate)> {
        self.share_month(&mut from, &mut to);
        if let (Some(Next::Week(_)), None, None) = (to.next, from.next, from.day) {
            from.next = to.next;
        }
        // "del sábado 29 al otro sábado": the one after the arrival, not after today.
        if !matches!(to.next, Some(Next::Week(_))) {
            to.next = None;
        }
        let (start, end) = if from.date.is_none() && (leads(to) && !leads(from)) {
            self.backwards(from, to)?
        } else if from.year.is_none() && from.date.is_none() && to.year.is_some() {
            let end = on_or_after(to, self.from, self.today)?;
            (last_before(from, end)?, end)
        } else {
            let start = on_or_after(from, self.from, self.today)?;
            (start, on_or_after(to, plus(start, 1)?, self.today)?)
        };
        (start >= self.today && end > start && (end - start).num_days() <= LONGEST)
            .then_some((start, end))
    }

    /// The second end tells the month of the first: "del 28 al 4 de enero", "de viernes a domingo 6 de diciembre".
    fn backwards(&self, from: Day, to: Day) -> Option<(NaiveDate, NaiveDate)> {
        let mut end = on_or_after(to, plus(self.from, 1)?, self.today)?;
        let mut start = last_before(from, end)?;
        if start < self.from && to.date.is_none() && to.year.is_none() {
            end = on_or_after(to, plus(end, 1)?, self.today)?;
            start = last_before(from, end)?;
        }
        // A day the month does not have: "del 30 al 31 de noviembre" found none; "del 31 al 2 de marzo" skips nothing.
        let near = from.day.is_none() || (end - start).num_days() <= 62;
        near.then_some((start, end))
    }

    /// A month said apart belongs to the first day when it was said before, else to the last: "enero del 28 al 4".
    fn share_month(&self, from: &mut Day, to: &mut Day) {
        let Some((month, before)) = self.month else {
            return;
        };
        let numbered = |day: &Day| day.day.is_some() && day.month.is_none() && day.date.is_none();
        if numbered(from) && numbered(to) {
            let crosses = from.day > to.day;
            let target = if crosses && !before { to } else { from };
            target.month = Some(month.month);
            target.year = month.year;
        } else if from.month.is_some() || to.month.is_some() {
            for day in [from, to] {
                if day.month == Some(month.month) && day.year.is_none() {
                    day.year = month.year;
                }
            }
        }
    }
}

/// Says where in the year it is, or is a number where the other is only a weekday.
fn leads(day: Day) -> bool {
    day.month.is_some() || day.date.is_some()
}
