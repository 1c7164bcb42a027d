//! What the scheduler ran, and who may run it.
//!
//! The leader holds a session lock on a connection of its own: when that connection dies, the lock is gone and another
//! scheduler takes over. For a moment two may believe they lead; the unique row per (job, time) lets only one run.

use chrono::{DateTime, Utc};
use sqlx::{Connection as _, PgConnection, pool::PoolConnection};

use crate::{
    error::{Doing as _, StoreError},
    pool::Store,
};

/// Any number, the same in all schedulers.
const LEADER_LOCK: i64 = 0x706f_7374_6173_6368;

/// The proof of leading, as long as it answers.
#[derive(Debug)]
pub struct Leadership {
    connection: PgConnection,
}

impl Leadership {
    /// Tries to become the leader. `None`: somebody else is.
    pub async fn try_acquire(store: &Store) -> Result<Option<Self>, StoreError> {
        let connection = store
            .pool()
            .acquire()
            .await
            .doing("get a connection for leading")?;
        // Out of the pool for good: the lock belongs to the session, and the pool must not hand it on.
        let mut connection = PoolConnection::detach(connection);
        let leads = sqlx::query_scalar!(
            r#"SELECT pg_try_advisory_lock($1) AS "leads!""#,
            LEADER_LOCK
        )
        .fetch_one(&mut connection)
        .await
        .doing("try to become the leader")?;
        if leads {
            return Ok(Some(Self { connection }));
        }
        connection
            .close()
            .await
            .doing("close the connection for leading")?;
        Ok(None)
    }

    /// Whether the connection, and with it the lock, is still there. Also tells the database's time.
    pub async fn check(&mut self) -> Result<DateTime<Utc>, StoreError> {
        sqlx::query_scalar!(r#"SELECT now() AS "now!""#)
            .fetch_one(&mut self.connection)
            .await
            .doing("check that this scheduler still leads")
    }

    /// Lets another one lead at once.
    pub async fn resign(self) -> Result<(), StoreError> {
        self.connection.close().await.doing("give up leading")
    }
}

/// Notes that a job starts for its time. False: it ran (or runs) already.
pub async fn start(
    store: &Store,
    job: &str,
    scheduled_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    sqlx::query!(
        "INSERT INTO job_runs (job, scheduled_at) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT job_runs_key DO NOTHING",
        job,
        scheduled_at
    )
    .execute(store.pool())
    .await
    .doing("note that a job starts")
    .map(|done| done.rows_affected() == 1)
}

/// Notes how it ended, in words.
pub async fn finish(
    store: &Store,
    job: &str,
    scheduled_at: DateTime<Utc>,
    outcome: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE job_runs SET finished_at = now(), outcome = $3 WHERE job = $1 AND scheduled_at = $2",
        job,
        scheduled_at,
        outcome
    )
    .execute(store.pool())
    .await
    .doing("note how a job ended")
    .map(|_| ())
}
