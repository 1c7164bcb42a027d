//! Small talk, and what nobody understood.
//!
//! Guaranteed: two machines that greet or thank each other fall silent; a nod needs no answer; a chat that waits for a
//! person hears of her again, not of the menu.

use chrono::TimeDelta;

use super::{
    Button, Choice, Menu, Part, Phrase, State, World, booking, person, questions, said::Said, stay,
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
        Intent::Services => question_about(turn, Topic::Services).await,
        Intent::Location => question_about(turn, Topic::Location).await,
        // A first picture without a word is no thanks for anything.
        _ if at_first && !has_letters(said) && !said.text.contains('?') => greet(turn).await,
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
        _ if !has_letters(said) => wordless(turn, said).await,
        _ if asks_for_news(said) && stay::news(turn).await? => Ok(()),
        _ => confused(turn, Phrase::new("not-understood")).await,
    }
}

/// "¿Me confirmás?", "¿llegó?", "¿novedades?".
fn asks_for_news(said: &Said<'_>) -> bool {
    const NEWS: [&str; 14] = [
        "confirmas",
        "confirmás",
        "confirmaron",
        "confirman",
        "confirmada",
        "confirmado",
        "novedades",
        "novedad",
        "llego",
        "llegó",
        "acreditó",
        "acredito",
        "vieron",
        "recibieron",
    ];
    NEWS.iter().any(|word| said.speaks_of(word))
}

/// Whether something is broken, or worse, where the guest is.
pub(super) fn is_trouble(said: &Said<'_>) -> bool {
    const BROKEN: [&str; 32] = [
        "no anda",
        "no andan",
        "no funciona",
        "no funcionan",
        "no prende",
        "no enciende",
        "no calienta",
        "se rompio",
        "se rompió",
        "se corto la",
        "se cortó la",
        "se corto el",
        "se cortó el",
        "sin agua",
        "sin luz",
        "sin gas",
        "no hay agua",
        "no hay luz",
        "no hay gas",
        "no tenemos agua",
        "no tenemos luz",
        "no tenemos gas",
        "pierde agua",
        "pierde gas",
        "olor a gas",
        "se inundo",
        "se inundó",
        "emergencia",
        "accidente",
        "incendio",
        "no podemos entrar a la",
        "nos quedamos afuera",
    ];
    let text = said.text.to_lowercase();
    BROKEN.iter().any(|words| text.contains(words))
}

/// "¿Sos un robot?": said honestly, and a person is a tap away.
pub(super) fn asks_for_a_machine(said: &Said<'_>) -> bool {
    let machine = [
        "robot",
        "bot",
        "chatbot",
        "ia",
        "máquina",
        "maquina",
        "automático",
        "automatico",
    ];
    let are_you = ["sos", "eres", "es", "you", "hablo"];
    let person = ["quiero", "hablar", "pasame", "persona", "sirve", "humano"];
    let speaks = |words: &[&str]| words.iter().any(|word| said.speaks_of(word));
    (speaks(&machine) && speaks(&are_you) && !speaks(&person))
        || (said.speaks_of("con") && said.speaks_of("quien") && said.speaks_of("hablo"))
        || (said.speaks_of("con") && said.speaks_of("quién") && said.speaks_of("hablo"))
}

/// Who answers here.
pub(super) fn introduce<W: World>(turn: &mut Turn<'_, W>) {
    turn.greeted = true;
    turn.say(Phrase::new("i-am-a-machine").with("name", turn.desk.name.clone()));
}

fn has_letters(said: &Said<'_>) -> bool {
    said.text.chars().any(char::is_alphanumeric)
}

/// The owner's text; then back to what was open.
async fn question_about<W: World>(turn: &mut Turn<'_, W>, topic: Topic) -> Result<(), W::Error> {
    questions::answer(turn, &[topic], None).await?;
    booking::resume(turn).await
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
        // "¿Hola?" of somebody who was promised a person; or a machine.
        turn.greeted = true;
        person::hand_over(turn, person::Reason::Unanswerable);
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
    if is_open(turn.chat.state) {
        // A "sí" that decides nothing, where something was asked.
        booking::resume(turn).await?;
        stay::resume(turn).await?;
    }
    Ok(())
}

/// No letter, no figure: a nod in pictures, or somebody who waits ("???").
async fn wordless<W: World>(turn: &mut Turn<'_, W>, said: &Said<'_>) -> Result<(), W::Error> {
    let pictures = said
        .text
        .chars()
        .any(|c| !c.is_ascii() && !c.is_whitespace() && !matches!(c, '¿' | '❓' | '❔' | '⁉'));
    if said.sticker || pictures {
        return nod(turn).await;
    }
    confused(turn, Phrase::new("what-do-you-need")).await
}

/// What could not be understood: said with the ways on; the second time in a row a person sees to it.
async fn confused<W: World>(turn: &mut Turn<'_, W>, phrase: Phrase) -> Result<(), W::Error> {
    let open = is_open(turn.chat.state) && turn.chat.mode != Mode::Waiting;
    let phrase = if open && phrase.key == "not-understood" {
        // With what was asked after it; an example of dates would be another question.
        Phrase::new("not-understood-briefly")
    } else {
        phrase
    };
    if open && person::confused(turn, phrase.clone()) {
        booking::resume(turn).await?;
        stay::resume(turn).await?;
        if turn.reply.menu == Menu::None && turn.chat.slots.asked.is_none() {
            menu(turn).await?;
        }
        return Ok(());
    }
    if open {
        return Ok(());
    }
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
