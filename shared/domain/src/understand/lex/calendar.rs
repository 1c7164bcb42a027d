//! Names of months and days of the week, with the slips of the finger. Short names that are words too ("mar", "set",
//! "may", "sun") only count beside numbers.

use chrono::Weekday;

use super::{Kind, Token, slips};

const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("lunes", Weekday::Mon),
    ("martes", Weekday::Tue),
    ("miercoles", Weekday::Wed),
    ("jueves", Weekday::Thu),
    ("viernes", Weekday::Fri),
    ("sabado", Weekday::Sat),
    ("domingo", Weekday::Sun),
];

/// Words one slip away from a month or a weekday that are meant as they stand.
const NO_SLIPS: &[&str] = &[
    "abrir", "mario", "maria", "junto", "junta", "juntos", "julia", "juli", "entero", "genero",
    "angosto", "vienes", "viene", "luces", "partes", "artes", "mates", "martin", "martes", "marta",
    "lunas", "jueces", "lunch", "mazo", "amarzo", "fueves", "nueve", "nueves", "agota", "gasto",
    "gusto", "sabana", "sabanas", "salado", "vienen", "dominga", "lucas", "marco", "marcos",
    "july", "june", "enera", "eneros", "antes", "mares", "lentes", "jueguen", "enojo", "abrila",
    "abra", "abre", "dominio", "domino", "vieres",
];

/// A month by its full or short name; those that are other words too are left out.
pub(super) fn month(word: &str) -> Option<u32> {
    Some(match word {
        "enero" | "enr" | "ene" | "january" | "janeiro" | "jan" => 1,
        "febrero" | "fbro" | "fbrero" | "feb" | "febr" | "february" | "fevereiro" | "fev" => 2,
        "marzo" | "mrzo" | "march" => 3,
        "abril" | "abr" | "april" | "apr" => 4,
        "mayo" | "maio" => 5,
        "junio" | "jun" | "june" | "junho" => 6,
        "julio" | "jul" | "july" | "julho" => 7,
        "agosto" | "agst" | "agos" | "agto" | "august" | "aug" => 8,
        "septiembre" | "setiembre" | "sept" | "sep" | "september" | "setembro" => 9,
        "octubre" | "oct" | "october" | "outubro" | "otubre" => 10,
        "noviembre" | "nov" | "november" | "novembro" | "novie" => 11,
        "diciembre" | "dic" | "dici" | "december" | "dezembro" | "dec" | "dicbre" | "dbre" => 12,
        _ => return None,
    })
}

/// Short names that are words too.
fn doubtful_month(word: &str) -> Option<u32> {
    Some(match word {
        "mar" | "marco" | "mzo" => 3,
        "may" => 5,
        "ago" => 8,
        "set" => 9,
        "out" => 10,
        "dez" => 12,
        _ => return None,
    })
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "lunes" | "lun" | "monday" => Weekday::Mon,
        "martes" | "tuesday" | "tue" => Weekday::Tue,
        "miercoles" | "mierc" | "mier" | "mie" | "miercole" | "wednesday" => Weekday::Wed,
        "jueves" | "jue" | "juev" | "thursday" | "thu" => Weekday::Thu,
        "viernes" | "vie" | "vier" | "viern" | "friday" | "fri" => Weekday::Fri,
        "sabado" | "sab" | "sabados" | "saturday" => Weekday::Sat,
        "domingo" | "dom" | "domin" | "domingos" | "sunday" => Weekday::Sun,
        _ => return None,
    })
}

/// Portuguese counts: "segunda-feira" is Monday.
fn feira(n: u32) -> Option<Weekday> {
    Some(match n {
        2 => Weekday::Mon,
        3 => Weekday::Tue,
        4 => Weekday::Wed,
        5 => Weekday::Thu,
        6 => Weekday::Fri,
        _ => return None,
    })
}

pub(super) fn name(mut tokens: Vec<Token>) -> Vec<Token> {
    for token in &mut tokens {
        if token.kind == Kind::Word {
            if let Some(n) = month(&token.word) {
                token.kind = Kind::Month(n);
            } else if let Some(day) = weekday(&token.word) {
                token.kind = Kind::Weekday(day);
            }
        }
    }
    for at in 0..tokens.len() {
        if let Some(kind) = by_neighbours(&tokens, at)
            && let Some(token) = tokens.get_mut(at)
        {
            token.kind = kind;
        }
    }
    // "sexta-feira": the second half has been read.
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if token.is("feira") {
            let half = match kept.as_slice() {
                [.., day, dash] if dash.mark('-') && matches!(day.kind, Kind::Weekday(_)) => 1,
                [.., day] if matches!(day.kind, Kind::Weekday(_)) => 0,
                _ => usize::MAX,
            };
            if half != usize::MAX {
                kept.truncate(kept.len() - half);
                continue;
            }
        }
        kept.push(token);
    }
    kept
}

fn is_day(token: &Token) -> bool {
    matches!(token.kind, Kind::Number(1..=31) | Kind::Ordinal(1..=31))
}

fn by_neighbours(tokens: &[Token], at: usize) -> Option<Kind> {
    let token = tokens.get(at)?;
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    let earlier = at.checked_sub(2).and_then(|at| tokens.get(at));
    let after = tokens.get(at + 1);
    if let Kind::Ordinal(n) = token.kind {
        // "sexta a domingo"
        let on = after.is_some_and(|token| token.any(&["a", "ate", "ao", "e"]))
            && tokens
                .get(at + 2)
                .is_some_and(|token| matches!(token.kind, Kind::Weekday(_)));
        if on && token.any(&["segunda", "terca", "quarta", "quinta", "sexta"]) {
            return feira(n).map(Kind::Weekday);
        }
        let feira_at = if after.is_some_and(|token| token.mark('-')) {
            at + 2
        } else {
            at + 1
        };
        return tokens
            .get(feira_at)
            .filter(|token| token.is("feira"))
            .and_then(|_| feira(n))
            .map(Kind::Weekday);
    }
    let doubtful = match token.kind {
        Kind::Word => doubtful_month(&token.word),
        Kind::Number(10) if token.word == "dez" => Some(12),
        _ => None,
    };
    let follows_day = before.is_some_and(is_day)
        || before.is_some_and(|token| token.any(&["de", "/", "of"])) && earlier.is_some_and(is_day)
        || before.is_some_and(|token| token.mark('/') || token.mark('-'))
            && earlier.is_some_and(is_day);
    let written_number =
        before.is_some_and(|token| token.word.starts_with(|c: char| c.is_ascii_digit()));
    if token.word == "mar"
        && after.is_some_and(is_day)
        && !follows_day
        && tokens
            .iter()
            .skip(at.saturating_sub(6))
            .take(13)
            .any(|token| matches!(token.kind, Kind::Weekday(_)))
    {
        return Some(Kind::Weekday(Weekday::Tue));
    }
    if token.word == "mar"
        && after.is_some_and(is_day)
        && (before.is_some_and(|token| token.any(&["to", "from", "on", "until"]))
            || tokens
                .get(at + 2)
                .is_some_and(|token| token.any(&["to", "through", "until"])))
    {
        return Some(Kind::Month(3));
    }
    if let Some(month) = doubtful
        && follows_day
        && (token.word != "dez" || written_number)
    {
        return Some(Kind::Month(month));
    }
    if token.kind != Kind::Word {
        return None;
    }
    match token.word.as_str() {
        "may"
            if before.is_some_and(|token| token.any(&["in", "of"]))
                || after.is_some_and(is_day)
                    && before.is_none_or(|token| !token.any(&["i", "we"])) =>
        {
            return Some(Kind::Month(5));
        }
        "marco" if before.is_some_and(|token| token.any(&["em", "de"])) => {
            return Some(Kind::Month(3));
        }
        "sat" | "sun" | "mon" | "wed"
            if after.is_some_and(is_day)
                || before.is_some_and(|token| {
                    token.any(&["on", "from", "to", "this", "next", "until", "till"])
                }) =>
        {
            return Some(Kind::Weekday(match token.word.as_str() {
                "sat" => Weekday::Sat,
                "sun" => Weekday::Sun,
                "mon" => Weekday::Mon,
                _ => Weekday::Wed,
            }));
        }
        _ => {}
    }
    slipped(token, before, after, follows_day)
}

/// "enro", "disiembre", "vierne": near enough, where a month or a day of the week can stand.
fn slipped(
    token: &Token,
    before: Option<&Token>,
    after: Option<&Token>,
    follows_day: bool,
) -> Option<Kind> {
    let word = token.word.as_str();
    if !(4..=12).contains(&word.len()) || NO_SLIPS.contains(&word) {
        return None;
    }
    let introduced = before.is_some_and(|token| {
        token.any(&[
            "de",
            "en",
            "del",
            "para",
            "quincena",
            "fines",
            "mediados",
            "mes",
            "principios",
            "desde",
            "hasta",
            "a",
        ])
    });
    if follows_day || introduced || word.len() >= 8 {
        let mut near = (1..).zip(MONTHS).filter(|(_, name)| {
            name.len() >= 5
                && (slips(word, name, 1)
                    || name.len() >= 9 && word.len() >= 8 && slips(word, name, 2))
        });
        if let (Some((month, _)), None) = (near.next(), near.next()) {
            return Some(Kind::Month(month));
        }
    }
    let introduced = before.is_some_and(|token| {
        token.any(&[
            "el", "del", "al", "desde", "hasta", "este", "proximo", "de", "a", "y", "para", "los",
            "ese",
        ])
    });
    let plain = word.len() >= 6;
    if introduced || plain || after.is_some_and(is_day) {
        return WEEKDAYS
            .into_iter()
            .filter(|(name, _)| introduced || name.len() >= 6)
            .find(|(name, _)| slips(word, name, 1))
            .map(|(_, day)| Kind::Weekday(day));
    }
    None
}
