//! What follows from having read a payment.
//!
//! Guaranteed: readings of a payment are applied one at a time and never backwards; what its money does is entered into
//! the ledger once ([`posta_domain::payment::plan`]), whatever was read or told before. A payment is looked up by the
//! reference we gave it; only money that our account collected counts, and money of an unknown reference is the owner's
//! to place. Money that has gone back before it was read for the first time confirms nothing and holds nothing again.

mod arriving;
mod giving;
mod leaving;
mod orphaned;
mod returning;
pub(super) mod row;
mod telling;
mod waiting;

use posta_domain::payment::{Known, Order, Plan, Snapshot, order, plan};
use sqlx::PgConnection;

use super::Reading;
use crate::{
    audit::By,
    booking::{
        BookingError,
        lock::{self, Locked},
    },
    error::{Doing as _, StoreError},
    ids::{PaymentId, ReservationId},
    pool::Store,
};

pub(super) use orphaned::waiting as orphan_waiting;
use row::{Asked, Seen, Verdict};

/// Who does what follows from a reading, in the audit.
const ACTOR: &str = "system:payment-worker";

/// Somebody places the payment in the moment between reading and locking; again and again is not chance.
const TRIES: usize = 8;

/// What was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The payment's row.
    pub payment: PaymentId,
    /// Its booking, if it has one.
    pub reservation: Option<ReservationId>,
    /// What became of it.
    pub became: Became,
}

/// What became of a payment; as `payments.verdict`, and one more that changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// A newer reading has been applied before, or the very same.
    Overtaken,
    /// Waits for the provider.
    Open,
    /// Its money is in the ledger, for a booking.
    Entered,
    /// Its money is nobody's yet: the owner has been told.
    Orphan,
    /// The owner has said that it is not ours, or has sent it back; or all of it has gone.
    Dismissed,
    /// Somebody else's money.
    Foreign,
    /// No money came.
    Nothing,
}

/// One reading, with everything it needs locked.
pub(super) struct Case<'a> {
    pub(super) by: By,
    pub(super) snapshot: &'a Snapshot,
    pub(super) id: PaymentId,
    /// As it was before this reading.
    pub(super) before: Seen,
    /// The booking it is, or may be, for.
    pub(super) locked: Option<Locked>,
    /// What it quotes.
    pub(super) asked: Option<Asked>,
}

/// Where the money of a payment is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Home {
    /// With a booking.
    Booking(ReservationId),
    /// On the owner's list.
    Orphan,
    /// Out of our books.
    Nowhere,
}

/// Applies a reading.
pub async fn apply(
    store: &Store,
    reading: &Reading,
    snapshot: &Snapshot,
) -> Result<Applied, BookingError> {
    for _ in 0..TRIES {
        let mut tx = store.begin().await?;
        if let Some(applied) = attempt(&mut tx, reading, snapshot).await? {
            tx.commit()
                .await
                .doing("commit what follows from a payment")?;
            return Ok(applied);
        }
    }
    Err(BookingError::Busy(StoreError::Conflict(
        "the payment's booking kept changing",
    )))
}

/// Nothing, if the payment found another booking meanwhile.
async fn attempt(
    tx: &mut PgConnection,
    reading: &Reading,
    snapshot: &Snapshot,
) -> Result<Option<Applied>, BookingError> {
    let ours = snapshot.collector == reading.account_external;
    let asked = match &snapshot.external_reference {
        Some(reference) if ours => row::asked(tx, reading.tenant, reference).await?,
        _ => None,
    };
    let placed = row::placed(tx, reading.account, &snapshot.provider_id).await?;
    let booking = placed.or(asked.as_ref().map(|asked| asked.reservation));
    let locked = match booking {
        Some(id) => Some(lock::for_money(tx, reading.tenant, id).await?),
        None => None,
    };
    let (id, before) = row::lock(tx, reading, snapshot).await?;
    if before.reservation.is_some() && before.reservation != booking {
        return Ok(None);
    }
    let stands = order(
        before.updated_at,
        before.read_from,
        snapshot.updated_at,
        reading.read_from,
    );
    if !before.fresh && stands != Order::Newer {
        return Ok(Some(Applied {
            payment: id,
            reservation: before.reservation,
            became: Became::Overtaken,
        }));
    }
    let case = Case {
        by: By {
            tenant: reading.tenant,
            actor: ACTOR.to_owned(),
            request_id: None,
        },
        snapshot,
        id,
        before,
        locked,
        // What the row is for does not change with what it quotes.
        asked: asked.filter(|asked| booking == Some(asked.reservation)),
    };
    let (verdict, reservation) = carry_out(tx, reading, &case, ours).await?;
    Ok(Some(Applied {
        payment: id,
        reservation,
        became: verdict.became(),
    }))
}

async fn carry_out(
    tx: &mut PgConnection,
    reading: &Reading,
    case: &Case<'_>,
    ours: bool,
) -> Result<(Verdict, Option<ReservationId>), BookingError> {
    let (verdict, reason) = case.verdict(ours);
    let reservation = match verdict {
        Verdict::Orphan | Verdict::Dismissed | Verdict::Foreign => None,
        _ => case.locked.as_ref().map(|locked| locked.booking.id),
    };
    // Before its money: what is owed back out of it refers to its row.
    row::write(tx, reading, case, verdict, reason, reservation).await?;
    let plan = match verdict {
        Verdict::Foreign | Verdict::Open | Verdict::Nothing => Plan {
            movements: Vec::new(),
            held: 0,
        },
        _ => plan(&known(tx, case).await?, case.snapshot),
    };
    let arrives = case.arrives();
    telling::known(tx, case).await?;
    match (verdict, &case.locked) {
        (Verdict::Foreign, _) => telling::foreign(tx, case).await?,
        (Verdict::Open | Verdict::Nothing, _) => waiting::follow(tx, case).await?,
        (Verdict::Entered | Verdict::Assigned, Some(locked)) => {
            if arrives {
                arriving::enter(tx, case, locked, &plan).await?;
            }
            leaving::carry_out(tx, case, Home::Booking(locked.booking.id), &plan).await?;
            telling::standing(tx, case).await?;
        }
        (Verdict::Orphan, _) => {
            if arrives {
                orphaned::enter(tx, case, reason).await?;
            }
            leaving::carry_out(tx, case, Home::Orphan, &plan).await?;
            telling::standing(tx, case).await?;
            let verdict = orphaned::look(tx, case).await?;
            return Ok((verdict, None));
        }
        (Verdict::Dismissed, _) => {
            let gone = case.before.reason == orphaned::GONE;
            let home = if gone { Home::Orphan } else { Home::Nowhere };
            leaving::carry_out(tx, case, home, &plan).await?;
            telling::standing(tx, case).await?;
            if gone {
                let verdict = orphaned::look(tx, case).await?;
                return Ok((verdict, None));
            }
        }
        (Verdict::Entered | Verdict::Assigned, None) => {
            return Err(BookingError::NotFound("booking of the payment"));
        }
    }
    Ok((verdict, reservation))
}

/// What the ledger has of it.
async fn known(tx: &mut PgConnection, case: &Case<'_>) -> Result<Known, StoreError> {
    let rows = sqlx::query!(
        "SELECT kind, detail, amount FROM ledger_entries
         WHERE payment_id = $1 AND provider = 'mercadopago'
           -- An orphan came as a whole; what found its booking later is a part of it.
           AND NOT (kind = 'payment' AND EXISTS (SELECT FROM ledger_entries o
                                                 WHERE o.payment_id = $1 AND o.kind = 'orphan'))
           AND NOT (kind = 'orphan' AND detail <> '')
         ORDER BY at, id",
        case.id.uuid(),
    )
    .fetch_all(tx)
    .await
    .doing("read what the ledger has of a payment")?;
    let known = rows.into_iter().fold(Known::nothing(), |known, row| {
        known.with(&row.kind, &row.detail, row.amount)
    });
    Ok(known)
}

// === impl Case ===

impl Case<'_> {
    /// What this reading makes of it, and why in a word where that is not plain.
    fn verdict(&self, ours: bool) -> (Verdict, &'static str) {
        let snapshot = self.snapshot;
        match self.before.verdict {
            Verdict::Open | Verdict::Nothing | Verdict::Foreign => {}
            kept => return (kept, ""),
        }
        if !ours {
            return (Verdict::Foreign, "collector");
        }
        if !snapshot.came() || snapshot.amount.minor <= 0 {
            return match snapshot.standing() {
                posta_domain::payment::Standing::Pending
                | posta_domain::payment::Standing::InProcess
                | posta_domain::payment::Standing::Unknown => (Verdict::Open, ""),
                _ => (Verdict::Nothing, ""),
            };
        }
        if snapshot.operation_type != "regular_payment" {
            return (Verdict::Orphan, "operation_type");
        }
        match (&self.asked, &snapshot.external_reference) {
            (Some(_), _) => (Verdict::Entered, ""),
            (None, Some(_)) => (Verdict::Orphan, "unknown_reference"),
            (None, None) => (Verdict::Orphan, "no_reference"),
        }
    }

    /// Whether its money, if it came, is not in the ledger yet.
    const fn arrives(&self) -> bool {
        matches!(
            self.before.verdict,
            Verdict::Open | Verdict::Nothing | Verdict::Foreign
        )
    }

    /// Whether the provider says something else than before.
    fn changed(&self) -> bool {
        let before = &self.before;
        before.fresh
            || before.status != self.snapshot.status
            || before.status_detail != self.snapshot.status_detail
    }

    /// As attention names it.
    fn subject(&self) -> String {
        format!("payment:{}", self.id)
    }
}
