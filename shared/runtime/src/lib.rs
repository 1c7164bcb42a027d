//! What every binary of Posta needs before it can do its own work.
//!
//! A binary's `main` is one line: [`lifecycle::run`] reads the configuration, starts telemetry, runs the body with a
//! [`lifecycle::Shutdown`], and turns the outcome into an exit code. The rest are the tools the body is made of.
//!
//! Guaranteed: configuration errors are reported all at once and in words; secrets are never printed; Redis can be
//! absent without anybody waiting for it; a task that dies takes its process down instead of leaving it half alive.
//! Not guaranteed: anything about the truth of the data. This crate knows neither PostgreSQL nor RabbitMQ.

pub mod backoff;
pub mod breaker;
pub mod clock;
pub mod config;
pub mod env;
pub mod ids;
pub mod lifecycle;
pub mod limits;
pub mod metrics;
pub mod night_lock;
pub mod ops;
pub mod passwords;
pub mod redis;
pub mod telemetry;
pub mod tls;
