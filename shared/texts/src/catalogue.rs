//! The sentences of one locale.

use chrono_tz::America::Argentina::Buenos_Aires;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use posta_domain::{dialogue::Value, refusal::Refusal};

use crate::Renderer;

/// All of them are one bundle: a key means one thing wherever it is said.
const ES_AR: [(&str, &str); 8] = [
    (
        "formats",
        include_str!("../../../locales/es-AR/formats.ftl"),
    ),
    (
        "refusals",
        include_str!("../../../locales/es-AR/refusals.ftl"),
    ),
    ("desk", include_str!("../../../locales/es-AR/desk.ftl")),
    (
        "booking",
        include_str!("../../../locales/es-AR/booking.ftl"),
    ),
    ("stay", include_str!("../../../locales/es-AR/stay.ftl")),
    ("api", include_str!("../../../locales/es-AR/api.ftl")),
    (
        "payments",
        include_str!("../../../locales/es-AR/payments.ftl"),
    ),
    (
        "notebook",
        include_str!("../../../locales/es-AR/notebook.ftl"),
    ),
];

/// A catalogue that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    /// Not Fluent.
    #[error("the catalogue es-AR/{file}.ftl has an error in its syntax: {what}")]
    Syntax {
        /// Which file.
        file: &'static str,
        /// What is wrong, and where.
        what: String,
    },
    /// The same key twice, in one file or in two.
    #[error("the catalogue es-AR/{file}.ftl defines a message that there is already: {what}")]
    Twice {
        /// Which file.
        file: &'static str,
        /// Which message.
        what: String,
    },
}

/// See the module. Loaded once, at start.
///
/// A key that is missing can only be a programming error, which a test finds: it reads as the key itself rather than
/// stopping a conversation.
pub struct Texts {
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// Spanish as it is spoken in Argentina.
    pub fn es_ar() -> Result<Self, TextsError> {
        let mut bundle = FluentBundle::new_concurrent("es-AR".parse().into_iter().collect());
        // The marks it puts around inserted values are for mixed directions of writing; here they are only noise.
        bundle.set_use_isolating(false);
        for (file, text) in ES_AR {
            let joined = |errors: Vec<String>| errors.join("; ");
            let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| {
                let what = joined(errors.iter().map(ToString::to_string).collect());
                TextsError::Syntax { file, what }
            })?;
            bundle.add_resource(resource).map_err(|errors| {
                let what = joined(errors.iter().map(ToString::to_string).collect());
                TextsError::Twice { file, what }
            })?;
        }
        Ok(Self { bundle })
    }

    /// A sentence.
    pub fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// A sentence with values, for a reader of whom nothing is known: see [`Renderer::anywhere`].
    pub fn say_with(&self, key: &str, values: &[(&'static str, Value)]) -> String {
        Renderer::anywhere(self, Buenos_Aires).message(key, values)
    }

    /// Why not, as a guest reads it: a whole sentence, likewise.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        Renderer::anywhere(self, Buenos_Aires).refusal(refusal)
    }

    /// Whether there is such a message.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// A message whose values are in words already.
    pub(crate) fn format(&self, key: &str, args: &FluentArgs<'_>) -> String {
        let Some(pattern) = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
        else {
            tracing::error!(key, "the catalogue has no such message");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(args), &mut errors);
        for error in errors {
            tracing::error!(key, %error, "the catalogue's message cannot be made whole");
        }
        text.into_owned()
    }
}
