//! How much may be in flight: requests, and bytes of bodies.
//!
//! Guaranteed: memory is bounded whatever is sent, and nobody keeps others out by sending slowly: when
//! places or bytes run out, those give way whose bodies have been arriving for longest. A webhook that is
//! sent at one go is never among them, and a request whose body has arrived keeps its place. Only when
//! such requests hold everything is a newcomer refused. Permits come back however a request ends.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Bodies are held several times while they are taken apart and published; with this many bytes at
/// most, the process stays within a small container. A real body has some kilobytes.
const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;
/// The first bytes of each body are covered by the number of requests and are not counted.
const FREE: usize = 16 * 1024;
const UNIT: usize = 1024;

/// Hands out permits.
pub(crate) struct Admission {
    places: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
    readers: Mutex<Readers>,
}

/// Requests whose bodies are arriving, the oldest first.
#[derive(Default)]
struct Readers {
    next: u64,
    arriving: BTreeMap<u64, Reader>,
    closed: bool,
}

struct Reader {
    place: OwnedSemaphorePermit,
    bytes: Option<OwnedSemaphorePermit>,
    give_way: Arc<Notify>,
}

/// A request whose body is arriving. It may have to give way.
pub(crate) struct Arriving<'a> {
    admission: &'a Admission,
    id: u64,
    give_way: Arc<Notify>,
}

/// The permits of a request whose body has arrived. They are its own.
pub(crate) struct Held {
    _place: OwnedSemaphorePermit,
    _bytes: Option<OwnedSemaphorePermit>,
}

// === impl Admission ===

impl Admission {
    pub(crate) fn new(max_requests: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(max_requests)),
            bytes: Arc::new(Semaphore::new(MAX_BODY_BYTES / UNIT)),
            readers: Mutex::default(),
        }
    }

    /// A place for one request: a free one, or that of the slowest sender. `None` at once when there is
    /// neither.
    pub(crate) fn admit(&self) -> Option<Arriving<'_>> {
        let mut readers = self.readers();
        if readers.closed {
            return None;
        }
        let place = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => readers.arriving.pop_first()?.1.gives_way(),
        };
        let id = readers.next;
        readers.next += 1;
        let give_way = Arc::new(Notify::new());
        readers.arriving.insert(
            id,
            Reader {
                place,
                bytes: None,
                give_way: Arc::clone(&give_way),
            },
        );
        Some(Arriving {
            admission: self,
            id,
            give_way,
        })
    }

    /// Nobody is admitted any more, and bodies that have not arrived by now are not waited for.
    pub(crate) fn close(&self) {
        let mut readers = self.readers();
        readers.closed = true;
        for (_, reader) in std::mem::take(&mut readers.arriving) {
            drop(reader.gives_way());
        }
    }

    // A panic cannot leave the map half-changed.
    fn readers(&self) -> MutexGuard<'_, Readers> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Arriving ===

impl Arriving<'_> {
    /// Resolves when this request has had to give way to another.
    pub(crate) async fn gave_way(&self) {
        self.give_way.notified().await;
    }

    /// Makes room for a body of `length` bytes so far; `false` when there is none.
    pub(crate) fn grow_to(&self, length: usize) -> bool {
        let wanted = length.saturating_sub(FREE).div_ceil(UNIT);
        if wanted == 0 {
            return true;
        }
        let mut readers = self.admission.readers();
        let Some(held) = readers.arriving.get(&self.id).map(Reader::units) else {
            return false;
        };
        let more = wanted.saturating_sub(held);
        let others = readers.arriving.values().map(Reader::units).sum::<usize>() - held;
        if more > self.admission.bytes.available_permits() + others {
            return false;
        }
        let Ok(units) = u32::try_from(more) else {
            return false;
        };
        loop {
            if let Ok(permit) = Arc::clone(&self.admission.bytes).try_acquire_many_owned(units) {
                if let Some(reader) = readers.arriving.get_mut(&self.id) {
                    reader.add(permit);
                }
                return true;
            }
            let mut slowest = readers.arriving.iter();
            let Some(id) = slowest
                .find(|(id, reader)| **id != self.id && reader.units() > 0)
                .map(|(id, _)| *id)
            else {
                return false;
            };
            if let Some(reader) = readers.arriving.remove(&id) {
                drop(reader.gives_way());
            }
        }
    }

    /// The body is here: from now on nobody takes the place away. `None` when somebody just did.
    pub(crate) fn arrived(self) -> Option<Held> {
        let reader = self.admission.readers().arriving.remove(&self.id)?;
        Some(Held {
            _place: reader.place,
            _bytes: reader.bytes,
        })
    }
}

impl Drop for Arriving<'_> {
    fn drop(&mut self) {
        self.admission.readers().arriving.remove(&self.id);
    }
}

// === impl Reader ===

impl Reader {
    fn units(&self) -> usize {
        self.bytes
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits)
    }

    fn add(&mut self, permit: OwnedSemaphorePermit) {
        match &mut self.bytes {
            Some(held) => held.merge(permit),
            none => *none = Some(permit),
        }
    }

    /// Tells its request, and hands over the place. Its bytes are free again.
    fn gives_way(self) -> OwnedSemaphorePermit {
        self.give_way.notify_one();
        self.place
    }
}

#[cfg(test)]
mod tests;
