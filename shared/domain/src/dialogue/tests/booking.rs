//! From "hola" to a hold, as people write.

mod confirming;
mod correcting;
mod full;
mod options;
mod party;
