//! The two cookies: which session this is, and that this device has been logged in on before.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};

/// The session's secret.
pub(crate) const SESSION: &str = "posta_session";
/// That this device has been logged in on before: see [`super::login`].
pub(crate) const DEVICE: &str = "posta_device";

/// The value of a cookie. One that is given twice counts as not given: somebody else's may be among them.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(given, _)| *given == name)
        .map(|(_, value)| value);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// Sets it for `age`; an age of zero takes it away. `value` is base64url.
pub(crate) fn set(name: &str, value: &str, age: Duration, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let age = age.as_secs();
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&'static str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (header::COOKIE, HeaderValue::from_static(line)))
            .collect()
    }

    #[test]
    fn a_cookie_is_found_among_others_unless_it_is_given_twice() {
        let both = headers(&["a=1; posta_session=x", "b=2;posta_device=y"]);
        assert_eq!(read(&both, SESSION), Some("x"));
        assert_eq!(read(&both, DEVICE), Some("y"));
        assert_eq!(read(&both, "c"), None);
        assert_eq!(
            read(&headers(&["posta_session=x; posta_session=y"]), SESSION),
            None
        );
        assert_eq!(read(&headers(&["posta_session"]), SESSION), None);
    }

    #[test]
    fn a_cookie_is_kept_from_scripts_and_other_sites() {
        let cookie = set(SESSION, "x", Duration::from_mins(1), true).unwrap();
        assert_eq!(
            cookie,
            "posta_session=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        let plain = set(SESSION, "x", Duration::from_mins(1), false).unwrap();
        assert!(!plain.to_str().unwrap().contains("Secure"));
    }
}
