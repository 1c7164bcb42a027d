//! Numbers beside the words they count: "somos 4", "para dos", "2 adultos y un bebé", "adultos: 2".

use super::{
    Reader,
    nouns::Noun,
    tally::{MOST_UNNAMED, add},
    words,
};

/// At most so many words between "somos" and its number.
const WIDEST: usize = 4;
/// A larger number at the end is a day or a price.
const MOST_TRAILING: u32 = 12;

impl Reader<'_> {
    /// "somos 4", "para dos": a number of people that names nothing.
    pub(super) fn announced(&mut self, at: usize) -> Option<usize> {
        let be = self.is(at, words::BE);
        if !be && !self.is(at, words::FOR) {
            return None;
        }
        let mut place = at + 1;
        while place <= at + WIDEST
            && self.is(place, words::SKIPPED)
            && self.number(place, false).is_none()
        {
            place += 1;
        }
        let n = self.number(place, false)?;
        let weak = self.is(
            at,
            &[
                "vamos", "son", "quedamos", "estamos", "van", "seria", "total", "iremos",
                "viajamos",
            ],
        );
        let article =
            self.was(place, &["las", "la"]) || place > at + 1 && self.was(place, &["a"]) && !be;
        if article || self.is_something_else(place, weak) {
            return None;
        }
        if self.is(place + 1, &["mas", "menos"]) && be && !self.someone(place + 2)
            || n > MOST_UNNAMED && !be
        {
            self.take(place, place + 1);
            return Some(place + 1 - at);
        }
        // "no somos 2, somos 3".
        if be && self.was(at, &["no"]) && self.sign(at).is_none() {
            self.take(at, place + 1);
            return Some(place + 1 - at);
        }
        if self.sign(place + 1) == Some('+') && self.number(place + 1, false).is_some() {
            return Some(place - at);
        }
        if let Some(more) = self.or_more(place) {
            self.tally.unsure = true;
            self.take(place, place + more);
            return Some(place + more - at);
        }
        if self.noun_after(place).is_some() {
            if be
                && (self.tally.people.is_some() || self.tally.adults.is_some())
                && self.sign(at) != Some('(')
            {
                self.tally.restart();
            }
            return Some(place - at);
        }
        self.tally.people(n);
        self.tally.size_only = !be;
        self.take(at + usize::from(!be), place + 1);
        let not = self.is(place + 1, &["no"])
            && self.sign(place + 2).is_none()
            && self.number(place + 2, false).is_some();
        if not {
            self.take(place + 2, place + 3);
        }
        Some(place + 1 - at)
    }

    /// "2+2": grown-ups and children.
    pub(super) fn pair(&mut self, at: usize) -> Option<usize> {
        let adults = self.number(at, false)?;
        let children = self
            .number(at + 1, false)
            .filter(|_| self.sign(at + 1) == Some('+'))?;
        if self.noun(at + 2).is_some() || self.is(at + 2, words::UNITS) {
            return None;
        }
        self.tally.restart();
        add(&mut self.tally.adults, adults);
        add(&mut self.tally.children, children);
        self.take(at, at + 2);
        Some(2)
    }

    /// "2 adultos", "un bebé", "dos parejas", "2 son nenes".
    pub(super) fn counted(&mut self, at: usize) -> Option<usize> {
        let n = self.number(at, true)?;
        let day =
            self.was(at, &["al", "del", "el", "desde", "hasta"]) && self.item(at)?.number.is_some();
        if day {
            return None;
        }
        if let Some(more) = self.or_more(at)
            && self.noun(at + more).is_some()
        {
            self.tally.unsure |= !matches!(self.noun(at + more), Some(Noun::Pet | Noun::Cabin));
            self.take(at, at + more + 1);
            return Some(more + 1);
        }
        if self.is(at + 1, &["en"])
            && self.is(at + 2, &["total"])
            && self.item(at)?.number.is_some()
        {
            self.tally.people(n);
            self.take(at, at + 3);
            return Some(3);
        }
        let (noun_at, noun) = self.noun_after(at)?;
        let one = self.item(at)?.number.is_none();
        if one && (noun == Noun::Group || noun == Noun::Person && !self.one_comes(at)) {
            return None;
        }
        let said = self.is(at + 1, &["son", "es", "serian", "seria", "are"]);
        let added = self.was(
            at,
            &[
                "suman",
                "sumaron",
                "suma",
                "agregan",
                "sumo",
                "sumamos",
                "agregaron",
                "agrega",
            ],
        );
        if added
            || self.is(noun_at + 1, &["mas", "menos"])
                && n == 1
                && self.item(at)?.number.is_none()
                && noun == Noun::Person
        {
            self.take(at, noun_at + 1);
            return Some(noun_at + 1 - at);
        }
        let adult = noun == Noun::Person
            && self.is(
                noun_at + 1,
                &[
                    "adultas", "adulta", "adultos", "adulto", "grandes", "grande", "mayores",
                    "mayor",
                ],
            );
        let minor = noun == Noun::Person && self.is(noun_at + 1, &["menores", "menor"]);
        let noun = if adult {
            Noun::Adult
        } else if minor {
            Noun::Child
        } else {
            noun
        };
        let end = noun_at + 1 + usize::from(adult || minor);
        self.count(noun, n, at, said);
        self.take(at, end);
        Some(self.qualified(noun, n, noun_at, end) - at)
    }

    /// "para una persona" is a party of one; "hablar con una persona" is not.
    fn one_comes(&self, at: usize) -> bool {
        self.guests_asked
            || self.was(at, words::FOR)
            || self.was(at, words::BE)
            || self.was(at, &["es", "soy", "sola", "solo", "por"])
    }

    /// Adds so many of a kind.
    pub(super) fn count(&mut self, noun: Noun, n: u32, at: usize, said: bool) {
        match noun {
            Noun::Adult => add(&mut self.tally.adults, n),
            Noun::Couple => add(&mut self.tally.adults, n.saturating_mul(2)),
            Noun::Child | Noun::Infant => {
                self.tally.join = self.tally.join.or(self.join(at, said));
                add(&mut self.tally.children, n);
                if noun == Noun::Infant {
                    add(&mut self.tally.infants, n);
                }
            }
            Noun::Person => {
                let (adults, children) = (self.tally.adults, self.tally.children);
                if self.tally.people.is_some() {
                    self.tally.people(n);
                } else {
                    self.tally.people = Some(n);
                    self.tally.adults = adults;
                    self.tally.children = children;
                }
            }
            Noun::Friend => {
                let with = self.was(at, &["con"]) || self.tally.me;
                if self.tally.people.is_none() {
                    self.tally.people = Some(n + u32::from(with));
                }
            }
            Noun::Relative(each) => self.tally.relatives += n.saturating_mul(each),
            Noun::Pet => add(&mut self.tally.pets, n),
            Noun::Cabin => {
                if n > 1 {
                    self.tally.cabins = Some(n);
                }
            }
            Noun::Group => {}
        }
    }

    /// "adultos: 2", "personas 4".
    pub(super) fn listed(&mut self, at: usize) -> Option<usize> {
        let noun = self.noun(at)?;
        if !matches!(
            noun,
            Noun::Adult | Noun::Child | Noun::Infant | Noun::Person | Noun::Pet
        ) || at > 0 && self.number(at - 1, true).is_some()
        {
            return None;
        }
        let place = at + 1 + usize::from(self.is(at + 1, &["son", "somos", "seriamos"]));
        let n = self
            .item(place)
            .filter(|item| !item.taken && !item.foreign)?
            .number
            .filter(|n| *n <= super::tally::MOST)?;
        let colon = matches!(self.sign(place), Some(':' | '='));
        let plain = self.sign(place).is_none()
            && !self.is_something_else(place, true)
            && (self.noun(place + 1).is_none() || self.number(place + 2, false).is_some());
        if !(colon || plain) {
            return None;
        }
        if n > 0 || noun == Noun::Pet {
            self.count(noun, n, at, false);
        }
        self.take(at, place + 1);
        Some(place + 1 - at)
    }

    /// "del 20 al 28 de este mes, 2": a number behind the dates, at the very end.
    pub(super) fn trailing_number(&mut self) {
        let Some(last) = self.items.len().checked_sub(1).filter(|last| *last >= 3) else {
            return;
        };
        let counted = self.tally.people.is_some()
            || self.tally.adults.is_some()
            || self.tally.children.is_some();
        let apart = self.sign(last) == Some(',')
            || self.sign(last).is_none() && self.item(last - 1).is_some_and(|before| before.month);
        let range = (1..last - 1).any(|at| self.is(at, &["al", "a", "hasta"]));
        let alone = self.sign(last - 1) != Some(',')
            && !self.was(last, &["y", "o", "e", "al", "a", "el", "del", "hasta"]);
        let n = self.number(last, false).filter(|n| *n <= MOST_TRAILING);
        if let Some(n) = n.filter(|_| !counted && apart && range && alone) {
            self.tally.people(n);
            self.take(last, last + 1);
        }
    }

    /// The desk asked who comes: numbers alone say it, "2 y 2" grown-ups and children.
    pub(super) fn bare_numbers(&mut self) {
        let bare: Vec<(usize, u32)> = (0..self.items.len())
            .filter(|at| {
                self.item(*at).is_some_and(|item| item.number.is_some())
                    && !self.is_something_else(*at, true)
            })
            .filter(|at| {
                !self.was(*at, &["al", "hasta", "a", "del", "el", "de", "desde"])
                    && self.sign(*at) != Some('-')
            })
            .filter_map(|at| self.number(at, false).map(|n| (at, n)))
            .take(3)
            .collect();
        match *bare.as_slice() {
            [(at, n)] if self.tally.people.is_none() && self.tally.adults.is_none() => {
                if self.tally.children.is_some() {
                    self.tally.adults = Some(n);
                } else {
                    self.tally.people = Some(n);
                }
                self.take(at, at + 1);
            }
            [(first, n), (second, m)]
                if second == first + 2 && self.is(first + 1, words::AND)
                    || second == first + 1 && self.tally.people.is_none() =>
            {
                add(&mut self.tally.adults, n);
                add(&mut self.tally.children, m);
                self.take(first, second + 1);
            }
            _ => {}
        }
    }
}
