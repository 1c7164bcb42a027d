//! One binary of the system as a child process: started with nothing but its environment, watched, and ended the
//! way operations end it (SIGTERM) or the way faults do (SIGKILL).

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::process::Command;
use tokio::time::Instant;

/// A child process that can be started again.
#[derive(Debug)]
pub struct Child {
    name: String,
    binary: PathBuf,
    environment: BTreeMap<String, String>,
    log: PathBuf,
    ops: SocketAddr,
    process: Option<tokio::process::Child>,
    started: Option<Instant>,
    starts: u32,
}

/// How a child ended when it was asked to.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// What it returned; `None` when it had to be killed.
    pub status: Option<ExitStatus>,
    /// How long it took.
    pub took: Duration,
}

impl Child {
    pub(crate) fn new(
        name: String,
        binary: PathBuf,
        environment: BTreeMap<String, String>,
        log: PathBuf,
        ops: SocketAddr,
    ) -> Self {
        Self {
            name,
            binary,
            environment,
            log,
            ops,
            process: None,
            started: None,
            starts: 0,
        }
    }

    /// As in `message-worker` or `message-worker.2`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where `/readyz`, `/healthz` and `/metrics` are.
    pub fn ops(&self) -> SocketAddr {
        self.ops
    }

    /// Where its words go.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// How often it was started.
    pub fn starts(&self) -> u32 {
        self.starts
    }

    /// Starts it; it is not ready yet.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)
            .with_context(|| format!("could not open {}", self.log.display()))?;
        let process = Command::new(&self.binary)
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::null())
            .stdout(log.try_clone().context("could not share the log")?)
            .stderr(log)
            // Ctrl-C reaches the sandbox alone, which then stops its children in order.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("could not start {} (is it built?)", self.binary.display()))?;
        self.process = Some(process);
        self.started = Some(Instant::now());
        self.starts += 1;
        Ok(())
    }

    /// Waits until it says it is ready. Returns the time since its start.
    pub async fn ready(
        &mut self,
        client: &reqwest::Client,
        within: Duration,
    ) -> anyhow::Result<Duration> {
        let started = self
            .started
            .with_context(|| format!("{} was not started", self.name))?;
        let url = format!("http://{}/readyz", self.ops);
        let mut last = String::from("no answer");
        loop {
            if let Some(status) = self.exited()? {
                bail!(
                    "{} ended by itself ({status}); the end of its log:\n{}",
                    self.name,
                    self.last_words()
                );
            }
            match client
                .get(&url)
                .timeout(Duration::from_secs(2))
                .send()
                .await
            {
                Ok(answer) if answer.status() == 200 => return Ok(started.elapsed()),
                Ok(answer) => last = answer.text().await.unwrap_or_default(),
                Err(_) => {}
            }
            if started.elapsed() > within {
                bail!(
                    "{} is not ready after {within:?}: {last}; the end of its log:\n{}",
                    self.name,
                    self.last_words()
                );
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Whether it ended by itself, and how.
    pub fn exited(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        match &mut self.process {
            Some(process) => process
                .try_wait()
                .with_context(|| format!("could not ask after {}", self.name)),
            None => Ok(None),
        }
    }

    /// SIGKILL, and waits until it is gone.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut process) = self.process.take() {
            process
                .kill()
                .await
                .with_context(|| format!("could not kill {}", self.name))?;
        }
        Ok(())
    }

    /// SIGTERM; waits up to `within`, then kills.
    pub async fn terminate(&mut self, within: Duration) -> anyhow::Result<Ended> {
        let began = Instant::now();
        let Some(mut process) = self.process.take() else {
            return Ok(Ended {
                status: None,
                took: Duration::ZERO,
            });
        };
        if let Some(id) = process.id() {
            // The standard library has no gentle signal, and the shell is everywhere.
            Command::new("sh")
                .arg("-c")
                .arg(format!("kill -TERM {id}"))
                .status()
                .await
                .context("could not signal")?;
        }
        if let Ok(status) = tokio::time::timeout(within, process.wait()).await {
            let status = status.with_context(|| format!("could not wait for {}", self.name))?;
            return Ok(Ended {
                status: Some(status),
                took: began.elapsed(),
            });
        }
        process
            .kill()
            .await
            .with_context(|| format!("could not kill {}", self.name))?;
        Ok(Ended {
            status: None,
            took: began.elapsed(),
        })
    }

    /// Resident memory in KiB.
    pub fn resident_kib(&self) -> anyhow::Result<u64> {
        let id = self.id()?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))
            .context("could not read /proc")?;
        status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next())
            .and_then(|number| number.parse().ok())
            .with_context(|| format!("/proc does not say how big {} is", self.name))
    }

    /// The processor time it has used since its start, all threads.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        cpu_of(self.id()?)
    }

    fn id(&self) -> anyhow::Result<u32> {
        let id = self.process.as_ref().and_then(tokio::process::Child::id);
        id.with_context(|| format!("{} is not running", self.name))
    }

    fn last_words(&self) -> String {
        let words = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = words.lines().rev().take(12).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

/// The processor time a process has used since its start, all threads, in steps of 10 ms.
pub(crate) fn cpu_of(id: u32) -> anyhow::Result<Duration> {
    let stat =
        std::fs::read_to_string(format!("/proc/{id}/stat")).context("could not read /proc")?;
    cpu_in(&stat).with_context(|| format!("/proc does not say how long {id} has run"))
}

/// Its own and the kernel's work for it: the 14th and 15th field. The second, a name in parentheses, may hold anything.
fn cpu_in(stat: &str) -> Option<Duration> {
    // The kernel shows times to programs in hundredths of a second on every machine we run on.
    const TICK: Duration = Duration::from_millis(10);
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(TICK * user.checked_add(system)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_whatever_name_the_program_has() {
        let stat = "7 (in) gress 1 2) S 1 7 7 0 -1 4194560 900 0 0 0 120 30 5 6 20 0 4 0 100 1 1";
        assert_eq!(cpu_in(stat), Some(Duration::from_millis(1500)));
        assert_eq!(cpu_in("7 (ingress) S 1"), None);
        assert!(cpu_of(std::process::id()).is_ok());
    }
}
