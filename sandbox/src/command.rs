//! `sandbox serve`: the simulators alone, for whatever is started beside them.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};
use tokio::signal::unix::{SignalKind, signal};
use url::Url;

use crate::mercadopago::{MercadoPago, MercadoPagoConfig};
use crate::whatsapp::{Simulator, WhatsappConfig};

/// Serves until SIGINT or SIGTERM. Secrets come from the variables the binaries read; those that are not set are
/// made up and printed, since somebody has to know them.
pub async fn serve(addr: SocketAddr, till: u16, ingress: &Url) -> anyhow::Result<ExitCode> {
    let webhook = ingress
        .join("/webhooks/whatsapp")
        .context("the address of ingress cannot be used")?;
    let mut config = WhatsappConfig::random(webhook);
    let mut made_up = Map::new();
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
    let seller = seller(ingress, &mut made_up)?;
    let mercadopago = MercadoPago::start(seller, SocketAddr::new(addr.ip(), till)).await?;
    let mut printed = json!(simulator.addresses());
    if let (Some(all), Value::Object(more)) =
        (printed.as_object_mut(), json!(mercadopago.addresses()))
    {
        all.extend(more);
    }
    if !made_up.is_empty() {
        printed["made_up"] = json!(made_up);
    }
    println!("{printed}");
    ended().await?;
    simulator.stop().await;
    mercadopago.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// The simulated seller's account.
fn seller(ingress: &Url, made_up: &mut Map<String, Value>) -> anyhow::Result<MercadoPagoConfig> {
    let mut config = MercadoPagoConfig::random();
    let webhook = ingress
        .join("/webhooks/mercadopago?source_news=webhooks")
        .context("the address of ingress cannot be used")?;
    config.webhook_url = Some(webhook);
    if let Some(id) = variable("MERCADOPAGO_USER_ID") {
        config.collector_id = id
            .parse()
            .context("MERCADOPAGO_USER_ID is not a user's number")?;
    }
    if let Some(secrets) = variable("MERCADOPAGO_WEBHOOK_SECRETS") {
        config.webhook_secret = secrets.split(',').next().unwrap_or_default().trim().into();
    } else {
        let secret = config.webhook_secret.expose_secret();
        made_up.insert("MERCADOPAGO_WEBHOOK_SECRETS".into(), json!(secret));
    }
    if let Some(token) = variable("MERCADOPAGO_ACCESS_TOKEN") {
        config.access_token = token.into();
    } else {
        let token = config.access_token.expose_secret();
        made_up.insert("MERCADOPAGO_ACCESS_TOKEN".into(), json!(token));
    }
    Ok(config)
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
