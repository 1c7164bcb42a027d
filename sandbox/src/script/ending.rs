//! What must be in the database when a script is over.

use std::time::Duration;

use anyhow::{Context as _, bail};
use sqlx::PgPool;
use tokio::time::Instant;

/// Statuses, events and refunds settle within this: whoever worked on a refund may have been killed with a minute of its
/// lease left, and again.
const WITHIN: Duration = Duration::from_mins(3);

/// A count of rows of this guest.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    /// So many bookings in this status.
    Bookings(&'static str, i64),
    /// So many bookings in all.
    AllBookings(i64),
    /// So many cabins in all of them.
    Stays(i64),
    /// The chat is in this mode.
    Mode(&'static str),
    /// So many nights are claimed for the guest.
    Nights(i64),
    /// So many payments in the ledger.
    Payments(i64),
    /// So many refunds that Mercado Pago has carried out.
    Refunds(i64),
}

impl End {
    const fn question(self) -> &'static str {
        match self {
            Self::Bookings(..) => {
                "SELECT count(*) FROM reservations r WHERE r.status = $2
                 AND r.guest_id IN (SELECT guest_id FROM guest_aliases WHERE value = $1)"
            }
            Self::AllBookings(_) => {
                "SELECT count(*) FROM reservations r WHERE $2 = ''
                 AND r.guest_id IN (SELECT guest_id FROM guest_aliases WHERE value = $1)"
            }
            Self::Stays(_) => {
                "SELECT count(*) FROM stays s JOIN reservations r ON r.id = s.reservation_id WHERE $2 = ''
                 AND r.guest_id IN (SELECT guest_id FROM guest_aliases WHERE value = $1)"
            }
            Self::Mode(_) => {
                "SELECT count(*) FROM conversations c WHERE c.mode = $2
                 AND c.guest_id IN (SELECT guest_id FROM guest_aliases WHERE value = $1)"
            }
            Self::Nights(_) => {
                "SELECT coalesce(sum(upper(c.period) - lower(c.period)), 0)::bigint FROM claims c
                 JOIN stays s ON s.id = c.stay_id JOIN reservations r ON r.id = s.reservation_id WHERE $2 = ''
                 AND r.guest_id IN (SELECT guest_id FROM guest_aliases WHERE value = $1)"
            }
            Self::Payments(_) => {
                "SELECT count(*) FROM ledger_entries l JOIN reservations r ON r.id = l.reservation_id
                 WHERE $2 = '' AND l.kind = 'payment'
                 AND r.guest_id IN (SELECT guest_id FROM guest_aliases WHERE value = $1)"
            }
            Self::Refunds(_) => {
                "SELECT count(*) FROM ledger_entries l JOIN reservations r ON r.id = l.reservation_id
                 WHERE $2 = '' AND l.kind = 'refund' AND l.provider = 'mercadopago'
                 AND r.guest_id IN (SELECT guest_id FROM guest_aliases WHERE value = $1)"
            }
        }
    }

    const fn expected(self) -> (&'static str, i64) {
        match self {
            Self::Bookings(status, count) => (status, count),
            Self::Mode(mode) => (mode, 1),
            Self::AllBookings(count)
            | Self::Stays(count)
            | Self::Nights(count)
            | Self::Payments(count)
            | Self::Refunds(count) => ("", count),
        }
    }

    /// Waits until it is so.
    pub(crate) async fn holds(self, database: &PgPool, phone: &str) -> anyhow::Result<()> {
        let (word, expected) = self.expected();
        let began = Instant::now();
        loop {
            let found: i64 = sqlx::query_scalar(self.question())
                .bind(phone)
                .bind(word)
                .fetch_one(database)
                .await
                .with_context(|| format!("could not ask for {self:?}"))?;
            if found == expected {
                return Ok(());
            }
            if began.elapsed() > WITHIN {
                bail!("it should end with {self:?}, and there are {found}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
