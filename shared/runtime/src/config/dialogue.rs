//! When a turn happens.

use std::time::Duration;

use crate::env::{Env, Section, Var, parse};

// "hola" / "tenés lugar" / "del 10 al 15" should be one turn.
const QUIET_WINDOW: Var = Var::with_default(
    "QUIET_WINDOW",
    "2s",
    "silence that ends what a guest is writing",
);
const LATE_AFTER: Var = Var::with_default(
    "LATE_AFTER",
    "10m",
    "messages older than this on arrival are late",
);
const LATE_WINDOW: Var = Var::with_default(
    "LATE_WINDOW",
    "60s",
    "silence waited for while late messages arrive",
);
const HANDBACK_AFTER: Var = Var::with_default(
    "HANDBACK_AFTER",
    "2h",
    "how long a chat stays with a person after her last message",
);

pub(super) const VARS: &[Var] = &[QUIET_WINDOW, LATE_AFTER, LATE_WINDOW, HANDBACK_AFTER];

/// When a turn happens.
#[derive(Debug, Clone)]
pub struct DialogueConfig {
    /// Silence that ends what a guest is writing.
    pub quiet_window: Duration,
    /// Messages older than this on arrival are late.
    pub late_after: Duration,
    /// Silence waited for while late messages arrive.
    pub late_window: Duration,
    /// How long a chat stays with a person.
    pub handback_after: Duration,
}

impl Section for DialogueConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let minute = Duration::from_mins(1);
        let day = minute * 60 * 24;
        let quiet_window = env.required(
            &QUIET_WINDOW,
            parse::duration_within(Duration::ZERO..=minute),
        );
        let late_after = env.required(
            &LATE_AFTER,
            parse::duration_within(Duration::from_secs(1)..=day),
        );
        let late_window = env.required(
            &LATE_WINDOW,
            parse::duration_within(Duration::ZERO..=minute * 60),
        );
        let handback_after = env.required(
            &HANDBACK_AFTER,
            parse::duration_within(Duration::from_secs(1)..=day * 30),
        );
        Some(Self {
            quiet_window: quiet_window?,
            late_after: late_after?,
            late_window: late_window?,
            handback_after: handback_after?,
        })
    }
}
