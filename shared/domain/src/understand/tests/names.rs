//! Cabins by their names, and pointing at what was offered.

use super::{
    super::{Asked, Intent, Pointer},
    read, read_after, read_with,
};

fn named(text: &str) -> Option<String> {
    let names = [
        "Cabaña del Lago",
        "Cabaña Arrayán",
        "Lago",
        "Uno",
        "Cabaña 2",
    ]
    .map(str::to_owned);
    read_with(None, &names, text).accommodation
}

#[test]
fn a_cabin_is_known_by_its_name_or_by_what_is_its_own_in_it() {
    for (text, name) in [
        ("esta libre la cabaña del lago?", "Cabaña del Lago"),
        ("quiero la arrayan del 10 al 15", "Cabaña Arrayán"),
        ("cuanto sale la cabaña 2 para 4", "Cabaña 2"),
    ] {
        assert_eq!(named(text).as_deref(), Some(name), "{text}");
    }
    assert_eq!(named("hay pileta?"), None);
}

#[test]
fn a_name_is_neither_a_question_nor_a_number() {
    let names = ["Lago".to_owned(), "Cabaña 2".to_owned()];
    let lake = read_with(None, &names, "del 11 al 13 de enero en Lago");
    assert_eq!((lake.intent, lake.topics), (Intent::Availability, vec![]));
    let second = read_with(None, &names, "la cabaña 2 para 4 personas");
    assert_eq!((second.guests_total, second.cabins), (Some(4), None));
}

#[test]
fn one_of_what_was_offered_is_pointed_at() {
    let pointer = |text| read_after(Some(Asked::Option), text).pointer;
    for (text, nth) in [
        ("2", 2),
        ("la 2", 2),
        ("la primera", 1),
        ("opcion 3", 3),
        ("reservame la 1 entonces", 1),
        ("la segunda por favor", 2),
    ] {
        assert_eq!(pointer(text), Some(Pointer::Nth(nth)), "{text}");
    }
    assert_eq!(pointer("la mas barata"), Some(Pointer::Cheapest));
    assert_eq!(pointer("la última"), Some(Pointer::Last));
    assert_eq!(pointer("la mejor"), Some(Pointer::Best));
    for text in ["2 son chicos", "del 2 al 5", "el 10 de enero", "3 noches"] {
        assert_eq!(pointer(text), None, "{text}");
    }
    assert!(read_after(Some(Asked::Option), "esa").affirms);
    for text in [
        "la primera quincena de enero",
        "la 2da semana",
        "somos 2",
        "4",
    ] {
        assert_eq!(read(text).pointer, None, "{text}");
    }
}
