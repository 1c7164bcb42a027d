//! `posta user`: who logs in. The first owner is made here; the rest may be too. Whoever lost her password gets a new
//! one here, from whoever has the shell.

use std::{
    io::{IsTerminal as _, Read as _},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use posta_runtime::{
    config::{DatabaseConfig, TenantConfig},
    passwords,
};
use posta_store::access::{
    Role,
    users::{self, Email, NewUser, UserEdit},
};
use secrecy::SecretString;

use crate::{
    output::{line, readable},
    setup,
};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Add somebody who may log in.
    Add(Add),
    /// Give somebody a new password or another role, switch her off or on. Her sessions end with her password.
    Edit(Edit),
    /// List who may log in.
    List,
}

#[derive(clap::Args)]
pub(crate) struct Add {
    /// How she logs in.
    #[arg(long)]
    email: String,
    /// How she is called.
    #[arg(long)]
    name: String,
    /// readonly (looks), staff (bookings, payments, chats) or owner (everything).
    #[arg(long, value_parser = role)]
    role: Role,
    /// Read the password from the standard input (its first line) instead of asking for it.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of a command line")]
#[command(group(
    clap::ArgGroup::new("change")
        .required(true)
        .multiple(true)
        .args(["role", "active", "inactive", "password", "password_stdin"])
))]
pub(crate) struct Edit {
    /// How she logs in.
    #[arg(long)]
    email: String,
    /// readonly (looks), staff (bookings, payments, chats) or owner (everything).
    #[arg(long, value_parser = role)]
    role: Option<Role>,
    /// She may log in (again).
    #[arg(long, conflicts_with = "inactive")]
    active: bool,
    /// She may not log in; her sessions end and her tokens rest.
    #[arg(long)]
    inactive: bool,
    /// Ask for a new password.
    #[arg(long, conflicts_with = "password_stdin")]
    password: bool,
    /// Read the new password from the standard input (its first line) instead of asking for it.
    #[arg(long)]
    password_stdin: bool,
}

fn role(text: &str) -> Result<Role, &'static str> {
    text.parse().map_err(|_| "not readonly, staff or owner")
}

pub(crate) async fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(arguments) => add(arguments).await,
        Command::Edit(arguments) => edit(arguments).await,
        Command::List => list().await,
    }
}

async fn add(arguments: &Add) -> anyhow::Result<ExitCode> {
    let email = email(&arguments.email)?;
    let (database, tenant) = setup::load::<(DatabaseConfig, TenantConfig)>()?;
    let store = setup::store(database)?;
    let by = setup::by(&store, &tenant).await?;
    let password = if arguments.password_stdin {
        piped()?
    } else {
        asked()?
    };
    let new = NewUser {
        email,
        name: arguments.name.clone(),
        role: arguments.role,
        password_hash: passwords::hash(&password)?,
    };
    users::add(&store, &by, &new).await?;
    line(&format!(
        "{} may log in as {}",
        new.email.as_str(),
        new.role
    ))?;
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn edit(arguments: &Edit) -> anyhow::Result<ExitCode> {
    let email = email(&arguments.email)?;
    let (database, tenant) = setup::load::<(DatabaseConfig, TenantConfig)>()?;
    let store = setup::store(database)?;
    let by = setup::by(&store, &tenant).await?;
    let all = users::list(&mut *store.acquire().await?, by.tenant).await?;
    let Some(user) = all.iter().find(|user| user.email == email.as_str()) else {
        bail!(
            "nobody logs in as {}: `posta user list` shows who does",
            email.as_str()
        );
    };
    let password = match (arguments.password_stdin, arguments.password) {
        (true, _) => Some(piped()?),
        (false, true) => Some(asked()?),
        (false, false) => None,
    };
    let change = UserEdit {
        role: arguments.role,
        active: (arguments.active || arguments.inactive).then_some(arguments.active),
        password_hash: password.as_ref().map(passwords::hash).transpose()?,
    };
    users::edit(&store, &by, user.id, &change).await?;
    let may = if change.active.unwrap_or(user.active) {
        format!("may log in as {}", change.role.unwrap_or(user.role))
    } else {
        "may not log in".to_owned()
    };
    let with = if change.password_hash.is_some() {
        ", with the new password"
    } else {
        ""
    };
    line(&format!("{} {may}{with}", user.email))?;
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

fn email(text: &str) -> anyhow::Result<Email> {
    Email::parse(text).with_context(|| format!("{text:?} cannot be used to log in"))
}

async fn list() -> anyhow::Result<ExitCode> {
    let (database, tenant) = setup::load::<(DatabaseConfig, TenantConfig)>()?;
    let store = setup::store(database)?;
    let by = setup::by(&store, &tenant).await?;
    let mut connection = store.acquire().await?;
    let all = users::list(&mut connection, by.tenant).await?;
    if all.is_empty() {
        line("nobody may log in yet: `posta user add`")?;
    }
    for user in all {
        let off = if user.active { "" } else { "  (switched off)" };
        let text = format!(
            "{:<8}  {}  {}{off}",
            user.role.as_str(),
            user.email,
            user.name
        );
        line(&readable(text.as_bytes()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn piped() -> anyhow::Result<SecretString> {
    let mut text = String::new();
    // More than any password, so that a file given by mistake is refused rather than cut.
    let most = u64::try_from(passwords::LONGEST).unwrap_or(u64::MAX) + 3;
    std::io::stdin()
        .lock()
        .take(most)
        .read_to_string(&mut text)
        .context("could not read the password from the standard input")?;
    let first = text.lines().next().unwrap_or_default();
    Ok(SecretString::from(first))
}

/// Twice, without showing it.
fn asked() -> anyhow::Result<SecretString> {
    if !std::io::stdin().is_terminal() {
        bail!("nobody can be asked for the password here: use --password-stdin");
    }
    let ask = |prompt: String| {
        rpassword::prompt_password(prompt)
            .map(SecretString::from)
            .context("could not ask for the password")
    };
    let shortest = passwords::SHORTEST;
    let first = ask(format!("Password (at least {shortest} characters): "))?;
    let second = ask("Again: ".to_owned())?;
    if secrecy::ExposeSecret::expose_secret(&first) != secrecy::ExposeSecret::expose_secret(&second)
    {
        bail!("the two are not the same");
    }
    Ok(first)
}
