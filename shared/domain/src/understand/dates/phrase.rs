//! Walking over tokens: what was taken before is a wall.

use std::cell::OnceCell;

use chrono::NaiveDate;

use crate::understand::lex::{Kind, Token, lex};
use crate::understand::{Asked, Context};

/// When somebody is there.
const BUSINESS: &[&str] = &[
    "horario",
    "horarios",
    "atienden",
    "atencion",
    "abren",
    "abierto",
    "recepcion",
    "abre",
    "cierra",
    "cierran",
    "funciona",
    "abierta",
    "funcionan",
    "llamar",
];
/// What holds on some days of every week.
const OFFERS: &[&str] = &[
    "descuento",
    "descuentos",
    "promo",
    "promos",
    "promocion",
    "promociones",
];

/// The tokens of one text, and what is known beside it.
pub(super) struct Text<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) context: &'a Context<'a>,
    /// For each token, whether its sentence speaks of hours: plain numbers may be hours.
    hours: Vec<bool>,
    /// For each token, whether its sentence speaks of business: days of the week may be those of every week.
    business: Vec<bool>,
    /// It names a month somewhere.
    pub(super) names_month: bool,
    /// The words of the coming holidays' names, once somebody asks.
    holidays: OnceCell<Vec<(NaiveDate, Vec<String>)>>,
}

impl<'a> Text<'a> {
    pub(super) fn new(tokens: &'a [Token], context: &'a Context<'a>) -> Self {
        Self {
            tokens,
            context,
            hours: by_sentence(tokens, |token| {
                token.kind == Kind::Clock && token.word.starts_with(|c: char| c.is_ascii_digit())
                    || token.is("hs")
                    || token.any(BUSINESS)
            }),
            business: by_sentence(tokens, |token| token.any(BUSINESS) || token.any(OFFERS)),
            names_month: tokens
                .iter()
                .any(|token| matches!(token.kind, Kind::Month(_))),
            holidays: OnceCell::new(),
        }
    }

    /// Plain numbers here may be hours.
    pub(super) fn of_hours(&self, at: usize) -> bool {
        self.hours.get(at).copied().unwrap_or_default()
    }

    /// Days of the week here may be those of every week.
    pub(super) fn of_business(&self, at: usize) -> bool {
        self.business.get(at).copied().unwrap_or_default()
    }

    /// The next holiday that has this word in its name.
    pub(super) fn holiday_named(&self, word: &str) -> Option<NaiveDate> {
        let holidays = self.holidays.get_or_init(|| {
            self.context
                .holidays
                .range(self.context.today..)
                .map(|(date, name)| {
                    (
                        *date,
                        lex(name).all.into_iter().map(|token| token.word).collect(),
                    )
                })
                .collect()
        });
        holidays
            .iter()
            .find(|(_, words)| words.iter().any(|part| part == word))
            .map(|(date, _)| *date)
    }

    /// The token, unless somebody took it.
    pub(super) fn get(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at).filter(|token| !token.taken)
    }

    /// The one before, taken or not.
    pub(super) fn before(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at.checked_sub(1)?)
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.get(at).map(|token| token.kind)
    }

    /// One of these words stands here.
    pub(super) fn any(&self, at: usize, words: &[&str]) -> bool {
        self.get(at).is_some_and(|token| token.any(words))
    }

    pub(super) fn mark(&self, at: usize, signs: &[char]) -> bool {
        self.get(at)
            .is_some_and(|token| signs.iter().any(|sign| token.mark(*sign)))
    }

    /// Skips one of these words, if it stands here.
    pub(super) fn skip(&self, at: usize, words: &[&str]) -> usize {
        at + usize::from(self.any(at, words))
    }

    /// The end of the longest of these phrases that stands here; phrases are listed longest first.
    pub(super) fn phrase(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        phrases.iter().find_map(|phrase| {
            let mut end = at;
            for word in phrase.split(' ') {
                if !self.get(end)?.is(word) {
                    return None;
                }
                end += 1;
            }
            Some(end)
        })
    }

    /// Skips commas, ends of lines and pictures.
    pub(super) fn skip_soft(&self, mut at: usize) -> usize {
        while self.mark(at, &[',', '\n', '.', ';']) || self.kind(at) == Some(Kind::Emoji) {
            at += 1;
        }
        at
    }

    pub(super) fn asked_dates(&self) -> bool {
        matches!(self.context.asked, Some(Asked::Dates | Asked::CheckOut))
    }

    /// Whether the number here counts something: "4 personas", "2 mil".
    pub(super) fn counts(&self, at: usize) -> bool {
        self.tokens.get(at + 1).is_some_and(|next| {
            next.kind == Kind::Word && crate::understand::lex::is_counted(&next.word)
                || next.mark('%')
                || next.is("por")
                    && self
                        .tokens
                        .get(at + 2)
                        .is_some_and(|token| token.any(&["ciento", "cien"]))
                || next.any(&["de", "of"])
                    && self.tokens.get(at + 2).is_some_and(|token| {
                        token.any(&["los", "las", "ellos", "nosotros", "them"])
                    })
        })
    }
}

/// Whether a token of the same sentence is such.
fn by_sentence(tokens: &[Token], is: impl Fn(&Token) -> bool) -> Vec<bool> {
    tokens
        .split_inclusive(|token| matches!(token.kind, Kind::Mark('?' | '!' | '.' | '\n')))
        .flat_map(|sentence| std::iter::repeat_n(sentence.iter().any(&is), sentence.len()))
        .collect()
}
