//! `[property]`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use posta_domain::{
    cancellation::{Policy, Tier, Withdrawal},
    money::{Currency, RateMicros},
};

use super::{
    super::reader::{Part, Reading, amount, count, date, dates, flag, hour, parsed, percent, text},
    FileRate,
    words::texts,
};
use crate::catalog::{Overpaid, PropertyEdit, check};

/// Decimals of an exchange rate.
const RATE_DECIMALS: u32 = 6;

/// What the part says.
pub(super) struct Property {
    pub(super) name: String,
    pub(super) currency: Currency,
    pub(super) country: Option<String>,
    pub(super) settings: PropertyEdit,
    pub(super) texts: BTreeMap<String, String>,
    pub(super) holidays: BTreeMap<NaiveDate, String>,
    pub(super) not_holidays: BTreeSet<NaiveDate>,
    pub(super) exchange_rate: Option<FileRate>,
}

pub(super) fn read(mut part: Part<'_, '_>, reading: &mut Reading) -> Property {
    let name = part.need(reading, "name", text);
    let currency = part.need(
        reading,
        "currency",
        parsed::<Currency>("a currency code such as ARS"),
    );
    let charge_currency = part.get(
        reading,
        "charge_currency",
        parsed::<Currency>("a currency code such as ARS"),
    );
    let country = part.get(reading, "country", country);
    let settings = PropertyEdit {
        name: name.clone(),
        zone: part.need(
            reading,
            "zone",
            parsed::<Tz>("a time zone such as America/Argentina/Buenos_Aires: not a time zone"),
        ),
        // Absent: as the prices. A file without it undoes an earlier one's.
        charge_currency: charge_currency.or(currency),
        deposit: part.get(reading, "deposit_percent", percent),
        hold_minutes: part.get(reading, "hold_minutes", count),
        verification_hours: part.get(reading, "verification_hours", count),
        request_hours: part.get(reading, "request_hours", count),
        remind_minutes: part.get(reading, "remind_minutes", count),
        overpaid: part.get(reading, "overpaid", parsed::<Overpaid>("refund or credit")),
        credit_days: part.get(reading, "credit_days", count),
        balance_days: part.get(reading, "balance_days", count),
        quote_minutes: part.get(reading, "quote_minutes", count),
        horizon_days: part.get(reading, "horizon_days", count),
        max_nights: part.get(reading, "max_nights", count),
        cancellation: cancellation(&mut part, reading),
        check_in_from: part.need(reading, "check_in_from", hour),
        check_out_until: part.need(reading, "check_out_until", hour),
        answers_from: part.need(reading, "answers_from", hour),
        answers_until: part.need(reading, "answers_until", hour),
        active: part.get(reading, "active", flag),
    };
    let mut found = Vec::new();
    settings.check(&part.prefix(), &mut found);
    reading.problems_of(found);
    let property = Property {
        texts: texts(&mut part, "texts", reading),
        holidays: holidays(&mut part, reading),
        not_holidays: part
            .get(reading, "not_holidays", dates)
            .unwrap_or_default()
            .into_iter()
            .collect(),
        exchange_rate: exchange_rate(&mut part, charge_currency, currency, reading),
        name: name.unwrap_or_default(),
        currency: currency.unwrap_or(Currency::ARS),
        country,
        settings,
    };
    for day in property.holidays.keys() {
        if property.not_holidays.contains(day) {
            let text = format!("{day} is among the holidays too");
            reading.problem(part.at("not_holidays"), text);
        }
    }
    part.finish(reading);
    property
}

fn country(value: &toml::de::DeValue<'_>) -> Result<String, String> {
    let code = text(value)?;
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(code)
    } else {
        Err("is not a country code of two letters such as AR".to_owned())
    }
}

fn holidays(part: &mut Part<'_, '_>, reading: &mut Reading) -> BTreeMap<NaiveDate, String> {
    let mut holidays = BTreeMap::new();
    for mut part in part.parts(reading, "holidays") {
        let day = part.need(reading, "day", date);
        let name = part.need(reading, "name", text);
        if let (Some(day), Some(name)) = (day, name) {
            let mut found = Vec::new();
            check::name(&part.at("name"), &name, &mut found);
            reading.problems_of(found);
            if holidays.insert(day, name).is_some() {
                reading.problem(part.at("day"), format!("{day} is there twice"));
            }
        }
        part.finish(reading);
    }
    holidays
}

fn cancellation(part: &mut Part<'_, '_>, reading: &mut Reading) -> Option<Policy> {
    let mut part = part.part(reading, "cancellation")?;
    let mut policy = Policy::default();
    for mut part in part.parts(reading, "tiers") {
        let days_before = part.need(reading, "days_before", count);
        let refund_bp = part.need(reading, "refund_percent", percent);
        if let (Some(days_before), Some(refund_bp)) = (days_before, refund_bp) {
            policy.tiers.push(Tier {
                days_before,
                refund_bp,
            });
        }
        part.finish(reading);
    }
    if let Some(mut part) = part.part(reading, "withdrawal") {
        let days = part.need(reading, "days", count);
        let notice_days = part.get(reading, "notice_days", count).unwrap_or(0);
        policy.withdrawal = days.map(|days| Withdrawal { days, notice_days });
        part.finish(reading);
    }
    part.finish(reading);
    Some(policy)
}

fn exchange_rate(
    part: &mut Part<'_, '_>,
    charge: Option<Currency>,
    currency: Option<Currency>,
    reading: &mut Reading,
) -> Option<FileRate> {
    let mut part = part.part(reading, "exchange_rate")?;
    let rate = part.need(reading, "rate", |value| {
        RateMicros::try_from(amount(RATE_DECIMALS)(value)?).map_err(str::to_owned)
    });
    let source = part.need(reading, "source", text);
    if let Some(source) = &source {
        let mut found = Vec::new();
        check::name(&part.at("source"), source, &mut found);
        reading.problems_of(found);
    }
    if charge.is_none() || charge == currency {
        let text = "is of no use while charge_currency is the currency of the prices";
        reading.problem(part.prefix().trim_end_matches('.'), text);
    }
    part.finish(reading);
    Some(FileRate {
        to: charge?,
        rate: rate?,
        source: source?,
    })
}
