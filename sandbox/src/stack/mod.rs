//! The system as it runs: the real binaries as child processes, real services, and the simulator as the outside.
//!
//! Shared by the demo, the drills and tests. Guaranteed: a fresh database and an empty namespace on the broker at
//! the start; children end when the stack is stopped or dropped. Not guaranteed: that children end when the sandbox
//! itself is killed with SIGKILL.

pub mod child;
pub mod database;
pub mod owner;
pub mod plan;
pub mod ports;
pub mod services;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::PgPool;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use url::Url;

use crate::mercadopago::{MercadoPago, MercadoPagoConfig};
use crate::whatsapp::{Simulator, WhatsappConfig, random_secret};
use child::{Child, Ended};
use plan::Plan;
use ports::Ports;
use services::Services;

/// How long a program may take until it is ready.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How long a program may take to end; its own deadline is 8 s.
const END_WITHIN: Duration = Duration::from_secs(10);

/// The running system.
#[derive(Debug)]
pub struct Stack {
    /// The outside world: `WhatsApp`.
    pub simulator: Simulator,
    /// And Mercado Pago.
    pub mercadopago: MercadoPago,
    /// For questions to the database.
    pub database: PgPool,
    /// The services underneath.
    pub services: Services,
    /// The programs.
    pub children: Vec<Child>,
    /// Where each `api` listens, in the order of their starting.
    pub api: Vec<SocketAddr>,
    /// Asks programs whether they are ready.
    pub client: reqwest::Client,
    plan: Plan,
    environment: BTreeMap<String, String>,
}

impl Stack {
    /// Prepares everything and starts nothing but the simulator: a fresh database, migrated, with the demo's
    /// property; an empty namespace.
    pub async fn prepare(plan: Plan) -> anyhow::Result<Self> {
        let logs = plan.run_dir.join("logs");
        // Logs of the run before would only confuse.
        drop(std::fs::remove_dir_all(&logs));
        std::fs::create_dir_all(&logs)
            .with_context(|| format!("could not make {}", logs.display()))?;
        let mut ports = Ports::default();
        let ingress = ports.free()?;
        let config = simulator_config(&plan, ingress)?;
        let simulator = Simulator::start(
            config,
            SocketAddr::from((Ipv4Addr::LOCALHOST, ports.free()?.port())),
        )
        .await?;
        let mut config = MercadoPagoConfig::random();
        if let Some(seed) = plan.seed {
            config.seed = seed;
        }
        let mercadopago = MercadoPago::start(
            config,
            SocketAddr::from((Ipv4Addr::LOCALHOST, ports.free()?.port())),
        )
        .await?;
        let database_url =
            database::fresh(&plan.services.database_url, &format!("posta_{}", plan.name)).await?;
        let environment = environment(&plan, &simulator, &mercadopago, &database_url, ingress);
        empty_namespace(&plan).await?;
        let mut children = Vec::new();
        let mut api = Vec::new();
        for (program, count) in plan.programs.clone() {
            for number in 1..=count {
                let name = if number == 1 {
                    program.to_owned()
                } else {
                    format!("{program}.{number}")
                };
                let ops = ports.free()?;
                let mut own = environment.clone();
                own.insert("OPS_ADDR".into(), ops.to_string());
                own.insert("INGRESS_ADDR".into(), ingress.to_string());
                if program == "api" {
                    api.push(ports.free()?);
                }
                if let Some(addr) = api.last() {
                    own.insert("API_ADDR".into(), addr.to_string());
                }
                let log = logs.join(format!("{name}.log"));
                children.push(Child::new(name, plan.binaries.join(program), own, log, ops));
            }
        }
        let client = reqwest::Client::builder()
            .no_proxy()
            .build()
            .context("could not build the HTTP client")?;
        let database = database::pool(&database_url)?;
        let stack = Self {
            simulator,
            mercadopago,
            database,
            services: plan.services.clone(),
            children,
            api,
            client,
            plan,
            environment,
        };
        stack.posta(&["migrate"]).await?;
        let property = stack.plan.property.display().to_string();
        stack.posta(&["property", "import", &property]).await?;
        Ok(stack)
    }

    /// Prepares, and starts every program.
    pub async fn up(plan: Plan) -> anyhow::Result<Self> {
        let mut stack = Self::prepare(plan).await?;
        stack.start().await?;
        Ok(stack)
    }

    /// Starts every program that is not running and waits until all are ready.
    pub async fn start(&mut self) -> anyhow::Result<Vec<(String, Duration)>> {
        for child in &mut self.children {
            if child.starts() == 0 {
                child.start()?;
            }
        }
        let mut times = Vec::new();
        for child in &mut self.children {
            let took = child.ready(&self.client, READY_WITHIN).await?;
            times.push((child.name().to_owned(), took));
        }
        Ok(times)
    }

    /// Starts one program (again) and waits until it is ready.
    pub async fn start_one(&mut self, name: &str) -> anyhow::Result<Duration> {
        let client = self.client.clone();
        let child = self.child(name)?;
        child.start()?;
        child.ready(&client, READY_WITHIN).await
    }

    /// The program with this name.
    pub fn child(&mut self, name: &str) -> anyhow::Result<&mut Child> {
        self.children
            .iter_mut()
            .find(|child| child.name() == name)
            .with_context(|| format!("there is no {name}"))
    }

    /// Programs that ended by themselves.
    pub fn fallen(&mut self) -> anyhow::Result<Vec<String>> {
        let mut fallen = Vec::new();
        for child in &mut self.children {
            if let Some(status) = child.exited()? {
                fallen.push(format!("{} ({status})", child.name()));
            }
        }
        Ok(fallen)
    }

    /// Runs `posta`; an exit code other than 0 is an error with its words.
    pub async fn posta(&self, arguments: &[&str]) -> anyhow::Result<String> {
        read(arguments, self.posta_output(arguments).await?)
    }

    /// Runs `posta` with something to read; an exit code other than 0 is an error with its words.
    pub async fn posta_with(&self, arguments: &[&str], input: &str) -> anyhow::Result<String> {
        let mut posta = Command::new(self.plan.binaries.join("posta"))
            .args(arguments)
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("could not run posta (is it built?)")?;
        let mut stdin = posta.stdin.take().context("posta has no stdin")?;
        stdin
            .write_all(input.as_bytes())
            .await
            .context("posta does not read")?;
        drop(stdin);
        let output = posta
            .wait_with_output()
            .await
            .context("could not wait for posta")?;
        read(arguments, output)
    }

    /// Runs `posta`, whatever it returns.
    pub async fn posta_output(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        Command::new(self.plan.binaries.join("posta"))
            .args(arguments)
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .context("could not run posta (is it built?)")
    }

    /// One word out of the database.
    pub async fn one_text(&self, question: &'static str) -> anyhow::Result<String> {
        sqlx::query_scalar(question)
            .fetch_one(&self.database)
            .await
            .with_context(|| format!("could not ask: {question}"))
    }

    /// What the programs are told under this name.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str)
    }

    /// The broker as the programs see it.
    pub fn bus(&self) -> anyhow::Result<posta_bus::BusConfig> {
        bus(&self.plan)
    }

    /// Stops everything in order (SIGTERM), then the simulator. Says how each program ended.
    pub async fn stop(&mut self) -> anyhow::Result<Vec<(String, Ended)>> {
        let mut ended = Vec::new();
        for child in &mut self.children {
            if child.exited()?.is_none() {
                let how = child.terminate(END_WITHIN).await?;
                ended.push((child.name().to_owned(), how));
            }
        }
        self.simulator.stop().await;
        self.mercadopago.stop().await;
        Ok(ended)
    }

    /// Removes what the stack left on the broker. The database stays, to be looked into.
    pub async fn clean(&self) -> anyhow::Result<()> {
        self.database.close().await;
        empty_namespace(&self.plan).await
    }
}

/// What `posta` said, if it ended well.
fn read(arguments: &[&str], output: Output) -> anyhow::Result<String> {
    if !output.status.success() {
        let words = [output.stdout, output.stderr].concat();
        bail!(
            "posta {} failed ({}):\n{}",
            arguments.join(" "),
            output.status,
            String::from_utf8_lossy(&words)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn simulator_config(plan: &Plan, ingress: SocketAddr) -> anyhow::Result<WhatsappConfig> {
    let webhook = Url::parse(&format!("http://{ingress}/webhooks/whatsapp"))
        .context("the webhook address is no URL")?;
    let mut config = WhatsappConfig::random(webhook);
    config.retry = plan.retry;
    config.statuses = plan.statuses;
    if let Some(seed) = plan.seed {
        config.seed = seed;
    }
    if let Some(secret) = &plan.app_secret {
        config.app_secret = SecretString::from(secret.as_str());
    }
    Ok(config)
}

/// The real variables, as in production: only addresses differ.
fn environment(
    plan: &Plan,
    simulator: &Simulator,
    mercadopago: &MercadoPago,
    database_url: &str,
    ingress: SocketAddr,
) -> BTreeMap<String, String> {
    let config = simulator.config();
    let addresses = simulator.addresses();
    let seller = mercadopago.config();
    let settings = [
        ("DATABASE_URL", database_url.to_owned()),
        ("AMQP_URL", plan.services.amqp_url.clone()),
        ("REDIS_URL", plan.services.redis_url.clone()),
        ("AMQP_NAMESPACE", plan.name.replace('_', "-")),
        (
            "WHATSAPP_APP_SECRETS",
            config.app_secret.expose_secret().to_owned(),
        ),
        (
            "WHATSAPP_VERIFY_TOKEN",
            random_secret().expose_secret().to_owned(),
        ),
        (
            "WHATSAPP_ACCESS_TOKEN",
            config.access_token.expose_secret().to_owned(),
        ),
        ("WHATSAPP_API_URL", addresses.whatsapp_api_url),
        ("WHATSAPP_MEDIA_HOSTS", addresses.media_host),
        ("WHATSAPP_PHONE_NUMBER_ID", config.phone_number_id.clone()),
        ("WHATSAPP_WABA_ID", config.waba_id.clone()),
        (
            "MERCADOPAGO_WEBHOOK_SECRETS",
            seller.webhook_secret.expose_secret().to_owned(),
        ),
        (
            "MERCADOPAGO_ACCESS_TOKEN",
            seller.access_token.expose_secret().to_owned(),
        ),
        ("MERCADOPAGO_USER_ID", seller.collector_id.to_string()),
        (
            "MERCADOPAGO_API_URL",
            mercadopago.addresses().mercadopago_api_url,
        ),
        (
            "MERCADOPAGO_NOTIFICATION_URL",
            format!("http://{ingress}/webhooks/mercadopago"),
        ),
        ("SESSION_KEY", random_secret().expose_secret().to_owned()),
        ("TENANT_NAME", "Cabañas del Coihue".to_owned()),
        ("LOG_LEVEL", "info".to_owned()),
        ("RUST_BACKTRACE", "1".to_owned()),
    ];
    let mut environment: BTreeMap<_, _> = settings
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    environment.extend(plan.settings.clone());
    environment
}

/// As the programs read it from their environment.
fn bus(plan: &Plan) -> anyhow::Result<posta_bus::BusConfig> {
    let mut config = posta_bus::BusConfig::new(SecretString::from(plan.services.amqp_url.as_str()));
    config.namespace = plan
        .name
        .replace('_', "-")
        .parse()
        .context("the name is no namespace")?;
    if let Some(tiers) = plan.settings.get("BUS_RETRY_TIERS") {
        config.tiers = tiers.parse().context("BUS_RETRY_TIERS cannot be read")?;
    }
    Ok(config)
}

/// What an earlier run left on the broker would be taken for ours.
async fn empty_namespace(plan: &Plan) -> anyhow::Result<()> {
    posta_bus::testing::delete(&bus(plan)?)
        .await
        .map_err(anyhow::Error::from_boxed)
        .context("could not empty the namespace on the broker")
}
