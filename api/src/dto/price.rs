//! A price, line by line.

use chrono::{DateTime, Utc};
use posta_domain::{
    quote::{self, NightRate},
    rates::BookingMode,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Money;

/// What a booking costs, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Breakdown {
    /// In the order a guest reads them; they add up to `total`.
    pub lines: Vec<Line>,
    /// In the currency of the prices.
    pub total: Money,
    /// The same in the currency that is charged.
    pub charge: Money,
    /// Part of the charge, due to confirm.
    pub deposit: Money,
    /// What remains of the charge.
    pub balance: Money,
    /// `instant`: the booking stands by itself. `request`: the owner must say yes.
    #[schema(example = "instant")]
    pub booking_mode: String,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Line {
    /// Which cabin of the booking, from 0; absent for adjustments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stay: Option<u32>,
    /// What for.
    pub kind: LineKind,
    /// Which night price, of nights: `plain`, `weekend`, `holiday`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<String>,
    /// The season that gave the price, of nights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<String>,
    /// The oldest age it is for, of children.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up_to_age: Option<u8>,
    /// Hundredths of a percent, of a discount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_bp: Option<u16>,
    /// In the owner's words, of an adjustment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many: nights, guests × nights, pets.
    pub count: i64,
    /// Each.
    pub unit: Money,
    /// All of them; a discount is negative.
    pub amount: Money,
}

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Nights at one price.
    Nights,
    /// Guests beyond those included.
    ExtraGuests,
    /// Pets.
    Pets,
    /// Cleaning.
    Cleaning,
    /// Off a long stay.
    LongStay,
    /// The owner's.
    Adjustment,
}

/// The rate at which a price is charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Exchange {
    /// What one unit of the price's currency costs in the charge's, in millionths.
    pub rate_micros: i64,
    /// Who said so.
    pub source: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<&quote::Exchange> for Exchange {
    fn from(exchange: &quote::Exchange) -> Self {
        Self {
            rate_micros: exchange.rate.get(),
            source: exchange.source.clone(),
            at: exchange.at,
        }
    }
}

impl From<&quote::Breakdown> for Breakdown {
    fn from(breakdown: &quote::Breakdown) -> Self {
        let currency = breakdown.total.currency;
        Self {
            lines: breakdown
                .lines
                .iter()
                .map(|line| Line::of(line, currency))
                .collect(),
            total: breakdown.total.into(),
            charge: breakdown.charge.into(),
            deposit: breakdown.deposit.into(),
            balance: breakdown.balance().into(),
            booking_mode: match breakdown.booking_mode {
                BookingMode::Instant => "instant",
                BookingMode::Request => "request",
            }
            .to_owned(),
        }
    }
}

impl Line {
    fn of(line: &quote::Line, currency: posta_domain::money::Currency) -> Self {
        let money = |minor| posta_domain::money::Money::new(minor, currency).into();
        let mut shown = Self {
            stay: line.stay,
            kind: LineKind::Nights,
            rate: None,
            season: None,
            up_to_age: None,
            discount_bp: None,
            reason: None,
            count: line.count,
            unit: money(line.unit),
            amount: money(line.amount),
        };
        match &line.kind {
            quote::LineKind::Nights { rate, season } => {
                let rate = match rate {
                    NightRate::Plain => "plain",
                    NightRate::Weekend => "weekend",
                    NightRate::Holiday => "holiday",
                };
                shown.rate = Some(rate.to_owned());
                shown.season.clone_from(season);
            }
            quote::LineKind::ExtraGuests { up_to_age } => {
                shown.kind = LineKind::ExtraGuests;
                shown.up_to_age = *up_to_age;
            }
            quote::LineKind::Pets => shown.kind = LineKind::Pets,
            quote::LineKind::Cleaning => shown.kind = LineKind::Cleaning,
            quote::LineKind::LongStay { discount } => {
                shown.kind = LineKind::LongStay;
                shown.discount_bp = Some(discount.get());
            }
            quote::LineKind::Adjustment { reason } => {
                shown.kind = LineKind::Adjustment;
                shown.reason = Some(reason.clone());
            }
        }
        shown
    }
}
