//! From a media id to bytes.

use bytes::Bytes;
use reqwest::{Response, StatusCode, header};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::{MediaError, MediaKind, MediaLimits, allowed};
use crate::{
    http::{BodyError, read_capped},
    whatsapp::{
        client::{GraphClient, PhoneNumberId, bearer, refusal},
        errors::{Disposition, GiveUp, SendError},
    },
};

/// An answer about media is one small object.
const MAX_INFO: usize = 64 * 1024;
/// The most hops within one origin.
const MAX_REDIRECTS: usize = 3;

/// What Meta says about a media id.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct MediaInfo {
    /// Where the bytes are, for 5 minutes.
    pub url: String,
    /// With parameters, as in `audio/ogg; codecs=opus`.
    pub mime_type: Option<String>,
    /// Hexadecimal here, base64 in webhooks.
    pub sha256: Option<String>,
    /// Bytes. Documented as text and seen as a number.
    #[serde(default, deserialize_with = "number_or_text")]
    pub file_size: Option<u64>,
}

/// What cannot be read as a size is no size: the bytes are capped all the same.
fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(deserializer)?;
    Ok(value.and_then(|value| {
        value
            .as_u64()
            .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
    }))
}

/// The URL gives access.
impl std::fmt::Debug for MediaInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MediaInfo")
            .field("mime_type", &self.mime_type)
            .field("file_size", &self.file_size)
            .finish_non_exhaustive()
    }
}

/// Bytes a guest sent.
#[derive(Debug, Clone)]
pub struct Downloaded {
    /// The bytes.
    pub bytes: Bytes,
    /// Type without parameters, in lower case.
    pub mime: String,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// Whether Meta's checksum says the same; `None` when it gave none that can be read.
    pub checksum_matches: Option<bool>,
}

impl GraphClient {
    /// Asks where the media is. `number` narrows the search to one number of ours.
    pub async fn media_info(
        &self,
        number: Option<&PhoneNumberId>,
        token: &SecretString,
        media_id: &str,
    ) -> Result<MediaInfo, MediaError> {
        if media_id.is_empty()
            || media_id.len() > 256
            || !media_id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        {
            return Err(MediaError::Id);
        }
        let mut url = self.url(&[media_id]);
        if let Some(number) = number {
            url.query_pairs_mut()
                .append_pair("phone_number_id", number.as_str());
        }
        let request = self.http.get(url).header(
            header::AUTHORIZATION,
            bearer(token).map_err(MediaError::Lookup)?,
        );
        let response = request
            .send()
            .await
            .map_err(|error| MediaError::Lookup(SendError::from_request(error)))?;
        let status = response.status();
        if !status.is_success() {
            return Err(lookup_error(status, refusal(response).await));
        }
        let body = read_capped(response, MAX_INFO)
            .await
            .map_err(|error| MediaError::Lookup(SendError::Unreadable(error)))?;
        serde_json::from_slice(&body).map_err(|_| {
            MediaError::Lookup(SendError::Unexplained {
                status: status.as_u16(),
                retry_after: None,
            })
        })
    }

    /// Downloads what `info` describes.
    pub async fn download(
        &self,
        token: &SecretString,
        info: &MediaInfo,
        kind: MediaKind,
        limits: &MediaLimits,
    ) -> Result<Downloaded, MediaError> {
        let cap = limits.of(kind);
        if info.file_size.is_some_and(|size| size > cap as u64) {
            return Err(MediaError::TooLarge(cap));
        }
        let declared = info.mime_type.as_deref().map(without_parameters);
        if let Some(mime) = &declared {
            kind.check_type(mime)?;
        }
        let response = self.get_allowed(token, &info.url).await?;
        let mime = if let Some(mime) = declared {
            mime
        } else {
            let told = response.headers().get(header::CONTENT_TYPE);
            let told = told.and_then(|value| value.to_str().ok());
            let mime = without_parameters(told.unwrap_or("application/octet-stream"));
            kind.check_type(&mime)?;
            mime
        };
        let bytes = read_capped(response, cap)
            .await
            .map_err(|error| match error {
                BodyError::TooLong(cap) => MediaError::TooLarge(cap),
                broken @ BodyError::Broken(_) => MediaError::BrokenOff(broken),
            })?;
        let sha256: [u8; 32] = Sha256::digest(&bytes).into();
        let checksum_matches = info
            .sha256
            .as_deref()
            .and_then(checksum)
            .map(|expected| expected == sha256);
        if checksum_matches == Some(false) {
            tracing::warn!(
                bytes = bytes.len(),
                "a media download does not have the checksum that was announced"
            );
        }
        Ok(Downloaded {
            bytes,
            mime,
            sha256,
            checksum_matches,
        })
    }

    /// Asks for the URL and downloads it; asks once more when the URL turns out to be gone.
    pub async fn fetch_media(
        &self,
        number: &PhoneNumberId,
        token: &SecretString,
        media_id: &str,
        kind: MediaKind,
        limits: &MediaLimits,
    ) -> Result<Downloaded, MediaError> {
        let info = self.media_info(Some(number), token, media_id).await?;
        match self.download(token, &info, kind, limits).await {
            Err(MediaError::Gone) => {
                let info = self.media_info(Some(number), token, media_id).await?;
                self.download(token, &info, kind, limits).await
            }
            other => other,
        }
    }

    async fn get_allowed(&self, token: &SecretString, url: &str) -> Result<Response, MediaError> {
        let mut url = allowed::check(url, &self.base, &self.media_hosts)?;
        for _ in 0..=MAX_REDIRECTS {
            let authorization = bearer(token).map_err(MediaError::Lookup)?;
            let request = self
                .http
                .get(url.clone())
                .header(header::AUTHORIZATION, authorization);
            let response = request
                .send()
                .await
                .map_err(|error| MediaError::Broken(error.without_url()))?;
            let status = response.status();
            if status.is_redirection() {
                url = redirect_within_origin(&url, &response)?;
                continue;
            }
            return match status {
                _ if status.is_success() => Ok(response),
                StatusCode::NOT_FOUND | StatusCode::GONE => Err(MediaError::Gone),
                _ => Err(MediaError::Status(status.as_u16())),
            };
        }
        Err(MediaError::Redirect)
    }
}

/// Meta answers 400 with code 100 for an id that has expired, and 404 for some.
fn lookup_error(status: StatusCode, error: SendError) -> MediaError {
    let gone = status == StatusCode::NOT_FOUND && error.code().is_none_or(|code| code == 100);
    if gone
        || error.disposition() == Disposition::GiveUp(GiveUp::BadRequest)
            && error.code() == Some(100)
    {
        MediaError::Gone
    } else {
        MediaError::Lookup(error)
    }
}

fn redirect_within_origin(from: &Url, response: &Response) -> Result<Url, MediaError> {
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let target = location
        .and_then(|location| from.join(location).ok())
        .ok_or(MediaError::Redirect)?;
    let plain = target.username().is_empty() && target.password().is_none();
    if plain && target.origin() == from.origin() {
        Ok(target)
    } else {
        Err(MediaError::Redirect)
    }
}

fn without_parameters(mime: &str) -> String {
    mime.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// 32 bytes, written in hexadecimal or base64.
pub(super) fn checksum(text: &str) -> Option<[u8; 32]> {
    use base64::{Engine as _, engine::general_purpose};
    let text = text.trim();
    let bytes = match text.len() {
        64 => hex::decode(text).ok()?,
        43 | 44 => {
            let text = text.trim_end_matches('=');
            general_purpose::STANDARD_NO_PAD
                .decode(text)
                .or_else(|_| general_purpose::URL_SAFE_NO_PAD.decode(text))
                .ok()?
        }
        _ => return None,
    };
    bytes.try_into().ok()
}
