//! Numbers of several words, prices, percentages, distances.

use super::{Kind, Token};

pub(super) fn join(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        fold(&mut out, token);
    }
    out
}

/// Takes one more token, joining it to those before where they are one thing.
fn fold(out: &mut Vec<Token>, token: Token) {
    match token.kind {
        Kind::Number(n) => {
            if let Some(sum) = in_words(out, &token, n) {
                let from = sum.1;
                let word = out
                    .drain(from..)
                    .map(|token| token.word)
                    .collect::<Vec<_>>()
                    .join(" ")
                    + " "
                    + &token.word;
                out.push(Token::new(Kind::Number(sum.0), word, false));
            } else if let Some(from) = currency_before(out) {
                let glued = out.get(from).is_some_and(|token| token.glued);
                out.truncate(from);
                out.push(Token::new(Kind::Money, token.word, glued));
            } else if is_code(out.last()) {
                out.push(Token {
                    kind: Kind::Other,
                    ..token
                });
            } else {
                out.push(token);
            }
        }
        Kind::Money | Kind::Phone => {
            let mut token = token;
            if let Some(from) = currency_before(out) {
                out.truncate(from);
                token.kind = Kind::Money;
            }
            out.push(token);
        }
        Kind::Mark('%') => set_last_number(out, Kind::Other),
        Kind::Word => match token.word.as_str() {
            "mil" | "lucas" | "luquitas" | "palos" | "pesos" | "dolares" | "usd" | "mangos"
            | "euros" | "reais" | "millon" | "millones" | "u$s" | "dolar" | "dollars"
                if matches!(
                    out.last().map(|last| last.kind),
                    Some(Kind::Number(_) | Kind::Money)
                ) =>
            {
                set_last_number(out, Kind::Money);
                if let Some(last) = out.last_mut() {
                    last.word = format!("{} {}", last.word, token.word);
                }
            }
            "un" | "uno" if ends_in_tens_and(out) => {
                fold(out, Token::new(Kind::Number(1), token.word, token.glued));
            }
            "km" | "kms" | "kilometros" | "cuadras" | "cuadra" | "mts" | "metros" | "mt"
            | "minutos" | "min" | "mins" | "kg" | "kilos" | "grados" | "estrellas" | "litros"
            | "mb" | "megas" | "m2" | "miles" | "minutes" | "quadras" => {
                set_last_number(out, Kind::Other);
                out.push(token);
            }
            "hs" | "am" | "pm" => {
                set_last_number(out, Kind::Clock);
                out.push(token);
            }
            _ => out.push(token),
        },
        _ => out.push(token),
    }
}

fn set_last_number(out: &mut [Token], kind: Kind) {
    if let Some(last) = out.last_mut()
        && matches!(last.kind, Kind::Number(_) | Kind::Money)
    {
        last.kind = kind;
    }
}

/// "ruta 40", "km 12": no day, no party.
fn is_code(before: Option<&Token>) -> bool {
    before.is_some_and(|token| {
        token.any(&[
            "ruta", "rn", "rp", "km", "altura", "piso", "lote", "dni", "vuelo", "cp", "manzana",
            "codigo", "av", "avenida", "calle", "peaje", "cuit", "cuil", "patente", "flight",
            "voo",
        ])
    })
}

/// In words, not in digits.
fn spelt(token: &Token) -> Option<u32> {
    match token.kind {
        Kind::Number(n) if !token.word.starts_with(|c: char| c.is_ascii_digit()) => Some(n),
        _ => None,
    }
}

fn ends_in_tens_and(out: &[Token]) -> bool {
    matches!(out, [.., tens, and] if and.any(&["y", "i"]) && spelt(tens).is_some_and(|n| n % 10 == 0 && (20..=90).contains(&n)))
}

/// "veinte y dos", "diez y seis", "dos mil veintisiete", "ciento veinte": the value and where it begins.
fn in_words(out: &[Token], token: &Token, n: u32) -> Option<(u32, usize)> {
    match out {
        [.., thousands]
            if thousands.kind == Kind::Money
                && matches!(thousands.word.as_str(), "dos mil" | "2 mil")
                && (20..=40).contains(&n) =>
        {
            Some((2000 + n, out.len() - 1))
        }
        [.., tens, and] if and.any(&["y", "i"]) => {
            spelt(token)?;
            let tens = spelt(tens)?;
            let fits = match tens {
                10 => (6..=9).contains(&n),
                20 | 30 | 40 | 50 | 60 | 70 | 80 | 90 => (1..=9).contains(&n),
                _ => false,
            };
            fits.then_some((tens + n, out.len() - 2))
        }
        [.., veinti] if veinti.any(&["veinti", "venti"]) => {
            (1..=9).contains(&n).then_some((20 + n, out.len() - 1))
        }
        [.., hundreds] if n < 100 => {
            spelt(token)?;
            let hundreds = spelt(hundreds).filter(|n| *n >= 100 && n % 100 == 0)?;
            Some((hundreds + n, out.len() - 1))
        }
        _ => None,
    }
}

/// Where "$", "usd" or "u$s" begins at the end of `out`.
fn currency_before(out: &[Token]) -> Option<usize> {
    let last = out.len().checked_sub(1)?;
    if out[last].any(&["usd", "ars", "uss", "us"]) {
        return Some(last);
    }
    if out[last].mark('$') || out[last].mark('€') {
        let before = last
            .checked_sub(1)
            .filter(|at| out[*at].any(&["u", "us", "ar", "r"]) && out[last].glued);
        return Some(before.unwrap_or(last));
    }
    // "u$s"
    let dollar = last.checked_sub(1)?;
    if out[dollar].mark('$') && out[last].any(&["s", "d"]) && out[last].glued {
        return Some(
            dollar
                .checked_sub(1)
                .filter(|at| out[*at].is("u"))
                .unwrap_or(dollar),
        );
    }
    None
}
