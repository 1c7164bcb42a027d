//! Who comes.

use super::{
    super::{Asked, Intent},
    read, read_after,
};

type Counts = (Option<u32>, Option<u32>, Option<u32>);

fn counts(text: &str) -> Counts {
    let read = read(text);
    (read.adults, read.children, read.guests_total)
}

#[test]
fn parties_are_counted_however_they_are_told() {
    for (text, adults, children, total) in [
        ("para 4", None, None, Some(4)),
        ("somos cinco", None, None, Some(5)),
        ("x 6", None, None, Some(6)),
        ("una parejita", Some(2), None, Some(2)),
        ("somos 3 parejas", Some(6), None, Some(6)),
        ("familia tipo", Some(2), Some(2), Some(4)),
        ("Familia de 5", None, None, Some(5)),
        ("2 adultos y un bebé", Some(2), Some(1), Some(3)),
        ("matrimonio con dos nenes", Some(2), Some(2), Some(4)),
        ("mis viejos y yo", Some(3), None, Some(3)),
        ("2 pers y un chiquito", Some(2), Some(1), Some(3)),
        ("somos 4 (2 nenes)", Some(2), Some(2), Some(4)),
        (
            "somos 6, 4 grandes y el resto chicos",
            Some(4),
            Some(2),
            Some(6),
        ),
        ("2 adultos e 1 criança", Some(2), Some(1), Some(3)),
        ("for 4 people", None, None, Some(4)),
        ("adultos: 2, menores: 1", Some(2), Some(1), Some(3)),
        ("somos 2+2", Some(2), Some(2), Some(4)),
        ("eran 5 pero al final somos 4", None, None, Some(4)),
        ("no somos 2, somos 3 adultos", Some(3), None, Some(3)),
    ] {
        assert_eq!(
            counts(text),
            (adults, children, total),
            "{text}: {:?}",
            read(text)
        );
    }
}

#[test]
fn numbers_of_other_things_are_no_party() {
    for text in [
        "del 10 al 15 de enero",
        "para el 4",
        "por 3 noches",
        "2 autos",
        "cama de 2 plazas",
        "el 5 de enero",
        "vamos 10 dias",
        "4 o 5 noches",
        "llegamos a las 4",
        "cuesta 120000?",
    ] {
        assert_eq!(counts(text), (None, None, None), "{text}: {:?}", read(text));
    }
}

#[test]
fn what_is_left_open_stays_open() {
    assert_eq!(read("somos 4 o 5 personas").guests_total, None);
    assert_eq!(read("voy con mi novia y los chicos").guests_total, None);
}

#[test]
fn ages_tell_infants_from_children() {
    let family = read("2 adultos y 2 nenes, uno de 5 y uno de 8 meses");
    assert_eq!(
        (family.ages, family.infants, family.children),
        (vec![5, 0], Some(1), Some(2))
    );
    let listed = read("somos mi marido, yo y los nenes de 4 y 7");
    assert_eq!(
        (listed.ages, listed.adults, listed.children),
        (vec![4, 7], Some(2), Some(2))
    );
    assert_eq!(read("nenes de 10 al 15 de enero").ages, Vec::<u8>::new());
}

#[test]
fn animals_are_counted_and_are_no_guests() {
    for (text, pets, total) in [
        ("somos 2 y un perro", Some(1), Some(2)),
        ("somos 4 con 2 perros y un gato", Some(3), Some(4)),
        ("vamos 2 con la perrita caniche", Some(1), Some(2)),
        ("somos 3 sin mascotas", Some(0), Some(3)),
        ("aceptan perros?", None, None),
    ] {
        let read = read(text);
        assert_eq!(
            (read.pets, read.guests_total),
            (pets, total),
            "{text}: {read:?}"
        );
    }
}

#[test]
fn cabins_are_counted() {
    assert_eq!(read("necesito dos cabañas para 8").cabins, Some(2));
    assert_eq!(read("una cabaña para 4").cabins, None);
}

#[test]
fn bare_numbers_answer_what_was_asked() {
    let guests = |text| {
        let read = read_after(Some(Asked::Guests), text);
        (read.adults, read.children, read.guests_total)
    };
    assert_eq!(guests("4"), (None, None, Some(4)));
    assert_eq!(guests("cuatro"), (None, None, Some(4)));
    assert_eq!(guests("2 y 2"), (Some(2), Some(2), Some(4)));
    assert_eq!(guests("2 y un nene"), (Some(2), Some(1), Some(3)));
    assert_eq!(read("4").guests_total, None);
    assert_eq!(read_after(Some(Asked::Ages), "5 y 8").ages, [5, 8]);
    assert_eq!(
        read_after(Some(Asked::Ages), "uno de 8 meses y otro de 3").ages,
        [0, 3]
    );
    assert_eq!(
        read_after(Some(Asked::Guests), "4").intent,
        Intent::Availability
    );
}
