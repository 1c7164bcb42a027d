//! Brings Redis back.

use std::{
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use super::{PATIENCE, Shared, lazy_manager};

/// Short enough that a restart of Redis is hardly noticed; a refused connection costs microseconds.
const PAUSE: Duration = Duration::from_millis(250);

pub(super) async fn keep(shared: Arc<Shared>, token: CancellationToken) {
    let keeping = async {
        loop {
            bring_up(&shared).await;
            shared.went_down.notified().await;
        }
    };
    tokio::select! {
        () = token.cancelled() => {}
        () = keeping => {}
    }
}

async fn bring_up(shared: &Shared) {
    loop {
        let mut manager = shared.manager();
        let ping = async {
            ::redis::cmd("PING")
                .query_async::<String>(&mut manager)
                .await
        };
        if matches!(tokio::time::timeout(PATIENCE, ping).await, Ok(Ok(_))) {
            shared.slow.store(0, Ordering::Relaxed);
            if !shared.up.swap(true, Ordering::Relaxed) {
                tracing::info!("Redis is up");
            }
            return;
        }
        // A connection into a black hole never says that it is dead: begin with a new one.
        match lazy_manager(&shared.client) {
            Ok(fresh) => {
                *shared
                    .manager
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = fresh;
            }
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "could not prepare a connection to Redis"
            ),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
