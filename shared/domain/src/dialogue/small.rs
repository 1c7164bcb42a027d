//! Small talk, and what nobody understood.
//!
//! Guaranteed: two machines that greet or thank each other fall silent; a nod needs no answer; a chat that waits for a
//! person hears of her again, not of the menu.

use chrono::TimeDelta;

use super::{
    Button, Choice, Menu, Part, Phrase, State, World, booking, person, questions, said::Said,
    turn::Turn,
};
use crate::{
    mode::Mode,
    understand::{Intent, Topic},
};

/// Who writes again after so long is greeted again.
const HELLO_AGAIN: TimeDelta = TimeDelta::hours(12);

/// The words were answered; a note or a thing nobody could read came with them.
pub(super) fn unread<W: World>(turn: &mut Turn<'_, W>, said: &Said<'_>) {
    if said.voice {
        turn.say(Phrase::new("please-type"));
    }
    if said.unreadable {
        turn.say(Phrase::new("please-write"));
    }
}

/// Nothing else took the words: greetings, thanks, nods, what nobody understood, files and notes without words.
pub(super) async fn answer<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
) -> Result<(), W::Error> {
    if said.voice {
        return confused(turn, Phrase::new("please-type")).await;
    }
    if said.unreadable {
        return confused(turn, Phrase::new("please-write")).await;
    }
    if turn.has_spoken() || said.tapped || said.file {
        // A hello or a thank-you beside it needs no paragraph of its own.
        return Ok(());
    }
    let it = &said.understood;
    let at_first = turn.chat.state == State::Start;
    match it.intent {
        _ if it.greets && at_first => greet(turn).await,
        Intent::Services => questions::answer(turn, &[Topic::Services], None).await,
        Intent::Location => questions::answer(turn, &[Topic::Location], None).await,
        Intent::Thanks => {
            thanks(turn);
            Ok(())
        }
        Intent::Deny => {
            declined(turn);
            Ok(())
        }
        Intent::Greeting => greet(turn).await,
        _ if it.greets || said.opened => greet(turn).await,
        _ if it.thanks => {
            thanks(turn);
            Ok(())
        }
        Intent::Affirm => nod(turn).await,
        _ if !said.text.chars().any(char::is_alphanumeric) => wordless(turn, said).await,
        _ => confused(turn, Phrase::new("not-understood")).await,
    }
}

/// The last step of a turn: a hello before the answer where one is due, and what can be tapped where nothing can.
pub(super) fn ways_out<W: World>(turn: &mut Turn<'_, W>, said: &Said<'_>) {
    if !turn.has_spoken() || turn.chat.state == State::Thanked {
        return;
    }
    // What the guest asked stays of use, whatever else is in the bubble.
    turn.reply.useful_until = None;
    let slots = &mut turn.chat.slots;
    let long_ago = slots
        .greeted_at
        .is_none_or(|at| turn.now - at >= HELLO_AGAIN);
    if said.understood.greets && long_ago && !turn.greeted {
        slots.greeted_at = Some(turn.now);
        turn.greeted = true;
        let hello = Part::Say(Phrase::new("hello"));
        turn.reply.parts.insert(0, hello);
    }
    if turn.reply.menu != Menu::None || turn.chat.slots.asked.is_some() {
        return;
    }
    if turn.chat.state == State::Held {
        turn.button(Choice::MyBookings, Phrase::new("button-my-bookings"));
    } else {
        turn.button(Choice::Book, Phrase::new("button-search"));
    }
    if turn.chat.mode != Mode::Waiting {
        turn.button(Choice::Human, Phrase::new("button-human"));
    }
}

/// Hello, or the chat was opened.
async fn greet<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    if turn.chat.mode == Mode::Waiting {
        // "¿Hola?" of somebody who was promised a person.
        turn.greeted = true;
        person::hand_over(turn, person::Reason::Asked);
        return Ok(());
    }
    let slots = &mut turn.chat.slots;
    if slots
        .menu_at
        .is_some_and(|at| turn.now - at < person::AGAIN)
    {
        return confused(turn, Phrase::new("what-do-you-need")).await;
    }
    slots.menu_at = Some(turn.now);
    slots.greeted_at = Some(turn.now);
    turn.greeted = true;
    turn.chat.misunderstandings = 0;
    if is_open(turn.chat.state) {
        // In the middle of something: a greeting does not end it.
        booking::resume(turn).await?;
        if turn.has_spoken() {
            let hello = Part::Say(Phrase::new("hello-again"));
            turn.reply.parts.insert(0, hello);
            return Ok(());
        }
    }
    turn.say(Phrase::new("welcome").with("name", turn.desk.name.clone()));
    let desk = turn.desk;
    if let Some(words) = desk.text("welcome") {
        turn.words(words);
    }
    turn.say(Phrase::new("menu-hint"));
    turn.stand(State::Menu, None);
    menu(turn).await
}

/// Thanks: answered once. What was asked before is not open any more: a later "dale" may be mere politeness.
fn thanks<W: World>(turn: &mut Turn<'_, W>) {
    if turn.chat.state != State::Thanked {
        let asked = turn.chat.slots.asked;
        turn.stand(State::Thanked, asked);
        turn.say(Phrase::new("courtesy"));
    }
}

/// "no, gracias": fine. Said once, as thanks are.
fn declined<W: World>(turn: &mut Turn<'_, W>) {
    if turn.chat.state != State::Thanked {
        turn.stand(State::Thanked, None);
        turn.say(Phrase::new("as-you-like"));
    }
}

/// "ok", 👍, a sticker: needs no answer, but for somebody who says nothing else at first.
async fn nod<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    if turn.chat.state == State::Start && turn.chat.mode != Mode::Waiting {
        return greet(turn).await;
    }
    Ok(())
}

/// No letter, no figure: a nod in pictures, or somebody who waits ("???").
async fn wordless<W: World>(turn: &mut Turn<'_, W>, said: &Said<'_>) -> Result<(), W::Error> {
    let pictures = said
        .text
        .chars()
        .any(|c| !c.is_ascii() && !c.is_whitespace() && c != '¿');
    if said.sticker || pictures {
        return nod(turn).await;
    }
    confused(turn, Phrase::new("what-do-you-need")).await
}

/// What could not be understood: said with the ways on; the second time in a row a person sees to it.
async fn confused<W: World>(turn: &mut Turn<'_, W>, phrase: Phrase) -> Result<(), W::Error> {
    if person::confused(turn, phrase) && turn.reply.menu == Menu::None {
        menu(turn).await?;
    }
    Ok(())
}

/// The ways on: to book, the guest's bookings where there are some, a person.
async fn menu<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    let bookings = turn.world.bookings().await?;
    let second = if bookings.is_empty() {
        question(turn)
    } else {
        Some((Choice::MyBookings, Phrase::new("button-my-bookings")))
    };
    let mut buttons = vec![(Choice::Book, Phrase::new("button-search"))];
    buttons.extend(second);
    if turn.chat.mode != Mode::Waiting {
        buttons.push((Choice::Human, Phrase::new("button-human")));
    }
    let buttons = buttons.into_iter();
    let buttons = buttons.map(|(choice, title)| Button { choice, title });
    turn.reply.menu = Menu::Buttons(buttons.collect());
    Ok(())
}

/// A question that the owner has answered beforehand.
fn question<W: World>(turn: &Turn<'_, W>) -> Option<(Choice, Phrase)> {
    let known = |topic: Topic| turn.desk.text(topic.key()).is_some();
    if known(Topic::Services) {
        let title = Phrase::new("button-services");
        Some((Choice::Topic(Topic::Services), title))
    } else if known(Topic::Location) {
        let title = Phrase::new("button-location");
        Some((Choice::Topic(Topic::Location), title))
    } else {
        None
    }
}

/// Whether something was asked that an answer is expected to.
const fn is_open(state: State) -> bool {
    !matches!(
        state,
        State::Start | State::Menu | State::Thanked | State::Held
    )
}
