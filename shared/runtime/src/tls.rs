//! The one TLS provider of the process.
//!
//! `reqwest` and `lapin` are built without a provider of their own, so that there is only one in the binary; a client
//! made before [`install`] panics. [`crate::lifecycle::run`] installs it first; tests that make clients call it.

/// Makes *ring* the provider of this process. Calling it again changes nothing.
pub fn install() {
    // The error is "there is one already", which is what we want.
    drop(rustls::crypto::ring::default_provider().install_default());
}
