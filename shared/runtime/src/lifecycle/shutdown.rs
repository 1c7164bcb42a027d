//! The handle a body gets: when to stop, and tasks that may not die unnoticed.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Says when to stop, and supervises tasks. Clones are the same handle.
#[derive(Debug, Clone)]
pub struct Shutdown {
    token: CancellationToken,
    tasks: TaskTracker,
    failed: Arc<AtomicBool>,
}

impl Shutdown {
    /// A handle of its own, for tests and for bodies run without [`super::run`].
    pub fn new() -> Self {
        Self {
            token: CancellationToken::new(),
            tasks: TaskTracker::new(),
            failed: Arc::default(),
        }
    }

    /// Cancelled when the process should stop.
    pub fn token(&self) -> CancellationToken {
        self.token.clone()
    }

    /// Runs a task the process cannot do without. It is expected to run until the token is cancelled, then to finish
    /// what it has in hand and return `Ok`. Ending before that, an error and a panic each stop the process.
    pub fn spawn<F>(&self, name: &'static str, task: F)
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let shutdown = self.clone();
        // The inner task exists so that a panic is seen as a result.
        let inner = tokio::spawn(task);
        self.tasks.spawn(async move {
            match inner.await {
                Ok(Ok(())) if shutdown.token.is_cancelled() => {
                    tracing::debug!(task = name, "task ended");
                }
                Ok(Ok(())) => {
                    tracing::error!(task = name, "task ended although nobody asked it to");
                    shutdown.fail();
                }
                Ok(Err(error)) => {
                    tracing::error!(task = name, error = format!("{error:#}"), "task failed");
                    shutdown.fail();
                }
                Err(error) => {
                    tracing::error!(
                        task = name,
                        error = &error as &dyn std::error::Error,
                        "task panicked"
                    );
                    shutdown.fail();
                }
            }
        });
    }

    /// Stops the process with exit code 1.
    pub fn fail(&self) {
        self.failed.store(true, Ordering::SeqCst);
        self.token.cancel();
    }

    /// Waits until every task given to [`spawn`](Self::spawn) has ended.
    pub async fn tasks_ended(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Whether nothing has failed so far.
    pub fn ended_well(&self) -> bool {
        !self.failed.load(Ordering::SeqCst)
    }
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::new()
    }
}
