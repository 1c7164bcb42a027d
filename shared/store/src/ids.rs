//! Identities of rows: the domain's.

pub use posta_domain::ids::*;
