//! Days that are no stay.

use super::*;

#[test]
fn errands_wishes_and_goodbyes_are_no_stays() {
    all(
        FRIDAY,
        &[
            ("mañana te confirmo", "-"),
            ("ok, lo hablo y te confirmo mañana", "-"),
            ("te aviso el lunes", "-"),
            ("puedo pagar mañana?", "-"),
            ("te deposite 50000 el 15/11", "-"),
            ("el finde pasado estuvimos ahi", "-"),
            ("buen finde!", "-"),
            ("feliz año nuevo", "-"),
            ("gracias, hasta el lunes!", "-"),
            ("nos vemos el viernes", "-"),
            ("que lindo dia hoy", "-"),
            ("nacio el 10/5/1985", "-"),
            ("de lunes a viernes atienden?", "-"),
            ("la pileta abre de 9 a 20?", "-"),
        ],
    );
}

#[test]
fn the_same_words_beside_a_stay_leave_it_alone() {
    all(
        FRIDAY,
        &[
            ("quiero reservar para mañana", "2026-11-21.."),
            (
                "del 10 al 15 de enero, mañana te confirmo",
                "2027-01-10..2027-01-15",
            ),
            (
                "del viernes al domingo hay descuento?",
                "2026-11-20..2026-11-22",
            ),
            (
                "10 al 15 de enero, a que hora es el check in?",
                "2027-01-10..2027-01-15",
            ),
        ],
    );
}
