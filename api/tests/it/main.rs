//! The server, over HTTP, with a database of its own for each test.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "tests stop at the first thing that is not as it must be"
)]

mod app;
mod authorisation;
mod availability;
mod desk;
mod document;
mod files;
mod frame;
mod guest;
mod hostile;
mod login;
mod logs;
mod money;
mod pago;
mod pay;
mod people;
mod refusals;
mod reserve;
mod seed;
mod too_often;
mod words;
