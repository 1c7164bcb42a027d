//! RabbitMQ as this project uses it: at least once, nothing lost, nothing dropped in silence.
//!
//! Actors: processes publish [`Envelope`]s through a [`Publisher`], which answers `Ok` only on the broker's own
//! confirm; workers [`consume`] a [`Queue`] with a [`Handler`] that returns a [`Verdict`]; what is given up on
//! goes to [`DeadLetters`]. Publishing and consuming have a connection each, because a broker that is short of
//! memory stops reading from whoever publishes, acknowledgements included.
//!
//! Guaranteed: a message whose publish returned `Ok` is delivered until a handler gave a final verdict or it
//! was recorded as a dead letter. Not guaranteed: that it is delivered once, or in order. A crash between a
//! handler's commit and the acknowledgement delivers it again, and so does one between the copy for a retry and
//! the acknowledgement of the original; handlers recognise what they have already done by the envelope's key.
//!
//! The library's shortcuts that look right and lose messages are named where they are avoided: sharing a
//! channel ([`publisher`](Publisher)), `mandatory` with several in flight (`topology`), automatic recovery
//! (`connect`), copied `x-death` headers (`headers`).

mod config;
mod connect;
mod consumer;
mod dead_letter;
mod envelope;
mod headers;
mod health;
mod incoming;
mod inspect;
mod names;
mod observer;
mod outgoing;
mod pause;
mod publisher;
pub mod replay;
#[cfg(feature = "testing")]
pub mod testing;
mod tiers;
mod topology;
mod verdict;

pub use config::BusConfig;
pub use connect::ConnectError;
pub use consumer::{
    BatchConfig, BatchHandler, ConsumeError, ConsumerConfig, Handler, Probe, Support, consume,
    consume_batches, drain_dead,
};
pub use dead_letter::{BoxError, DeadLetter, DeadLetters, DeadSource, Origin};
pub use envelope::{DecodeError, Envelope, INTERNAL, RequestRef, Signature, VERSION};
pub use health::{ConsumerHealth, ConsumerState, PublisherHealth};
pub use incoming::Incoming;
pub use inspect::{Inspection, QueueState, inspect};
pub use names::{InvalidNamespace, Namespace, Queue};
pub use observer::{Nobody, Observer};
pub use outgoing::{EncodeError, Outgoing};
pub use publisher::{PublishError, Publisher};
pub use tiers::{InvalidTiers, Tiers};
pub use verdict::Verdict;
