//! Reading a header that must be there once.

use http::{HeaderMap, HeaderName};

/// The value of `name`. A header given twice is ambiguous, and counts as unreadable: an empty value.
pub(crate) fn single(headers: &HeaderMap, name: HeaderName) -> Option<&[u8]> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    Some(if values.next().is_some() {
        b""
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
        assert_eq!(single(&headers, ETAG), Some(&b""[..]));
    }
}
