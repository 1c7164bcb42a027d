//! What only the neighbours tell: "x" before a party or a night, "fin de semana" as one word, hours without "hs".

use super::{Kind, Token, spelling};

pub(super) fn settle(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter().peekable();
    while let Some(mut token) = rest.next() {
        if token.kind == Kind::Word {
            let next = rest.peek();
            match token.word.as_str() {
                "x" => {
                    let each = next.is_some_and(|next| {
                        next.any(&[
                            "dia", "noche", "semana", "persona", "mes", "favor", "cabana",
                            "cabeza", "que", "adulto", "wp",
                        ])
                    }) && !(next.is_some_and(|next| next.is("semana")));
                    token.word = if each { "por" } else { "para" }.into();
                }
                // "4 p", "3n"
                "p" | "n"
                    if out
                        .last()
                        .is_some_and(|last| matches!(last.kind, Kind::Number(_)))
                        && next.is_none_or(|next| !matches!(next.kind, Kind::Number(_)))
                        && (token.word == "p" || token.glued) =>
                {
                    token.word = if token.word == "p" {
                        "personas"
                    } else {
                        "noches"
                    }
                    .into();
                }
                "p" => token.word = "para".into(),
                "ay" if next.is_some_and(|next| next.kind == Kind::Word) => {
                    token.word = "hay".into();
                }
                _ => {}
            }
        }
        out.push(token);
        weekend(&mut out);
        hour(&mut out);
    }
    hours_in_a_row(&mut out);
    out
}

/// "fin de semana" → "finde".
fn weekend(out: &mut Vec<Token>) {
    if let [.., fin, de, semana] = out.as_slice()
        && (fin.any(&["fin", "fines", "fim", "fins"])
            && de.any(&["de"])
            && semana.any(&["semana", "semanas"]))
    {
        let glued = fin.glued;
        let many = fin.any(&["fines", "fins"]);
        out.truncate(out.len() - 3);
        out.push(Token::new(
            Kind::Word,
            if many { "findes" } else { "finde" },
            glued,
        ));
    }
}

/// "a las 10", "10 de la noche", "a la mañana".
fn hour(out: &mut [Token]) {
    if let [.., a, las, number] = &mut *out
        && las.any(&["las", "la"])
        && a.any(&[
            "a", "desde", "hasta", "de", "sobre", "y", "entre", "antes", "despues", "eso",
        ])
        && matches!(number.kind, Kind::Number(n) if n <= 24)
    {
        number.kind = Kind::Clock;
    }
    // What is counted was no hour after all: "de las 2 cabañas".
    if let [.., clock, counted] = &mut *out
        && clock.kind == Kind::Clock
        && counted.kind == Kind::Word
        && super::is_counted(&counted.word)
        && let Some(n) = clock
            .word
            .parse()
            .ok()
            .or_else(|| spelling::number(&clock.word))
    {
        clock.kind = Kind::Number(n);
    }
    if let [.., la, part] = &mut *out
        && la.is("la")
        && part.any(&["manana", "tarde", "madrugada", "tardecita", "mananita"])
    {
        part.kind = Kind::Clock;
    }
    if let [.., number, de, la, part] = &mut *out
        && matches!(number.kind, Kind::Number(n) if n <= 12)
        && de.is("de")
        && la.is("la")
        && (part.kind == Kind::Clock || part.is("noche"))
    {
        number.kind = Kind::Clock;
        part.kind = Kind::Clock;
    }
}

/// "entre las 10 y 11 hs", "de 10 a 18 hs": the first is an hour where the second is.
fn hours_in_a_row(out: &mut [Token]) {
    for at in (2..out.len()).rev() {
        if let Some([number, between, clock]) = out.get_mut(at - 2..=at)
            && clock.kind == Kind::Clock
            && clock.word.starts_with(|c: char| c.is_ascii_digit())
            && (between.any(&["a", "y", "o", "hasta"]) || between.mark('-'))
            && matches!(number.kind, Kind::Number(n) if n <= 24)
        {
            number.kind = Kind::Clock;
        }
    }
}
