//! Parties told by who they are: couples, families, "mi marido y yo", "voy sola", "con el bebé", "sin mascotas".

use super::{Reader, nouns::Noun, tally::add, words};

impl Reader<'_> {
    /// "sin mascotas", "no tenemos perros".
    pub(super) fn without(&mut self, at: usize) -> Option<usize> {
        if !self.is(at, words::WITHOUT) {
            return None;
        }
        let place = (at + 1..at + 4).find(|place| self.noun(*place) == Some(Noun::Pet))?;
        // "Sin el perro"; but "no sé si con el perro".
        let plain = self.is(at, &["sin", "sem", "without"]);
        let near = (at + 1..place).all(|between| {
            plain && self.is(between, &["el", "la", "los", "las", "mi", "o", "the"])
                || self.is(
                    between,
                    &[
                        "tenemos",
                        "tengo",
                        "llevamos",
                        "llevo",
                        "de",
                        "ninguna",
                        "ningun",
                        "vamos",
                        "con",
                        "hay",
                        "viajamos",
                        "traemos",
                        "llevaremos",
                        "voy",
                    ],
                )
        });
        if !near || self.is(at, &["no"]) && place == at + 1 {
            return None;
        }
        self.tally.pets = Some(0);
        self.take(at, place + 1);
        Some(place + 1 - at)
    }

    /// "familia tipo", "familia de 5", "cabaña de 4", "todos adultos", "el resto chicos".
    pub(super) fn group(&mut self, at: usize) -> Option<usize> {
        let noun = self.noun(at);
        if noun == Some(Noun::Group) && self.is(at + 1, &["tipo"]) {
            self.tally.adults = Some(2);
            self.tally.children = Some(2);
            self.take(at, at + 2);
            return Some(2);
        }
        if matches!(noun, Some(Noun::Group | Noun::Cabin)) && self.is(at + 1, &["de", "of", "para"])
        {
            let place = at
                + 2
                + usize::from(self.is(at + 2, &["unas", "unos", "amigos", "amigas", "hasta"]));
            let place = place + usize::from(self.is(place, &["de"]));
            let n = self.number(place, false)?;
            let counted = self.noun(place + 1).is_some()
                || self.is(place + 1, words::UNITS)
                || self.item(place + 1).is_some_and(|next| {
                    next.foreign && self.sign(place + 1).is_none() && noun == Some(Noun::Cabin)
                });
            let month = self.is(place + 1, &["de", "a", "o"]) && self.sign(place + 1).is_none();
            if counted || month {
                return None;
            }
            self.tally.people(n);
            self.tally.size_only = noun == Some(Noun::Cabin);
            self.take(place, place + 1);
            return Some(place + 1 - at);
        }
        if self.is(at, &["todos", "todas", "all"]) && self.is(at + 1, words::ALL_ADULTS) {
            self.tally.all_adults = true;
            self.take(at, at + 2);
            return Some(2);
        }
        if self.is(at, words::REST) {
            let place =
                (at + 1..at + 4).find(|place| matches!(self.noun(*place), Some(Noun::Child)))?;
            self.tally.rest_children = true;
            self.take(at, place + 1);
            return Some(place + 1 - at);
        }
        None
    }

    /// "voy sola", "yo solo", "para mí".
    pub(super) fn alone(&mut self, at: usize) -> Option<usize> {
        if !self.is(at, words::GOES_ALONE) {
            return None;
        }
        let place = at + 1 + usize::from(self.is(at + 1, &["yo"]));
        if self.is(place, words::ALONE) || self.is(at, &["soy"]) && self.is(place, &["uno", "una"])
        {
            self.tally.people(1);
            self.take(at, place + 1);
            return Some(place + 1 - at);
        }
        let for_me = self.is(at, &["mi"])
            && self.was(at, words::FOR)
            && (self.item(at + 1).is_none() || self.sign(at + 1).is_some());
        if for_me {
            self.tally.me = true;
            return Some(1);
        }
        None
    }

    /// "mi marido", "mis viejos", "mis dos hijos", "yo", "papá".
    pub(super) fn relative(&mut self, at: usize) -> Option<usize> {
        if self.is(at, &["yo", "eu"]) {
            self.tally.me = true;
            return Some(1);
        }
        if self.is(at, words::MINE) {
            let counted = self.number(at + 1, true);
            let place = at + 1 + usize::from(counted.is_some());
            let noun = self
                .noun(place)
                .or_else(|| self.is(place, &["mujer"]).then_some(Noun::Relative(1)))?;
            let plural = self.item(place)?.word.ends_with('s');
            let noun = match noun {
                Noun::Adult | Noun::Couple => Noun::Relative(1),
                other => other,
            };
            let somebody = matches!(
                noun,
                Noun::Relative(_) | Noun::Child | Noun::Infant | Noun::Friend
            );
            if somebody && !self.comes_along(at, place) {
                return Some(place + 1 - at);
            }
            let n = counted.unwrap_or(1);
            let unknown = plural && counted.is_none() && noun != Noun::Relative(2);
            match noun {
                Noun::Relative(_) => self.tally.for_others |= self.was(at, words::FOR),
                Noun::Child | Noun::Infant | Noun::Friend | Noun::Person => {
                    self.tally.me |= !self.was(at, words::FOR);
                }
                _ => {}
            }
            if unknown {
                self.tally.some_children |= matches!(noun, Noun::Child | Noun::Infant);
            } else if matches!(
                noun,
                Noun::Relative(_) | Noun::Child | Noun::Infant | Noun::Pet | Noun::Friend
            ) {
                self.count(noun, n, at, false);
            } else if let (Noun::Person, Some(n)) = (noun, counted) {
                self.tally.relatives += n;
            }
            self.take(at, place + 1);
            return Some(self.qualified(noun, n, place, place + 1) - at);
        }
        if let Some(Noun::Relative(each)) = self.noun(at)
            && (!self.was(at, words::ADDRESSED)
                || matches!(self.noun(at + 1), Some(Noun::Relative(_))))
        {
            self.tally.bare_relatives += each;
            return Some(1);
        }
        None
    }

    /// Whether the party goes on at `at`: "yo", "mi suegra", "2 nenes", "los chicos".
    pub(super) fn someone(&self, at: usize) -> bool {
        self.is(at, &["yo"])
            || self.is(at, words::MINE)
            || self.number(at, true).is_some()
            || self.noun(at).is_some()
            || self.noun(at + 1).is_some()
    }

    /// Whether the relative is in the party: "con mi marido", "mi vieja y yo"; not "lo consulto con mi marido".
    fn comes_along(&self, at: usize, noun: usize) -> bool {
        let consulted = (at.saturating_sub(3)..at).any(|before| self.is(before, words::CONSULTS));
        let listed = self.was(at, words::AND)
            || self.was(at, words::BE)
            || self.was(at, words::FOR)
            || self.was(at, &["con", "yo"])
            || self.sign(at) == Some(',')
            || self.was(at, &["a"])
                && at
                    .checked_sub(1)
                    .is_some_and(|to| self.was(to, words::TAKES))
            || self.is(noun + 1, words::AND) && self.someone(noun + 2)
            || self.is(noun + 1, &["yo"])
            || self.guests_asked;
        listed && !consulted
    }

    /// Nouns without a number: "una parejita" is two, "el bebé" one, "los nenes de 4 y 7" as many as ages.
    pub(super) fn uncounted(&mut self, at: usize) -> Option<usize> {
        let noun = self.noun(at)?;
        let item = self.item(at)?;
        let plural = item.word.ends_with('s') && item.word.len() > 3;
        let article = usize::from(self.was(at, &["el", "la", "los", "las", "al", "a", "the", "o"]));
        let brought = at.checked_sub(article).is_some_and(|from| {
            self.was(from, words::BRINGS) || matches!(self.sign(from), Some('+'))
        }) || matches!(self.sign(at.saturating_sub(article)), Some(',' | '+'))
            && (self.tally.adults.is_some() || self.tally.people.is_some());
        match noun {
            Noun::Couple if !plural && !self.was(at, &["mi", "su", "tu", "la", "cama"]) => {
                add(&mut self.tally.adults, 2);
                self.take(at, at + 1);
                Some(1)
            }
            Noun::Child | Noun::Infant => self.child(at, noun, plural, brought),
            Noun::Pet if brought && !plural => {
                add(&mut self.tally.pets, 1);
                self.take(at, at + 1);
                Some(self.qualified(noun, 1, at, at + 1) - at)
            }
            _ => None,
        }
    }

    fn child(&mut self, at: usize, noun: Noun, plural: bool, brought: bool) -> Option<usize> {
        // "perro chico", "la más chica" are no children; nor is whom a cot is for.
        let adjective = self.is(
            at,
            &[
                "chico", "chica", "chiquita", "chiquito", "menor", "mayor", "chicas", "pequena",
                "pequeno",
            ],
        ) && !self.is(at + 1, &["de"]);
        if self.is(at, words::TWINS) {
            self.count(noun, 2, at, false);
            self.take(at, at + 1);
            return Some(self.qualified(noun, 2, at, at + 1) - at);
        }
        if let Some(ages) = self
            .ages(at + 1, false)
            .filter(|_| !self.is(at, &["menores"]))
        {
            let n = u32::try_from(ages.years.len()).unwrap_or(1);
            let n = if plural { n } else { 1 };
            self.count(noun, n, at, self.was(at, &["los", "las"]));
            self.take(at, at + 1);
            return Some(self.qualified(noun, n, at, at + 1) - at);
        }
        if plural {
            // "juegos para chicos" says nothing about who comes; "y los chicos" does.
            if brought && self.was(at, &["los", "las", "con", "mis"]) {
                self.tally.some_children = true;
            }
            return None;
        }
        if adjective || !brought || self.is(at, &["criatura"]) {
            return None;
        }
        let includes = self.was(at, &["el", "la"])
            && self.tally.people.is_some_and(|people| people > 2)
            && !self.was(at - 1, words::AND);
        self.count(
            noun,
            1,
            at - usize::from(self.was(at, &["el", "la"])),
            includes,
        );
        self.take(at, at + 1);
        Some(self.qualified(noun, 1, at, at + 1) - at)
    }
}
