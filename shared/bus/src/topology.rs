//! Everything that exists on the broker, each flag with its reason. The only file that declares.
//!
//! Every process declares all of it at start, idempotently: whoever comes first creates it, the others find
//! it. Declaring with other arguments than the existing ones is refused by the broker, which is why names
//! carry a version. Older brokers (3.10) accept arguments they do not know without a word, so a successful
//! declare proves nothing about *their* effect; the ones used here work the same from 3.10 to 4.3.

use std::time::Duration;

use futures_util::future::try_join_all;
use lapin::options::{
    ExchangeDeclareOptions, ExchangeDeleteOptions, QueueBindOptions, QueueDeclareOptions,
    QueueDeleteOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, Connection, ExchangeKind};

use crate::config::BusConfig;
use crate::names::{Namespace, Queue};
use crate::tiers::Tiers;

/// Deliveries without an answer before the broker takes a message out of a work queue. Only crashes and lost
/// connections should count towards it, but they count for every prefetched message and not just for the one
/// that kills; before 4.3 an orderly requeue counts too. So it is far above any business budget: it stops a
/// message that kills the process each time, and nothing else.
const DELIVERY_LIMIT: i32 = 50;

/// For queues that must keep what they have whatever happens: 4.x has a default limit of 20, after which it
/// drops. Not -1: 3.10 would take that as "less than one".
const NO_DELIVERY_LIMIT: i32 = 1_000_000_000;

/// Channels to spread the declarations over. The broker answers one channel's in turn.
const CHANNELS: usize = 4;

/// The topology as a value.
#[derive(Debug, Clone)]
pub(crate) struct Topology {
    namespace: Namespace,
    tiers: Tiers,
    queues: Vec<Queue>,
}

struct Declaration {
    name: String,
    arguments: FieldTable,
}

impl Topology {
    pub(crate) fn of(config: &BusConfig) -> Self {
        Self {
            namespace: config.namespace.clone(),
            tiers: config.tiers,
            queues: config.queues.clone(),
        }
    }

    /// Creates what is missing. Requests are pipelined, so an existing topology costs a few round trips.
    pub(crate) async fn declare(&self, connection: &Connection) -> Result<(), lapin::Error> {
        let channels = try_join_all((0..CHANNELS).map(|_| connection.create_channel())).await?;
        let channel_of = |index: usize| &channels[index % CHANNELS];
        self.declare_exchanges(&channels[0]).await?;
        let queues = self.declarations();
        try_join_all(
            queues
                .iter()
                .enumerate()
                .map(|(i, queue)| declare_queue(channel_of(i), queue)),
        )
        .await?;
        try_join_all(
            self.bindings()
                .iter()
                .enumerate()
                .map(|(i, (queue, exchange, key))| {
                    channel_of(i).queue_bind(
                        queue.as_str().into(),
                        exchange.as_str().into(),
                        (*key).into(),
                        QueueBindOptions::default(),
                        FieldTable::default(),
                    )
                }),
        )
        .await?;
        try_join_all(
            channels
                .iter()
                .map(|channel| channel.close(200, "declared".into())),
        )
        .await?;
        Ok(())
    }

    /// Removes all of it, messages included. For tests, which have a namespace of their own.
    #[cfg_attr(
        not(feature = "testing"),
        expect(dead_code, reason = "nothing but a test may delete queues")
    )]
    pub(crate) async fn delete(&self, channel: &Channel) -> Result<(), lapin::Error> {
        for queue in self.declarations() {
            channel
                .queue_delete(queue.name.as_str().into(), QueueDeleteOptions::default())
                .await?;
        }
        for exchange in [self.namespace.events_exchange(), self.namespace.unrouted()] {
            channel
                .exchange_delete(exchange.as_str().into(), ExchangeDeleteOptions::default())
                .await?;
        }
        Ok(())
    }

    async fn declare_exchanges(&self, channel: &Channel) -> Result<(), lapin::Error> {
        let unrouted = self.namespace.unrouted();
        // Durable: exists after a restart of the broker, as the queues do.
        let durable = ExchangeDeclareOptions {
            durable: true,
            ..ExchangeDeclareOptions::default()
        };
        channel
            .exchange_declare(
                unrouted.as_str().into(),
                ExchangeKind::Fanout,
                durable,
                FieldTable::default(),
            )
            .await?;
        let mut arguments = FieldTable::default();
        // An event nobody is bound to goes to a queue that is watched, instead of being confirmed and dropped.
        // `mandatory` cannot say so: with several publishes in flight the client mixes up what was returned.
        arguments.insert("alternate-exchange".into(), text(&unrouted));
        let events = self.namespace.events_exchange();
        channel
            .exchange_declare(
                events.as_str().into(),
                ExchangeKind::Topic,
                durable,
                arguments,
            )
            .await
    }

    fn declarations(&self) -> Vec<Declaration> {
        let mut all = vec![keeping(self.namespace.unrouted())];
        for queue in &self.queues {
            let work = queue.name(&self.namespace);
            let dead = queue.dead_name(&self.namespace);
            all.push(keeping(dead.clone()));
            for (name, delay) in self
                .tiers
                .queues(*queue, &self.namespace)
                .into_iter()
                .zip(self.tiers.delays())
            {
                all.push(tier(name, *delay, &work));
            }
            all.push(working(work, &dead));
        }
        all
    }

    fn bindings(&self) -> Vec<(String, String, &'static str)> {
        let unrouted = self.namespace.unrouted();
        let mut all = vec![(unrouted.clone(), unrouted, "")];
        for queue in &self.queues {
            for key in queue.bindings() {
                all.push((
                    queue.name(&self.namespace),
                    self.namespace.events_exchange(),
                    *key,
                ));
            }
        }
        all
    }
}

/// A work queue.
fn working(name: String, dead: &str) -> Declaration {
    let mut arguments = dead_lettering_to(dead);
    arguments.insert(
        "x-delivery-limit".into(),
        AMQPValue::LongInt(DELIVERY_LIMIT),
    );
    Declaration { name, arguments }
}

/// A queue nobody consumes: messages leave it for the work queue when their time is over.
fn tier(name: String, delay: Duration, work: &str) -> Declaration {
    let mut arguments = dead_lettering_to(work);
    let milliseconds = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
    arguments.insert("x-message-ttl".into(), AMQPValue::LongLongInt(milliseconds));
    Declaration { name, arguments }
}

/// The end of the line: drained into `dead_letters`, and kept until then.
fn keeping(name: String) -> Declaration {
    let mut arguments = quorum();
    arguments.insert(
        "x-delivery-limit".into(),
        AMQPValue::LongInt(NO_DELIVERY_LIMIT),
    );
    Declaration { name, arguments }
}

fn dead_lettering_to(target: &str) -> FieldTable {
    let mut arguments = quorum();
    // The default exchange: straight to the queue of that name, no binding that could be missing.
    arguments.insert("x-dead-letter-exchange".into(), text(""));
    arguments.insert("x-dead-letter-routing-key".into(), text(target));
    // The default strategy drops the message when the target cannot take it just now.
    arguments.insert("x-dead-letter-strategy".into(), text("at-least-once"));
    // Required by at-least-once; a full queue then answers a publisher with a nack.
    arguments.insert("x-overflow".into(), text("reject-publish"));
    arguments
}

/// Replicated, and on disk before it is confirmed. Always said: what is meant by silence differs by version.
fn quorum() -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), text("quorum"));
    arguments
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

async fn declare_queue(channel: &Channel, queue: &Declaration) -> Result<(), lapin::Error> {
    // Durable: the only kind a quorum queue can be. The library's default is not.
    let options = QueueDeclareOptions::durable();
    channel
        .queue_declare(queue.name.as_str().into(), options, queue.arguments.clone())
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;

    fn topology() -> Topology {
        Topology::of(&BusConfig::new(SecretString::from("amqp://localhost")))
    }

    #[test]
    fn every_queue_says_its_type() {
        let all = topology().declarations();
        assert_eq!(all.len(), 1 + 7 * 6);
        assert!(
            all.iter()
                .all(|queue| queue.arguments.inner().get("x-queue-type") == Some(&text("quorum")))
        );
    }

    #[test]
    fn whatever_dead_letters_does_so_at_least_once_to_a_declared_queue() {
        let all = topology().declarations();
        let targets = all
            .iter()
            .filter_map(|queue| queue.arguments.inner().get("x-dead-letter-routing-key"));
        let mut count = 0;
        for target in targets {
            assert!(
                all.iter().any(|queue| text(&queue.name) == *target),
                "{target:?}"
            );
            count += 1;
        }
        assert_eq!(count, 7 * 5);
        let strategy = |queue: &&Declaration| {
            queue
                .arguments
                .inner()
                .contains_key("x-dead-letter-strategy")
        };
        assert_eq!(all.iter().filter(strategy).count(), count);
    }
}
