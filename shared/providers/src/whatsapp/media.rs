//! Fetching what guests send.
//!
//! A media id lives for 7 days, the URL behind it for 5 minutes. [`GraphClient::fetch_media`] asks for the URL and
//! downloads it at once; a 404 is answered by asking for the URL once more.
//!
//! The URL comes from outside, and the download needs the access token: the token is sent to the API's own origin and
//! to `WHATSAPP_MEDIA_HOSTS` (by https), and to nobody else; a redirect is followed only within the same origin.
//! What is downloaded is capped by kind while it streams. A checksum that differs is reported, not refused: Meta does
//! not say that it is the checksum of these bytes.

mod allowed;
mod download;
mod error;
mod kind;

pub use download::{Downloaded, MediaInfo};
pub use error::{MediaDisposition, MediaError};
pub use kind::{MediaKind, MediaLimits};

#[cfg(doc)]
use super::client::GraphClient;

#[cfg(test)]
mod tests;
