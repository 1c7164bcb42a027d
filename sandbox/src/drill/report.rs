//! A drill's figures and checks, as a table a person can judge.

/// What a drill measured and what it demanded.
#[derive(Debug)]
pub(crate) struct Report {
    name: &'static str,
    figures: Vec<(String, String)>,
    checks: Vec<Check>,
}

#[derive(Debug)]
struct Check {
    what: String,
    holds: bool,
    found: String,
}

impl Report {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            figures: Vec::new(),
            checks: Vec::new(),
        }
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and words are handed over as they are"
    )]
    /// A number to show, not to judge.
    pub(crate) fn figure(&mut self, what: &str, value: impl ToString) {
        self.figures.push((what.to_owned(), value.to_string()));
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and words are handed over as they are"
    )]
    /// Something that must hold, with what was found.
    pub(crate) fn check(&mut self, what: &str, holds: bool, found: impl ToString) {
        self.checks.push(Check {
            what: what.to_owned(),
            holds,
            found: found.to_string(),
        });
    }

    /// A count that must be zero.
    pub(crate) fn zero(&mut self, what: &str, count: i64) {
        self.check(what, count == 0, count);
    }

    /// Every check holds, and there is one.
    pub(crate) fn passed(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|check| check.holds)
    }

    /// The table.
    pub(crate) fn print(&self) {
        println!(
            "\n── drill {} {}",
            self.name,
            "─".repeat(60_usize.saturating_sub(self.name.len()))
        );
        for (what, value) in &self.figures {
            println!("           {what:<58} {value:>10}");
        }
        for check in &self.checks {
            let verdict = if check.holds { "ok  " } else { "FAIL" };
            println!("   {verdict}    {:<58} {:>10}", check.what, check.found);
        }
        println!(
            "   {}: {}",
            self.name,
            if self.passed() { "passed" } else { "FAILED" }
        );
    }
}
