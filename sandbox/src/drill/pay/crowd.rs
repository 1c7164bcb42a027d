//! Who pays, and how.

use std::time::Duration;

use futures_util::future::join_all;

use crate::drill::load;
use crate::script::owner::Owner;
use crate::script::stay::{Calendar, Stay};
use crate::script::{End, Player, Script, Silent, Step};
use crate::stack::Stack;

/// Everything dies now and then, and nobody waits longer than this for a step.
const PATIENCE: Duration = Duration::from_secs(150);
/// The last guest begins so long after the first.
const SPREAD: Duration = Duration::from_secs(40);
/// So many want the same nights: there are three cabins of each kind.
const TOGETHER: usize = 3;

const WHO: [(&Script, usize); 8] = [
    (&APPROVED, 20),
    (&REFUSED, 6),
    (&REVIEWED, 6),
    (&REVIEWED_AND_REFUSED, 4),
    (&TWICE, 6),
    (&LATE, 6),
    (&GONE, 8),
    (&CALLED_OFF, 4),
];

/// How many there were, and what went wrong with whom.
pub(super) async fn pay(stack: &Stack, owner: &Owner) -> anyhow::Result<(usize, Vec<String>)> {
    let calendar = Calendar::default();
    let mut players = Vec::new();
    for (script, guests) in WHO {
        let mut stay: Option<Stay> = None;
        for n in 0..guests {
            // Who loses the nights must not take the others' with them.
            if n % TOGETHER == 0 || script.name == GONE.name {
                stay = Some(calendar.next(stack, script.nights, script.party).await?);
            }
            players.push(Player {
                stack,
                owner,
                script,
                phone: load::phone(players.len()),
                stay,
                voice: Silent,
                patience: PATIENCE,
            });
        }
    }
    let all = u32::try_from(players.len()).unwrap_or(1);
    let played = players.iter().zip(0_u32..).map(async |(player, n)| {
        // Neighbours in time play different scripts.
        tokio::time::sleep(SPREAD * (n * 37 % all) / all).await;
        let played = player.play().await;
        played.map_err(|error| format!("guest {n}: {error:#}; last heard: {}", player.last_words()))
    });
    let failures = join_all(played).await.into_iter().filter_map(Result::err);
    Ok((players.len(), failures.collect()))
}

static APPROVED: Script = Script {
    name: "approved",
    about: "pays at once",
    guest: "Ana",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola! hay lugar {range} para 2?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::Pays("approved", "confirmad"),
    ],
    ends: &[
        End::Bookings("confirmed", 1),
        End::Payments(1),
        End::Refunds(0),
    ],
};

static REFUSED: Script = Script {
    name: "refused",
    about: "the first card is refused",
    guest: "Bruno",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola! hay lugar {range} para 2?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::Pays("rejected", "pago"),
        Step::Pays("approved", "confirmad"),
    ],
    ends: &[
        End::Bookings("confirmed", 1),
        End::Payments(1),
        End::Refunds(0),
    ],
};

static REVIEWED: Script = Script {
    name: "reviewed",
    about: "looked at first, then approved",
    guest: "Celia",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola! hay lugar {range} para 2?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::Pays("in_process", "revis"),
        Step::ReviewEnds("approved", "confirmad"),
    ],
    ends: &[
        End::Bookings("confirmed", 1),
        End::Payments(1),
        End::Refunds(0),
    ],
};

static REVIEWED_AND_REFUSED: Script = Script {
    name: "reviewed-and-refused",
    about: "looked at and refused; pays with another",
    guest: "Darío",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola! hay lugar {range} para 2?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::Pays("in_process", "revis"),
        Step::ReviewEnds("rejected", "pago"),
        Step::Pays("approved", "confirmad"),
    ],
    ends: &[
        End::Bookings("confirmed", 1),
        End::Payments(1),
        End::Refunds(0),
    ],
};

static TWICE: Script = Script {
    name: "twice",
    about: "pays the deposit, then the same link again, and again: what is too much goes back",
    guest: "Elsa",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola! hay lugar {range} para 2?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::Pays("approved", "confirmad"),
        // Half of the price each time: the second settles it, the third is too much.
        Step::PaysLate("approved", "recibimos"),
        Step::PaysLate("approved", "devol"),
    ],
    ends: &[
        End::Bookings("confirmed", 1),
        End::Payments(3),
        End::Refunds(1),
    ],
};

static LATE: Script = Script {
    name: "late",
    about: "the hold is over, the nights are free: hers again",
    guest: "Fabián",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola! hay lugar {range} para 2?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::OpensLink,
        Step::HoldEnds,
        Step::IsTold("quedaron libres"),
        Step::PaysLate("approved", "confirmad"),
    ],
    ends: &[
        End::Bookings("confirmed", 1),
        End::Nights(3),
        End::Payments(1),
        End::Refunds(0),
    ],
};

static GONE: Script = Script {
    name: "gone",
    about: "the hold is over, the nights are somebody else's: the money goes back",
    guest: "Graciela",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola! hay lugar {range} para 2?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::OpensLink,
        Step::HoldEnds,
        Step::IsTold("quedaron libres"),
        Step::OthersBook(2),
        Step::PaysLate("approved", "devol"),
    ],
    ends: &[
        End::Bookings("expired", 1),
        End::Nights(0),
        End::Payments(1),
        End::Refunds(1),
    ],
};

static CALLED_OFF: Script = Script {
    name: "called-off",
    about: "pays, and calls it off: what the policy gives back goes back",
    guest: "Héctor",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola! hay lugar {range} para 2?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::Pays("approved", "confirmad"),
        Step::Writes("perdón, tengo que cancelar la reserva"),
        Step::Taps("cancel-yes:"),
    ],
    ends: &[
        End::Bookings("cancelled", 1),
        End::Nights(0),
        End::Payments(1),
        End::Refunds(1),
    ],
};
