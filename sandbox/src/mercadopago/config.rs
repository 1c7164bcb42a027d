//! What a simulated Mercado Pago account is set up with.

use std::time::Duration;

use rand::RngCore;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::whatsapp::random_secret;

/// Everything the simulator has to know before it starts.
#[derive(Debug, Clone)]
pub struct MercadoPagoConfig {
    /// The bearer the API asks for.
    pub access_token: SecretString,
    /// Signs notifications.
    pub webhook_secret: SecretString,
    /// The account that sells.
    pub collector_id: u64,
    /// The address of the panel: for what has no `notification_url` of its own.
    pub webhook_url: Option<Url>,
    /// When a notification that was not answered by 200 or 201 is tried again.
    pub retry: Ladder,
    /// In which unit `ts` is signed.
    pub signed_in: Unit,
    /// How long after an event its first notification leaves (real ones: half of them within 1.7 s).
    pub latency: Duration,
    /// Dates of payments end in `.000`, as captured ones do: two states of one second look equally old.
    pub whole_seconds: bool,
    /// The older form (IPN) is sent too where the address does not choose one.
    pub twins: bool,
    /// Merchant orders are notified as well.
    pub orders_too: bool,
    /// The provider's fee, in hundredths of a percent.
    pub fee: i64,
    /// Taxes withheld, in hundredths of a percent; net is then less than gross minus fee.
    pub withholding: i64,
    /// Makes ids and faults by rate repeatable.
    pub seed: u64,
}

/// The unit of `ts` in a signature; the documents and the traffic disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Ten digits, as captured deliveries have.
    Seconds,
    /// Thirteen digits, as the panel's test has.
    Millis,
}

/// Pauses between deliveries of one notification; the last repeats until the horizon.
#[derive(Debug, Clone)]
pub struct Ladder {
    /// In order.
    pub pauses: Vec<Duration>,
    /// After this long the notification is given up (documented: about two weeks).
    pub horizon: Duration,
}

impl Default for Ladder {
    /// The documented ladder (at once, 15 min, 30 min, 6 h, 48 h, 96 h…), about a thousand times faster and never
    /// slower than ten seconds: a drill waits for it.
    fn default() -> Self {
        Self {
            pauses: [300, 900, 1_800, 5_000, 10_000]
                .map(Duration::from_millis)
                .to_vec(),
            horizon: Duration::from_mins(30),
        }
    }
}

impl Ladder {
    /// The pause after so many failures (1 = the first).
    pub fn pause(&self, failures: usize) -> Duration {
        self.pauses
            .get(failures.saturating_sub(1))
            .or(self.pauses.last())
            .copied()
            .unwrap_or(Duration::from_secs(1))
    }
}

impl MercadoPagoConfig {
    /// The account of the samples, with random secrets.
    pub fn random() -> Self {
        let token = random_secret();
        Self {
            access_token: format!("APP_USR-{}-418820117", token.expose_secret()).into(),
            webhook_secret: random_secret(),
            collector_id: 418_820_117,
            webhook_url: None,
            retry: Ladder::default(),
            signed_in: Unit::Seconds,
            latency: Duration::ZERO,
            whole_seconds: true,
            twins: true,
            orders_too: true,
            fee: 662,
            withholding: 0,
            seed: rand::rng().next_u64(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pause_repeats() {
        let ladder = Ladder::default();
        assert_eq!(ladder.pause(1), Duration::from_millis(300));
        assert_eq!(ladder.pause(5), ladder.pause(500));
    }
}
