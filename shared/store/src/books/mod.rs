//! The books: what has not reached its final state within its time.
//!
//! Each kind has a threshold; what is older is a residue. A residue of 0 means that nothing waits that should not; it
//! does not mean that every guest was pleased. `unknown` replies, collisions, refunds due and orphans are listed, no
//! residue: the first are final, the others wait for the owner.

mod audit;

use std::time::Duration;

pub use audit::audit;
use chrono::{DateTime, Utc};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Events received whose effect is not committed.
    InboxPending,
    /// Guests whose message no turn has handled.
    GuestsUnanswered,
    /// Chats whose turn is due and does not come.
    TurnsOverdue,
    /// Replies that are due and not sent, or sending for too long.
    OutboxNotFinal,
    /// Replies that went out without a clear answer. Listed, not a residue.
    OutboxUnknown,
    /// Images, documents and voice notes not downloaded.
    MediaWanted,
    /// Messages given up on that nobody dealt with.
    DeadLetters,
    /// Messages no queue wanted.
    Unrouted,
    /// Holds whose time is over and that nobody has ended. Their nights are free all the same.
    HoldsOverdue,
    /// Nights of ours that another channel has sold too. Listed for the owner, not a residue.
    Collisions,
    /// Payments hinted at and not read.
    PaymentsUnread,
    /// Links to pay that are to be made, moved or taken back.
    LinksWanted,
    /// Money that goes back through the provider and has not gone.
    RefundsUnsent,
    /// Money owed back that the owner is to give back. Listed, not a residue.
    RefundsDue,
    /// Money of no booking. Listed for the owner, not a residue.
    Orphans,
}

impl Kind {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 15] = [
        Self::InboxPending,
        Self::GuestsUnanswered,
        Self::TurnsOverdue,
        Self::OutboxNotFinal,
        Self::OutboxUnknown,
        Self::MediaWanted,
        Self::DeadLetters,
        Self::Unrouted,
        Self::HoldsOverdue,
        Self::Collisions,
        Self::PaymentsUnread,
        Self::LinksWanted,
        Self::RefundsUnsent,
        Self::RefundsDue,
        Self::Orphans,
    ];

    /// As metrics and JSON name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InboxPending => "inbox_pending",
            Self::GuestsUnanswered => "guests_unanswered",
            Self::TurnsOverdue => "turns_overdue",
            Self::OutboxNotFinal => "outbox_not_final",
            Self::OutboxUnknown => "outbox_unknown",
            Self::MediaWanted => "media_wanted",
            Self::DeadLetters => "dead_letters",
            Self::Unrouted => "unrouted",
            Self::HoldsOverdue => "holds_overdue",
            Self::Collisions => "collisions",
            Self::PaymentsUnread => "payments_unread",
            Self::LinksWanted => "links_wanted",
            Self::RefundsUnsent => "refunds_unsent",
            Self::RefundsDue => "refunds_due",
            Self::Orphans => "orphans",
        }
    }

    /// Whether it should be empty.
    #[must_use]
    pub const fn is_residue(self) -> bool {
        // A person works on the others; the attention list is where they are missed.
        !matches!(
            self,
            Self::OutboxUnknown | Self::Collisions | Self::RefundsDue | Self::Orphans
        )
    }

    /// After how long it counts.
    #[must_use]
    pub const fn threshold(self) -> Duration {
        match self {
            // A dozen sweeps.
            Self::TurnsOverdue | Self::HoldsOverdue => Duration::from_mins(1),
            // Longer than the first two retry tiers together; longer than a lease, its time of grace and a second try.
            Self::InboxPending
            | Self::GuestsUnanswered
            | Self::OutboxNotFinal
            | Self::PaymentsUnread
            | Self::LinksWanted => Duration::from_mins(5),
            // A refund that the provider counts as on its way may take a while to be seen.
            Self::MediaWanted | Self::RefundsUnsent => Duration::from_mins(15),
            Self::OutboxUnknown
            | Self::DeadLetters
            | Self::Unrouted
            | Self::Collisions
            | Self::RefundsDue
            | Self::Orphans => Duration::ZERO,
        }
    }
}

/// One kind's page.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Page {
    /// Of what.
    pub kind: Kind,
    /// How many.
    pub count: i64,
    /// Since when the oldest waits.
    pub oldest: Option<DateTime<Utc>>,
    /// A few of them: keys or ids, no personal data.
    pub examples: Vec<String>,
}

/// All pages.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Books {
    /// One per kind.
    pub pages: Vec<Page>,
}

impl Books {
    /// Everything that should not be there.
    #[must_use]
    pub fn residue(&self) -> i64 {
        self.pages
            .iter()
            .filter(|page| page.kind.is_residue())
            .map(|page| page.count)
            .sum()
    }
}
