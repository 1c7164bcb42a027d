//! The pages a payer comes back to from the checkout: `GET /pago/{ok|pendiente|error}`.
//!
//! Whoever opens one may have paid or not; what the address says beside its name (the provider adds what it likes, and
//! so may anybody) is neither read nor shown. Guaranteed: opening one changes nothing, no cache keeps it, no other site
//! learns of it, nothing in it runs. Not said here: whether the payment came; that is told in the chat, once it was
//! read at the provider.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
    routing::get,
};

use crate::{state::AppState, texts::Texts};

/// As in the address, and in the catalogue.
const PAGES: [&str; 3] = ["ok", "pendiente", "error"];

/// Nothing is loaded, run, sent or framed; the few rules of style stand in the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

const STYLE: &str = "body{margin:0;font:1.125rem/1.5 system-ui,sans-serif;color:#222;background:#faf8f5}\
                     main{max-width:32rem;margin:20vh auto 0;padding:0 1.5rem;text-align:center}\
                     h1{font-size:1.6rem;line-height:1.2}";

/// Paths are whole.
pub(crate) fn router(texts: &Texts) -> Router<AppState> {
    PAGES.iter().fold(Router::new(), |router, name| {
        let page = Bytes::from(page(texts, name));
        router.route(
            &format!("/pago/{name}"),
            get(move || async move { answer(page) }),
        )
    })
}

fn answer(page: Bytes) -> Response {
    let headers: [(HeaderName, &str); 6] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    (headers, page).into_response()
}

fn page(texts: &Texts, name: &str) -> String {
    let say = |key: &str| escaped(&texts.say(key));
    let (title, text) = (
        say(&format!("pago-{name}-title")),
        say(&format!("pago-{name}")),
    );
    let back = say("pago-back");
    format!(
        "<!doctype html>\n<html lang=\"es-AR\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n<p>{text}</p>\n<p>{back}</p>\n</main>\n</body>\n</html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_words_and_nothing_that_runs() {
        let texts = Texts::es_ar().unwrap();
        for name in PAGES {
            let page = page(&texts, name);
            assert!(page.contains("chat") && !page.contains("pago-"), "{page}");
            assert!(
                !page.contains("<script") && !page.contains("http"),
                "{page}"
            );
        }
        assert_eq!(escaped("a<b&c>"), "a&lt;b&amp;c&gt;");
    }
}
