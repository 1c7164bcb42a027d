//! The provider's ids. They become parts of paths and keys of rows, so nothing but the documented characters passes.

use std::fmt;

/// More than 64 bits have, and what our tables take.
const MAX_DIGITS: usize = 20;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Digits only, without leading zeros: one thing has one id.
            pub fn parse(id: &str) -> Option<Self> {
                is_number(id).then(|| Self(id.to_owned()))
            }

            /// The digits.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

number! {
    /// A payment's id.
    PaymentNumber
}
number! {
    /// A refund's id.
    RefundNumber
}
number! {
    /// A merchant order's id.
    MerchantOrderNumber
}
number! {
    /// A chargeback's id: around 2.3·10¹⁷, which no float holds.
    ChargebackNumber
}

/// A preference's id: `<collector>-<uuid>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PreferenceId(String);

/// What we name a payment request with at the provider: at most 64 of `A-Z a-z 0-9 _ -`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExternalReference(String);

// === impl PreferenceId ===

impl PreferenceId {
    /// Letters, digits, hyphens and underscores.
    pub fn parse(id: &str) -> Option<Self> {
        is_word(id, 128).then(|| Self(id.to_owned()))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PreferenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// === impl ExternalReference ===

impl ExternalReference {
    /// As the provider documents it for preferences; payments of others may have longer ones.
    pub fn parse(reference: &str) -> Option<Self> {
        is_word(reference, 64).then(|| Self(reference.to_owned()))
    }

    /// The reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExternalReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Digits, the first of which is not zero.
pub(super) fn is_number(id: &str) -> bool {
    (1..=MAX_DIGITS).contains(&id.len())
        && !id.starts_with('0')
        && id.bytes().all(|b| b.is_ascii_digit())
}

fn is_word(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_what_may_stand_in_a_path_and_in_a_key() {
        for good in [
            "1",
            "140233071955",
            "233000071554120193",
            "18446744073709551615",
        ] {
            assert_eq!(PaymentNumber::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "0",
            "007",
            "-1",
            "1.0",
            "1e9",
            "12a",
            "../1",
            "٣",
            "123456789012345678901",
        ] {
            assert!(PaymentNumber::parse(bad).is_none(), "{bad}");
        }
        assert!(PreferenceId::parse("418820117-7b0e3c55-1d4f-4a0b-9a52-1f6f5cce9a10").is_some());
        for bad in ["", "a/b", "a?b", "a b", "ñ", "."] {
            assert!(PreferenceId::parse(bad).is_none(), "{bad}");
            assert!(ExternalReference::parse(bad).is_none(), "{bad}");
        }
        assert!(ExternalReference::parse(&"x".repeat(64)).is_some());
        assert!(ExternalReference::parse(&"x".repeat(65)).is_none());
    }
}
