//! Days on which somebody will write, pay or call ("mañana te confirmo", "te aviso el lunes"), or on which it rains. They
//! are no arrivals.

use super::lex::{Kind, Tokens};

/// What one promises to do later, after "te", "les", "lo".
const PROMISES: &[&str] = &[
    "aviso",
    "avisamos",
    "confirmo",
    "confirmamos",
    "digo",
    "decimos",
    "escribo",
    "escribimos",
    "contesto",
    "contestamos",
    "respondo",
    "hablo",
    "hablamos",
    "llamo",
    "llamamos",
    "transfiero",
    "transferimos",
    "deposito",
    "depositamos",
    "pago",
    "pagamos",
    "consulto",
    "consultamos",
    "veo",
    "vemos",
    "mando",
    "mandamos",
    "paso",
    "defino",
    "definimos",
    "resuelvo",
    "resolvemos",
    "charlo",
    "charlamos",
    "giro",
    "envio",
    "cuento",
    "seno",
    "senamos",
    "confirmaria",
    "avisaria",
    "contestaria",
    "mandaria",
    "pregunto",
    "decido",
    "decidimos",
];
const OBJECTS: &[&str] = &["te", "les", "lo", "la", "le", "se", "nos", "recien", "yo"];
/// How far from the verb its day may stand, in words.
const NEAR: usize = 4;

/// Talk of the weather names days that nobody comes on.
const WEATHER: &[&str] = &[
    "llover",
    "llueve",
    "llovera",
    "lloviendo",
    "clima",
    "pronostico",
    "temperatura",
    "nevar",
    "nieva",
    "nevando",
];

/// Marks those days as taken.
pub(super) fn set_aside(tokens: &mut Tokens) {
    let weather = tokens.all.iter().any(|token| token.any(WEATHER));
    let numbered_days = tokens.all.iter().any(|token| {
        matches!(
            token.kind,
            Kind::Number(_) | Kind::DayMonth { .. } | Kind::Iso(_)
        )
    });
    if weather && !numbered_days {
        tokens
            .all
            .iter_mut()
            .filter(|token| is_near_day(token))
            .for_each(|token| token.taken = true);
    }
    let words: Vec<usize> = (0..tokens.all.len())
        .filter(|at| {
            tokens
                .all
                .get(*at)
                .is_some_and(|token| !matches!(token.kind, Kind::Mark(_) | Kind::Emoji))
        })
        .collect();
    let is = |place: usize, known: &[&str]| {
        words
            .get(place)
            .and_then(|at| tokens.all.get(*at))
            .is_some_and(|token| token.any(known))
    };
    let mut days = Vec::new();
    for verb in 1..words.len() {
        if !is(verb, PROMISES) || !is(verb - 1, OBJECTS) {
            continue;
        }
        // Behind the verb, else before it; up to the end of the sentence.
        let behind =
            (verb + 1..=verb + NEAR).take_while(|place| !broken(tokens, &words, verb, *place));
        let before = (verb.saturating_sub(NEAR)..verb)
            .rev()
            .take_while(|place| !broken(tokens, &words, *place, verb));
        let day = behind.chain(before).find(|place| {
            words
                .get(*place)
                .and_then(|at| tokens.all.get(*at))
                .is_some_and(is_near_day)
        });
        // "te confirmo del 10 al 15" books; only a day by itself is a promise.
        if let Some(day) = day
            .filter(|day| !is(day + 1, &["al", "a", "hasta"]) && !numbered(tokens, &words, day + 1))
        {
            days.extend(words.get(day).copied());
        }
    }
    for at in days {
        if let Some(token) = tokens.all.get_mut(at) {
            token.taken = true;
        }
    }
}

fn is_near_day(token: &super::lex::Token) -> bool {
    matches!(token.kind, Kind::Weekday(_))
        || token.any(&["manana", "hoy", "noche", "finde", "semana", "pasado"])
}

fn numbered(tokens: &Tokens, words: &[usize], place: usize) -> bool {
    words
        .get(place)
        .and_then(|at| tokens.all.get(*at))
        .is_some_and(|token| matches!(token.kind, Kind::Number(_)))
}

/// Whether a sentence ends between two words.
fn broken(tokens: &Tokens, words: &[usize], from: usize, to: usize) -> bool {
    let (Some(from), Some(to)) = (words.get(from), words.get(to)) else {
        return true;
    };
    tokens.all.get(*from..*to).is_some_and(|between| {
        between.iter().any(|token| {
            ['.', '?', '!', '\n', ',']
                .iter()
                .any(|sign| token.mark(*sign))
        })
    })
}
