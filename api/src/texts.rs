//! The API's sentences, from `locales/`.
//!
//! Loaded once at start; a broken catalogue stops the process there. A message that is missing can only be a
//! programming error, which a test finds: it reads as its key.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc, Weekday};
use chrono_tz::America::Argentina::Buenos_Aires;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use posta_domain::refusal::Refusal;

const CATALOGUES: [&str; 2] = [
    include_str!("../../locales/es-AR/refusals.ftl"),
    include_str!("../../locales/es-AR/api.ftl"),
];

/// A value of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words.
    Text(String),
    /// Numbers choose between singular and plural.
    Number(u32),
}

/// Values of a message, by name.
pub type Values = Vec<(&'static str, Value)>;

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number)
    }
}

impl From<&Value> for FluentValue<'static> {
    fn from(value: &Value) -> Self {
        match value {
            Value::Text(text) => Self::from(text.clone()),
            Value::Number(number) => Self::from(*number),
        }
    }
}

/// A catalogue that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    /// Not Fluent.
    #[error("the catalogue es-AR has an error in its syntax: {0}")]
    Syntax(String),
    /// The same key twice.
    #[error("the catalogue es-AR defines a message twice: {0}")]
    Twice(String),
}

/// The sentences of one locale.
pub struct Texts {
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// Spanish as it is spoken in Argentina.
    pub fn es_ar() -> Result<Self, TextsError> {
        let mut bundle = FluentBundle::new_concurrent("es-AR".parse().into_iter().collect());
        // The marks it puts around inserted values are for mixed directions of writing; here they are only noise.
        bundle.set_use_isolating(false);
        for catalogue in CATALOGUES {
            let resource =
                FluentResource::try_new(catalogue.to_owned()).map_err(|(_, errors)| {
                    TextsError::Syntax(errors.iter().map(ToString::to_string).collect())
                })?;
            bundle.add_resource(resource).map_err(|errors| {
                TextsError::Twice(errors.iter().map(ToString::to_string).collect())
            })?;
        }
        Ok(Self { bundle })
    }

    /// A sentence.
    pub fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// A sentence with values.
    pub fn say_with(&self, key: &str, values: &[(&'static str, Value)]) -> String {
        let Some(pattern) = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
        else {
            tracing::error!(key, "the catalogue has no such message");
            return key.to_owned();
        };
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, FluentValue::from(value));
        }
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&args), &mut errors);
        for error in errors {
            tracing::error!(key, %error, "the catalogue's message cannot be made whole");
        }
        text.into_owned()
    }

    /// Whether there is such a message.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// Why not, as a guest reads it.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        let key = format!("refusal-{}", refusal.code().replace('_', "-"));
        self.say_with(&key, &self.values(refusal))
    }

    /// The fields of a refusal under their names: dates as a guest writes them, lists joined.
    fn values(&self, refusal: &Refusal) -> Values {
        match refusal {
            Refusal::NotADate { text } | Refusal::NoSuchDate { text } => {
                vec![("text", text.clone().into())]
            }
            Refusal::Inverted {
                check_in,
                check_out,
            } => vec![
                ("check_in", date(*check_in)),
                ("check_out", date(*check_out)),
            ],
            Refusal::Past { check_in, today } => {
                vec![("check_in", date(*check_in)), ("today", date(*today))]
            }
            Refusal::TooLong { most } => vec![("most", (*most).into())],
            Refusal::BeyondHorizon { until } => vec![("until", date(*until))],
            Refusal::TooManyGuests { guests, capacity } => vec![
                ("guests", (*guests).into()),
                // 0: no cabin was named.
                ("capacity", capacity.unwrap_or(0).into()),
            ],
            Refusal::BelowMinimum { min_nights } => vec![("min_nights", (*min_nights).into())],
            Refusal::ArrivalDay { check_in, allowed } => {
                let days: Vec<_> = allowed.days().map(|day| self.say(weekday(day))).collect();
                vec![
                    ("check_in", date(*check_in)),
                    ("weekday", self.say(weekday(check_in.weekday())).into()),
                    ("allowed", self.joined(&days).into()),
                ]
            }
            Refusal::Pets { most } => vec![("most", u32::from(*most).into())],
            Refusal::Unknown { what } => vec![("what", what.clone().into())],
            Refusal::WrongCurrency { asked, possible } => {
                let possible: Vec<_> = possible.iter().map(ToString::to_string).collect();
                vec![
                    ("asked", asked.to_string().into()),
                    ("possible", self.joined(&possible).into()),
                ]
            }
            Refusal::StaleQuote { valid_until } => vec![("valid_until", moment(*valid_until))],
            Refusal::Taken { nights } => {
                let shown: Vec<_> = nights.iter().map(|night| short(*night)).collect();
                vec![
                    (
                        "count",
                        u32::try_from(nights.len()).unwrap_or(u32::MAX).into(),
                    ),
                    ("nights", self.joined(&shown).into()),
                ]
            }
            Refusal::NoAdult
            | Refusal::Inactive
            | Refusal::NoPrice
            | Refusal::QuoteUsed
            | Refusal::PriceImpossible
            | Refusal::StaysImpossible
            | Refusal::ReceiptWaiting
            | Refusal::NeedsOwner => Vec::new(),
        }
    }

    /// "a, b y c".
    fn joined(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => self.say_with(
                "list-and",
                &[
                    ("first", first.join(", ").into()),
                    ("last", last.clone().into()),
                ],
            ),
        }
    }
}

fn date(date: NaiveDate) -> Value {
    date.format("%d/%m/%Y").to_string().into()
}

fn short(date: NaiveDate) -> String {
    date.format("%d/%m").to_string()
}

/// In the zone of this locale's readers: what expires is told by the clock on their wall.
fn moment(moment: DateTime<Utc>) -> Value {
    moment
        .with_timezone(&Buenos_Aires)
        .format("%d/%m/%Y %H:%M")
        .to_string()
        .into()
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "weekday-mon",
        Weekday::Tue => "weekday-tue",
        Weekday::Wed => "weekday-wed",
        Weekday::Thu => "weekday-thu",
        Weekday::Fri => "weekday-fri",
        Weekday::Sat => "weekday-sat",
        Weekday::Sun => "weekday-sun",
    }
}
