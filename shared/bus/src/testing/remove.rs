//! Removing a whole namespace, or what is in one queue: what a demo or a drill leaves behind.

use lapin::options::QueuePurgeOptions;
use lapin::{Connection, ConnectionProperties};
use secrecy::ExposeSecret as _;

use super::TestError;
use crate::config::BusConfig;
use crate::names::Queue;
use crate::topology::Topology;

/// Deletes every queue and exchange of the configured namespace, messages included. What is not there is no error.
pub async fn delete(config: &BusConfig) -> Result<(), TestError> {
    let connection = open(config).await?;
    let channel = connection.create_channel().await?;
    Topology::of(config).delete(&channel).await?;
    connection.close(200, "done".into()).await?;
    Ok(())
}

/// Throws away the messages waiting in a queue; their number.
pub async fn purge(config: &BusConfig, queue: Queue) -> Result<u32, TestError> {
    let connection = open(config).await?;
    let channel = connection.create_channel().await?;
    let name = queue.name(&config.namespace);
    let purged = channel
        .queue_purge(name.as_str().into(), QueuePurgeOptions::default())
        .await?;
    connection.close(200, "done".into()).await?;
    Ok(purged)
}

async fn open(config: &BusConfig) -> Result<Connection, TestError> {
    let properties = ConnectionProperties::default().with_connection_name("removing".into());
    let connect = Connection::connect(config.url.expose_secret(), properties);
    Ok(tokio::time::timeout(config.connect_timeout, connect).await??)
}
