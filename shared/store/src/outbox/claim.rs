//! Claiming rows for sending.
