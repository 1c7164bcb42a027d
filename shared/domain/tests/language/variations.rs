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
    let rows = all_rows();
    let mut problems = Vec::new();
    for (name, vary) in variations {
        let mut tried = 0;
        let mut changed = Vec::new();
        for row in &rows {
            let plain = read(row);
            if !counts(row, &plain) {
                continue;
            }
            let mut varied = row.clone();
            varied.text = vary(&row.text);
            let got = read(&varied);
            tried += 1;
            if !same_slots(&plain, &got) || plain.intent != got.intent {
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
        println!("{name:<24} {} of {tried} changed", changed.len());
        for change in &changed {
            println!("    {change}");
        }
        if changed.len() * 200 > tried {
            problems.push(format!("{name}: {} of {tried}", changed.len()));
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
