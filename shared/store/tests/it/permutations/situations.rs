//! What the booking is like when the payment comes.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use posta_domain::reservation::Status;
use posta_store::{
    booking::{
        Booking,
        cancel::{self, CancelBy},
        confirm, expire_due,
    },
    ids::ReservationId,
    testing::{Database, Lodge},
};

use crate::{
    after_money::pay,
    mercadopago::{Account, Remote, held, reference},
};

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Situation {
    /// The hold waits for it.
    Alive,
    /// The hold ended three days ago, and nobody wanted the nights.
    LateFree,
    /// The hold ended three days ago, and somebody else has the nights.
    LateTaken,
    /// The guest called it off.
    Cancelled,
    /// The owner confirmed without money.
    Sold,
    /// Everything was paid in cash meanwhile.
    PaidAlready,
    /// It quotes what nobody here gave it.
    Unknown,
}

/// A place of its own with one booking.
pub(super) struct Scene {
    pub(super) lodge: Lodge,
    pub(super) account: Account,
    pub(super) booking: ReservationId,
    held: Booking,
    known: bool,
}

impl Scene {
    /// The deposit is being paid.
    pub(super) fn remote(&self) -> Remote {
        let reference = if self.known {
            reference(&self.held)
        } else {
            "OTHER-SHOP-7".to_owned()
        };
        Remote::begun(
            &self.account,
            140_233_071_955,
            Some(&reference),
            self.held.deposit,
        )
    }
}

impl Situation {
    pub(super) async fn set_up(self, database: &Database) -> Scene {
        let lodge = database.lodge(1).await;
        let account = Account::of(database, &lodge).await;
        let booking = held(database, &lodge, 10, 12).await;
        let scene = Scene {
            lodge,
            account,
            booking: booking.id,
            held: booking,
            known: self != Self::Unknown,
        };
        self.arrange(database, &scene).await;
        scene
    }

    async fn arrange(self, database: &Database, scene: &Scene) {
        let (store, lodge, id) = (database.store(), &scene.lodge, scene.booking);
        match self {
            Self::Alive | Self::Unknown => {}
            Self::LateFree => ended_long_ago(database, lodge, id).await,
            Self::LateTaken => {
                ended_long_ago(database, lodge, id).await;
                lodge.held(11, 13).await;
            }
            Self::Cancelled => {
                cancel::cancel(store, &lodge.by, id, CancelBy::Guest, "", None)
                    .await
                    .unwrap();
            }
            Self::Sold => {
                confirm(store, &lodge.by, id, None, true).await.unwrap();
            }
            Self::PaidAlready => {
                pay(database, lodge, id, scene.held.charge).await;
            }
        }
    }

    /// Where the booking stands in the end. `enough`: the deposit was there when the payment was seen first.
    pub(super) const fn ends(self, enough: bool) -> Status {
        if enough && matches!(self, Self::Alive | Self::LateFree) {
            return Status::Confirmed;
        }
        match self {
            Self::Sold | Self::PaidAlready => Status::Confirmed,
            Self::Alive | Self::Unknown => Status::Held,
            Self::LateFree | Self::LateTaken => Status::Expired,
            Self::Cancelled => Status::Cancelled,
        }
    }
}

async fn ended_long_ago(database: &Database, lodge: &Lodge, id: ReservationId) {
    lodge.age(id).await;
    // Somebody else's sweep may have come first.
    for sql in [
        "UPDATE reservations SET hold_expires_at = now() - interval '3 days' WHERE id = $1 AND status = 'held'",
        "UPDATE claims SET expires_at = now() - interval '3 days'
         WHERE stay_id IN (SELECT id FROM stays WHERE reservation_id = $1)",
    ] {
        sqlx::query(sql)
            .bind(id.uuid())
            .execute(database.pool())
            .await
            .unwrap();
    }
    expire_due(database.store(), 1_000).await.unwrap();
}
