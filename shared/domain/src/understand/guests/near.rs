//! What stands around a number: the noun it counts, what makes it a day or a price, how it joins what came before.

use super::{
    Reader,
    nouns::Noun,
    tally::{Join, add},
    words,
};

impl Reader<'_> {
    /// The noun a number counts; a word may stand between ("2 son nenes", "3 mas grandes").
    pub(super) fn noun_after(&self, at: usize) -> Option<(usize, Noun)> {
        let near = |at: usize| {
            self.noun(at)
                .filter(|_| {
                    !matches!(
                        self.sign(at),
                        Some('?' | '.' | '!' | '\n' | '(' | ';' | ',')
                    )
                })
                .map(|noun| (at, noun))
        };
        near(at + 1).or_else(|| {
            self.is(
                at + 1,
                &[
                    "son", "es", "serian", "seria", "buenos", "lindos", "o", "mas", "otros",
                    "otras", "are", "hermosos", "pequenos", "nuestros", "de",
                ],
            )
            .then(|| {
                if self.is(at + 1, &["de"]) {
                    None
                } else {
                    near(at + 2)
                }
            })
            .flatten()
        })
    }

    /// "4 o 5", "4-5": how many words it takes, if this is one.
    pub(super) fn or_more(&self, at: usize) -> Option<usize> {
        let n = self.number(at, false)?;
        let (place, next) = if self.is(at + 1, &["o", "u", "or", "ou", "a", "y"]) {
            (at + 2, self.number(at + 2, false)?)
        } else {
            (at + 1, self.number(at + 1, false)?)
        };
        let dash = place == at + 1 && matches!(self.sign(place), Some('-' | '/'));
        let or = self.is(at + 1, &["o", "u", "or", "ou"]);
        let to = self.is(at + 1, &["a"])
            && matches!(self.noun(place + 1), Some(Noun::Person | Noun::Adult));
        let near = next > n && next - n <= 3;
        let unit = self.is(place + 1, words::UNITS)
            || self.item(place + 1).is_some_and(|item| item.foreign);
        ((or || to || dash && self.noun(place + 1).is_some()) && near && !unit)
            .then_some(place + 1 - at)
    }

    /// Whether the number is a day, nights, a price rather than a party.
    pub(super) fn is_something_else(&self, at: usize, careful: bool) -> bool {
        let next = at + 1;
        let joined = !matches!(
            self.sign(next),
            Some('?' | '.' | '!' | '\n' | ',' | ';' | ')' | '(')
        );
        if self.is(next, words::UNITS) && joined {
            // "para 4 hasta el 10" and "somos 4 al final" are parties.
            let at_last = self.is(next, &["al"]) && self.is(next + 1, &["final", "menos", "aire"]);
            let until = self.is(next, &["hasta"]) && !careful;
            return !(at_last || until);
        }
        let to_date = self.item(next).is_some_and(|item| {
            item.foreign && joined && item.word.chars().all(char::is_alphabetic) && careful
        });
        let of_month = self.is(next, &["de", "d"])
            && joined
            && self
                .item(next + 1)
                .is_some_and(|item| item.foreign && item.word.chars().all(char::is_alphabetic));
        let range =
            self.number(next, false).is_some() && matches!(self.sign(next), Some('-' | '/'));
        let to = self.is(next, &["a"]) && self.number(next + 1, false).is_some() && joined;
        to_date || of_month || range || to
    }

    pub(super) fn join(&self, at: usize, said: bool) -> Option<Join> {
        let people = self.tally.people?;
        let before = at.checked_sub(1)?;
        if said
            || self.sign(at) == Some('(')
            || self.is(
                before,
                &[
                    "cuales",
                    "incluido",
                    "incluida",
                    "incluyendo",
                    "ellos",
                    "ellas",
                    "contando",
                    "son",
                    "incluidos",
                ],
            )
        {
            return Some(Join::Includes);
        }
        if self.is(before, words::AND) || self.sign(at) == Some('+') {
            return Some(Join::Adds);
        }
        if self.is(before, &["con"]) {
            return Some(if people <= 2 {
                Join::Adds
            } else {
                Join::Includes
            });
        }
        matches!(self.sign(at), Some(',' | ':' | '-')).then_some(Join::Includes)
    }

    /// Adjectives, breeds and ages behind the noun: where they end.
    pub(super) fn qualified(&mut self, noun: Noun, n: u32, noun_at: usize, end: usize) -> usize {
        let mut end = end;
        match noun {
            Noun::Pet => {
                while self.sign(end).is_none()
                    && (self.noun(end) == Some(Noun::Pet)
                        || self.is(
                            end,
                            &[
                                "chico", "chica", "chicos", "chiquito", "chiquita", "grande",
                                "grandes", "mediano", "mediana", "pequeno", "pequena", "viejo",
                                "viejita", "toy", "mini", "bebe",
                            ],
                        ))
                {
                    self.take(end, end + 1);
                    end += 1;
                }
            }
            Noun::Child | Noun::Infant => {
                let bound = self.is(noun_at, &["menores"]) && self.is(end, &["de"]);
                if let Some(ages) = self
                    .ages(end, false)
                    .filter(|ages| !bound || ages.years.len() > 1)
                {
                    self.take(end, ages.end);
                    end = ages.end;
                    // "2 nenes de 5": both are.
                    let each = if ages.years.len() == 1 {
                        n.clamp(1, 10)
                    } else {
                        1
                    };
                    for years in ages
                        .years
                        .into_iter()
                        .flat_map(|years| (0..each).map(move |_| years))
                    {
                        self.aged(noun, years);
                    }
                } else if bound
                    && self.item(end + 1).is_some_and(|item| item.number.is_some())
                    && self.is(end + 2, words::YEARS)
                {
                    self.take(end, end + 3);
                    end += 3;
                }
            }
            _ => {}
        }
        end
    }

    /// A son of 25 is a grown-up.
    fn aged(&mut self, noun: Noun, years: u32) {
        if years >= 18 && noun == Noun::Child {
            if let Some(children) = self.tally.children.filter(|children| *children > 0) {
                self.tally.children = (children > 1).then_some(children - 1);
                add(&mut self.tally.adults, 1);
            }
        } else if noun == Noun::Infant {
            if let Ok(years) = u8::try_from(years) {
                self.tally.ages.push(years);
            }
        } else {
            self.tally.age(years);
        }
    }
}
