//! Dates.

use chrono::NaiveDate;
use posta_domain::{
    nights::{Period, parse_date},
    refusal::Refusal,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A day, `YYYY-MM-DD`, as it was written: a day that does not exist is refused in words by [`Date::day`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Date, example = "2027-01-12")]
pub struct Date(pub String);

impl Date {
    /// The day.
    pub fn day(&self) -> Result<NaiveDate, Refusal> {
        parse_date(&self.0)
    }
}

impl From<NaiveDate> for Date {
    fn from(day: NaiveDate) -> Self {
        Self(day.to_string())
    }
}

/// From the day of arrival to the day of departure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// The day of arrival.
    pub check_in: Date,
    /// The day of departure.
    pub check_out: Date,
}

impl Stretch {
    /// As the rules know it.
    pub fn period(&self) -> Result<Period, Refusal> {
        Period::new(self.check_in.day()?, self.check_out.day()?)
    }
}

impl From<Period> for Stretch {
    fn from(period: Period) -> Self {
        Self {
            check_in: period.check_in().into(),
            check_out: period.check_out().into(),
        }
    }
}
