//! Reading a header that must be there once.

use http::{HeaderMap, HeaderName};

/// Neither text nor empty: an empty header may count as absent, which an ambiguous one must not.
const UNREADABLE: &[u8] = b"\xff";

/// The value of `name`. A header given twice is ambiguous, and its value unreadable.
pub(crate) fn single(headers: &HeaderMap, name: HeaderName) -> Option<&[u8]> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    Some(if values.next().is_some() {
        UNREADABLE
    } else {
        value.as_bytes()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header::ETAG};

    #[test]
    fn a_header_given_twice_is_unreadable() {
        let mut headers = HeaderMap::new();
        assert_eq!(single(&headers, ETAG), None);
        headers.append(ETAG, HeaderValue::from_static("a"));
        assert_eq!(single(&headers, ETAG), Some(&b"a"[..]));
        headers.append(ETAG, HeaderValue::from_static("a"));
        assert_eq!(single(&headers, ETAG), Some(UNREADABLE));
    }
}
