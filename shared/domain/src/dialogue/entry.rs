//! What waits in a mailbox.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{EntryId, QuoteId, ReservationId},
    money::Money,
    payment::Why,
    quiet::Urgency,
    understand::{self, Context},
};

/// One thing that waits for a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its row.
    pub id: EntryId,
    /// By the provider's clock.
    pub at: DateTime<Utc>,
    /// The provider's id of the message, which edits and withdrawals refer to.
    pub provider_id: Option<String>,
    /// What it says.
    pub content: Content,
    /// What became of the file it carries.
    pub file: FileFate,
}

/// What became of a message's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileFate {
    /// There is none, or it is kept, or still on its way.
    #[default]
    Kept,
    /// Too large, of a type nobody opens, or gone.
    Refused,
}

/// Files a person looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A photo; often a receipt.
    Image,
    /// A document.
    Document,
    /// A video.
    Video,
}

/// What an entry says; kept as JSON in the mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// Words.
    Text {
        /// As typed.
        text: String,
    },
    /// A tap on a button or a row of a list of ours, new or old.
    Tap {
        /// The id we gave it, or somebody claims we gave it.
        id: String,
        /// What it read.
        title: String,
    },
    /// A voice note.
    Voice,
    /// A file.
    File {
        /// Which kind.
        file: FileKind,
        /// Words that came with it.
        caption: Option<String>,
    },
    /// A sticker.
    Sticker,
    /// The guest opened the chat for the first time.
    Welcome,
    /// A type we cannot read: a place, a contact, an order, something newer than this program.
    Unreadable {
        /// The provider's name of it.
        what: String,
    },
    /// The guest corrected an earlier message.
    Edit {
        /// The provider's id of that message.
        original: String,
        /// The new words.
        text: String,
    },
    /// The guest took back an earlier message.
    Revoke {
        /// The provider's id of that message.
        original: String,
    },
    /// A person of ours wrote in the chat, or took it into her hands without a word.
    Person,
    /// A person of ours gave the chat back to the bot.
    Released,
    /// A person of ours wants this guest never to be answered by the bot, or no more of that.
    Muted {
        /// Which of the two.
        muted: bool,
    },
    /// Something happened that the guest should hear of.
    Event {
        /// What.
        event: Event,
    },
}

/// What other parts of Posta want said in a chat. They put it into the mailbox; only turns write chats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Event {
    /// The hold ends soon and is not paid.
    HoldEnding {
        /// Whose hold.
        reservation: ReservationId,
        /// When it ends.
        ends: DateTime<Utc>,
    },
    /// The hold's time was over.
    HoldExpired {
        /// Which.
        reservation: ReservationId,
    },
    /// The hold gave way to a night sold on another channel.
    HoldYielded {
        /// Which.
        reservation: ReservationId,
    },
    /// It is confirmed: the money is there, or the owner said so.
    Confirmed {
        /// Which.
        reservation: ReservationId,
    },
    /// Money came that confirms nothing by itself: a part of what is due, or the balance.
    Paid {
        /// For which.
        reservation: ReservationId,
        /// How much.
        amount: Money,
    },
    /// The owner agreed to a request: it waits for payment now.
    Agreed {
        /// Which.
        reservation: ReservationId,
    },
    /// The money of a receipt is not there.
    ReceiptRefused {
        /// Which.
        reservation: ReservationId,
    },
    /// The owner called it off.
    CancelledByOwner {
        /// Which.
        reservation: ReservationId,
    },
    /// The owner changed it.
    ChangedByOwner {
        /// Which.
        reservation: ReservationId,
    },
    /// The owner makes an offer: a quote for this guest.
    Offer {
        /// Which.
        quote: QuoteId,
    },
    /// The owner makes no better price.
    NoDiscount,
    /// The link to pay what is asked for can be opened.
    LinkReady {
        /// For which.
        reservation: ReservationId,
    },
    /// No link could be made for now: another way to pay, or some patience.
    LinkFailed {
        /// For which.
        reservation: ReservationId,
    },
    /// Something is asked for that is not paid by link: the balance before arrival, an extra.
    PaymentAsked {
        /// For which.
        reservation: ReservationId,
    },
    /// A payment is on its way.
    PaymentPending {
        /// For which.
        reservation: ReservationId,
        /// The provider looks at it, up to two business days; else it waits for the payer.
        review: bool,
    },
    /// A payment was refused.
    PaymentRejected {
        /// For which.
        reservation: ReservationId,
        /// Why, as far as she can do something about it.
        why: Why,
    },
    /// Money came when the booking was over and its nights are not to be had: it goes back.
    PaidTooLate {
        /// For which.
        reservation: ReservationId,
        /// How much goes back.
        amount: Money,
    },
    /// More came than was asked for: the rest goes back.
    PaidTooMuch {
        /// For which.
        reservation: ReservationId,
        /// How much goes back.
        amount: Money,
    },
    /// Money went back.
    Refunded {
        /// For which.
        reservation: ReservationId,
        /// How much.
        amount: Money,
    },
    /// Money is kept for a later stay.
    Credited {
        /// From which.
        reservation: ReservationId,
        /// How much.
        amount: Money,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The provider could not be asked whether she has paid: the hold lasts longer.
    HoldProlonged {
        /// Which.
        reservation: ReservationId,
        /// When it ends now.
        ends: DateTime<Utc>,
    },
}

impl Event {
    /// The booking it is about.
    #[must_use]
    pub const fn reservation(&self) -> Option<ReservationId> {
        match *self {
            Self::HoldEnding { reservation, .. }
            | Self::HoldExpired { reservation }
            | Self::HoldYielded { reservation }
            | Self::Confirmed { reservation }
            | Self::Paid { reservation, .. }
            | Self::Agreed { reservation }
            | Self::ReceiptRefused { reservation }
            | Self::CancelledByOwner { reservation }
            | Self::ChangedByOwner { reservation }
            | Self::LinkReady { reservation }
            | Self::LinkFailed { reservation }
            | Self::PaymentAsked { reservation }
            | Self::PaymentPending { reservation, .. }
            | Self::PaymentRejected { reservation, .. }
            | Self::PaidTooLate { reservation, .. }
            | Self::PaidTooMuch { reservation, .. }
            | Self::Refunded { reservation, .. }
            | Self::Credited { reservation, .. }
            | Self::HoldProlonged { reservation, .. } => Some(reservation),
            Self::Offer { .. } | Self::NoDiscount => None,
        }
    }
}

impl Content {
    /// Whether it comes from us; everything else is the guest's.
    pub const fn is_ours(&self) -> bool {
        matches!(
            self,
            Self::Person | Self::Released | Self::Muted { .. } | Self::Event { .. }
        )
    }

    /// How soon this wants its turn. `today` is the guest's day when it was written.
    pub fn urgency(&self, today: NaiveDate) -> Urgency {
        // What was asked is not known here: the answer "4" waits for the quiet window, since more may follow.
        static NO_HOLIDAYS: BTreeMap<NaiveDate, String> = BTreeMap::new();
        let context = Context {
            today,
            holidays: &NO_HOLIDAYS,
            asked: None,
            check_in: None,
            names: &[],
        };
        match self {
            Self::Person | Self::Released | Self::Muted { .. } | Self::Event { .. } => {
                Urgency::Event
            }
            Self::Tap { .. } | Self::Welcome => Urgency::AtOnce,
            Self::Text { text } if understand::is_complete(text, &context) => Urgency::AtOnce,
            _ => Urgency::Quiet,
        }
    }
}
