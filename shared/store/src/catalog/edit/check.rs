//! What the owner may enter. The database checks the ranges again; here every problem is named at once.

use std::collections::{BTreeMap, BTreeSet};

use posta_domain::{
    cancellation::Policy,
    ids::UnitTypeId,
    money::Currency,
    rates::{Rates, RatesProblem, Season, SeasonPrices, SeasonProblem},
};

use crate::catalog::error::Problem;

const LONGEST_NAME: usize = 120;
const LONGEST_TEXT: usize = 4_000;
const MOST_PHOTOS: usize = 30;
const LONGEST_ADDRESS: usize = 500;
const MOST_TIERS: usize = 12;
/// Days of a cancellation policy: two years.
const MOST_DAYS: u32 = 730;

/// A name that guests read on one line.
pub(crate) fn name(at: &str, value: &str, problems: &mut Vec<Problem>) {
    if value.trim().is_empty() {
        problems.push(Problem::new(at, "empty", "is empty"));
    } else if value.trim() != value || value.chars().any(char::is_control) {
        problems.push(Problem::new(
            at,
            "unclean",
            "begins or ends with spaces, or has control characters",
        ));
    } else if value.chars().count() > LONGEST_NAME {
        let text = format!("has more than {LONGEST_NAME} characters");
        problems.push(Problem::new(at, "too_long", text));
    }
}

/// A text of several lines; `may_be_empty` for descriptions.
pub(crate) fn text(at: &str, value: &str, may_be_empty: bool, problems: &mut Vec<Problem>) {
    if value.trim().is_empty() && !may_be_empty {
        problems.push(Problem::new(at, "empty", "is empty"));
    } else if value.chars().any(|c| c.is_control() && c != '\n') {
        problems.push(Problem::new(at, "unclean", "has control characters"));
    } else if value.chars().count() > LONGEST_TEXT {
        let text = format!("has more than {LONGEST_TEXT} characters");
        problems.push(Problem::new(at, "too_long", text));
    }
}

/// The key of a text: `location`, `check_in`.
pub(crate) fn key(at: &str, value: &str, problems: &mut Vec<Problem>) {
    let fine = (1..=40).contains(&value.len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !fine {
        let text = "is not a key of 1 to 40 lower case letters, digits and _";
        problems.push(Problem::new(at, "not_a_key", text));
    }
}

/// A number with its bounds.
pub(crate) fn between(at: &str, value: u32, least: u32, most: u32, problems: &mut Vec<Problem>) {
    if value < least || value > most {
        let text = format!("{value} is not between {least} and {most}");
        problems.push(Problem::new(at, "out_of_range", text));
    }
}

/// Addresses of pictures.
pub(crate) fn photos(at: &str, addresses: &[String], problems: &mut Vec<Problem>) {
    if addresses.len() > MOST_PHOTOS {
        let text = format!("are more than {MOST_PHOTOS}");
        problems.push(Problem::new(at, "too_many", text));
    }
    for (n, address) in addresses.iter().enumerate() {
        let rest = address
            .strip_prefix("https://")
            .or_else(|| address.strip_prefix("http://"));
        let fine = address.len() <= LONGEST_ADDRESS
            && rest.is_some_and(|rest| !rest.is_empty())
            && address.bytes().all(|byte| byte.is_ascii_graphic());
        if !fine {
            problems.push(Problem::new(
                format!("{at}[{n}]"),
                "not_an_address",
                "is not an address that begins with https://",
            ));
        }
    }
}

/// The owner's rules for cancelling.
pub(crate) fn cancellation(at: &str, policy: &Policy, problems: &mut Vec<Problem>) {
    if policy.tiers.len() > MOST_TIERS {
        let text = format!("are more than {MOST_TIERS}");
        problems.push(Problem::new(format!("{at}.tiers"), "too_many", text));
    }
    let mut seen = BTreeSet::new();
    for (n, tier) in policy.tiers.iter().enumerate() {
        let at = format!("{at}.tiers[{n}].days_before");
        between(&at, tier.days_before, 0, MOST_DAYS, problems);
        if !seen.insert(tier.days_before) {
            let text = format!("two tiers begin {} days before", tier.days_before);
            problems.push(Problem::new(at, "twice", text));
        }
    }
    if let Some(right) = policy.withdrawal {
        let part = |name: &str| format!("{at}.withdrawal.{name}");
        between(&part("days"), right.days, 1, MOST_DAYS, problems);
        between(
            &part("notice_days"),
            right.notice_days,
            0,
            MOST_DAYS,
            problems,
        );
    }
}

/// Prices of a type outside seasons.
pub(crate) fn rates(at: &str, rates: &Rates, currency: Currency, problems: &mut Vec<Problem>) {
    if rates.currency != currency {
        problems.push(Problem::new(
            format!("{at}.currency"),
            "currency",
            format!("{} is not the property's {currency}", rates.currency),
        ));
    }
    for problem in rates.problems() {
        let (field, code) = match problem {
            RatesProblem::Night(field) => (field, "price"),
            RatesProblem::Amount(field) => (field, "amount"),
            RatesProblem::MinNights => ("min_nights", "out_of_range"),
            RatesProblem::IncludedGuests => ("included_guests", "out_of_range"),
            RatesProblem::AgeBands => ("age_bands", "age_bands"),
            RatesProblem::LongStay => ("long_stay", "long_stay"),
        };
        let at = format!("{at}.{field}");
        problems.push(Problem::new(at, code, problem.to_string()));
    }
}

/// A season's dates and conditions; `at` is put before each field's name.
pub(crate) fn season(at: &str, season: &Season, problems: &mut Vec<Problem>) {
    season_problems(at, season.problems(), problems);
}

/// A season's prices, by type.
pub(crate) fn season_prices(
    at: &str,
    prices: &BTreeMap<UnitTypeId, SeasonPrices>,
    problems: &mut Vec<Problem>,
) {
    for (unit_type, prices) in prices {
        prices_of_type(&format!("{at}.{unit_type}"), prices, problems);
    }
}

/// One type's prices in a season.
pub(crate) fn prices_of_type(at: &str, prices: &SeasonPrices, problems: &mut Vec<Problem>) {
    season_problems(&format!("{at}."), prices.problems(), problems);
}

fn season_problems(at: &str, found: Vec<SeasonProblem>, problems: &mut Vec<Problem>) {
    for problem in found {
        let (field, code) = match problem {
            SeasonProblem::Name => ("name", "name"),
            SeasonProblem::Nights => ("last_night", "nights"),
            SeasonProblem::MinNights => ("min_nights", "out_of_range"),
            SeasonProblem::Night(field) => (field, "price"),
        };
        problems.push(Problem::new(
            format!("{at}{field}"),
            code,
            problem.to_string(),
        ));
    }
}
