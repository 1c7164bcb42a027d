//! REST: availability, quotes and reservations for guests; configuration, bookings, chats and matters for the owner.
//!
//! Actors: a guest's browser (no login; what is hers she reaches by a signed link), the owner and her staff (a session
//! or a token), machines (a token). A request passes the layers of [`stack`], its handler parses it once at the edge,
//! and a use case of `posta-store` does the work; no SQL and no rule lives here.
//!
//! Guaranteed: every answer carries `X-Request-Id`; every error is a [`problem::Problem`] with a code for programs and
//! words for people; the document at `/api/v1/openapi.json` names every answer there is; logs and metrics name matched
//! routes, never what was in them. Work that has begun goes on when its client leaves: whoever asks again with the same
//! `Idempotency-Key` gets its answer. Not guaranteed: that what was offered is still free when it is asked for; the
//! hold decides.

pub mod auth;
mod compose;
pub mod dto;
pub mod extract;
mod guard;
mod metrics;
mod nights;
mod observe;
pub mod openapi;
pub mod owner;
mod pago;
pub mod problem;
pub mod public;
pub mod rate_limit;
mod server;
pub mod stack;
pub mod state;
pub mod texts;

pub use compose::{Addresses, Config, start};
pub use problem::Problem;
pub use state::AppState;
