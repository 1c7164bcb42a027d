//! A property's file against the database.

use posta_domain::money::Currency;
use posta_store::{
    catalog::{self, About, EditError, UnitTypeEdit},
    import::{PropertyFile, import},
    testing::database,
};

use crate::catalog::{LAKE, count, day, lake, owner, read};

const DEMO: &str = include_str!("../../../../sandbox/demo/property.toml");

#[tokio::test]
async fn the_demos_file_is_imported_and_a_second_time_changes_nothing() {
    let database = database().await;
    let by = owner(&database).await;
    let file = PropertyFile::parse(DEMO).unwrap();
    let first = import(database.store(), &by, &file).await.unwrap();
    assert!(first.is_new);
    let place = read(database.store(), first.property).await;
    assert_eq!(
        (place.types.len(), place.cabins.len(), place.seasons.len()),
        (3, 3, 4)
    );
    assert!(place.types.iter().all(|it| it.rates.is_some()));
    assert!(place.holidays.contains_key(&day("2027-05-10")));
    let steps = count(&database, "audit_log").await;
    let second = import(database.store(), &by, &file).await.unwrap();
    assert_eq!((second.property, second.is_new), (first.property, false));
    assert_eq!(read(database.store(), first.property).await, place);
    assert_eq!(count(&database, "audit_log").await, steps);
}

#[tokio::test]
async fn texts_of_kinds_and_of_single_cabins_are_renewed_and_none_is_taken_away() {
    let database = database().await;
    let by = owner(&database).await;
    let store = database.store();
    let file = PropertyFile::parse(DEMO).unwrap();
    let id = import(store, &by, &file).await.unwrap().property;
    assert_eq!(read(store, id).await.property.remind_minutes, 10);
    let about = async || {
        let mut conn = store.acquire().await.unwrap();
        let texts = catalog::cabin_texts(&mut conn, by.tenant, id)
            .await
            .unwrap();
        let place = read(store, id).await;
        let kind = About::Kind(place.types[0].id);
        let cabin = About::Cabin(place.cabins_of(place.types[0].id).next().unwrap().id);
        (texts[&kind].clone(), texts[&cabin].clone())
    };
    let (kind, cabin) = about().await;
    assert!(kind["pets"].contains("Arrayán") && cabin["access"].contains("4417"));
    let changed = DEMO
        .replace("4417", "5528")
        .replace("remind_minutes = 10", "remind_minutes = 0")
        .replace("overpaid = \"refund\"", "overpaid = \"credit\"")
        .replace("balance_days = 3", "balance_days = 0")
        .replace("pets = \"En Arrayán no", "parking = \"En Arrayán no");
    import(store, &by, &PropertyFile::parse(&changed).unwrap())
        .await
        .unwrap();
    let (kind, cabin) = about().await;
    assert_eq!(kind.len(), 2, "nothing is ever deleted: {kind:?}");
    assert!(cabin["access"].contains("5528"));
    let settings = read(store, id).await.property;
    assert_eq!((settings.remind_minutes, settings.balance_days), (0, 0));
    assert_eq!(
        (settings.overpaid, settings.credit_days),
        (catalog::Overpaid::Credit, 365)
    );
    let wrong = DEMO
        .replace("cabin_texts.\"Arrayán\"", "cabin_texts.\"Radal\"")
        .replace("remind_minutes = 10", "remind_minutes = 2000")
        .replace("overpaid = \"refund\"", "overpaid = \"keep\"");
    let problems = PropertyFile::parse(&wrong).unwrap_err().to_string();
    assert!(
        problems.contains("\"Radal\" is not among the accommodations"),
        "{problems}"
    );
    assert!(problems.contains("remind_minutes"), "{problems}");
    assert!(problems.contains("is not refund or credit"), "{problems}");
}

#[tokio::test]
async fn the_file_wins_for_what_it_names_and_leaves_the_rest() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let store = database.store();
    let place = read(store, id).await;
    let edit = UnitTypeEdit {
        description: Some("Con deck".to_owned()),
        capacity: Some(5),
        ..UnitTypeEdit::default()
    };
    catalog::edit_unit_type(store, &by, place.types[0].id, &edit)
        .await
        .unwrap();
    catalog::add_cabin(store, &by, place.types[0].id, "Nueva")
        .await
        .unwrap();
    catalog::remove_holiday(store, &by, id, day("2027-05-25"))
        .await
        .unwrap();
    import(store, &by, &PropertyFile::parse(LAKE).unwrap())
        .await
        .unwrap();
    let now = read(store, id).await;
    assert_eq!(now.types[0].capacity, 4);
    assert_eq!(now.types[0].description, "Con deck");
    assert_eq!(now.cabins.len(), 4);
    assert!(!now.holidays.contains_key(&day("2027-05-25")));
}

#[tokio::test]
async fn the_currency_changes_with_all_prices_or_not_at_all() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let store = database.store();
    let dollars = LAKE
        .replace(
            "currency = \"ARS\"",
            "currency = \"USD\"\ncharge_currency = \"ARS\"",
        )
        .replace("100_000", "90")
        .replace("120_000", "\"110,50\"");
    let renamed = dollars
        .replace("\"Grande\"", "\"Otra\"")
        .replace("\"Uno\", \"Dos\"", "");
    let before = read(store, id).await;
    let refused = import(store, &by, &PropertyFile::parse(&renamed).unwrap()).await;
    assert!(matches!(refused, Err(EditError::Invalid(_))), "{refused:?}");
    assert_eq!(read(store, id).await, before);
    import(store, &by, &PropertyFile::parse(&dollars).unwrap())
        .await
        .unwrap();
    let now = read(store, id).await;
    assert_eq!(
        (now.property.currency, now.property.charge_currency),
        (Currency::USD, Currency::ARS)
    );
    let rates = now.types[0].rates.as_ref().unwrap();
    assert_eq!(
        (rates.currency, rates.weekend_night),
        (Currency::USD, Some(11_050))
    );
}

#[tokio::test]
async fn two_imports_of_a_new_property_at_once_make_one() {
    let database = database().await;
    let by = owner(&database).await;
    let file = PropertyFile::parse(DEMO).unwrap();
    let mut running = Vec::new();
    for _ in 0..4 {
        let (store, by, file) = (database.store().clone(), by.clone(), file.clone());
        running.push(tokio::spawn(
            async move { import(&store, &by, &file).await },
        ));
    }
    let mut new = 0;
    for imported in running {
        new += u32::from(imported.await.unwrap().unwrap().is_new);
    }
    assert_eq!(new, 1);
    assert_eq!(count(&database, "accommodations").await, 3);
}
