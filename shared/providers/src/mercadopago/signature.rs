//! Proves that a notification was sent by Mercado Pago: `x-signature: ts=<n>,v1=<64 hex digits>`,
//! the HMAC-SHA256 of `id:<data.id of the query>;request-id:<x-request-id>;ts:<ts>;`, absent parts
//! left out.
//!
//! Guaranteed: at least one of id and request id is covered, and neither can be mistaken for the
//! other; `ts` is used as received (its unit is not stable); any of several secrets will do; the id
//! is tried as received and in lower case, since the provider's own texts contradict each other. Not
//! covered by any signature: the body, `type`, and how old the notification is (late first deliveries
//! of two weeks were measured, so age refuses nothing).

use secrecy::SecretString;

use crate::mac;

/// Why a notification is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Nothing to verify with: everything is refused.
    #[error("no webhook secret is configured")]
    NoSecret,
    /// The header is absent or empty.
    #[error("the request carries no signature")]
    Missing,
    /// The header, or a value that is signed, has an impossible form.
    #[error("the signature header or a signed value is malformed")]
    Malformed,
    /// `ts` is absent.
    #[error("the signature has no timestamp")]
    MissingTimestamp,
    /// `v1` is absent.
    #[error("the signature has no v1 hash")]
    MissingHash,
    /// Neither an id nor a request id: the signature would fit every notification of that second.
    #[error("the signature is bound to no resource")]
    Unbound,
    /// The hash is not made with any of the secrets.
    #[error("the signature matches none of the webhook secrets")]
    Mismatch,
}

/// What a valid signature covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Index of the secret that matched.
    pub secret: usize,
    /// `data.id`, in lower case: both spellings verify, so both are the same notification.
    pub data_id: Option<String>,
    /// `x-request-id`.
    pub request_id: Option<String>,
    /// `ts`, as received.
    pub ts: String,
}

/// Verifies the three signed values; `data_id` is that of the query, percent-decoded.
pub fn verify(
    secrets: &[SecretString],
    x_signature: Option<&[u8]>,
    x_request_id: Option<&[u8]>,
    data_id: Option<&str>,
) -> Result<Verified, SignatureError> {
    if !mac::any_usable(secrets) {
        return Err(SignatureError::NoSecret);
    }
    let header = present(Some(utf8(x_signature)?)).ok_or(SignatureError::Missing)?;
    let (ts, v1) = parse(header)?;
    let request_id = signed_value(Some(utf8(x_request_id)?))?;
    let data_id = signed_value(data_id)?;
    if request_id.is_none() && data_id.is_none() {
        return Err(SignatureError::Unbound);
    }
    let mut tag = [0; 32];
    hex::decode_to_slice(v1, &mut tag).map_err(|_| SignatureError::Mismatch)?;

    let matching = |id: Option<&str>| {
        let manifest = manifest(id, request_id, ts);
        mac::matching_secret(secrets, &[manifest.as_bytes()], &tag)
    };
    let lower = data_id.map(str::to_ascii_lowercase);
    let secret = matching(data_id)
        .or_else(|| {
            (lower.as_deref() != data_id)
                .then(|| matching(lower.as_deref()))
                .flatten()
        })
        .ok_or(SignatureError::Mismatch)?;
    Ok(Verified {
        secret,
        data_id: lower,
        request_id: request_id.map(str::to_owned),
        ts: ts.to_owned(),
    })
}

/// The text that is signed.
pub fn manifest(data_id: Option<&str>, request_id: Option<&str>, ts: &str) -> String {
    let mut manifest = String::with_capacity(96);
    let pairs = [
        ("id", data_id),
        ("request-id", request_id),
        ("ts", Some(ts)),
    ];
    for (name, value) in pairs {
        if let Some(value) = value {
            manifest.extend([name, ":", value, ";"]);
        }
    }
    manifest
}

/// `ts` and `v1` out of the header: names in any case, spaces tolerated, other names ignored.
fn parse(header: &str) -> Result<(&str, &str), SignatureError> {
    let (mut ts, mut v1) = (None, None);
    for part in header.split(',') {
        let (name, value) = part.split_once('=').ok_or(SignatureError::Malformed)?;
        let slot = match name.trim() {
            name if name.eq_ignore_ascii_case("ts") => &mut ts,
            name if name.eq_ignore_ascii_case("v1") => &mut v1,
            _ => continue,
        };
        *slot = present(Some(value));
    }
    let ts = ts.ok_or(SignatureError::MissingTimestamp)?;
    if ts.len() > 20 || !ts.bytes().all(|b| b.is_ascii_digit()) {
        return Err(SignatureError::Malformed);
    }
    Ok((ts, v1.ok_or(SignatureError::MissingHash)?))
}

/// A value that enters the manifest. A semicolon in it could make one manifest out of two different
/// notifications.
fn signed_value(value: Option<&str>) -> Result<Option<&str>, SignatureError> {
    let value = present(value);
    let fits = |value: &str| {
        value.len() <= 200
            && !value
                .chars()
                .any(|c| c.is_control() || matches!(c, ';' | ':'))
    };
    match value {
        Some(value) if !fits(value) => Err(SignatureError::Malformed),
        value => Ok(value),
    }
}

fn present(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

fn utf8(value: Option<&[u8]>) -> Result<&str, SignatureError> {
    std::str::from_utf8(value.unwrap_or_default()).map_err(|_| SignatureError::Malformed)
}
