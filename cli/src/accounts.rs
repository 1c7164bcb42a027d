//! `posta accounts`: those that were stopped, and letting them go on.

use std::process::ExitCode;

use anyhow::bail;
use posta_runtime::config::DatabaseConfig;
use posta_store::{outbox::record::resume_account, upkeep::stopped_accounts};

use crate::{
    output::{line, readable},
    setup,
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// What the provider refused is repaired: send again.
    Resume {
        /// whatsapp or mercadopago.
        provider: String,
        /// The account as the provider names it.
        external_id: String,
    },
}

pub(crate) async fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let store = setup::store(setup::load::<DatabaseConfig>()?)?;
    if let Some(Command::Resume {
        provider,
        external_id,
    }) = &arguments.command
    {
        if !resume_account(&store, provider, external_id).await? {
            bail!("there is no stopped account {external_id} of {provider}");
        }
        line(&format!("{provider} {external_id}: goes on"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let stopped = stopped_accounts(&store).await?;
    if stopped.is_empty() {
        line("no account is stopped")?;
    }
    for account in stopped {
        let reason = readable(
            account
                .reason
                .as_deref()
                .unwrap_or("no reason recorded")
                .as_bytes(),
        );
        line(&format!(
            "{} {}: {reason}",
            account.provider, account.external_id
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
