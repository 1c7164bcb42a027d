//! `posta templates`: the messages Meta has to approve before the number may begin a conversation.

use std::process::ExitCode;

use clap::Args;
use posta_providers::whatsapp::templates;

/// How they are printed.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Each on a line of its own, as the body of `POST /{account}/message_templates` of the Graph API.
    #[arg(long)]
    waba: bool,
}

/// Prints them: to be read, kept, or piped into curl.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if !arguments.waba {
        print!("{}", templates::SUBMITTED);
        return Ok(ExitCode::SUCCESS);
    }
    for template in templates::submitted().as_array().into_iter().flatten() {
        println!("{}", serde_json::to_string(template)?);
    }
    Ok(ExitCode::SUCCESS)
}
