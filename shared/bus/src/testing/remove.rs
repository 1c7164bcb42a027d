//! Removing a whole namespace: what a demo or a drill leaves behind.

use lapin::{Connection, ConnectionProperties};
use secrecy::ExposeSecret as _;

use super::TestError;
use crate::config::BusConfig;
use crate::topology::Topology;

/// Deletes every queue and exchange of the configured namespace, messages included. What is not there is no error.
pub async fn delete(config: &BusConfig) -> Result<(), TestError> {
    let properties = ConnectionProperties::default().with_connection_name("removing".into());
    let connect = Connection::connect(config.url.expose_secret(), properties);
    let connection = tokio::time::timeout(config.connect_timeout, connect).await??;
    let channel = connection.create_channel().await?;
    Topology::of(config).delete(&channel).await?;
    connection.close(200, "done".into()).await?;
    Ok(())
}
