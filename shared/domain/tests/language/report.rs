//! The figures, the confusion table and the misses, printed for a person.

use std::collections::BTreeSet;

use posta_domain::understand::Intent;

use crate::score::{Rate, Score};

/// The figures in one line.
pub(crate) fn line(score: &Score) {
    println!(
        "{:<24} intents {:>9}   dates {:>9}   undated {:>9}   guests {:>9}   details {:>9}",
        score.name,
        text(score.intents),
        text(score.dates),
        text(score.undated),
        text(score.guests),
        text(score.details),
    );
}

/// The figures, the table and the misses.
pub(crate) fn print(score: &Score) {
    println!();
    line(score);
    table(score);
    for miss in &score.misses {
        println!(
            "  {:<14} {} {:?}\n{:17}wanted {}\n{:17}got    {}",
            miss.what, miss.row.reference_date, miss.row.text, "", miss.wanted, "", miss.got,
        );
    }
}

fn table(score: &Score) {
    let intents: BTreeSet<Intent> = score
        .confusion
        .keys()
        .flat_map(|&(wanted, got)| [wanted, got])
        .collect();
    println!("wanted (down) and got (across); an accepted alternative counts as what was wanted");
    print!("{:<16}", "");
    for got in &intents {
        print!("{:>6}", short(*got));
    }
    println!();
    for wanted in &intents {
        print!("{:<16}", format!("{wanted:?}"));
        for got in &intents {
            match score.confusion.get(&(*wanted, *got)) {
                Some(count) => print!("{count:>6}"),
                None => print!("{:>6}", "."),
            }
        }
        println!();
    }
}

fn short(intent: Intent) -> String {
    format!("{intent:?}").chars().take(5).collect()
}

fn text(rate: Rate) -> String {
    format!("{}/{}", rate.right, rate.of)
}
