//! What was counted, and what it comes to.

use super::Guests;

/// More than this is no party but a number.
pub(super) const MOST: u32 = 999;
/// More than this needs a noun: "para 150" may be anything.
pub(super) const MOST_UNNAMED: u32 = 60;

/// How children stand to the number of people: "somos 4 y un bebé" adds, "somos 4 (2 nenes)" includes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    Adds,
    Includes,
}

/// What was counted.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that was said"
)]
pub(super) struct Tally {
    pub(super) adults: Option<u32>,
    pub(super) children: Option<u32>,
    pub(super) infants: Option<u32>,
    pub(super) ages: Vec<u8>,
    pub(super) people: Option<u32>,
    /// It was the size of a cabin ("para 4") rather than "somos 4".
    pub(super) size_only: bool,
    pub(super) pets: Option<u32>,
    pub(super) cabins: Option<u32>,
    pub(super) join: Option<Join>,
    /// Of the family, grown up, said as one's own.
    pub(super) relatives: u32,
    /// Of the family, without "mi".
    pub(super) bare_relatives: u32,
    /// "yo".
    pub(super) me: bool,
    /// Relatives for whom the writer only asks.
    pub(super) for_others: bool,
    /// Children whose number was not said.
    pub(super) some_children: bool,
    /// "el resto chicos".
    pub(super) rest_children: bool,
    /// "todos adultos".
    pub(super) all_adults: bool,
    /// "4 o 5".
    pub(super) unsure: bool,
}

pub(super) fn add(to: &mut Option<u32>, n: u32) {
    *to = Some(to.unwrap_or(0).saturating_add(n).min(MOST * 2));
}

impl Tally {
    /// A new number of people takes back what was counted before: "eran 5 pero al final somos 4".
    pub(super) fn restart(&mut self) {
        let (pets, cabins) = (self.pets, self.cabins);
        *self = Self {
            pets,
            cabins,
            ..Self::default()
        };
    }

    pub(super) fn people(&mut self, n: u32) {
        if self.people.is_some() {
            self.restart();
        }
        self.people = Some(n);
    }

    /// Ages without a number of children count them.
    pub(super) fn age(&mut self, years: u32) {
        if let Ok(years @ 0..=17) = u8::try_from(years) {
            if years < 2 {
                let infants = self.infants.unwrap_or(0);
                let known = self.ages.iter().filter(|age| **age < 2).count();
                self.infants = Some(infants.max(u32::try_from(known).unwrap_or(0) + 1));
            }
            self.ages.push(years);
        }
    }

    fn family(&mut self) {
        let bare = if self.relatives > 0 || self.me || self.bare_relatives >= 2 {
            self.bare_relatives
        } else {
            0
        };
        let spoken_for = self.for_others && !self.me;
        let me = u32::from(self.me || self.relatives > 0 && !spoken_for);
        let family = self.relatives + bare + me;
        let whole = self.relatives + bare > 0 || self.children.is_some() || self.some_children;
        if family > 0 && self.people.is_none() && (whole || self.me && self.adults.is_some()) {
            add(&mut self.adults, family);
        } else if family > 0
            && self.adults.is_none()
            && (self.children.is_some() || self.some_children)
        {
            self.adults = Some(family);
        }
    }

    pub(super) fn finish(mut self) -> Guests {
        self.family();
        if self.size_only && self.adults.is_some() {
            self.people = None;
        }
        let told = u32::try_from(self.ages.len()).unwrap_or(0);
        if told > self.children.unwrap_or(0) && (self.children.is_some() || self.some_children) {
            self.children = Some(told);
            self.some_children = false;
        }
        let mut total = None;
        match (self.people, self.adults, self.children) {
            (Some(people), None, None) => {
                if self.all_adults {
                    self.adults = Some(people);
                }
                total = Some(people);
            }
            (Some(people), None, Some(children)) => {
                let includes = match self.join {
                    Some(join) => join == Join::Includes,
                    None => people > children,
                };
                if includes && people > children {
                    self.adults = Some(people - children);
                    total = Some(people);
                } else {
                    self.adults = Some(people);
                    total = Some(people + children);
                }
            }
            (Some(people), Some(adults), None) => {
                if people > adults && (self.rest_children || self.some_children) {
                    self.children = Some(people - adults);
                }
                total = Some(people.max(adults));
            }
            (Some(people), Some(adults), Some(children)) => {
                total = Some(people.max(adults + children));
                // They contradict each other: only the larger number is safe to quote for.
                if people > adults + children {
                    (self.adults, self.children, self.infants) = (None, None, None);
                }
            }
            (None, Some(adults), children) => {
                total = (!self.some_children || children.is_some())
                    .then_some(adults + children.unwrap_or(0));
            }
            (None, None, _) => {}
        }
        if self.unsure {
            total = None;
        }
        if let (Some(infants), Some(children)) = (self.infants, self.children) {
            self.infants = Some(infants.min(children));
        }
        Guests {
            adults: self.adults,
            children: self.children,
            infants: self.infants,
            ages: self.ages,
            pets: self.pets,
            total,
            cabins: self.cabins,
        }
    }
}
