//! Settings of a property.

use chrono::NaiveTime;
use chrono_tz::Tz;
use posta_domain::{
    cancellation::Policy,
    money::{BasisPoints, Currency},
};
use sqlx::{PgConnection, types::Json};

use super::{all_right, check, lock, record_changes};
use crate::{
    audit::By,
    catalog::{EditError, Overpaid, Problem},
    error::Doing as _,
    ids::PropertyId,
    pool::Store,
};

/// What changes; what is none stays. The currency of the prices is not here: it changes with all prices at once, by
/// importing the property's file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of Property")]
pub struct PropertyEdit {
    pub name: Option<String>,
    pub zone: Option<Tz>,
    pub charge_currency: Option<Currency>,
    pub deposit: Option<BasisPoints>,
    pub hold_minutes: Option<u32>,
    pub verification_hours: Option<u32>,
    pub request_hours: Option<u32>,
    pub remind_minutes: Option<u32>,
    pub overpaid: Option<Overpaid>,
    pub credit_days: Option<u32>,
    pub balance_days: Option<u32>,
    pub quote_minutes: Option<u32>,
    pub horizon_days: Option<u32>,
    pub max_nights: Option<u32>,
    pub cancellation: Option<Policy>,
    pub check_in_from: Option<NaiveTime>,
    pub check_out_until: Option<NaiveTime>,
    pub answers_from: Option<NaiveTime>,
    pub answers_until: Option<NaiveTime>,
    pub active: Option<bool>,
}

/// Changes settings.
pub async fn edit_property(
    store: &Store,
    by: &By,
    property: PropertyId,
    edit: &PropertyEdit,
) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    lock(&mut tx, by, property).await?;
    edit_property_in(&mut tx, by, property, edit).await?;
    tx.commit().await.doing("commit the settings")?;
    Ok(())
}

/// The same within the caller's transaction, which has locked the property.
pub(crate) async fn edit_property_in(
    tx: &mut PgConnection,
    by: &By,
    property: PropertyId,
    edit: &PropertyEdit,
) -> Result<(), EditError> {
    let mut problems = Vec::new();
    edit.check("", &mut problems);
    all_right(problems)?;
    let before = sqlx::query_scalar!(
        r#"SELECT to_jsonb(p) AS "row!" FROM properties p WHERE p.tenant_id = $1 AND p.id = $2"#,
        by.tenant.uuid(),
        property.uuid()
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("read the settings")?
    .ok_or(EditError::NotFound("property"))?;
    let after = sqlx::query_scalar!(
        r#"UPDATE properties p
           SET name = coalesce($3, name), zone = coalesce($4, zone),
               -- Null while it is the currency of the prices.
               charge_currency = nullif(coalesce($5, charge_currency), currency),
               deposit_bp = coalesce($6, deposit_bp), hold_minutes = coalesce($7, hold_minutes),
               verification_hours = coalesce($8, verification_hours), request_hours = coalesce($9, request_hours),
               quote_minutes = coalesce($10, quote_minutes), horizon_days = coalesce($11, horizon_days),
               max_nights = coalesce($12, max_nights), cancellation = coalesce($13, cancellation),
               check_in_from = coalesce($14, check_in_from), check_out_until = coalesce($15, check_out_until),
               answers_from = coalesce($16, answers_from), answers_until = coalesce($17, answers_until),
               active = coalesce($18, active), remind_minutes = coalesce($19, remind_minutes),
               overpaid = coalesce($20, overpaid), credit_days = coalesce($21, credit_days),
               balance_days = coalesce($22, balance_days)
           WHERE p.tenant_id = $1 AND p.id = $2
           RETURNING to_jsonb(p) AS "row!""#,
        by.tenant.uuid(),
        property.uuid(),
        edit.name,
        edit.zone.map(Tz::name),
        edit.charge_currency.as_ref().map(Currency::as_str),
        edit.deposit.map(|deposit| i32::from(deposit.get())),
        whole(edit.hold_minutes),
        whole(edit.verification_hours),
        whole(edit.request_hours),
        whole(edit.quote_minutes),
        whole(edit.horizon_days),
        whole(edit.max_nights),
        edit.cancellation.as_ref().map(Json) as _,
        edit.check_in_from,
        edit.check_out_until,
        edit.answers_from,
        edit.answers_until,
        edit.active,
        whole(edit.remind_minutes),
        edit.overpaid.map(Overpaid::as_str),
        whole(edit.credit_days),
        whole(edit.balance_days),
    )
    .fetch_one(&mut *tx)
    .await
    .doing("change the settings")?;
    let subject = format!("property:{property}");
    record_changes(tx, by, &subject, "property_edited", &before, &after).await?;
    Ok(())
}

/// Checked to be small before it is written.
fn whole(value: Option<u32>) -> Option<i32> {
    value.map(|value| i32::try_from(value).unwrap_or(i32::MAX))
}

// === impl PropertyEdit ===

impl PropertyEdit {
    /// Adds what is not possible; `at` is put before each field's name.
    pub(crate) fn check(&self, at: &str, problems: &mut Vec<Problem>) {
        if let Some(name) = &self.name {
            check::name(&format!("{at}name"), name, problems);
        }
        let bounded = [
            ("hold_minutes", self.hold_minutes, 1, 10_080),
            ("verification_hours", self.verification_hours, 1, 48),
            ("request_hours", self.request_hours, 1, 168),
            ("remind_minutes", self.remind_minutes, 0, 1_440),
            ("credit_days", self.credit_days, 1, 3_650),
            ("balance_days", self.balance_days, 0, 90),
            ("quote_minutes", self.quote_minutes, 1, 43_200),
            ("horizon_days", self.horizon_days, 1, 1_100),
            ("max_nights", self.max_nights, 1, 365),
        ];
        for (field, value, least, most) in bounded {
            if let Some(value) = value {
                check::between(&format!("{at}{field}"), value, least, most, problems);
            }
        }
        if let Some(policy) = &self.cancellation {
            check::cancellation(&format!("{at}cancellation"), policy, problems);
        }
    }
}
