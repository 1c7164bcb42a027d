//! Searching payments, one page at a time.
//!
//! A hit is a hint too: results may lack fields and may be older than the payment itself. The provider searches about
//! twelve months back.

use chrono::{DateTime, Utc};
use url::Url;

use super::{
    ExternalReference, Payment, PreferenceId, Unfit,
    field::{inner, list, object, write_time},
};

/// More than most days have; the provider's own default is 30.
const PAGE: u32 = 50;

/// Which payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentsBy {
    /// All tries to pay one request, newest first.
    Reference(ExternalReference),
    /// Made in this time, oldest first.
    Created(DateTime<Utc>, DateTime<Utc>),
    /// Changed last in this time, oldest first.
    Changed(DateTime<Utc>, DateTime<Utc>),
}

/// Which merchant orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrdersBy {
    /// Of one link.
    Preference(PreferenceId),
    /// Of one request.
    Reference(ExternalReference),
}

/// One page of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    by: PaymentsBy,
    offset: u32,
}

/// What a page holds.
#[derive(Debug, Clone)]
pub struct PaymentPage {
    /// In the order that was asked for. [`Payment::snapshot`] may be unfit for want of fields.
    pub payments: Vec<Payment>,
    /// Results without a readable id.
    pub unreadable: usize,
    /// How many there are on all pages, if it says so.
    pub total: Option<u32>,
    /// The next page, if there is one.
    pub next: Option<Search>,
}

// === impl Search ===

impl Search {
    /// From the first page.
    pub fn new(by: PaymentsBy) -> Self {
        Self { by, offset: 0 }
    }

    pub(super) fn write(&self, url: &mut Url) {
        let mut query = url.query_pairs_mut();
        match &self.by {
            PaymentsBy::Reference(reference) => {
                query
                    .append_pair("external_reference", reference.as_str())
                    .append_pair("sort", "date_created")
                    .append_pair("criteria", "desc");
            }
            PaymentsBy::Created(begin, end) | PaymentsBy::Changed(begin, end) => {
                let range = match self.by {
                    PaymentsBy::Created(..) => "date_created",
                    _ => "date_last_updated",
                };
                query
                    .append_pair("sort", range)
                    .append_pair("criteria", "asc")
                    .append_pair("range", range)
                    .append_pair("begin_date", &write_time(*begin))
                    .append_pair("end_date", &write_time(*end));
            }
        }
        query
            .append_pair("limit", &PAGE.to_string())
            .append_pair("offset", &self.offset.to_string());
    }

    /// Reads `{"paging": {"total", …}, "results": […]}`.
    pub(super) fn read(&self, json: &str) -> Result<PaymentPage, Unfit> {
        let fields = object(json)?;
        let results = list(&fields, "results");
        if results.is_empty() && fields.get("results").is_none() && fields.get("paging").is_none() {
            return Err(Unfit::Missing("results"));
        }
        let total =
            inner(&fields, "paging").and_then(|paging| paging.text("total")?.parse::<u32>().ok());
        let count = u32::try_from(results.len()).unwrap_or(u32::MAX);
        let after = self.offset.saturating_add(count);
        // Without a total, a full page may have a next one.
        let more = count > 0 && total.map_or(count >= PAGE, |total| after < total);
        let mut page = PaymentPage {
            payments: Vec::with_capacity(results.len()),
            unreadable: 0,
            total,
            next: more.then(|| Self {
                by: self.by.clone(),
                offset: after,
            }),
        };
        for result in results {
            match Payment::parse(result.get()) {
                Ok(payment) if self.is_asked_for(&payment) => page.payments.push(payment),
                // Other searches of this provider are known to ignore this filter.
                Ok(_) => {}
                Err(_) => page.unreadable += 1,
            }
        }
        Ok(page)
    }

    fn is_asked_for(&self, payment: &Payment) -> bool {
        match (&self.by, payment.reference()) {
            (PaymentsBy::Reference(asked), Some(found)) => asked.as_str() == found,
            _ => true,
        }
    }
}
