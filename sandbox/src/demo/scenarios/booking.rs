//! From a first word to nights that are kept.

use crate::script::{End, Script, Step};

pub(super) const SCRIPTS: &[Script] = &[
    Script {
        name: "at-once",
        about: "everything in one message; a transfer, its receipt, and the owner's two taps",
        guest: "Julieta Ferrari",
        nights: 5,
        party: 2,
        steps: &[
            Step::Writes("Hola! Quiero reservar {range} para 2 personas, ¿tenés lugar?"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
            Step::Taps("transferencia"),
            Step::SendsPhoto("ahí te mandé la seña"),
            Step::OwnerAccepts,
        ],
        ends: &[
            End::Bookings("confirmed", 1),
            End::Nights(5),
            End::Payments(1),
        ],
    },
    Script {
        name: "burst",
        about: "four messages in a hurry are one question, and one answer",
        guest: "Nico Paz",
        nights: 4,
        party: 4,
        steps: &[
            Step::WritesInBits(&[
                "hola!",
                "tenes lugar",
                "{range}",
                "somos 2 grandes y 2 nenes de 5 y 8",
            ]),
            Step::Taps("option:"),
            Step::Writes("dale, la reservo"),
        ],
        ends: &[End::Bookings("held", 1), End::Nights(4)],
    },
    Script {
        name: "correction",
        about: "a guest changes her mind twice before she books",
        guest: "Carla Medina",
        nights: 3,
        party: 3,
        steps: &[
            Step::Writes("buenas, del {in-day} al {out/} hay lugar para 2?"),
            Step::Writes("perdón, mejor hasta el {out+2}"),
            Step::Writes("y somos 3 en realidad"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
        ],
        ends: &[End::Bookings("held", 1), End::Nights(5)],
    },
    Script {
        name: "too-many",
        about: "nine people fit into no cabin, but into two",
        guest: "Familia Acosta",
        nights: 4,
        party: 6,
        steps: &[
            Step::Writes("Hola, somos 9 adultos, {range}, tenés algo?"),
            Step::Taps("+"),
            Step::Taps("hold:"),
        ],
        ends: &[End::Bookings("held", 1), End::Stays(2), End::Nights(8)],
    },
    Script {
        name: "full",
        about: "the nights are taken; the guest takes others",
        guest: "Ramiro Díaz",
        nights: 3,
        party: 2,
        steps: &[
            Step::OthersBook(2),
            Step::Writes("Hola! lugar para dos {range}?"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
        ],
        ends: &[End::Bookings("held", 1), End::Nights(3)],
    },
    Script {
        name: "week-later",
        about: "a guest comes back after a week, and need not say it all again",
        guest: "Silvina Roldán",
        nights: 4,
        party: 2,
        steps: &[
            Step::Writes("Hola, hay lugar {range} para 2 personas?"),
            Step::DaysPass(7),
            Step::Writes("hola! sigue disponible?"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
        ],
        ends: &[End::Bookings("held", 1), End::Nights(4)],
    },
];
