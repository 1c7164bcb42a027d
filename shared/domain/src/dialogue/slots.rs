//! What the dialogue remembers between turns: where it stands, and what the guest has told it.
//!
//! Kept as JSON with the chat. A name or field that a newer program wrote reads as absent: nothing dead-ends.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{QuoteId, ReservationId, UnitTypeId},
    money::Money,
    understand::Asked,
};

macro_rules! states {
    ($($(#[$doc:meta])+ $state:ident => $name:literal),* $(,)?) => {
        /// Where the dialogue stands: what was said last, and so what a bare "sí" or "el 10" means. In every state
        /// everything else is understood too.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub enum State {
            $($(#[$doc])+ $state,)*
        }

        impl State {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$state),*];

            /// As the database writes it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$state => $name,)*
                }
            }

            /// Reads the database's name. One we do not know (a newer program's) starts again: nothing dead-ends.
            pub fn parse(name: &str) -> Self {
                match name {
                    $($name => Self::$state,)*
                    _ => Self::Start,
                }
            }
        }
    };
}

states! {
    /// Nothing was said yet, or long ago.
    #[default]
    Start => "start",
    /// The guest has been greeted and knows what can be asked.
    Menu => "menu",
    /// The last thing we said was a courtesy: no courtesy answers it.
    Thanked => "thanked",
    /// Asked from when to when.
    Dates => "dates",
    /// Asked until when; the arrival is known.
    CheckOut => "check_out",
    /// Asked who comes, or how old the children are.
    Guests => "guests",
    /// Options were shown.
    Options => "options",
    /// A price was shown: a yes books it.
    Confirm => "confirm",
    /// The nights are held, and how to pay was said.
    Held => "held",
    /// Asked which booking to cancel.
    CancelWhich => "cancel_which",
    /// What cancelling means was said: a yes cancels.
    CancelConfirm => "cancel_confirm",
    /// Asked which booking to change.
    ChangeWhich => "change_which",
    /// Asked for a booking's new dates.
    ChangeDates => "change_dates",
    /// What the change costs was said: a yes changes.
    ChangeConfirm => "change_confirm",
}

impl State {
    /// Whether a bare yes would do something.
    pub const fn expects_a_yes(self) -> bool {
        matches!(
            self,
            Self::Confirm | Self::CancelConfirm | Self::ChangeConfirm
        )
    }
}

/// What the dialogue remembers between turns. Unknown or broken fields read as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Slots {
    /// The day of arrival.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_in: Option<NaiveDate>,
    /// The day of departure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_out: Option<NaiveDate>,
    /// Nights that were said while an end of the stay is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nights: Option<u32>,
    /// Grown-ups, where they were told apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adults: Option<u32>,
    /// Children, infants among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<u32>,
    /// Of the children, as far as they were said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ages: Vec<u8>,
    /// Of the children, those in arms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub infants: Option<u32>,
    /// Animals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pets: Option<u32>,
    /// So many at most, where more were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pets_most: Option<u8>,
    /// Everybody, where only that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guests_total: Option<u32>,
    /// How many cabins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cabins: Option<u32>,
    /// Kinds of cabins the guest spoke of last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<UnitTypeId>,
    /// The month that was meant where no dates were said: its first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vague_month: Option<NaiveDate>,
    /// What we asked last, and nobody has answered yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// Whether the ages were asked for: once is enough.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ages_asked: bool,
    /// What was shown last, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<Offered>,
    /// The price that was shown and that a yes books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<QuoteId>,
    /// The booking that is spoken of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booking: Option<ReservationId>,
    /// The booking that is being changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changing: Option<ReservationId>,
    /// When the owner was asked for a better price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_asked: Option<DateTime<Utc>>,
    /// What was promised back when we asked whether to cancel; minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_shown: Option<i64>,
    /// When the stay was last spoken of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slots_at: Option<DateTime<Utc>>,
    /// When the guest was greeted last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greeted_at: Option<DateTime<Utc>>,
    /// When the menu was shown last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub menu_at: Option<DateTime<Utc>>,
    /// When the guest was told that a person will answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promised_at: Option<DateTime<Utc>>,
    /// Until when that promise holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promise_ends: Option<DateTime<Utc>>,
}

/// Something that was shown and can be pointed at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The kinds, one for each cabin.
    pub kinds: Vec<UnitTypeId>,
    /// Arrival.
    pub check_in: NaiveDate,
    /// Departure.
    pub check_out: NaiveDate,
    /// What it costs.
    pub charge: Money,
}

impl Slots {
    /// Forgets the stay that was being looked for. What was promised and said stays.
    pub fn forget_stay(&mut self) {
        *self = Self {
            booking: self.booking,
            changing: self.changing,
            discount_asked: self.discount_asked,
            refund_shown: self.refund_shown,
            greeted_at: self.greeted_at,
            menu_at: self.menu_at,
            promised_at: self.promised_at,
            promise_ends: self.promise_ends,
            ..Self::default()
        };
    }
}
