//! `posta doctor`: every dependency and credential, each in one line, with what to do where something is wrong.

mod broker;
mod configuration;
mod database;
mod graph;
mod mercadopago;
mod redis;

use std::process::ExitCode;

use crate::output::line;

/// What a check found.
pub(crate) enum Finding {
    /// As it should be.
    Fine(String),
    /// Works, but somebody should know.
    Note(String),
    /// Does not work: what, and what to do.
    Wrong { what: String, remedy: String },
}

impl Finding {
    fn wrong(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Wrong {
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// From an error, causes included.
    fn failed(error: impl Into<anyhow::Error>, remedy: impl Into<String>) -> Self {
        Self::wrong(format!("{:#}", error.into()), remedy)
    }
}

pub(crate) async fn run() -> anyhow::Result<ExitCode> {
    let mut wrong = 0;
    let mut show = |subject: &str, findings: Vec<Finding>| -> anyhow::Result<()> {
        for finding in findings {
            match finding {
                Finding::Fine(what) => line(&format!("ok     {subject:<14} {what}"))?,
                Finding::Note(what) => line(&format!("note   {subject:<14} {what}"))?,
                Finding::Wrong { what, remedy } => {
                    wrong += 1;
                    line(&format!("WRONG  {subject:<14} {what}"))?;
                    line(&format!("       {:<14} → {remedy}", ""))?;
                }
            }
        }
        Ok(())
    };
    show("configuration", configuration::check())?;
    show("database", database::check().await)?;
    show("broker", broker::check().await)?;
    show("redis", redis::check().await)?;
    show("whatsapp", graph::check().await)?;
    show("mercadopago", mercadopago::check().await)?;
    match wrong {
        0 => line("everything is as it should be")?,
        wrong => line(&format!("{wrong} to repair"))?,
    }
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
