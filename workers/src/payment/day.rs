//! A day at Mercado Pago against ours.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use posta_providers::mercadopago::{Payment, PaymentsBy, Search};
use posta_store::{
    Store,
    payments::{
        Reading,
        reads::{self, ReadKind},
        reconcile,
    },
};

use super::{account::Account, gate::Gate, read::Trouble};

/// The provider's clock: its days begin and end by it.
const WEST: TimeDelta = TimeDelta::hours(4);
/// What was made before a day and approved on it: reviews take two business days.
const LONGEST_REVIEW: TimeDelta = TimeDelta::days(5);
/// At fifty payments each: more than anybody with thirty cabins has in a day. What does not fit is said, not skipped.
const MAX_PAGES: usize = 40;

/// Every page of a search.
pub(super) async fn all(
    gate: &Gate,
    account: &Account,
    search: Search,
) -> Result<Vec<Payment>, Trouble> {
    let mut found = Vec::new();
    let mut next = Some(search);
    for _ in 0..MAX_PAGES {
        let Some(search) = next else {
            return Ok(found);
        };
        let page = gate
            .ask(account, "search", |client, token| {
                client.search_payments(token, &search)
            })
            .await?;
        if page.unreadable > 0 {
            tracing::warn!(
                results = page.unreadable,
                "search results without a readable id"
            );
        }
        found.extend(page.payments);
        next = page.next;
    }
    match next {
        None => Ok(found),
        Some(_) => Err(Trouble::Unfit(
            "there are more pages than anybody reads".to_owned(),
        )),
    }
}

/// Asks for all payments that may have been approved on `day`, or have changed on it, and has them compared with what we have.
pub(super) async fn compare(
    store: &Store,
    gate: &Gate,
    account: &Account,
    reading: &Reading,
    day: NaiveDate,
) -> Result<(), Trouble> {
    let (begin, end) = bounds(day);
    let created = PaymentsBy::Created(begin - LONGEST_REVIEW, end);
    let mut found = all(gate, account, Search::new(created)).await?;
    found.extend(all(gate, account, Search::new(PaymentsBy::Changed(begin, end))).await?);
    found.sort_by(|a, b| a.number().cmp(b.number()));
    found.dedup_by(|a, b| a.number() == b.number());
    let mut listed = Vec::with_capacity(found.len());
    for payment in &found {
        if let Ok(snapshot) = payment.snapshot() {
            listed.push(snapshot);
            continue;
        }
        // Lists leave fields out; the payment itself has them.
        let mut conn = store.acquire().await?;
        let (kind, id) = (ReadKind::Payment, payment.number().as_str());
        reads::want(&mut conn, reading.tenant, account.id, kind, id).await?;
    }
    let compared = reconcile::compare(store, reading, day, &listed).await?;
    tracing::info!(
        %day,
        listed = listed.len(),
        unknown = compared.wanted,
        currencies.differing = compared.differing,
        "a day compared with Mercado Pago's"
    );
    Ok(())
}

/// From the day's first to its last millisecond, as the provider counts it.
fn bounds(day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = day.and_time(NaiveTime::MIN).and_utc() + WEST;
    (
        midnight,
        midnight + TimeDelta::days(1) - TimeDelta::milliseconds(1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_providers_day_is_an_hour_later_than_ours() {
        let (begin, end) = bounds("2026-11-22".parse().unwrap());
        assert_eq!(begin.to_rfc3339(), "2026-11-22T04:00:00+00:00");
        assert_eq!(end.to_rfc3339(), "2026-11-23T03:59:59.999+00:00");
    }
}
