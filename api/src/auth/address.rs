//! Where a request comes from.
//!
//! The connection's other end, unless that is a proxy we trust: then what the proxy says, and so on through proxies we
//! trust. What anybody else writes into `X-Forwarded-For` is not read, so an address cannot be chosen.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::{HeaderMap, request::Parts};
use posta_runtime::config::ApiConfig;

use crate::{problem::Problem, state::AppState};

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Whose failures and requests are counted together: an IPv4 address, or an IPv6 network of 64 bits, which is what one
/// customer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Of a request. Without a connection, as in tests of parts, everybody is one.
    pub(crate) fn of(parts: &Parts, config: &ApiConfig) -> Self {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |info| info.0.ip());
        let trusted = |ip: IpAddr| config.trusted_proxies.iter().any(|net| net.contains(&ip));
        Self::grouped(client(peer, &parts.headers, trusted))
    }

    fn grouped(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                Self(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into())
            }
            v4 @ IpAddr::V4(_) => Self(v4),
        }
    }
}

impl std::fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Ok(Self::of(parts, &state.config))
    }
}

/// The rightmost address that is not a proxy of ours. Several headers read as one, in order.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: impl Fn(IpAddr) -> bool) -> IpAddr {
    let mut nearest = peer.to_canonical();
    if !trusted(nearest) {
        return nearest;
    }
    let hops: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        // What cannot be read hides what is before it.
        .map(|value| value.to_str().unwrap_or("?"))
        .flat_map(|line| line.split(','))
        .collect();
    for hop in hops.into_iter().rev() {
        let Some(ip) = parse(hop.trim()) else {
            break;
        };
        nearest = ip;
        if !trusted(nearest) {
            break;
        }
    }
    nearest
}

/// `1.2.3.4`, `1.2.3.4:567`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:567`.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    bare.unwrap_or(hop)
        .parse::<IpAddr>()
        .or_else(|_| hop.parse::<SocketAddr>().map(|addr| addr.ip()))
        .ok()
        .map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn seen(peer: &str, lines: &[&'static str]) -> String {
        let headers = lines
            .iter()
            .map(|line| {
                (
                    FORWARDED_FOR.parse().unwrap(),
                    HeaderValue::from_static(line),
                )
            })
            .collect();
        let ours = |ip: IpAddr| ip.is_loopback() || ip.to_string().starts_with("10.");
        let ip = client(peer.parse().unwrap(), &headers, ours);
        ClientAddress::grouped(ip).to_string()
    }

    #[test]
    fn nobody_but_a_trusted_proxy_says_where_a_request_comes_from() {
        assert_eq!(seen("198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn the_rightmost_address_that_is_no_proxy_of_ours_counts() {
        // The client wrote the first one.
        assert_eq!(
            seen("10.0.0.1", &["1.1.1.1, 203.0.113.9, 10.0.0.2"]),
            "203.0.113.9"
        );
        assert_eq!(
            seen("10.0.0.1", &["1.1.1.1", "203.0.113.9, 10.0.0.2"]),
            "203.0.113.9"
        );
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, nonsense"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["[2001:db8::1]:4711"]), "2001:db8::");
    }

    #[test]
    fn one_customer_s_ipv6_addresses_are_one_and_ipv4_in_ipv6_is_ipv4() {
        assert_eq!(seen("2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
        assert_eq!(seen("::ffff:198.51.100.7", &[]), "198.51.100.7");
    }
}
