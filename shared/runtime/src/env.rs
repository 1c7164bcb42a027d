//! Reading the environment: parsed once, at the edge, with every mistake reported together.
//!
//! A [`Section`] is a struct that knows its variables. [`Env::load`] reads one section, or a tuple of them, and
//! either gives all of them back or a [`ConfigError`] with one line per problem, so that an operator repairs a
//! configuration in one round. A variable that is set but empty counts as not set: that is what `${NAME:-}` in a
//! compose file produces. The value of a secret never appears in a problem.

pub mod parse;
mod problems;

use std::collections::HashMap;

pub use problems::{ConfigError, Problem};

/// One environment variable: its name, its default in the syntax of the environment itself, and why it exists.
#[derive(Debug, Clone, Copy)]
pub struct Var {
    /// The name in the environment.
    pub name: &'static str,
    /// What is used when it is not set; `None` when there is no sensible default.
    pub default: Option<&'static str>,
    /// What it is for, as a phrase that can follow a colon.
    pub about: &'static str,
    /// Whether its value must never be shown.
    pub secret: bool,
}

impl Var {
    /// A variable without a default.
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            default: None,
            about,
            secret: false,
        }
    }

    /// A variable with a default.
    pub const fn with_default(
        name: &'static str,
        default: &'static str,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            default: Some(default),
            about,
            secret: false,
        }
    }

    /// A variable whose value is a secret, or contains one (URLs with passwords).
    pub const fn secret(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            default: None,
            about,
            secret: true,
        }
    }
}

/// A part of the configuration that reads itself.
pub trait Section: Sized {
    /// Reads all of its variables, even after the first problem; `None` when there was one (it is noted in `env`).
    fn read(env: &mut Env) -> Option<Self>;
}

type Source = Box<dyn Fn(&str) -> Result<Option<String>, NotUnicode> + Send>;

struct NotUnicode;

/// Where variables come from, and the problems found so far.
pub struct Env {
    source: Source,
    problems: Vec<Problem>,
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Env")
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

impl Env {
    /// The environment of this process.
    pub fn from_process() -> Self {
        Self::from_source(Box::new(|name| match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => Err(NotUnicode),
        }))
    }

    /// The given variables and no others; for tests and for the sandbox.
    pub fn from_map<K: Into<String>, V: Into<String>>(
        vars: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let vars: HashMap<String, String> = vars
            .into_iter()
            .map(|(k, v)| (k.into(), v.into()))
            .collect();
        Self::from_source(Box::new(move |name| Ok(vars.get(name).cloned())))
    }

    fn from_source(source: Source) -> Self {
        Self {
            source,
            problems: Vec::new(),
        }
    }

    /// Reads a section, or a tuple of sections, whole.
    pub fn load<S: Section>(mut self) -> Result<S, ConfigError> {
        let section = S::read(&mut self);
        match section {
            Some(section) if self.problems.is_empty() => Ok(section),
            _ => Err(ConfigError::new(self.problems)),
        }
    }

    /// The variable, or its default; a problem when there is neither.
    pub fn required<T>(
        &mut self,
        var: &Var,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if let Some(raw) = self.raw(var).ok()? {
            self.parse(var, &raw, parse)
        } else {
            self.problem(var, format!("is not set: {}", var.about));
            None
        }
    }

    /// The variable or its default, when there is either. The outer `None` is a problem, the inner one an absence.
    pub fn optional<T>(
        &mut self,
        var: &Var,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<Option<T>> {
        match self.raw(var).ok()? {
            Some(raw) => self.parse(var, &raw, parse).map(Some),
            None => Some(None),
        }
    }

    /// Notes that `var` is wrong, for rules between variables.
    pub fn problem(&mut self, var: &Var, text: impl Into<String>) {
        self.problems.push(Problem::new(var.name, text));
    }

    fn raw(&mut self, var: &Var) -> Result<Option<String>, NotUnicode> {
        if let Ok(value) = (self.source)(var.name) {
            let value = value.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
            Ok(value.or_else(|| var.default.map(str::to_owned)))
        } else {
            self.problem(var, "is not valid UTF-8");
            Err(NotUnicode)
        }
    }

    fn parse<T>(
        &mut self,
        var: &Var,
        raw: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match parse(raw) {
            Ok(value) => Some(value),
            Err(why) if var.secret => {
                self.problem(var, format!("is not usable: {why} ({})", var.about));
                None
            }
            Err(why) => {
                self.problem(var, format!("is {raw:?}: {why} ({})", var.about));
                None
            }
        }
    }
}

impl Section for () {
    fn read(_env: &mut Env) -> Option<Self> {
        Some(())
    }
}

macro_rules! section_of_sections {
    ($($name:ident),+) => {
        impl<$($name: Section),+> Section for ($($name,)+) {
            fn read(env: &mut Env) -> Option<Self> {
                // Every section is read before the first absence may end this.
                let sections = ($($name::read(env),)+);
                #[expect(non_snake_case, reason = "the type parameters' names are reused for the values")]
                let ($($name,)+) = sections;
                Some(($($name?,)+))
            }
        }
    };
}
section_of_sections!(A, B);
section_of_sections!(A, B, C);
section_of_sections!(A, B, C, D);
section_of_sections!(A, B, C, D, E);
section_of_sections!(A, B, C, D, E, F);
section_of_sections!(A, B, C, D, E, F, G);
section_of_sections!(A, B, C, D, E, F, G, H);
section_of_sections!(A, B, C, D, E, F, G, H, I);
section_of_sections!(A, B, C, D, E, F, G, H, I, J);

#[cfg(test)]
mod tests;
