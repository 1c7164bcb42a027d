//! Lines against the bookings there are. The cabins are locked.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Line, columns::plain, entry::Entry, problem};
use crate::{
    booking::claims::{self, TakenBy},
    error::{Doing as _, StoreError},
    ids::TenantId,
    import::FileProblem,
};

/// The lines, sorted.
pub(super) struct Sorted {
    /// To be written, each with the key it will be known by.
    pub(super) new: Vec<(Entry, String)>,
    /// Bookings already.
    pub(super) seen: Vec<Line>,
}

/// Sorts out what was imported before, whatever became of it since, and what the owner has entered by hand meanwhile:
/// the same guest in the same cabin on the same dates.
pub(super) async fn sort(
    tx: &mut PgConnection,
    tenant: TenantId,
    entries: Vec<Entry>,
) -> Result<Sorted, StoreError> {
    let keys = keys(tx, &entries).await?;
    let imported = imported(tx, tenant).await?;
    let by_hand = by_hand(tx, tenant, &entries).await?;
    let mut sorted = Sorted {
        new: Vec::new(),
        seen: Vec::new(),
    };
    for (entry, key) in entries.into_iter().zip(keys) {
        let same = by_hand.get(&entry.line).or_else(|| imported.get(&key));
        match same {
            Some(code) => sorted.seen.push(Line {
                line: entry.line,
                code: code.clone(),
            }),
            None => sorted.new.push((entry, key)),
        }
    }
    Ok(sorted)
}

/// What a line is known by. A digest, since the audit log outlives the guest's name.
async fn keys(tx: &mut PgConnection, entries: &[Entry]) -> Result<Vec<String>, StoreError> {
    let plain: Vec<String> = entries
        .iter()
        .map(|entry| {
            let (from, until) = (entry.period.check_in(), entry.period.check_out());
            format!("{} {from} {until} {}", entry.cabin, plain(&entry.guest))
        })
        .collect();
    sqlx::query_scalar!(
        r#"SELECT encode(sha256(convert_to(plain, 'UTF8')), 'hex') AS "key!"
           FROM unnest($1::text[]) WITH ORDINALITY AS given (plain, n)
           ORDER BY n"#,
        &plain
    )
    .fetch_all(tx)
    .await
    .doing("name the notebook's lines")
}

/// Codes of bookings that notebooks made, by the key of their line.
async fn imported(
    tx: &mut PgConnection,
    tenant: TenantId,
) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT a.detail->>'key' AS "key!", r.code
           FROM reservations r
           JOIN audit_log a ON a.tenant_id = r.tenant_id AND a.subject = 'reservation:' || r.id AND a.action = 'imported'
           WHERE r.tenant_id = $1 AND r.source = 'import' AND a.detail ? 'key'"#,
        tenant.uuid()
    )
    .fetch_all(tx)
    .await
    .doing("look for lines that were imported before")?;
    Ok(rows.into_iter().map(|row| (row.key, row.code)).collect())
}

/// Codes of living bookings that are what a line says, by line.
async fn by_hand(
    tx: &mut PgConnection,
    tenant: TenantId,
    entries: &[Entry],
) -> Result<BTreeMap<usize, String>, StoreError> {
    let cabins: Vec<Uuid> = entries.iter().map(|it| it.cabin.uuid()).collect();
    let from: Vec<_> = entries.iter().map(|it| it.period.check_in()).collect();
    let until: Vec<_> = entries.iter().map(|it| it.period.check_out()).collect();
    let rows = sqlx::query!(
        r#"SELECT given.n AS "n!", r.code, coalesce(g.legal_name, g.display_name, '') AS "guest!"
           FROM unnest($2::uuid[], $3::date[], $4::date[]) WITH ORDINALITY AS given (cabin, check_in, check_out, n)
           JOIN stays s ON s.accommodation_id = given.cabin AND s.check_in = given.check_in
                       AND s.check_out = given.check_out
           JOIN reservations r ON r.id = s.reservation_id
           JOIN guests g ON g.id = r.guest_id
           WHERE r.tenant_id = $1 AND r.status IN ('confirmed', 'checked_in', 'completed')"#,
        tenant.uuid(),
        &cabins,
        &from,
        &until,
    )
    .fetch_all(tx)
    .await
    .doing("look for bookings that are in the notebook too")?;
    let mut same = BTreeMap::new();
    for row in rows {
        let entry = usize::try_from(row.n - 1).ok().and_then(|n| entries.get(n));
        if let Some(entry) = entry.filter(|it| plain(&it.guest) == plain(&row.guest)) {
            same.insert(entry.line, row.code);
        }
    }
    Ok(same)
}

/// Nights that somebody else has.
pub(super) async fn taken(
    tx: &mut PgConnection,
    tenant: TenantId,
    entries: &[(Entry, String)],
    now: DateTime<Utc>,
) -> Result<Vec<FileProblem>, StoreError> {
    let mut problems = Vec::new();
    let wanted = entries.iter().map(|(entry, _)| (entry.cabin, entry.period));
    claims::free_expired(tx, &wanted.collect::<Vec<_>>(), now).await?;
    for (entry, _) in entries {
        let cabin = [entry.cabin];
        let taken = claims::taken(tx, &cabin, entry.period, now).await?;
        let Some(first) = taken.first() else { continue };
        let by = match first.by {
            TakenBy::Stay { stay, hold } => {
                let code = code_of(tx, tenant, stay.uuid()).await?;
                let what = if hold { "hold" } else { "booking" };
                format!("the {what} {code}")
            }
            TakenBy::Block(_) => "the owner's own block".to_owned(),
            TakenBy::Elsewhere => "another channel, as its calendar says".to_owned(),
        };
        let text = format!("the night of {} is taken by {by}", first.period.check_in());
        problems.push(problem(entry.line, "check_in", text));
    }
    Ok(problems)
}

async fn code_of(
    tx: &mut PgConnection,
    tenant: TenantId,
    stay: Uuid,
) -> Result<String, StoreError> {
    let code = sqlx::query_scalar!(
        "SELECT r.code FROM stays s JOIN reservations r ON r.id = s.reservation_id
         WHERE s.tenant_id = $1 AND s.id = $2",
        tenant.uuid(),
        stay
    )
    .fetch_optional(tx)
    .await
    .doing("look for the booking that has the nights")?;
    Ok(code.unwrap_or_default())
}
