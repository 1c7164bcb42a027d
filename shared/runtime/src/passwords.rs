//! Passwords: Argon2id with OWASP's parameters, a salt for each, stored as a PHC string.
//!
//! Guaranteed: an address nobody has costs as much as a wrong password; at most [`AT_ONCE`] are worked on at the same
//! time, off the threads that serve everybody else. Not guaranteed: any bound on how often somebody tries. That is the
//! caller's, who counts before asking.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::{self, phc::PasswordHash},
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

/// OWASP's second choice: less memory than the first for the same strength, times [`AT_ONCE`].
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// 19 MiB and a core for some tens of milliseconds each.
pub const AT_ONCE: usize = 2;
/// NIST SP 800-63B asks for 8, and 15 where nothing else is asked for.
pub const SHORTEST: usize = 12;
/// Longer is no password but work for us, in bytes.
pub const LONGEST: usize = 1024;

/// Why a password cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Guessed too soon.
    #[error("a password has at least {SHORTEST} characters")]
    TooShort,
    /// Work for us.
    #[error("a password has at most {LONGEST} bytes")]
    TooLong,
    /// No randomness, no memory.
    #[error("could not hash the password")]
    Hash(#[source] password_hash::Error),
}

/// Checks passwords, a few at a time. Clones share the bound.
#[derive(Debug, Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// A hash nobody knows the password of.
    nobody: Arc<str>,
}

impl Passwords {
    /// Makes the hash that is checked when there is nobody.
    pub fn new() -> Result<Self, PasswordError> {
        let unknown = SecretString::from(uuid::Uuid::now_v7().to_string());
        let nobody = hash(&unknown)?.expose_secret().into();
        Ok(Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            nobody,
        })
    }

    /// Whether this is the password behind `hash`. With no hash the same work is done, and the answer is no.
    pub async fn verify(&self, password: SecretString, hash: Option<SecretString>) -> bool {
        let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else {
            return false;
        };
        let nobody = Arc::clone(&self.nobody);
        let work = move || {
            // Held by the work, not by whoever waits for it: who leaves does not make room.
            let _permit = permit;
            let known = hash.is_some();
            let hash = hash.as_ref().map_or(&*nobody, |hash| hash.expose_secret());
            verify(&password, hash) && known
        };
        tokio::task::spawn_blocking(work).await.unwrap_or(false)
    }
}

/// Hashes a new password. Takes tens of milliseconds: not on a thread that serves others.
pub fn hash(password: &SecretString) -> Result<SecretString, PasswordError> {
    let text = password.expose_secret();
    if text.chars().count() < SHORTEST {
        return Err(PasswordError::TooShort);
    }
    if text.len() > LONGEST {
        return Err(PasswordError::TooLong);
    }
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| PasswordError::Hash(error.into()))?;
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(text.as_bytes())
        .map_err(PasswordError::Hash)?;
    Ok(SecretString::from(hash.to_string()))
}

/// Whether this is the password behind `hash`, with the parameters the hash was made with.
pub fn verify(password: &SecretString, hash: &str) -> bool {
    let text = password.expose_secret();
    // Cut, not refused: a refusal would be answered sooner than a wrong password.
    let within = text.len() <= LONGEST;
    let bytes = if within { text.as_bytes() } else { &[] };
    let right = PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(bytes, &hash).is_ok());
    right && within
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[test]
    fn the_hash_says_how_it_was_made_and_opens_for_its_password_alone() {
        let made = hash(&secret("caballo correcto")).unwrap();
        let made = made.expose_secret();
        assert!(
            made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{made}"
        );
        assert!(verify(&secret("caballo correcto"), made));
        assert!(!verify(&secret("caballo incorrecto"), made));
        assert!(!verify(&secret(""), made));
        assert!(!verify(&secret("caballo correcto"), "not a hash"));
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert!(matches!(
            hash(&secret("corto")),
            Err(PasswordError::TooShort)
        ));
        let endless = secret(&"x".repeat(LONGEST + 1));
        assert!(matches!(hash(&endless), Err(PasswordError::TooLong)));
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let passwords = Passwords::new().unwrap();
        assert!(!passwords.verify(secret("caballo correcto"), None).await);
        let made = hash(&secret("caballo correcto")).unwrap();
        assert!(
            passwords
                .verify(secret("caballo correcto"), Some(made))
                .await
        );
    }
}
