//! A desk with a history: thirty cabins with three years of bookings, among a thousand other places.
//!
//! Written straight into the tables, as a database looks after years of use; the program that is measured only reads.

use std::fmt::Write as _;

use anyhow::Context as _;
use sqlx::PgPool;

/// Cabins of the place that is asked.
pub(crate) const CABINS: usize = 30;
/// Other places in the same database, three cabins each.
pub(crate) const OTHERS: i32 = 1_000;

/// What was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    pub(crate) stays: i64,
    pub(crate) claims: i64,
}

/// The place's file: five types of six cabins.
pub(crate) fn property() -> anyhow::Result<String> {
    let mut file = String::from(
        "[property]\nname = \"Treinta Cabañas\"\nzone = \"America/Argentina/Buenos_Aires\"\ncurrency = \"ARS\"\n\
         check_in_from = \"15:00\"\ncheck_out_until = \"10:00\"\nanswers_from = \"09:00\"\nanswers_until = \"21:00\"\n\
         [property.texts]\nwelcome = \"Hola\"\n",
    );
    for kind in 1..=CABINS / 6 {
        let cabins: Vec<_> = (1..=6).map(|n| format!("\"{kind}-{n}\"")).collect();
        writeln!(
            file,
            "[[unit_types]]\nname = \"Tipo {kind}\"\ncapacity = {}\naccommodations = [{}]\n\
             [unit_types.rates]\nnight = \"{}\"\nincluded_guests = 2\nextra_guest_night = \"9000\"",
            kind + 1,
            cabins.join(", "),
            50_000 + kind * 10_000,
        )?;
    }
    Ok(file)
}

/// Fills the tables. Every cabin has a booking of three to six nights, a gap, and so on, from two years ago to a year
/// ahead; the months ahead are full enough that a search has to look around.
pub(crate) async fn write(database: &PgPool) -> anyhow::Result<Written> {
    for statement in STATEMENTS {
        sqlx::query(*statement)
            .bind(OTHERS)
            .execute(database)
            .await
            .with_context(|| format!("could not write the history: {statement}"))?;
    }
    sqlx::raw_sql("ANALYZE")
        .execute(database)
        .await
        .context("could not analyse the tables")?;
    let (stays, claims) =
        sqlx::query_as("SELECT (SELECT count(*) FROM stays), (SELECT count(*) FROM claims)")
            .fetch_one(database)
            .await
            .context("could not count the history")?;
    Ok(Written { stays, claims })
}

/// Each is given the number of other places, whether it needs it or not.
const STATEMENTS: &[&str] = &[
    // Other places, their cabins.
    "INSERT INTO properties (tenant_id, id, name, zone, currency, check_in_from, check_out_until)
     SELECT t.id, gen_random_uuid(), 'Lugar ' || n, 'America/Argentina/Buenos_Aires', 'ARS', '15:00', '10:00'
     FROM (SELECT tenant_id AS id FROM properties LIMIT 1) t, generate_series(1, $1::int) n",
    "INSERT INTO unit_types (tenant_id, id, property_id, name, capacity)
     SELECT tenant_id, gen_random_uuid(), id, 'Tipo', 4 FROM properties WHERE name LIKE 'Lugar %' AND $1::int > 0",
    "INSERT INTO accommodations (tenant_id, id, unit_type_id, name)
     SELECT tenant_id, gen_random_uuid(), id, n::text FROM unit_types, generate_series(1, 3) n
     WHERE name = 'Tipo' AND $1::int > 0",
    // One guest and one quote for all: what is read are stays and claims.
    "INSERT INTO guests (tenant_id, id) SELECT tenant_id, gen_random_uuid() FROM properties WHERE $1::int > 0 LIMIT 1",
    "CREATE TABLE bench_bookings AS
     SELECT a.tenant_id, a.id AS accommodation_id, a.unit_type_id, ut.property_id, gen_random_uuid() AS reservation_id,
            gen_random_uuid() AS stay_id, gen_random_uuid() AS quote_id, start::date AS check_in,
            start::date + 3 + (extract(doy FROM start)::int % 3) AS check_out
     FROM accommodations a JOIN unit_types ut ON ut.id = a.unit_type_id JOIN properties p ON p.id = ut.property_id,
          -- Two years behind and one ahead for the place itself; a season for each of the others.
          generate_series(current_date - CASE WHEN p.name LIKE 'Lugar %' THEN 60 ELSE 730 END
                              + (hashtext(a.id::text) & 3),
                          current_date + CASE WHEN p.name LIKE 'Lugar %' THEN 120 ELSE 365 END,
                          interval '6 days') start
     WHERE $1::int > 0",
    "INSERT INTO quotes (tenant_id, id, property_id, inputs, breakdown, currency, total, charge_currency, charge_total,
                         deposit, created_by, valid_until)
     SELECT tenant_id, quote_id, property_id, '{}', '{}', 'ARS', 100, 'ARS', 100, 50, 'bench', now()
     FROM bench_bookings WHERE $1::int > 0",
    "INSERT INTO reservations (tenant_id, id, code, property_id, guest_id, quote_id, status, source, charge_currency,
                               charge_total, deposit)
     SELECT b.tenant_id, reservation_id, left(replace(reservation_id::text, '-', ''), 16), property_id, g.id, quote_id,
            'confirmed', 'web', 'ARS', 100, 50
     FROM bench_bookings b, (SELECT id FROM guests LIMIT 1) g WHERE $1::int > 0",
    "INSERT INTO stays (tenant_id, id, reservation_id, position, unit_type_id, accommodation_id, check_in, check_out,
                        adults)
     SELECT tenant_id, stay_id, reservation_id, 0, unit_type_id, accommodation_id, check_in, check_out, 2
     FROM bench_bookings WHERE $1::int > 0",
    "INSERT INTO claims (tenant_id, id, accommodation_id, period, kind, stay_id)
     SELECT tenant_id, gen_random_uuid(), accommodation_id, daterange(check_in, check_out), 'stay', stay_id
     FROM bench_bookings WHERE $1::int > 0",
];
