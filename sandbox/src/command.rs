//! `sandbox serve`: the simulators alone, for whatever is started beside them.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use url::Url;

use crate::whatsapp::{Simulator, WhatsappConfig};

/// Serves until SIGINT or SIGTERM. Secrets come from the variables the binaries read; those that are not set are
/// made up and printed, since somebody has to know them.
pub async fn serve(addr: SocketAddr, ingress: &Url) -> anyhow::Result<ExitCode> {
    let webhook = ingress
        .join("/webhooks/whatsapp")
        .context("the address of ingress cannot be used")?;
    let mut config = WhatsappConfig::random(webhook);
    let mut made_up = serde_json::Map::new();
    match variable("WHATSAPP_APP_SECRETS") {
        Some(secrets) => {
            config.app_secret = secrets.split(',').next().unwrap_or_default().trim().into();
        }
        None => {
            made_up.insert(
                "WHATSAPP_APP_SECRETS".into(),
                json!(config.app_secret.expose_secret()),
            );
        }
    }
    match variable("WHATSAPP_ACCESS_TOKEN") {
        Some(token) => config.access_token = token.into(),
        None => {
            made_up.insert(
                "WHATSAPP_ACCESS_TOKEN".into(),
                json!(config.access_token.expose_secret()),
            );
        }
    }
    config.phone_number_id = variable("WHATSAPP_PHONE_NUMBER_ID").unwrap_or(config.phone_number_id);
    config.waba_id = variable("WHATSAPP_WABA_ID").unwrap_or(config.waba_id);
    let simulator = Simulator::start(config, addr).await?;
    let mut printed = json!(simulator.addresses());
    if !made_up.is_empty() {
        printed["made_up"] = json!(made_up);
    }
    println!("{printed}");
    ended().await?;
    simulator.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Waits for SIGINT or SIGTERM.
pub(crate) async fn ended() -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt()).context("could not listen for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("could not listen for SIGTERM")?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
