//! A world in memory: the real rules of availability and price over a small property, and bookings of this guest and of
//! another one whose data must never be seen.

#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "80_000_00 is $ 80.000,00"
)]

use std::{collections::BTreeSet, convert::Infallible};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    availability::{Cabin, Kind, Market, NightSet, Offers, Search, offers},
    cancellation::{By, Facts, Outcome, Policy, Tier},
    conditions::{Checks, Limits, Wanted as Asked, check},
    dialogue::{Booked, BookedStay, Denied, Link, Quoted, Wanted, World},
    ids::{EntryId, QuoteId, ReservationId, StayId, UnitTypeId},
    money::{BasisPoints, Currency, Money},
    nights::Period,
    quote::{Inputs, StayInputs, price},
    rates::{BookingMode, Rates},
    refusal::Refusal,
    reservation::{Awaiting, Hold, Reservation},
    understand::PayBy,
};

/// What the guest of the tests must never read.
pub(in crate::dialogue) const STRANGERS_CODE: &str = "XTRA99";

/// See the module.
#[derive(Debug, Clone)]
pub(in crate::dialogue) struct FakeWorld {
    pub(in crate::dialogue) now: DateTime<Utc>,
    pub(in crate::dialogue) market: Market,
    pub(in crate::dialogue) policy: Policy,
    /// This guest's quotes, and whether each was used.
    pub(in crate::dialogue) quotes: Vec<(Quoted, Option<EntryId>)>,
    /// This guest's bookings, oldest first.
    pub(in crate::dialogue) bookings: Vec<Booked>,
    /// Another guest's.
    pub(in crate::dialogue) strangers: Vec<Booked>,
    pub(in crate::dialogue) strangers_quotes: Vec<Quoted>,
    /// Receipts that were registered.
    pub(in crate::dialogue) receipts: Vec<(ReservationId, EntryId)>,
    pub(in crate::dialogue) opted_out: bool,
    /// Bookings whose payment was looked for.
    pub(in crate::dialogue) looked_for: Vec<ReservationId>,
    /// Changes are hers to make.
    pub(in crate::dialogue) needs_owner: bool,
    next: u128,
}

pub(in crate::dialogue) fn kind_id(n: u128) -> UnitTypeId {
    Uuid::from_u128(n).into()
}

pub(in crate::dialogue) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(in crate::dialogue) fn nights(check_in: &str, check_out: &str) -> Period {
    Period::new(day(check_in), day(check_out)).unwrap()
}

/// Kinds: 1 "Lago" for 4, 2 "Bosque" for 6 (two cabins), 3 "Mirador" for 2.
pub(in crate::dialogue) fn market() -> Market {
    let kind = |id: u128, name: &str, capacity, night, units: u128| Kind {
        id: kind_id(id),
        name: name.to_owned(),
        capacity,
        active: true,
        rates: Some(Rates {
            night,
            ..Rates::by_hand(Currency::ARS, capacity)
        }),
        seasons: Vec::new(),
        cabins: (0..units)
            .map(|unit| Cabin {
                id: Uuid::from_u128(id * 10 + unit).into(),
                name: format!("{name} {}", unit + 1),
                active: true,
                taken: NightSet::none(day("2026-11-01"), day("2028-06-01")),
            })
            .collect(),
    };
    Market {
        kinds: vec![
            kind(1, "Lago", 4, 80_000_00, 1),
            kind(2, "Bosque", 6, 100_000_00, 2),
            kind(3, "Mirador", 2, 60_000_00, 1),
        ],
        holidays: BTreeSet::new(),
        charge_currency: Currency::ARS,
        exchange: None,
        deposit: BasisPoints::new(3_000).unwrap(),
    }
}

impl FakeWorld {
    pub(in crate::dialogue) fn new(now: DateTime<Utc>) -> Self {
        let mut world = Self {
            now,
            market: market(),
            policy: Policy {
                tiers: vec![Tier {
                    days_before: 7,
                    refund_bp: BasisPoints::WHOLE,
                }],
                withdrawal: None,
            },
            quotes: Vec::new(),
            bookings: Vec::new(),
            strangers: Vec::new(),
            strangers_quotes: Vec::new(),
            receipts: Vec::new(),
            opted_out: false,
            looked_for: Vec::new(),
            needs_owner: false,
            next: 1_000,
        };
        let period = nights("2027-02-01", "2027-02-05");
        let party = crate::party::Party::new(2, Vec::new(), 0).unwrap();
        let wanted = [Wanted {
            unit_type: kind_id(3),
            cabin: None,
            period,
            party,
        }];
        let quoted = world.priced(&wanted).unwrap();
        let booked = world.booked(&quoted).unwrap();
        world.strangers_quotes.push(quoted);
        world.strangers.push(Booked {
            code: STRANGERS_CODE.to_owned(),
            ..booked
        });
        world
    }

    fn fresh(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    fn limits(&self) -> Limits {
        Limits {
            today: (self.now - TimeDelta::hours(3)).date_naive(),
            horizon_days: 400,
            max_nights: 60,
        }
    }

    /// Takes every cabin of a kind, as another channel would.
    pub(in crate::dialogue) fn fill(&mut self, kind: u128, first: &str, until: &str) {
        let kind = self
            .market
            .kinds
            .iter_mut()
            .find(|it| it.id == kind_id(kind));
        for cabin in &mut kind.unwrap().cabins {
            cabin.taken.add(day(first), day(until));
        }
    }

    /// The same for all kinds.
    pub(in crate::dialogue) fn fill_all(&mut self, first: &str, until: &str) {
        for kind in [1, 2, 3] {
            self.fill(kind, first, until);
        }
    }

    pub(in crate::dialogue) fn rates(&mut self, kind: u128) -> &mut Rates {
        let kind = self
            .market
            .kinds
            .iter_mut()
            .find(|it| it.id == kind_id(kind));
        kind.unwrap().rates.as_mut().unwrap()
    }

    /// The market with the nights of living bookings taken.
    fn as_it_is(&self) -> Market {
        let mut market = self.market.clone();
        let bookings = self.bookings.iter().chain(&self.strangers);
        for booked in bookings.filter(|it| it.state.at(self.now).takes_nights()) {
            for stay in &booked.stays {
                let cabins = market.kinds.iter_mut().flat_map(|kind| &mut kind.cabins);
                for cabin in cabins.filter(|cabin| cabin.id == stay.cabin) {
                    cabin
                        .taken
                        .add(stay.period.check_in(), stay.period.check_out());
                }
            }
        }
        market
    }

    fn kind(&self, id: UnitTypeId) -> Result<&Kind, Refusal> {
        let unknown = || Refusal::Unknown {
            what: "unit_type".to_owned(),
        };
        self.market
            .kinds
            .iter()
            .find(|kind| kind.id == id)
            .ok_or_else(unknown)
    }

    fn priced(&mut self, stays: &[Wanted]) -> Result<Quoted, Refusal> {
        let limits = self.limits();
        let mut inputs = Inputs {
            v: 1,
            priced_on: limits.today,
            stays: Vec::new(),
            holidays: BTreeSet::new(),
            adjustments: Vec::new(),
            exchange: None,
            deposit: self.market.deposit,
            policy: None,
        };
        let mut named = Vec::new();
        for wanted in stays {
            let kind = self.kind(wanted.unit_type)?;
            check(
                &Asked {
                    period: wanted.period,
                    party: &wanted.party,
                    capacity: kind.capacity,
                    active: kind.active,
                    rates: kind.rates.as_ref(),
                    seasons: &kind.seasons,
                },
                &limits,
                Checks::Guest,
            )?;
            inputs.stays.push(StayInputs {
                unit_type: kind.id,
                unit_type_name: kind.name.clone(),
                accommodation: wanted.cabin,
                capacity: kind.capacity,
                period: wanted.period,
                party: wanted.party.clone(),
                rates: kind.rates.clone().ok_or(Refusal::NoPrice)?,
                seasons: kind.seasons.clone(),
            });
            named.push((wanted.clone(), kind.name.clone()));
        }
        let price = price(&inputs)?;
        Ok(Quoted {
            id: QuoteId::from(self.fresh()),
            stays: named,
            price,
            adjustments: Vec::new(),
            valid_until: self.now + TimeDelta::hours(24),
        })
    }

    /// A held booking of a quote, in cabins that are free.
    fn booked(&mut self, quoted: &Quoted) -> Result<Booked, Refusal> {
        let market = self.as_it_is();
        let mut stays: Vec<BookedStay> = Vec::new();
        for (wanted, name) in &quoted.stays {
            let kind = market.kinds.iter().find(|kind| kind.id == wanted.unit_type);
            let mut cabins = kind.into_iter().flat_map(|kind| &kind.cabins);
            let free = cabins.find(|cabin| {
                !cabin.taken.touches(wanted.period)
                    && stays.iter().all(|stay| stay.cabin != cabin.id)
            });
            let cabin = free.ok_or(Refusal::Taken { nights: Vec::new() })?;
            stays.push(BookedStay {
                id: StayId::from(self.fresh()),
                unit_type: wanted.unit_type,
                unit_type_name: name.clone(),
                cabin: cabin.id,
                cabin_name: cabin.name.clone(),
                period: wanted.period,
                party: wanted.party.clone(),
            });
        }
        let awaiting = match quoted.price.booking_mode {
            BookingMode::Instant => Awaiting::Payment,
            BookingMode::Request => Awaiting::Owner,
        };
        let id = ReservationId::from(self.fresh());
        Ok(Booked {
            id,
            code: format!("C{}", self.next),
            state: Reservation::Held(Hold {
                expires_at: self.now + TimeDelta::minutes(30),
                awaiting,
            }),
            stays,
            quote: quoted.id,
            charge: quoted.price.charge,
            extras: Money::zero(quoted.price.charge.currency),
            deposit: quoted.price.deposit,
            paid: Money::zero(quoted.price.charge.currency),
            refund_due: Money::zero(quoted.price.charge.currency),
            to_pay: (awaiting == Awaiting::Payment).then_some(quoted.price.deposit),
            pay_by: (awaiting == Awaiting::Payment).then_some(PayBy::Transfer),
            link: Link::None,
            receipt_waits: false,
            created_at: self.now,
        })
    }

    /// As the clock sees it.
    fn seen(&self, booked: &Booked) -> Booked {
        let state = booked.state.at(self.now);
        Booked {
            state,
            to_pay: booked.to_pay.filter(|_| state.takes_nights()),
            pay_by: booked.pay_by.filter(|_| state.takes_nights()),
            ..booked.clone()
        }
    }

    fn of(&mut self, id: ReservationId) -> Result<&mut Booked, Denied> {
        let now = self.now;
        let booked = self.bookings.iter_mut().find(|it| it.id == id);
        let booked = booked.ok_or(Denied::NotFound)?;
        booked.state = booked.state.at(now);
        Ok(booked)
    }

    /// Books and pays a stay for this guest, without a word.
    pub(in crate::dialogue) fn confirmed(&mut self, kind: u128, period: Period) -> Booked {
        let party = crate::party::Party::new(2, Vec::new(), 0).unwrap();
        let wanted = [Wanted {
            unit_type: kind_id(kind),
            cabin: None,
            period,
            party,
        }];
        let quoted = self.priced(&wanted).unwrap();
        let booked = self.booked(&quoted).unwrap();
        let booked = Booked {
            state: Reservation::Confirmed,
            paid: booked.deposit,
            to_pay: None,
            pay_by: None,
            ..booked
        };
        let entry = EntryId::from(self.fresh());
        self.quotes.push((quoted, Some(entry)));
        self.bookings.push(booked.clone());
        booked
    }

    fn outcome(&self, booked: &Booked) -> Outcome {
        let today = self.limits().today;
        let facts = Facts {
            paid: booked.paid,
            sold: matches!(booked.state, Reservation::Confirmed),
            booked_on: today.checked_sub_days(Days::new(30)).unwrap(),
            check_in: booked.stays[0].period.check_in(),
            today,
            by: By::Guest,
        };
        self.policy.outcome(&facts).unwrap()
    }
}

/// What is open is asked for this way.
fn paid_by(booked: &mut Booked, way: PayBy) {
    booked.pay_by = Some(way);
    booked.link = match way {
        PayBy::MercadoPago => Link::Soon,
        PayBy::Transfer | PayBy::Cash => Link::None,
    };
}

impl World for FakeWorld {
    type Error = Infallible;

    async fn offers(&mut self, search: &Search) -> Result<Offers, Infallible> {
        Ok(offers(&self.as_it_is(), &self.limits(), search))
    }

    async fn quote(&mut self, stays: &[Wanted]) -> Result<Result<Quoted, Refusal>, Infallible> {
        let quoted = self.priced(stays);
        if let Ok(quoted) = &quoted {
            self.quotes.push((quoted.clone(), None));
        }
        Ok(quoted)
    }

    async fn quoted(&mut self, quote: QuoteId) -> Result<Option<Quoted>, Infallible> {
        let mine = self.quotes.iter().find(|(it, _)| it.id == quote);
        Ok(mine.map(|(it, _)| it.clone()))
    }

    async fn hold(
        &mut self,
        quote: QuoteId,
        pay_by: PayBy,
        entry: EntryId,
    ) -> Result<Result<Booked, Denied>, Infallible> {
        let Some(at) = self.quotes.iter().position(|(it, _)| it.id == quote) else {
            return Ok(Err(Denied::NotFound));
        };
        let (quoted, used) = self.quotes[at].clone();
        if used == Some(entry) {
            let booked = self.bookings.iter().find(|it| it.quote == quote).unwrap();
            return Ok(Ok(self.seen(booked)));
        }
        let refused = |why| Ok(Err(Denied::Refused(why)));
        if used.is_some() {
            return refused(Refusal::QuoteUsed);
        }
        if quoted.valid_until <= self.now {
            return refused(Refusal::StaleQuote {
                valid_until: quoted.valid_until,
            });
        }
        match self.booked(&quoted) {
            Ok(mut booked) => {
                if booked.to_pay.is_some() {
                    paid_by(&mut booked, pay_by);
                }
                self.quotes[at].1 = Some(entry);
                self.bookings.push(booked.clone());
                Ok(Ok(booked))
            }
            Err(why) => refused(why),
        }
    }

    async fn bookings(&mut self) -> Result<Vec<Booked>, Infallible> {
        let mut bookings: Vec<Booked> = self.bookings.iter().map(|it| self.seen(it)).collect();
        bookings.reverse();
        bookings.sort_by_key(|it| !it.state.takes_nights());
        Ok(bookings)
    }

    async fn booking(&mut self, id: ReservationId) -> Result<Option<Booked>, Infallible> {
        let booked = self.bookings.iter().find(|it| it.id == id);
        Ok(booked.map(|it| self.seen(it)))
    }

    async fn cancellation(
        &mut self,
        id: ReservationId,
    ) -> Result<Result<Outcome, Denied>, Infallible> {
        let booked = match self.of(id) {
            Ok(booked) => booked.clone(),
            Err(denied) => return Ok(Err(denied)),
        };
        Ok(match booked.state.cancel() {
            Ok(_) => Ok(self.outcome(&booked)),
            Err(_) => Err(Denied::State(booked.state.status())),
        })
    }

    async fn cancel(
        &mut self,
        id: ReservationId,
    ) -> Result<Result<(Booked, Outcome), Denied>, Infallible> {
        let outcome = match self.cancellation(id).await? {
            Ok(outcome) => outcome,
            Err(denied) => return Ok(Err(denied)),
        };
        let booked = self.of(id).unwrap();
        booked.state = Reservation::Cancelled;
        booked.refund_due = outcome.refund;
        booked.to_pay = None;
        booked.pay_by = None;
        Ok(Ok((booked.clone(), outcome)))
    }

    async fn change(
        &mut self,
        id: ReservationId,
        quote: QuoteId,
    ) -> Result<Result<Booked, Denied>, Infallible> {
        let mut booked = match self.of(id) {
            Ok(booked) => booked.clone(),
            Err(denied) => return Ok(Err(denied)),
        };
        let Some(at) = self.quotes.iter().position(|(it, _)| it.id == quote) else {
            return Ok(Err(Denied::NotFound));
        };
        if booked.state.change(self.now).is_err() {
            return Ok(Err(Denied::State(booked.state.status())));
        }
        if self.quotes[at].1.is_some() {
            return Ok(Err(Denied::Refused(Refusal::QuoteUsed)));
        }
        if self.needs_owner {
            return Ok(Err(Denied::Refused(Refusal::NeedsOwner)));
        }
        let quoted = self.quotes[at].0.clone();
        // Its own nights are not in its way.
        let before = std::mem::replace(&mut self.of(id).unwrap().state, Reservation::Cancelled);
        let moved = self.booked(&quoted);
        let own = self.of(id).unwrap();
        own.state = before;
        match moved {
            Ok(moved) => {
                booked.stays = moved.stays;
                booked.quote = quote;
                booked.charge = quoted.price.charge;
                booked.deposit = quoted.price.deposit;
                *own = booked.clone();
                let entry = EntryId::from(self.fresh());
                self.quotes[at].1 = Some(entry);
                Ok(Ok(booked))
            }
            Err(why) => Ok(Err(Denied::Refused(why))),
        }
    }

    async fn receipt(
        &mut self,
        id: ReservationId,
        entry: EntryId,
    ) -> Result<Result<Booked, Denied>, Infallible> {
        if self.receipts.iter().any(|(of, _)| *of != id) {
            return Ok(Err(Denied::Refused(Refusal::ReceiptWaiting)));
        }
        let until = self.now + TimeDelta::hours(48);
        let booked = match self.of(id) {
            Ok(booked) => booked,
            Err(denied) => return Ok(Err(denied)),
        };
        if let Reservation::Held(_) = booked.state {
            booked.state = Reservation::Held(Hold {
                expires_at: until,
                awaiting: Awaiting::Verification,
            });
        }
        booked.receipt_waits = true;
        let booked = booked.clone();
        self.receipts.push((id, entry));
        Ok(Ok(booked))
    }

    async fn pay_by(
        &mut self,
        id: ReservationId,
        way: PayBy,
    ) -> Result<Result<Booked, Denied>, Infallible> {
        let booked = match self.of(id) {
            Ok(booked) => booked,
            Err(denied) => return Ok(Err(denied)),
        };
        if !booked.state.takes_nights() {
            return Ok(Err(Denied::State(booked.state.status())));
        }
        let open = booked.charge.minor - booked.paid.minor;
        let balance = Money::new(open, booked.charge.currency);
        booked.to_pay = booked.to_pay.or(Some(balance));
        paid_by(booked, way);
        Ok(Ok(booked.clone()))
    }

    async fn look_for_payment(&mut self, id: ReservationId) -> Result<bool, Infallible> {
        let known = self.bookings.iter().any(|it| it.id == id);
        if known {
            self.looked_for.push(id);
        }
        Ok(known)
    }

    async fn opt_out(&mut self, out: bool) -> Result<(), Infallible> {
        self.opted_out = out;
        Ok(())
    }
}
