//! `posta property import`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, bail};
use posta_runtime::config::{DatabaseConfig, TenantConfig};
use posta_store::import::{PropertyFile, import};

use crate::{output::line, setup};

/// No description of a place is larger.
const LARGEST: u64 = 1024 * 1024;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make or renew a place from a TOML file: hours, texts, cabins, prices, seasons, holidays and policies. The file
    /// wins for what it names; what it does not name stays, and nothing is deleted. sandbox/demo/property.toml is an
    /// example that explains every setting.
    Import {
        /// The file.
        file: PathBuf,
        /// Only read the file and say what is wrong with it.
        #[arg(long)]
        check: bool,
    },
}

pub(crate) async fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Import { file: path, check } = command;
    let unreadable = || format!("could not read {}", path.display());
    let size = std::fs::metadata(path).with_context(unreadable)?.len();
    if size > LARGEST {
        bail!(
            "{} is too large to describe a property (more than 1 MB)",
            path.display()
        );
    }
    let bytes = std::fs::read(path).with_context(unreadable)?;
    let Ok(text) = String::from_utf8(bytes) else {
        bail!(
            "{} is not written in UTF-8: save it again with that encoding",
            path.display()
        );
    };
    let file = match PropertyFile::parse(&text) {
        Ok(file) => file,
        Err(problems) => bail!(
            "{} does not describe a property:\n{problems}",
            path.display()
        ),
    };
    if *check {
        line(&format!("{}: nothing is wrong with it", file.name))?;
        return Ok(ExitCode::SUCCESS);
    }
    let (database, tenant) = setup::load::<(DatabaseConfig, TenantConfig)>()?;
    let store = setup::store(database)?;
    let by = setup::by(&store, &tenant).await?;
    let imported = import(&store, &by, &file).await?;
    let how = if imported.is_new { "made" } else { "renewed" };
    line(&format!(
        "{}: {how}, {} types, {} accommodations, {} seasons",
        file.name, imported.unit_types, imported.accommodations, imported.seasons
    ))?;
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
