//! Matters of a chat; a request for a lower price among them.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::About;
use crate::{
    error::{Doing as _, StoreError},
    ids::{QuoteId, TenantId},
    matters::Matter,
};

/// By their ids; not personal contacts' chats.
pub(super) async fn chats(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, About>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        "SELECT c.id, c.guest_id, coalesce(g.legal_name, g.display_name) AS guest_name
         FROM conversations c JOIN guests g ON g.id = c.guest_id
         WHERE c.tenant_id = $1 AND c.id = ANY($2) AND g.kind <> 'personal'",
        tenant.uuid(),
        ids,
    )
    .fetch_all(conn)
    .await
    .doing("read which chats matters are about")?;
    let chats = rows.into_iter().map(|row| {
        let about = About {
            guest: Some(row.guest_id.into()),
            guest_name: row.guest_name,
            chat: Some(row.id.into()),
            ..About::default()
        };
        (row.id, about)
    });
    Ok(chats.collect())
}

/// With the quote a lower price is asked for, if the matter names one. They are few: one look each.
pub(super) async fn priced(
    conn: &mut PgConnection,
    tenant: TenantId,
    matter: &Matter,
    mut about: About,
) -> Result<About, StoreError> {
    let quote = matter.detail["quote"].as_str();
    let Some(quote) = quote.and_then(|quote| Uuid::try_parse(quote).ok()) else {
        return Ok(about);
    };
    let quote = crate::booking::quotes::get(conn, Some(tenant), QuoteId::from(quote)).await?;
    let Some(quote) = quote else {
        return Ok(about);
    };
    let stays = &quote.inputs.stays;
    about.quote = Some(quote.id);
    about.check_in = stays.iter().map(|stay| stay.period.check_in()).min();
    about.check_out = stays.iter().map(|stay| stay.period.check_out()).max();
    about.cabins = stays.iter().map(|it| it.unit_type_name.clone()).collect();
    about.amount = Some(quote.breakdown.total);
    Ok(about)
}
