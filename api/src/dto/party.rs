//! Who comes.

use posta_domain::{party, refusal::Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Guests of one cabin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// At least one.
    #[schema(minimum = 0, maximum = 255)]
    pub adults: u8,
    /// The age of each child in whole years; null where it is not known.
    #[serde(default)]
    pub children: Vec<Option<u8>>,
    /// How many.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 255)]
    pub pets: u8,
}

impl Party {
    /// As the rules know it.
    pub fn party(&self) -> Result<party::Party, Refusal> {
        party::Party::new(self.adults, self.children.clone(), self.pets)
    }
}

impl From<&party::Party> for Party {
    fn from(party: &party::Party) -> Self {
        Self {
            adults: party.adults(),
            children: party.children().to_vec(),
            pets: party.pets(),
        }
    }
}
