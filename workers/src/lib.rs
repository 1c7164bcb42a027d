//! The workers: each a short `main` in `src/bin`, and one module folder here.
//!
//! A worker takes messages from its queue, commits their effect to `PostgreSQL`, and only then acknowledges. What is
//! common to all of them is put together in [`compose`].

pub mod audio;
pub mod compose;
pub mod delivery;
pub mod message;
pub mod payment;
pub mod scheduler;
