//! The catalogue: read whole, edited piece by piece, with a trace of every change.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use posta_domain::{
    money::{BasisPoints, Currency, RateMicros},
    nights::{Period, Weekdays},
    rates::{Rates, SeasonPrices},
};
use posta_store::{
    Store,
    audit::By,
    catalog::{
        self, CabinEdit, EditError, NewUnitType, Of, Place, PropertyEdit, SeasonEdit, UnitTypeEdit,
    },
    ids::{PropertyId, TenantId},
    import::{PropertyFile, import},
    testing::{Database, database},
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

pub(crate) const LAKE: &str = r#"
[property]
name = "Lago"
zone = "America/Argentina/Buenos_Aires"
currency = "ARS"
check_in_from = "15:00"
check_out_until = "10:00"
answers_from = "09:00"
answers_until = "21:00"

[[unit_types]]
name = "Grande"
capacity = 4
accommodations = ["Uno", "Dos"]
[unit_types.rates]
night = 100_000
weekend_night = 120_000
min_nights = 2

[[unit_types]]
name = "Chica"
capacity = 2
accommodations = ["Tres"]
"#;

/// Somebody who may edit a tenant of her own.
pub(crate) async fn owner(database: &Database) -> By {
    let tenant = TenantId::fresh();
    sqlx::query("INSERT INTO tenants (id, name) VALUES ($1, 'Lago')")
        .bind(tenant.uuid())
        .execute(database.pool())
        .await
        .unwrap();
    By {
        tenant,
        actor: format!("user:{}", Uuid::now_v7()),
        request_id: None,
    }
}

pub(crate) async fn lake(database: &Database) -> (By, PropertyId) {
    let by = owner(database).await;
    let file = PropertyFile::parse(LAKE).unwrap();
    let imported = import(database.store(), &by, &file).await.unwrap();
    (by, imported.property)
}

pub(crate) async fn read(store: &Store, property: PropertyId) -> Place {
    let mut conn = store.acquire().await.unwrap();
    catalog::place(&mut conn, None, property)
        .await
        .unwrap()
        .unwrap()
}

pub(crate) async fn count(database: &Database, from: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {from}")))
        .fetch_one(database.pool())
        .await
        .unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn season(place: &Place, name: &str) -> SeasonEdit {
    let night = |minor| SeasonPrices {
        night: minor,
        weekend_night: None,
        holiday_night: None,
    };
    SeasonEdit {
        name: name.to_owned(),
        first_night: day("2027-01-01"),
        last_night: day("2027-02-28"),
        priority: 1,
        min_nights: Some(3),
        arrival_days: Weekdays::from_bits(32),
        booking_mode: None,
        prices: BTreeMap::from([(place.types[0].id, night(15_000_000))]),
    }
}

#[tokio::test]
async fn a_property_is_read_with_all_it_lets() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let place = read(database.store(), id).await;
    let names: Vec<&str> = place.types.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Grande", "Chica"]);
    let rates = place.types[0].rates.as_ref().unwrap();
    assert_eq!((rates.night, rates.included_guests), (10_000_000, 4));
    assert_eq!(place.types[1].rates, None);
    assert_eq!(place.cabins_of(place.types[0].id).count(), 2);
    assert!(place.holidays.contains_key(&day("2027-05-25")));
    let mut conn = database.store().acquire().await.unwrap();
    let of = Of::Cabin(place.cabins[2].id);
    let found = catalog::property_of(&mut conn, by.tenant, of)
        .await
        .unwrap();
    assert_eq!(found, Some(id));
    assert_eq!(
        catalog::only_property(&mut conn).await.unwrap(),
        Some((by.tenant, id))
    );
}

#[tokio::test]
async fn another_tenants_property_is_not_there() {
    let database = database().await;
    let (_, id) = lake(&database).await;
    let stranger = owner(&database).await;
    let place = read(database.store(), id).await;
    let mut conn = database.store().acquire().await.unwrap();
    let theirs = catalog::place(&mut conn, Some(stranger.tenant), id).await;
    assert_eq!(theirs.unwrap(), None);
    drop(conn);
    let store = database.store();
    let (unit_type, cabin) = (place.types[0].id, place.cabins[0].id);
    let edit = UnitTypeEdit {
        capacity: Some(5),
        ..UnitTypeEdit::default()
    };
    let before = count(&database, "audit_log").await;
    let refused = [
        catalog::edit_property(store, &stranger, id, &PropertyEdit::default()).await,
        catalog::edit_unit_type(store, &stranger, unit_type, &edit).await,
        catalog::edit_cabin(store, &stranger, cabin, &CabinEdit::default()).await,
        catalog::set_text(store, &stranger, id, "welcome", "Hola").await,
        catalog::put_holiday(store, &stranger, id, day("2027-03-01"), "Fiesta").await,
        catalog::put_season(store, &stranger, id, None, &season(&place, "Verano"))
            .await
            .map(|_| ()),
        catalog::add_cabin(store, &stranger, unit_type, "Cuatro")
            .await
            .map(|_| ()),
    ];
    for refusal in refused {
        assert!(
            matches!(refusal, Err(EditError::NotFound(_))),
            "{refusal:?}"
        );
    }
    assert_eq!(count(&database, "audit_log").await, before);
    assert_eq!(read(store, id).await, place);
}

#[tokio::test]
async fn an_edit_leaves_what_it_changed_in_the_audit_log_and_one_that_changes_nothing_leaves_none()
{
    let database = database().await;
    let (by, id) = lake(&database).await;
    let store = database.store();
    let edit = PropertyEdit {
        deposit: BasisPoints::new(3_000),
        hold_minutes: Some(45),
        ..PropertyEdit::default()
    };
    for _ in 0..2 {
        catalog::edit_property(store, &by, id, &edit).await.unwrap();
    }
    let place = read(store, id).await;
    assert_eq!(place.property.deposit.get(), 3_000);
    assert_eq!(place.property.hold_minutes, 45);
    let details: Vec<serde_json::Value> = sqlx::query_scalar(
        "SELECT detail FROM audit_log WHERE action = 'property_edited' AND actor = $1 AND detail ? 'deposit_bp'",
    )
    .bind(&by.actor)
    .fetch_all(database.pool())
    .await
    .unwrap();
    assert_eq!(
        details,
        [serde_json::json!({
            "deposit_bp": { "from": 5000, "to": 3000 },
            "hold_minutes": { "from": 30, "to": 45 },
        })]
    );
}

#[tokio::test]
async fn what_is_not_possible_is_all_said_and_changes_nothing() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let store = database.store();
    let before = read(store, id).await;
    let edit = PropertyEdit {
        name: Some(" ".to_owned()),
        hold_minutes: Some(0),
        max_nights: Some(366),
        ..PropertyEdit::default()
    };
    let Err(EditError::Invalid(problems)) = catalog::edit_property(store, &by, id, &edit).await
    else {
        panic!("it was accepted");
    };
    let at: Vec<&str> = problems.iter().map(|problem| problem.at.as_str()).collect();
    assert_eq!(at, ["name", "hold_minutes", "max_nights"]);
    let in_dollars = Rates {
        currency: Currency::USD,
        night: 0,
        ..before.types[0].rates.clone().unwrap()
    };
    let new = NewUnitType {
        name: "Nueva".to_owned(),
        description: String::new(),
        capacity: 51,
        photos: vec!["javascript:alert(1)".to_owned()],
        rates: Some(in_dollars),
    };
    let Err(EditError::Invalid(problems)) = catalog::add_unit_type(store, &by, id, &new).await
    else {
        panic!("it was accepted");
    };
    let at: Vec<&str> = problems.iter().map(|problem| problem.at.as_str()).collect();
    assert_eq!(
        at,
        ["capacity", "photos[0]", "rates.currency", "rates.night"]
    );
    assert_eq!(read(store, id).await, before);
}

#[tokio::test]
async fn a_name_that_another_one_has_is_refused() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let store = database.store();
    let place = read(store, id).await;
    let refused = catalog::add_cabin(store, &by, place.types[0].id, "Uno").await;
    assert!(matches!(
        refused,
        Err(EditError::NameTaken("accommodation"))
    ));
    let edit = UnitTypeEdit {
        name: Some("Chica".to_owned()),
        ..UnitTypeEdit::default()
    };
    let refused = catalog::edit_unit_type(store, &by, place.types[0].id, &edit).await;
    assert!(matches!(refused, Err(EditError::NameTaken("unit_type"))));
}

#[tokio::test]
async fn a_season_is_put_whole_and_priced_by_type() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let store = database.store();
    let place = read(store, id).await;
    let season_id = catalog::put_season(store, &by, id, None, &season(&place, "Verano"))
        .await
        .unwrap();
    let now = read(store, id).await;
    let touched = Period::new(day("2026-12-30"), day("2027-01-02")).unwrap();
    let seasons = now.seasons_for(place.types[0].id, touched);
    assert_eq!(seasons.len(), 1);
    assert_eq!(seasons[0].prices.map(|it| it.night), Some(15_000_000));
    assert_eq!(now.seasons_for(place.types[1].id, touched)[0].prices, None);
    let outside = Period::new(day("2026-12-30"), day("2027-01-01")).unwrap();
    assert!(now.seasons_for(place.types[0].id, outside).is_empty());
    let bare = SeasonEdit {
        prices: BTreeMap::new(),
        arrival_days: None,
        ..season(&place, "Verano")
    };
    catalog::put_season(store, &by, id, Some(season_id), &bare)
        .await
        .unwrap();
    let now = read(store, id).await;
    assert!(now.seasons[0].prices.is_empty() && now.seasons[0].season.arrival_days.is_none());
    catalog::remove_season(store, &by, season_id).await.unwrap();
    assert!(read(store, id).await.seasons.is_empty());
    let actions: Vec<String> =
        sqlx::query_scalar("SELECT action FROM audit_log WHERE subject = $1 ORDER BY at")
            .bind(format!("season:{season_id}"))
            .fetch_all(database.pool())
            .await
            .unwrap();
    assert_eq!(actions, ["season_added", "season_edited", "season_removed"]);
}

#[tokio::test]
async fn a_season_of_another_property_cannot_be_taken_over() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let store = database.store();
    let place = read(store, id).await;
    let other = PropertyFile::parse(&LAKE.replace("\"Lago\"", "\"Sierra\"")).unwrap();
    let other = import(store, &by, &other).await.unwrap().property;
    let season_id = catalog::put_season(store, &by, id, None, &season(&place, "Verano"))
        .await
        .unwrap();
    let theirs = SeasonEdit {
        prices: BTreeMap::new(),
        ..season(&place, "Verano")
    };
    let refused = catalog::put_season(store, &by, other, Some(season_id), &theirs).await;
    assert!(matches!(refused, Err(EditError::NotFound("season"))));
    let priced = catalog::put_season(store, &by, other, None, &season(&place, "Verano")).await;
    assert!(matches!(priced, Err(EditError::Invalid(_))));
}

#[tokio::test]
async fn holidays_texts_and_rates_are_edited_line_by_line() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let store = database.store();
    let fiesta = day("2027-03-01");
    catalog::put_holiday(store, &by, id, fiesta, "Fiesta")
        .await
        .unwrap();
    catalog::put_holiday(store, &by, id, fiesta, "Fiesta del lago")
        .await
        .unwrap();
    assert_eq!(read(store, id).await.holidays[&fiesta], "Fiesta del lago");
    catalog::remove_holiday(store, &by, id, fiesta)
        .await
        .unwrap();
    let gone = catalog::remove_holiday(store, &by, id, fiesta).await;
    assert!(matches!(gone, Err(EditError::NotFound("holiday"))));
    catalog::set_text(store, &by, id, "welcome", "Hola")
        .await
        .unwrap();
    let mut conn = store.acquire().await.unwrap();
    let texts = catalog::texts(&mut conn, by.tenant, id).await.unwrap();
    assert_eq!(texts["welcome"], "Hola");
    catalog::remove_text(store, &by, id, "welcome")
        .await
        .unwrap();
    assert!(
        catalog::texts(&mut conn, by.tenant, id)
            .await
            .unwrap()
            .is_empty()
    );
    for micros in [1_300_000_000, 1_350_500_000] {
        let rate = RateMicros::new(micros).unwrap();
        catalog::set_exchange_rate(store, &by, id, Currency::USD, rate, "BNA")
            .await
            .unwrap();
    }
    let newest = catalog::exchange(&mut conn, id, Currency::ARS, Currency::USD)
        .await
        .unwrap();
    assert_eq!(newest.map(|it| it.rate.get()), Some(1_350_500_000));
    let same =
        catalog::set_exchange_rate(store, &by, id, Currency::ARS, RateMicros::ONE, "x").await;
    assert!(matches!(same, Err(EditError::Invalid(_))));
}

#[tokio::test]
async fn edits_of_one_property_at_the_same_time_all_arrive() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let mut running = Vec::new();
    for n in 0..8 {
        let (store, by) = (database.store().clone(), by.clone());
        running.push(tokio::spawn(async move {
            let name = format!("Cabaña {n}");
            let new = NewUnitType {
                name,
                description: String::new(),
                capacity: 2,
                photos: Vec::new(),
                rates: None,
            };
            catalog::add_unit_type(&store, &by, id, &new).await
        }));
    }
    for added in running {
        added.await.unwrap().unwrap();
    }
    assert_eq!(read(database.store(), id).await.types.len(), 10);
}
