//! What is wrong with a file.

use std::fmt;

/// One thing, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// From 1; none where it is about the whole file.
    pub line: Option<usize>,
    /// The setting or the column; empty where there is none to name.
    pub at: String,
    /// What is wrong.
    pub text: String,
}

/// Everything that is wrong with a file, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblems(Vec<FileProblem>);

// === impl FileProblems ===

impl FileProblems {
    pub(crate) fn new(mut problems: Vec<FileProblem>) -> Self {
        problems.sort_by_key(|problem| problem.line);
        problems.dedup();
        Self(problems)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &FileProblem> {
        self.0.iter()
    }
}

impl std::error::Error for FileProblems {}

impl fmt::Display for FileProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.at.is_empty() {
            write!(f, "{}: ", self.at)?;
        }
        f.write_str(&self.text)
    }
}
