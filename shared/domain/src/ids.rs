//! Typed identifiers: a guest's id cannot be passed where a conversation's is meant.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($(#[$doc:meta] $name:ident),* $(,)?) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new one, ordered by time (UUID v7). The time in it orders rows on disk and decides nothing.
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }

            /// The bare value, for the database and the wire.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// Whose everything is.
    TenantId,
    /// A `WhatsApp` number or a Mercado Pago account of a tenant.
    AccountId,
    /// Who writes.
    GuestId,
    /// The chat of one guest with one account.
    ConversationId,
    /// Something one side said.
    MessageId,
    /// A file a message carried.
    MediaId,
    /// An entry of a conversation's mailbox.
    EntryId,
    /// One run of the dialogue.
    TurnId,
    /// A row of the inbox.
    EventId,
    /// A row of the outbox.
    OutboxId,
    /// A place that lets cabins.
    PropertyId,
    /// A dead letter.
    DeadLetterId,
    /// A kind of cabin.
    UnitTypeId,
    /// A cabin.
    AccommodationId,
    /// A part of the year with its own prices.
    SeasonId,
    /// A price that was given.
    QuoteId,
    /// A booking.
    ReservationId,
    /// One cabin of a booking.
    StayId,
    /// Nights the owner keeps.
    BlockId,
    /// Another channel's calendar of a cabin.
    FeedId,
    /// Something to be paid.
    PaymentRequestId,
    /// A payment at a provider.
    PaymentId,
    /// A link to pay.
    PaymentLinkId,
    /// Money a guest has with us.
    CreditId,
    /// A line of the ledger.
    LedgerEntryId,
    /// Money owed back.
    RefundId,
    /// Somebody who logs in.
    UserId,
    /// A machine's token.
    ApiTokenId,
    /// A guest's way to her booking.
    GuestLinkId,
    /// A matter for a person.
    AttentionId,
}

impl TenantId {
    /// Items of accounts nobody has claimed are kept under this one.
    pub const UNASSIGNED: Self = Self(Uuid::nil());
}
