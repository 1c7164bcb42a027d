//! The crate against a real broker, in a namespace per test. One binary, since linking is the slow part.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests fail as tests do"
)]

mod batches;
mod common;
mod confirms;
mod outages;
mod pauses;
mod retries;
mod shutdown;
