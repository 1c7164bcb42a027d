//! Reads a body sent to the messages endpoint and refuses what the Graph API refuses.
//!
//! Characters are counted in UTF-16 units: Meta does not say how it counts, and this is the strict reading.

use serde_json::Value;

use super::chat::{Choice, ChoiceKind};
use super::errors::GraphError;
use super::templates;

/// A message the Graph API would take.
#[derive(Debug, Clone)]
pub(crate) struct Submitted {
    pub(crate) to: Recipient,
    pub(crate) kind: String,
    /// What a person reads in the bubble.
    pub(crate) text: String,
    pub(crate) choices: Vec<Choice>,
    pub(crate) link: Option<String>,
    pub(crate) callback_data: Option<String>,
    pub(crate) context: Option<String>,
}

/// `to` wins over `recipient`, as the documentation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Recipient {
    Phone(String),
    UserId(String),
}

pub(crate) type Checked<T> = Result<T, GraphError>;

pub(crate) fn message(body: &Value) -> Checked<Submitted> {
    if body["messaging_product"].as_str() != Some("whatsapp") {
        return Err(GraphError::invalid("messaging_product must be 'whatsapp'"));
    }
    let to = recipient(body)?;
    let kind = body["type"].as_str().unwrap_or("text");
    let mut submitted = Submitted {
        to,
        kind: kind.to_owned(),
        text: String::new(),
        choices: Vec::new(),
        link: None,
        callback_data: optional(body, "biz_opaque_callback_data", 512)?,
        context: body["context"]["message_id"].as_str().map(str::to_owned),
    };
    match kind {
        "text" => submitted.text = required(&body["text"], "body", 4096)?,
        "interactive" => interactive(&body["interactive"], &mut submitted)?,
        "image" | "document" | "audio" | "video" | "sticker" => {
            media(kind, &body[kind], &mut submitted)?;
        }
        "template" => templates::template(&body["template"], &mut submitted)?,
        "location" | "reaction" | "contacts" => submitted.text = format!("[{kind}]"),
        other => {
            return Err(GraphError::of(
                131051,
                format!("Unsupported message type: {other}"),
            ));
        }
    }
    Ok(submitted)
}

fn recipient(body: &Value) -> Checked<Recipient> {
    let present = |name: &str| body[name].as_str().filter(|value| !value.is_empty());
    if let Some(to) = present("to") {
        let digits = super::ids::digits(to);
        let clean = to
            .chars()
            .all(|c| c.is_ascii_digit() || "+ -()".contains(c));
        if !clean || !(7..=15).contains(&digits.len()) {
            return Err(GraphError::of(
                131009,
                format!("'{to}' is not a valid phone number"),
            ));
        }
        return Ok(Recipient::Phone(digits));
    }
    match present("recipient") {
        Some(id) if id.contains('.') => Ok(Recipient::UserId(id.to_owned())),
        Some(id) => Err(GraphError::of(
            131009,
            format!("'{id}' is not a valid user id"),
        )),
        None => Err(GraphError::of(
            131008,
            "The parameter to or recipient is required.",
        )),
    }
}

fn interactive(value: &Value, submitted: &mut Submitted) -> Checked<()> {
    optional(&value["footer"], "text", 60)?;
    let header = &value["header"];
    if header["type"].as_str() == Some("text") {
        required(header, "text", 60)?;
    }
    let kind = value["type"].as_str().unwrap_or_default();
    submitted.text = required(
        &value["body"],
        "text",
        if kind == "list" { 4096 } else { 1024 },
    )?;
    match kind {
        "button" => submitted.choices = buttons(&value["action"]["buttons"])?,
        "list" => {
            if header.is_object() && header["type"].as_str() != Some("text") {
                return Err(GraphError::of(
                    131009,
                    "Header of a list message must be text",
                ));
            }
            submitted.choices = rows(&value["action"])?;
        }
        "cta_url" => {
            let parameters = &value["action"]["parameters"];
            required(parameters, "display_text", 20)?;
            submitted.link = Some(required(parameters, "url", 2000)?);
        }
        "location_request_message" | "request_contact_info" => {}
        other => {
            return Err(GraphError::of(
                131009,
                format!("Interactive type '{other}' is not valid"),
            ));
        }
    }
    Ok(())
}

fn buttons(value: &Value) -> Checked<Vec<Choice>> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    if !(1..=3).contains(&list.len()) {
        return Err(GraphError::of(
            131009,
            "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3",
        ));
    }
    let mut choices: Vec<Choice> = Vec::new();
    for button in list {
        if button["type"].as_str() != Some("reply") {
            return Err(GraphError::of(131009, "Button type must be reply"));
        }
        let id = required(&button["reply"], "id", 256)?;
        let title = required(&button["reply"], "title", 20)?;
        if choices
            .iter()
            .any(|other| other.title == title || other.id == id)
        {
            return Err(GraphError::of(
                131009,
                "Buttons must have distinct ids and titles",
            ));
        }
        choices.push(Choice {
            kind: ChoiceKind::Button,
            id,
            title,
            description: None,
        });
    }
    Ok(choices)
}

fn rows(action: &Value) -> Checked<Vec<Choice>> {
    required(action, "button", 20)?;
    let sections = action["sections"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if !(1..=10).contains(&sections.len()) {
        return Err(GraphError::of(
            131009,
            "Sections count must be between 1 and 10",
        ));
    }
    let mut choices: Vec<Choice> = Vec::new();
    for section in sections {
        let title = optional(section, "title", 24)?;
        if sections.len() > 1 && title.is_none() {
            return Err(GraphError::of(
                131009,
                "Section title is required when there is more than one section",
            ));
        }
        for row in section["rows"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
        {
            let id = required(row, "id", 200)?;
            let title = required(row, "title", 24)?;
            let description = optional(row, "description", 72)?;
            if choices.iter().any(|other| other.id == id) {
                return Err(GraphError::of(131009, "Row ids must be distinct"));
            }
            choices.push(Choice {
                kind: ChoiceKind::Row,
                id,
                title,
                description,
            });
        }
    }
    if !(1..=10).contains(&choices.len()) {
        return Err(GraphError::of(
            131009,
            "Total row count exceeds the maximum of 10, or there is no row",
        ));
    }
    Ok(choices)
}

fn media(kind: &str, value: &Value, submitted: &mut Submitted) -> Checked<()> {
    let link = value["link"].as_str();
    if link.is_none() && value["id"].as_str().is_none() {
        return Err(GraphError::of(
            131008,
            format!("{kind}: one of id and link is required"),
        ));
    }
    if link.is_some_and(|link| !link.starts_with("https://") && !link.starts_with("http://")) {
        return Err(GraphError::of(
            131009,
            format!("{kind}: link is not a valid URL"),
        ));
    }
    submitted.link = link.map(str::to_owned);
    submitted.text = optional(value, "caption", 1024)?.unwrap_or_default();
    Ok(())
}

pub(crate) fn required(value: &Value, name: &str, most: usize) -> Checked<String> {
    match optional(value, name, most)? {
        Some(text) if !text.is_empty() => Ok(text),
        _ => Err(GraphError::of(
            131008,
            format!("The parameter {name} is required."),
        )),
    }
}

fn optional(value: &Value, name: &str, most: usize) -> Checked<Option<String>> {
    let text = match &value[name] {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        _ => {
            return Err(GraphError::invalid(format!(
                "Param {name} must be a string"
            )));
        }
    };
    if text.encode_utf16().count() > most {
        return Err(GraphError::invalid(format!(
            "Param {name} must be at most {most} characters long."
        )));
    }
    Ok(Some(text.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn with(kind: &str, content: Value) -> Result<Submitted, i64> {
        let mut body =
            json!({ "messaging_product": "whatsapp", "to": "+5492944550101", "type": kind });
        body[kind] = content;
        message(&body).map_err(|error| error.code)
    }

    fn with_buttons(titles: &[&str]) -> Value {
        let buttons: Vec<_> = titles
            .iter()
            .enumerate()
            .map(|(n, title)| json!({ "type": "reply", "reply": { "id": format!("b{n}"), "title": title } }))
            .collect();
        json!({ "type": "button", "body": { "text": "?" }, "action": { "buttons": buttons } })
    }

    #[test]
    fn text_up_to_4096_units_is_taken_and_an_emoji_counts_two() {
        assert!(with("text", json!({ "body": "a".repeat(4096) })).is_ok());
        assert_eq!(
            with("text", json!({ "body": "a".repeat(4097) })).unwrap_err(),
            100
        );
        assert_eq!(
            with("text", json!({ "body": "🏔".repeat(2049) })).unwrap_err(),
            100
        );
        assert_eq!(with("text", json!({ "body": "" })).unwrap_err(), 131008);
    }

    #[test]
    fn buttons_are_one_to_three_short_and_distinct() {
        assert_eq!(
            with("interactive", with_buttons(&["Sí", "No"]))
                .unwrap()
                .choices
                .len(),
            2
        );
        assert_eq!(with("interactive", with_buttons(&[])).unwrap_err(), 131009);
        assert_eq!(
            with("interactive", with_buttons(&["a", "b", "c", "d"])).unwrap_err(),
            131009
        );
        assert_eq!(
            with("interactive", with_buttons(&["a", "a"])).unwrap_err(),
            131009
        );
        assert_eq!(
            with("interactive", with_buttons(&["veintiún caracteres ..."])).unwrap_err(),
            100
        );
    }

    #[test]
    fn lists_have_at_most_ten_rows_in_total() {
        let list = |sections: usize, rows: usize| {
            let sections: Vec<_> = (0..sections)
                .map(|s| {
                    let rows: Vec<_> = (0..rows)
                        .map(|r| json!({ "id": format!("{s}-{r}"), "title": "x" }))
                        .collect();
                    json!({ "title": format!("S{s}"), "rows": rows })
                })
                .collect();
            json!({ "type": "list", "body": { "text": "?" }, "action": { "button": "Ver", "sections": sections } })
        };
        assert!(with("interactive", list(2, 5)).is_ok());
        assert_eq!(with("interactive", list(2, 6)).unwrap_err(), 131009);
        assert_eq!(with("interactive", list(0, 0)).unwrap_err(), 131009);
    }

    #[test]
    fn the_recipient_is_a_phone_or_a_user_id_and_the_phone_wins() {
        let to = |body: Value| recipient(&body).map_err(|error| error.code);
        assert_eq!(
            to(json!({ "to": "+54 9 2944-550101" })),
            Ok(Recipient::Phone("5492944550101".into()))
        );
        assert_eq!(
            to(json!({ "recipient": "AR.123" })),
            Ok(Recipient::UserId("AR.123".into()))
        );
        assert_eq!(
            to(json!({ "to": "5492944550101", "recipient": "AR.123" })),
            Ok(Recipient::Phone("5492944550101".into()))
        );
        assert_eq!(to(json!({ "to": "AR.123" })), Err(131009));
        assert_eq!(to(json!({})), Err(131008));
    }
}
