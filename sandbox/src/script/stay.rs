//! The nights a script speaks of: found free when it is played, and written as guests write them.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, bail};
use chrono::{Datelike as _, Days, NaiveDate};
use serde_json::{Value, json};

use crate::stack::Stack;

/// Where to begin to look, in days from today, and how many weeks on.
const FIRST: u64 = 12;
const WEEKS: u64 = 60;

/// From when to when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stay {
    pub(crate) check_in: NaiveDate,
    pub(crate) check_out: NaiveDate,
}

/// Gives each script nights of its own.
#[derive(Debug, Default)]
pub(crate) struct Calendar {
    weeks: AtomicU64,
}

impl Calendar {
    /// The next week in which so many nights can be had at once by so many adults; nobody else is given it. Two nights
    /// longer must be possible too: guests change their minds.
    pub(crate) async fn next(
        &self,
        stack: &Stack,
        nights: u64,
        party: u32,
    ) -> anyhow::Result<Stay> {
        let today: NaiveDate = stack
            .one_text("SELECT (now() AT TIME ZONE 'America/Argentina/Buenos_Aires')::date::text")
            .await?
            .parse()
            .context("the database has no date")?;
        // Tuesday: no weekend's arrival, and the longer stay reaches no other week.
        let ahead = (8 - u64::from(today.weekday().num_days_from_sunday()) + 1) % 7;
        loop {
            let week = self.weeks.fetch_add(1, Ordering::Relaxed);
            if week >= WEEKS {
                bail!("nothing is free in {WEEKS} weeks");
            }
            let check_in = today + Days::new(FIRST / 7 * 7 + ahead + 7 * week);
            let stay = Stay {
                check_in,
                check_out: check_in + Days::new(nights),
            };
            if offered(stack, stay, party).await? && offered(stack, stay.longer(2), party).await? {
                return Ok(stay);
            }
        }
    }
}

/// Whether something can be had without asking the owner.
async fn offered(stack: &Stack, stay: Stay, party: u32) -> anyhow::Result<bool> {
    let base = stack.api_base()?;
    let Stay {
        check_in,
        check_out,
    } = stay;
    let question =
        format!("{base}/availability?check_in={check_in}&check_out={check_out}&adults={party}");
    let asked = stack.client.get(&question).send().await;
    let asked = asked.context("could not ask what is free")?;
    // A season's conditions: refused with a reason.
    if asked.status().as_u16() == 422 {
        return Ok(false);
    }
    let asked = asked.error_for_status();
    let answer: Value = asked
        .context("could not ask what is free")?
        .json()
        .await
        .context("what is free is no JSON")?;
    let offers = answer.get("offers").and_then(Value::as_array);
    let at_once = |it: &Value| it.pointer("/price/booking_mode") == Some(&json!("instant"));
    Ok(offers.is_some_and(|offers| offers.iter().any(at_once)))
}

const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

impl Stay {
    fn longer(self, nights: u64) -> Self {
        Self {
            check_out: self.check_out + Days::new(nights),
            ..self
        }
    }

    /// The text with its dates: `{range}` (del 10 al 15 de enero), `{in}`, `{out}` (15 de enero), `{in-day}`, `{out-day}`
    /// (15), `{in/}`, `{out/}` (15/1), `{out+2}` (17 de enero), `{nights}`.
    pub(crate) fn write(self, text: &str) -> String {
        let later = self.check_out + Days::new(2);
        text.replace("{range}", &self.range())
            .replace("{in}", &day(self.check_in))
            .replace("{out}", &day(self.check_out))
            .replace("{out+2}", &day(later))
            .replace("{in-day}", &self.check_in.day().to_string())
            .replace("{out-day}", &self.check_out.day().to_string())
            .replace("{in/}", &slashed(self.check_in))
            .replace("{out/}", &slashed(self.check_out))
            .replace("{nights}", &self.nights().to_string())
    }

    fn nights(self) -> i64 {
        (self.check_out - self.check_in).num_days()
    }

    fn range(self) -> String {
        if self.check_in.month() == self.check_out.month() {
            format!("del {} al {}", self.check_in.day(), day(self.check_out))
        } else {
            format!("del {} al {}", day(self.check_in), day(self.check_out))
        }
    }
}

fn day(date: NaiveDate) -> String {
    let month = MONTHS.get(usize::try_from(date.month0()).unwrap_or(0));
    format!("{} de {}", date.day(), month.unwrap_or(&"enero"))
}

fn slashed(date: NaiveDate) -> String {
    format!("{}/{}", date.day(), date.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_guests_write_them() {
        let day = |text: &str| text.parse().unwrap();
        let stay = Stay {
            check_in: day("2027-01-28"),
            check_out: day("2027-01-31"),
        };
        assert_eq!(
            stay.write("{range}, {in/}-{out/}, hasta el {out+2}"),
            "del 28 al 31 de enero, 28/1-31/1, hasta el 2 de febrero"
        );
        assert_eq!(
            stay.longer(2).write("{range} ({nights})"),
            "del 28 de enero al 2 de febrero (5)"
        );
    }
}
