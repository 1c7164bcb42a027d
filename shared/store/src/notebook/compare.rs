//! Lines against each other.

use super::{entry::Entry, problem};
use crate::{catalog::Place, import::FileProblem};

/// A cabin that two lines sell for one night.
pub(super) fn overlaps(entries: &[Entry], place: &Place, problems: &mut Vec<FileProblem>) {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by_key(|entry| (entry.cabin, entry.period.check_in(), entry.line));
    for (at, entry) in sorted.iter().enumerate() {
        let later = sorted.iter().skip(at + 1).take_while(|other| {
            other.cabin == entry.cabin && other.period.check_in() < entry.period.check_out()
        });
        for other in later {
            let (first, second) = if entry.line <= other.line {
                (entry, other)
            } else {
                (other, entry)
            };
            let cabin = place.cabin(entry.cabin).map_or("", |it| it.name.as_str());
            let text = format!(
                "{cabin} has {} to {} on line {} already",
                first.period.check_in(),
                first.period.check_out(),
                first.line
            );
            problems.push(problem(second.line, "check_in", text));
        }
    }
}
