//! Chats as the owner's desk sees and handles them: the list, the thread, a reply, taking a chat and giving it back.
//!
//! Only turns write what a chat's dialogue knows: what is done here enters the mailbox as what a person of ours did, in
//! the same form as the echo of what she types on her phone, and its turn is due at once. Guaranteed: from the commit on
//! no reply of the bot to what was said before goes out (an unread entry of a person holds them back); doing it twice
//! changes nothing. A mode that is read here already counts what waits in the mailbox. Not guaranteed: that a reply has
//! been sent; that is the delivery-worker's, which looks into the outbox twice a second.
//!
//! Chats of contacts marked as personal are not shown and cannot be written to: they are nobody's business here.

mod error;
mod hands;
mod list;
mod reply;
mod thread;

use posta_domain::mode::Mode;

use crate::error::StoreError;

pub use error::ChatError;
pub use hands::{release, take};
pub use list::{Cursor, Filter, LastMessage, Summary, list, one};
pub use reply::{NewReply, Replied, reply};
pub use thread::{Author, Message, Page, thread};

/// The mode as it will be when the mailbox has been read: `done` is the last thing a person of ours did that waits.
fn effective(mode: &str, done: Option<&str>) -> Result<Mode, StoreError> {
    let mode = Mode::parse(mode).map_err(|source| StoreError::Unreadable {
        what: "the chat's mode",
        source: source.into(),
    })?;
    Ok(match (mode, done) {
        (Mode::Muted, _) | (_, None) => mode,
        (_, Some("released")) => Mode::Bot,
        (_, Some(_)) => Mode::Human,
    })
}
