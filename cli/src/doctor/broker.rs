//! RabbitMQ: reachable, recent enough, our exchanges and queues as declared, nothing in the dead ends.

use posta_bus::{ConnectError, inspect};
use posta_runtime::config::AmqpConfig;

use super::Finding;
use crate::setup;

pub(super) async fn check() -> Vec<Finding> {
    let Ok(config) = setup::load::<AmqpConfig>().and_then(setup::bus) else {
        return vec![Finding::wrong(
            "not checked: AMQP_URL is missing or wrong",
            "see above",
        )];
    };
    let inspection = match inspect(&config).await {
        Ok(inspection) => inspection,
        Err(error) => {
            let remedy = match error {
                ConnectError::Declare(_) => {
                    "a queue exists with another type or other arguments: drain and delete it, or use another \
                     AMQP_NAMESPACE"
                }
                _ => {
                    "start RabbitMQ (`make services`), and compare AMQP_URL with where it listens, user and password"
                }
            };
            return vec![Finding::failed(error, remedy)];
        }
    };
    let mut findings = vec![match inspection.version.as_deref() {
        None => Finding::Note("its version cannot be asked for over TLS".to_owned()),
        Some(version) if !recent(version) => Finding::wrong(
            format!("RabbitMQ {version} is too old"),
            "use RabbitMQ 4, or 3.10 at least: quorum queues with at-least-once dead lettering are needed",
        ),
        Some(version) if version.starts_with("3.") => Finding::Note(format!(
            "RabbitMQ {version} works; 4.x is what is maintained"
        )),
        Some(version) => Finding::Fine(format!("RabbitMQ {version}")),
    }];
    findings.push(Finding::Fine(format!(
        "{} queues, quorum, as declared",
        inspection.queues.len()
    )));
    let unattended: Vec<String> = inspection
        .queues
        .iter()
        .filter(|queue| queue.consumers == 0 && queue.messages > 0)
        .map(|queue| format!("{} ({})", queue.name, queue.messages))
        .collect();
    if !unattended.is_empty() {
        findings.push(Finding::Note(format!(
            "messages wait where nobody consumes: {}",
            unattended.join(", ")
        )));
    }
    findings
}

/// At-least-once dead lettering came with 3.10.
fn recent(version: &str) -> bool {
    let mut parts = version
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    version >= (3, 10)
}

#[cfg(test)]
mod tests {
    use super::recent;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(recent("3.10.8") && recent("4.1.0-rc.1") && recent("3.13.7"));
        assert!(!recent("3.9.29") && !recent("rabbit"));
    }
}
