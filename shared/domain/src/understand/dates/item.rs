//! What can be said about time, before it is put on the calendar.

use chrono::{NaiveDate, Weekday};

use crate::understand::Vague;

/// A day as it was said; what was not said is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_field_names,
    reason = "a day has its number, which people call the day"
)]
pub(super) struct Day {
    pub(super) day: Option<u32>,
    pub(super) month: Option<u32>,
    pub(super) year: Option<i32>,
    pub(super) weekday: Option<Weekday>,
    /// Known already: "hoy", "2027-01-10".
    pub(super) date: Option<NaiveDate>,
    /// Weeks further on: "el viernes que viene".
    pub(super) next: Option<Next>,
}

/// Which of the coming ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// "este viernes".
    This,
    /// "el viernes que viene", "el próximo finde".
    Coming,
    /// "el otro finde", "el siguiente".
    Other,
    /// "de la semana que viene": the week so many after this one.
    Week(u32),
}

/// What a day is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Not said.
    Any,
    /// "desde", "llegamos", "entro".
    Start,
    /// "hasta", "nos vamos", "salgo".
    End,
}

/// A month and perhaps its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Month {
    pub(super) month: u32,
    pub(super) year: Option<i32>,
}

/// A period with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    Weekend(Next),
    /// "el primer finde de enero"; 5 is the last.
    NthWeekend(u32, Option<Month>),
    /// "el finde del 12".
    WeekendOf(Day),
    /// A long weekend: the next, of a month, around a day.
    Long(Next, Option<Month>, Option<Day>),
    /// A quincena, the first or the second.
    Half(u32, Option<Month>),
    Week(u32),
    /// "la primera semana de enero"; 5 is the last.
    NthWeek(u32, Option<Month>),
    /// "la semana del 10".
    WeekOf(Day),
    /// A feast, perhaps with its year.
    Feast(Feast, Option<i32>),
}

/// A feast with nights of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feast {
    Easter,
    Carnival,
    Christmas,
    NewYear,
}

/// One thing said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// From a day to a day.
    Range(Day, Day),
    /// The nights of these days, first and last: "15 y 16".
    Nightly(Day, Day),
    /// One day.
    Day(Day, Role),
    /// A named period.
    Period(Period),
    /// "3 noches"; the second number where two were said ("2 o 3").
    Nights(u32, Option<u32>),
    /// Near a day: "alrededor del 20", "después del 15".
    About(Day),
    /// A month, alone.
    Month(Month),
    /// Nothing one could put on a calendar.
    Vague(Vague),
    /// "perdón", "mejor": what follows replaces.
    Correction,
    /// "en vez de": what follows is replaced.
    Instead,
    /// "no", "si no": what it means depends on the dates around it.
    No,
    /// "no sé qué días": what is said is only where to look.
    Unsure,
    /// "o": what follows is another possibility.
    Or,
}

/// One thing said, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) what: What,
    /// Its first token.
    pub(super) at: usize,
    /// Behind its last token.
    pub(super) end: usize,
}
