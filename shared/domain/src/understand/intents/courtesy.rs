//! Answers and courtesy: what a message is when it asks for nothing, or answers besides.

use super::{Facts, Meaning, decide::Want, sense::Sense, senses::Senses};
use crate::understand::{Asked, Context, Intent};

/// Whether an answer was given, although something else was named too.
pub(super) fn small_talk_wins(
    senses: &Senses<'_>,
    context: &Context<'_>,
    facts: &Facts,
    wants: &[Want],
    meaning: &Meaning,
) -> bool {
    let grave = wants.iter().any(|want| {
        matches!(
            want.intent,
            Intent::Human
                | Intent::Cancel
                | Intent::Change
                | Intent::Payment
                | Intent::MyReservations
        )
    });
    if grave || facts.when || facts.who {
        return false;
    }
    let only_stay = wants.iter().all(|want| {
        matches!(
            want.intent,
            Intent::Availability | Intent::Reserve | Intent::Price
        )
    });
    if senses.has(Sense::Leave) && !senses.question && only_stay {
        return true;
    }
    if meaning.denies
        && wants.iter().all(|want| want.intent == Intent::Availability)
        && !senses.has(Sense::Room)
    {
        return true;
    }
    let answers = context.asked == Some(Asked::YesOrNo) && !senses.question;
    answers && only_stay && (meaning.affirms || meaning.denies)
}

/// What is left when nothing is asked for: an answer, courtesy, a party, or nothing we know.
pub(super) fn small_talk(
    senses: &Senses<'_>,
    context: &Context<'_>,
    facts: &Facts,
    meaning: &Meaning,
) -> Intent {
    let yes_or_no = context.asked == Some(Asked::YesOrNo);
    if meaning.opt_out || senses.has(Sense::NotCancel) {
        return Intent::Deny;
    }
    if facts.when || facts.who {
        return Intent::Availability;
    }
    if meaning.denies {
        return Intent::Deny;
    }
    if facts.which || senses.has(Sense::Take) && !senses.yes() && !yes_or_no {
        return Intent::Reserve;
    }
    if meaning.affirms && (!meaning.thanks || yes_or_no || senses.has(Sense::Si) && senses.yes()) {
        return if meaning.unread <= 2 {
            Intent::Affirm
        } else {
            Intent::Unknown
        };
    }
    if senses.has(Sense::Somebody) {
        return Intent::Human;
    }
    if meaning.thanks || senses.has(Sense::Bye) {
        return Intent::Thanks;
    }
    if meaning.greets && meaning.unread <= 3
        || senses.any(&[Sense::Courtesy, Sense::General]) && meaning.unread <= 2
    {
        return Intent::Greeting;
    }
    if senses.has(Sense::Cabin) && meaning.unread == 0 {
        return Intent::Availability;
    }
    Intent::Unknown
}
