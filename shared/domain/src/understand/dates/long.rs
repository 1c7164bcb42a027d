//! Long weekends: days off in a row, three at least, from the evening before the first to the last of them.
//!
//! Not guaranteed: bridges that are not in the table. A holiday on a Tuesday or a Thursday that no bridge joins to its
//! weekend counts as joined only where nothing else fits what was said.

use chrono::{Datelike, NaiveDate, Weekday};

use super::item::{Month, Next};
use super::pick::{minus, plus};
use super::spell::{Span, Spell};
use crate::understand::Context;
use crate::understand::holidays::easter;

/// A holiday moves by so many days at most.
const MOVED: i64 = 4;
/// Nobody means a long weekend further off.
const AHEAD: u64 = 380;

pub(super) fn long(
    next: Next,
    month: Option<Month>,
    day: Option<NaiveDate>,
    context: &Context<'_>,
) -> Option<Spell> {
    let ahead = if month.is_some_and(|month| month.year.is_some()) {
        2 * AHEAD
    } else {
        AHEAD
    };
    let fits = |span: &&Span| {
        month.is_none_or(|month| in_month(**span, month))
            && day.is_none_or(|day| away(**span, day) <= MOVED)
    };
    let mut found = blocks(context, ahead);
    if !found.iter().any(|span| fits(&span)) && (month.is_some() || day.is_some()) {
        found = bridged(context, ahead);
    }
    // The day of the law, which may have moved: the block nearest to it.
    if let Some(day) = day {
        found.sort_by_key(|span| away(*span, day));
    }
    let mut fitting = found.iter().filter(fits);
    let mut block = *fitting.next()?;
    if next == Next::Other || next == Next::Coming && minus(block.0, 1)? <= context.today {
        block = *fitting.next().unwrap_or(&block);
    }
    let sunday = easter(block.1.year())
        .filter(|sunday| *sunday == block.1 && minus(block.1, 3) == Some(block.0));
    if sunday.is_some() {
        // Holy Week by another name.
        return Spell::new(Some(block.0), Some(block.1))
            .map(|spell| spell.or(-1, 0).or(1, 0).or(0, 1));
    }
    let mut spell = spelt(block)?;
    if day.is_none() {
        spell.others.extend(
            fitting
                .find(|next| **next != block)
                .and_then(|next| Some((minus(next.0, 1)?, next.1))),
        );
    }
    Some(spell)
}

/// The long weekend a holiday belongs to.
pub(super) fn around(holiday: NaiveDate, context: &Context<'_>) -> Option<Spell> {
    let belongs = |span: &Span| away(*span, holiday) == 0;
    let joined = blocks(context, AHEAD).into_iter().find(belongs);
    joined
        .or_else(|| bridged(context, AHEAD).into_iter().find(belongs))
        .and_then(spelt)
}

fn spelt(block: Span) -> Option<Spell> {
    Spell::new(minus(block.0, 1), Some(block.1)).map(|spell| spell.or(1, 0).or(0, 1).or(1, 1))
}

fn in_month(span: Span, month: Month) -> bool {
    let inside = |date: NaiveDate| {
        date.month() == month.month && month.year.is_none_or(|year| year == date.year())
    };
    inside(span.1) || inside(span.0)
}

/// Days between a day and a block, whose eve belongs to it.
fn away(span: Span, day: NaiveDate) -> i64 {
    ((span.0 - day).num_days() - 1)
        .max((day - span.1).num_days())
        .max(0)
}

fn coming<'a>(context: &'a Context<'_>, ahead: u64) -> impl Iterator<Item = NaiveDate> + 'a {
    let from = minus(context.today, 7).unwrap_or(context.today);
    let until = plus(context.today, ahead).unwrap_or(context.today);
    context
        .holidays
        .range(from..until.max(from))
        .map(|(day, _)| *day)
}

fn blocks(context: &Context<'_>, ahead: u64) -> Vec<Span> {
    let off = |date: &NaiveDate| {
        matches!(date.weekday(), Weekday::Sat | Weekday::Sun) || context.holidays.contains_key(date)
    };
    let mut found: Vec<Span> = Vec::new();
    for holiday in coming(context, ahead) {
        let (mut first, mut last) = (holiday, holiday);
        for _ in 0..6 {
            first = first.pred_opt().filter(off).unwrap_or(first);
            last = last.succ_opt().filter(off).unwrap_or(last);
        }
        if (last - first).num_days() >= 2
            && last > context.today
            && found.last() != Some(&(first, last))
        {
            found.push((first, last));
        }
    }
    found
}

/// Tuesdays and Thursdays as if their bridge had been decreed.
fn bridged(context: &Context<'_>, ahead: u64) -> Vec<Span> {
    coming(context, ahead)
        .filter(|day| *day > context.today)
        .filter_map(|day| match day.weekday() {
            Weekday::Tue => Some((minus(day, 3)?, day)),
            Weekday::Thu => Some((day, plus(day, 3)?)),
            _ => None,
        })
        .collect()
}
