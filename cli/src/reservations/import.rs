//! `posta reservations import`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, bail};
use posta_store::notebook::{self, COLUMNS, Line, NotebookError, Options};
use posta_texts::Texts;

use super::{open, property};
use crate::output::{line, readable};

/// Nobody's notebook is larger; somebody's video is.
const LARGEST: u64 = 10 * 1024 * 1024;

#[derive(clap::Args)]
#[command(after_long_help = columns())]
pub(crate) struct Arguments {
    /// The file: comma, semicolon or tab separated, UTF-8 (in Excel: "CSV UTF-8"). sandbox/demo/notebook.csv is an
    /// example.
    file: PathBuf,
    /// Of which property, if there are several.
    #[arg(long)]
    property: Option<String>,
    /// Look at everything and say what would be done, but change nothing.
    #[arg(long)]
    dry_run: bool,
}

/// What the columns are, for `--help`.
fn columns() -> String {
    let each: Vec<String> = COLUMNS
        .into_iter()
        .map(|column| {
            let other = column.names().get(1).copied().unwrap_or_default();
            let needed = if column.is_needed() { " [needed]" } else { "" };
            let name = format!("{} ({other})", column.name());
            format!("  {name:<24} {}{needed}", column.about())
        })
        .collect();
    format!(
        "Columns, in any order; the first line names them, in English or Spanish:\n{}\n\n\
         Each line becomes a confirmed booking at exactly the price that is written (completed, if the guest has\n\
         left). Every problem is said with its line, and then nothing is imported. Lines that were imported before\n\
         are skipped.",
        each.join("\n")
    )
}

pub(super) async fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let path = arguments.file.display();
    let unreadable = || format!("could not read {path}");
    let size = std::fs::metadata(&arguments.file).with_context(unreadable)?;
    if size.len() > LARGEST {
        bail!("{path} is too large to be a notebook (more than 10 MB)");
    }
    let bytes = std::fs::read(&arguments.file).with_context(unreadable)?;
    let (store, by) = open().await?;
    let place = property(&store, &by, arguments.property.as_deref()).await?;
    let agreed_price = agreed_price()?;
    let options = Options {
        dry_run: arguments.dry_run,
        agreed_price: &agreed_price,
    };
    let report = match notebook::import(&store, &by, place.property.id, &bytes, &options).await {
        Ok(report) => report,
        Err(NotebookError::Problems(problems)) => {
            for problem in problems.iter() {
                line(&readable(problem.to_string().as_bytes()))?;
            }
            let count = problems.iter().count();
            let thing = if count == 1 { "problem" } else { "problems" };
            eprintln!("posta: {count} {thing} in {path}: nothing was imported");
            return Ok(ExitCode::FAILURE);
        }
        Err(error) => return Err(error).with_context(|| format!("could not import {path}")),
    };
    for Line { line: n, code } in &report.skipped {
        line(&format!("line {n}: imported before, as {code}"))?;
    }
    let (made, skipped) = (report.made.len(), report.skipped.len());
    if arguments.dry_run {
        line(&format!(
            "{}: nothing is wrong; {made} would be imported, {skipped} skipped (dry run: nothing was changed)",
            place.property.name
        ))?;
    } else {
        for Line { line: n, code } in &report.made {
            line(&format!("line {n}: imported as {code}"))?;
        }
        line(&format!(
            "{}: {made} imported, {skipped} skipped",
            place.property.name
        ))?;
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// What a guest reads of these bookings.
fn agreed_price() -> anyhow::Result<String> {
    let texts = Texts::es_ar().context("could not read the catalogue of texts")?;
    Ok(texts.say("agreed-price"))
}

#[cfg(test)]
mod tests {
    use super::agreed_price;

    #[test]
    fn the_catalogue_has_what_a_guest_reads() {
        assert_eq!(agreed_price().unwrap_or_default(), "Precio acordado");
    }
}
