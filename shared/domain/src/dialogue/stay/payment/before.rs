//! Which ways to pay there are, beside any booking.

use crate::{
    dialogue::{Part, Phrase, Value, World, booking, person, turn::Turn},
    understand::PayBy,
};

/// Nothing is booked: what the seña would be, and how one pays here.
pub(super) async fn before<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    if let Some(id) = turn.chat.slots.quote
        && let Some(quoted) = turn.world.quoted(id).await?
        && quoted.valid_until > turn.now
    {
        turn.say(
            Phrase::new("deposit-of")
                .with("deposit", quoted.price.deposit)
                .with("total", quoted.price.charge),
        );
    }
    let desk = turn.desk;
    if let Some(text) = desk.text("payment") {
        turn.once(Part::Words(text.to_owned()));
    } else if !ways_there_are(turn) {
        person::hand_over(turn, person::Reason::Unanswerable);
        return Ok(());
    }
    booking::resume(turn).await
}

/// Says which ways there are. Whether there are any.
pub(in crate::dialogue) fn ways_there_are<W: World>(turn: &mut Turn<'_, W>) -> bool {
    let ways = turn.desk.ways();
    let which = match (ways.mercadopago, ways.transfer) {
        (true, true) => "both",
        (true, false) => "link",
        (false, true) => "transfer",
        (false, false) => return false,
    };
    turn.once(Part::Say(
        Phrase::new("pay-ways").with("ways", Value::Which(which)),
    ));
    true
}

/// She named a way that is none before she arrives: the truth about what there is, unless the owner has said it in her
/// own words.
pub(in crate::dialogue) fn other_ways<W: World>(turn: &mut Turn<'_, W>, named: Option<PayBy>) {
    let ways = turn.desk.ways();
    let none = named.is_some_and(|way| !ways.has(way));
    if none && turn.desk.text("payment").is_none() {
        ways_there_are(turn);
    }
}
