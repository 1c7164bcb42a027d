//! The same stay once more, after its hold ended: what it costs today, if it is still free.

use super::{find, mine, pick, words};
use crate::{
    dialogue::{Phrase, World, booking, turn::Turn},
    ids::{ReservationId, UnitTypeId},
    reservation::Status,
};

/// Looks for it again.
pub(super) async fn again<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
) -> Result<(), W::Error> {
    let Some(booked) = find(turn, id).await? else {
        return Ok(());
    };
    match booked.state.status() {
        Status::Expired | Status::Yielded | Status::Cancelled => {}
        _ => {
            mine::show(turn, &booked);
            return Ok(());
        }
    }
    let bookings = turn.world.bookings().await?;
    let anew = bookings.iter().find(|other| {
        let both = words::period(other).zip(words::period(&booked));
        pick::is_open(other) && both.is_some_and(|(one, other)| one.overlaps(other))
    });
    if let Some(anew) = anew {
        // She has booked those days herself.
        mine::show(turn, anew);
        return Ok(());
    }
    let kinds: Vec<UnitTypeId> = booked.stays.iter().map(|stay| stay.unit_type).collect();
    let period = words::period(&booked).filter(|period| period.check_in() >= turn.today());
    let Some(period) = period else {
        turn.say(Phrase::new("again-past"));
        turn.chat.slots.forget_stay();
        return booking::search(turn).await;
    };
    booking::remember_stay(turn, &booked);
    booking::option(turn, &kinds, period).await
}
