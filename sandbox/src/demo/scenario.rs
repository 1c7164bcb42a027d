//! Scripted conversations: what the guest and the owner do, and what is waited for.

/// One step.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// The guest writes; an answer is waited for.
    Writes(&'static str),
    /// The guest writes several lines in a hurry; one turn answers.
    WritesInBits(&'static [&'static str]),
    /// The guest taps the first button whose id contains this; an answer is waited for.
    Taps(&'static str),
    /// The guest sends a photo; an answer is waited for.
    SendsPhoto(&'static str),
    /// The guest sends a voice note; an answer is waited for.
    SendsVoice,
    /// The owner answers from her own phone.
    OwnerWrites(&'static str),
    /// The guest writes and nobody must answer: a person has the chat.
    WritesToThePerson(&'static str),
}

/// A guest with a script.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) guest: &'static str,
    pub(crate) steps: &'static [Step],
}

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "welcome",
        about: "a guest says hello, asks around, and is handed to a person",
        phone: "5492944550101",
        guest: "Lucía Gómez",
        steps: &[
            Step::Writes("Hola! Buenas tardes"),
            Step::Taps("location"),
            Step::WritesInBits(&["una pregunta más", "qué servicios tienen?"]),
            Step::SendsVoice,
            Step::Writes("quiero hablar con una persona"),
            Step::OwnerWrites("¡Hola Lucía! Soy Marta, la dueña. Contame."),
            Step::WritesToThePerson("Gracias Marta, te llamo a la tarde"),
        ],
    },
    Scenario {
        name: "receipt",
        about: "a guest sends the photo of a receipt",
        phone: "5492944550102",
        guest: "Martín Sosa",
        steps: &[
            Step::Writes("buenas! a qué hora es el ingreso?"),
            Step::SendsPhoto("Comprobante de la seña"),
        ],
    },
];

/// Those with this name, or all.
pub(crate) fn chosen(name: Option<&str>) -> anyhow::Result<Vec<Scenario>> {
    let Some(name) = name else {
        return Ok(SCENARIOS.to_vec());
    };
    let found: Vec<_> = SCENARIOS
        .iter()
        .filter(|scenario| scenario.name == name)
        .copied()
        .collect();
    if found.is_empty() {
        let names: Vec<_> = SCENARIOS
            .iter()
            .map(|s| format!("{} ({})", s.name, s.about))
            .collect();
        anyhow::bail!(
            "there is no scenario `{name}`; there are: {}",
            names.join(", ")
        );
    }
    Ok(found)
}
