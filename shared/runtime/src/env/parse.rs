//! How values are written in the environment. Each parser says why it refuses, and never repeats the value: the
//! caller knows whether it may be shown.

use std::{net::SocketAddr, ops::RangeInclusive, str::FromStr, time::Duration};

use secrecy::SecretString;
use url::Url;

/// Any text that is not empty.
pub fn text(raw: &str) -> Result<String, String> {
    Ok(raw.to_owned())
}

/// A secret.
pub fn secret(raw: &str) -> Result<SecretString, String> {
    if raw.chars().any(char::is_control) {
        return Err("it contains control characters".to_owned());
    }
    Ok(SecretString::from(raw))
}

/// Comma-separated secrets; empty ones between commas are refused, since a missing half of a rotation is a mistake.
pub fn secrets(raw: &str) -> Result<Vec<SecretString>, String> {
    list(raw)?.into_iter().map(|one| secret(&one)).collect()
}

/// Comma-separated texts, trimmed.
pub fn list(raw: &str) -> Result<Vec<String>, String> {
    let items: Vec<String> = raw.split(',').map(|item| item.trim().to_owned()).collect();
    if items.iter().any(String::is_empty) {
        return Err("one of the items between the commas is empty".to_owned());
    }
    Ok(items)
}

/// A duration such as `250ms`, `2s`, `10m`, `1h` or `7d`. The unit is required: a bare number says nothing.
pub fn duration(raw: &str) -> Result<Duration, String> {
    const WORDS: &str = "expected a whole number and a unit, as in 250ms, 2s, 10m, 1h or 7d";
    let digits = raw.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = raw.split_at(digits);
    let number: u64 = number.parse().map_err(|_| WORDS.to_owned())?;
    let seconds = |factor: u64| number.checked_mul(factor).map(Duration::from_secs);
    let duration = match unit.trim() {
        "ms" => Some(Duration::from_millis(number)),
        "s" => seconds(1),
        "m" => seconds(60),
        "h" => seconds(60 * 60),
        "d" => seconds(24 * 60 * 60),
        _ => return Err(WORDS.to_owned()),
    };
    // A hundred years: far beyond every use, far below where date arithmetic overflows.
    duration
        .filter(|d| *d <= Duration::from_hours(876000))
        .ok_or_else(|| "it is longer than a hundred years".to_owned())
}

/// A duration within bounds.
pub fn duration_within(
    range: RangeInclusive<Duration>,
) -> impl Fn(&str) -> Result<Duration, String> {
    move |raw| {
        let duration = duration(raw)?;
        if range.contains(&duration) {
            Ok(duration)
        } else {
            Err(format!(
                "expected something between {:?} and {:?}",
                range.start(),
                range.end()
            ))
        }
    }
}

/// A whole number within bounds.
pub fn number<T>(range: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String>
where
    T: FromStr + PartialOrd + std::fmt::Display,
{
    move |raw| match raw.parse::<T>() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!(
            "expected a whole number between {} and {}",
            range.start(),
            range.end()
        )),
    }
}

/// An address to listen on.
pub fn socket_addr(raw: &str) -> Result<SocketAddr, String> {
    raw.parse()
        .map_err(|_| "expected an IP address and a port, as in 0.0.0.0:8080".to_owned())
}

/// An `http` or `https` base URL, with its trailing slash removed.
pub fn http_url(raw: &str) -> Result<Url, String> {
    let url = url_with_scheme(&["http", "https"])(raw)?;
    if url.cannot_be_a_base() || url.query().is_some() || url.fragment().is_some() {
        return Err("expected a base URL without query and fragment".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must not contain a user or a password".to_owned());
    }
    let mut url = url;
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// A URL with one of these schemes and a host.
pub fn url_with_scheme(schemes: &'static [&'static str]) -> impl Fn(&str) -> Result<Url, String> {
    move |raw| {
        let url = Url::parse(raw).map_err(|error| format!("it is not a URL ({error})"))?;
        if !schemes.contains(&url.scheme()) {
            return Err(format!(
                "expected a URL that starts with {}://",
                schemes.join(":// or ")
            ));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err("the URL has no host".to_owned());
        }
        Ok(url)
    }
}

/// A URL that contains credentials, checked and then kept as a secret.
pub fn secret_url(
    schemes: &'static [&'static str],
) -> impl Fn(&str) -> Result<SecretString, String> {
    move |raw| url_with_scheme(schemes)(raw).map(|_| SecretString::from(raw))
}

/// A host name, optionally with a port.
pub fn host(raw: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    if raw.len() <= 253 && raw.chars().all(allowed) && !raw.starts_with('.') {
        Ok(raw.to_ascii_lowercase())
    } else {
        Err("expected host names such as lookaside.fbsbx.com, without scheme or path".to_owned())
    }
}

/// Comma-separated host names.
pub fn hosts(raw: &str) -> Result<Vec<String>, String> {
    list(raw)?.iter().map(|one| host(one)).collect()
}

/// An identifier made of digits, as Meta and Mercado Pago give them.
pub fn digits(raw: &str) -> Result<String, String> {
    if raw.len() <= 32 && raw.bytes().all(|b| b.is_ascii_digit()) {
        Ok(raw.to_owned())
    } else {
        Err("expected digits only".to_owned())
    }
}

/// A short name for queues and the like: lower-case letters, digits, dots, dashes and underscores.
pub fn name(raw: &str) -> Result<String, String> {
    let allowed =
        |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_');
    if raw.len() <= 64 && raw.bytes().all(allowed) {
        Ok(raw.to_owned())
    } else {
        Err("expected at most 64 of a-z, 0-9, dot, dash and underscore".to_owned())
    }
}
