//! `posta migrate`.

use std::{process::ExitCode, time::Duration};

use anyhow::Context as _;
use posta_runtime::{
    config::{DatabaseConfig, TenantConfig},
    env::parse,
};
use posta_store::{
    Store, migrate, retention,
    seed::{Seed, SeedAccount, seed},
};

use crate::{output::line, setup};

/// Between two looks at a database that is not there yet.
const RETRY: Duration = Duration::from_millis(250);

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How long to wait for the database.
    #[arg(long, default_value = "30s", value_parser = parse::duration)]
    wait: Duration,
}

pub(crate) async fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (database, tenant) = setup::load::<(DatabaseConfig, TenantConfig)>()?;
    let store = setup::store(database)?;
    wait(&store, arguments.wait).await?;
    let applied = migrate::apply(store.pool()).await?;
    match applied.as_slice() {
        [] => line("migrations: up to date")?,
        applied => {
            let versions: Vec<String> = applied.iter().map(ToString::to_string).collect();
            line(&format!("migrations: applied {}", versions.join(", ")))?;
        }
    }
    let made = retention::prepare(&store).await?;
    if made > 0 {
        line(&format!("inbox: {made} partitions made"))?;
    }
    let seeded = seed(&store, &wanted(tenant)).await?;
    let how = if seeded.tenant_is_new {
        "made"
    } else {
        "there already"
    };
    line(&format!("tenant {}: {how}", seeded.tenant))?;
    for account in seeded.new_accounts {
        line(&format!("account {account}: made"))?;
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn wait(store: &Store, at_most: Duration) -> anyhow::Result<()> {
    let deadline = tokio::time::Instant::now() + at_most;
    loop {
        match store.ping().await {
            Ok(()) => return Ok(()),
            Err(error) if error.is_unavailable() && tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(RETRY).await;
            }
            Err(error) => {
                return Err(error).with_context(|| {
                    format!(
                        "gave up waiting for the database after {} s (DATABASE_URL)",
                        at_most.as_secs()
                    )
                });
            }
        }
    }
}

fn wanted(tenant: TenantConfig) -> Seed {
    let account = |provider, id: Option<String>, secret: &str| {
        id.map(|external_id| SeedAccount {
            provider,
            external_id,
            secret_ref: secret.to_owned(),
        })
    };
    let whatsapp = account(
        "whatsapp",
        tenant.whatsapp_phone_number_id,
        "WHATSAPP_ACCESS_TOKEN",
    );
    let mercadopago = account(
        "mercadopago",
        tenant.mercadopago_user_id,
        "MERCADOPAGO_ACCESS_TOKEN",
    );
    Seed {
        tenant: tenant.name,
        accounts: whatsapp.into_iter().chain(mercadopago).collect(),
    }
}
