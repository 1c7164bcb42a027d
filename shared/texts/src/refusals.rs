//! Why a stay cannot be sold, as a guest reads it.

use chrono::Datelike as _;
use fluent_bundle::FluentArgs;
use posta_domain::refusal::Refusal;

use crate::Renderer;

impl Renderer<'_> {
    /// A whole sentence that says what would be possible instead.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        let key = format!("refusal-{}", refusal.code().replace('_', "-"));
        self.whole(&key, &self.arguments(refusal))
    }

    /// The refusal's fields under their names: dates as a guest writes them, lists joined.
    fn arguments(&self, refusal: &Refusal) -> FluentArgs<'static> {
        let mut args = FluentArgs::new();
        match refusal {
            Refusal::NotADate { text } | Refusal::NoSuchDate { text } => {
                args.set("text", text.clone());
            }
            Refusal::Inverted {
                check_in,
                check_out,
            } => {
                args.set("check_in", self.date(*check_in));
                args.set("check_out", self.date(*check_out));
            }
            Refusal::Past { check_in, today } => {
                args.set("check_in", self.date(*check_in));
                args.set("today", self.date(*today));
            }
            Refusal::TooLong { most } => args.set("most", *most),
            Refusal::BeyondHorizon { until } => args.set("until", self.date(*until)),
            Refusal::TooManyGuests { guests, capacity } => {
                args.set("guests", *guests);
                // 0: no cabin was named.
                args.set("capacity", capacity.unwrap_or(0));
            }
            Refusal::BelowMinimum { min_nights } => args.set("min_nights", *min_nights),
            Refusal::ArrivalDay { check_in, allowed } => {
                let days: Vec<_> = allowed.days().map(|day| self.weekday(day)).collect();
                args.set("check_in", self.date(*check_in));
                args.set("weekday", self.weekday(check_in.weekday()));
                args.set("allowed", self.list(&days));
            }
            Refusal::Pets { most } => args.set("most", u32::from(*most)),
            Refusal::Unknown { what } => args.set("what", what.clone()),
            Refusal::WrongCurrency { asked, possible } => {
                let possible: Vec<_> = possible.iter().map(ToString::to_string).collect();
                args.set("asked", asked.to_string());
                args.set("possible", self.list(&possible));
            }
            Refusal::StaleQuote { valid_until } => {
                args.set("valid_until", self.moment(*valid_until));
            }
            Refusal::Taken { nights } => {
                args.set("count", nights.len());
                args.set("nights", self.nights(nights));
            }
            Refusal::NoAdult
            | Refusal::Inactive
            | Refusal::NoPrice
            | Refusal::QuoteUsed
            | Refusal::PriceImpossible
            | Refusal::StaysImpossible
            | Refusal::ReceiptWaiting
            | Refusal::NeedsOwner => {}
        }
        args
    }
}
