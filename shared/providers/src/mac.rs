//! The one place that compares message authentication codes.
//!
//! Guaranteed: a comparison takes the same time wherever two codes differ, and an empty secret never
//! matches (its codes can be computed by anybody). Not hidden: which of the secrets matched.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Index of the first secret under which `tag` is the HMAC-SHA256 of the concatenated `parts`.
pub(crate) fn matching_secret(
    secrets: &[SecretString],
    parts: &[&[u8]],
    tag: &[u8],
) -> Option<usize> {
    secrets.iter().position(|secret| {
        let secret = secret.expose_secret();
        if secret.is_empty() {
            return false;
        }
        // HMAC takes keys of any length; an error here could only mean "does not match".
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
            return false;
        };
        for part in parts {
            mac.update(part);
        }
        mac.verify_slice(tag).is_ok()
    })
}

/// Whether any secret could ever match.
pub(crate) fn any_usable(secrets: &[SecretString]) -> bool {
    secrets
        .iter()
        .any(|secret| !secret.expose_secret().is_empty())
}
