//! What can go wrong with the database, sorted by what the caller can do about it.

use sqlx::error::DatabaseError;

/// A failed attempt at the database. `Display` says what we tried; the source says why it failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// `PostgreSQL`, or the way there, refused.
    #[error("could not {doing}")]
    Database {
        /// What we tried, as an infinitive: "store the message".
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: sqlx::Error,
    },
    /// The migrations could not be applied.
    #[error("could not apply the migrations")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A row holds what this version cannot read.
    #[error("could not read {what}")]
    Unreadable {
        /// Which column of which table.
        what: &'static str,
        /// What the parser said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The rows are not as the caller's rules require: the transaction must be rolled back.
    #[error("{0}")]
    Conflict(&'static str),
}

/// Adds what we tried to a failed query.
pub trait Doing<T> {
    /// `doing` is an infinitive: "store the message".
    fn doing(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for Result<T, sqlx::Error> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Database { doing, source })
    }
}

impl StoreError {
    /// `PostgreSQL` is away: nothing of this message's doing, it must not use up an attempt.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        match self.source_error() {
            // Protocol: a connection that broke in the middle of an answer.
            Some(
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::Protocol(_)
                | sqlx::Error::WorkerCrashed,
            ) => true,
            Some(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| is_unavailable_code(&code))
            }
            _ => false,
        }
    }

    /// The same transaction may succeed when it is tried again: deadlock, serialisation, lock timeout.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Conflict(_))
            || self
                .database_error()
                .and_then(DatabaseError::code)
                .is_some_and(|code| matches!(&*code, "40001" | "40P01" | "55P03" | "57014"))
    }

    /// The constraint that refused, if one did: constraint names are part of the schema's interface.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        self.database_error()?.constraint()
    }

    fn source_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database { source, .. }
            | Self::Migrate(sqlx::migrate::MigrateError::Execute(source)) => Some(source),
            _ => None,
        }
    }

    fn database_error(&self) -> Option<&dyn DatabaseError> {
        self.source_error()?.as_database_error()
    }
}

/// SQLSTATE class 08 (connection), 57P0x (shutting down, crashed, starting), 53 (out of connections, memory, disk),
/// 25006 (a standby took over our address), 3D000 (the database is being restored), class 28 and 42501 (our password or
/// our rights are not right yet), 42P01 and 42703 (the migration this program needs has not run yet).
fn is_unavailable_code(code: &str) -> bool {
    code.starts_with("08")
        || code.starts_with("53")
        || code.starts_with("57P")
        || code.starts_with("28")
        || matches!(code, "25006" | "3D000" | "42501" | "42P01" | "42703")
}

#[cfg(test)]
mod tests {
    use super::{Doing, StoreError, is_unavailable_code};

    fn failed(source: sqlx::Error) -> StoreError {
        Err::<(), _>(source).doing("store the message").unwrap_err()
    }

    #[test]
    fn a_pool_without_connections_counts_as_unavailable() {
        assert!(failed(sqlx::Error::PoolTimedOut).is_unavailable());
        assert!(
            failed(sqlx::Error::Io(
                std::io::ErrorKind::ConnectionRefused.into()
            ))
            .is_unavailable()
        );
        assert!(!failed(sqlx::Error::RowNotFound).is_unavailable());
    }

    #[test]
    fn a_server_that_shuts_down_or_starts_counts_as_unavailable() {
        assert!(
            [
                "57P01", "57P02", "57P03", "08006", "53300", "28P01", "42P01"
            ]
            .into_iter()
            .all(is_unavailable_code)
        );
        assert!(!is_unavailable_code("23505"));
    }

    #[test]
    fn the_message_says_what_was_tried_and_keeps_the_source() {
        let error = failed(sqlx::Error::RowNotFound);
        assert_eq!(error.to_string(), "could not store the message");
        assert!(std::error::Error::source(&error).is_some());
    }
}
