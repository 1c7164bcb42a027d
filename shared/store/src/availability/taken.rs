//! Which nights somebody has.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    ids::AccommodationId,
};

/// Nights of a cabin that cannot be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Which cabin.
    pub accommodation: AccommodationId,
    /// The first night.
    pub first: NaiveDate,
    /// The day after the last one.
    pub until: NaiveDate,
}

/// The nights of these cabins between `from` and `until` (not in it) that are held, stayed in, blocked or sold
/// elsewhere. Holds whose time is over are none. A range may reach beyond the window; ranges of one cabin may overlap
/// where a night is sold twice.
pub async fn taken(
    conn: &mut PgConnection,
    cabins: &[AccommodationId],
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Taken>, StoreError> {
    if cabins.is_empty() || from >= until {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = cabins.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT cabin.id AS "accommodation!", nights.first AS "first!", nights.until AS "until!"
           FROM unnest($1::uuid[]) AS cabin (id)
           CROSS JOIN LATERAL (
               (SELECT lower(c.period) AS first, upper(c.period) AS until
                FROM claims c
                WHERE c.accommodation_id = cabin.id
                  AND c.period && daterange($2, $3)
                  AND (c.expires_at IS NULL OR c.expires_at > clock_timestamp())
                -- Keeps it one look into claims_no_overlap for each cabin, however few rows the planner expects: GiST
                -- knows no `= ANY (…)`, and the dates alone would find all properties' claims.
                OFFSET 0)
               UNION ALL
               (SELECT e.night, e.night + 1
                FROM external_nights e
                WHERE e.accommodation_id = cabin.id AND e.night >= $2 AND e.night < $3
                OFFSET 0)
           ) AS nights"#,
        &ids,
        from,
        until
    )
    .fetch_all(conn)
    .await
    .doing("read the taken nights")?;
    Ok(rows
        .into_iter()
        .map(|row| Taken {
            accommodation: row.accommodation.into(),
            first: row.first,
            until: row.until,
        })
        .collect())
}
