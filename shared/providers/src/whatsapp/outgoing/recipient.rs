//! Whom a message is for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A guest's address. A phone number wins where both are known.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub enum Recipient {
    /// Digits with country code, without `+`; a `wa_id` is this.
    Phone(String),
    /// A business-scoped user id such as `AR.1349…`, for guests whose number is not shown.
    UserId(String),
}

/// Not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecipientError {
    /// Not 7 to 15 digits.
    #[error("a phone number must have 7 to 15 digits, with its country code")]
    Phone,
    /// Not a country and an id.
    #[error("a business-scoped user id must look like AR.1349")]
    UserId,
}

impl Recipient {
    /// A phone number in international form, with or without `+`, spaces and dashes.
    pub fn phone(number: &str) -> Result<Self, RecipientError> {
        let number = number.trim();
        let number = number.strip_prefix('+').unwrap_or(number);
        let mut digits = String::with_capacity(number.len());
        for c in number.chars() {
            match c {
                '0'..='9' => digits.push(c),
                ' ' | '-' | '(' | ')' | '.' => {}
                _ => return Err(RecipientError::Phone),
            }
        }
        // E.164, whose country codes do not begin with 0.
        if (7..=15).contains(&digits.len()) && !digits.starts_with('0') {
            Ok(Self::Phone(digits))
        } else {
            Err(RecipientError::Phone)
        }
    }

    /// A business-scoped user id.
    pub fn user_id(id: &str) -> Result<Self, RecipientError> {
        let (country, rest) = id.split_once('.').ok_or(RecipientError::UserId)?;
        let country_ok = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
        let rest_ok = (1..=140).contains(&rest.len())
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if country_ok && rest_ok {
            Ok(Self::UserId(id.to_owned()))
        } else {
            Err(RecipientError::UserId)
        }
    }

    /// What identifies the guest in rate limits and logs of ours; not for showing.
    pub fn key(&self) -> &str {
        match self {
            Self::Phone(id) | Self::UserId(id) => id,
        }
    }
}

/// Masked: only the last digits.
impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, id) = match self {
            Self::Phone(id) => ("phone", id),
            Self::UserId(id) => ("user", id),
        };
        // ASCII by construction.
        write!(f, "{kind} …{}", &id[id.len().saturating_sub(3)..])
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wire {
    Phone(String),
    UserId(String),
}

impl TryFrom<Wire> for Recipient {
    type Error = RecipientError;

    fn try_from(wire: Wire) -> Result<Self, RecipientError> {
        match wire {
            Wire::Phone(number) => Self::phone(&number),
            Wire::UserId(id) => Self::user_id(&id),
        }
    }
}

impl From<Recipient> for Wire {
    fn from(recipient: Recipient) -> Self {
        match recipient {
            Recipient::Phone(number) => Self::Phone(number),
            Recipient::UserId(id) => Self::UserId(id),
        }
    }
}
