//! Ids in the shapes `WhatsApp` uses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::Rng;
use sha2::{Digest, Sha256};

/// Who an id of a message belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Direction {
    FromGuest,
    FromBusiness,
}

/// `wamid.` and base64 of the other side's number and a random part, as real ones are.
pub(crate) fn wamid(rng: &mut impl Rng, phone: &str, direction: Direction) -> String {
    let mut bytes = vec![0x1c, 0x18, u8::try_from(phone.len()).unwrap_or(u8::MAX)];
    bytes.extend_from_slice(phone.as_bytes());
    bytes.extend_from_slice(&[0x15, 0x02, 0x00]);
    bytes.push(match direction {
        Direction::FromBusiness => 0x11,
        Direction::FromGuest => 0x12,
    });
    let unique: u128 = rng.random();
    let unique = hex::encode_upper(&unique.to_be_bytes()[..10]);
    bytes.extend_from_slice(&[0x18, 20]);
    bytes.extend_from_slice(unique.as_bytes());
    bytes.push(0x00);
    format!("wamid.{}", STANDARD.encode(bytes))
}

/// The business-scoped user id of a phone number: stable, so that a chat keeps its guest.
pub(crate) fn user_id(phone: &str) -> String {
    let digest = Sha256::digest(phone.as_bytes());
    let number = digest
        .iter()
        .take(8)
        .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    format!("AR.{number:020}")
}

/// A media id: sixteen digits.
pub(crate) fn media_id(rng: &mut impl Rng) -> String {
    rng.random_range(1_000_000_000_000_000_u64..9_999_999_999_999_999)
        .to_string()
}

/// The trace id in an error body.
pub(crate) fn trace_id(rng: &mut impl Rng) -> String {
    let bytes: [u8; 8] = rng.random();
    format!("A{}", hex::encode(bytes))
}

/// Digits of a phone number as people write it (`+54 9 2944 55-0101`).
pub(crate) fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}
