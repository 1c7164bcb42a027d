//! Pure rules of Posta: no I/O, no clock of its own, no text that a guest reads.
//!
//! Callers pass what they know (the chat, its waiting entries, the property, the time); the functions here answer
//! what follows from it. Nothing here can fail for what a guest wrote.

pub mod availability;
pub mod cancellation;
pub mod conditions;
pub mod dialogue;
pub mod hours;
pub mod ids;
pub mod mode;
pub mod money;
pub mod nights;
pub mod party;
pub mod payment;
pub mod quiet;
pub mod quote;
pub mod rates;
pub mod refusal;
pub mod reservation;
pub mod understand;
