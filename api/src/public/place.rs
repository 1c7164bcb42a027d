//! Which property is meant.

use chrono::NaiveDate;
use posta_domain::{ids::PropertyId, refusal::Refusal};
use posta_store::{PgConnection, catalog, catalog::Place};
use uuid::Uuid;

use crate::problem::Problem;

/// The property, with all that is let there. Where there is only one it need not be named.
pub(super) async fn find(conn: &mut PgConnection, named: Option<Uuid>) -> Result<Place, Problem> {
    let property = match named {
        Some(id) => PropertyId::from(id),
        None => only(conn).await?,
    };
    let unknown = || Refusal::Unknown {
        what: "property".to_owned(),
    };
    let place = catalog::place(conn, None, property)
        .await?
        .ok_or_else(unknown)?;
    if place.property.active {
        Ok(place)
    } else {
        Err(Refusal::Inactive.into())
    }
}

/// The one property there is.
pub(super) async fn only(conn: &mut PgConnection) -> Result<PropertyId, Problem> {
    let needed = || Problem::new(http::StatusCode::UNPROCESSABLE_ENTITY, "property_needed");
    let found = catalog::only_property(conn).await?;
    found.map(|(_, id)| id).ok_or_else(needed)
}

/// Today there, by the database's clock.
pub(super) async fn today(conn: &mut PgConnection, place: &Place) -> Result<NaiveDate, Problem> {
    Ok(catalog::today(conn, place.property.zone).await?)
}
