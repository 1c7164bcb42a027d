//! What comes after the nights were kept.

use crate::script::{End, Script, Step};

pub(super) const SCRIPTS: &[Script] = &[
    Script {
        name: "cancel",
        about: "a guest who has paid calls it off: what comes back is said before, and done on a tap",
        guest: "Valeria Luna",
        nights: 4,
        party: 2,
        steps: &[
            Step::Writes("Hola, quiero reservar {range}, somos 2"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
            Step::Pays("approved", "confirmada"),
            Step::Writes("me surgió un problema, tengo que cancelar la reserva"),
            Step::Taps("cancel-yes:"),
        ],
        ends: &[
            End::Bookings("cancelled", 1),
            End::Nights(0),
            End::Refunds(1),
        ],
    },
    Script {
        name: "too-late",
        about: "the hold has ended; an old button is a question about today",
        guest: "Diego Quiroga",
        nights: 4,
        party: 2,
        steps: &[
            Step::Writes("hola! del {in/} al {out/}, 2 personas"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
            Step::HoldEnds,
            Step::IsTold("quedaron libres"),
            Step::TapsOld("hold:"),
            Step::Taps("hold:"),
        ],
        ends: &[
            End::Bookings("expired", 1),
            End::Bookings("held", 1),
            End::Nights(4),
        ],
    },
    Script {
        name: "change",
        about: "other dates for a booking that is paid",
        guest: "Andrea Funes",
        nights: 4,
        party: 2,
        steps: &[
            Step::Writes("Hola! {range} para dos, reservame"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
            Step::Taps("transferencia"),
            Step::SendsPhoto("seña"),
            Step::OwnerAccepts,
            Step::Writes("puedo cambiar la fecha de mi reserva? del {in/} al {out+2}"),
            Step::Taps("change-yes:"),
        ],
        ends: &[End::AllBookings(1), End::Nights(6)],
    },
];
