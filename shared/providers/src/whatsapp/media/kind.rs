//! What is accepted, and how much of it.

use super::MediaError;

/// What a guest sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A voice note or another sound.
    Audio,
    /// A film.
    Video,
    /// A file: usually a receipt.
    Document,
    /// A sticker.
    Sticker,
}

impl MediaKind {
    /// As WhatsApp's message types name them.
    pub fn from_message_type(kind: &str) -> Option<Self> {
        Some(match kind {
            "image" => Self::Image,
            "audio" => Self::Audio,
            "video" => Self::Video,
            "document" => Self::Document,
            "sticker" => Self::Sticker,
            _ => return None,
        })
    }

    /// Refuses types that this kind never has. Documents may be anything: they are stored, and never opened here.
    pub(super) fn check_type(self, mime: &str) -> Result<(), MediaError> {
        let accepted = match self {
            Self::Image => matches!(mime, "image/jpeg" | "image/png" | "image/webp"),
            Self::Sticker => mime == "image/webp",
            Self::Audio => mime.starts_with("audio/"),
            Self::Video => matches!(mime, "video/mp4" | "video/3gpp" | "video/quicktime"),
            Self::Document => mime
                .split_once('/')
                .is_some_and(|(main, sub)| !main.is_empty() && !sub.is_empty()),
        };
        let plain = mime.len() <= 255 && mime.bytes().all(|b| b.is_ascii_graphic());
        if accepted && plain {
            Ok(())
        } else {
            Err(MediaError::Type)
        }
    }
}

/// Bytes by kind. A download is held in memory, as often as messages are in work: hence below Meta's 100 MB.
#[derive(Debug, Clone, Copy)]
pub struct MediaLimits {
    /// Photos come compressed by WhatsApp, far below this.
    pub image: usize,
    /// Meta's own limit; hours of a voice note.
    pub audio: usize,
    /// Meta's own limit.
    pub video: usize,
    /// Receipts and scans.
    pub document: usize,
    /// Meta's own limit, animated.
    pub sticker: usize,
}

impl Default for MediaLimits {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            image: 10 * MIB,
            audio: 16 * MIB,
            video: 16 * MIB,
            document: 20 * MIB,
            sticker: MIB / 2,
        }
    }
}

impl MediaLimits {
    /// The cap of one kind.
    pub fn of(&self, kind: MediaKind) -> usize {
        match kind {
            MediaKind::Image => self.image,
            MediaKind::Audio => self.audio,
            MediaKind::Video => self.video,
            MediaKind::Document => self.document,
            MediaKind::Sticker => self.sticker,
        }
    }
}
