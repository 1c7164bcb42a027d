//! What is answered: the one place where outcomes become HTTP.

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;

/// An answer of ours.
pub(crate) type Answer = Response<Full<Bytes>>;

/// Providers come back by their own schedule; this is for those that listen.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("5");

/// Why a request is not accepted. The words are the `type` of the error metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    UnknownPath,
    WrongMethod { allowed: &'static str },
    TooManyInFlight,
    TooManyBytes,
    GaveWay,
    BodyTooLarge,
    BodyTooSlow,
    BodyCutOff,
    NotSigned,
    WrongSignature,
    NoSecret,
    WrongToken,
    NotPublished,
}

// === impl Refusal ===

impl Refusal {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::UnknownPath => "unknown_path",
            Self::WrongMethod { .. } => "wrong_method",
            Self::TooManyInFlight => "too_many_in_flight",
            Self::TooManyBytes => "too_many_bytes",
            Self::GaveWay => "gave_way",
            Self::BodyTooLarge => "body_too_large",
            Self::BodyTooSlow => "body_too_slow",
            Self::BodyCutOff => "body_cut_off",
            Self::NotSigned => "not_signed",
            Self::WrongSignature => "wrong_signature",
            Self::NoSecret => "no_secret",
            Self::WrongToken => "wrong_token",
            Self::NotPublished => "not_published",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::UnknownPath => StatusCode::NOT_FOUND,
            Self::WrongMethod { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooManyInFlight | Self::TooManyBytes | Self::GaveWay | Self::NotPublished => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::BodyCutOff => StatusCode::BAD_REQUEST,
            // Which of the reasons it was is nobody's business outside.
            Self::NotSigned | Self::WrongSignature | Self::NoSecret => StatusCode::UNAUTHORIZED,
            Self::WrongToken => StatusCode::FORBIDDEN,
        }
    }

    /// Whether the sender did nothing wrong and should send it again.
    pub(crate) fn is_ours(self) -> bool {
        self.status() == StatusCode::SERVICE_UNAVAILABLE
    }

    pub(crate) fn into_answer(self) -> Answer {
        let status = self.status();
        let mut answer = Answer::default();
        *answer.status_mut() = status;
        if let Self::WrongMethod { allowed } = self {
            answer
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static(allowed));
        }
        if self.is_ours() {
            answer
                .headers_mut()
                .insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        answer
    }
}

/// 200 without a body.
pub(crate) fn accepted() -> Answer {
    Answer::default()
}

/// 200 with `text` and nothing around it.
pub(crate) fn plain(text: String) -> Answer {
    let mut answer = Answer::new(Full::new(text.into()));
    let headers = answer.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    // The text is the caller's own: no browser may take it for anything else.
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}
