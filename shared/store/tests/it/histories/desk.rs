//! What guests and the desk do.

use posta_domain::money::{Currency, Money};
use posta_store::booking::{
    HoldRequest, Method, Who,
    cancel::{self, CancelBy},
    change::{self, ChangeRequest, Changer, To},
    confirm, expire_due, hold,
    payments::{self, NewPayment},
    presence,
    receipts::{self, Decision},
};
use posta_store::testing::Lodge;

use super::{History, Step, fair};

impl History<'_> {
    fn nights(&mut self) -> (u64, u64) {
        // Near and far, so that every rule of the policy has its turn; few, so that they are sometimes taken.
        let from = [1, 2, 5, 6, 9, 20, 40][self.dice.below(7).unwrap_or(0)];
        (from, from + 1 + self.dice.roll(3))
    }

    pub(super) async fn hold(&mut self) -> Step {
        if self.bookings.len() >= 4 {
            return Ok(());
        }
        let (from, until) = self.nights();
        let asked = vec![self.lodge.any(from, until)];
        let Some(quote) = fair("quote", self.lodge.quote(asked).await)? else {
            return Ok(());
        };
        let method = [
            Method::MercadoPago,
            Method::MercadoPago,
            Method::Transfer,
            Method::Cash,
        ][self.dice.below(4).unwrap_or(0)];
        let mut request = HoldRequest {
            method,
            ..Lodge::request(&quote)
        };
        if let Some(at) = self.dice.below(self.guests.len() + 1)
            && let Some(guest) = self.guests.get(at)
        {
            request.who = Who::Known(*guest);
        }
        let held = hold(self.database.store(), &self.lodge.by, &request, |_| {
            serde_json::Value::Null
        })
        .await;
        let held = fair("hold", held)?.and_then(|held| held.reservation);
        if let Some(id) = held {
            let booking = self.lodge.booking(id).await;
            self.guests.push(booking.guest);
            self.bookings.push(id);
            self.note(format!("held {} {from}..{until} {method:?}", booking.code));
        }
        Ok(())
    }

    pub(super) async fn hold_ends(&mut self) -> Step {
        let Some(booking) = self.any_booking().await else {
            return Ok(());
        };
        self.lodge.age(booking.id).await;
        let swept = self.dice.one_in(2);
        if swept {
            let swept = expire_due(self.database.store(), 100).await;
            swept.map_err(|error| format!("expire: {error:?}"))?;
        }
        self.note(format!("the hold of {} ends, swept: {swept}", booking.code));
        Ok(())
    }

    pub(super) async fn cancel(&mut self) -> Step {
        let Some(booking) = self.any_booking().await else {
            return Ok(());
        };
        let who = if self.dice.one_in(2) {
            CancelBy::Guest
        } else {
            CancelBy::Owner
        };
        // The law's ten days are over now and then.
        if self.dice.one_in(2) {
            self.sql(
                "UPDATE reservations SET confirmed_at = confirmed_at - interval '11 days' WHERE id = $1",
                booking.id.uuid(),
            )
            .await?;
        }
        let done = cancel::cancel(
            self.database.store(),
            &self.lodge.by,
            booking.id,
            who,
            "",
            None,
        )
        .await;
        let done = fair("cancel", done)?.is_some();
        self.note(format!("{} is cancelled by {who:?}: {done}", booking.code));
        Ok(())
    }

    pub(super) async fn change(&mut self) -> Step {
        let Some(booking) = self.any_booking().await else {
            return Ok(());
        };
        let (from, until) = self.nights();
        let request = ChangeRequest {
            to: To::Stays(vec![self.lodge.any(from, until)]),
            by: if self.dice.one_in(2) {
                Changer::Guest
            } else {
                Changer::Owner
            },
            adjustments: Vec::new(),
            expected_version: None,
        };
        let done =
            change::change(self.database.store(), &self.lodge.by, booking.id, &request).await;
        let done = fair("change", done)?.is_some();
        self.note(format!("{} moves to {from}..{until}: {done}", booking.code));
        Ok(())
    }

    pub(super) async fn confirm(&mut self) -> Step {
        let Some(booking) = self.any_booking().await else {
            return Ok(());
        };
        let (store, by) = (self.database.store(), &self.lodge.by);
        let done = fair("confirm", confirm(store, by, booking.id, None, true).await)?.is_some();
        self.note(format!(
            "{} is confirmed without money: {done}",
            booking.code
        ));
        Ok(())
    }

    /// The stay comes nearer; the guest arrives, leaves, or does not come.
    pub(super) async fn days_go_by(&mut self) -> Step {
        let Some(booking) = self.any_booking().await else {
            return Ok(());
        };
        let (store, by, id) = (self.database.store(), self.lodge.by.clone(), booking.id);
        let days = (booking.check_in() - self.lodge.today).num_days();
        if days > 0 && booking.state.takes_nights() {
            for sql in [
                "UPDATE claims SET period = daterange(lower(period) - $2, upper(period) - $2, '[)')
                 WHERE stay_id IN (SELECT id FROM stays WHERE reservation_id = $1)",
                "UPDATE stays SET check_in = check_in - $2, check_out = check_out - $2 WHERE reservation_id = $1",
            ] {
                let days = i32::try_from(days).unwrap_or(0);
                let moved = sqlx::query(sql)
                    .bind(id.uuid())
                    .bind(days)
                    .execute(self.database.pool())
                    .await;
                match moved {
                    Ok(_) => {}
                    // Somebody is there already: it stays where it is.
                    Err(error) if error.to_string().contains("claims_no_overlap") => return Ok(()),
                    Err(error) => return Err(format!("days go by: {error:?}")),
                }
            }
        }
        let what = self.dice.roll(3);
        let done = match what {
            0 => presence::check_in(store, &by, id, None).await,
            1 => presence::check_out(store, &by, id, None).await,
            _ => presence::no_show(store, &by, id, None).await,
        };
        let done = fair("presence", done)?.is_some();
        self.note(format!(
            "{} days go by for {}, then {}: {done}",
            days.max(0),
            booking.code,
            ["arrives", "leaves", "does not come"][usize::try_from(what).unwrap_or(0)],
        ));
        Ok(())
    }

    /// What somebody pays for a booking: what is open of it, a part, or too much.
    pub(super) fn sum_for(&mut self, charge: Money, deposit: Money, paid: Money) -> i64 {
        let open = (charge.minor - paid.minor).max(1);
        match self.dice.roll(7) {
            0 | 1 => deposit.minor.max(1),
            2 | 3 => open,
            4 => open / 2 + 1,
            5 => open + self.dice.amount(charge.minor),
            _ => self.dice.amount(charge.minor),
        }
    }

    pub(super) async fn pay_by_hand(&mut self) -> Step {
        let Some(booking) = self.any_booking().await else {
            return Ok(());
        };
        let minor = self.sum_for(booking.charge, booking.deposit, booking.paid);
        let currency = if self.dice.one_in(8) {
            Currency::USD
        } else {
            booking.charge.currency
        };
        let new = NewPayment {
            method: if self.dice.one_in(2) {
                Method::Cash
            } else {
                Method::Transfer
            },
            amount: Money::new(minor, currency),
            // Some references come twice.
            reference: if self.dice.one_in(3) {
                format!("recibo {}", self.dice.roll(3))
            } else {
                String::new()
            },
            note: String::new(),
            request: None,
        };
        let done = payments::record(
            self.database.store(),
            &self.lodge.by,
            booking.id,
            &new,
            None,
            |_| serde_json::Value::Null,
        )
        .await;
        let done = fair("record", done)?.is_some();
        self.note(format!(
            "{} {:?} {} for {}: {done}",
            new.amount.minor,
            new.amount.currency,
            new.method.as_str(),
            booking.code
        ));
        Ok(())
    }

    pub(super) async fn receipt(&mut self) -> Step {
        let Some(booking) = self.any_booking().await else {
            return Ok(());
        };
        let (store, by) = (self.database.store(), &self.lodge.by);
        fair(
            "receipt",
            receipts::submit(store, by, booking.id, None).await,
        )?;
        let decision = Decision {
            accept: self.dice.one_in(2),
            amount: None,
        };
        let decided = receipts::decide(store, by, booking.id, &decision).await;
        let decided = fair("decide", decided)?.is_some();
        self.note(format!(
            "a receipt for {}, accepted {}: {decided}",
            booking.code, decision.accept
        ));
        Ok(())
    }

    /// A statement about one row.
    pub(super) async fn sql(&self, sql: &'static str, id: uuid::Uuid) -> Step {
        let done = sqlx::query(sql)
            .bind(id)
            .execute(self.database.pool())
            .await;
        done.map(|_| ())
            .map_err(|error| format!("{sql}: {error:?}"))
    }
}
