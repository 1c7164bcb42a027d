//! A set of nights within a window, one bit each.

use chrono::{Days, NaiveDate};

use crate::nights::Period;

/// Some of the nights of a window. A night outside of the window is always in the set: what was not looked at is not
/// sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NightSet {
    first: NaiveDate,
    len: usize,
    words: Vec<u64>,
}

const BITS: usize = 64;

impl NightSet {
    /// No night of the window from `first` to `until`, which is not in it.
    #[must_use]
    pub fn none(first: NaiveDate, until: NaiveDate) -> Self {
        let len = usize::try_from((until - first).num_days()).unwrap_or(0);
        Self {
            first,
            len,
            words: vec![0; len.div_ceil(BITS)],
        }
    }

    /// Puts the nights from `first` to `until` (not in it) into the set.
    pub fn add(&mut self, first: NaiveDate, until: NaiveDate) {
        let from = self.clipped(first);
        for at in from..self.clipped(until).max(from) {
            if let Some(word) = self.words.get_mut(at / BITS) {
                *word |= 1 << (at % BITS);
            }
        }
    }

    /// Whether the night is in the set.
    #[must_use]
    pub fn contains(&self, night: NaiveDate) -> bool {
        usize::try_from((night - self.first).num_days())
            .ok()
            .filter(|at| *at < self.len)
            .and_then(|at| Some(self.words.get(at / BITS)? & (1 << (at % BITS)) != 0))
            .unwrap_or(true)
    }

    /// Whether any night of the period is in the set.
    #[must_use]
    pub fn touches(&self, period: Period) -> bool {
        let offset = |date: NaiveDate| usize::try_from((date - self.first).num_days()).ok();
        let (Some(from), Some(until)) = (offset(period.check_in()), offset(period.check_out()))
        else {
            return true;
        };
        if until > self.len {
            return true;
        }
        (from / BITS..=(until - 1) / BITS).any(|at| {
            let begin = from.saturating_sub(at * BITS).min(BITS - 1);
            let end = (until - at * BITS).min(BITS);
            let mask = (u64::MAX << begin) & (u64::MAX >> (BITS - end));
            self.words.get(at).is_none_or(|word| word & mask != 0)
        })
    }

    /// The nights of the set within its window as ranges, the end of each not in it.
    #[must_use]
    pub fn ranges(&self) -> Vec<(NaiveDate, NaiveDate)> {
        let mut ranges: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        for night in self.first.iter_days().take(self.len) {
            if !self.contains(night) {
                continue;
            }
            let Some(next) = night.checked_add_days(Days::new(1)) else {
                break;
            };
            match ranges.last_mut() {
                Some((_, until)) if *until == night => *until = next,
                _ => ranges.push((night, next)),
            }
        }
        ranges
    }

    fn clipped(&self, date: NaiveDate) -> usize {
        usize::try_from((date - self.first).num_days())
            .unwrap_or(0)
            .min(self.len)
    }
}
