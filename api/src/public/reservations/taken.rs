//! Too late: what is free instead.

use posta_domain::{
    availability::{Among, Search},
    refusal::Refusal,
};
use posta_store::{availability, booking::Quote, catalog::Place};

use crate::{
    dto::Alternatives,
    problem::Problem,
    public::{availability::json, place},
    state::AppState,
};

/// The no, with what comes nearest for the first of the quote's stays that is not free. Where the database is too busy to
/// say it now, the answer is to try again (503): nothing has been held, and a no without a way out helps nobody.
pub(crate) async fn problem(
    state: &AppState,
    here: &Place,
    quote: &Quote,
    refusal: Refusal,
) -> Problem {
    let problem = Problem::refused(refusal);
    match alternatives(state, here, quote).await {
        Ok(found) => match json(&found) {
            Ok(found) => problem.with("alternatives", found),
            Err(broken) => broken,
        },
        Err(away) => away,
    }
}

async fn alternatives(
    state: &AppState,
    here: &Place,
    quote: &Quote,
) -> Result<Alternatives, Problem> {
    let mut conn = state.store.acquire().await?;
    let today = place::today(&mut conn, here).await?;
    let mut nearest = Alternatives::default();
    for stay in &quote.inputs.stays {
        let among = match stay.accommodation {
            Some(cabin) => Among::Cabin(cabin),
            None => Among::Type(stay.unit_type),
        };
        let search = Search {
            period: stay.period,
            party: stay.party.clone(),
            among,
        };
        let found = availability::offers(&mut conn, here, today, &search).await?;
        if found.offers.is_empty() {
            return Ok(Alternatives::from(&found.alternatives));
        }
        // Free after all, or the other cabin was the one: what is free now.
        nearest.cabins = found.offers.iter().map(Into::into).collect();
    }
    Ok(nearest)
}
