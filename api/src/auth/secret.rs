//! Secrets of 256 random bits: shown once, kept as their SHA-256. So many bits cannot be guessed, so no slow hash.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use posta_store::access::SecretHash;
use rand::Rng as _;
use sha2::{Digest as _, Sha256};

/// One of them. Never printed.
pub(crate) struct Secret([u8; 32]);

impl Secret {
    /// A new one.
    pub(crate) fn random() -> Self {
        Self(rand::rng().random())
    }

    /// As it is carried, in one spelling only.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // Longer texts are not even decoded.
        if text.len() != 43 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// To be carried.
    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// To be kept.
    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0).into())
    }

    /// Another secret that follows from this one and tells nothing about it: a session's CSRF token, which can so be
    /// told again without being stored.
    pub(crate) fn derive(&self, purpose: &str) -> Self {
        let mut hash = Sha256::new();
        // Of a fixed length first: no two purposes can be confused with each other's bytes.
        hash.update(self.0);
        hash.update(purpose.as_bytes());
        Self(hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_is_read_as_it_was_written_and_in_no_other_spelling() {
        let secret = Secret::random();
        let text = secret.text();
        assert_eq!(Secret::parse(&text).unwrap().hash(), secret.hash());
        let padded = format!("{text}=");
        for wrong in ["", "abc", padded.as_str(), &text[1..], &"+".repeat(43)] {
            assert!(Secret::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn what_follows_from_a_secret_is_another_one_and_always_the_same() {
        let secret = Secret::random();
        assert_eq!(secret.derive("csrf").hash(), secret.derive("csrf").hash());
        assert_ne!(secret.derive("csrf").hash(), secret.hash());
        assert_ne!(secret.derive("csrf").hash(), secret.derive("other").hash());
    }
}
