//! The JSON that the Graph API wants.

use serde_json::{Map, Value, json};

use super::{
    super::limits::{CALLBACK_DATA, Limited},
    Buttons, CtaUrl, Document, Image, List, Outgoing, Recipient, Row, Section, Template,
};

impl Outgoing {
    /// The body of `POST /<phone number id>/messages`. `callback_data` comes back in every status of the message:
    /// it is how a send without an answer is recognised.
    pub fn to_graph_body(&self, recipient: &Recipient, callback_data: &str) -> Value {
        let mut body = Map::new();
        body.insert("messaging_product".to_owned(), "whatsapp".into());
        body.insert("recipient_type".to_owned(), "individual".into());
        let (field, address) = match recipient {
            // Without the + Meta prepends the business's country code.
            Recipient::Phone(digits) => ("to", format!("+{digits}")),
            // A user id in `to` is dropped without an error.
            Recipient::UserId(id) => ("recipient", id.clone()),
        };
        body.insert(field.to_owned(), address.into());
        let (kind, content) = self.content();
        body.insert("type".to_owned(), kind.into());
        body.insert(kind.to_owned(), content);
        body.insert(
            "biz_opaque_callback_data".to_owned(),
            super::fit(callback_data, CALLBACK_DATA).into(),
        );
        Value::Object(body)
    }

    fn content(&self) -> (&'static str, Value) {
        match self {
            Self::Text(text) => (
                "text",
                json!({ "preview_url": text.preview_url, "body": text.body }),
            ),
            Self::Buttons(buttons) => ("interactive", buttons_content(buttons)),
            Self::List(list) => ("interactive", list_content(list)),
            Self::CtaUrl(link) => ("interactive", link_content(link)),
            Self::Image(Image { link, caption }) => (
                "image",
                with(json!({ "link": link }), "caption", caption.as_ref()),
            ),
            Self::Document(Document {
                link,
                file_name,
                caption,
            }) => (
                "document",
                with(
                    json!({ "link": link, "filename": file_name }),
                    "caption",
                    caption.as_ref(),
                ),
            ),
            Self::Template(template) => ("template", template_content(template)),
        }
    }
}

fn buttons_content(buttons: &Buttons) -> Value {
    let replies: Vec<Value> = buttons
        .buttons()
        .iter()
        .map(|button| json!({ "type": "reply", "reply": { "id": button.id(), "title": button.title() } }))
        .collect();
    with_footer(
        json!({ "type": "button", "body": { "text": buttons.body }, "action": { "buttons": replies } }),
        buttons.footer.as_ref(),
    )
}

fn list_content(list: &List) -> Value {
    let sections: Vec<Value> = list.sections.0.iter().map(section).collect();
    let mut content = with_footer(
        json!({
            "type": "list",
            "body": { "text": list.body },
            "action": { "button": list.button, "sections": sections },
        }),
        list.footer.as_ref(),
    );
    if let Some(header) = &list.header {
        content["header"] = json!({ "type": "text", "text": header });
    }
    content
}

fn section(section: &Section) -> Value {
    let rows: Vec<Value> = section.rows.iter().map(row).collect();
    with(json!({ "rows": rows }), "title", section.title.as_ref())
}

fn row(row: &Row) -> Value {
    let mut value = json!({ "id": row.id(), "title": row.title() });
    if let Some(description) = row.description() {
        value["description"] = description.into();
    }
    value
}

fn link_content(link: &CtaUrl) -> Value {
    with_footer(
        json!({
            "type": "cta_url",
            "body": { "text": link.body },
            "action": { "name": "cta_url", "parameters": { "display_text": link.title, "url": link.url } },
        }),
        link.footer.as_ref(),
    )
}

fn template_content(template: &Template) -> Value {
    let mut components = Vec::new();
    if !template.body().is_empty() {
        let parameters: Vec<Value> = template
            .body()
            .iter()
            .map(|text| json!({ "type": "text", "text": text }))
            .collect();
        components.push(json!({ "type": "body", "parameters": parameters }));
    }
    for reply in template.quick_replies() {
        components.push(json!({
            "type": "button",
            "sub_type": "quick_reply",
            "index": reply.index.to_string(),
            "parameters": [{ "type": "payload", "payload": reply.payload }],
        }));
    }
    json!({ "name": template.name(), "language": { "code": template.language() }, "components": components })
}

fn with_footer<const MAX: usize>(mut content: Value, footer: Option<&Limited<MAX>>) -> Value {
    if let Some(footer) = footer {
        content["footer"] = json!({ "text": footer });
    }
    content
}

fn with<const MAX: usize>(mut content: Value, key: &str, text: Option<&Limited<MAX>>) -> Value {
    if let Some(text) = text {
        content[key] = json!(text);
    }
    content
}
