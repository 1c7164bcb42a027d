//! `posta property import`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, bail};
use posta_runtime::config::{DatabaseConfig, TenantConfig};
use posta_store::import::{PropertyFile, import, tenant_named};

use crate::{output::line, setup};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make or renew a place from a TOML file: its hours, texts, types and cabins. Nothing is deleted.
    Import {
        /// The file.
        file: PathBuf,
    },
}

pub(crate) async fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Import { file } = command;
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("could not read {}", file.display()))?;
    let property: PropertyFile = toml::from_str(&text)
        .with_context(|| format!("{} does not describe a property", file.display()))?;
    if property.property.zone.parse::<chrono_tz::Tz>().is_err() {
        bail!(
            "{:?} is not a time zone such as America/Argentina/Buenos_Aires",
            property.property.zone
        );
    }
    let (database, tenant) = setup::load::<(DatabaseConfig, TenantConfig)>()?;
    let store = setup::store(database)?;
    let Some(id) = tenant_named(&store, &tenant.name).await? else {
        bail!(
            "there is no tenant {:?} (TENANT_NAME); run `posta migrate` first",
            tenant.name
        );
    };
    let imported = import(&store, id, &property).await?;
    let how = if imported.is_new { "made" } else { "renewed" };
    line(&format!(
        "{}: {how}, {} types, {} accommodations",
        property.property.name, imported.unit_types, imported.accommodations
    ))?;
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
