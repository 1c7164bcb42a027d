//! Who may have the access token.

use url::Url;

use super::MediaError;

/// Parses a media URL and makes sure that its host may have the token: the API's own origin, or a listed host by
/// https. A listed host without a port means the usual one.
pub(super) fn check(raw: &str, api: &Url, hosts: &[String]) -> Result<Url, MediaError> {
    let url = Url::parse(raw).map_err(|_| MediaError::Host)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(MediaError::Host);
    }
    let own = url.origin().is_tuple() && url.origin() == api.origin();
    let listed = || {
        let host = url.host_str().unwrap_or_default();
        let with_port = url
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        url.scheme() == "https"
            && hosts
                .iter()
                .any(|allowed| allowed.eq_ignore_ascii_case(&with_port))
    };
    if own || listed() {
        Ok(url)
    } else {
        Err(MediaError::Host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_goes_to_the_api_and_to_listed_hosts_by_https_only() {
        let api = Url::parse("https://graph.facebook.com").unwrap();
        let hosts = [
            "lookaside.fbsbx.com".to_owned(),
            "cdn.example:8443".to_owned(),
        ];
        let allowed = |url: &str| check(url, &api, &hosts).is_ok();
        assert!(allowed(
            "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"
        ));
        assert!(allowed("https://LOOKASIDE.fbsbx.com:443/a"));
        assert!(allowed("https://graph.facebook.com/v26.0/1"));
        assert!(allowed("https://cdn.example:8443/a"));
        for refused in [
            "http://lookaside.fbsbx.com/a",
            "http://graph.facebook.com/a",
            "https://lookaside.fbsbx.com:8443/a",
            "https://cdn.example/a",
            "https://lookaside.fbsbx.com.evil.example/a",
            "https://evil.example/lookaside.fbsbx.com",
            "https://lookaside.fbsbx.com@evil.example/a",
            "https://user:pw@lookaside.fbsbx.com/a",
            "https://evil.lookaside.fbsbx.com/a",
            "//lookaside.fbsbx.com/a",
            "file:///etc/passwd",
            "data:,a",
            "",
        ] {
            assert!(!allowed(refused), "{refused}");
        }
    }

    #[test]
    fn a_sandbox_by_http_is_its_own_origin_and_no_other_port() {
        let api = Url::parse("http://127.0.0.1:9000/whatsapp").unwrap();
        assert!(check("http://127.0.0.1:9000/media/1", &api, &[]).is_ok());
        assert!(check("http://127.0.0.1:9001/media/1", &api, &[]).is_err());
    }
}
