//! How many rows were read as a person reads them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use posta_domain::understand::{Context, Intent, Understanding, holidays, understand};

use crate::row::{Row, Stay};

/// The holidays the law fixes, for all reference dates.
pub(crate) static HOLIDAYS: LazyLock<BTreeMap<NaiveDate, String>> =
    LazyLock::new(|| holidays::argentina(2025..=2031));

/// The rates that must be reached. Invented dates: none.
pub(crate) struct Least {
    pub(crate) intents: f64,
    pub(crate) dates: f64,
    pub(crate) guests: f64,
    pub(crate) details: f64,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rate {
    pub(crate) right: u32,
    pub(crate) of: u32,
}

/// A row that was read otherwise.
pub(crate) struct Miss {
    pub(crate) what: &'static str,
    pub(crate) row: Row,
    pub(crate) wanted: String,
    pub(crate) got: String,
}

/// One reading of a set of rows.
pub(crate) struct Score {
    pub(crate) name: String,
    pub(crate) intents: Rate,
    pub(crate) dates: Rate,
    pub(crate) undated: Rate,
    pub(crate) guests: Rate,
    pub(crate) details: Rate,
    /// (wanted, got), how often.
    pub(crate) confusion: BTreeMap<(Intent, Intent), u32>,
    pub(crate) misses: Vec<Miss>,
}

impl Rate {
    fn count(&mut self, right: bool) -> bool {
        self.of += 1;
        self.right += u32::from(right);
        right
    }

    pub(crate) fn share(self) -> f64 {
        if self.of == 0 {
            1.0
        } else {
            f64::from(self.right) / f64::from(self.of)
        }
    }
}

impl Score {
    pub(crate) fn of(name: &str, rows: &[Row]) -> Self {
        let mut score = Self {
            name: name.to_owned(),
            intents: Rate::default(),
            dates: Rate::default(),
            undated: Rate::default(),
            guests: Rate::default(),
            details: Rate::default(),
            confusion: BTreeMap::new(),
            misses: Vec::new(),
        };
        for row in rows {
            score.add(row);
        }
        score
    }

    fn add(&mut self, row: &Row) {
        let got = read(row);
        let right = self.intents.count(row.accepts_intent(got.intent));
        let counted_as = if right { row.intent } else { got.intent };
        *self.confusion.entry((row.intent, counted_as)).or_default() += 1;
        self.note(right, "intent", row, &row.intent, &got.intent);

        let stay = Stay {
            check_in: got.check_in,
            check_out: got.check_out,
        };
        let nights = row.nights.is_none() || stay != row.stay() || got.nights == row.nights;
        if row.is_undated() {
            let right = self.undated.count(stay == row.stay());
            self.note(right, "invented dates", row, &row.stay(), &stay);
        } else {
            let right = self.dates.count(row.accepts_stay(stay) && nights);
            self.note(right, "dates", row, &row.stay(), &(stay, got.nights));
        }

        let guests = [got.adults, got.children, got.guests_total];
        let right = self.guests.count(row.accepts_guests(guests));
        let wanted = [row.adults, row.children, row.guests_total];
        self.note(right, "guests", row, &wanted, &guests);

        for (detail, miss) in details(row, &got) {
            self.details.count(miss.is_none());
            if let Some((wanted, got)) = miss {
                self.miss(detail, row, wanted, got);
            }
        }
    }

    fn note(
        &mut self,
        right: bool,
        what: &'static str,
        row: &Row,
        wanted: &dyn std::fmt::Debug,
        got: &dyn std::fmt::Debug,
    ) {
        if !right {
            self.miss(what, row, format!("{wanted:?}"), format!("{got:?}"));
        }
    }

    fn miss(&mut self, what: &'static str, row: &Row, wanted: String, got: String) {
        self.misses.push(Miss {
            what,
            row: row.clone(),
            wanted,
            got,
        });
    }

    /// What is not as good as it must be, in words.
    pub(crate) fn problems(&self, least: &Least) -> Vec<String> {
        let mut problems = Vec::new();
        for (what, rate, least) in [
            ("intents", self.intents, least.intents),
            ("dates", self.dates, least.dates),
            ("undated rows left undated", self.undated, 1.0),
            ("guests", self.guests, least.guests),
            ("details", self.details, least.details),
        ] {
            if rate.share() < least {
                problems.push(format!(
                    "{}: {what}: {} of {}",
                    self.name, rate.right, rate.of
                ));
            }
        }
        problems
    }
}

/// What the desk would know beside the text.
pub(crate) fn context(row: &Row) -> Context<'_> {
    Context {
        today: row.reference_date,
        holidays: &HOLIDAYS,
        asked: row.asked,
        check_in: row.known_check_in,
        names: &row.names,
    }
}

/// As the desk would read it.
pub(crate) fn read(row: &Row) -> Understanding {
    understand(&row.text, &context(row))
}

/// A detail of a row, as it should be and as it was read, if it is not the same.
type Detail = (&'static str, Option<(String, String)>);

/// The details a row has.
fn details(row: &Row, got: &Understanding) -> Vec<Detail> {
    fn one<T: PartialEq + std::fmt::Debug>(
        name: &'static str,
        wanted: Option<&T>,
        got: Option<&T>,
    ) -> Option<Detail> {
        wanted?;
        let miss = (wanted != got).then(|| (format!("{wanted:?}"), format!("{got:?}")));
        Some((name, miss))
    }
    // Another topic beside those wanted does no harm: its text is shown, too.
    let has_topics = row.topics.as_ref().map(|wanted| {
        let got: Vec<_> = got.topics.iter().map(|it| it.key()).collect();
        let missing = wanted.iter().any(|it| !got.contains(&it.as_str()));
        let right = !missing && got.len() <= wanted.len() + 1;
        (
            "topics",
            (!right).then(|| (format!("{wanted:?}"), format!("{got:?}"))),
        )
    });
    let flag = |name, wanted: bool, got: bool| one(name, wanted.then_some(&true), Some(&got));
    [
        one("infants", row.infants.as_ref(), got.infants.as_ref()),
        one("ages", row.ages.as_ref(), Some(&got.ages)),
        one("pets", row.pets.as_ref(), got.pets.as_ref()),
        one("cabins", row.cabins.as_ref(), got.cabins.as_ref()),
        one("vague", row.vague.as_ref(), got.vague.as_ref()),
        has_topics,
        one("pay_by", row.pay_by.as_ref(), got.pay_by.as_ref()),
        one(
            "accommodation",
            row.accommodation.as_ref(),
            got.accommodation.as_ref(),
        ),
        flag("discount", row.discount, got.discount),
        flag("paid", row.paid, got.paid),
        flag("correction", row.correction, got.correction),
        flag("opt_out", row.opt_out, got.opt_out),
        flag("opt_in", row.opt_in, got.opt_in),
    ]
    .into_iter()
    .flatten()
    .collect()
}
