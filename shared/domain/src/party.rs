//! Who comes.

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// Guests of one cabin. At least one adult.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct Party {
    adults: u8,
    children: Vec<Option<u8>>,
    pets: u8,
}

/// A party as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    adults: u8,
    #[serde(default)]
    children: Vec<Option<u8>>,
    #[serde(default)]
    pets: u8,
}

/// Nobody is a child from this age on.
pub const ADULT_FROM: u8 = 18;
/// More people than any cabin holds.
const MOST: usize = 50;

impl Party {
    /// Ages are in whole years, `None` where nobody said. A "child" of 18 or more counts as an adult.
    pub fn new(adults: u8, children: Vec<Option<u8>>, pets: u8) -> Result<Self, Refusal> {
        let (grown, children): (Vec<_>, Vec<_>) = children
            .into_iter()
            .partition(|age| age.is_some_and(|age| age >= ADULT_FROM));
        let adults = usize::from(adults) + grown.len();
        if adults == 0 {
            return Err(Refusal::NoAdult);
        }
        let guests = adults + children.len();
        if guests > MOST || usize::from(pets) > MOST {
            return Err(Refusal::TooManyGuests {
                guests: u32::try_from(guests).unwrap_or(u32::MAX),
                capacity: None,
            });
        }
        Ok(Self {
            adults: u8::try_from(adults).unwrap_or(u8::MAX),
            children,
            pets,
        })
    }

    /// Adults.
    #[must_use]
    pub const fn adults(&self) -> u8 {
        self.adults
    }

    /// The age of each child, where known.
    #[must_use]
    pub fn children(&self) -> &[Option<u8>] {
        &self.children
    }

    /// Pets.
    #[must_use]
    pub const fn pets(&self) -> u8 {
        self.pets
    }

    /// Everybody, babies included.
    #[must_use]
    pub fn guests(&self) -> u32 {
        u32::from(self.adults) + u32::try_from(self.children.len()).unwrap_or(u32::MAX)
    }
}

impl TryFrom<Raw> for Party {
    type Error = Refusal;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        Self::new(raw.adults, raw.children, raw.pets)
    }
}

impl From<Party> for Raw {
    fn from(party: Party) -> Self {
        Self {
            adults: party.adults,
            children: party.children,
            pets: party.pets,
        }
    }
}

#[cfg(test)]
mod tests;
