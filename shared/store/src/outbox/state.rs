//! Where a row stands.

/// `pending → sending → sent → delivered → read`, or one of the four ends without an effect we know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waits for its turn.
    Pending,
    /// Somebody holds the lease and may be talking to the provider.
    Sending,
    /// The provider took it.
    Sent,
    /// It is on the guest's phone.
    Delivered,
    /// The guest saw it.
    Read,
    /// The provider refused it for good.
    Failed,
    /// It went out twice without a clear answer.
    Unknown,
    /// Its time was over before it could go.
    Expired,
    /// A person took over, or the guest must not be written to.
    Dropped,
}

impl State {
    /// As the database writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::Dropped => "dropped",
        }
    }

    /// As the database wrote it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Pending,
            Self::Sending,
            Self::Sent,
            Self::Delivered,
            Self::Read,
            Self::Failed,
            Self::Unknown,
            Self::Expired,
            Self::Dropped,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
    }
}
