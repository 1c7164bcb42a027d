//! From the errors of the desk's use cases to the wire.

use http::StatusCode;
use posta_store::{catalog::EditError, chats::ChatError};
use serde_json::{Value, json};

use crate::problem::Problem;

impl From<EditError> for Problem {
    fn from(error: EditError) -> Self {
        match error {
            EditError::NotFound(what) => Self::not_found(what),
            EditError::Invalid(problems) => {
                let fields: Vec<&str> =
                    problems.iter().map(|problem| problem.at.as_str()).collect();
                let fields = fields.join(", ");
                let listed: Vec<Value> = problems
                    .iter()
                    .map(|problem| json!({ "at": problem.at, "code": problem.code, "text": problem.text }))
                    .collect();
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "edit_invalid")
                    .value("fields", fields)
                    .with("problems", listed.into())
            }
            EditError::NameTaken(what) => {
                Self::new(StatusCode::CONFLICT, "name_taken").with("what", what.into())
            }
            EditError::Store(error) => error.into(),
        }
    }
}

impl From<ChatError> for Problem {
    fn from(error: ChatError) -> Self {
        match error {
            ChatError::NotFound => Self::not_found("chat"),
            ChatError::WindowClosed { last_guest_at } => {
                Self::new(StatusCode::CONFLICT, "chat_window_closed")
                    .with("last_guest_at", json!(last_guest_at))
            }
            ChatError::Muted => Self::new(StatusCode::CONFLICT, "chat_muted"),
            ChatError::NothingAsked => Self::new(StatusCode::CONFLICT, "not_an_action"),
            ChatError::QuoteOfSomebodyElse => {
                Self::new(StatusCode::CONFLICT, "quote_of_somebody_else")
            }
            ChatError::Booking(error) => error.into(),
            ChatError::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused"),
            ChatError::Store(error) => error.into(),
        }
    }
}
