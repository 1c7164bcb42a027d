//! PostgreSQL: reachable, recent enough, migrated, no account stopped.

use posta_runtime::config::DatabaseConfig;
use posta_store::{Store, migrate, upkeep};

use super::Finding;
use crate::setup;

/// PostgreSQL 14 is the oldest that is still maintained.
const OLDEST: i32 = 140_000;

pub(super) async fn check() -> Vec<Finding> {
    let Ok(store) = setup::load::<DatabaseConfig>().and_then(setup::store) else {
        return vec![Finding::wrong(
            "not checked: DATABASE_URL is missing or wrong",
            "see above",
        )];
    };
    match migrate::server_version(store.pool()).await {
        Err(error) => vec![Finding::failed(
            error,
            "start PostgreSQL (`make services`), and compare DATABASE_URL with where it listens",
        )],
        Ok((number, words)) => {
            let mut findings = vec![if number < OLDEST {
                Finding::wrong(
                    format!("PostgreSQL {words} is too old"),
                    "use PostgreSQL 14 or newer",
                )
            } else {
                Finding::Fine(format!("PostgreSQL {words}"))
            }];
            findings.push(migrations(&store).await);
            findings.extend(accounts(&store).await);
            findings
        }
    }
}

async fn migrations(store: &Store) -> Finding {
    match migrate::progress(store.pool()).await {
        Ok(progress) if !progress.missing.is_empty() => Finding::wrong(
            format!("{} migrations are missing", progress.missing.len()),
            "run `posta migrate`",
        ),
        Ok(progress) if !progress.newer.is_empty() => {
            Finding::Note("a newer version has migrated this database".to_owned())
        }
        Ok(progress) => Finding::Fine(format!("{} migrations applied", progress.applied.len())),
        Err(error) => Finding::failed(error, "may this user read the database?"),
    }
}

/// Silent where the tables are not there yet.
async fn accounts(store: &Store) -> Vec<Finding> {
    let stopped = upkeep::stopped_accounts(store).await.unwrap_or_default();
    stopped
        .into_iter()
        .map(|account| {
            let reason = account.reason.unwrap_or_default();
            Finding::wrong(
                format!(
                    "{} {} is stopped: {reason}",
                    account.provider, account.external_id
                ),
                format!(
                    "repair it, then `posta accounts resume {} {}`",
                    account.provider, account.external_id
                ),
            )
        })
        .collect()
}
