//! Paying by link: what becomes of money that comes, does not come, or comes too late.

use crate::script::{End, Script, Step};

pub(super) const SCRIPTS: &[Script] = &[
    Script {
        name: "paid",
        about: "from hola to a stay that is paid and confirmed; nobody of ours does anything",
        guest: "Florencia Ruiz",
        nights: 4,
        party: 2,
        steps: &[
            Step::Writes("Hola!"),
            Step::Writes("tenés lugar {range}? somos 2"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
            Step::Pays("approved", "confirmada"),
        ],
        ends: &[
            End::Bookings("confirmed", 1),
            End::Nights(4),
            End::Payments(1),
        ],
    },
    Script {
        name: "rejected",
        about: "the card is refused; the guest is told why, and the same link takes another",
        guest: "Gastón Ferreyra",
        nights: 3,
        party: 2,
        steps: &[
            Step::Writes("Hola, {range} para dos personas"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
            Step::Pays("rejected", "pago"),
            Step::Pays("approved", "confirmada"),
        ],
        ends: &[End::Bookings("confirmed", 1), End::Payments(1)],
    },
    Script {
        name: "review",
        about: "Mercado Pago looks at a payment first: the nights wait, then they are sold",
        guest: "Irene Castro",
        nights: 3,
        party: 2,
        steps: &[
            Step::Writes("buenas, hay lugar {range}? 2 adultos"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
            Step::Pays("in_process", "revis"),
            Step::ReviewEnds("approved", "confirmada"),
        ],
        ends: &[End::Bookings("confirmed", 1), End::Payments(1)],
    },
    Script {
        name: "late",
        about: "the hold has ended, the payment comes, the nights are still free: hers again",
        guest: "Omar Benítez",
        nights: 3,
        party: 2,
        steps: &[
            Step::Writes("hola! {range} para 2"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
            Step::OpensLink,
            Step::HoldEnds,
            Step::IsTold("quedaron libres"),
            Step::PaysLate("approved", "confirmada"),
        ],
        ends: &[
            End::Bookings("confirmed", 1),
            End::Nights(3),
            End::Payments(1),
        ],
    },
    Script {
        name: "gone",
        about: "the hold has ended and others have the nights: the money goes back by itself",
        guest: "Teresa Vidal",
        nights: 3,
        party: 2,
        steps: &[
            Step::Writes("hola! {range} para 2"),
            Step::Taps("option:"),
            Step::Taps("hold:"),
            Step::OpensLink,
            Step::HoldEnds,
            Step::IsTold("quedaron libres"),
            Step::OthersBook(2),
            Step::PaysLate("approved", "devol"),
        ],
        ends: &[End::Bookings("expired", 1), End::Nights(0), End::Refunds(1)],
    },
];
