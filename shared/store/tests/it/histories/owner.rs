//! What the owner does about money: refunds by hand, credits, what she asks for, what belongs to nobody.

use posta_domain::money::Money;
use posta_store::{
    booking::{
        Method, credits,
        money::Purpose,
        refunds::{self, Given},
        requests::{self, NewAsk},
    },
    ids::PaymentId,
    payments::{self, orphans},
};

use super::{History, Step, fair, remote::settled};

impl History<'_> {
    pub(super) async fn refunds_by_hand(&mut self) -> Step {
        let store = self.database.store();
        let wrong = |error| format!("list refunds: {error:?}");
        let mut conn = store.acquire().await.map_err(wrong)?;
        let open = refunds::list(&mut conn, self.lodge.tenant, true)
            .await
            .map_err(wrong)?;
        drop(conn);
        let Some(at) = self.dice.below(open.len()) else {
            return Ok(());
        };
        let (id, by) = (open[at].id, &self.lodge.by);
        let given = Given {
            method: Method::Transfer,
            reference: String::new(),
        };
        let (what, done) = match self.dice.roll(4) {
            0 => (
                "once more",
                settled("again", refunds::again(store, by, id).await)?,
            ),
            1 => (
                "as a credit",
                settled("credit", credits::from_refund(store, by, id).await)?,
            ),
            _ => (
                "by hand",
                settled("done", refunds::done(store, by, id, &given).await)?,
            ),
        };
        self.note(format!(
            "refund of {} ({}) {what}: {done}",
            open[at].amount.minor, open[at].state
        ));
        Ok(())
    }

    pub(super) async fn credits(&mut self) -> Step {
        let store = self.database.store();
        if self.dice.one_in(4) {
            self.sql(
                "UPDATE credits SET expires_at = now() - interval '1 second' WHERE tenant_id = $1",
                self.lodge.tenant.uuid(),
            )
            .await?;
            let ended = credits::expire_due(store, 100).await;
            let ended = ended.map_err(|error| format!("credits end: {error:?}"))?;
            self.note(format!("{ended} credits end"));
            return Ok(());
        }
        let Some(booking) = self.any_booking().await else {
            return Ok(());
        };
        let used = credits::use_for(store, &self.lodge.by, booking.id).await;
        let used = fair("use credits", used)?;
        let paid = used.map(|after| after.paid.minor - booking.paid.minor);
        self.note(format!("credits for {}: {paid:?}", booking.code));
        Ok(())
    }

    /// She asks for something, takes it back, or lets it be paid another way.
    pub(super) async fn ask(&mut self) -> Step {
        let Some(booking) = self.any_booking().await else {
            return Ok(());
        };
        let (store, by) = (self.database.store(), self.lodge.by.clone());
        let method = if self.dice.one_in(3) {
            Method::Transfer
        } else {
            Method::MercadoPago
        };
        let what = self.dice.roll(4);
        let done = match what {
            0 => match self.dice.below(booking.requests.len()) {
                Some(at) => {
                    let request = booking.requests[at].id;
                    settled("withdraw", requests::withdraw(store, &by, request).await)?
                }
                None => false,
            },
            1 => settled(
                "switch",
                requests::switch(store, &by, booking.id, method).await,
            )?,
            _ => {
                let extra = what == 2;
                let new = NewAsk {
                    purpose: if extra {
                        Purpose::Extra
                    } else {
                        Purpose::Balance
                    },
                    method,
                    amount: extra
                        .then(|| Money::new(self.dice.amount(3_000_000), booking.charge.currency)),
                    expires_at: None,
                    note: String::new(),
                };
                let asked = requests::ask(store, &by, booking.id, &new, None, |_| {
                    serde_json::Value::Null
                })
                .await;
                settled("ask", asked)?
            }
        };
        let what = ["withdrawn", "switched", "an extra", "the balance"]
            [usize::try_from(what).unwrap_or(0)];
        self.note(format!("{what} of {} by {method:?}: {done}", booking.code));
        Ok(())
    }

    pub(super) async fn orphans(&mut self) -> Step {
        let filter = payments::Filter {
            verdict: Some("orphan".to_owned()),
            ..payments::Filter::default()
        };
        let store = self.database.store();
        let wrong = |error| format!("list orphans: {error:?}");
        let mut conn = store.acquire().await.map_err(wrong)?;
        let orphans = payments::list(&mut conn, self.lodge.tenant, &filter)
            .await
            .map_err(wrong)?;
        drop(conn);
        let Some(at) = self.dice.below(orphans.len()) else {
            return Ok(());
        };
        let id: PaymentId = orphans[at].id;
        let by = self.lodge.by.clone();
        let (what, done) = match self.dice.roll(4) {
            0 => (
                "dismissed",
                settled("dismiss", orphans::dismiss(store, &by, id).await)?,
            ),
            1 => (
                "refunded",
                settled("refund", orphans::refund(store, &by, id).await)?,
            ),
            _ => {
                let Some(booking) = self.any_booking().await else {
                    return Ok(());
                };
                let assigned = orphans::assign(store, &by, id, booking.id).await;
                ("assigned", settled("assign", assigned)?)
            }
        };
        self.note(format!(
            "orphan {} is {what}: {done}",
            orphans[at].provider_id
        ));
        Ok(())
    }
}
