//! A database of one's own on the given server, made afresh.

use anyhow::{Context as _, ensure};
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};
use url::Url;

/// Drops the database `name` beside the one `server` names, makes it again, and returns its URL.
pub async fn fresh(server: &str, name: &str) -> anyhow::Result<String> {
    ensure!(
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
        "`{name}` is no name for a database"
    );
    let mut connection = maintenance(server).await?;
    for statement in [
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        format!("CREATE DATABASE {name}"),
    ] {
        // The name was checked above: nothing else goes into the statement.
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .with_context(|| {
                format!("could not make the database {name} afresh (DATABASE_URL needs CREATEDB)")
            })?;
    }
    let mut url = Url::parse(server).context("DATABASE_URL is not a URL")?;
    url.set_path(name);
    Ok(url.to_string())
}

async fn maintenance(server: &str) -> anyhow::Result<PgConnection> {
    let mut url = Url::parse(server).context("DATABASE_URL is not a URL")?;
    url.set_path("postgres");
    PgConnection::connect(url.as_str())
        .await
        .context("could not connect to PostgreSQL (DATABASE_URL)")
}

/// A small pool for questions.
pub fn pool(url: &str) -> anyhow::Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(3)
        .acquire_timeout(std::time::Duration::from_secs(5))
        .connect_lazy(url)
        .context("DATABASE_URL is not a URL")
}
