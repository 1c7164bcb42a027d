//! `posta trace`.

use std::process::ExitCode;

use anyhow::bail;
use posta_runtime::config::DatabaseConfig;
use posta_store::{
    ids::OutboxId,
    trace::{Event, PaymentTrace, Reply, Subject, payment, trace},
};
use serde_json::json;

use crate::{
    output::{line, readable},
    setup,
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The id of an outbox row; a message's id at WhatsApp (wamid…), a reply's or a guest's; or a payment's number at
    /// Mercado Pago.
    subject: String,
    /// As JSON, one object per reply.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let store = setup::store(setup::load::<DatabaseConfig>()?)?;
    if arguments.subject.bytes().all(|it| it.is_ascii_digit()) {
        let traces = payment(&store, &arguments.subject).await?;
        if traces.is_empty() {
            bail!("no payment {:?} has been read", arguments.subject);
        }
        for found in &traces {
            peso(found, arguments.json)?;
        }
        store.close().await;
        return Ok(ExitCode::SUCCESS);
    }
    let subject = arguments.subject.parse::<OutboxId>().map_or_else(
        |_| Subject::Wamid(arguments.subject.clone()),
        Subject::Outbox,
    );
    let traces = trace(&store, &subject).await?;
    if traces.is_empty() {
        bail!("nothing is known of {:?}", arguments.subject);
    }
    for found in &traces {
        if arguments.json {
            let events = with_bytes(&found.events);
            line(&json!({ "reply": found.reply, "events": events }).to_string())?;
            continue;
        }
        match &found.reply {
            Some(reply) => people(reply)?,
            None => line("not answered")?,
        }
        for event in &found.events {
            cause(event)?;
        }
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

fn with_bytes(events: &[Event]) -> Vec<serde_json::Value> {
    let events = events.iter().map(|event| {
        let mut object = json!(event);
        object["payload"] = json!(String::from_utf8_lossy(&event.payload));
        object
    });
    events.collect()
}

fn peso(found: &PaymentTrace, as_json: bool) -> anyhow::Result<()> {
    let payment = &found.payment;
    if as_json {
        let events = with_bytes(&found.events);
        return line(&json!({ "payment": payment, "events": events }).to_string());
    }
    line(&format!(
        "payment {}  {} ({}), here {}",
        payment.provider_id,
        readable(payment.status.as_bytes()),
        readable(payment.status_detail.as_bytes()),
        payment.verdict
    ))?;
    line(&format!(
        "  for       {} of booking {}",
        readable(
            payment
                .external_reference
                .as_deref()
                .unwrap_or("nothing")
                .as_bytes()
        ),
        payment.code.as_deref().unwrap_or("none")
    ))?;
    line(&format!(
        "  state of  {}, applied {} time(s)",
        payment.updated_at.format("%F %T%.3f UTC"),
        payment.reads
    ))?;
    for entry in &payment.lines {
        line(&format!("  ledger    {entry}"))?;
    }
    for event in &found.events {
        cause(event)?;
    }
    Ok(())
}

fn people(reply: &Reply) -> anyhow::Result<()> {
    line(&format!(
        "reply {}  {} by the {}",
        reply.outbox, reply.state, reply.author
    ))?;
    line(&format!(
        "  said      {}",
        readable(reply.payload.to_string().as_bytes())
    ))?;
    line(&format!(
        "  wamid     {}",
        reply.provider_message_id.as_deref().unwrap_or("none yet")
    ))?;
    line(&format!(
        "  decided   {}",
        reply.created_at.format("%F %T%.3f UTC")
    ))?;
    if let Some(at) = reply.sent_at {
        line(&format!("  sent      {}", at.format("%F %T%.3f UTC")))?;
    }
    if let Some(error) = &reply.error {
        line(&format!("  error     {}", readable(error.as_bytes())))?;
    }
    if let (Some(turn), Some(decision)) = (&reply.turn, &reply.decision) {
        line(&format!(
            "turn {turn}  {decision}, {} entries",
            reply.entries.unwrap_or_default()
        ))?;
    }
    Ok(())
}

fn cause(event: &Event) -> anyhow::Result<()> {
    let signed = event.signature.map_or_else(
        || "not signed".to_owned(),
        |secret| format!("signed with secret {secret}"),
    );
    line(&format!(
        "event {} of {}",
        readable(event.key.as_bytes()),
        event.day
    ))?;
    line(&format!(
        "  received  {}, {signed}",
        event.received_at.format("%F %T%.3f UTC")
    ))?;
    line(&format!(
        "  {}, {}, delivered {} time(s)",
        event.kind, event.verdict, event.copies
    ))?;
    line(&format!("  bytes     {}", readable(&event.payload)))
}
