//! What has to be known beside the text: the day, the holidays, what was just asked, what things are called here.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// What the desk asked last, so that a bare "4" or "el 10" can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// From when to when.
    Dates,
    /// Until when; the arrival is known.
    CheckOut,
    /// How many come.
    Guests,
    /// How old the children are.
    Ages,
    /// Which of the options.
    Option,
    /// Yes or no.
    YesOrNo,
}

/// Beside the text.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Today at the property: the reference date.
    pub today: NaiveDate,
    /// Public holidays with their names; bridges too. See [`super::holidays::argentina`] for those the law fixes.
    pub holidays: &'a BTreeMap<NaiveDate, String>,
    /// What was asked last.
    pub asked: Option<Asked>,
    /// The arrival that is known already, for "hasta el 15" and "3 noches".
    pub check_in: Option<NaiveDate>,
    /// Names of cabins and kinds of cabins.
    pub names: &'a [String],
}
