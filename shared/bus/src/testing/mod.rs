//! For tests: a namespace of one's own on a real broker, a proxy that fails on demand, dead letters in memory.
//!
//! A test's queues are removed by [`TestBus::delete`]; a test that fails leaves them behind under a name that
//! starts with `test-`, and nobody else is disturbed.

mod letters;
mod proxy;
mod remove;
mod wait;

use std::str::FromStr;
use std::time::Duration;

use lapin::options::{
    BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions,
    QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::uri::AMQPUri;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use secrecy::SecretString;

use crate::config::BusConfig;
use crate::headers;
use crate::names::{Namespace, Queue};
use crate::tiers::Tiers;
use crate::topology::Topology;

pub use letters::MemoryLetters;
pub use proxy::Proxy;
pub use remove::{delete, purge};
pub use wait::eventually;

/// Anything that goes wrong in a test's own broker work.
pub type TestError = Box<dyn std::error::Error + Send + Sync>;

/// A broker namespace that belongs to one test.
pub struct TestBus {
    url: String,
    namespace: Namespace,
    queues: Vec<Queue>,
    tiers: Tiers,
    connection: Connection,
    channel: Channel,
}

/// A message taken from a queue by a test.
#[derive(Debug)]
pub struct Taken {
    /// Its bytes.
    pub body: Vec<u8>,
    /// Its headers.
    pub headers: serde_json::Value,
    /// Its message id.
    pub message_id: String,
    /// Its routing key.
    pub routing_key: String,
}

impl TestBus {
    /// A namespace with `queues` and short retry tiers (200 ms to 1.6 s) on the broker of `AMQP_URL`.
    ///
    /// # Panics
    /// Without a broker: there is nothing to test against, and a test that is skipped proves nothing.
    #[expect(
        clippy::expect_used,
        reason = "a test without a broker is to fail loudly"
    )]
    pub async fn start(queues: &[Queue]) -> Self {
        let url = std::env::var("AMQP_URL")
            .expect("AMQP_URL is not set: `make services` starts a broker and `. .run/env` tells its address");
        let namespace = format!("test-{}", uuid::Uuid::now_v7().simple());
        let properties =
            ConnectionProperties::default().with_connection_name(namespace.as_str().into());
        let connection = Connection::connect(&url, properties)
            .await
            .expect("the broker of AMQP_URL answers");
        let channel = connection.create_channel().await.expect("a channel");
        channel
            .confirm_select(ConfirmSelectOptions::default())
            .await
            .expect("confirms");
        let bus = Self {
            url,
            namespace: Namespace::from_str(&namespace).expect("a valid name"),
            queues: queues.to_vec(),
            tiers: Tiers::from_str("200ms,400ms,800ms,1600ms").expect("valid tiers"),
            connection,
            channel,
        };
        Topology::of(&bus.config())
            .declare(&bus.connection)
            .await
            .expect("the topology is declared");
        bus
    }

    /// For publishers and consumers of this test. Timeouts are short.
    pub fn config(&self) -> BusConfig {
        self.config_at(&self.url)
    }

    /// The same, through a proxy in front of the broker.
    ///
    /// # Panics
    /// When `AMQP_URL` is not an address.
    #[expect(clippy::expect_used, reason = "only tests come here")]
    pub fn config_through(&self, proxy: &Proxy) -> BusConfig {
        let mut uri = AMQPUri::from_str(&self.url).expect("AMQP_URL is an address");
        "127.0.0.1".clone_into(&mut uri.authority.host);
        uri.authority.port = proxy.port();
        self.config_at(&uri.to_string())
    }

    /// `host:port` of the broker.
    ///
    /// # Panics
    /// When `AMQP_URL` is not an address.
    #[expect(clippy::expect_used, reason = "only tests come here")]
    pub fn broker(&self) -> String {
        let uri = AMQPUri::from_str(&self.url).expect("AMQP_URL is an address");
        format!("{}:{}", uri.authority.host, uri.authority.port)
    }

    /// Name of a work queue.
    pub fn name(&self, queue: Queue) -> String {
        queue.name(&self.namespace)
    }

    /// This test's namespace.
    pub fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    /// A channel to do things the crate does not offer.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Messages ready in a queue.
    pub async fn count(&self, queue: &str) -> Result<u32, TestError> {
        let options = QueueDeclareOptions {
            passive: true,
            ..QueueDeclareOptions::default()
        };
        Ok(self
            .channel
            .queue_declare(queue.into(), options, FieldTable::default())
            .await?
            .message_count())
    }

    /// Takes one message off a queue, if there is one.
    pub async fn take(&self, queue: &str) -> Result<Option<Taken>, TestError> {
        let Some(got) = self
            .channel
            .basic_get(queue.into(), BasicGetOptions::default())
            .await?
        else {
            return Ok(None);
        };
        got.delivery.acker.ack(BasicAckOptions::default()).await?;
        let delivery = got.delivery;
        let headers = delivery.properties.headers().clone().unwrap_or_default();
        Ok(Some(Taken {
            headers: headers::to_json(&headers),
            message_id: delivery
                .properties
                .message_id()
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            routing_key: delivery.routing_key.to_string(),
            body: delivery.data,
        }))
    }

    /// Puts bytes into a queue, with headers as somebody careless would send them.
    pub async fn put(
        &self,
        queue: &str,
        body: &[u8],
        headers: FieldTable,
    ) -> Result<(), TestError> {
        let id = uuid::Uuid::now_v7().to_string();
        let properties = BasicProperties::default()
            .with_delivery_mode(2)
            .with_message_id(id.as_str().into())
            .with_headers(headers);
        let options = BasicPublishOptions::default();
        self.channel
            .basic_publish("".into(), queue.into(), options, body, properties)
            .await?
            .await?;
        Ok(())
    }

    /// An `x-death` header as the broker writes it, for a message that died in `queue`.
    pub fn x_death(queue: &str) -> FieldTable {
        let mut death = FieldTable::default();
        for (name, value) in [("queue", queue), ("reason", "expired"), ("exchange", "")] {
            death.insert(name.into(), AMQPValue::LongString(value.into()));
        }
        death.insert("count".into(), AMQPValue::LongLongInt(1));
        let mut headers = FieldTable::default();
        headers.insert(
            "x-death".into(),
            AMQPValue::FieldArray(vec![AMQPValue::FieldTable(death)].into()),
        );
        headers.insert(
            "x-first-death-queue".into(),
            AMQPValue::LongString(queue.into()),
        );
        headers
    }

    /// Removes everything in this namespace.
    pub async fn delete(self) -> Result<(), TestError> {
        let channel = self.connection.create_channel().await?;
        Topology::of(&self.config()).delete(&channel).await?;
        self.connection.close(200, "done".into()).await?;
        Ok(())
    }

    fn config_at(&self, url: &str) -> BusConfig {
        BusConfig {
            namespace: self.namespace.clone(),
            queues: self.queues.clone(),
            tiers: self.tiers,
            connect_timeout: Duration::from_secs(2),
            confirm_timeout: Duration::from_secs(2),
            reconnect_max: Duration::from_millis(500),
            connection_name: self.namespace.to_string(),
            ..BusConfig::new(SecretString::from(url))
        }
    }
}
