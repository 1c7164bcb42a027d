//! Dates and nights. A stay of 10 to 12 January is two nights, the 10th and the 11th; the 12th belongs to whoever
//! arrives then. Dates are dates: no zone, no hour. "Today" is the property's, and always a parameter.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// At least one night: from the day of arrival to the day of departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Ends", into = "Ends")]
pub struct Period {
    check_in: NaiveDate,
    check_out: NaiveDate,
}

/// A period as it is written.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Ends {
    check_in: NaiveDate,
    check_out: NaiveDate,
}

impl TryFrom<Ends> for Period {
    type Error = Refusal;

    fn try_from(ends: Ends) -> Result<Self, Self::Error> {
        Self::new(ends.check_in, ends.check_out)
    }
}

impl From<Period> for Ends {
    fn from(period: Period) -> Self {
        Self {
            check_in: period.check_in,
            check_out: period.check_out,
        }
    }
}

/// No stay is longer: bounds every loop over nights, whatever a property's settings say.
pub const MOST_NIGHTS: u32 = 366;

impl Period {
    /// Refuses what is inverted, empty, or absurdly long.
    pub fn new(check_in: NaiveDate, check_out: NaiveDate) -> Result<Self, Refusal> {
        let nights = (check_out - check_in).num_days();
        if nights <= 0 {
            return Err(Refusal::Inverted {
                check_in,
                check_out,
            });
        }
        if nights > i64::from(MOST_NIGHTS) {
            return Err(Refusal::TooLong { most: MOST_NIGHTS });
        }
        Ok(Self {
            check_in,
            check_out,
        })
    }

    /// The first night, and the day of arrival.
    #[must_use]
    pub const fn check_in(self) -> NaiveDate {
        self.check_in
    }

    /// The day of departure; its night is not part of it.
    #[must_use]
    pub const fn check_out(self) -> NaiveDate {
        self.check_out
    }

    /// How many nights.
    #[must_use]
    pub fn len(self) -> u32 {
        u32::try_from((self.check_out - self.check_in).num_days()).unwrap_or(0)
    }

    /// Never: a period has at least one night.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        false
    }

    /// Each night, named by the day it begins.
    pub fn nights(self) -> impl Iterator<Item = NaiveDate> + use<> {
        self.check_in.iter_days().take(self.len() as usize)
    }

    /// Whether the two share a night.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.check_in < other.check_out && other.check_in < self.check_out
    }

    /// The same length, so many days later (negative: earlier). `None` beyond the calendar.
    #[must_use]
    pub fn shifted(self, days: i64) -> Option<Self> {
        let shift = |date: NaiveDate| {
            let by = Days::new(days.unsigned_abs());
            if days < 0 {
                date.checked_sub_days(by)
            } else {
                date.checked_add_days(by)
            }
        };
        Some(Self {
            check_in: shift(self.check_in)?,
            check_out: shift(self.check_out)?,
        })
    }
}

/// A date as a guest's program writes it, `YYYY-MM-DD`. A day that does not exist (29 February of most years) is
/// refused as such, so that the guest is told which one.
pub fn parse_date(text: &str) -> Result<NaiveDate, Refusal> {
    let shown = || text.chars().take(32).collect::<String>();
    let well_formed = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| {
            if matches!(at, 4 | 7) {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    if !well_formed {
        return Err(Refusal::NotADate { text: shown() });
    }
    // The calendar has no year 0: it would be kept as 1 BC, in a form that is not read back.
    text.parse()
        .ok()
        .filter(|day: &NaiveDate| day.year() > 0)
        .ok_or_else(|| Refusal::NoSuchDate { text: shown() })
}

/// Some days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Weekdays(u8);

const NAMES: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

impl Weekdays {
    /// Friday and Saturday: the nights of a weekend.
    pub const WEEKEND_NIGHTS: Self = Self(0b0011_0000);

    /// Bits, Monday = 1 … Sunday = 64, as the database keeps them. At least one.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits >= 1 && bits <= 127 {
            Some(Self(bits))
        } else {
            None
        }
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether the day is one of them.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }

    /// Whether the date falls on one of them.
    #[must_use]
    pub fn contains_date(self, date: NaiveDate) -> bool {
        self.contains(date.weekday())
    }

    /// Each of them, Monday first.
    pub fn days(self) -> impl Iterator<Item = Weekday> {
        NAMES
            .into_iter()
            .map(|(_, day)| day)
            .filter(move |day| self.contains(*day))
    }
}

impl TryFrom<Vec<String>> for Weekdays {
    type Error = String;

    fn try_from(names: Vec<String>) -> Result<Self, Self::Error> {
        let mut bits = 0;
        for name in &names {
            let day = NAMES.into_iter().find(|(known, _)| known == name);
            let (_, day) = day.ok_or_else(|| {
                format!("{name:?} is not one of mon, tue, wed, thu, fri, sat, sun")
            })?;
            bits |= 1 << day.num_days_from_monday();
        }
        Self::from_bits(bits).ok_or_else(|| "name at least one day of the week".to_owned())
    }
}

impl From<Weekdays> for Vec<String> {
    fn from(days: Weekdays) -> Self {
        NAMES
            .into_iter()
            .filter(|(_, day)| days.contains(*day))
            .map(|(name, _)| name.to_owned())
            .collect()
    }
}

#[cfg(test)]
mod tests;
