//! Chats as the owner's desk sees and handles them: the list, the thread, its files, a search; a reply, taking a chat and
//! giving it back, muting it, and answering who asked for a lower price.
//!
//! Only turns write what a chat's dialogue knows: what is done here enters the mailbox as what a person of ours did, in
//! the same form as the echo of what she types on her phone, and its turn is due at once. Guaranteed: from the commit on
//! no reply of the bot to what was said before goes out (an unread entry of a person holds them back); doing it twice
//! changes nothing. A mode that is read here already counts what waits in the mailbox. Not guaranteed: that a reply has
//! been sent; that is the delivery-worker's, which looks into the outbox twice a second.
//!
//! Chats of contacts marked as personal are not shown and cannot be written to: they are nobody's business here.

mod discount;
mod error;
mod file;
mod hands;
mod list;
mod offer;
mod reply;
mod search;
mod standing;
mod thread;

pub use discount::{Answer, answer};
pub use error::ChatError;
pub use file::{File, file};
pub use hands::{mute, release, take, unmute};
pub use list::{Cursor, Filter, LastMessage, Summary, list, one};
pub use offer::{decline, offer};
pub use reply::{Late, NewReply, Replied, reply};
pub use search::{Found, Search, search};
pub use thread::{Author, Message, Page, thread};
