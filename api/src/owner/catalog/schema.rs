//! The shape of prices and policies as the document describes them. They are read and written by the domain's own
//! types, which have no descriptions; a test compares the two.
#![expect(
    dead_code,
    reason = "only described; the domain's types are what is read and written"
)]

use utoipa::ToSchema;

/// Prices and conditions of a kind of cabin outside seasons. Amounts are minor units of `currency`.
#[derive(ToSchema)]
pub(super) struct Rates {
    /// The property's.
    #[schema(pattern = "^[A-Z]{3}$", example = "ARS")]
    currency: String,
    /// Any night without another price.
    #[schema(minimum = 0, example = 8000000)]
    night: i64,
    /// A night of the weekend; absent: as any night.
    #[schema(nullable = false)]
    weekend_night: Option<i64>,
    /// A night before a holiday; absent: as a night of the weekend.
    #[schema(nullable = false)]
    holiday_night: Option<i64>,
    /// Which nights are the weekend's; Friday and Saturday if absent.
    #[schema(required = false)]
    weekend: Vec<Weekday>,
    /// At least so many nights; 1 if absent.
    #[schema(required = false)]
    min_nights: u32,
    /// Arrivals on these days only; absent: on any.
    #[schema(nullable = false)]
    arrival_days: Option<Vec<Weekday>>,
    /// Whether a booking needs the owner's yes; `instant` if absent.
    #[schema(required = false)]
    booking_mode: BookingMode,
    /// Guests that the price of the night includes.
    included_guests: u32,
    /// Each further guest, a night, who falls in no age band; 0 if absent.
    #[schema(required = false)]
    extra_guest_night: i64,
    /// Children by age, youngest band first.
    #[schema(required = false)]
    age_bands: Vec<AgeBand>,
    /// Not taken, if absent.
    #[schema(required = false)]
    pets: Pets,
    /// Once a stay.
    #[schema(required = false)]
    cleaning_fee: i64,
    /// Discounts on the nights of long stays; the longest that is reached counts.
    #[schema(required = false)]
    long_stay: Vec<LongStay>,
}

/// A day of the week.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Whether a booking stands by itself (`instant`) or waits for the owner's yes (`request`).
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum BookingMode {
    Instant,
    Request,
}

/// More than was asked for goes back (`refund`) or waits for the guest's next stay (`credit`).
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum Overpaid {
    Refund,
    Credit,
}

/// Children of some ages.
#[derive(ToSchema)]
pub(super) struct AgeBand {
    /// The oldest of them, in whole years.
    up_to: u8,
    /// What each of them costs a night once the included places are used up.
    extra_night: i64,
    /// Whether they take a place of the cabin's capacity (babies in a cot do not).
    takes_place: bool,
}

/// What is done about pets: `no`, `ask` (the owner decides each time), or `fee` with its three amounts.
#[derive(ToSchema)]
pub(super) struct Pets {
    /// Which.
    policy: PetPolicy,
    /// So many at most; with `fee`.
    #[schema(nullable = false)]
    most: Option<u8>,
    /// Each pet, once a stay; with `fee`.
    #[schema(nullable = false)]
    per_stay: Option<i64>,
    /// Each pet, a night; with `fee`.
    #[schema(nullable = false)]
    per_night: Option<i64>,
}

/// What is done about pets.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum PetPolicy {
    No,
    Ask,
    Fee,
}

/// A discount.
#[derive(ToSchema)]
pub(super) struct LongStay {
    /// From so many nights.
    nights: u32,
    /// Hundredths of a percent, off the nights.
    #[schema(minimum = 0, maximum = 10000)]
    discount: u16,
}

/// A season's prices for one kind of cabin, minor units of the property's currency.
#[derive(ToSchema)]
pub(super) struct SeasonPrices {
    /// Any night.
    #[schema(minimum = 1)]
    night: i64,
    /// A night of the weekend; null: as any night of the season.
    weekend_night: Option<i64>,
    /// A night before a holiday; null: as a night of the weekend.
    holiday_night: Option<i64>,
}

/// What goes back when a guest cancels.
#[derive(ToSchema)]
pub(super) struct CancellationPolicy {
    /// The reached tier with the most days counts; with none reached, nothing goes back.
    tiers: Vec<Tier>,
    /// The law's right of withdrawal; null: it does not apply.
    withdrawal: Option<Withdrawal>,
}

/// So many days before arrival, so much back.
#[derive(ToSchema)]
pub(super) struct Tier {
    /// At least so many days before the day of arrival.
    days_before: u32,
    /// Hundredths of a percent of what was paid.
    #[schema(minimum = 0, maximum = 10000)]
    refund_bp: u16,
}

/// The right of withdrawal.
#[derive(ToSchema)]
pub(super) struct Withdrawal {
    /// Days after booking.
    days: u32,
    /// Not later than so many days before arrival.
    notice_days: u32,
}

#[cfg(test)]
mod tests {
    use posta_domain::{
        cancellation::Policy,
        rates::{AgeBand, LongStay, Rates, SeasonPrices},
    };
    use posta_store::catalog::Overpaid;
    use serde_json::{Value, json};
    use utoipa::PartialSchema;

    /// The members of `value`, which has them all, are those that are described.
    fn same<S: PartialSchema>(value: &Value) {
        let schema = serde_json::to_value(S::schema()).unwrap();
        let names = |object: &Value| -> Vec<String> {
            let object = object.as_object().unwrap();
            let mut names: Vec<_> = object.keys().cloned().collect();
            names.sort();
            names
        };
        assert_eq!(names(&schema["properties"]), names(value));
    }

    #[test]
    fn what_is_described_is_what_is_read_and_written() {
        let rates = json!({
            "currency": "ARS", "night": 1, "weekend_night": 1, "holiday_night": 1, "weekend": ["fri"], "min_nights": 1,
            "arrival_days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "booking_mode": "request",
            "included_guests": 2, "extra_guest_night": 1,
            "age_bands": [{ "up_to": 2, "extra_night": 0, "takes_place": false }],
            "pets": { "policy": "fee", "most": 1, "per_stay": 1, "per_night": 1 }, "cleaning_fee": 1,
            "long_stay": [{ "nights": 7, "discount": 1000 }],
        });
        let read: Rates = serde_json::from_value(rates.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), rates);
        same::<super::Rates>(&rates);
        same::<super::Pets>(&rates["pets"]);
        same::<super::AgeBand>(&json!(AgeBand {
            up_to: 2,
            extra_night: 0,
            takes_place: false
        }));
        let long: LongStay = serde_json::from_value(rates["long_stay"][0].clone()).unwrap();
        same::<super::LongStay>(&json!(long));
        let season = SeasonPrices {
            night: 1,
            weekend_night: None,
            holiday_night: None,
        };
        same::<super::SeasonPrices>(&json!(season));
        let policy = json!({ "tiers": [{ "days_before": 7, "refund_bp": 5000 }],
                             "withdrawal": { "days": 10, "notice_days": 0 } });
        let read: Policy = serde_json::from_value(policy.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), policy);
        same::<super::CancellationPolicy>(&policy);
        same::<super::Tier>(&policy["tiers"][0]);
        same::<super::Withdrawal>(&policy["withdrawal"]);
    }

    #[test]
    fn the_ways_of_more_than_was_asked_for_are_those_that_are_described() {
        let schema = serde_json::to_value(super::Overpaid::schema()).unwrap();
        let known = [Overpaid::Refund, Overpaid::Credit];
        assert_eq!(schema["enum"], json!(known));
        assert!(known.iter().all(|way| way.as_str().parse() == Ok(*way)));
    }

    #[test]
    fn what_is_not_required_may_be_absent() {
        let schema = serde_json::to_value(super::Rates::schema()).unwrap();
        let least = json!({ "currency": "ARS", "night": 1, "included_guests": 2 });
        let mut required: Vec<_> = least.as_object().unwrap().keys().cloned().collect();
        required.sort();
        let mut described: Vec<String> =
            serde_json::from_value(schema["required"].clone()).unwrap();
        described.sort();
        assert_eq!(described, required);
        serde_json::from_value::<Rates>(least).unwrap();
    }
}
