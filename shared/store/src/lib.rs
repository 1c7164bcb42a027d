//! `PostgreSQL`: the truth of everything that has reached it.
//!
//! One module per aggregate; only this crate has SQL. Guaranteed: an effect and the row that records it are one
//! transaction; every effect is guarded by a unique key, so that a second delivery changes nothing; locks are taken in
//! one order (conversation → … → outbox), each in a statement of its own. Not guaranteed: that anything has been sent;
//! that is the delivery-worker's, out of the outbox.
//!
//! Functions that take a `&mut PgConnection` are parts of the caller's transaction; those that take a [`Store`] are
//! whole transactions.

pub mod access;
pub mod attention;
pub mod audit;
pub mod availability;
pub mod blocks;
pub mod booking;
pub mod books;
pub mod catalog;
pub mod chats;
pub mod conversations;
pub mod dead_letters;
pub mod elsewhere;
pub mod error;
pub mod events;
pub mod golive;
pub mod guests;
pub mod ids;
pub mod import;
pub mod inbox;
pub mod jobs;
pub mod mailbox;
pub mod matters;
pub mod media;
pub mod messages;
pub mod migrate;
pub mod notebook;
pub mod outbox;
pub mod payments;
pub mod pool;
pub mod properties;
pub mod receive;
pub mod reminders;
pub mod retention;
pub mod seed;
pub mod statuses;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
pub mod trace;
pub mod turns;
pub mod upkeep;

pub use error::{Doing, StoreError};
pub use pool::{PoolConfig, Store};
/// Of the caller: what it reads or writes is one transaction where the caller began one.
pub use sqlx::PgConnection;
