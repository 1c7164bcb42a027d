//! The first tenant and its accounts, from the environment, so that one command makes a new database usable.

use crate::{
    error::{Doing as _, StoreError},
    ids::{AccountId, TenantId},
    pool::Store,
};

/// What the environment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// `TENANT_NAME`.
    pub tenant: String,
    /// Accounts to make sure of.
    pub accounts: Vec<SeedAccount>,
}

/// One account of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedAccount {
    /// `whatsapp` or `mercadopago`.
    pub provider: &'static str,
    /// The phone number id, or the user id.
    pub external_id: String,
    /// The environment variable that holds its secret; never the secret.
    pub secret_ref: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeded {
    /// The tenant.
    pub tenant: TenantId,
    /// Whether it was made just now.
    pub tenant_is_new: bool,
    /// Accounts made just now, as `provider external_id`.
    pub new_accounts: Vec<String>,
}

/// Makes sure of the tenant (by name) and of the accounts. An account that somebody has stays theirs.
pub async fn seed(store: &Store, seed: &Seed) -> Result<Seeded, StoreError> {
    let mut tx = store.begin().await?;
    // Two migrations at once must not make two tenants of one name.
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtext('posta.seed')) AS locked")
        .fetch_one(&mut *tx)
        .await
        .doing("lock the seeding")?;
    let known = sqlx::query_scalar!(
        "SELECT id FROM tenants WHERE name = $1 ORDER BY created_at LIMIT 1",
        seed.tenant
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("look for the tenant")?;
    let tenant = known.map_or_else(TenantId::fresh, TenantId::from);
    if known.is_none() {
        sqlx::query!(
            "INSERT INTO tenants (id, name) VALUES ($1, $2)",
            tenant.uuid(),
            seed.tenant
        )
        .execute(&mut *tx)
        .await
        .doing("make the tenant")?;
    }
    let mut new_accounts = Vec::new();
    for account in &seed.accounts {
        let made = sqlx::query!(
            "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT ON CONSTRAINT channel_accounts_external_key DO NOTHING",
            tenant.uuid(),
            AccountId::fresh().uuid(),
            account.provider,
            account.external_id,
            account.secret_ref,
        )
        .execute(&mut *tx)
        .await
        .doing("make the channel account")?;
        if made.rows_affected() == 1 {
            new_accounts.push(format!("{} {}", account.provider, account.external_id));
        }
    }
    tx.commit().await.doing("commit the seeding")?;
    Ok(Seeded {
        tenant,
        tenant_is_new: known.is_none(),
        new_accounts,
    })
}
