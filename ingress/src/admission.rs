//! How much may be in flight: requests, and bytes of bodies.
//!
//! Guaranteed: memory is bounded whatever is sent; whoever is refused is refused before his body is
//! read, or when the bytes that are being held reach their bound. Permits are owned by the request and
//! come back however it ends.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bodies are held several times while they are taken apart and published; with this many bytes at
/// most, the process stays within a small container. A real body has some kilobytes.
const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;
/// The first bytes of each body are covered by the number of requests and are not counted.
const FREE: usize = 16 * 1024;
const UNIT: usize = 1024;

/// Hands out permits.
pub(crate) struct Admission {
    requests: Arc<Semaphore>,
    max_requests: usize,
    bytes: Arc<Semaphore>,
}

/// The bytes one request holds.
pub(crate) struct Held {
    bytes: Arc<Semaphore>,
    units: usize,
    permit: Option<OwnedSemaphorePermit>,
}

// === impl Admission ===

impl Admission {
    pub(crate) fn new(max_requests: usize) -> Self {
        Self {
            requests: Arc::new(Semaphore::new(max_requests)),
            max_requests,
            bytes: Arc::new(Semaphore::new(MAX_BODY_BYTES / UNIT)),
        }
    }

    /// A place for one request; `None` at once when all are taken.
    pub(crate) fn admit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.requests).try_acquire_owned().ok()
    }

    pub(crate) fn hold(&self) -> Held {
        Held {
            bytes: Arc::clone(&self.bytes),
            units: 0,
            permit: None,
        }
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.max_requests
            .saturating_sub(self.requests.available_permits())
    }
}

// === impl Held ===

impl Held {
    /// Makes room for a body of `length` bytes so far; `false` when there is none.
    pub(crate) fn grow_to(&mut self, length: usize) -> bool {
        let wanted = length.saturating_sub(FREE).div_ceil(UNIT);
        let more = wanted.saturating_sub(self.units);
        if more == 0 {
            return true;
        }
        let Some(permit) = u32::try_from(more)
            .ok()
            .and_then(|more| Arc::clone(&self.bytes).try_acquire_many_owned(more).ok())
        else {
            return false;
        };
        match &mut self.permit {
            Some(held) => held.merge(permit),
            none => *none = Some(permit),
        }
        self.units = wanted;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_when_a_request_ends() {
        let admission = Admission::new(2);
        let first = admission.admit().unwrap();
        let _second = admission.admit().unwrap();
        assert!(admission.admit().is_none());
        assert_eq!(admission.in_flight(), 2);
        drop(first);
        assert!(admission.admit().is_some());
    }

    #[test]
    fn bytes_are_bounded_over_all_bodies_and_small_ones_are_free() {
        let admission = Admission::new(1);
        let mut small = admission.hold();
        let mut large = admission.hold();
        assert!(large.grow_to(1));
        assert!(large.grow_to(MAX_BODY_BYTES + FREE));
        assert!(small.grow_to(FREE));
        assert!(!small.grow_to(FREE + 1));
        drop(large);
        assert!(small.grow_to(FREE + 1));
        assert!(small.grow_to(MAX_BODY_BYTES + FREE));
    }
}
