//! Statuses that follow an accepted message: sent, delivered, read; or failed.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::chat::StatusMark;
use super::delivery;
use super::errors::GraphError;
use super::simulator::Inner;
use super::webhook::{self, Status};
use crate::lock::lock;

/// What is needed to report on one message.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) guest: String,
    pub(crate) wamid: String,
    pub(crate) callback_data: Option<String>,
}

/// Reports on a message as time passes.
pub(crate) fn follow(inner: &Arc<Inner>, subject: Subject, failure: Option<GraphError>) {
    let delays = inner.config.statuses;
    let inner = Arc::clone(inner);
    inner.tasks.clone().spawn(async move {
        let accepted = Instant::now();
        let token = inner.token.clone();
        if let Some(error) = failure {
            let delay = delays.sent.unwrap_or(Duration::ZERO);
            if token
                .run_until_cancelled(tokio::time::sleep_until(accepted + delay))
                .await
                .is_some()
            {
                report(&inner, &subject, "failed", Some(&error));
            }
            return;
        }
        for (status, delay) in [
            ("sent", delays.sent),
            ("delivered", delays.delivered),
            ("read", delays.read),
        ] {
            let Some(delay) = delay else { continue };
            if token
                .run_until_cancelled(tokio::time::sleep_until(accepted + delay))
                .await
                .is_none()
            {
                return;
            }
            report(&inner, &subject, status, None);
        }
    });
}

fn report(inner: &Arc<Inner>, subject: &Subject, status: &str, error: Option<&GraphError>) {
    let at = inner.clock.now();
    let body = {
        let mut world = lock(&inner.world);
        let guest = world.guest(&subject.guest, None);
        if let Some(entry) = world
            .chats
            .get_mut(&subject.guest)
            .and_then(|chat| chat.find_mut(&subject.wamid))
        {
            entry.statuses.push(StatusMark {
                status: status.to_owned(),
                at,
            });
        }
        let status = Status {
            wamid: &subject.wamid,
            name: status,
            at,
            callback_data: subject.callback_data.as_deref(),
            error,
        };
        webhook::status(&inner.config, &guest, &status)
    };
    // The delivery goes on by itself.
    drop(delivery::dispatch(inner, body, None));
}
