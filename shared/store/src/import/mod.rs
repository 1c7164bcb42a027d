//! A place as the owner describes it in a file, made or renewed by its names.
//!
//! [`PropertyFile::parse`] reads the file and says everything that is wrong with it, with the line; [`import`] writes
//! it in one transaction. Importing the same file twice changes nothing and leaves no trace in the audit log. The file
//! wins for what it names: a price, a text or a season that was edited since is as in the file again. What it does not
//! name stays as it is, and nothing is deleted: a type, a cabin or a season that the file no longer names may have
//! stays (they are taken away through the API).

pub(crate) mod amount;
mod file;
mod problem;
mod reader;
#[cfg(test)]
mod tests;
mod write;

pub use file::{FileRate, FileSeason, FileUnitType, PropertyFile};
pub use problem::{FileProblem, FileProblems};
pub use write::{Imported, import, tenant_named};
