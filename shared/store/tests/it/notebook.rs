//! The owner's notebook against the bookings there are.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use posta_store::{
    audit::By,
    booking::{Booking, Filter, list},
    ids::PropertyId,
    notebook::{self, NotebookError, Options, Report},
    testing::{Database, database},
};

use crate::catalog::{count, day, lake};

const OPTIONS: Options<'static> = Options {
    dry_run: false,
    agreed_price: "Precio acordado",
};

async fn import(
    database: &Database,
    by: &By,
    property: PropertyId,
    text: &str,
) -> Result<Report, NotebookError> {
    notebook::import(database.store(), by, property, text.as_bytes(), &OPTIONS).await
}

fn problems(result: Result<Report, NotebookError>) -> Vec<String> {
    match result {
        Err(NotebookError::Problems(problems)) => {
            problems.iter().map(ToString::to_string).collect()
        }
        other => panic!("it was not refused: {other:?}"),
    }
}

async fn bookings(database: &Database, by: &By) -> Vec<Booking> {
    let mut conn = database.store().acquire().await.unwrap();
    let mut all = list(&mut conn, by.tenant, &Filter::default())
        .await
        .unwrap();
    all.sort_by_key(Booking::check_in);
    all
}

const TWO: &str = "origen;huésped;teléfono;cabaña;ingreso;salida;adultos;menores;total;pagado;moneda;notas\r\n\
    teléfono;Marta Ibáñez;+54 9 11 5555-0101;Uno;10/03/2031;12/03/2031;2;1;$ 450.000,50;225.000;ARS;\"Llega\r\ntarde\"\r\n\
    ;Jorge Peña;;tres;2031-03-10;13-3-31;;;0;;;\r\n;;;;;;;;;;;\r\n\r\n";

#[tokio::test]
async fn a_notebook_becomes_confirmed_bookings_at_the_price_that_is_written() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    // Far ahead today, and near enough when this test is old.
    let text = TWO.replace("2031", "2028").replace("3-31", "3-28");
    let report = import(&database, &by, id, &format!("\u{feff}sep=;\r\n{text}"))
        .await
        .unwrap();
    let lines: Vec<usize> = report.made.iter().map(|it| it.line).collect();
    assert_eq!(lines, [3, 5]);
    let all = bookings(&database, &by).await;
    assert_eq!(all.len(), 2);
    let marta = all
        .iter()
        .find(|it| it.guest_name == "Marta Ibáñez")
        .unwrap();
    assert_eq!(
        (marta.charge.minor, marta.paid.minor),
        (45_000_050, 22_500_000)
    );
    assert_eq!(marta.state.status().as_str(), "confirmed");
    assert_eq!(marta.guest_phone.as_deref(), Some("+5491155550101"));
    assert_eq!(marta.notes, "teléfono: Llega\ntarde");
    assert_eq!(marta.stays[0].cabin_name, "Uno");
    assert_eq!(marta.stays[0].party.guests(), 3);
    assert_eq!(marta.code, report.made[0].code);
    let (adjustments, repriced): (i64, bool) = sqlx::query_as(
        "SELECT jsonb_array_length(inputs->'adjustments')::bigint, charge_total = 45000050
         FROM quotes WHERE id = $1",
    )
    .bind(marta.quote.uuid())
    .fetch_one(database.pool())
    .await
    .unwrap();
    assert_eq!((adjustments, repriced), (1, true));
    let claims = count(&database, "claims WHERE kind = 'stay'").await;
    assert_eq!(claims, 2);
}

#[tokio::test]
async fn a_notebook_that_has_grown_adds_what_is_new_whatever_became_of_the_rest() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let text = TWO.replace("2031", "2028").replace("3-31", "3-28");
    let first = import(&database, &by, id, &text).await.unwrap();
    // Marta has moved to the other cabin of the type since, and Jorge has cancelled.
    let all = bookings(&database, &by).await;
    let marta = all
        .iter()
        .find(|it| it.guest_name.starts_with("Marta"))
        .unwrap();
    for sql in [
        "UPDATE stays SET accommodation_id = (SELECT id FROM accommodations WHERE name = 'Dos') WHERE id = $1",
        "UPDATE claims SET accommodation_id = (SELECT id FROM accommodations WHERE name = 'Dos') WHERE stay_id = $1",
        "DELETE FROM claims WHERE stay_id <> $1",
    ] {
        sqlx::query(sql)
            .bind(marta.stays[0].id.uuid())
            .execute(database.pool())
            .await
            .unwrap();
    }
    sqlx::query("UPDATE reservations SET status = 'cancelled' WHERE id <> $1")
        .bind(marta.id.uuid())
        .execute(database.pool())
        .await
        .unwrap();
    let grown = format!(
        "{}\r\n;Ana;;Uno;20/03/2028;22/03/2028;2;;90000;;;",
        text.trim_end()
    );
    let second = import(&database, &by, id, &grown).await.unwrap();
    assert_eq!(second.made.len(), 1);
    let codes = |lines: &[notebook::Line]| -> Vec<String> {
        lines.iter().map(|it| it.code.clone()).collect()
    };
    assert_eq!(codes(&second.skipped), codes(&first.made));
}

#[tokio::test]
async fn every_problem_is_said_with_its_line_and_nothing_is_imported() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let ok = ";Ana;;Uno;20/03/2028;22/03/2028;2;;90000;;;";
    import(
        &database,
        &by,
        id,
        &format!("{}\n{ok}", TWO.lines().next().unwrap()),
    )
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO calendar_feeds (tenant_id, id, accommodation_id, channel)
         SELECT tenant_id, gen_random_uuid(), id, 'airbnb' FROM accommodations WHERE name = 'Dos'",
    )
    .execute(database.pool())
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO external_nights (tenant_id, feed_id, accommodation_id, night)
         SELECT tenant_id, id, accommodation_id, '2028-03-21' FROM calendar_feeds",
    )
    .execute(database.pool())
    .await
    .unwrap();
    let before = count(&database, "reservations").await;
    let audit = count(&database, "audit_log").await;
    let text = format!(
        "{}\n{}",
        TWO.lines().next().unwrap(),
        [
            ";;;Cuatro;31/02/2028;;0;;120,000;;;",
            ";Luz;call me;Tres;12/03/2028;10/03/2028;2;;1000;2000;EUR;",
            ";Paz;;Tres;12/03/2028;15/03/2028;2;3;1000;;;",
            ";Sol;;Uno;21/03/2028;23/03/2028;2;;1000;;;",
            ";Mar;;Dos;20/03/2028;22/03/2028;2;;1000;;;",
            ";Río;;Dos;05/04/2028;08/04/2028;2;;1000;;;",
            ";Cielo;;Dos;07/04/2028;09/04/2028;2;;1000;;;",
            ";Lago;5,49115E+12;Dos;10/04/1928;12/04/1928;2;;mil;;;",
        ]
        .join("\n")
    );
    let found = problems(import(&database, &by, id, &text).await);
    let expected = [
        "line 2: guest: is empty",
        "line 2: cabin: \"Cuatro\" is no cabin here; those are Uno, Dos, Tres",
        "line 2: check_in: \"31/02/2028\" does not exist",
        "line 2: check_out: is empty",
        "line 2: adults: \"0\" is not a number of people from 1 on",
        "line 2: total: \"120,000\" could be read in two ways",
        "line 3: phone: \"call me\"",
        "line 3: currency: \"EUR\" is not the property's currency, ARS",
        "line 3: paid: is more than the total",
        "line 3: check_out: the departure 2028-03-10 is not after the arrival 2028-03-12",
        "line 4: adults: 5 guests, and Tres takes 2",
        "line 5: check_in: the night of 2028-03-21 is taken by the booking ",
        "line 6: check_in: the night of 2028-03-21 is taken by another channel",
        "line 8: check_in: Dos has 2028-04-05 to 2028-04-08 on line 7 already",
        "line 9: phone: \"5,49115E+12\" is a number that the spreadsheet has shortened",
        "line 9: check_in: \"10/04/1928\" is too far away",
        "line 9: check_out: \"12/04/1928\" is too far away",
        "line 9: total: \"mil\" is not an amount",
    ];
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            found.starts_with(expected),
            "{found}\ninstead of\n{expected}"
        );
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    assert_eq!(count(&database, "reservations").await, before);
    assert_eq!(count(&database, "audit_log").await, audit);
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let text = TWO.replace("2031", "2028").replace("3-31", "3-28");
    let options = Options {
        dry_run: true,
        ..OPTIONS
    };
    let report = notebook::import(database.store(), &by, id, text.as_bytes(), &options).await;
    assert_eq!(report.unwrap().made.len(), 2);
    assert_eq!(count(&database, "reservations").await, 0);
    assert_eq!(count(&database, "guests").await, 0);
}

#[tokio::test]
async fn a_stay_of_the_past_is_completed_and_dated_when_it_was_booked() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let text = "guest,phone,cabin,check_in,check_out,total,paid,method,booked_on\n\
                Marta,1155550101,Uno,10/01/2024,12/01/2024,1000,1000,efectivo,01/12/2023\n\
                MARTA,1155550101,Uno,10/02/2024,12/02/2024,1000,,,\n";
    import(&database, &by, id, text).await.unwrap();
    let all = bookings(&database, &by).await;
    assert!(
        all.iter()
            .all(|it| it.state.status().as_str() == "completed")
    );
    assert_eq!(all[0].created_at.date_naive(), day("2023-12-01"));
    assert_eq!(all[0].guest, all[1].guest);
    let provider: String = sqlx::query_scalar("SELECT provider FROM ledger_entries")
        .fetch_one(database.pool())
        .await
        .unwrap();
    assert_eq!(provider, "cash");
}

#[tokio::test]
async fn what_is_no_notebook_is_refused_in_words() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let store = database.store();
    let latin = b"guest;cabin\nIb\xe1\xf1ez;Uno\n";
    let found = problems(notebook::import(store, &by, id, latin, &OPTIONS).await);
    assert_eq!(
        found,
        ["line 2: is not UTF-8: save it as \"CSV UTF-8\" and try again"]
    );
    for (text, expected) in [
        ("", "the file is empty"),
        (
            "guest;colour\nAna;red\n",
            "colour: is no column of a notebook",
        ),
        ("guest;huesped\n", "huesped: is there twice"),
        ("guest;cabin\nAna;Uno\n", "check_in: this column is missing"),
    ] {
        let found = problems(import(&database, &by, id, text).await);
        assert!(
            found.iter().any(|it| it.contains(expected)),
            "{text}: {found:?}"
        );
    }
    let header = "guest;cabin;check_in;check_out;total;notes";
    let open = format!(
        "{header}\nAna;Uno;20/03/2028;22/03/2028;1000;\"never closed\nPaz;Uno;23/03/2028;24/03/2028;1000;\n"
    );
    let found = problems(import(&database, &by, id, &open).await);
    assert_eq!(
        found,
        ["line 2: a quotation mark opens here and is never closed"]
    );
    let many = format!("{header}\nAna;Uno;20/03/2028;22/03/2028;1000;x;too many\n");
    let found = problems(import(&database, &by, id, &many).await);
    assert_eq!(found, ["line 2: \"too many\" is in no column"]);
}

#[tokio::test]
async fn an_overdue_hold_gives_way_and_a_living_one_does_not() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let line = "guest;cabin;check_in;check_out;total\nAna;Uno;20/03/2028;22/03/2028;1000\n";
    import(&database, &by, id, line).await.unwrap();
    for sql in [
        "UPDATE reservations SET status = 'held', awaiting = 'payment',
                hold_expires_at = clock_timestamp() + interval '1 hour'",
        "UPDATE claims SET kind = 'hold', expires_at = clock_timestamp() + interval '1 hour'",
    ] {
        sqlx::query(sql).execute(database.pool()).await.unwrap();
    }
    let other = line.replace("Ana", "Paz");
    let found = problems(import(&database, &by, id, &other).await);
    assert!(found[0].contains("is taken by the hold"), "{found:?}");
    for sql in [
        "UPDATE reservations SET hold_expires_at = clock_timestamp() - interval '1 second'",
        "UPDATE claims SET expires_at = clock_timestamp() - interval '1 second'",
    ] {
        sqlx::query(sql).execute(database.pool()).await.unwrap();
    }
    assert_eq!(
        import(&database, &by, id, &other).await.unwrap().made.len(),
        1
    );
    let expired = count(&database, "reservations WHERE status = 'expired'").await;
    assert_eq!(expired, 1);
}

#[tokio::test]
async fn two_imports_of_one_notebook_at_once_make_each_booking_once() {
    let database = database().await;
    let (by, id) = lake(&database).await;
    let text = TWO.replace("2031", "2028").replace("3-31", "3-28");
    let mut running = Vec::new();
    for _ in 0..4 {
        let (store, by, text) = (database.store().clone(), by.clone(), text.clone());
        running.push(tokio::spawn(async move {
            notebook::import(&store, &by, id, text.as_bytes(), &OPTIONS).await
        }));
    }
    let mut made = 0;
    for report in running {
        made += report.await.unwrap().unwrap().made.len();
    }
    assert_eq!(made, 2);
    assert_eq!(count(&database, "reservations").await, 2);
}
