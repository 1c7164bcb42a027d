//! What somebody wants to stay in.

use posta_store::booking;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Date, Party, Stretch};
use crate::problem::Problem;

/// One cabin for some nights: either a type (which cabin of it is ours to choose) or a certain cabin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// A type of cabin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_type: Option<Uuid>,
    /// Or a certain cabin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accommodation: Option<Uuid>,
    /// The day of arrival.
    pub check_in: Date,
    /// The day of departure.
    pub check_out: Date,
    /// Who comes.
    pub party: Party,
}

impl Asked {
    /// As the rules know it.
    pub fn asked(&self) -> Result<booking::Asked, Problem> {
        let what = match (self.unit_type, self.accommodation) {
            (Some(unit_type), None) => booking::What::Type(unit_type.into()),
            (None, Some(cabin)) => booking::What::Cabin(cabin.into()),
            _ => return Err(Problem::invalid("unit_type")),
        };
        let stretch = Stretch {
            check_in: self.check_in.clone(),
            check_out: self.check_out.clone(),
        };
        Ok(booking::Asked {
            what,
            period: stretch.period()?,
            party: self.party.party()?,
        })
    }
}
