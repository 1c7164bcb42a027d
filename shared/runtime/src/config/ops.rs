//! The second port: health and metrics.

use std::net::SocketAddr;

use crate::env::{Env, Section, Var, parse};

// Port 0 takes any free one; the address that was bound is logged.
const OPS_ADDR: Var = Var::with_default(
    "OPS_ADDR",
    "127.0.0.1:9090",
    "where /healthz, /readyz and /metrics are served",
);

pub(super) const VARS: &[Var] = &[OPS_ADDR];

/// Where health and metrics are served.
#[derive(Debug, Clone)]
pub struct OpsConfig {
    /// Where it listens.
    pub addr: SocketAddr,
}

impl Section for OpsConfig {
    fn read(env: &mut Env) -> Option<Self> {
        Some(Self {
            addr: env.required(&OPS_ADDR, parse::socket_addr)?,
        })
    }
}
