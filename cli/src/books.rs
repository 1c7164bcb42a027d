//! `posta books`.

use std::{process::ExitCode, time::Duration};

use posta_runtime::{config::DatabaseConfig, env::parse};
use posta_store::books::{Books, audit};
use serde_json::json;

use crate::{output::line, setup};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// Count what is older than this, instead of each kind's own time; 0s counts everything that is not final.
    #[arg(long, value_parser = parse::duration)]
    within: Option<Duration>,
}

pub(crate) async fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let store = setup::store(setup::load::<DatabaseConfig>()?)?;
    let books = audit(&store, arguments.within).await?;
    if arguments.json {
        let threshold = |kind: posta_store::books::Kind| {
            arguments
                .within
                .unwrap_or_else(|| kind.threshold())
                .as_secs()
        };
        let pages: Vec<_> = books
            .pages
            .iter()
            .map(|page| {
                json!({
                    "kind": page.kind, "count": page.count, "residue": page.kind.is_residue(),
                    "threshold_seconds": threshold(page.kind), "oldest": page.oldest, "examples": page.examples,
                })
            })
            .collect();
        line(&json!({ "residue": books.residue(), "pages": pages }).to_string())?;
    } else {
        people(&books)?;
    }
    store.close().await;
    Ok(if books.residue() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn people(books: &Books) -> anyhow::Result<()> {
    for page in &books.pages {
        let since = page.oldest.map_or_else(String::new, |at| {
            format!("  oldest {}", at.format("%F %T UTC"))
        });
        line(&format!("{:<18}{:>6}{since}", page.kind.name(), page.count))?;
        for example in &page.examples {
            line(&format!(
                "{:<26}{}",
                "",
                crate::output::readable(example.as_bytes())
            ))?;
        }
    }
    line(&format!("{:<18}{:>6}", "residue", books.residue()))
}
