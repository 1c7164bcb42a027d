//! Known questions, answered in the owner's words.

use super::{World, person, turn::Turn};
use crate::understand::Topic;

/// Answers these, in order.
pub(super) async fn answer<W: World>(
    turn: &mut Turn<'_, W>,
    topics: &[Topic],
) -> Result<(), W::Error> {
    for topic in topics {
        match turn.desk.text(topic.key()) {
            Some(text) => turn.words(text),
            None => person::hand_over(turn, person::Reason::Unanswerable),
        }
    }
    Ok(())
}
