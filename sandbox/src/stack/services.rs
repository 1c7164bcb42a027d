//! The three services: found in the environment, or private ones that a drill may kill.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};
use tokio::process::Command;

/// One of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// `PostgreSQL`
    Postgres,
    /// `RabbitMQ`
    Rabbitmq,
    /// Redis
    Redis,
}

impl Service {
    const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Rabbitmq => "rabbitmq",
            Self::Redis => "redis",
        }
    }
}

/// Where the services are, and how to disturb them.
#[derive(Debug, Clone)]
pub struct Services {
    /// A database of the server; ours are made beside it.
    pub database_url: String,
    /// The broker.
    pub amqp_url: String,
    /// The accelerator.
    pub redis_url: String,
    private: Option<Private>,
}

#[derive(Debug, Clone)]
struct Private {
    script: PathBuf,
    environment: BTreeMap<String, String>,
    /// We started them, so we stop them.
    ours: bool,
}

impl Services {
    /// Those the environment names.
    pub fn from_env() -> anyhow::Result<Self> {
        let environment: BTreeMap<_, _> = std::env::vars().collect();
        Self::read(&environment)
    }

    /// Private ones, which may be killed: those of the environment if it says they are, else a set of our own in
    /// `run_dir`, started by the repository's script.
    pub async fn private(repository: &Path, run_dir: &Path) -> anyhow::Result<Self> {
        let script = repository.join("scripts/services");
        let mut environment: BTreeMap<_, _> = std::env::vars().collect();
        let kinds = environment
            .get("POSTA_SERVICE_KINDS")
            .cloned()
            .unwrap_or_default();
        let named = kinds
            .split_whitespace()
            .filter(|kind| kind.ends_with("=private"))
            .count()
            == 3;
        let ours = !named;
        if ours {
            environment.insert("POSTA_RUN_DIR".into(), run_dir.display().to_string());
            environment.insert("POSTA_SERVICES".into(), "private".into());
            run(&script, &["up"], &environment).await?;
            environment.extend(exported(&run_dir.join("env")).await?);
        }
        environment.insert("POSTA_SERVICES".into(), "private".into());
        let mut services = Self::read(&environment)?;
        services.private = Some(Private {
            script,
            environment,
            ours,
        });
        Ok(services)
    }

    fn read(environment: &BTreeMap<String, String>) -> anyhow::Result<Self> {
        let url = |name: &str| {
            environment.get(name).filter(|value| !value.is_empty()).cloned().with_context(|| {
                format!("{name} is not set: run `make demo` or `make drill`, or `scripts/services up` and `. .run/env`")
            })
        };
        Ok(Self {
            database_url: url("DATABASE_URL")?,
            amqp_url: url("AMQP_URL")?,
            redis_url: url("REDIS_URL")?,
            private: None,
        })
    }

    /// Ends it with SIGKILL.
    pub async fn kill(&self, service: Service) -> anyhow::Result<()> {
        self.script("kill", service).await
    }

    /// Starts it again on the same port.
    pub async fn start(&self, service: Service) -> anyhow::Result<()> {
        self.script("start", service).await
    }

    async fn script(&self, command: &str, service: Service) -> anyhow::Result<()> {
        let private = self.disturbable()?;
        run(
            &private.script,
            &[command, service.name()],
            &private.environment,
        )
        .await
    }

    /// Runs `rabbitmqctl` against the private node.
    pub async fn rabbitmqctl(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let private = self.disturbable()?;
        let program = private
            .environment
            .get("POSTA_RABBITMQCTL")
            .context("POSTA_RABBITMQCTL is not set")?;
        run(Path::new(program), arguments, &private.environment).await
    }

    /// Stops them if we started them.
    pub async fn stop(&self) -> anyhow::Result<()> {
        match &self.private {
            Some(private) if private.ours => {
                run(&private.script, &["down"], &private.environment).await
            }
            _ => Ok(()),
        }
    }

    fn disturbable(&self) -> anyhow::Result<&Private> {
        self.private
            .as_ref()
            .context("these services are not private: a drill may not disturb them")
    }
}

/// Runs a program to its end; its words are shown only when it fails.
async fn run(
    program: &Path,
    arguments: &[&str],
    environment: &BTreeMap<String, String>,
) -> anyhow::Result<()> {
    let output = Command::new(program)
        .args(arguments)
        .envs(environment)
        .stdin(Stdio::null())
        .output()
        .await
        .with_context(|| format!("could not run {}", program.display()))?;
    if !output.status.success() {
        let words = [output.stdout, output.stderr].concat();
        bail!(
            "{} {} failed:\n{}",
            program.display(),
            arguments.join(" "),
            String::from_utf8_lossy(&words)
        );
    }
    Ok(())
}

/// What a file of shell exports exports.
async fn exported(file: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let output = Command::new("sh")
        .args(["-c", ". \"$0\" && env -0"])
        .arg(file)
        .output()
        .await
        .with_context(|| format!("could not read {}", file.display()))?;
    if !output.status.success() {
        bail!(
            "could not read {}: {}",
            file.display(),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text
        .split('\0')
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}
