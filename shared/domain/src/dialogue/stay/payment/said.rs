//! Words about paying: "¿cómo pago?", "prefiero transferir", "ya pagué".

use super::{before, by, how, other_ways, switch, tell};
use crate::{
    dialogue::{
        Booked, Choice, Phrase, State, Value, World, person, questions,
        said::Said,
        stay::{mine, pick, speak_of, words},
        turn::Turn,
    },
    ids::ReservationId,
    reservation::{Awaiting, Reservation, Status},
    understand::{Intent, PayBy, Topic},
};

/// "¿cómo pago?", "¿de cuánto es la seña?", "ya transferí". Whether there was anything to say about it.
pub(in crate::dialogue::stay) async fn asked<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
) -> Result<bool, W::Error> {
    let it = &said.understood;
    if said.file {
        // The receipt has been answered; its caption says no more than it.
        return Ok(true);
    }
    let bookings = turn.world.bookings().await?;
    let spoken_of = turn.chat.slots.booking;
    if let Some(booked) = bookings
        .iter()
        .find(|booked| booked.receipt_waits && questions::is_living(booked))
    {
        tell(turn, booked);
        return Ok(true);
    }
    if let Some(booked) = pick::to_pay(&bookings, spoken_of) {
        if it.paid {
            paid(turn, said, booked).await?;
        } else {
            turn.clear_menu();
            by_name(turn, said, booked).await?;
        }
        return Ok(true);
    }
    if !it.paid && it.check_in.is_some() {
        // "Del 20 al 23, somos 2, pago por transferencia": a stay that is looked for.
        return Ok(false);
    }
    if it.paid {
        nothing_to_pay(turn, &bookings, spoken_of).await?;
        return Ok(true);
    }
    let requested = bookings.iter().find(|booked| {
        matches!(booked.state, Reservation::Held(hold) if hold.awaiting == Awaiting::Owner)
    });
    let living = requested.or_else(|| bookings.iter().find(|booked| questions::is_living(booked)));
    if let Some(booked) = living {
        mine::show(turn, booked);
        return Ok(true);
    }
    if it.wants(Intent::Reserve) || it.wants(Intent::Availability) || it.wants(Intent::Price) {
        // The stay first; how to pay it comes with it.
        return Ok(false);
    }
    let told = [Topic::Payment, Topic::Transfer];
    if it.topics.iter().any(|topic| told.contains(topic)) && turn.chat.slots.quote.is_none() {
        return Ok(true);
    }
    before::before(turn).await.map(|()| true)
}

/// How, the way she names first. Her words alone take no link away that she may be paying by: where to transfer is told
/// beside it.
async fn by_name<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
    booked: &Booked,
) -> Result<(), W::Error> {
    let ways = turn.desk.ways();
    match said.understood.pay_by.filter(|_| said.typed) {
        Some(PayBy::Transfer) if ways.transfer => by(turn, booked, Some(PayBy::Transfer)),
        Some(PayBy::MercadoPago) if ways.mercadopago => {
            switch(turn, booked, PayBy::MercadoPago).await?;
        }
        named => {
            other_ways(turn, named);
            how(turn, booked).await?;
        }
    }
    Ok(())
}

/// The money is said to be sent, and has not come.
async fn paid<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
    booked: &Booked,
) -> Result<(), W::Error> {
    let transfer = turn.desk.ways().transfer;
    let transferred = transfer && speaks_of_a_transfer(said);
    speak_of(turn, booked.id);
    turn.stand(State::Held, None);
    if !transferred {
        // Also where another way is asked for by now: she may have paid by the link of before.
        turn.world.look_for_payment(booked.id).await?;
    }
    if transferred || booked.pay_by.is_some_and(|way| way != PayBy::MercadoPago) {
        turn.say(sent(booked));
        return Ok(());
    }
    if booked.pay_by.is_none() {
        if turn.desk.mercadopago && booked.paid.minor > 0 {
            // What was asked for has come; the rest was not asked for yet.
            mine::show(turn, booked);
        } else {
            turn.say(sent(booked));
        }
        return Ok(());
    }
    if words::reviewed(booked) {
        tell(turn, booked);
        return Ok(());
    }
    let other = if transfer { "transfer" } else { "none" };
    turn.say(
        words::naming(Phrase::new("pay-not-seen"), booked)
            .with("amount", words::owed(booked).unwrap_or(booked.deposit))
            .with("other", Value::Which(other))
            .with("kept", words::kept(booked)),
    );
    turn.button(Choice::Pay(booked.id), Phrase::new("button-pay"));
    super::buttons(turn, booked);
    Ok(())
}

/// Money is said to be sent where we know of nothing to pay: it is paid; or the hold has ended, and its payment may be
/// on its way; or only a person knows.
async fn nothing_to_pay<W: World>(
    turn: &mut Turn<'_, W>,
    bookings: &[Booked],
    spoken_of: Option<ReservationId>,
) -> Result<(), W::Error> {
    let named = |booked: &&Booked| Some(booked.id) == spoken_of;
    let is_paid = |booked: &&Booked| {
        matches!(
            booked.state,
            Reservation::Confirmed | Reservation::CheckedIn
        )
    };
    let mut sold = bookings.iter().filter(is_paid);
    if let Some(booked) = sold.clone().find(named).or_else(|| sold.next()) {
        mine::show(turn, booked);
        return Ok(());
    }
    let over = |booked: &&Booked| booked.state.status() == Status::Expired;
    let mut ended = bookings.iter().filter(over);
    if let Some(booked) = ended.clone().find(named).or_else(|| ended.next())
        && turn.world.look_for_payment(booked.id).await?
    {
        speak_of(turn, booked.id);
        turn.stand(State::Held, None);
        turn.say(words::naming(Phrase::new("pay-looked-for"), booked));
        super::buttons(turn, booked);
        return Ok(());
    }
    person::hand_over(turn, person::Reason::Unanswerable);
    Ok(())
}

fn speaks_of_a_transfer(said: &Said<'_>) -> bool {
    let text = said.text.to_lowercase();
    let words = ["transf", "deposit", "depósit"];
    let transfer = words.iter().any(|word| text.contains(word));
    transfer && !text.contains("mercado")
}

/// Its receipt, please.
fn sent(booked: &Booked) -> Phrase {
    match booked.state {
        Reservation::Held(hold) => {
            words::naming(Phrase::new("pay-receipt-please"), booked).with("until", hold.expires_at)
        }
        _ => words::naming(Phrase::new("pay-receipt-please-balance"), booked),
    }
}
