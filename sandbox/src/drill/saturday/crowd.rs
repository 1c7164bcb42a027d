//! Who writes: forty guests of different kinds.

use std::time::Duration;

use crate::drill::load;
use crate::script::owner::Owner;
use crate::script::stay::{Calendar, Stay};
use crate::script::{End, Player, Script, Silent, Step};
use crate::stack::Stack;

/// Longer than that nobody may wait, and no step.
pub(super) const PATIENCE: Duration = Duration::from_mins(2);

/// Guests who begin together.
pub(super) struct Part {
    /// At two in the morning.
    pub(super) night: bool,
    /// Which scripts, and how many guests play each.
    scripts: &'static [(&'static Script, usize)],
}

pub(super) const PARTS: &[Part] = &[
    Part {
        night: false,
        scripts: &[
            (&TRANSFER, 8),
            (&ALTERNATIVES, 4),
            (&DISCOUNT, 3),
            (&PETS, 3),
            (&TOGETHER, 3),
            (&PERSON, 3),
            (&NEVER_BACK, 4),
            (&ASKS, 3),
        ],
    },
    Part {
        night: true,
        scripts: &[(&AT_NIGHT, 5), (&NIGHT_PERSON, 2), (&CANCELS, 2)],
    },
];

/// The players of a part. Each script's guests want nights of their own, but for those who want what is taken.
pub(super) async fn of<'a>(
    part: &'static Part,
    stack: &'a Stack,
    owner: &'a Owner,
    calendar: &Calendar,
    first: usize,
) -> anyhow::Result<Vec<Player<'a, Silent>>> {
    let mut players = Vec::new();
    for (script, guests) in part.scripts {
        let mut stay: Option<Stay> = None;
        for n in 0..*guests {
            // Three guests want the same nights: there are three cabins of each kind.
            if script.nights > 0 && (n % 3 == 0 || script.name == TOGETHER.name) {
                stay = Some(calendar.next(stack, script.nights, script.party).await?);
            }
            if script.name == ALTERNATIVES.name && n == 0 {
                let taken = stay.map(|stay| fill(owner, stay));
                if let Some(taken) = taken {
                    taken.await?;
                }
            }
            players.push(Player {
                stack,
                owner,
                script,
                phone: load::phone(first + players.len()),
                stay,
                voice: Silent,
                patience: PATIENCE,
            });
        }
    }
    Ok(players)
}

/// Every cabin of these nights is let to others.
async fn fill(owner: &Owner, stay: Stay) -> anyhow::Result<()> {
    let mut n = 0;
    while owner.books(stay, 2, n).await? {
        n += 1;
    }
    Ok(())
}

static TRANSFER: Script = Script {
    name: "transfer",
    about: "books, transfers, sends the receipt, is confirmed",
    guest: "Julieta",
    nights: 4,
    party: 2,
    steps: &[
        Step::WritesInBits(&["hola!", "hay lugar {range} para 2?"]),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::Taps("transferencia"),
        Step::SendsPhoto("comprobante"),
        Step::IsTold("confirmad"),
    ],
    ends: &[End::Bookings("confirmed", 1), End::Payments(1)],
};

static ALTERNATIVES: Script = Script {
    name: "alternatives",
    about: "the nights are taken: takes others, and pays by link",
    guest: "Ramiro",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("buenas, {range} para dos personas?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::Pays("approved", "confirmad"),
    ],
    ends: &[End::Bookings("confirmed", 1)],
};

static DISCOUNT: Script = Script {
    name: "discount",
    about: "asks for a better price, and takes it",
    guest: "Hernán",
    nights: 5,
    party: 2,
    steps: &[
        Step::Writes("hola cuanto sale {range} para 2"),
        Step::Taps("option:"),
        Step::Writes("me haces algun descuento?"),
        Step::IsTold("descuento"),
        Step::Taps("hold:"),
        Step::Taps("transferencia"),
        Step::SendsPhoto("ahi va"),
        Step::IsTold("confirmad"),
    ],
    ends: &[End::Bookings("confirmed", 1)],
};

static PETS: Script = Script {
    name: "pets",
    about: "comes with a dog",
    guest: "Camila",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("Hola! somos 2 con un perrito, {range} se puede?"),
        Step::Writes("ok, sin el perro entonces"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
    ],
    ends: &[End::Bookings("held", 1)],
};

static TOGETHER: Script = Script {
    name: "together",
    about: "seven people in two cabins",
    guest: "Familia Acosta",
    nights: 3,
    party: 4,
    steps: &[
        Step::Writes("somos 7 adultos, {range}, tienen algo?"),
        Step::Taps("+"),
        Step::Taps("hold:"),
        Step::Taps("transferencia"),
        Step::SendsPhoto("transferencia"),
        Step::IsTold("confirmad"),
    ],
    ends: &[End::Bookings("confirmed", 1), End::Stays(2)],
};

static PERSON: Script = Script {
    name: "person",
    about: "wants a person, and gets one",
    guest: "Norma",
    nights: 0,
    party: 0,
    steps: &[
        Step::Writes("Hola"),
        Step::Writes("quiero hablar con una persona"),
    ],
    ends: &[End::Mode("human"), End::AllBookings(0)],
};

static NEVER_BACK: Script = Script {
    name: "never-back",
    about: "holds, and is never heard of again",
    guest: "Fantasma",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola {range} 2 personas"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::HoldEnds,
        Step::IsTold("quedaron libres"),
    ],
    ends: &[End::Bookings("expired", 1), End::Nights(0)],
};

static ASKS: Script = Script {
    name: "asks",
    about: "only asks",
    guest: "Beatriz",
    nights: 0,
    party: 0,
    steps: &[
        Step::Writes("hola donde quedan?"),
        Step::Writes("y a que hora es el check in?"),
        Step::Writes("gracias!"),
    ],
    ends: &[End::AllBookings(0)],
};

static AT_NIGHT: Script = Script {
    name: "at-night",
    about: "books and pays at two in the morning",
    guest: "Insomne",
    nights: 4,
    party: 2,
    steps: &[
        Step::Writes("hola estan? necesito {range} para 2"),
        Step::Taps("option:"),
        Step::Writes("dale"),
        Step::Pays("approved", "confirmad"),
    ],
    ends: &[End::Bookings("confirmed", 1)],
};

static NIGHT_PERSON: Script = Script {
    name: "night-person",
    about: "wants a person at two in the morning, and hears from when on there is one",
    guest: "Noctámbulo",
    nights: 0,
    party: 0,
    steps: &[
        Step::Writes("necesito hablar con alguien"),
        Step::Reads("a partir de las"),
    ],
    ends: &[End::AllBookings(0)],
};

static CANCELS: Script = Script {
    name: "cancels",
    about: "books, pays and calls it off",
    guest: "Valeria",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("quiero reservar {range} para 2 personas"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::Pays("approved", "confirmad"),
        Step::Writes("perdón, tengo que cancelar la reserva"),
        Step::Taps("cancel-yes:"),
    ],
    ends: &[End::Bookings("cancelled", 1), End::Nights(0)],
};
