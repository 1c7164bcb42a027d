//! Media as the Graph API serves it: an id leads to an address that lives five minutes, which serves bytes to
//! whoever shows the bearer. Ids live seven days.

use std::path::Path;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::api::bearer_is_right;
use super::errors::GraphError;
use super::faults::{Kind, Target, find};
use super::simulator::Inner;
use super::world::Media;
use crate::lock::lock;
use crate::serve::hang_up;

const URL_LIFE: TimeDelta = TimeDelta::minutes(5);
const ID_LIFE: TimeDelta = TimeDelta::days(7);

/// A file a guest can send.
pub(crate) struct File {
    /// Type of the message: `audio` or `image`.
    pub(crate) kind: &'static str,
    pub(crate) mime: &'static str,
    pub(crate) bytes: Bytes,
}

pub(crate) fn sample_voice() -> File {
    voice(include_bytes!("../../assets/nota.ogg").as_slice().into())
}

pub(crate) fn sample_picture() -> File {
    picture(include_bytes!("../../assets/comprobante.png").to_vec())
}

fn voice(bytes: Bytes) -> File {
    File {
        kind: "audio",
        mime: "audio/ogg; codecs=opus",
        bytes,
    }
}

pub(crate) fn picture(bytes: Vec<u8>) -> File {
    let mime = if bytes.starts_with(b"\x89PNG") {
        "image/png"
    } else {
        "image/jpeg"
    };
    File {
        kind: "image",
        mime,
        bytes: bytes.into(),
    }
}

pub(crate) fn read(path: &str) -> std::io::Result<File> {
    let bytes = std::fs::read(path)?;
    let ending = Path::new(path)
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    Ok(match ending.to_ascii_lowercase().as_str() {
        "ogg" | "opus" | "mp3" | "m4a" | "amr" | "aac" => voice(bytes.into()),
        _ => picture(bytes),
    })
}

/// An address for this media, valid five minutes from now.
pub(crate) fn url(inner: &Inner, id: &str, source: &str) -> String {
    let expires = (inner.clock.now() + URL_LIFE).timestamp();
    let hash = hash(inner, id, expires);
    format!(
        "{}/whatsapp/attachments?mid={id}&source={source}&ext={expires}&hash={hash}",
        inner.base
    )
}

fn hash(inner: &Inner, id: &str, expires: i64) -> String {
    let signed = super::delivery::signature(
        &inner.config.access_token,
        format!("{id}:{expires}").as_bytes(),
    );
    signed.chars().skip("sha256=".len()).take(16).collect()
}

/// The answer to `GET /{version}/{media id}`.
pub(crate) fn describe(inner: &Inner, id: &str) -> Result<Response, GraphError> {
    let Some(media) = alive(inner, id) else {
        return Err(GraphError::unknown_object(id));
    };
    Ok(Json(json!({
        "messaging_product": "whatsapp",
        "url": url(inner, id, "getMedia"),
        "mime_type": media.mime,
        // Hex here, base64 in the webhook: so it is.
        "sha256": hex::encode(Sha256::digest(&media.bytes)),
        "file_size": media.bytes.len().to_string(),
        "id": id,
    }))
    .into_response())
}

fn alive(inner: &Inner, id: &str) -> Option<Media> {
    let now = inner.clock.now();
    let media = lock(&inner.world).media.get(id).cloned()?;
    (now - media.created < ID_LIFE).then_some(media)
}

/// The query of a media address.
#[derive(Debug, Deserialize)]
pub(crate) struct Attachment {
    mid: String,
    ext: i64,
    hash: String,
}

/// `GET` of the address itself.
pub(crate) async fn download(
    State(inner): State<Arc<Inner>>,
    Query(query): Query<Attachment>,
    headers: HeaderMap,
) -> Response {
    let struck = {
        let mut world = lock(&inner.world);
        let world = &mut *world;
        world.faults.strike(Target::Media, &mut world.rng)
    };
    if let Some(delay) = find(&struck, Kind::Delay) {
        tokio::time::sleep(std::time::Duration::from_millis(delay.ms.unwrap_or(1_000))).await;
    }
    if find(&struck, Kind::Drop).is_some() {
        return hang_up();
    }
    if let Some(fault) = find(&struck, Kind::Status) {
        let status = fault
            .status
            .and_then(|status| StatusCode::from_u16(status).ok());
        return status
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response();
    }
    if !bearer_is_right(&inner, &headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let fresh = query.ext > inner.clock.now().timestamp()
        && query.hash == hash(&inner, &query.mid, query.ext);
    let Some(media) = alive(&inner, &query.mid).filter(|_| fresh) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if find(&struck, Kind::Cut).is_some() {
        return half(&media);
    }
    lock(&inner.world).counters.media_downloads += 1;
    ([(header::CONTENT_TYPE, media.mime)], media.bytes).into_response()
}

/// Promises the whole, sends half, and hangs up.
fn half(media: &Media) -> Response {
    let half = media.bytes.slice(..media.bytes.len() / 2);
    let parts = [Ok(half), Err(std::io::Error::other("cut on purpose"))];
    let body = Body::from_stream(futures_util::stream::iter(parts));
    ([(header::CONTENT_TYPE, media.mime.clone())], body).into_response()
}
