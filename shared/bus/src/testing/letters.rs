//! Dead letters in memory.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::dead_letter::{BoxError, DeadLetter, DeadLetters};

/// Keeps what it is given; refuses while told to.
#[derive(Debug, Default)]
pub struct MemoryLetters {
    letters: Mutex<Vec<DeadLetter>>,
    refusing: Mutex<bool>,
}

impl MemoryLetters {
    /// What was recorded so far.
    pub fn all(&self) -> Vec<DeadLetter> {
        self.letters
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether to answer with an error from now on.
    pub fn refuse(&self, refuse: bool) {
        *self.refusing.lock().unwrap_or_else(PoisonError::into_inner) = refuse;
    }
}

#[async_trait]
impl DeadLetters for MemoryLetters {
    async fn record(&self, letter: DeadLetter) -> Result<(), BoxError> {
        if *self.refusing.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err("refused by the test".into());
        }
        self.letters
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(letter);
        Ok(())
    }
}
