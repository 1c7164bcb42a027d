//! Asking for room, booking, changing, cancelling; and what "cancelar" means.

use super::{super::Intent, day, read};

#[test]
fn days_or_guests_without_a_verb_ask_for_room() {
    for text in [
        "del primero al siete de febrero somos tres",
        "del 10 al 15 de enero",
        "somos 4",
        "el finde que viene",
    ] {
        assert_eq!(
            read(text).intent,
            Intent::Availability,
            "{text}: {:?}",
            read(text)
        );
    }
}

#[test]
fn a_burst_of_messages_is_read_as_one() {
    let read = read("hola\ntenes lugar\ndel 10\nal 15 de enero\nsomos 4");
    assert_eq!(read.intent, Intent::Availability);
    assert_eq!(
        (read.check_in, read.check_out),
        (Some(day("2027-01-10")), Some(day("2027-01-15")))
    );
    assert_eq!((read.nights, read.guests_total), (Some(5), Some(4)));
}

#[test]
fn what_is_mentioned_first_is_wanted_first() {
    assert_eq!(
        read("quiero reservar del 10 al 15, cuanto sale?").intent,
        Intent::Reserve
    );
    assert_eq!(
        read("cuanto sale reservar del 10 al 15?").intent,
        Intent::Price
    );
    let both = read("hay lugar el finde? y cuanto sale?");
    assert_eq!(
        (both.intent, both.also),
        (Intent::Availability, vec![Intent::Price])
    );
}

#[test]
fn to_cancel_is_also_to_pay() {
    for text in [
        "quiero cancelar la reserva",
        "tengo q cancelar lo del 10 de enero",
        "no vamos a poder ir",
        "anulá la reserva porfa",
    ] {
        assert_eq!(read(text).intent, Intent::Cancel, "{text}");
    }
    for text in [
        "puedo cancelar el saldo en efectivo?",
        "cuando cancelo el resto?",
        "cancelo por transferencia",
    ] {
        assert_eq!(
            read(text).intent,
            Intent::Payment,
            "{text}: {:?}",
            read(text)
        );
    }
    let policy = read("si cancelo me devuelven la seña?");
    assert_eq!(policy.intent, Intent::Cancel);
    assert!(policy.wants(Intent::Payment));
    for text in ["no quiero cancelar", "no, no cancelen la reserva!"] {
        assert!(
            !read(text).wants(Intent::Cancel),
            "{text}: {:?}",
            read(text)
        );
    }
}

#[test]
fn a_booking_of_ones_own_is_no_new_booking() {
    for text in [
        "tengo una reserva para el 10 de enero",
        "me pasas los datos de mi reserva?",
        "que reservas tengo?",
        "quedo confirmada mi reserva?",
    ] {
        assert_eq!(
            read(text).intent,
            Intent::MyReservations,
            "{text}: {:?}",
            read(text)
        );
    }
    for text in [
        "reserva a nombre de Marcela Gómez del 1/3 al 4/3 dos personas",
        "quiero hacer una reserva",
    ] {
        assert_eq!(read(text).intent, Intent::Reserve, "{text}");
    }
}

#[test]
fn changes_are_told_from_corrections() {
    for text in [
        "quiero cambiar la fecha",
        "podemos pasar la reserva para febrero?",
        "nos quedamos una noche mas",
        "se puede agregar una persona?",
    ] {
        assert_eq!(
            read(text).intent,
            Intent::Change,
            "{text}: {:?}",
            read(text)
        );
    }
    let corrected = read("perdón, mejor del 12 al 17 de enero");
    assert!(corrected.correction && corrected.intent == Intent::Availability);
    assert_eq!(corrected.check_in, Some(day("2027-01-12")));
}
