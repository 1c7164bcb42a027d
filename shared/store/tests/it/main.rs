//! The store against a real database: each test has one of its own. One binary, since linking is the slow part.

mod outbox;
mod statuses;
mod support;

mod upkeep;
