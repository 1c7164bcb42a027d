//! The desk's sentences, from `locales/`.
//!
//! Loaded once at start; a broken catalogue stops the process there. A key that is missing can only be a programming
//! error, which a test finds: it reads as the key itself rather than stopping a conversation.

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

const ES_AR: &str = include_str!("../../../locales/es-AR/desk.ftl");

/// A catalogue that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    /// Not Fluent.
    #[error("the catalogue es-AR has an error in its syntax: {0}")]
    Syntax(String),
    /// The same key twice.
    #[error("the catalogue es-AR defines a message twice: {0}")]
    Twice(String),
}

/// The sentences of one locale.
pub struct Texts {
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// Spanish as it is spoken in Argentina.
    pub fn es_ar() -> Result<Self, TextsError> {
        let resource = FluentResource::try_new(ES_AR.to_owned()).map_err(|(_, errors)| {
            TextsError::Syntax(errors.iter().map(ToString::to_string).collect())
        })?;
        let mut bundle = FluentBundle::new_concurrent("es-AR".parse().into_iter().collect());
        // The marks it puts around inserted times are for mixed directions of writing; here they are only noise.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).map_err(|errors| {
            TextsError::Twice(errors.iter().map(ToString::to_string).collect())
        })?;
        Ok(Self { bundle })
    }

    /// A sentence.
    pub fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// A sentence with values.
    pub fn say_with(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let Some(pattern) = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
        else {
            tracing::error!(key, "the catalogue has no such message");
            return key.to_owned();
        };
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&args), &mut errors);
        for error in errors {
            tracing::error!(key, %error, "the catalogue's message cannot be made whole");
        }
        text.into_owned()
    }

    #[cfg(test)]
    pub(super) fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }
}
