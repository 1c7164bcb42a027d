//! Places and people with more, and longer names, than anybody thought of: what is said keeps the provider's limits, which
//! [`crate::guest::Bubble`] checks of everything that is read.

#![expect(
    clippy::unwrap_used,
    reason = "tests stop at the first thing that is not as it must be"
)]

use uuid::Uuid;

use crate::{desk::Desk, guest::Guest};

/// Two hundred characters, of which the first tell little.
fn endless(number: usize) -> String {
    format!(
        "Cabaña de los Arrayanes y del Bosque Encantado {}🏡 {number}",
        "muy ".repeat(36)
    )
}

async fn forty_kinds(desk: &Desk) {
    for number in 0..40 {
        let kind = Uuid::now_v7();
        let rates = serde_json::json!({ "currency": "ARS", "night": 10_000_000 + 1_000 * number, "included_guests": 4 });
        sqlx::query(
            "INSERT INTO unit_types (tenant_id, id, property_id, name, capacity, rates) VALUES ($1, $2, $3, $4, 4, $5)",
        )
        .bind(desk.lodge.tenant.uuid())
        .bind(kind)
        .bind(desk.lodge.property.uuid())
        .bind(endless(number))
        .bind(rates)
        .execute(desk.db.pool())
        .await
        .unwrap();
        sqlx::query("INSERT INTO accommodations (tenant_id, id, unit_type_id, name) VALUES ($1, $2, $3, $4)")
            .bind(desk.lodge.tenant.uuid())
            .bind(Uuid::now_v7())
            .bind(kind)
            .bind(endless(number))
            .execute(desk.db.pool())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn forty_kinds_of_cabins_with_endless_names_are_offered_and_held() {
    let desk = Desk::open().await;
    forty_kinds(&desk).await;
    let guest = Guest::new(&desk, &"Ñandú 👩‍👩‍👧 ".repeat(20), 1);
    let options = guest.asks_price(40).await;
    assert!((2..=10).contains(&options.choices.len()), "{options:#?}");
    let mut titles: Vec<_> = options
        .choices
        .iter()
        .map(|(_, title)| title.clone())
        .collect();
    titles.sort();
    titles.dedup();
    assert_eq!(
        titles.len(),
        options.choices.len(),
        "each can be told from the others: {titles:#?}"
    );
    let price = guest.taps(&options.choice("option:")).await;
    guest.taps(&price[0].choice("hold:")).await;
    assert_eq!(guest.codes().await.len(), 1);
    for text in [
        "mis reservas",
        "cuánto sale la más barata",
        "qué servicios tienen?",
        "quiero cambiar la fecha",
        "cancelar",
    ] {
        assert!(!guest.says(text).await.is_empty(), "{text}");
    }
}

#[tokio::test]
async fn endless_texts_of_the_owner_are_said_whole_or_cut_where_it_shows() {
    let desk = Desk::open().await;
    for (key, length) in [("services", 3000), ("location", 9000)] {
        sqlx::query("UPDATE property_texts SET body = $2 WHERE key = $1")
            .bind(key)
            .bind(format!("{}fin.", "Sí 🏔 ".repeat(length / 5)))
            .execute(desk.db.pool())
            .await
            .unwrap();
    }
    let guest = Guest::new(&desk, "Ana", 1);
    let services = guest.says("qué servicios tienen?").await;
    assert!(
        services[0].text.contains("fin."),
        "three thousand characters fit"
    );
    assert!(
        !services[0].choices.is_empty(),
        "and so do the ways to go on"
    );
    let both = guest.says("dónde queda y qué servicios tienen?").await;
    assert!(both[0].text.contains('…'));
}
