//! What guests and the owner do, written down: played by the demo for a person to watch, by drills in numbers.
//!
//! A script's words may name its dates: they are chosen when it is played, from what is free then, so that a script
//! written today can be played next year. Guaranteed: each step waits for what must follow, with a deadline, and says
//! which step went wrong. Time that must pass (a week, the end of a hold) is not waited for: the rows of that guest are
//! moved into the past, which is all that time does to them.

pub(crate) mod ending;
pub(crate) mod owner;
pub(crate) mod past;
pub(crate) mod pay;
pub(crate) mod player;
pub(crate) mod stay;

pub(crate) use ending::End;
pub(crate) use player::{Player, Silent, Voice};
pub(crate) use stay::Stay;

/// One step. Words may contain `{range}`, `{in}`, `{out}`, `{out-1}`, `{nights}` and the like; see [`stay::Stay`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// The guest writes; an answer is waited for.
    Writes(&'static str),
    /// The guest writes several lines in a hurry; one turn answers.
    WritesInBits(&'static [&'static str]),
    /// The guest taps the newest button or row whose id or title contains this; an answer is waited for.
    Taps(&'static str),
    /// The same, of the oldest such message: a button of long ago.
    TapsOld(&'static str),
    /// The guest sends a photo; an answer is waited for.
    SendsPhoto(&'static str),
    /// The guest sends a voice note; an answer is waited for.
    SendsVoice,
    /// Something is said to the guest that she did not ask for.
    IsTold(&'static str),
    /// The last reply contains this, whatever the case of its letters.
    Reads(&'static str),
    /// The owner answers from her own phone.
    OwnerWrites(&'static str),
    /// The guest writes and nobody must answer: a person has the chat.
    WritesToThePerson(&'static str),
    /// The owner opens the matter of the receipt and taps "acreditado": two taps.
    OwnerAccepts,
    /// The owner opens the matter of the discount and takes so many pesos off.
    OwnerOffers(u32),
    /// Somebody else takes every cabin for so many guests in the script's nights.
    OthersBook(u32),
    /// So many days go by in this chat.
    DaysPass(i64),
    /// The guest's hold ends.
    HoldEnds,
    /// The guest waits for the link to pay, and opens it.
    OpensLink,
    /// The guest opens the link she was sent and pays, or tries to: `approved`, `rejected`, `in_process`. What she is told
    /// then contains the second. How long that took is noted.
    Pays(&'static str, &'static str),
    /// The guest had opened her link in time, and pays though it has run out. She is told the second.
    PaysLate(&'static str, &'static str),
    /// Mercado Pago decides on the newest payment of this guest: `approved`, `rejected`. She is told the second.
    ReviewEnds(&'static str, &'static str),
}

/// A guest with a script.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) guest: &'static str,
    /// Nights of the stay that is looked for; 0: none is spoken of.
    pub(crate) nights: u64,
    /// For so many adults.
    pub(crate) party: u32,
    pub(crate) steps: &'static [Step],
    /// What must be in the database when it is over.
    pub(crate) ends: &'static [End],
}
