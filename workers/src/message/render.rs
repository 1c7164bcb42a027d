//! From what the dialogue decided to a message in words.
//!
//! Guaranteed: whatever the parts are, and however long the owner's texts, the message keeps the provider's limits.
//! When words and buttons do not fit together the buttons go: the words are the answer.

use chrono::NaiveTime;
use posta_domain::{
    dialogue::{Choice, Part, Reply},
    hours::{Day, When},
    understand::Topic,
};
use posta_providers::whatsapp::{
    limits::{LONG_BODY, LimitError, SHORT_BODY, units},
    outgoing::{Outgoing, fit},
};

use super::texts::Texts;

/// The message that says it.
pub fn render(reply: &Reply, texts: &Texts) -> Result<Outgoing, LimitError> {
    let paragraphs: Vec<String> = reply
        .parts
        .iter()
        .map(|part| paragraph(part, texts))
        .filter(|text| !text.is_empty())
        .collect();
    let mut body = paragraphs.join("\n\n");
    if body.is_empty() {
        // The owner's text was nothing but space.
        body = texts.say("what-do-you-need");
    }
    if reply.choices.is_empty() || units(&body) > SHORT_BODY {
        return Outgoing::text(fit(&body, LONG_BODY));
    }
    let buttons = reply
        .choices
        .iter()
        .map(|choice| (choice.id(), texts.say(title(*choice))));
    Outgoing::buttons(body, buttons)
}

fn paragraph(part: &Part, texts: &Texts) -> String {
    let owners = |text: &str| fit(text, LONG_BODY);
    match part {
        Part::SorryForTheWait => texts.say("sorry-for-the-wait"),
        Part::Hello => texts.say("hello"),
        Part::Welcome(own) => {
            let welcome = own.as_deref().map(owners).filter(|own| !own.is_empty());
            format!(
                "{}\n\n{}",
                welcome.unwrap_or_else(|| texts.say("welcome")),
                texts.say("menu-hint")
            )
        }
        Part::Owner(_, text) => owners(text),
        Part::PersonWillAnswer(when) => texts.say_with("person-will-answer", &values(*when)),
        Part::PersonWillLook(when) => texts.say_with("person-will-look", &values(*when)),
        Part::Meanwhile => texts.say("meanwhile"),
        Part::FileRefused => texts.say("file-refused"),
        Part::PleaseType => texts.say("please-type"),
        Part::PleaseWrite => texts.say("please-write"),
        Part::WhatDoYouNeed => texts.say("what-do-you-need"),
        Part::Courtesy => texts.say("courtesy"),
    }
}

fn values(when: When) -> [(&'static str, String); 2] {
    let (word, time) = match when {
        When::Soon => ("soon", String::new()),
        When::Until(Day::Today, time) => ("until-today", clock(time)),
        When::Until(Day::Tomorrow, time) => ("until-tomorrow", clock(time)),
        When::From(Day::Today, time) => ("from-today", clock(time)),
        When::From(Day::Tomorrow, time) => ("from-tomorrow", clock(time)),
    };
    [("when", word.to_owned()), ("time", time)]
}

fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

const fn title(choice: Choice) -> &'static str {
    match choice {
        Choice::Topic(Topic::Location) => "button-location",
        Choice::Topic(Topic::Services) => "button-services",
        Choice::Topic(Topic::CheckIn) => "button-check-in",
        Choice::Human => "button-human",
    }
}

#[cfg(test)]
mod tests;
