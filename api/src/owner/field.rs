//! Small things several of the owner's bodies have.

use axum::response::Response;
use chrono::NaiveTime;
use http::{HeaderName, HeaderValue};
use posta_domain::money::Currency;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// An hour on the wall, `HH:MM`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, example = "14:00", pattern = "^[0-2][0-9]:[0-5][0-9]$")]
pub(super) struct Clock(String);

impl Clock {
    pub(super) fn time(&self, field: &'static str) -> Result<NaiveTime, Problem> {
        let written = self.0.len() == 5;
        let time = NaiveTime::parse_from_str(&self.0, "%H:%M");
        time.ok()
            .filter(|_| written)
            .ok_or_else(|| Problem::invalid(field))
    }
}

impl From<NaiveTime> for Clock {
    fn from(time: NaiveTime) -> Self {
        Self(time.format("%H:%M").to_string())
    }
}

/// A currency's code, from a field of that name.
pub(super) fn currency(code: &str, field: &'static str) -> Result<Currency, Problem> {
    code.parse().map_err(|_| Problem::invalid(field))
}

/// A member that may be absent (it stays), null (it goes) or there: absent is the outer `None`.
#[expect(
    clippy::option_option,
    reason = "absent, null and there are three things"
)]
pub(super) fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// So many entries of a list when nobody says how many.
pub(super) const PAGE: u16 = 50;
/// And at most.
pub(super) const LARGEST_PAGE: u16 = 200;

/// Reads `limit`.
pub(super) fn limit(asked: Option<u16>) -> Result<u16, Problem> {
    match asked {
        None => Ok(PAGE),
        Some(limit) if (1..=LARGEST_PAGE).contains(&limit) => Ok(limit),
        Some(_) => Err(Problem::invalid("limit")),
    }
}

/// What is made has an id.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct Made {
    /// Which.
    pub(super) id: uuid::Uuid,
}

/// Marks an answer that was given before.
pub(super) fn replayed(mut response: Response, replayed: bool) -> Response {
    if replayed {
        response.headers_mut().insert(
            HeaderName::from_static("idempotent-replayed"),
            HeaderValue::from_static("true"),
        );
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_four_digits_and_a_colon() {
        let time = |text: &str| Clock(text.to_owned()).time("t").ok();
        assert_eq!(time("09:05"), NaiveTime::from_hms_opt(9, 5, 0));
        for wrong in ["9:05", "24:00", "09:60", "09:05:00", "", "ab:cd"] {
            assert_eq!(time(wrong), None);
        }
    }

    #[test]
    fn a_member_that_is_null_is_not_one_that_is_absent() {
        #[derive(Deserialize)]
        struct Edit {
            #[expect(
                clippy::option_option,
                reason = "absent, null and there are three things"
            )]
            #[serde(default, deserialize_with = "given")]
            night: Option<Option<i64>>,
        }
        let read = |json: &str| serde_json::from_str::<Edit>(json).unwrap().night;
        assert_eq!(read("{}"), None);
        assert_eq!(read(r#"{"night":null}"#), Some(None));
        assert_eq!(read(r#"{"night":5}"#), Some(Some(5)));
    }
}
