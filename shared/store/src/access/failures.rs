//! Guessing is slowed down: each failure makes the next wait longer.
//!
//! An attempt is counted **before** the password is looked at, so that a crowd of simultaneous guesses is counted one
//! by one; a right password takes its count back. An attempt that comes too early is refused unseen and counts for
//! nothing: it does not lengthen the wait, so nobody is locked out for longer than the wait's bound.
//!
//! Counted in the database: the same for every process, and still there after a restart. Forgotten after a day.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    Store,
    error::{Doing as _, StoreError},
};

/// What is guessed at, or who guesses, with how patient we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// `account:…`, `address:…`, `device:…`; no e-mail address in the clear.
    pub name: String,
    /// So many failures cost nothing.
    pub free: i32,
    /// The longest wait. The first is a second, and each failure doubles it.
    pub longest: Duration,
}

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// Go on and look at the password; it is counted.
    Allowed,
    /// Not before this instant, which is so far away by the database's clock.
    Blocked {
        /// When the next one is looked at.
        until: DateTime<Utc>,
        /// From now.
        wait: Duration,
    },
}

/// Counts an attempt against all of them, or says that one of them must wait.
pub async fn attempt(store: &Store, subjects: &[Subject]) -> Result<Attempt, StoreError> {
    let mut subjects: Vec<&Subject> = subjects.iter().collect();
    // Always in the same order: two attempts cannot hold each other up.
    subjects.sort_by(|a, b| a.name.cmp(&b.name));
    let names: Vec<String> = subjects.iter().map(|s| s.name.clone()).collect();
    let mut tx = store.begin().await?;
    sqlx::query!(
        "INSERT INTO login_failures (subject, failures)
         SELECT name, 0 FROM unnest($1::text[]) WITH ORDINALITY AS s (name, n) ORDER BY n
         ON CONFLICT (subject) DO NOTHING",
        &names,
    )
    .execute(&mut *tx)
    .await
    .doing("note an attempt")?;
    sqlx::query!(
        "SELECT subject FROM login_failures WHERE subject = ANY ($1) ORDER BY subject FOR UPDATE",
        &names,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("lock the counts of attempts")?;
    let blocked = sqlx::query!(
        r#"SELECT max(blocked_until) AS until,
                  extract(epoch FROM max(blocked_until) - clock_timestamp())::float8 AS wait
             FROM login_failures
            WHERE subject = ANY ($1) AND blocked_until > clock_timestamp()"#,
        &names,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("look for a wait")?;
    if let (Some(until), Some(wait)) = (blocked.until, blocked.wait) {
        // Nothing is kept of it: rows that were only made for the lock go with the rollback.
        tx.rollback().await.doing("forget the attempt")?;
        let wait = Duration::try_from_secs_f64(wait).unwrap_or_default();
        return Ok(Attempt::Blocked { until, wait });
    }
    count(&mut tx, &subjects).await?;
    tx.commit().await.doing("commit the attempt")?;
    Ok(Attempt::Allowed)
}

async fn count(tx: &mut PgConnection, subjects: &[&Subject]) -> Result<(), StoreError> {
    let names: Vec<String> = subjects.iter().map(|s| s.name.clone()).collect();
    let free: Vec<i32> = subjects.iter().map(|s| s.free).collect();
    let longest: Vec<f64> = subjects.iter().map(|s| s.longest.as_secs_f64()).collect();
    sqlx::query!(
        "UPDATE login_failures AS f
            SET failures      = n.failures,
                last_at       = clock_timestamp(),
                -- 1, 2, 4 … seconds. The exponent is bounded, or power() overflows.
                blocked_until = CASE WHEN n.failures > s.free THEN
                    clock_timestamp() + make_interval(
                        secs => least(s.longest, power(2, least(n.failures - s.free - 1, 30))))
                    END
           FROM unnest($1::text[], $2::int[], $3::float8[]) AS s (name, free, longest),
                LATERAL (SELECT CASE WHEN o.last_at < clock_timestamp() - interval '1 day' THEN 1
                                     ELSE least(o.failures, 1000000) + 1 END AS failures
                           FROM login_failures o WHERE o.subject = s.name) AS n
          WHERE f.subject = s.name",
        &names,
        &free,
        &longest,
    )
    .execute(tx)
    .await
    .doing("count the attempt")
    .map(|_| ())
}

/// The password was right: what [`attempt`] counted is taken back from `shared` (an address others may guess from),
/// and `own` (her account, her device) starts afresh.
pub async fn succeeded(store: &Store, own: &[&str], shared: &[&str]) -> Result<(), StoreError> {
    let own: Vec<String> = own.iter().map(|&s| s.to_owned()).collect();
    let shared: Vec<String> = shared.iter().map(|&s| s.to_owned()).collect();
    let mut all = [own.clone(), shared.clone()].concat();
    all.sort();
    let mut tx = store.begin().await?;
    sqlx::query!(
        "SELECT subject FROM login_failures WHERE subject = ANY ($1) ORDER BY subject FOR UPDATE",
        &all,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("lock the counts of attempts")?;
    sqlx::query!(
        "UPDATE login_failures SET failures = greatest(failures - 1, 0), blocked_until = NULL
          WHERE subject = ANY ($1)",
        &shared,
    )
    .execute(&mut *tx)
    .await
    .doing("take an attempt back")?;
    sqlx::query!("DELETE FROM login_failures WHERE subject = ANY ($1)", &own)
        .execute(&mut *tx)
        .await
        .doing("forget the attempts")?;
    tx.commit().await.doing("commit the success")
}

/// Deletes at most `limit` counts nobody has added to for a day.
pub async fn forget_old(conn: &mut PgConnection, limit: i64) -> Result<u64, StoreError> {
    sqlx::query!(
        "DELETE FROM login_failures WHERE subject IN
             (SELECT subject FROM login_failures
               WHERE last_at < clock_timestamp() - interval '1 day' LIMIT $1)",
        limit,
    )
    .execute(conn)
    .await
    .doing("delete old counts of attempts")
    .map(|done| done.rows_affected())
}
