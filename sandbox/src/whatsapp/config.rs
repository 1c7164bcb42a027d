//! What a simulated WhatsApp number is set up with.

use std::time::Duration;

use rand::RngCore;
use secrecy::SecretString;
use url::Url;

/// Everything the simulator has to know before it starts.
#[derive(Debug, Clone)]
pub struct WhatsappConfig {
    /// The bearer a sender has to show.
    pub access_token: SecretString,
    /// Signs webhooks.
    pub app_secret: SecretString,
    /// The business number's id in the Graph API.
    pub phone_number_id: String,
    /// The business number itself, digits only.
    pub display_phone: String,
    /// The `WhatsApp` business account.
    pub waba_id: String,
    /// Where webhooks go.
    pub webhook_url: Url,
    /// When a webhook that was not answered by 200 is tried again.
    pub retry: RetrySchedule,
    /// How soon statuses follow an accepted message.
    pub statuses: StatusDelays,
    /// Pair and throughput limits are enforced.
    pub limits: bool,
    /// Makes faults by rate repeatable.
    pub seed: u64,
}

/// Growing pauses between deliveries of one webhook, as Meta does it over days, shortened.
#[derive(Debug, Clone, Copy)]
pub struct RetrySchedule {
    /// Pause after the first failure.
    pub first: Duration,
    /// Each pause is this many times the one before.
    pub factor: f64,
    /// No pause is longer.
    pub longest: Duration,
    /// After this long the webhook is given up (Meta: 7 days).
    pub horizon: Duration,
}

/// Delays of the statuses, counted from acceptance. `None`: that status never comes.
#[derive(Debug, Clone, Copy)]
pub struct StatusDelays {
    /// `sent`
    pub sent: Option<Duration>,
    /// `delivered`
    pub delivered: Option<Duration>,
    /// `read`
    pub read: Option<Duration>,
}

impl Default for RetrySchedule {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(200),
            factor: 1.6,
            longest: Duration::from_secs(5),
            horizon: Duration::from_mins(30),
        }
    }
}

impl RetrySchedule {
    /// The pause after so many failures (1 = the first).
    pub fn pause(&self, failures: u32) -> Duration {
        let exponent = i32::try_from(failures.saturating_sub(1)).unwrap_or(i32::MAX);
        let grown = self.first.as_secs_f64() * self.factor.powi(exponent);
        // `min` also turns an overflow to infinity into the longest pause.
        Duration::from_secs_f64(grown.min(self.longest.as_secs_f64()))
    }
}

impl Default for StatusDelays {
    fn default() -> Self {
        Self {
            sent: Some(Duration::from_millis(80)),
            delivered: Some(Duration::from_millis(250)),
            read: Some(Duration::from_millis(700)),
        }
    }
}

impl WhatsappConfig {
    /// A number with random secrets that posts its webhooks to `webhook_url`.
    pub fn random(webhook_url: Url) -> Self {
        Self {
            access_token: random_secret(),
            app_secret: random_secret(),
            phone_number_id: "106540352242922".to_owned(),
            display_phone: "5492944550100".to_owned(),
            waba_id: "102290129340398".to_owned(),
            webhook_url,
            retry: RetrySchedule::default(),
            statuses: StatusDelays::default(),
            limits: true,
            seed: rand::rng().next_u64(),
        }
    }
}

/// 128 random bits in hex.
pub fn random_secret() -> SecretString {
    let mut bytes = [0_u8; 16];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        let schedule = RetrySchedule::default();
        let pauses: Vec<_> = (1..60).map(|n| schedule.pause(n)).collect();
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!(pauses[0], schedule.first);
        assert_eq!(pauses[58], schedule.longest);
        assert_eq!(schedule.pause(u32::MAX), schedule.longest);
    }
}
