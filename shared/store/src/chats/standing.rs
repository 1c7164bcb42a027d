//! Who speaks in a chat, with what persons of ours did that waits for its turn.

use posta_domain::mode::Mode;

use crate::error::StoreError;

/// The mode as it will be when the mailbox has been read. `done` is what persons did that waits, in order.
pub(super) fn effective(mode: &str, done: Option<Vec<String>>) -> Result<Mode, StoreError> {
    let mode = Mode::parse(mode).map_err(|source| StoreError::Unreadable {
        what: "the chat's mode",
        source: source.into(),
    })?;
    let done = done.unwrap_or_default();
    Ok(done.iter().fold(mode, |mode, done| {
        match (mode, done.as_str()) {
            (_, "muted") => Mode::Muted,
            // Nothing else ends it.
            (Mode::Muted, "unmuted") | (Mode::Bot | Mode::Waiting | Mode::Human, "released") => {
                Mode::Bot
            }
            (Mode::Bot | Mode::Waiting, "person") => Mode::Human,
            (mode, _) => mode,
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(mode: &str, done: &[&str]) -> Mode {
        let done = done.iter().map(|&done| done.to_owned()).collect();
        effective(mode, Some(done)).unwrap()
    }

    #[test]
    fn what_was_done_last_counts_but_only_unmuting_ends_a_muted_chat() {
        assert_eq!(after("bot", &["person"]), Mode::Human);
        assert_eq!(after("human", &["released"]), Mode::Bot);
        assert_eq!(after("waiting", &["person", "released"]), Mode::Bot);
        assert_eq!(
            after("human", &["muted", "person", "released"]),
            Mode::Muted
        );
        assert_eq!(after("muted", &["person"]), Mode::Muted);
        assert_eq!(after("muted", &["unmuted", "person"]), Mode::Human);
        assert_eq!(after("human", &["unmuted"]), Mode::Human);
        assert!(effective("asleep", None).is_err());
    }
}
