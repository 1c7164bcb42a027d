//! What was measured, as a table: one line for each figure, with its unit and its spread over the rounds.

use super::figures::Spread;

/// A measurement's figures, and what went wrong on the way.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    rows: Vec<Row>,
    failures: Vec<String>,
}

#[derive(Debug)]
struct Row {
    what: String,
    unit: &'static str,
    rounds: usize,
    spread: String,
}

impl Table {
    pub(crate) fn new(title: String) -> Self {
        Self {
            title,
            rows: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// A figure, one value for each round.
    pub(crate) fn row(&mut self, what: &str, unit: &'static str, decimals: usize, rounds: &[f64]) {
        let spread = Spread::of(rounds).map_or_else(
            || "-".to_owned(),
            |Spread {
                 lowest,
                 median,
                 highest,
             }| {
                format!("{median:.decimals$} ({lowest:.decimals$}-{highest:.decimals$})")
            },
        );
        self.rows.push(Row {
            what: what.to_owned(),
            unit,
            rounds: rounds.len(),
            spread,
        });
    }

    /// A figure that has to be zero in every round.
    pub(crate) fn zero(&mut self, what: &str, unit: &'static str, rounds: &[f64]) {
        self.row(what, unit, 0, rounds);
        let sum: f64 = rounds.iter().sum();
        if sum > 0.0 {
            self.fail(format!("{what}: {sum:.0}"));
        }
    }

    /// Something that must not happen.
    pub(crate) fn fail(&mut self, what: String) {
        self.failures.push(what);
    }

    /// What must not have happened.
    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }

    pub(crate) fn print(&self) {
        println!("\n── bench {}", self.title);
        println!(
            "   {:<46} {:<8} {:>6}   median (lowest-highest)",
            "", "unit", "rounds"
        );
        for row in &self.rows {
            println!(
                "   {:<46} {:<8} {:>6}   {}",
                row.what, row.unit, row.rounds, row.spread
            );
        }
        for failure in &self.failures {
            println!("   FAILED: {failure}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_has_to_be_zero_fails_the_table_when_one_round_says_otherwise() {
        let mut table = Table::new("ingress".to_owned());
        table.row("durable 200s", "1/s", 0, &[10.0, 30.0, 20.0]);
        table.zero("missing", "messages", &[0.0, 0.0, 0.0]);
        assert!(table.failures().is_empty());
        assert_eq!(table.rows[0].spread, "20 (10-30)");
        table.zero("refused", "requests", &[0.0, 2.0, 0.0]);
        assert_eq!(table.failures(), ["refused: 2"]);
    }
}
