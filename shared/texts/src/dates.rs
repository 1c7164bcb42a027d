//! Days, periods and moments.

use chrono::{
    DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeZone as _,
    Timelike as _, Utc, Weekday,
};
use fluent_bundle::FluentArgs;
use posta_domain::nights::Period;

use crate::Renderer;

/// A date of another year is told without its year while nobody could take it for a past one.
const HALF_A_YEAR: i64 = 183;

impl Renderer<'_> {
    /// `9 de enero`, or `9 de enero de 2028`.
    pub fn date(&self, date: NaiveDate) -> String {
        self.date_of(date, self.needs_year(date))
    }

    /// `sábado 9 de enero`; with the year where it is not this one or the next half-year's.
    pub fn day(&self, day: NaiveDate) -> String {
        self.day_of(day, self.needs_year(day))
    }

    /// `del sábado 9 al viernes 15 de enero`: month and year are said once where they are the same.
    pub fn period(&self, period: Period) -> String {
        let (from, until) = (period.check_in(), period.check_out());
        let year = self.needs_year(from) || self.needs_year(until);
        let first = if (from.year(), from.month()) == (until.year(), until.month()) {
            self.day_in_month(from)
        } else {
            self.day_of(from, year && from.year() != until.year())
        };
        let last = self.day_of(until, year);
        self.made_of("period", &[("from", &first), ("until", &last)])
    }

    /// `hoy a las 15:40`, `mañana a las 9:00`, `el martes 24 de noviembre a las 10:00`, by the clock on the property's wall.
    pub fn moment(&self, moment: DateTime<Utc>) -> String {
        let local = self.local(moment);
        let at = self.at_clock(local.time());
        let day = local.date();
        let days_off = self.today().map(|today| (day - today).num_days());
        match days_off {
            Some(0) => self.made_of("moment-today", &[("at", &at)]),
            Some(1) => self.made_of("moment-tomorrow", &[("at", &at)]),
            Some(-1) => self.made_of("moment-yesterday", &[("at", &at)]),
            Some(_) => self.made_of("moment-on", &[("day", &self.day(day)), ("at", &at)]),
            None => self.made_of("moment-on", &[("day", &self.date(day)), ("at", &at)]),
        }
    }

    /// `15:40`.
    pub fn clock(&self, time: NaiveTime) -> String {
        let minute = format!("{:02}", time.minute());
        self.made_of(
            "clock",
            &[("hour", &time.hour().to_string()), ("minute", &minute)],
        )
    }

    /// Nights by themselves: `9 de enero`, and from three in a row on `del 9 al 15 de enero`.
    pub(crate) fn nights(&self, nights: &[NaiveDate]) -> String {
        let mut nights = nights.to_vec();
        nights.sort_unstable();
        nights.dedup();
        let mut runs: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        for night in nights {
            match runs.last_mut() {
                Some((_, last)) if last.succ_opt() == Some(night) => *last = night,
                _ => runs.push((night, night)),
            }
        }
        let words: Vec<String> = runs
            .into_iter()
            .flat_map(|(first, last)| match (last - first).num_days() {
                0 => vec![self.date(first)],
                1 => vec![self.date(first), self.date(last)],
                _ => vec![self.run(first, last)],
            })
            .collect();
        self.list(&words)
    }

    fn run(&self, first: NaiveDate, last: NaiveDate) -> String {
        let from = if (first.year(), first.month()) == (last.year(), last.month()) {
            first.day().to_string()
        } else {
            self.date(first)
        };
        self.made_of("period", &[("from", &from), ("until", &self.date(last))])
    }

    /// `lunes`.
    pub(crate) fn weekday(&self, day: Weekday) -> String {
        let key = match day {
            Weekday::Mon => "weekday-mon",
            Weekday::Tue => "weekday-tue",
            Weekday::Wed => "weekday-wed",
            Weekday::Thu => "weekday-thu",
            Weekday::Fri => "weekday-fri",
            Weekday::Sat => "weekday-sat",
            Weekday::Sun => "weekday-sun",
        };
        self.made_of(key, &[])
    }

    fn month(&self, date: NaiveDate) -> String {
        self.made_of(&format!("month-{}", date.month()), &[])
    }

    fn date_of(&self, date: NaiveDate, year: bool) -> String {
        let key = if year { "date-with-year" } else { "date" };
        self.made_of(
            key,
            &[
                ("day", &date.day().to_string()),
                ("month", &self.month(date)),
                ("year", &date.year().to_string()),
            ],
        )
    }

    fn day_of(&self, day: NaiveDate, year: bool) -> String {
        let values = [
            ("weekday", self.weekday(day.weekday())),
            ("date", self.date_of(day, year)),
        ];
        self.made_of(
            "day",
            &values
                .each_ref()
                .map(|(name, value)| (*name, value.as_str())),
        )
    }

    fn day_in_month(&self, day: NaiveDate) -> String {
        self.made_of(
            "day",
            &[
                ("weekday", &self.weekday(day.weekday())),
                ("date", &day.day().to_string()),
            ],
        )
    }

    fn at_clock(&self, time: NaiveTime) -> String {
        let clock = self.clock(time);
        let mut args = FluentArgs::new();
        args.set("hour", time.hour());
        args.set("clock", clock);
        self.whole("at-clock", &args)
    }

    fn needs_year(&self, date: NaiveDate) -> bool {
        let Some(today) = self.today() else {
            return true;
        };
        date.year() != today.year() && !(0..=HALF_A_YEAR).contains(&(date - today).num_days())
    }

    fn today(&self) -> Option<NaiveDate> {
        self.now.map(|now| self.local(now).date())
    }

    /// At the property. Beyond the calendar's end the zone is left out rather than the program stopped.
    fn local(&self, moment: DateTime<Utc>) -> NaiveDateTime {
        let utc = moment.naive_utc();
        let offset = self.zone.offset_from_utc_datetime(&utc).fix();
        utc.checked_add_offset(offset).unwrap_or(utc)
    }
}
