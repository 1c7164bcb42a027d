//! The money of each day, and whether Mercado Pago says the same.

use axum::extract::State;
use posta_domain::money::Money as Amount;
use posta_store::payments::check::{self, LedgerDay};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    auth::Readonly,
    dto::{Date, Money},
    extract::{Body, Query},
    problem::Problem,
    state::AppState,
};

/// So many days at once: a year.
const MOST_DAYS: i64 = 366;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(ledger_days))
}

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DaysQuery {
    /// The first one.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// The last one; at most a year in all.
    #[param(value_type = String, format = Date)]
    to: Date,
}

/// The money of some days.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerDays {
    /// Oldest first; each day has one for each currency that moved.
    days: Vec<LedgerDayView>,
}

/// What moved on a day, in one currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerDay)]
struct LedgerDayView {
    /// The day, as Mercado Pago counts them.
    day: Date,
    /// What came by Mercado Pago, before fees.
    received: Money,
    /// How many payments.
    count: i64,
    /// What came by hand: transfers and cash.
    by_hand: Money,
    /// What went back by Mercado Pago.
    refunded: Money,
    /// What went back by hand.
    refunded_by_hand: Money,
    /// What disputes took, less what came back of it.
    charged_back: Money,
    /// What Mercado Pago kept.
    fees: Money,
    /// What taxes took.
    withholdings: Money,
    /// What is left of all that.
    net: Money,
    /// What came, by what was read of the payments at Mercado Pago.
    theirs: Money,
    /// How many of them.
    theirs_count: i64,
    /// What of it has gone back or was taken.
    theirs_back: Money,
    /// Whether the last comparison with Mercado Pago's own list agreed; null where there was none.
    reconciled: Option<bool>,
}

/// The money of each day, by currency
#[utoipa::path(get, path = "/owner/ledger/days", tag = "owner", operation_id = "ledger_days", params(DaysQuery),
    responses((status = 200, description = "The days with money.", body = LedgerDays)))]
async fn ledger_days(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Query(query): Query<DaysQuery>,
) -> Result<Body<LedgerDays>, Problem> {
    let (from, to) = (query.from.day()?, query.to.day()?);
    if !(0..MOST_DAYS).contains(&(to - from).num_days()) {
        return Err(Problem::invalid("to"));
    }
    let mut conn = state.store.acquire().await?;
    let rows = check::days(&mut conn, Some(principal.tenant), from, to).await?;
    Ok(Body(LedgerDays {
        days: rows.iter().map(LedgerDayView::from).collect(),
    }))
}

impl From<&LedgerDay> for LedgerDayView {
    fn from(row: &LedgerDay) -> Self {
        let money = |minor| Money::from(Amount::new(minor, row.currency));
        Self {
            day: row.day.into(),
            received: money(row.received),
            count: row.count,
            by_hand: money(row.by_hand),
            refunded: money(row.refunded),
            refunded_by_hand: money(row.refunded_by_hand),
            charged_back: money(row.charged_back),
            fees: money(row.fees),
            withholdings: money(row.withholdings),
            net: money(row.net),
            theirs: money(row.theirs),
            theirs_count: row.theirs_count,
            theirs_back: money(row.theirs_back),
            reconciled: row.reconciled,
        }
    }
}
