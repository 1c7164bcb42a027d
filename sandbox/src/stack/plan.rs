//! What is to be started, and with which settings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::services::Services;
use crate::whatsapp::{RetrySchedule, StatusDelays};

/// A set of processes around one simulator, one database and one namespace on the broker.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Names the database (`posta_<name>`), the namespace and the directory of logs.
    pub name: String,
    /// Where logs go.
    pub run_dir: PathBuf,
    /// Where the binaries are.
    pub binaries: PathBuf,
    /// Where migrations, scripts and samples are looked for.
    pub repository: PathBuf,
    /// The three services.
    pub services: Services,
    /// Binaries and how many of each.
    pub programs: Vec<(&'static str, u32)>,
    /// Settings beyond the usual ones.
    pub settings: BTreeMap<String, String>,
    /// The simulator's retries.
    pub retry: RetrySchedule,
    /// The simulator's statuses.
    pub statuses: StatusDelays,
    /// The app secret; random when absent.
    pub app_secret: Option<String>,
    /// Makes faults repeatable.
    pub seed: Option<u64>,
    /// What is let.
    pub property: PathBuf,
}

/// Every program, one of each.
pub const ALL_PROGRAMS: [(&str, u32); 7] = [
    ("ingress", 1),
    ("api", 1),
    ("message-worker", 1),
    ("audio-worker", 1),
    ("delivery-worker", 1),
    ("payment-worker", 1),
    ("scheduler", 1),
];

impl Plan {
    /// One of each binary, with the usual settings.
    pub fn new(name: &str, services: Services) -> anyhow::Result<Self> {
        let repository = repository()?;
        Ok(Self {
            name: name.to_owned(),
            run_dir: repository.join(".run").join(name),
            property: repository.join("sandbox/demo/property.toml"),
            binaries: own_directory()?,
            repository,
            services,
            programs: ALL_PROGRAMS.to_vec(),
            settings: BTreeMap::new(),
            retry: RetrySchedule::default(),
            statuses: StatusDelays::default(),
            app_secret: None,
            seed: None,
        })
    }

    /// Adds a setting.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Starts nothing but so many of one program.
    #[must_use]
    pub fn only(mut self, program: &'static str, count: u32) -> Self {
        self.programs = vec![(program, count)];
        self
    }

    /// Changes how many of a program are started.
    #[must_use]
    pub fn times(mut self, program: &str, count: u32) -> Self {
        for (name, number) in &mut self.programs {
            if *name == program {
                *number = count;
            }
        }
        self
    }
}

/// The directory of this binary: its siblings are the system.
pub fn own_directory() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("could not find this binary")?;
    let directory = own
        .parent()
        .map(Path::to_owned)
        .context("this binary is nowhere")?;
    // Test binaries live one level deeper.
    Ok(if directory.ends_with("deps") {
        directory.parent().map_or(directory.clone(), Path::to_owned)
    } else {
        directory
    })
}

/// The repository: the working directory or one above it, else where this was built.
pub fn repository() -> anyhow::Result<PathBuf> {
    let is_repository = |path: &Path| path.join("scripts/services").is_file();
    let here = std::env::current_dir().context("could not read the working directory")?;
    if let Some(found) = here.ancestors().find(|path| is_repository(path)) {
        return Ok(found.to_owned());
    }
    let built = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned);
    match built {
        Some(path) if is_repository(&path) => Ok(path),
        _ => bail!("run this inside the repository: scripts/services was not found"),
    }
}
