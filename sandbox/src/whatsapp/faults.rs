//! Faults on demand: what goes wrong next, how often, and with which particulars.
//!
//! A fault with a `count` happens that many times; with a `rate` to that share of requests; with both, to that
//! share until the count is used up; with neither, until it is cleared.

use rand::Rng;
use serde::{Deserialize, Serialize};

/// Whose traffic is disturbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// Requests to the Graph API's messages endpoint.
    Whatsapp,
    /// Webhooks on their way to ingress.
    Webhook,
    /// Downloads of media.
    Media,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Answer with an error (`status` HTTP status, `code` Graph code). With `"asynchronous": true` the message is
    /// accepted and a `failed` status with that code follows.
    Status,
    /// Take `ms` longer: the request has had its effect, its answer is late (webhooks: sent late).
    Delay,
    /// Nothing arrives: the connection closes and the request has no effect.
    Drop,
    /// The request has its effect, and its answer never arrives.
    Cut,
    /// Webhooks only: delivered twice.
    Duplicate,
    /// Webhooks only: held back up to `ms`, so that later ones overtake it.
    Reorder,
}

/// One disturbance.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Whose traffic.
    pub target: Target,
    /// What happens.
    pub kind: Kind,
    /// How many times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// To which share of requests, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// HTTP status of `status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Graph error code of `status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// Milliseconds of `delay` and `reorder`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
    /// `status` only: accept, then fail by a status webhook.
    #[serde(default)]
    pub asynchronous: bool,
}

impl Fault {
    /// A fault that goes on until it is cleared.
    pub fn new(target: Target, kind: Kind) -> Self {
        Self {
            target,
            kind,
            count: None,
            rate: None,
            status: None,
            code: None,
            ms: None,
            asynchronous: false,
        }
    }

    /// Limits it to so many times.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.count = Some(count);
        self
    }

    /// Limits it to this share of requests.
    #[must_use]
    pub fn at_rate(mut self, rate: f64) -> Self {
        self.rate = Some(rate);
        self
    }

    /// Sets the milliseconds of `delay` and `reorder`.
    #[must_use]
    pub fn of_millis(mut self, ms: u64) -> Self {
        self.ms = Some(ms);
        self
    }

    /// Sets the Graph code of `status`.
    #[must_use]
    pub fn with_code(mut self, code: i64) -> Self {
        self.code = Some(code);
        self
    }

    /// Why this fault makes no sense, if it does not.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        if self.rate.is_some_and(|rate| !(0.0..=1.0).contains(&rate)) {
            return Some("rate must lie between 0 and 1");
        }
        match (self.target, self.kind) {
            (Target::Whatsapp | Target::Media, Kind::Duplicate | Kind::Reorder) => {
                Some("duplicate and reorder are for webhooks")
            }
            (Target::Webhook, Kind::Status) => Some("a webhook's answer is ingress' own"),
            _ => None,
        }
    }
}

/// The faults that are set.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    set: Vec<Fault>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.set.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.set.clear();
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.set
    }

    /// What happens to this request; used-up faults disappear.
    pub(crate) fn strike(&mut self, target: Target, rng: &mut impl Rng) -> Vec<Fault> {
        let mut struck = Vec::new();
        for fault in self.set.iter_mut().filter(|fault| fault.target == target) {
            if fault.count == Some(0) || fault.rate.is_some_and(|rate| !rng.random_bool(rate)) {
                continue;
            }
            if let Some(count) = &mut fault.count {
                *count -= 1;
            }
            struck.push(fault.clone());
        }
        self.set.retain(|fault| fault.count != Some(0));
        struck
    }
}

/// The first struck fault of a kind.
pub(crate) fn find(struck: &[Fault], kind: Kind) -> Option<&Fault> {
    struck.iter().find(|fault| fault.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn a_counted_fault_strikes_that_often_and_only_its_target() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut faults = Faults::default();
        faults.add(Fault::new(Target::Whatsapp, Kind::Cut).times(2));
        assert!(faults.strike(Target::Media, &mut rng).is_empty());
        assert_eq!(faults.strike(Target::Whatsapp, &mut rng).len(), 1);
        assert_eq!(faults.strike(Target::Whatsapp, &mut rng).len(), 1);
        assert!(faults.strike(Target::Whatsapp, &mut rng).is_empty());
        assert!(faults.list().is_empty());
    }

    #[test]
    fn a_rate_strikes_about_that_share() {
        let mut rng = StdRng::seed_from_u64(7);
        let mut faults = Faults::default();
        faults.add(Fault::new(Target::Webhook, Kind::Duplicate).at_rate(0.2));
        let struck = (0..1000)
            .filter(|_| !faults.strike(Target::Webhook, &mut rng).is_empty())
            .count();
        assert!((150..250).contains(&struck), "{struck} of 1000");
    }

    #[test]
    fn impossible_faults_are_named() {
        assert!(Fault::new(Target::Media, Kind::Reorder).problem().is_some());
        assert!(
            Fault::new(Target::Webhook, Kind::Drop)
                .at_rate(1.5)
                .problem()
                .is_some()
        );
        assert!(
            Fault::new(Target::Webhook, Kind::Drop)
                .at_rate(0.5)
                .problem()
                .is_none()
        );
    }
}
