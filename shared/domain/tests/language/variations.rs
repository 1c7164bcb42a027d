//! The same sentence as other people would type it: what it means stays.

use posta_domain::understand::{Intent, Understanding};

use crate::row::Row;
use crate::rows;
use crate::score::read;

/// How a sentence is typed, with a name for the report.
type Variation = (&'static str, fn(&str) -> String);

/// Nothing but the typing changes: the whole reading stays.
const TYPING: [Variation; 9] = [
    ("capitals", |text| text.to_uppercase()),
    ("small letters", |text| text.to_lowercase()),
    ("no accents", |text| {
        text.chars().map(without_accent).collect()
    }),
    ("spaces around", |text| format!("  {text}  ")),
    ("double spaces", |text| text.replace(' ', "  ")),
    ("no-break spaces", |text| text.replace(' ', "\u{a0}")),
    ("zero-width spaces", |text| text.replace(' ', " \u{200b}")),
    ("a full stop", |text| {
        format!("{}.", text.trim_end_matches(['.', '!', '?']))
    }),
    ("more question marks", |text| text.replace('?', "???")),
];

/// Politeness around it: what is wanted stays, where something is wanted.
const POLITENESS: [Variation; 8] = [
    ("hola before", |text| format!("hola! {text}")),
    ("buenas tardes before", |text| {
        format!("Buenas tardes, {text}")
    }),
    ("hola on its own line", |text| format!("hola\n{text}")),
    ("como estas before", |text| {
        format!("Hola como estas? {text}")
    }),
    ("gracias after", |text| format!("{text} gracias")),
    ("gracias on its own line", |text| {
        format!("{text}\nmuchas gracias!")
    }),
    ("a smile after", |text| format!("{text} 😊")),
    ("hands after", |text| format!("{text} 🙏🙏")),
];

/// A question beside the request, and what it asks.
const QUESTIONS: [(&str, Intent); 7] = [
    ("aceptan mascotas?", Intent::Services),
    ("tienen pileta y wifi?", Intent::Services),
    ("a que hora es el check in?", Intent::Services),
    ("donde quedan?", Intent::Location),
    ("cuanto sale?", Intent::Price),
    ("como se paga?", Intent::Payment),
    ("quiero hablar con una persona", Intent::Human),
];

fn without_accent(letter: char) -> char {
    match letter {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' => 'u',
        'Á' => 'A',
        'É' => 'E',
        'Í' => 'I',
        'Ó' => 'O',
        'Ú' => 'U',
        other => other,
    }
}

fn is_small_talk(intent: Intent) -> bool {
    matches!(
        intent,
        Intent::Greeting | Intent::Thanks | Intent::Affirm | Intent::Deny | Intent::Unknown
    )
}

fn same_slots(one: &Understanding, other: &Understanding) -> bool {
    (one.check_in, one.check_out, one.nights) == (other.check_in, other.check_out, other.nights)
        && (one.adults, one.children, one.guests_total)
            == (other.adults, other.children, other.guests_total)
        && (one.infants, &one.ages, one.pets) == (other.infants, &other.ages, other.pets)
}

fn all_rows() -> Vec<Row> {
    let ours = rows::ours().into_iter().flat_map(|(_, rows)| rows);
    rows::given().into_iter().chain(ours).collect()
}

/// Of all rows, those that are read otherwise when varied; at most one in two hundred for each variation.
fn keep_their_meaning(variations: &[Variation], counts: fn(&Row, &Understanding) -> bool) {
    let rows: Vec<_> = all_rows()
        .into_iter()
        .map(|row| (read(&row), row))
        .filter(|(plain, row)| counts(row, plain))
        .collect();
    let mut problems = Vec::new();
    for (name, vary) in variations {
        let mut changed = Vec::new();
        for (plain, row) in &rows {
            let mut varied = row.clone();
            varied.text = vary(&row.text);
            let got = read(&varied);
            if !same_slots(plain, &got) || plain.intent != got.intent {
                changed.push(format!(
                    "{:?}: {:?} {:?} {:?} {:?}, was {:?} {:?} {:?} {:?}",
                    varied.text,
                    got.intent,
                    got.check_in,
                    got.check_out,
                    got.guests_total,
                    plain.intent,
                    plain.check_in,
                    plain.check_out,
                    plain.guests_total
                ));
            }
        }
        println!("{name:<24} {} of {} changed", changed.len(), rows.len());
        for change in &changed {
            println!("    {change}");
        }
        if changed.len() * 200 > rows.len() {
            problems.push(format!("{name}: {} of {}", changed.len(), rows.len()));
        }
    }
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn typing_changes_no_meaning() {
    keep_their_meaning(&TYPING, |_, _| true);
}

#[test]
fn politeness_changes_no_request() {
    keep_their_meaning(&POLITENESS, |row, read| {
        row.asked.is_none() && !is_small_talk(row.intent) && !is_small_talk(read.intent)
    });
}

#[test]
fn a_question_beside_a_request_is_heard_and_changes_no_slot() {
    let rows: Vec<_> = all_rows()
        .into_iter()
        .filter(|row| row.asked.is_none() && row.check_in.is_some() && row.guests_total.is_some())
        .filter(|row| {
            matches!(
                row.intent,
                Intent::Availability | Intent::Price | Intent::Reserve
            )
        })
        .collect();
    let plain: Vec<_> = rows.iter().map(read).collect();
    let mut problems = Vec::new();
    for (question, asks) in QUESTIONS {
        for join in [". ", "\n"] {
            for first in [false, true] {
                let mut unheard = 0;
                let mut changed = 0;
                for (row, plain) in rows.iter().zip(&plain) {
                    let mut varied = row.clone();
                    varied.text = if first {
                        format!("{question}{join}{}", row.text)
                    } else {
                        format!("{}{join}{question}", row.text)
                    };
                    let got = read(&varied);
                    if !got.wants(asks) {
                        unheard += 1;
                        println!(
                            "unheard: {:?}: {:?} {:?}",
                            varied.text, got.intent, got.also
                        );
                    }
                    // An animal in the question may be counted: it is no guest.
                    let same = Understanding {
                        pets: plain.pets,
                        ..got.clone()
                    };
                    if !same_slots(plain, &same) {
                        changed += 1;
                        println!(
                            "changed: {:?}: {:?} {:?} {:?}, was {:?} {:?} {:?}",
                            varied.text,
                            got.check_in,
                            got.check_out,
                            got.guests_total,
                            plain.check_in,
                            plain.check_out,
                            plain.guests_total
                        );
                    }
                }
                if (unheard + changed) * 50 > rows.len() {
                    problems.push(format!(
                        "{question:?} {}, joined by {join:?}: {unheard} unheard, {changed} changed, of {}",
                        if first { "before" } else { "after" },
                        rows.len()
                    ));
                }
            }
        }
    }
    assert_eq!(problems, Vec::<String>::new());
}
