//! `posta reservations`: looking at bookings, and taking them over from the owner's notebook.

mod import;
mod list;

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use posta_runtime::config::{DatabaseConfig, TenantConfig};
use posta_store::{
    Store,
    audit::By,
    catalog::{self, Place},
};

use crate::setup;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// List bookings by arrival.
    List(list::Arguments),
    /// Take over the bookings of a notebook that a spreadsheet saved as CSV: all of them, or none.
    Import(import::Arguments),
}

pub(crate) async fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List(arguments) => list::run(arguments).await,
        Command::Import(arguments) => import::run(arguments).await,
    }
}

/// The database, and for whom.
async fn open() -> anyhow::Result<(Store, By)> {
    let (database, tenant) = setup::load::<(DatabaseConfig, TenantConfig)>()?;
    let store = setup::store(database)?;
    let by = setup::by(&store, &tenant).await?;
    Ok((store, by))
}

/// The property of that name; without a name the only one there is.
async fn property(store: &Store, by: &By, name: Option<&str>) -> anyhow::Result<Place> {
    let mut connection = store.acquire().await?;
    let mut places = catalog::properties(&mut connection, by.tenant).await?;
    let names: Vec<String> = places
        .iter()
        .map(|place| format!("{:?}", place.property.name))
        .collect();
    if let Some(name) = name {
        return places
            .into_iter()
            .find(|place| place.property.name == name)
            .with_context(|| {
                format!(
                    "there is no property {name:?}; there is {}",
                    names.join(", ")
                )
            });
    }
    match places.len() {
        0 => bail!("there is no property yet: `posta property import FILE` makes one"),
        1 => Ok(places.remove(0)),
        _ => bail!("which property? --property {}", names.join(" or ")),
    }
}
