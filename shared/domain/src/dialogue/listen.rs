//! What the guest sent, handed to whoever answers it: files, then taps, then the words.
//!
//! Of several taps in one turn, effects and questions all count; of mere views (options, prices, lists) the last one is
//! shown. Words are offered to the parts of the dialogue in a fixed order; questions are answered beside everything else.

use super::{
    Choice, Content, Entry, Phrase, World, booking, consent, discount, person, questions, small,
    stay,
};
use super::{said::Said, turn::Turn};
use crate::{
    ids::QuoteId,
    understand::{Intent, Topic},
};

/// Answers the open entries, which are not empty.
pub(super) async fn listen<W: World>(
    turn: &mut Turn<'_, W>,
    open: &[&Entry],
) -> Result<(), W::Error> {
    // Before the taps: the words were written in answer to what we asked before.
    booking::refresh(turn);
    let month = turn.chat.slots.vague_month;
    let said = Said::of(open, &turn.context(), month);
    if said.refused_file {
        turn.say(Phrase::new("file-refused"));
    }
    if said.file {
        stay::files(turn, &said).await?;
    }
    let shown = turn.chat.slots.quote;
    for (choice, entry) in taps(open, shown) {
        turn.chat.misunderstandings = 0;
        tap(turn, &choice, entry).await?;
    }
    words(turn, &said).await?;
    small::ways_out(turn, &said);
    Ok(())
}

/// The taps that count, oldest first. Booking what is not the price that was `shown` only shows something: an impatient
/// thumb's second tap must not come between what was answered to the first and what is tapped next.
fn taps<'e>(open: &[&'e Entry], shown: Option<QuoteId>) -> Vec<(Choice, &'e Entry)> {
    let is_view = |choice: &Choice| match choice {
        Choice::Hold(quote) => Some(*quote) != shown,
        other => other.is_view(),
    };
    let mut taps: Vec<(Choice, &Entry)> = Vec::new();
    for entry in open {
        let Content::Tap { id, .. } = &entry.content else {
            continue;
        };
        let Some(choice) = Choice::of_id(id) else {
            continue;
        };
        if is_view(&choice) {
            taps.retain(|(earlier, _)| !is_view(earlier));
        }
        if taps.iter().all(|(earlier, _)| *earlier != choice) {
            taps.push((choice, *entry));
        }
    }
    taps
}

async fn tap<W: World>(
    turn: &mut Turn<'_, W>,
    choice: &Choice,
    entry: &Entry,
) -> Result<(), W::Error> {
    match choice {
        Choice::Topic(topic) => {
            questions::answer(turn, &[*topic], None).await?;
            if *topic == Topic::Payment {
                stay::how_to_pay(turn).await?;
            }
            Ok(())
        }
        Choice::Human => {
            person::hand_over(turn, person::Reason::Asked);
            Ok(())
        }
        Choice::Book
        | Choice::OtherDates
        | Choice::Dates { .. }
        | Choice::Pets(_)
        | Choice::Option { .. }
        | Choice::Hold(_) => booking::tap(turn, choice, entry).await,
        Choice::Discount(quote) => discount::ask(turn, Some(*quote), "").await,
        Choice::Pay(_)
        | Choice::PayBy(..)
        | Choice::MyBookings
        | Choice::Booking(_)
        | Choice::Cancel(_)
        | Choice::CancelYes(_)
        | Choice::Keep(_)
        | Choice::Change(_)
        | Choice::ChangeYes(..)
        | Choice::Again(_) => stay::tap(turn, choice, entry).await,
    }
}

/// The words, to the first part that takes them.
async fn words<W: World>(turn: &mut Turn<'_, W>, said: &Said<'_>) -> Result<(), W::Error> {
    let it = &said.understood;
    let state = turn.chat.state;
    if consent::answer(turn, said).await? {
        return Ok(());
    }
    let trouble = small::is_trouble(said);
    let topics = if trouble {
        // "No anda el wifi" does not ask whether there is one.
        Vec::new()
    } else {
        questions_of(turn, said)
    };
    if !topics.is_empty() {
        turn.chat.misunderstandings = 0;
        questions::answer(turn, &topics, it.accommodation.as_deref()).await?;
    }
    let mut taken = false;
    if trouble {
        turn.say(Phrase::new("trouble"));
        person::hand_over(turn, person::Reason::Asked);
        taken = true;
    } else if small::asks_for_a_machine(said) {
        small::introduce(turn);
        taken = true;
    } else if it.wants(Intent::Human) {
        person::hand_over(turn, person::Reason::Asked);
        taken = true;
    }
    taken |= stay::expected(turn, said).await?;
    if !taken && it.discount {
        discount::ask(turn, turn.chat.slots.quote, &said.text).await?;
        taken = true;
    }
    if !taken && !booking::changes_the_search(turn, said) {
        taken = stay::asked(turn, said).await?;
    }
    if !taken {
        taken = booking::heard(turn, said).await?;
    }
    if taken || !it.topics.is_empty() {
        small::unread(turn, said);
    }
    if taken {
        turn.chat.misunderstandings = 0;
    } else if topics.is_empty() {
        small::answer(turn, said).await?;
    } else if turn.chat.state == state {
        // Answered; now back to what was open.
        booking::resume(turn).await?;
        stay::resume(turn).await?;
    }
    Ok(())
}

/// What is asked. "Con un perrito" and "sin el perro" say who comes: the search answers that, unless the owner has
/// written about pets.
fn questions_of<W: World>(turn: &Turn<'_, W>, said: &Said<'_>) -> Vec<Topic> {
    let it = &said.understood;
    let told = turn.desk.text(Topic::Pets.key()).is_some();
    // "Ok, sin el perro" in answer to how many may come.
    let answers = turn.chat.slots.pets_most.is_some() && !said.text.contains('?');
    let counted = it.pets == Some(0) || answers || (it.pets.is_some() && !told);
    let mut topics = it.topics.clone();
    topics.retain(|topic| *topic != Topic::Pets || !counted);
    topics
}
