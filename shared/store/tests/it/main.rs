//! The store against a real database: each test has one of its own. One binary, since linking is the slow part.

mod access;
mod crossing;
mod desk;
mod hostile;
mod outbox;
mod statuses;
mod support;

mod upkeep;
