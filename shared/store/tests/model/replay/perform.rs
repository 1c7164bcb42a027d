//! A step of the model, as the store does it.

use posta_domain::money::{Currency, Money};
use posta_store::{
    booking::{
        self, BookingError, Method,
        cancel::{CancelBy, cancel},
        change::{ChangeRequest, Changer, To, change},
        payments::{self, NewPayment},
        presence,
        reassign::reassign,
        receipts::{self, Decision},
    },
    elsewhere::{self, Fetched},
    ids::ReservationId,
    testing::Lodge,
};

use super::place::{Made, Place};
use crate::{
    action::Action,
    world::{CABINS, Lost, Nights, World},
};

impl Place {
    /// Does it. That it is refused is no answer here: what counts is what is in the database afterwards.
    pub(super) async fn perform(&self, world: &World, action: Action) {
        match self.carry_out(world, action).await {
            Ok(()) | Err(BookingError::Refused(_) | BookingError::Illegal(_)) => {}
            Err(error) => panic!("{action:?}: {error:?}"),
        }
    }

    fn id(&self, slot: u8) -> ReservationId {
        self.made(slot).id
    }

    fn made(&self, slot: u8) -> Made {
        let made = self.made.borrow();
        made.get(usize::from(slot))
            .cloned()
            .flatten()
            .expect("a booking")
    }

    async fn carry_out(&self, world: &World, action: Action) -> Result<(), BookingError> {
        let (store, by) = (&self.store, &self.lodge.by);
        match action {
            Action::Tick => self.tick().await,
            Action::Sweep { .. } => drop(booking::expire_due(store, 100).await?),
            Action::Hold { nights, .. } => self.hold(world, nights).await?,
            Action::Again { slot } => self.again(world, slot).await?,
            Action::Pay { slot, amount, .. } => self.pay(slot, amount).await?,
            Action::Receipt { slot } => {
                drop(receipts::submit(store, by, self.id(slot), None).await?);
            }
            Action::Decide { slot, accept } => {
                let booking = world.bookings.get(usize::from(slot)).copied().flatten();
                let booking = booking.expect("a booking");
                let open = (booking.deposit - booking.applied()).max(1);
                let amount = Some(Money::new(open, Currency::ARS));
                let decision = Decision { accept, amount };
                drop(receipts::decide(store, by, self.id(slot), &decision).await?);
            }
            Action::Confirm { slot } => {
                drop(booking::confirm(store, by, self.id(slot), None, true).await?);
            }
            Action::Cancel { slot, by_owner } => {
                let who = if by_owner {
                    CancelBy::Owner
                } else {
                    CancelBy::Guest
                };
                drop(cancel(store, by, self.id(slot), who, "", None).await?);
            }
            Action::Change { slot, to } => {
                let request = ChangeRequest {
                    to: To::Stays(self.stays(to, world.now)),
                    by: Changer::Owner,
                    adjustments: Vec::new(),
                    expected_version: None,
                };
                drop(change(store, by, self.id(slot), &request).await?);
            }
            Action::Reassign { slot } => {
                let booked = self.lodge.booking(self.id(slot)).await;
                let stay = booked.stays.first().expect("a stay");
                let other = self.lodge.cabins.iter().find(|cabin| **cabin != stay.cabin);
                drop(reassign(store, by, stay.id, *other.expect("two cabins"), None).await?);
            }
            Action::Import { nights } => {
                let sold = (0..8).filter(|night| nights & (1 << night) != 0);
                let fetched = Fetched {
                    complete: true,
                    nights: sold.map(|night| self.date(night, world.now)).collect(),
                };
                elsewhere::import(store, by.tenant, self.feed, &fetched).await?;
            }
            Action::CheckIn { slot } => {
                drop(presence::check_in(store, by, self.id(slot), None).await?);
            }
            Action::NoShow { slot } => {
                drop(presence::no_show(store, by, self.id(slot), None).await?);
            }
            Action::LeaveEarly { slot } => {
                let leaving =
                    presence::leave_early(store, by, self.id(slot), None, self.today, None);
                drop(leaving.await?);
            }
            Action::CheckOut { slot } => {
                drop(presence::check_out(store, by, self.id(slot), None).await?);
            }
            Action::Finish => unreachable!("only with bugs"),
        }
        Ok(())
    }

    async fn hold(
        &self,
        world: &World,
        nights: [Option<Nights>; CABINS],
    ) -> Result<(), BookingError> {
        let quote = self.lodge.quote(self.stays(nights, world.now)).await?;
        let mut hold = Lodge::request(&quote);
        hold.key = Some(Self::key("hold"));
        let answered = booking::hold(&self.store, &self.lodge.by, &hold, |made| {
            serde_json::json!(made.code)
        });
        let id = answered.await?.reservation.expect("a booking");
        let mut made = self.made.borrow_mut();
        let slot = made.iter_mut().find(|slot| slot.is_none());
        *slot.expect("room for a booking") = Some(Made {
            id,
            hold,
            payment: None,
        });
        Ok(())
    }

    async fn pay(&self, slot: u8, amount: i64) -> Result<(), BookingError> {
        let key = Self::key("pay");
        let payment = NewPayment {
            method: Method::Cash,
            amount: Money::new(amount, Currency::ARS),
            reference: key.key.clone(),
            note: String::new(),
            request: None,
        };
        self.record(slot, &payment, key.clone()).await?;
        let mut made = self.made.borrow_mut();
        if let Some(Some(made)) = made.get_mut(usize::from(slot)) {
            made.payment = Some((payment, key));
        }
        Ok(())
    }

    async fn record(
        &self,
        slot: u8,
        payment: &NewPayment,
        key: booking::Key,
    ) -> Result<bool, BookingError> {
        let (store, by, id) = (&self.store, &self.lodge.by, self.id(slot));
        let recorded = payments::record(store, by, id, payment, Some(key), |paid| {
            serde_json::json!(paid.version)
        });
        Ok(recorded.await?.replayed)
    }

    /// The same request, with the same key, by a client that got no answer.
    async fn again(&self, world: &World, slot: u8) -> Result<(), BookingError> {
        let made = self.made(slot);
        let lost = world.bookings.get(usize::from(slot)).copied().flatten();
        let replayed = match lost.and_then(|booking| booking.lost) {
            Some(Lost::Hold) => {
                let again = booking::hold(&self.store, &self.lodge.by, &made.hold, |_| {
                    serde_json::Value::Null
                });
                let again = again.await?;
                again.replayed && again.reservation == Some(made.id)
            }
            Some(Lost::Payment(_)) => {
                let (payment, key) = made.payment.expect("a payment");
                self.record(slot, &payment, key).await?
            }
            None => unreachable!("an answer was lost"),
        };
        assert!(replayed, "the answer is the first one's");
        Ok(())
    }
}
