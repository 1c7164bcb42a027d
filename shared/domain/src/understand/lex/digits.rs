//! Runs of digits and what is written around them: numeric dates, prices with thousands, telephones, hours, ordinals.
//! A hyphen is the hard one: "10-12" is a range unless the text writes all its dates so.

use super::pair::{dashed_pairs, same_order};
use super::scan::{Raw, Stuff};
use super::{Kind, Token, spelling};

/// Years a guest can mean.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 2020..=2040;

pub(super) fn join(raws: Vec<Raw>) -> Vec<Token> {
    let dashed = dashed_pairs(&raws) >= 2;
    let reader = Reader { raws, dashed };
    let mut tokens = Vec::with_capacity(reader.raws.len());
    let mut at = 0;
    while let Some(raw) = reader.raws.get(at) {
        at += match raw.stuff {
            Stuff::Digits => reader.number(at, &mut tokens),
            Stuff::Letters => reader.word(at, &mut tokens),
            Stuff::Sign(c) => {
                tokens.push(Token::new(Kind::Mark(c), raw.text.as_str(), raw.glued));
                1
            }
            Stuff::Picture => {
                tokens.push(Token::new(Kind::Emoji, raw.text.as_str(), raw.glued));
                1
            }
            Stuff::Address => {
                tokens.push(Token::new(Kind::Other, raw.text.as_str(), raw.glued));
                1
            }
        };
    }
    same_order(&mut tokens);
    tokens
}

/// One or two digits.
pub(super) fn small(text: &str) -> Option<u32> {
    (text.len() <= 2).then(|| text.parse().ok()).flatten()
}

pub(super) struct Reader {
    pub(super) raws: Vec<Raw>,
    /// "10-12" is a day and a month here.
    pub(super) dashed: bool,
}

impl Reader {
    pub(super) fn letters(&self, at: usize) -> Option<&str> {
        let raw = self.raws.get(at)?;
        (raw.stuff == Stuff::Letters).then_some(raw.text.as_str())
    }

    pub(super) fn digits(&self, at: usize) -> Option<&str> {
        let raw = self.raws.get(at)?;
        (raw.stuff == Stuff::Digits).then_some(raw.text.as_str())
    }

    /// A sign without space before it.
    pub(super) fn glued_sign(&self, at: usize) -> Option<char> {
        match self.raws.get(at)? {
            Raw {
                stuff: Stuff::Sign(c),
                glued: true,
                ..
            } => Some(*c),
            _ => None,
        }
    }

    pub(super) fn glued_digits(&self, at: usize) -> Option<&str> {
        self.raws.get(at).filter(|raw| raw.glued)?;
        self.digits(at)
    }

    fn word(&self, at: usize, tokens: &mut Vec<Token>) -> usize {
        let Some(raw) = self.raws.get(at) else {
            return 1;
        };
        let text = raw.text.as_str();
        // "p/ 5", "c/ pileta"
        if self.glued_sign(at + 1) == Some('/') {
            let long = match text {
                "p" => "para",
                "c" => "con",
                "s" => "sin",
                "d" => "de",
                "h" => "hasta",
                "e" => "entre",
                _ => "",
            };
            if !long.is_empty() {
                tokens.push(Token::new(Kind::Word, long, raw.glued));
                return 2;
            }
        }
        // Flights and other codes: "AR1234".
        if text.len() <= 3
            && !matches!(text, "x" | "p" | "del" | "al" | "de" | "el")
            && self
                .glued_digits(at + 1)
                .is_some_and(|digits| digits.len() >= 3)
        {
            let digits = self.glued_digits(at + 1).unwrap_or_default();
            tokens.push(Token::new(
                Kind::Other,
                format!("{text}{digits}"),
                raw.glued,
            ));
            return 2;
        }
        let word = spelling::written_out(text);
        let kind = if let Some(n) = spelling::number(word) {
            Kind::Number(n)
        } else if let Some(n) = spelling::ordinal(word) {
            Kind::Ordinal(n)
        } else {
            Kind::Word
        };
        tokens.push(Token::new(kind, word, raw.glued));
        1
    }

    /// Reads what begins with digits; how many runs it took.
    fn number(&self, at: usize, tokens: &mut Vec<Token>) -> usize {
        let Some(first) = self.raws.get(at) else {
            return 1;
        };
        let (kind, runs) = self
            .telephone(at, tokens.last())
            .or_else(|| self.three(at))
            .or_else(|| self.thousands(at))
            .or_else(|| self.hour(at))
            .or_else(|| self.two(at, tokens.last()))
            .or_else(|| self.with_ending(at))
            .unwrap_or_else(|| match first.text.parse() {
                Ok(n) if first.text.len() < 6 => (Kind::Number(n), 1),
                _ => (Kind::Phone, 1),
            });
        let word: String = self
            .raws
            .iter()
            .skip(at)
            .take(runs)
            .map(|raw| raw.text.as_str())
            .collect();
        match kind {
            // "1/2027": a month and its year.
            Kind::Month(month) => {
                tokens.push(Token::new(
                    Kind::Month(month),
                    first.text.as_str(),
                    first.glued,
                ));
                if let Some(year) = self.digits(at + 2).and_then(|year| year.parse().ok()) {
                    tokens.push(Token::new(Kind::Number(year), year.to_string(), false));
                }
            }
            _ => tokens.push(Token::new(kind, word, first.glued)),
        }
        runs
    }

    /// "11 5566-7788", "+54 9 351 …": groups, one of them long and no year.
    fn telephone(&self, at: usize, before: Option<&Token>) -> Option<(Kind, usize)> {
        const MOST_GROUPS: usize = 6;
        let plus = before.is_some_and(|token| token.mark('+'));
        let (mut digits, mut groups, mut long, mut end) = (0, 0, false, at);
        while let Some(group) = self.digits(end).filter(|_| groups < MOST_GROUPS) {
            if groups > 0 && group.len() >= 8 {
                break;
            }
            groups += 1;
            digits += group.len();
            let year = group.len() == 4 && group.parse().is_ok_and(|year| YEARS.contains(&year));
            long |= group.len() >= 3 && !year;
            end += 1;
            match self.glued_sign(end) {
                Some('-') if self.glued_digits(end + 1).is_some() => end += 1,
                None if self.digits(end).is_some() => {}
                _ => break,
            }
        }
        if self.digits(end.checked_sub(1)?).is_none() {
            end -= 1;
        }
        let local = groups == 2 && digits == 7 && end == at + 3;
        (groups >= 2 && long && (digits >= 8 || local) || plus && digits >= 8)
            .then_some((Kind::Phone, end - at))
    }

    /// "120.000": a price, or at least no day.
    fn thousands(&self, at: usize) -> Option<(Kind, usize)> {
        if self.digits(at)?.len() > 3 {
            return None;
        }
        let mut end = at + 1;
        while matches!(self.glued_sign(end), Some('.' | ','))
            && self
                .glued_digits(end + 1)
                .is_some_and(|digits| digits.len() == 3)
        {
            end += 2;
        }
        (end > at + 1).then_some((Kind::Money, end - at))
    }

    /// "15:30".
    fn hour(&self, at: usize) -> Option<(Kind, usize)> {
        (self.glued_sign(at + 1) == Some(':')
            && small(self.digits(at)?)? <= 24
            && self.glued_digits(at + 2)?.len() == 2)
            .then_some((Kind::Clock, 3))
    }

    /// "1ro", "2da", "100k", "15h".
    fn with_ending(&self, at: usize) -> Option<(Kind, usize)> {
        let n: u32 = self.digits(at)?.parse().ok()?;
        if self.glued_sign(at + 1) == Some('°') {
            return Some((Kind::Ordinal(n), 2));
        }
        let ending = self.letters(at + 1)?;
        if !self.raws.get(at + 1)?.glued {
            return None;
        }
        if matches!(ending, "h" | "hs" | "hrs" | "am" | "pm" | "hora" | "horas") {
            return (n <= 72).then_some((Kind::Clock, 2));
        }
        let ordinal = spelling::is_ordinal_ending(ending)
            || matches!(ending, "a" | "o")
                && self
                    .letters(at + 2)
                    .map(spelling::written_out)
                    .is_some_and(|word| matches!(word, "quincena" | "semana" | "finde"));
        if ordinal && n <= 31 {
            return Some((Kind::Ordinal(n), 2));
        }
        matches!(ending, "k" | "mil" | "usd").then_some((Kind::Money, 2))
    }
}
