//! Known questions: those an owner's text, or a rule of the house, answers.

use serde::{Deserialize, Serialize};

use super::Intent;

/// A question the owner's texts answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Where it is, how to get there.
    Location,
    /// What there is.
    Services,
    /// Hours of arrival and departure.
    CheckIn,
    /// Whether animals may come.
    Pets,
    /// The pool.
    Pool,
    /// Where the car stays.
    Parking,
    /// Sheets and towels.
    Linen,
    /// Internet and telephone signal.
    Wifi,
    /// The grill.
    Grill,
    /// What there is to cook with.
    Kitchen,
    /// Heating, and cooling.
    Heating,
    /// A cot, a high chair.
    Cot,
    /// Breakfast and other meals.
    Breakfast,
    /// Beach, lake, centre, shops, what to do.
    Surroundings,
    /// Steps, ramps.
    Accessibility,
    /// Smoking, parties, noise, visitors.
    Rules,
    /// Which ways to pay there are.
    Payment,
    /// What is given back on cancelling.
    Cancellation,
    /// Lower prices.
    Discounts,
    /// How many nights at least.
    MinimumStay,
    /// Where to transfer to.
    Transfer,
    /// How many fit in.
    Capacity,
}

impl Topic {
    /// All; those of the menu first, in its order.
    pub const ALL: [Self; 22] = [
        Self::Location,
        Self::Services,
        Self::CheckIn,
        Self::Pets,
        Self::Pool,
        Self::Parking,
        Self::Linen,
        Self::Wifi,
        Self::Grill,
        Self::Kitchen,
        Self::Heating,
        Self::Cot,
        Self::Breakfast,
        Self::Surroundings,
        Self::Accessibility,
        Self::Rules,
        Self::Payment,
        Self::Cancellation,
        Self::Discounts,
        Self::MinimumStay,
        Self::Transfer,
        Self::Capacity,
    ];

    /// The key of the owner's text, also part of the button's id.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Location => "location",
            Self::Services => "services",
            Self::CheckIn => "check_in",
            Self::Pets => "pets",
            Self::Pool => "pool",
            Self::Parking => "parking",
            Self::Linen => "linen",
            Self::Wifi => "wifi",
            Self::Grill => "grill",
            Self::Kitchen => "kitchen",
            Self::Heating => "heating",
            Self::Cot => "cot",
            Self::Breakfast => "breakfast",
            Self::Surroundings => "surroundings",
            Self::Accessibility => "accessibility",
            Self::Rules => "rules",
            Self::Payment => "payment",
            Self::Cancellation => "cancellation",
            Self::Discounts => "discounts",
            Self::MinimumStay => "minimum_stay",
            Self::Transfer => "transfer",
            Self::Capacity => "capacity",
        }
    }

    /// The topic of a key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.key() == key)
    }

    /// The intent of somebody who asks this and nothing else.
    pub const fn intent(self) -> Intent {
        match self {
            Self::Location | Self::Surroundings => Intent::Location,
            Self::Payment | Self::Transfer => Intent::Payment,
            Self::Cancellation => Intent::Cancel,
            Self::Discounts => Intent::Price,
            _ => Intent::Services,
        }
    }
}
