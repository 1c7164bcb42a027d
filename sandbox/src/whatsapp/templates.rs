//! The templates that this number's account has approved: those the project registers.
//!
//! A submission is compared with what was approved, as the Graph API does it: an unknown name or language, a wrong number
//! of parameters, a button that is not there.

use std::sync::LazyLock;

use serde_json::Value;

use super::chat::{Choice, ChoiceKind};
use super::errors::GraphError;
use super::validate::{Checked, Submitted, required};

#[expect(
    clippy::expect_used,
    reason = "the file is compiled in, and the tests read it: silence would be worse"
)]
static APPROVED: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let file = include_str!("../../../locales/es-AR/templates.json");
    serde_json::from_str(file).expect("the templates that were compiled in are JSON")
});

/// Longest parameter, and longest text with its gaps filled.
const LONGEST: usize = 1024;

/// Reads a template message, and what the guest reads of it.
pub(crate) fn template(value: &Value, submitted: &mut Submitted) -> Checked<()> {
    let name = required(value, "name", 512)?;
    let language = required(&value["language"], "code", 16)?;
    let approved = APPROVED
        .iter()
        .find(|template| template["name"] == name && template["language"] == language)
        .ok_or_else(|| {
            GraphError::of(
                132001,
                format!("template name ({name}) does not exist in {language}"),
            )
        })?;
    let components = |kind: &str| {
        let all = value["components"].as_array().into_iter().flatten();
        all.filter(|component| component["type"] == kind)
            .collect::<Vec<_>>()
    };
    let mut values = Vec::new();
    for parameter in components("body")
        .iter()
        .filter_map(|body| body["parameters"].as_array())
        .flatten()
    {
        values.push(text(parameter)?);
    }
    submitted.text = filled(part(approved, "BODY")["text"].as_str(), &values)?;
    let replies = part(approved, "BUTTONS")["buttons"].as_array();
    submitted.choices = replies
        .into_iter()
        .flatten()
        .map(|reply| Choice {
            kind: ChoiceKind::Button,
            // What comes back where nobody gave it a payload: what it reads.
            id: reply["text"].as_str().unwrap_or_default().to_owned(),
            title: reply["text"].as_str().unwrap_or_default().to_owned(),
            description: None,
        })
        .collect();
    for button in components("button") {
        quick_reply(button, &mut submitted.choices)?;
    }
    Ok(())
}

fn part<'a>(approved: &'a Value, kind: &str) -> &'a Value {
    let mut all = approved["components"].as_array().into_iter().flatten();
    all.find(|component| component["type"] == kind)
        .unwrap_or(&Value::Null)
}

/// One line of text: the Graph API takes no line break, tab or row of spaces in a gap.
fn text(parameter: &Value) -> Checked<String> {
    if parameter["type"].as_str() != Some("text") {
        return Err(GraphError::of(132012, "Parameter type must be text"));
    }
    let text = required(parameter, "text", LONGEST)?;
    if text.contains(['\n', '\t']) || text.contains("     ") {
        return Err(GraphError::of(
            132012,
            "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
        ));
    }
    Ok(text)
}

fn filled(body: Option<&str>, values: &[String]) -> Checked<String> {
    let mut rest = body.unwrap_or_default();
    let (mut text, mut gaps) = (String::new(), 0);
    while let Some((before, (number, after))) = rest
        .split_once("{{")
        .and_then(|(before, gap)| Some((before, gap.split_once("}}")?)))
    {
        gaps += 1;
        text.push_str(before);
        let value = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        text.push_str(value.and_then(|n| values.get(n)).map_or("", String::as_str));
        rest = after;
    }
    text.push_str(rest);
    if gaps != values.len() {
        return Err(GraphError::of(
            132000,
            format!(
                "body: number of localizable_params ({}) does not match the expected number of params ({gaps})",
                values.len()
            ),
        ));
    }
    if text.encode_utf16().count() > LONGEST {
        return Err(GraphError::of(132005, "Translated text too long"));
    }
    Ok(text)
}

fn quick_reply(button: &Value, choices: &mut [Choice]) -> Checked<()> {
    let wrong = |what: &str| GraphError::of(132012, what.to_owned());
    if button["sub_type"].as_str() != Some("quick_reply") {
        return Err(wrong("button sub_type must be quick_reply"));
    }
    let index = match &button["index"] {
        Value::String(text) => text.parse::<usize>().ok(),
        number => number.as_u64().and_then(|n| usize::try_from(n).ok()),
    };
    let choice = index.and_then(|index| choices.get_mut(index));
    let choice = choice.ok_or_else(|| wrong("there is no button of this index"))?;
    choice.id = required(&button["parameters"][0], "payload", 256)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn submit(template: &Value) -> Result<Submitted, i64> {
        let body = json!({ "messaging_product": "whatsapp", "to": "+5492944550101", "type": "template",
                           "template": template });
        super::super::validate::message(&body).map_err(|error| error.code)
    }

    fn with(name: &str, language: &str, parameters: &[&str]) -> Value {
        let parameters: Vec<_> = parameters
            .iter()
            .map(|text| json!({ "type": "text", "text": text }))
            .collect();
        json!({ "name": name, "language": { "code": language },
                "components": [{ "type": "body", "parameters": parameters }] })
    }

    #[test]
    fn an_approved_template_reads_as_approved_with_its_gaps_filled() {
        let mut template = with("hold_expired", "es_AR", &["K7M2QP", "del 9 al 15 de enero"]);
        let payload = json!({ "type": "button", "sub_type": "quick_reply", "index": "0",
                              "parameters": [{ "type": "payload", "payload": "again:1" }] });
        template["components"].as_array_mut().unwrap().push(payload);
        let submitted = submit(&template).unwrap();
        assert!(submitted.text.contains("K7M2QP") && submitted.text.contains("15 de enero"));
        let ids: Vec<_> = submitted.choices.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["again:1", "Hablar con alguien"]);
    }

    #[test]
    fn what_was_not_approved_is_refused_as_meta_refuses_it() {
        let refused = |template: &Value| submit(template).unwrap_err();
        assert_eq!(refused(&with("recordatorio", "es_AR", &[])), 132001);
        assert_eq!(refused(&with("hold_expired", "es", &["a", "b"])), 132001);
        assert_eq!(refused(&with("hold_expired", "es_AR", &["a"])), 132000);
        assert_eq!(
            refused(&with("hold_expired", "es_AR", &["a", "b", "c"])),
            132000
        );
        assert_eq!(
            refused(&with("hold_expired", "es_AR", &["a\nb", "c"])),
            132012
        );
        assert_eq!(refused(&with("hold_expired", "es_AR", &["", "c"])), 131008);
        let long = "a".repeat(1000);
        assert_eq!(
            refused(&with("hold_expired", "es_AR", &[&long, "c"])),
            132005
        );
    }
}
