//! The schema, embedded. Applied by `posta migrate` only: workers never migrate, they wait.

use sqlx::{PgPool, migrate::Migrator};

use crate::error::{Doing as _, StoreError};

/// The files of `migrations/`, in order.
pub static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// How far a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Versions of this binary that the database has.
    pub applied: Vec<i64>,
    /// Versions of this binary that it lacks.
    pub missing: Vec<i64>,
    /// Versions it has that this binary does not know: it was migrated by a newer one. Fine, by expand and contract.
    pub newer: Vec<i64>,
}

/// Applies what is missing, under a lock, so that two at the same time do no harm. Says what it applied.
pub async fn apply(pool: &PgPool) -> Result<Vec<i64>, StoreError> {
    let before = progress(pool).await?;
    let mut migrator = Migrator::with_migrations(MIGRATIONS.iter().cloned().collect());
    // An old binary's `posta migrate` must not fail because a newer one was there first.
    migrator.set_ignore_missing(true);
    migrator.run(pool).await?;
    Ok(before.missing)
}

/// Compares the database with this binary.
pub async fn progress(pool: &PgPool) -> Result<Progress, StoreError> {
    // Not a checked query: the table is the migrator's own and exists only after its first run.
    let table: Option<String> = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations')::text")
        .fetch_one(pool)
        .await
        .doing("look for the migrations table")?;
    let there: Vec<i64> = if table.is_some() {
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(pool)
            .await
            .doing("read which migrations are applied")?
    } else {
        Vec::new()
    };
    let known: Vec<i64> = MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .collect();
    let (applied, missing) = known.iter().partition(|version| there.contains(version));
    let newer = there
        .into_iter()
        .filter(|version| !known.contains(version))
        .collect();
    Ok(Progress {
        applied,
        missing,
        newer,
    })
}

/// Which `PostgreSQL` it is: as a number (150018) and in its own words.
pub async fn server_version(pool: &PgPool) -> Result<(i32, String), StoreError> {
    sqlx::query_as(
        "SELECT current_setting('server_version_num')::integer, current_setting('server_version')",
    )
    .fetch_one(pool)
    .await
    .doing("reach the database")
}
