//! Files guests sent: receipts, photos, voice notes.
//!
//! Whoever sent a file said what it is; nothing here trusts that. A browser is told to save it, not to look into it, and
//! only types that it opens without running anything are named; all else is bytes.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, header};
use posta_store::chats;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{auth::Readonly, extract::Path, problem::Problem, state::AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(get_media))
}

/// Types that are named, with the ending of the file's name.
const NAMED: [(&str, &str); 10] = [
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/webp", "webp"),
    ("application/pdf", "pdf"),
    ("audio/ogg", "ogg"),
    ("audio/mpeg", "mp3"),
    ("audio/mp4", "m4a"),
    ("audio/aac", "aac"),
    ("audio/amr", "amr"),
    ("video/mp4", "mp4"),
];
/// All others.
const BYTES: (&str, &str) = ("application/octet-stream", "bin");

/// A file a guest sent
#[utoipa::path(get, path = "/owner/media/{id}", tag = "owner", operation_id = "get_media",
    params(("id" = Uuid, Path, description = "The file: `media` of a message, `receipt` of a matter.")),
    responses((status = 200, description = "Its bytes, to be saved; of a type that nothing runs in.",
               content(
                   (Vec<u8> = "application/octet-stream"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"),
                   (Vec<u8> = "image/webp"), (Vec<u8> = "application/pdf"), (Vec<u8> = "audio/ogg"),
                   (Vec<u8> = "audio/mpeg"), (Vec<u8> = "audio/mp4"), (Vec<u8> = "audio/aac"),
                   (Vec<u8> = "audio/amr"), (Vec<u8> = "video/mp4")))))]
async fn get_media(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut conn = state.store.acquire().await?;
    let file = chats::file(&mut conn, principal.tenant, id.into())
        .await?
        .ok_or_else(|| Problem::not_found("file"))?;
    let (mime, ending) = named(&file.mime);
    let name = format!("attachment; filename=\"{id}.{ending}\"");
    let disposition = HeaderValue::from_str(&name).map_err(|_| Problem::internal())?;
    let mut response = file.content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    for (header, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(header, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// What it is called, whatever its parameters and case.
fn named(mime: &str) -> (&'static str, &'static str) {
    let essence = mime.split(';').next().unwrap_or_default().trim();
    let known = NAMED
        .into_iter()
        .find(|(named, _)| essence.eq_ignore_ascii_case(named));
    known.unwrap_or(BYTES)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_a_browser_might_run_is_bytes() {
        assert_eq!(named("image/jpeg"), ("image/jpeg", "jpg"));
        assert_eq!(named("Audio/OGG; codecs=opus"), ("audio/ogg", "ogg"));
        for other in [
            "text/html",
            "image/svg+xml",
            "application/xhtml+xml",
            "",
            "image/jpegx",
        ] {
            assert_eq!(named(other), BYTES, "{other}");
        }
    }

    #[test]
    fn the_document_names_the_types_that_are_answered_and_no_others() {
        let document = serde_json::to_value(router().into_openapi()).unwrap();
        let answers = &document["paths"]["/owner/media/{id}"]["get"]["responses"]["200"];
        let documented: BTreeSet<&str> = answers["content"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let answered = NAMED.into_iter().chain([BYTES]).map(|(mime, _)| mime);
        assert_eq!(documented, answered.collect());
    }
}
