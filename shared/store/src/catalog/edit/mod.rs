//! The owner's edits. Each locks the property first, so that edits of one property happen one after the other and are
//! checked against what is really there; nobody who sells waits for that lock.

mod cabin;
pub(crate) mod check;
mod daily;
mod property;
mod season;
mod unit_type;
mod words;

use serde_json::{Map, Value, json};
use sqlx::PgConnection;

use super::{
    error::{EditError, Problem},
    place::Place,
    read,
};
use crate::{
    audit::{self, By},
    error::{Doing as _, StoreError},
    ids::PropertyId,
};

pub(crate) use cabin::add_cabin_in;
pub use cabin::{CabinEdit, add_cabin, edit_cabin};
pub use daily::{put_holiday, remove_holiday, remove_text, set_exchange_rate, set_text};
pub(crate) use daily::{put_holiday_in, remove_holiday_in, set_exchange_rate_in, set_text_in};
pub(crate) use property::edit_property_in;
pub use property::{PropertyEdit, edit_property};
pub(crate) use season::put_season_in;
pub use season::{SeasonEdit, put_season, remove_season};
pub use unit_type::{NewUnitType, UnitTypeEdit, add_unit_type, edit_unit_type};
pub(crate) use unit_type::{add_unit_type_in, edit_unit_type_in};
pub(crate) use words::set_cabin_text_in;
pub use words::{About, cabin_texts, remove_cabin_text, set_cabin_text};

/// Locks the property and reads it.
pub(crate) async fn lock(
    tx: &mut PgConnection,
    by: &By,
    property: PropertyId,
) -> Result<Place, EditError> {
    // Compatible with the share locks of foreign keys: bookings go on meanwhile.
    sqlx::query!(
        "SELECT FROM properties WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        by.tenant.uuid(),
        property.uuid()
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("lock the property")?;
    read::place(tx, Some(by.tenant), property)
        .await?
        .ok_or(EditError::NotFound("property"))
}

/// Refuses when anything is wrong.
fn all_right(problems: Vec<Problem>) -> Result<(), EditError> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(EditError::Invalid(problems))
    }
}

/// What differs between two rows, as `{column: {from, to}}`. Nothing where nothing does.
fn changes(before: &Value, after: &Value) -> Option<Value> {
    let (Value::Object(before), Value::Object(after)) = (before, after) else {
        return None;
    };
    let differing: Map<String, Value> = after
        .iter()
        .filter(|(column, to)| before.get(*column) != Some(to))
        .map(|(column, to)| {
            let from = before.get(column).unwrap_or(&Value::Null);
            (column.clone(), json!({ "from": from, "to": to }))
        })
        .collect();
    (!differing.is_empty()).then_some(Value::Object(differing))
}

/// One row in the audit log, unless nothing changed.
async fn record_changes(
    tx: &mut PgConnection,
    by: &By,
    subject: &str,
    action: &str,
    before: &Value,
    after: &Value,
) -> Result<(), StoreError> {
    match changes(before, after) {
        Some(detail) => audit::record(tx, by, subject, action, detail).await,
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::changes;

    #[test]
    fn only_what_differs_is_written_down() {
        let before = json!({ "name": "Coihue", "capacity": 4 });
        let after = json!({ "name": "Coihue", "capacity": 5 });
        assert_eq!(
            changes(&before, &after),
            Some(json!({ "capacity": { "from": 4, "to": 5 } }))
        );
        assert_eq!(changes(&after, &after), None);
    }
}
