//! Who may do what: people who log in, their sessions, the tokens of machines, and guests' links to their bookings.
//!
//! Kept here: hashes and states, never a secret. The caller makes 256 random bits, hands over their SHA-256 and shows
//! the bits once. Guaranteed: a session, token or link that has ended, was revoked, or belongs to somebody switched off
//! is not found, by the database's clock; a token never does more than its user may do now; attempts at a password are
//! counted before the password is looked at. Not guaranteed: that the caller asks; see the API's extractors.

pub mod failures;
pub mod links;
pub mod sessions;
pub mod tokens;
pub mod users;

use crate::error::StoreError;

/// What somebody may do. Each includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks at everything, changes nothing.
    Readonly,
    /// Also bookings, payments, blocks, chats and matters.
    Staff,
    /// Also configuration, refunds, users and their tokens.
    Owner,
}

impl Role {
    /// All of them, ascending.
    pub const ALL: [Self; 3] = [Self::Readonly, Self::Staff, Self::Owner];

    /// As it is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Readonly => "readonly",
            Self::Staff => "staff",
            Self::Owner => "owner",
        }
    }

    /// As it is stored, from the database.
    fn stored(text: &str) -> Result<Self, StoreError> {
        text.parse().map_err(|source| StoreError::Unreadable {
            what: "a role",
            source: Box::new(source),
        })
    }
}

/// Not one of the roles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role is owner, staff or readonly")]
pub struct UnknownRole;

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(UnknownRole)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The SHA-256 of a secret: all that is kept of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SecretHash(pub [u8; 32]);

impl std::fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn roles_include_one_another_and_are_read_as_they_are_written() {
        assert!(Role::Readonly < Role::Staff && Role::Staff < Role::Owner);
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert!("admin".parse::<Role>().is_err());
    }
}
