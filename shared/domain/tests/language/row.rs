//! One row: a text and how it may honestly be read.

use chrono::NaiveDate;
use posta_domain::understand::{Asked, Intent, PayBy, Vague};
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one field of the rows"
)]
pub(crate) struct Row {
    pub(crate) text: String,
    pub(crate) reference_date: NaiveDate,
    pub(crate) intent: Intent,
    #[serde(default)]
    pub(crate) alt_intents: Vec<Intent>,
    pub(crate) check_in: Option<NaiveDate>,
    pub(crate) check_out: Option<NaiveDate>,
    #[serde(default)]
    pub(crate) also_acceptable: Vec<Stay>,
    pub(crate) nights: Option<u32>,
    pub(crate) adults: Option<u32>,
    pub(crate) children: Option<u32>,
    pub(crate) guests_total: Option<u32>,
    /// Other ways to count the guests: adults, children, all.
    #[serde(default)]
    pub(crate) also_guests: Vec<[Option<u32>; 3]>,
    #[serde(default)]
    #[expect(dead_code, reason = "says what a row is about, to a reader")]
    tags: Vec<String>,

    // What was known and asked before.
    pub(crate) asked: Option<Asked>,
    pub(crate) known_check_in: Option<NaiveDate>,
    #[serde(default)]
    pub(crate) names: Vec<String>,

    // Details: only checked where the row has them. Topics by their keys.
    pub(crate) infants: Option<u32>,
    pub(crate) ages: Option<Vec<u8>>,
    pub(crate) pets: Option<u32>,
    pub(crate) cabins: Option<u32>,
    pub(crate) vague: Option<Vague>,
    pub(crate) topics: Option<Vec<String>>,
    pub(crate) pay_by: Option<PayBy>,
    pub(crate) accommodation: Option<String>,
    #[serde(default)]
    pub(crate) discount: bool,
    #[serde(default)]
    pub(crate) paid: bool,
    #[serde(default)]
    pub(crate) correction: bool,
    #[serde(default)]
    pub(crate) opt_out: bool,
    #[serde(default)]
    pub(crate) opt_in: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Stay {
    pub(crate) check_in: Option<NaiveDate>,
    pub(crate) check_out: Option<NaiveDate>,
}

impl Row {
    pub(crate) fn stay(&self) -> Stay {
        Stay {
            check_in: self.check_in,
            check_out: self.check_out,
        }
    }

    pub(crate) fn accepts_stay(&self, stay: Stay) -> bool {
        stay == self.stay() || self.also_acceptable.contains(&stay)
    }

    /// Nobody reads a date in it.
    pub(crate) fn is_undated(&self) -> bool {
        let dated = |stay: &Stay| stay.check_in.is_some() || stay.check_out.is_some();
        !dated(&self.stay()) && !self.also_acceptable.iter().any(dated)
    }

    pub(crate) fn accepts_intent(&self, intent: Intent) -> bool {
        intent == self.intent || self.alt_intents.contains(&intent)
    }

    pub(crate) fn accepts_guests(&self, guests: [Option<u32>; 3]) -> bool {
        guests == [self.adults, self.children, self.guests_total]
            || self.also_guests.contains(&guests)
    }
}
