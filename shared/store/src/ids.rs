//! Identities of rows, each a type of its own, so that a guest cannot be passed where a conversation is meant.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new one, ordered by time (UUID v7).
            #[must_use]
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }

            /// The bare value, for a query's parameters.
            #[must_use]
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
    )+};
}

ids! {
    /// Whose the data is.
    TenantId,
    /// A `WhatsApp` number or a Mercado Pago account of a tenant.
    AccountId,
    /// Who writes.
    GuestId,
    /// A guest's chat with one account.
    ConversationId,
    /// One message of a conversation, either way.
    MessageId,
    /// One image, document, video or voice note.
    MediaId,
    /// One run of the dialogue.
    TurnId,
    /// One thing to be said to the outside.
    OutboxId,
    /// One item received from outside.
    EventId,
    /// One entry that waits for a turn.
    MailboxId,
    /// A place that lets cabins.
    PropertyId,
    /// One dead letter.
    DeadLetterId,
}

impl TenantId {
    /// Items of accounts nobody has claimed are kept under this one.
    pub const UNASSIGNED: Self = Self(Uuid::nil());
}
