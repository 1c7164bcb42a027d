//! What a person watches while the demo runs.

use chrono::Local;
use tokio::time::Instant;

use crate::{clock::SimClock, script::Voice};

/// Prints steps and what is said, with times.
#[derive(Debug)]
pub(crate) struct Progress {
    began: Instant,
    step: u32,
    steps: u32,
}

impl Progress {
    pub(crate) fn new(steps: u32) -> Self {
        Self {
            began: Instant::now(),
            step: 0,
            steps,
        }
    }

    /// The next step of the set-up is done.
    pub(crate) fn done(&mut self, what: &str) {
        self.step += 1;
        println!(
            "[{}/{}] {what}  ({:.1} s)",
            self.step,
            self.steps,
            self.began.elapsed().as_secs_f64()
        );
    }

    pub(crate) fn heading(words: &str) {
        println!(
            "\n── {words} {}",
            "─".repeat(70_usize.saturating_sub(words.chars().count()))
        );
    }

    /// Somebody says something.
    pub(crate) fn says(who: &str, words: &str) {
        let now = SimClock::default()
            .now()
            .with_timezone(&Local)
            .format("%H:%M:%S%.3f");
        let mut lines = words.lines().flat_map(wrapped);
        let first = lines.next().unwrap_or_default();
        println!("  {now}  {who:>20} │ {first}");
        for line in lines {
            println!("  {:12}  {:>20} │ {line}", "", "");
        }
    }

    pub(crate) fn notes(words: &str) {
        println!("  {:12}  {:>20} · {words}", "", "");
    }
}

/// Everything is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aloud;

impl Voice for Aloud {
    fn says(&self, who: &str, words: &str) {
        Progress::says(who, words);
    }

    fn notes(&self, words: &str) {
        Progress::notes(words);
    }
}

/// Lines of at most 80 characters, broken between words; an empty line stays one.
fn wrapped(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        if let Some(last) = lines.last_mut() {
            if last.is_empty() || last.chars().count() + word.chars().count() < 80 {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(word);
            } else {
                lines.push(word.to_owned());
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn words_stay_whole_and_in_order() {
        let line = "palabra ".repeat(30);
        let lines = wrapped(line.trim());
        assert!(lines.iter().all(|line| line.chars().count() <= 80));
        assert_eq!(lines.join(" "), line.trim());
        assert_eq!(wrapped(""), [""]);
    }
}
