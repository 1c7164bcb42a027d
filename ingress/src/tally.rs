//! Counts the items of one request.
//!
//! Guaranteed: `received = accepted + duplicate + rejected + unavailable`, however a request ends. What
//! has no verdict when it ends (its sender hung up, its handler was dropped) is unavailable: it was not
//! answered, so it will come again.

use std::time::Instant;

use crate::app::App;
use crate::metrics::Source;

/// The items of one request so far.
pub(crate) struct Tally<'a> {
    app: &'a App,
    source: Source,
    started: Instant,
    received: u64,
    accepted: u64,
    duplicate: u64,
    rejected: u64,
    unparsed: u64,
}

impl<'a> Tally<'a> {
    /// A request stands for one item until it has been split.
    pub(crate) fn of_request(app: &'a App, source: Source) -> Self {
        Self {
            app,
            source,
            started: app.clock.monotonic(),
            received: 1,
            accepted: 0,
            duplicate: 0,
            rejected: 0,
            unparsed: 0,
        }
    }

    pub(crate) fn split_into(&mut self, items: usize) {
        self.received = items as u64;
    }

    pub(crate) fn accepted(&mut self) {
        self.accepted += 1;
    }

    pub(crate) fn duplicate(&mut self) {
        self.duplicate += 1;
    }

    /// All of it, for good.
    pub(crate) fn rejected(&mut self) {
        self.rejected = self.received;
    }

    pub(crate) fn unparsed(&mut self) {
        self.unparsed += 1;
    }
}

impl Drop for Tally<'_> {
    fn drop(&mut self) {
        let items = self.app.metrics.items(self.source);
        let settled = self.accepted + self.duplicate + self.rejected;
        items.received.inc_by(self.received);
        items.accepted.inc_by(self.accepted);
        items.duplicate.inc_by(self.duplicate);
        items.rejected.inc_by(self.rejected);
        items
            .unavailable
            .inc_by(self.received.saturating_sub(settled));
        items.unparsed.inc_by(self.unparsed);
        let took = self.app.clock.monotonic() - self.started;
        items.seconds.observe(took.as_secs_f64());
    }
}
