//! Proves that a webhook was sent by the WhatsApp app: `X-Hub-Signature-256: sha256=<hex>`, the
//! HMAC-SHA256 of the raw body under one of the app secrets.
//!
//! Guaranteed: only the bytes as received are hashed (re-serialised JSON has another signature); any
//! of several secrets will do, so that one can be rotated; no secret means no message is believed.

use secrecy::SecretString;

use crate::mac;

/// Why a body is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Nothing to verify with: everything is refused.
    #[error("no app secret is configured")]
    NoSecret,
    /// The header is absent.
    #[error("the request carries no signature")]
    Missing,
    /// The header is not `sha256=` followed by 64 hex digits.
    #[error("the signature is not of the form sha256=<64 hex digits>")]
    Malformed,
    /// The header is well-formed and not made with any of the secrets.
    #[error("the signature matches none of the app secrets")]
    Mismatch,
}

/// The index of the secret that signed `body`.
pub fn verify(
    secrets: &[SecretString],
    header: Option<&[u8]>,
    body: &[u8],
) -> Result<usize, SignatureError> {
    if !mac::any_usable(secrets) {
        return Err(SignatureError::NoSecret);
    }
    let hex = header
        .ok_or(SignatureError::Missing)?
        .strip_prefix(b"sha256=")
        .ok_or(SignatureError::Malformed)?;
    let mut tag = [0; 32];
    hex::decode_to_slice(hex, &mut tag).map_err(|_| SignatureError::Malformed)?;
    mac::matching_secret(secrets, &[body], &tag).ok_or(SignatureError::Mismatch)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ESCAPED: &[u8] =
        include_bytes!("../../tests/data/whatsapp/40_text_escaped_compact_raw.json");
    const SIGNATURE: &str =
        "sha256=aaf575899f0a2850a42c862eac8121e0d4ab47ab8572c76a0f574d0eb351c7f7";

    fn secrets(all: &[&str]) -> Vec<SecretString> {
        all.iter().map(|&one| one.into()).collect()
    }

    #[test]
    fn any_of_the_secrets_will_do_and_its_index_is_told() {
        let header = Some(SIGNATURE.as_bytes());
        assert_eq!(
            verify(&secrets(&["test_app_secret"]), header, ESCAPED),
            Ok(0)
        );
        assert_eq!(
            verify(&secrets(&["", "old", "test_app_secret"]), header, ESCAPED),
            Ok(2)
        );
        assert_eq!(
            verify(&secrets(&["old"]), header, ESCAPED),
            Err(SignatureError::Mismatch)
        );
    }

    #[test]
    fn without_a_secret_or_with_an_empty_one_everything_is_refused() {
        // HMAC-SHA256 of "" under the empty key.
        let forged = b"sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
        for none in [secrets(&[]), secrets(&[""])] {
            assert_eq!(
                verify(&none, Some(forged), b""),
                Err(SignatureError::NoSecret)
            );
        }
        assert_eq!(
            verify(&secrets(&["", "x"]), Some(forged), b""),
            Err(SignatureError::Mismatch)
        );
    }

    #[test]
    fn hex_of_either_case_is_read_and_every_other_form_is_refused() {
        let one = secrets(&["test_app_secret"]);
        let upper = format!("sha256={}", SIGNATURE[7..].to_uppercase());
        assert_eq!(verify(&one, Some(upper.as_bytes()), ESCAPED), Ok(0));
        assert_eq!(verify(&one, None, ESCAPED), Err(SignatureError::Missing));
        for bad in [
            "",
            "sha256=",
            &SIGNATURE[7..],
            &SIGNATURE[..70],
            &format!("{SIGNATURE}00"),
            &SIGNATURE.replace("sha256", "sha1"),
            &SIGNATURE.replace("sha256", "SHA256"),
            &SIGNATURE.replace('a', "g"),
            "sha256=qvV1iZ8KKFCkLIYuyBIeDUq0erhXLHtqD1dNDrNRx/c=",
            &format!("sha256=é{}", "a".repeat(62)),
        ] {
            assert_eq!(
                verify(&one, Some(bad.as_bytes()), ESCAPED),
                Err(SignatureError::Malformed),
                "{bad}"
            );
        }
    }

    #[test]
    fn the_escaped_bytes_are_signed_and_not_what_they_mean() {
        let value: serde_json::Value = serde_json::from_slice(ESCAPED).unwrap();
        let again = serde_json::to_vec(&value).unwrap();
        assert_eq!(
            verify(
                &secrets(&["test_app_secret"]),
                Some(SIGNATURE.as_bytes()),
                &again
            ),
            Err(SignatureError::Mismatch)
        );
    }
}
