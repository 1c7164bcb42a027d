//! Names that we gave out ourselves: 16 bytes and our signature, HMAC-SHA256 with the server's key.
//!
//! Each use has a purpose of its own, so that what is signed for one is worth nothing for another. A wrong signature
//! is found without asking the database, in the same time wherever it is wrong.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Sha256, digest::InvalidLength};

/// A name.
const NAME: usize = 16;
/// A name and its signature.
const SIGNED: usize = NAME + 32;

/// Signs for one purpose.
#[derive(Clone)]
pub(crate) struct Signer {
    /// Has seen the key and the purpose.
    begun: Hmac<Sha256>,
}

impl Signer {
    /// With the server's key.
    pub(crate) fn new(key: &SecretString, purpose: &str) -> Result<Self, InvalidLength> {
        let mut begun = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes())?;
        begun.update(purpose.as_bytes());
        Ok(Self { begun })
    }

    /// The name with its signature, as text for URLs and cookies. `about` is signed too, but not carried.
    pub(crate) fn sign(&self, name: [u8; NAME], about: &[u8]) -> String {
        let signature = self.over(&name, about).finalize().into_bytes();
        let mut signed = name.to_vec();
        signed.extend_from_slice(&signature);
        URL_SAFE_NO_PAD.encode(signed)
    }

    /// The name, if it was signed here, for this, and is spelled as it was given out.
    pub(crate) fn open(&self, text: &str, about: &[u8]) -> Option<[u8; NAME]> {
        if text.len() != SIGNED.div_ceil(3) * 4 {
            return None;
        }
        let signed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (name, signature) = signed.split_first_chunk::<NAME>()?;
        self.over(name, about).verify_slice(signature).ok()?;
        Some(*name)
    }

    fn over(&self, name: &[u8; NAME], about: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.begun.clone();
        mac.update(name);
        mac.update(about);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(key: &str, purpose: &str) -> Signer {
        Signer::new(&SecretString::from(key), purpose).unwrap()
    }

    #[test]
    fn what_was_signed_opens_with_the_same_key_purpose_and_subject_alone() {
        let ours = signer("0123456789abcdef0123456789abcdef", "links");
        let text = ours.sign([7; 16], b"ana");
        assert_eq!(ours.open(&text, b"ana"), Some([7; 16]));
        assert_eq!(ours.open(&text, b"eva"), None);
        let other_key = signer("another key, another key, another", "links");
        assert_eq!(other_key.open(&text, b"ana"), None);
        let other_use = signer("0123456789abcdef0123456789abcdef", "device");
        assert_eq!(other_use.open(&text, b"ana"), None);
    }

    #[test]
    fn no_single_changed_character_is_accepted() {
        let ours = signer("0123456789abcdef0123456789abcdef", "links");
        let text = ours.sign([7; 16], &[]);
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(ours.open(&changed, &[]), None, "{at}");
        }
        for wrong in ["", "x", &text[1..], &format!("{text}A"), "é"] {
            assert_eq!(ours.open(wrong, &[]), None, "{wrong}");
        }
    }
}
