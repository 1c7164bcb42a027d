//! What is free, for whom, at what price.
//!
//! Not cached: every answer is read from the claims that decide. Not guaranteed: that it is still free when it is asked
//! for; the hold decides.

use axum::extract::State;
use posta_domain::{
    availability::{self, Among, Search},
    refusal::Refusal,
};
use posta_store::availability as store;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    dto::{Alternatives, Date, Money, Offer, Party, Stretch},
    extract::{Body, Query},
    problem::Problem,
    public::place,
    state::AppState,
    texts::Texts,
};

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// May be left out where there is only one.
    property: Option<Uuid>,
    /// The day of arrival, `YYYY-MM-DD`.
    #[param(value_type = String, format = Date, example = "2027-01-12")]
    check_in: Date,
    /// The day of departure, `YYYY-MM-DD`.
    #[param(value_type = String, format = Date, example = "2027-01-15")]
    check_out: Date,
    /// At least one.
    #[param(minimum = 0, maximum = 255)]
    adults: u8,
    /// The age of each child in whole years, with commas between: `5,8`. A question mark where it is not known.
    #[param(example = "5,8")]
    children: Option<String>,
    /// How many.
    #[param(minimum = 0, maximum = 255)]
    pets: Option<u8>,
    /// Cabins of this type only.
    unit_type: Option<Uuid>,
    /// This cabin only.
    accommodation: Option<Uuid>,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Availability {
    /// Of which property.
    property: Uuid,
    /// What can be had, the cheapest first. Empty: nothing is free.
    offers: Vec<Offer>,
    /// Why nothing is free.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Reason>,
    /// What comes nearest, where nothing is free.
    alternatives: Alternatives,
}

/// Why not.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Refusal)]
pub(super) struct Reason {
    /// For programs.
    #[schema(example = "taken")]
    code: String,
    /// As a guest reads it.
    detail: String,
}

/// What is free
///
/// Types of cabins with their price for these nights and this party. Where nothing is free, what comes nearest: other
/// cabins, other dates, two cabins together. What cannot be sold as asked is a 422 that says why, with alternatives.
#[utoipa::path(
    get,
    path = "/availability",
    tag = "catalogue",
    params(Asked),
    responses(
        (status = 200, description = "What can be had.", body = Availability),
        (status = 404, description = "There is no such property, type or cabin."),
    )
)]
pub(super) async fn availability(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Body<Availability>, Problem> {
    let search = asked.search()?;
    let mut conn = state.store.acquire().await?;
    let place = place::find(&mut conn, asked.property).await?;
    let today = place::today(&mut conn, &place).await?;
    let found = store::offers(&mut conn, &place, today, &search).await?;
    drop(conn);
    let alternatives = Alternatives::from(&found.alternatives);
    let refusal = match found.refusal {
        None => None,
        // The question is in order, the nights are not free.
        Some(refusal @ Refusal::Taken { .. }) => Some(Reason::of(&state.texts, &refusal)),
        Some(refusal) => {
            return Err(Problem::refused(refusal).with("alternatives", json(&alternatives)?));
        }
    };
    Ok(Body(Availability {
        property: place.property.id.uuid(),
        offers: found.offers.iter().map(Into::into).collect(),
        refusal,
        alternatives,
    }))
}

/// Which nights.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Range {
    /// May be left out where there is only one.
    property: Option<Uuid>,
    /// The first night, `YYYY-MM-DD`.
    #[param(value_type = String, format = Date, example = "2027-01-01")]
    from: Date,
    /// The day after the last night, `YYYY-MM-DD`.
    #[param(value_type = String, format = Date, example = "2027-02-01")]
    until: Date,
}

/// Free and taken nights.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Calendar {
    /// Of which property.
    property: Uuid,
    /// Each night of the range.
    days: Vec<Day>,
    /// Each cabin that is let.
    cabins: Vec<CabinNights>,
}

/// One night.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Day {
    /// Which.
    night: Date,
    /// How many cabins are free.
    free: u32,
    /// What the cheapest of them costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Money>,
}

/// The nights of a cabin.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CabinNights {
    /// Which.
    accommodation: Uuid,
    /// Its name.
    name: String,
    /// Its type.
    unit_type: Uuid,
    /// Stretches that cannot be had; the night of each `check_out` can.
    taken: Vec<Stretch>,
}

/// Which nights are free
///
/// For calendars on a page. Conditions of stays (minimum nights, days of arrival) count for nothing here.
#[utoipa::path(
    get,
    path = "/availability/calendar",
    tag = "catalogue",
    params(Range),
    responses(
        (status = 200, description = "Free and taken nights.", body = Calendar),
        (status = 404, description = "There is no such property."),
    )
)]
pub(super) async fn calendar(
    State(state): State<AppState>,
    Query(range): Query<Range>,
) -> Result<Body<Calendar>, Problem> {
    let (from, until) = (range.from.day()?, range.until.day()?);
    let mut conn = state.store.acquire().await?;
    let place = place::find(&mut conn, range.property).await?;
    let today = place::today(&mut conn, &place).await?;
    let calendar = store::calendar(&mut conn, &place, today, from, until)
        .await?
        .map_err(|_| Problem::invalid("until"))?;
    Ok(Body(Calendar::of(place.property.id.uuid(), &calendar)))
}

impl Asked {
    fn search(&self) -> Result<Search, Problem> {
        let stretch = Stretch {
            check_in: self.check_in.clone(),
            check_out: self.check_out.clone(),
        };
        let party = Party {
            adults: self.adults,
            children: ages(self.children.as_deref())?,
            pets: self.pets.unwrap_or(0),
        };
        Ok(Search {
            period: stretch.period()?,
            party: party.party()?,
            among: match (self.unit_type, self.accommodation) {
                (None, None) => Among::All,
                (Some(unit_type), None) => Among::Type(unit_type.into()),
                (_, Some(cabin)) => Among::Cabin(cabin.into()),
            },
        })
    }
}

/// `5,8,?`.
fn ages(text: Option<&str>) -> Result<Vec<Option<u8>>, Problem> {
    let text = text.map_or("", str::trim);
    if text.is_empty() {
        return Ok(Vec::new());
    }
    text.split(',')
        .map(|age| match age.trim() {
            "?" => Ok(None),
            age => age.parse().map(Some),
        })
        .collect::<Result<_, _>>()
        .map_err(|_| Problem::invalid("children"))
}

impl Reason {
    fn of(texts: &Texts, refusal: &Refusal) -> Self {
        Self {
            code: refusal.code().to_owned(),
            detail: texts.refusal(refusal),
        }
    }
}

impl Calendar {
    fn of(property: Uuid, calendar: &availability::Calendar) -> Self {
        let day = |day: &availability::Day| Day {
            night: day.night.into(),
            free: day.free,
            from: day.from.map(Into::into),
        };
        let cabin = |cabin: &availability::CabinNights| CabinNights {
            accommodation: cabin.accommodation.uuid(),
            name: cabin.name.clone(),
            unit_type: cabin.unit_type.uuid(),
            taken: cabin
                .taken
                .iter()
                .map(|(first, until)| Stretch {
                    check_in: (*first).into(),
                    check_out: (*until).into(),
                })
                .collect(),
        };
        Self {
            property,
            days: calendar.days.iter().map(day).collect(),
            cabins: calendar.cabins.iter().map(cabin).collect(),
        }
    }
}

/// As a member of a problem.
pub(super) fn json(alternatives: &Alternatives) -> Result<Value, Problem> {
    serde_json::to_value(alternatives).map_err(|error| {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "could not write alternatives down"
        );
        Problem::internal()
    })
}
