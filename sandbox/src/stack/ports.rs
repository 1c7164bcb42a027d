//! Free ports below 32768: in the ephemeral range a client that reconnects on loopback can connect to itself and
//! hold the port of a process that is being restarted.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::bail;
use rand::Rng;

/// Hands out ports, none twice.
#[derive(Debug, Default)]
pub struct Ports {
    given: BTreeSet<u16>,
}

impl Ports {
    /// A loopback address nobody listens on.
    pub fn free(&mut self) -> anyhow::Result<SocketAddr> {
        for _ in 0..200 {
            let port = rand::rng().random_range(20_000..32_000);
            let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            if !self.given.contains(&port) && TcpListener::bind(addr).is_ok() {
                self.given.insert(port);
                return Ok(addr);
            }
        }
        bail!("could not find a free port between 20000 and 32000")
    }
}
