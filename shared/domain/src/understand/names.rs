//! Which cabin, and which of what was offered.

use std::ops::Range;

use super::{
    Asked, Context, Pointer,
    lex::{Kind, Token, Tokens, is_counted},
};

/// Words in names that tell no cabin from another.
const COMMON: &[&str] = &[
    "cabana",
    "cabanas",
    "casa",
    "casita",
    "depto",
    "departamento",
    "habitacion",
    "domo",
    "bungalow",
    "duplex",
    "suite",
    "complejo",
    "unidad",
    "lodge",
    "la",
    "el",
    "los",
    "las",
    "de",
    "del",
    "y",
    "con",
    "para",
    "en",
    "a",
    "n",
    "nro",
];
/// What may stand before the distinctive word of a name: "la del bosque", "cabaña Arrayán".
const INTRODUCES: &[&str] = &[
    "cabana",
    "casa",
    "casita",
    "depto",
    "departamento",
    "domo",
    "bungalow",
    "suite",
    "unidad",
    "la",
    "el",
    "del",
    "de",
    "habitacion",
    "duplex",
    "lodge",
    "en",
    "opcion",
];
/// After these a number counts something else, or is a day.
const UNITS: &[&str] = &[
    "de", "al", "a", "noches", "noche", "dias", "dia", "semana", "semanas", "quincena", "personas",
    "persona", "adultos", "del", "hasta", "o", "hs", "enero", "y",
];

/// The name in the context that was said, as the context spells it, and where it stands. Its words are marked as taken.
pub(super) fn name(tokens: &mut Tokens, context: &Context<'_>) -> Option<(String, Range<usize>)> {
    let mut best: Option<(usize, &String, usize)> = None;
    let all: Vec<Vec<Token>> = context.names.iter().map(|name| spelled(name)).collect();
    for (index, name) in context.names.iter().enumerate() {
        let Some(words) = all.get(index) else {
            continue;
        };
        let found = find(&tokens.all, words)
            .map(|at| (at, words.len()))
            .or_else(|| {
                let telling = telling(words, &all);
                let at = find(&tokens.all, &telling)?;
                let introduced = at
                    .checked_sub(1)
                    .and_then(|before| tokens.all.get(before))
                    .is_some_and(|before| before.any(INTRODUCES))
                    || tokens.all.len() == telling.len();
                introduced.then_some((at, telling.len()))
            });
        if let Some((at, length)) = found
            && best.is_none_or(|(_, _, longest)| length > longest)
        {
            best = Some((at, name, length));
        }
    }
    let (at, name, length) = best?;
    let before = at.saturating_sub(1);
    tokens
        .all
        .iter_mut()
        .skip(at)
        .take(length)
        .for_each(|token| token.taken = true);
    if let Some(token) = tokens
        .all
        .get_mut(before)
        .filter(|token| token.any(&["cabana"]))
    {
        token.taken = true;
    }
    Some((name.clone(), at..at + length))
}

fn spelled(name: &str) -> Vec<Token> {
    super::lex::lex(name)
        .all
        .into_iter()
        .filter(|token| !matches!(token.kind, Kind::Mark(_)))
        .collect()
}

/// The words of a name that no other name has; none if it has no such words.
fn telling(words: &[Token], all: &[Vec<Token>]) -> Vec<Token> {
    words
        .iter()
        .filter(|word| {
            word.kind == Kind::Word
                && word.word.len() >= 3
                && !word.any(COMMON)
                && all
                    .iter()
                    .filter(|other| other.iter().any(|token| token.word == word.word))
                    .count()
                    == 1
        })
        .cloned()
        .collect()
}

fn find(tokens: &[Token], words: &[Token]) -> Option<usize> {
    if words.is_empty() {
        return None;
    }
    tokens.windows(words.len()).position(|window| {
        window
            .iter()
            .zip(words)
            .all(|(token, word)| !token.taken && token.word == word.word)
    })
}

/// One of what was offered: "la 2", "la primera", "la más barata". What it used is marked as taken.
pub(super) fn pointer(tokens: &mut Tokens, context: &Context<'_>) -> Option<Pointer> {
    let offered = context.asked == Some(Asked::Option);
    let words: Vec<usize> = (0..tokens.all.len())
        .filter(|at| {
            tokens
                .all
                .get(*at)
                .is_some_and(|token| !matches!(token.kind, Kind::Mark(_) | Kind::Emoji))
        })
        .collect();
    let word = |place: usize| words.get(place).and_then(|at| tokens.all.get(*at));
    for place in 0..words.len() {
        let Some(token) = word(place).filter(|token| !token.taken) else {
            continue;
        };
        let before = place.checked_sub(1).and_then(word);
        let earlier = place.checked_sub(2).and_then(word);
        let after = word(place + 1);
        let found = by_rank(token, before, after).or_else(|| {
            let n = match token.kind {
                Kind::Number(n) | Kind::Ordinal(n) if (1..=20).contains(&n) => n,
                // "y la 3?" could be an hour; not where options were offered.
                Kind::Clock
                    if offered
                        || earlier.is_some_and(|earlier| earlier.any(&["y"]))
                            && after.is_none() =>
                {
                    token.word.parse().ok().filter(|n| (1..=20).contains(n))?
                }
                Kind::Word if token.any(&["a", "b", "c"]) && offered && words.len() <= 3 => {
                    u32::from(token.word.bytes().next()?.checked_sub(b'a')?) + 1
                }
                _ => return None,
            };
            let counted = after.is_some_and(|after| {
                matches!(after.kind, Kind::Month(_) | Kind::Weekday(_))
                    || after.any(UNITS) && !(after.any(&["de"]) && offered && words.len() <= 4)
                    || after.kind == Kind::Word && token_counts(after)
            });
            let named = before.is_some_and(|before| {
                before.any(&["opcion", "numero", "nro", "cabana", "alternativa"])
            }) && earlier.is_none_or(|earlier| !earlier.any(&["una"]));
            // "the 5th" is a day, where nothing was offered.
            let dated = !offered && token.word.starts_with(|c: char| c.is_ascii_digit())
                || after.is_some_and(|after| after.is("of"));
            let article = before
                .is_some_and(|before| before.is("la") || before.is("the") && !dated)
                && earlier.is_none_or(|earlier| !earlier.any(&["a"]));
            let alone = offered
                && words.len() <= 3
                && (place == 0
                    || before
                        .is_some_and(|before| before.any(&["el", "la", "dale", "quiero", "si"])));
            (!counted && (named || article || alone)).then_some(Pointer::Nth(n))
        });
        if let Some(pointer) = found {
            if let Some(token) = words.get(place).and_then(|at| tokens.all.get_mut(*at)) {
                token.taken = true;
            }
            return Some(pointer);
        }
    }
    None
}

/// Nouns that make a quantity of the number before them.
fn token_counts(after: &Token) -> bool {
    is_counted(&after.word)
        || after.any(&[
            "quincena", "finde", "vez", "fila", "linea", "cosa", "parte", "pregunta", "son",
            "somos", "es", "mas",
        ])
}

fn by_rank(token: &Token, before: Option<&Token>, after: Option<&Token>) -> Option<Pointer> {
    let most = before.is_some_and(|before| before.any(&["mas"]));
    if most
        && token.any(&[
            "barata",
            "barato",
            "economica",
            "economico",
            "accesible",
            "chica",
            "cheap",
        ])
        || token.is("cheapest")
    {
        return Some(Pointer::Cheapest);
    }
    let article = before.is_some_and(|before| before.any(&["la", "the"]));
    if most && token.any(&["cara", "linda", "grande", "completa", "lujosa", "amplia"])
        || article && token.is("mejor")
    {
        return Some(Pointer::Best);
    }
    (article
        && token.is("ultima")
        && after.is_none_or(|after| !after.any(&["semana", "quincena", "noche", "vez", "de"])))
    .then_some(Pointer::Last)
}
