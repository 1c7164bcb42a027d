//! What a person watches while the demo runs.

use chrono::Local;
use tokio::time::Instant;

use crate::clock::SimClock;

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
        let mut lines = words.lines();
        println!("  {now}  {who:>20} │ {}", lines.next().unwrap_or_default());
        for line in lines {
            println!("  {:12}  {:>20} │ {line}", "", "");
        }
    }

    pub(crate) fn notes(words: &str) {
        println!("  {:12}  {:>20} · {words}", "", "");
    }
}
