//! Who writes. The provider's names for a person come and go, so identity is ours and theirs are aliases.
//!
//! Guaranteed: an alias belongs to one guest; aliases that turn out to be one person's merge their guests, chats
//! included, into the one with the lower id. Guests of one account are made and merged one at a time (an advisory lock
//! taken before any conversation's); finding one takes no lock.

mod contacts;
mod kind;
mod merge;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    ids::{AccountId, GuestId, TenantId},
};

pub use contacts::{Contact, import_contacts};
pub use kind::{Kind, Known, of_kind, set_kind};

/// Which kind of name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AliasKind {
    /// A phone number.
    WaId,
    /// A business-scoped user id.
    UserId,
    /// A parent's user id.
    Parent,
}

impl AliasKind {
    /// As the database writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WaId => "wa_id",
            Self::UserId => "user_id",
            Self::Parent => "parent",
        }
    }
}

/// One name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alias {
    /// Which kind.
    pub kind: AliasKind,
    /// Never empty.
    pub value: String,
}

/// Whose account the names are used with.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub account: AccountId,
}

/// Finds the guest of these names, making or merging as needed. `aliases` is not empty.
pub async fn resolve(
    tx: &mut PgConnection,
    at: At,
    aliases: &[Alias],
    name: Option<&str>,
) -> Result<GuestId, StoreError> {
    if let [guest] = known(tx, at, aliases).await?.complete(aliases) {
        return Ok(*guest);
    }
    serialise(tx, at).await?;
    let known = known(tx, at, aliases).await?;
    let guest = match known.guests.split_first() {
        None => create(tx, at, name).await?,
        Some((oldest, others)) => {
            for other in others {
                merge::merge(tx, *oldest, *other).await?;
            }
            *oldest
        }
    };
    add(tx, at, guest, aliases).await?;
    Ok(guest)
}

/// One at a time makes or merges guests of this account, until the transaction ends.
pub(crate) async fn serialise(tx: &mut PgConnection, at: At) -> Result<(), StoreError> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('guests:' || $1::text, 0))",
        at.account.to_string()
    )
    .execute(tx)
    .await
    .doing("wait for a turn to make a guest")
    .map(|_| ())
}

/// Guests these aliases name, oldest first, and how many of the aliases are known.
struct Named {
    guests: Vec<GuestId>,
    aliases: usize,
}

impl Named {
    /// The guests, if every alias is known already.
    fn complete(&self, aliases: &[Alias]) -> &[GuestId] {
        if self.aliases == aliases.len() {
            &self.guests
        } else {
            &[]
        }
    }
}

async fn known(tx: &mut PgConnection, at: At, aliases: &[Alias]) -> Result<Named, StoreError> {
    let (kinds, values) = columns(aliases);
    let rows = sqlx::query_scalar!(
        // A name noted for a guest while that guest was being merged leads to the one who lives on.
        r#"SELECT coalesce(g.merged_into, g.id) AS "guest!"
           FROM guest_aliases a JOIN guests g ON g.id = a.guest_id
           WHERE a.account_id = $1 AND (a.kind, a.value) IN (SELECT * FROM unnest($2::text[], $3::text[]))
           ORDER BY 1"#,
        at.account.uuid(),
        &kinds as &[&str],
        &values as &[&str],
    )
    .fetch_all(tx)
    .await
    .doing("look for the guest")?;
    let aliases = rows.len();
    let mut guests: Vec<GuestId> = rows.into_iter().map(GuestId::from).collect();
    guests.dedup();
    Ok(Named { guests, aliases })
}

async fn create(tx: &mut PgConnection, at: At, name: Option<&str>) -> Result<GuestId, StoreError> {
    let guest = GuestId::fresh();
    sqlx::query!(
        "INSERT INTO guests (tenant_id, id, display_name) VALUES ($1, $2, $3)",
        at.tenant.uuid(),
        guest.uuid(),
        name,
    )
    .execute(tx)
    .await
    .doing("make a guest")?;
    Ok(guest)
}

/// Gives a guest more names. Those that are somebody else's stay there: merging is `resolve`'s.
async fn add(
    tx: &mut PgConnection,
    at: At,
    guest: GuestId,
    aliases: &[Alias],
) -> Result<(), StoreError> {
    let (kinds, values) = columns(aliases);
    sqlx::query!(
        "INSERT INTO guest_aliases (tenant_id, account_id, kind, value, guest_id)
         SELECT $1, $2, kind, value, $5 FROM unnest($3::text[], $4::text[]) AS alias (kind, value)
         ON CONFLICT ON CONSTRAINT guest_aliases_key DO NOTHING",
        at.tenant.uuid(),
        at.account.uuid(),
        &kinds as &[&str],
        &values as &[&str],
        guest.uuid(),
    )
    .execute(tx)
    .await
    .doing("note the guest's names")
    .map(|_| ())
}

fn columns(aliases: &[Alias]) -> (Vec<&str>, Vec<&str>) {
    aliases
        .iter()
        .map(|alias| (alias.kind.as_str(), alias.value.as_str()))
        .unzip()
}

/// Whether this guest was merged into another; a chat found by an old reading of the aliases must be looked for again.
pub async fn merged_into(
    tx: &mut PgConnection,
    guest: GuestId,
) -> Result<Option<GuestId>, StoreError> {
    sqlx::query_scalar!("SELECT merged_into FROM guests WHERE id = $1", guest.uuid())
        .fetch_one(tx)
        .await
        .doing("read the guest")
        .map(|into: Option<Uuid>| into.map(GuestId::from))
}
