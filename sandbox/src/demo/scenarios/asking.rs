//! Guests who ask, and the owner who answers.

use crate::script::{End, Script, Step};

pub(super) const SCRIPTS: &[Script] = &[
    Script {
        name: "welcome",
        about: "a guest asks around, wants a person, and the owner answers from her phone",
        guest: "Lucía Gómez",
        nights: 0,
        party: 0,
        steps: &[
            Step::Writes("Hola! Buenas tardes"),
            Step::WritesInBits(&["una pregunta", "dónde quedan? y qué servicios tienen?"]),
            Step::SendsVoice,
            Step::Writes("quiero hablar con alguien"),
            Step::OwnerWrites("¡Hola Lucía! Soy Marta, la dueña. Contame."),
            Step::WritesToThePerson("Gracias Marta, te llamo a la tarde"),
        ],
        ends: &[End::Mode("human"), End::AllBookings(0)],
    },
    Script {
        name: "receipt",
        about: "the photo of a receipt from somebody who has booked nothing",
        guest: "Martín Sosa",
        nights: 0,
        party: 0,
        steps: &[
            Step::Writes("buenas! a qué hora es el ingreso?"),
            Step::SendsPhoto("Comprobante de la seña"),
        ],
        ends: &[End::Mode("waiting"), End::AllBookings(0)],
    },
    Script {
        name: "question",
        about: "questions in between, and the booking goes on where it was",
        guest: "Paula Ibarra",
        nights: 4,
        party: 2,
        steps: &[
            Step::Writes("hola, precio {range} para dos?"),
            Step::Taps("option:"),
            Step::Writes("tienen pileta? y parrilla?"),
            Step::Writes("genial, y a qué hora es la entrada?"),
            Step::Taps("hold:"),
        ],
        ends: &[End::Bookings("held", 1), End::Nights(4)],
    },
    Script {
        name: "discount",
        about: "a guest asks for a better price, and the owner makes one",
        guest: "Hernán Villalba",
        nights: 5,
        party: 2,
        steps: &[
            Step::Writes("Hola, {range} para 2, cuánto sale?"),
            Step::Taps("option:"),
            Step::Writes("me hacés algún descuento?"),
            Step::OwnerOffers(30_000),
            Step::Taps("hold:"),
        ],
        ends: &[End::Bookings("held", 1), End::Nights(5)],
    },
];
